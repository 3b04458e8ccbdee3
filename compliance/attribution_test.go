package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// The trust example of BaFin's issuer guideline, module B, I.2.5 on § 34 WpHG: A has
// exactly 5% and gives all of it to C in trust. A has crossed nothing, because its own
// shares are now held for its account. C has reached 3% and 5% as the owner in law, whoever
// gives instructions. The other cases are the same shares with a proxy at one's own
// discretion (§ 34(1) no. 6), with a concert (§ 34(2)) and sold.
func TestTrusteeProxyAndAllyCross(t *testing.T) {
	reached := []string{"0 c DE-33 theoretical above 0.03", "0 c DE-33 theoretical above 0.05"}
	agree := func(a crossholding.Agreement) scenario.Step {
		return scenario.Step{Step: "agree", Agreement: &a, Date: "2024-01-03"}
	}
	for name, c := range map[string]struct {
		step scenario.Step
		want []string
	}{
		"trust, the trustee votes":  {scenario.Step{Step: "entrust", From: "a", To: "c", Issuer: "x", Shares: "50", Voter: "c"}, reached},
		"trust, the settlor votes":  {scenario.Step{Step: "entrust", From: "a", To: "c", Issuer: "x", Shares: "50", Voter: "a"}, reached},
		"proxy":                     {agree(crossholding.Agreement{ID: "px", Kind: "proxy", Holders: []string{"a"}, Leader: "c", Issuer: "x"}), reached},
		"concert":                   {agree(crossholding.Agreement{ID: "cc", Kind: "concert", Holders: []string{"a", "c"}, Issuer: "x"}), reached},
		"concert about all issuers": {agree(crossholding.Agreement{ID: "cc", Kind: "concert", Holders: []string{"a", "c"}}), reached},
		"concert about another":     {agree(crossholding.Agreement{ID: "cc", Kind: "concert", Holders: []string{"a", "c"}, Issuer: "y"}), []string{}},
		"sale": {scenario.Step{Step: "trade", From: "a", To: "c", Issuer: "x", Shares: "50"},
			[]string{"0 a DE-33 theoretical below 0.03", "0 a DE-33 theoretical below 0.05", reached[0], reached[1]}},
	} {
		t.Run(name, func(t *testing.T) {
			b := booktest.Listed("DE", "50", "")
			b.Parties = append(b.Parties, crossholding.Party{ID: "c", Kind: crossholding.KindTrust})
			b.Companies = append(b.Companies, crossholding.Company{ID: "y", Country: "DE", Shares: []crossholding.ShareClass{{Issued: "100"}}})
			require.Equal(t, c.want, crossings(t, booktest.Run(t, b, c.step), compliance.ThresholdOptions{}))
		})
	}
}

// A concert counts each member's stakes, and those of the companies under it, once. The
// concerts of a partner with others do not count. Alone leaves out all of them.
func TestConcertCountsOnce(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "x", Country: "DE", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "s", Country: "DE", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		},
		Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "c"}},
		Stakes: []crossholding.Stake{
			{Holder: "a", Issuer: "x", Shares: "10"}, {Holder: "s", Issuer: "x", Shares: "200"}, {Holder: "c", Issuer: "x", Shares: "400"},
			{Holder: "b", Issuer: "s", Shares: "60"}, {Holder: "a", Issuer: "x", Shares: "5", Beneficiary: "b"},
		},
		Agreements: []crossholding.Agreement{
			{ID: "one", Kind: "concert", Holders: []string{"a", "b"}, Issuer: "x"}, {ID: "two", Kind: "concert", Holders: []string{"b", "c"}, Issuer: "x"},
		},
	}
	for _, c := range []struct {
		holder string
		alone  bool
		want   ratio.Number
		with   []string
	}{
		{"a", false, "215", []string{"b", "s"}}, {"b", false, "615", []string{"a", "c", "s"}}, {"c", false, "605", []string{"b", "s"}},
		{"s", false, "200", []string{}}, {"a", true, "15", []string{}}, {"b", true, "5", []string{}},
	} {
		t.Run(fmt.Sprint(c.holder, c.alone), func(t *testing.T) {
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{
				Thresholds: law.Thresholds(), Holder: c.holder, Issuer: "x", Alone: c.alone,
			})
			require.NoError(t, err)
			i := slices.IndexFunc(list, func(p compliance.Position) bool { return p.Rule == "DE-33" })
			require.GreaterOrEqual(t, i, 0)
			booktest.RequireRatio(t, string(c.want)+"/1000", list[i].Fraction)
			require.Equal(t, c.with, list[i].With)
		})
	}
}

// Porsche in October 2008 (its notice of 26 October 2008): 42.6% of the shares and 31.5% by
// contracts that only pay, with hedges that the banks hold. § 33 WpHG does not count the contracts,
// § 39 adds them up with the shares, and so does Britain's DTR 5.3. Shares held for one's account
// count in both.
func TestContractsThatOnlyPay(t *testing.T) {
	for _, c := range []struct {
		country string
		paid    bool
		want    []string
	}{
		{"DE", true, []string{"0 porsche DE-39 theoretical above 0.75"}},
		{"DE", false, []string{"0 porsche DE-33 theoretical above 0.75"}},
		{"GB", true, []string{"0 porsche GB-5.1.2 voting above 0.75"}},
		{"GB", false, []string{"0 porsche GB-5.1.2 voting above 0.75"}},
	} {
		t.Run(fmt.Sprint(c.country, c.paid), func(t *testing.T) {
			b := crossholding.Book{
				AsOf:      "2018-05-01",
				Companies: []crossholding.Company{{ID: "vw", Country: c.country, Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
				Parties:   []crossholding.Party{{ID: "porsche"}, {ID: "banks"}, {ID: "land"}},
				Stakes: []crossholding.Stake{
					{Holder: "porsche", Issuer: "vw", Shares: "432"}, {Holder: "land", Issuer: "vw", Shares: "201"},
					{Holder: "banks", Issuer: "vw", Shares: "315", Beneficiary: "porsche", CashSettled: c.paid},
				},
			}
			a := booktest.New(t, b)
			require.Equal(t, c.paid, slices.ContainsFunc(a.Book().Stakes, func(s crossholding.Stake) bool { return s.CashSettled }))
			out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "float:vw", To: "porsche", Issuer: "vw", Shares: "3"})
			require.Equal(t, c.want, crossings(t, out, compliance.ThresholdOptions{}))
		})
	}
	_, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "x"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: "5", CashSettled: true}},
	})
	require.ErrorIs(t, err, crossholding.ErrMissing)
}

// Every list of grounds counts what its definition says, stake by stake, on random books
// with trustees, proxies and concerts.
func TestAttributionAgainstDefinition(t *testing.T) {
	all := []law.Attribution{law.InOwnName, law.ForOwnMoney, law.CastAtWill, law.OfSubsidiaries, law.InConcert}
	found := 0
	for seed := range uint64(testkit.Cases(200)) {
		rng := rand.New(rand.NewPCG(seed, 33))
		b := booktest.RandomBook(rng)
		b.Agreements = nil
		ids := []string{}
		for _, c := range b.Companies {
			ids = append(ids, c.ID)
		}
		for _, p := range b.Parties {
			ids = append(ids, p.ID)
		}
		for i := range b.Stakes {
			s := &b.Stakes[i]
			if other := ids[rng.IntN(len(ids))]; rng.IntN(3) == 0 && other != s.Issuer {
				s.Beneficiary = other
			}
		}
		for n := range rng.IntN(3) {
			members := []string{ids[rng.IntN(len(ids))], ids[rng.IntN(len(ids))]}
			if members[0] != members[1] {
				b.Agreements = append(b.Agreements, crossholding.Agreement{ID: fmt.Sprint("g", n), Kind: crossholding.AgreementConcert, Holders: members})
			}
		}
		for range rng.IntN(3) {
			f := crossholding.ControlFact{Controller: ids[rng.IntN(len(ids))], Company: b.Companies[rng.IntN(len(b.Companies))].ID, By: crossholding.ControlByAppointment}
			if f.Controller != f.Company && !slices.Contains(b.Controls, f) {
				b.Controls = append(b.Controls, f)
			}
		}
		a := booktest.New(t, b)
		opt := crossholding.VotingOptions{NoLaw: true}
		control, err := a.Control(t.Context(), crossholding.ControlOptions{Voting: opt, Basis: crossholding.BasisExercisable})
		require.NoError(t, err)
		var grounds []law.Attribution
		for _, ground := range all {
			if rng.IntN(2) == 0 {
				grounds = append(grounds, ground)
			}
		}
		if len(grounds) == 0 {
			grounds = all
		}
		rule := law.Threshold{ID: "R", Kind: law.DisclosureThreshold, Citation: "-", Limits: []ratio.Ratio{ratio.Of(1, 2)}, Bases: []law.ThresholdBase{law.OfCapital}, Counts: grounds}
		list, err := compliance.Thresholds(t.Context(), a, compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}, Voting: opt})
		require.NoError(t, err)
		got := map[[2]string]string{}
		for _, p := range list {
			got[[2]string{p.Holder, p.Issuer}] = p.Amount.String()
		}
		want := map[[2]string]string{}
		for _, who := range ids {
			for _, c := range b.Companies {
				if sum := defined(t, a, control, grounds, who, c.ID); who != c.ID && !sum.IsZero() {
					want[[2]string{who, c.ID}] = sum.String()
				}
			}
		}
		require.Equal(t, want, got, "seed %d: %v", seed, grounds)
		found += len(want)
	}
	require.Greater(t, found, testkit.Cases(200))
}

// defined adds up the shares of a company that grounds attribute to a holder.
func defined(t *testing.T, a *crossholding.Alliance, control *crossholding.Control, grounds []law.Attribution, who, company string) (sum ratio.Ratio) {
	t.Helper()
	has := func(g law.Attribution) bool { return slices.Contains(grounds, g) }
	in := map[string]bool{}
	add := func(x string) {
		in[x] = true
		if has(law.OfSubsidiaries) {
			under, err := control.Controlled(t.Context(), x)
			require.NoError(t, err)
			for _, y := range under {
				in[y] = true
			}
		}
	}
	add(who)
	if has(law.InConcert) {
		mine := map[string]bool{}
		for x := range in {
			mine[x] = x != company
		}
		for ag := range a.Graph().Agreements() {
			if slices.ContainsFunc(ag.Holders, func(h string) bool { return mine[h] }) {
				for _, h := range ag.Holders {
					if h != company {
						add(h)
					}
				}
			}
		}
	}
	g := a.Graph()
	c, err := g.Company(company)
	if err != nil {
		return sum
	}
	in[company] = in[company] && who == company // what it holds of itself is nobody's
	from, to := g.Stakes(c)
	id := func(node int32) string {
		if node == crossholding.NoNode {
			return ""
		}
		return g.ID(node)
	}
	for e := from; e < to; e++ {
		k := g.Stake(e)
		if has(law.InOwnName) && in[id(k.Holder)] || has(law.ForOwnMoney) && in[id(k.Beneficiary)] || has(law.CastAtWill) && in[id(k.Voter)] {
			sum = sum.Add(g.Shares(e))
		}
	}
	return sum
}
