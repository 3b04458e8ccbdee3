package crossholding_test

import (
	"bytes"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// crossed returns the crossings of a scenario, as "holder rule limit direction".
func (c publicCase) crossed(a *crossholding.Alliance, file string) []string {
	out, err := c.run(a, file)
	require.NoError(c.t, err, file)
	list, err := compliance.Crossings(c.t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(c.t, err)
	got := []string{}
	for _, k := range list {
		way := "down"
		if k.Up {
			way = "up"
		}
		got = append(got, k.Holder+" "+k.Rule+" "+k.Limit.PercentString()+" "+way)
	}
	return got
}

// gains returns the gains of a scenario by lot.
func (c publicCase) gains(file string, want ...string) *scenario.Outcome {
	out, err := c.run(c.book("book"), file)
	require.NoError(c.t, err, file)
	require.Len(c.t, out.Gains, len(want), file)
	for i, g := range out.Gains {
		require.NoError(c.t, g.Unknown, file)
		booktest.RequireRatio(c.t, want[i], g.Gain.Amount, file)
	}
	return out
}

// publicSteps are the cases about steps, lots and notices.
var publicSteps = map[string]func(c publicCase){
	// Each of two distributions of one record date is a step on the book of that day.
	"bonus-one-record-date": func(c publicCase) {
		total, cash := ratio.Int(119), ratio.Ratio{}
		for i, want := range []string{"95", "142"} {
			out, err := c.run(c.book("book"), "scenario", func(s *scenario.Scenario) {
				s.Steps = s.Steps[i : i+1]
				s.Steps[0].Fractions, s.Steps[0].Price = scenario.FractionsCash, "1 CNY"
			})
			require.NoError(c.t, err)
			more := booktest.SharesOf(c.t, out.After, "me", "byd").Sub(ratio.Int(119))
			booktest.RequireRatio(c.t, want, more)
			total, cash = total.Add(more), cash.Add(c.cash(out, "me", "CNY"))
		}
		booktest.RequireRatio(c.t, "356", total)
		booktest.RequireRatio(c.t, "1", cash)
	},
	// Three promises after one round hold together with these numbers of shares, and not if each
	// is issued up to its own percentage.
	"fixed-percents": func(c publicCase) {
		stakes := func(change func(s *scenario.Scenario)) (got []string) {
			out, err := c.run(c.book("book"), "scenario", change)
			require.NoError(c.t, err)
			for _, x := range []string{"accel", "pool", "inv"} {
				o, err := out.After.Ownership(c.t.Context(), crossholding.OwnershipOptions{})
				require.NoError(c.t, err)
				part, err := o.Direct(x, "y")
				require.NoError(c.t, err)
				got = append(got, part.Percent(3).String())
			}
			return got
		}
		require.Equal(c.t, []string{"6.799", "13.5", "10"}, stakes(func(*scenario.Scenario) {}))
		require.Equal(c.t, []string{"8.888", "15", "10"}, stakes(func(s *scenario.Scenario) {
			for i, n := range []ratio.Number{"134438.53", "226887.71", "151258.47"} {
				s.Steps[i].UpTo, s.Steps[i].Shares = "", n
			}
		}))
	},
	"fx-gain": func(c publicCase) {
		c.gains("scenario", "0")
	},
	"lots-costless": func(c publicCase) {
		c.gains("lifo", "40")
		c.gains("specific", "40")
	},
	"lots-same-price": func(c publicCase) {
		c.gains("dated", "-102.24")
		_, err := c.run(c.book("book"), "scenario")
		require.ErrorContains(c.t, err, "undated", "the price alone does not name a lot")
	},
	"lots-total-cost": func(c publicCase) {
		for price, exact := range map[string]string{"1059.247228303085940258456324": "15000000/14161", "1262.881390179834309961608406": "150000000/118776"} {
			c.Files["book"] = bytes.ReplaceAll(c.Files["book"], []byte(price), []byte(exact))
		}
		c.gains("scenario", "-8.39", "-31.224")
	},
	"reverse-split-fx": func(c publicCase) {
		out, err := c.run(c.book("book"), "scenario")
		require.NoError(c.t, err)
		booktest.RequireRatio(c.t, "1", booktest.SharesOf(c.t, out.After, "p", "y"))
		booktest.RequireRatio(c.t, "10", c.cash(out, "p", "USD"))
		for want, a := range map[string]*crossholding.Alliance{"27 EUR": c.book("book"), "18 EUR": out.After} {
			m := a.Market()
			if a == out.After {
				m.Prices = map[string]string{"y": "20 USD"}
			}
			v, err := a.Value(m, crossholding.ValuationOptions{})
			require.NoError(c.t, err)
			s, err := v.Stake("p", "y")
			require.NoError(c.t, err)
			got, err := s.Value()
			require.NoError(c.t, err)
			require.Equal(c.t, want, got.String())
		}
	},
	"settled-trust": func(c publicCase) {
		_, err := scenario.Read(bytes.NewReader(c.Files["scenario"]))
		require.ErrorContains(c.t, err, "beneficiary", "a trust for others is a restate")
		for old, now := range map[string]string{`"step": "entrust"`: `"step": "restate"`, `"to":`: `"voter": "trustee", "holder":`} {
			c.Files["scenario"] = bytes.ReplaceAll(c.Files["scenario"], []byte(old), []byte(now))
		}
		out, err := c.run(c.book("book"), "scenario")
		require.NoError(c.t, err)
		c.owns(out.After, "p tecido 1/5", "child tecido 4/5")
		c.owners(out.After, "tecido", compliance.ReadingAMLR, "child")
	},
	"spin-off-after-sale": func(c publicCase) {
		out := c.gains("scenario", "250")
		for _, s := range out.After.Book().Stakes {
			if s.Holder == "me" {
				cost := map[string]string{"foo": "45", "bar": "5"}[s.Issuer]
				booktest.RequireRatio(c.t, cost, ratio.MustParse(string(s.Lots[0].Price)).Mul(ratio.MustParse(string(s.Lots[0].Shares))))
			}
		}
	},
	"split-then-specific": func(c publicCase) {
		c.gains("scenario", "150", "600")
	},
	"trust5": func(c publicCase) {
		a := c.book("book")
		up := []string{"c DE-33 3% up", "c DE-33 5% up"}
		for _, file := range []string{"scenario", "voter-a", "proxy", "concert"} {
			require.Equal(c.t, up, c.crossed(a, file), file)
		}
		require.Equal(c.t, append([]string{"a DE-33 3% down", "a DE-33 5% down"}, up...), c.crossed(a, "outright"))
	},
	"vw-2008": func(c publicCase) {
		a := c.book("book")
		c.owns(a, "float:vw vw 29/500", "porsche vw 741/1000")
		c.casts(a, "porsche vw 213/500")
		v, err := a.Votes(c.t.Context(), crossholding.VotingOptions{})
		require.NoError(c.t, err)
		for holder, free := range map[string]string{"porsche": "200", "land": "200", "banks": "200", "float:vw": "58"} {
			n, err := v.Of(holder, "vw")
			require.NoError(c.t, err)
			booktest.RequireRatio(c.t, free, n.Free, holder)
		}
		// The swaps only pay what the shares are worth.
		c.Files["book"] = bytes.Replace(c.Files["book"], []byte(`"beneficiary": "porsche"`), []byte(`"beneficiary": "porsche", "cash_settled": true`), 1)
		require.Equal(c.t, []string{"porsche DE-39 75% up"}, c.crossed(c.book("book"), "scenario"), "43.5% of the votes is no limit, 75% with the swaps is one")
	},
}

// cash returns what a party received.
func (c publicCase) cash(out *scenario.Outcome, party, currency string) ratio.Ratio {
	for _, k := range out.Cash {
		if k.Party == party && k.Currency == currency {
			return k.Amount
		}
	}
	return ratio.Ratio{}
}
