package scenario_test

import (
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

// restrictedWorld has shares of x in the hands of two persons and three companies, which persons
// and companies control by votes and by facts, and one agreement of each kind about x.
func restrictedWorld(rng *rand.Rand) crossholding.Book {
	b := crossholding.Book{AsOf: "2024-01-02", Parties: []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "u"}},
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000"}}}}}
	names := []string{"a", "b", "u", "s0", "s1", "s2"}
	hold := func(issuer string, unit int) {
		left := 10
		for _, h := range names {
			if n := rng.IntN(4); h != issuer && n > 0 && n <= left {
				left -= n
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: h, Issuer: issuer, Shares: booktest.Number(n * unit)})
			}
		}
	}
	hold("x", 100)
	for _, id := range names[3:] {
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Shares: []crossholding.ShareClass{{Issued: "100"}}})
		hold(id, 10)
		if c := names[rng.IntN(len(names))]; rng.IntN(3) == 0 && c != id {
			b.Controls = append(b.Controls, crossholding.ControlFact{Controller: c, Company: id, By: "appointment"})
		}
	}
	some := func() []string {
		list := slices.Clone(names)
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		return list[:2+rng.IntN(2)]
	}
	percent := func() string { return fmt.Sprintf("%d%%", 5+5*rng.IntN(8)) }
	b.Agreements = []crossholding.Agreement{
		{ID: "lock", Kind: crossholding.AgreementLockUp, Issuer: "x", Holders: some(), Min: percent()},
		{ID: "still", Kind: crossholding.AgreementStandstill, Issuer: "x", Holders: some(), Max: percent()},
		{ID: "first", Kind: crossholding.AgreementPreemption, Issuer: "x", Holders: some()},
		{ID: "articles", Kind: crossholding.AgreementCeiling, Issuer: "x", Max: percent()},
	}
	return b
}

// restrictedStep returns a step that can change who has shares of x or who controls whom.
func restrictedStep(rng *rand.Rand, b crossholding.Book) scenario.Step {
	any := func(list ...string) string { return list[rng.IntN(len(list))] }
	company := func() string { return any("s0", "s1", "s2") }
	party := func() string { return any("a", "b", "u", company()) }
	fact := []crossholding.ControlFact{{Controller: party(), Company: company(), By: "appointment"}}
	switch rng.IntN(8) {
	case 0:
		return scenario.Step{Step: "assert", Controls: fact}
	case 1:
		if len(b.Controls) > 0 {
			fact = b.Controls[:1]
		}
		return scenario.Step{Step: "retract", Controls: fact}
	case 2:
		return scenario.Step{Step: "liquidate", Issuer: company()}
	case 3:
		return scenario.Step{Step: "distribute", Issuer: company(), Asset: "x", Ratio: "1:2"}
	case 4:
		return scenario.Step{Step: "trade", From: party(), To: party(), Issuer: company(), Shares: booktest.Number(10 * (1 + rng.IntN(3)))}
	}
	return scenario.Step{Step: "trade", From: any(party(), "float:x"), To: any(party(), "float:x"), Issuer: "x", Shares: booktest.Number(50 * (1 + rng.IntN(4)))}
}

// groupOf returns a party with all that it controls in a book: the least fixpoint of more than
// half of the votes outstanding, and of facts.
func groupOf(t *testing.T, b crossholding.Book, party string) map[string]bool {
	t.Helper()
	in := map[string]bool{party: true}
	for grew := true; grew; {
		grew = false
		for _, c := range b.Companies {
			if in[c.ID] || c.ID == "x" {
				continue
			}
			var votes ratio.Ratio
			for _, s := range b.Stakes {
				if s.Issuer == c.ID && in[s.Holder] {
					votes = votes.Add(number(t, s.Shares))
				}
			}
			total := number(t, c.Shares[0].Issued).Sub(number(t, c.Shares[0].Treasury))
			byFact := slices.ContainsFunc(b.Controls, func(f crossholding.ControlFact) bool { return f.Company == c.ID && in[f.Controller] })
			if byFact || total.Less(votes.Mul(ratio.Int(2))) {
				in[c.ID], grew = true, true
			}
		}
	}
	return in
}

// heldIn returns the shares of x that the members of a set have in a book.
func heldIn(t *testing.T, b crossholding.Book, in map[string]bool) ratio.Ratio {
	t.Helper()
	var sum ratio.Ratio
	for _, s := range b.Stakes {
		if s.Issuer == "x" && in[s.Holder] {
			sum = sum.Add(number(t, s.Shares))
		}
	}
	return sum
}

// brokenBy lists the agreements that a step broke, by the definition of each kind. Of pre-emption
// it knows a trade alone: the seller is on the side of a holder, and the buyer is not.
func brokenBy(t *testing.T, was, is crossholding.Book, s scenario.Step) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, ag := range was.Agreements {
		if ag.Kind == crossholding.AgreementPreemption {
			on := func(party string) bool {
				return slices.ContainsFunc(ag.Holders, func(h string) bool { return groupOf(t, was, h)[party] })
			}
			if s.Step == scenario.StepTrade && on(s.From) && !on(s.To) {
				out[ag.ID+" "] = true
			}
			continue
		}
		who := ag.Holders
		if ag.Kind == crossholding.AgreementCeiling {
			who = []string{"a", "b", "u", "s0", "s1", "s2"}
		}
		for _, h := range who {
			before, after := heldIn(t, was, groupOf(t, was, h)), heldIn(t, is, groupOf(t, is, h))
			bound := func(text string) ratio.Ratio { return ratio.MustParse(text).Mul(ratio.Int(1000)) }
			if ag.Kind == crossholding.AgreementLockUp {
				out[ag.ID+" "+h] = after.Less(before) && after.Less(bound(ag.Min))
			} else {
				out[ag.ID+" "+h] = before.Less(after) && bound(ag.Max).Less(after)
			}
		}
	}
	return out
}

// TestRestrictionsAgainstDefinition makes random steps, also with facts of control and holders
// that are wound up, and compares the broken agreements with their definition.
func TestRestrictionsAgainstDefinition(t *testing.T) {
	broken, kinds := map[string]int{}, map[scenario.StepKind]int{}
	for seed := range uint64(testkit.Cases(1500)) {
		rng := rand.New(rand.NewPCG(seed, 21))
		book := restrictedWorld(rng)
		s := restrictedStep(rng, book)
		a := booktest.New(t, book)
		out, err := scenario.Run(t.Context(), a, scenario.Scenario{Breaches: scenario.BreachesReport, Steps: []scenario.Step{s}})
		if err != nil {
			require.ErrorIs(t, err, scenario.ErrStep)
			continue
		}
		kinds[s.Step]++
		got, want := map[string]bool{}, map[string]bool{}
		for _, x := range out.Breaches {
			broken[x.Agreement]++
			switch {
			case x.Agreement != "first":
				got[x.Agreement+" "+x.Holder] = true
			case s.Step == scenario.StepTrade && s.Issuer == "x":
				got["first "] = true
			}
		}
		for key, yes := range brokenBy(t, book, out.After.Book(), s) {
			if yes && (key != "first " || s.Issuer == "x") {
				want[key] = true
			}
		}
		require.Equal(t, want, got, "seed %d: %+v\n%+v\n%v", seed, s, book, out.Breaches)
		_, err = scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{s}})
		require.Equal(t, len(out.Breaches) > 0, err != nil)
	}
	for _, id := range []string{"lock", "still", "first", "articles"} {
		require.Greater(t, broken[id], testkit.Cases(30), id)
	}
	for _, kind := range []scenario.StepKind{"assert", "retract", "liquidate", "distribute", "trade"} {
		require.Greater(t, kinds[kind], testkit.Cases(10), kind)
	}
}
