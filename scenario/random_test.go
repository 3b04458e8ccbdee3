package scenario_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// TestBalance runs random scenarios on random books. Every step that can be
// made leaves a valid book, in which issued shares are treasury, holdings and
// float; cash adds up to nothing; gains are proceeds less cost.
func TestBalance(t *testing.T) {
	made := map[scenario.StepKind]int{}
	for seed := range uint64(testkit.Cases(400)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		a := booktest.New(t, booktest.RandomBook(rng))
		start := booktest.Bytes(t, a)
		var steps []scenario.Step
		for range 8 {
			s := booktest.RandomStep(rng, a.Book())
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: append(slices.Clone(steps), s)})
			if err != nil {
				require.ErrorIs(t, err, scenario.ErrStep)
				continue
			}
			steps = append(steps, s)
			made[s.Step]++
			again := booktest.New(t, out.After.Book())
			require.Equal(t, booktest.Bytes(t, again), booktest.Bytes(t, out.After))
			sums := map[string]ratio.Ratio{}
			for _, c := range out.Cash {
				sums[c.Currency] = sums[c.Currency].Add(c.Amount)
			}
			for currency, sum := range sums {
				require.True(t, sum.IsZero(), "%s of cash from nowhere in %s", sum, currency)
			}
			for _, g := range out.Gains {
				if g.Unknown == nil && g.Proceeds.Currency == g.Cost.Currency {
					require.True(t, g.Gain.Amount.Equal(g.Proceeds.Amount.Sub(g.Cost.Amount)))
				}
			}
			requireConserved(t, a, out)
		}
		require.Equal(t, start, booktest.Bytes(t, a))
	}
	for kind, n := range made {
		require.Greater(t, n, testkit.Cases(20), kind)
	}
	require.Len(t, made, 6)
}

// requireConserved checks that the issued shares of each company changed by
// what was issued and cancelled, and by nothing else.
func requireConserved(t *testing.T, a *crossholding.Alliance, out *scenario.Outcome) {
	t.Helper()
	want := map[string]ratio.Ratio{}
	for _, s := range out.Steps {
		switch {
		case s.Step.Step == scenario.StepIssue:
			want[s.Step.Issuer] = want[s.Step.Issuer].Add(s.Shares)
		case s.Step.Step == scenario.StepCancel || s.Step.Cancel:
			want[s.Step.Issuer] = want[s.Step.Issuer].Sub(s.Shares)
		}
	}
	before, after := issuedOf(t, a), issuedOf(t, out.After)
	for id := range after {
		require.True(t, after[id].Sub(before[id]).Equal(want[id]), id)
	}
}

func issuedOf(t *testing.T, a *crossholding.Alliance) map[string]ratio.Ratio {
	t.Helper()
	held := map[string]bool{}
	for _, s := range a.Book().Stakes {
		held[s.Issuer] = true
	}
	out := map[string]ratio.Ratio{}
	for _, c := range a.Book().Companies {
		if len(c.Shares) == 0 {
			if held[c.ID] {
				out[c.ID] = ratio.Int(100)
			}
			continue
		}
		r, err := c.Shares[0].Issued.Ratio()
		require.NoError(t, err)
		out[c.ID] = r
	}
	return out
}

// TestThereAndBack undoes random steps by their opposites: transfers without a
// price by transfers of the same lots, entrust by release, agree by
// end_agreement, issue by buyback with cancel, and expects the same bytes.
func TestThereAndBack(t *testing.T) {
	done := 0
	for seed := range uint64(testkit.Cases(600)) {
		rng := rand.New(rand.NewPCG(seed, 2))
		a := booktest.New(t, booktest.RandomBook(rng))
		start := booktest.Bytes(t, a)
		at, undo := a, []scenario.Step(nil)
		for range 4 {
			s, back, ok := reversible(rng, at)
			if !ok {
				continue
			}
			out, err := scenario.Run(t.Context(), at, scenario.Scenario{Steps: []scenario.Step{s}})
			require.NoError(t, err)
			if s.Agreement == nil && out.Steps[0].Shares.IsZero() {
				continue
			}
			if back.Shares == "" && back.Step != scenario.StepEndAgreement {
				back.Shares = ratio.Number(out.Steps[0].Shares.String())
			}
			at, undo = out.After, append(undo, back)
		}
		if len(undo) == 0 {
			continue
		}
		slices.Reverse(undo)
		out, err := scenario.Run(t.Context(), at, scenario.Scenario{Steps: undo})
		require.NoError(t, err, "seed %d", seed)
		require.Equal(t, start, booktest.Bytes(t, out.After), "seed %d", seed)
		done++
	}
	require.Greater(t, done, testkit.Cases(200))
}

// reversible returns a step and its opposite.
func reversible(rng *rand.Rand, a *crossholding.Alliance) (s, back scenario.Step, ok bool) {
	b := a.Book()
	c := b.Companies[rng.IntN(len(b.Companies))].ID
	if rng.IntN(4) == 0 {
		id := fmt.Sprintf("cap%d", rng.IntN(1000))
		if len(b.Stakes) == 0 || len(b.Agreements) > 0 { // two caps on one holder are a fault
			return s, back, false
		}
		return scenario.Step{Step: "agree", Agreement: &crossholding.Agreement{
			ID: id, Kind: crossholding.AgreementCap,
			Holders: []string{b.Stakes[0].Holder}, Issuer: b.Stakes[0].Issuer, Max: "15%",
		}}, scenario.Step{Step: "end_agreement", ID: id}, true
	}
	if rng.IntN(4) == 0 && len(b.Companies[0].Shares) > 0 {
		s = scenario.Step{Step: "issue", To: crossholding.FloatOf(b.Companies[0].ID), Issuer: b.Companies[0].ID, Percent: "7", Price: "3 EUR"}
		return s, scenario.Step{Step: "buyback", From: s.To, Issuer: s.Issuer, Price: "3 EUR", Cancel: true}, true
	}
	for _, stake := range b.Stakes {
		if stake.Issuer != c {
			continue
		}
		if stake.Beneficiary != "" {
			own := slices.ContainsFunc(b.Stakes, func(o crossholding.Stake) bool { return o.Holder == stake.Beneficiary && o.Issuer == c })
			if own || rng.IntN(2) == 0 {
				continue
			}
			s = scenario.Step{Step: "release", From: stake.Holder, To: stake.Beneficiary, Issuer: c, DownTo: "1/7"}
			if _, err := scenario.Run(context.Background(), a, scenario.Scenario{Steps: []scenario.Step{s}}); err != nil {
				continue
			}
			return s, scenario.Step{Step: "entrust", From: stake.Beneficiary, To: stake.Holder, Issuer: c}, true
		}
		if inTrust(b, stake) || stake.Holder == "trust" {
			continue
		}
		s = scenario.Step{Step: "entrust", From: stake.Holder, To: "trust", Issuer: c, DownTo: "5%", Method: "lifo"}
		back = scenario.Step{Step: "release", From: "trust", To: stake.Holder, Issuer: c}
		if rng.IntN(2) == 0 {
			to := freshHolder(b, c)
			if to == "" {
				continue
			}
			s.Step, s.To = "trade", to
			back = scenario.Step{Step: "trade", From: to, To: stake.Holder, Issuer: c}
		}
		if _, err := scenario.Run(context.Background(), a, scenario.Scenario{Steps: []scenario.Step{s}}); err != nil {
			continue
		}
		return s, back, true
	}
	return s, back, false
}

func inTrust(b crossholding.Book, s crossholding.Stake) bool {
	return slices.ContainsFunc(b.Stakes, func(o crossholding.Stake) bool {
		return o.Holder == "trust" && o.Beneficiary == s.Holder && o.Issuer == s.Issuer
	})
}

// freshHolder returns somebody who has no shares of issuer, so that what comes
// in is what can go back.
func freshHolder(b crossholding.Book, issuer string) string {
	for _, p := range b.Parties {
		if p.ID != "trust" && !slices.ContainsFunc(b.Stakes, func(s crossholding.Stake) bool {
			return s.Issuer == issuer && (s.Holder == p.ID || s.Beneficiary == p.ID)
		}) {
			return p.ID
		}
	}
	return ""
}

func FuzzScenario(f *testing.F) {
	for _, text := range []string{
		`{"name": "x", "steps": [{"step": "entrust", "from": "renault", "to": "trust", "issuer": "nissan", "down_to": "15%"}]}`,
		`{"steps": [{"step": "buyback", "from": "renault", "issuer": "nissan", "down_to": "1/3", "of": "outstanding", "cancel": true, "price": "568.5"}]}`,
		`{"steps": [{"step": "trade", "from": "fund", "to": "float:nissan", "issuer": "nissan", "shares": 40, "price": "12 EUR", "method": "average"},
			{"step": "advance_date", "date": "2024-01-01"}, {"step": "reprice", "prices": {"nissan": "1e3"}, "fx": {"EUR/JPY": 150}},
			{"step": "agree", "agreement": {"id": "a", "kind": "cap", "holders": ["nissan"], "issuer": "renault", "max": "15%"}}, {"step": "end_agreement", "id": "a"}]}`,
		`{"steps": [{"step": "trade", "from": "renault", "to": "fund", "issuer": "nissan", "percent": "5", "method": "specific", "lots": [{"date": "1999-05-28", "shares": "20"}]}]}`,
		`{"steps": [{"step": "split", "issuer": "nissan", "ratio": "1:7", "fractions": "cash", "price": 3}, {"step": "dividend", "issuer": "nissan", "total": "9 JPY", "pass_on": {"renault": "50%"}},
			{"step": "rights", "issuer": "nissan", "ratio": "2:9", "price": 3, "takes": {"fund": "all", "renault": "5%"}, "to": "state"}]}`,
		`{"breaches": "report", "steps": [{"step": "merge", "issuer": "nissan", "into": "renault", "ratio": "1:3", "cash": 2, "against": "cost", "source": "treasury", "cancel": true}]}`,
		`{"steps": [{"step": "spin_off", "issuer": "renault", "company": {"id": "n", "shares": [{"issued": 75}]}, "ratio": "1:4", "cost_share": 0.25}, {"step": "distribute", "issuer": "renault", "asset": "nissan", "ratio": "1:9", "cost_share": "1/3"},
			{"step": "liquidate", "issuer": "renault", "cost_share": {"nissan": "40%", "venture": "60%"}}]}`,
		`{"steps": [{"step": "trade", "from": "*", "to": "fund", "issuer": "nissan", "percent": 7, "for": {"issuer": "renault", "ratio": "1:2", "source": "new"}}, {"step": "offer", "to": "state", "issuer": "nissan", "shares": 5, "price": 2, "tendered": {"fund": "all", "renault": 9}}]}`,
		`{"steps": [{"step": "grant", "right": {"id": "o", "holder": "fund", "issuer": "nissan", "shares": 5, "price": 2}}, {"step": "exercise", "id": "o", "shares": 2}, {"step": "trade", "id": "o", "to": "state", "group": "g"}, {"step": "lapse", "id": "o", "group": "g"},
			{"step": "restate", "from": "fund", "issuer": "nissan", "shares": 1, "of": "fund", "voter": "neutral"}, {"step": "pay", "from": "fund", "to": "state", "amount": "3 EUR"}, {"step": "class", "issuer": "nissan", "class": "b", "votes": 2}, {"step": "convert", "issuer": "nissan", "to_class": "b", "class": "ordinary", "ratio": "1:2"},
			{"step": "assert", "controls": [{"controller": "state", "company": "venture", "by": "appointment"}]}]}`,
	} {
		f.Add([]byte(text))
	}
	a, err := crossholding.New(booktest.SmallBook())
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text []byte) { fuzzScenario(t, a, text) })
}
