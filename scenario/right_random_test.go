package scenario_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// TestPartsOfRights grants rights whose ids are those that parts of others get, and trades parts.
func TestPartsOfRights(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}, {ID: "u"}},
	}
	traded := 0
	for seed := range uint64(testkit.Cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 22))
		a := booktest.New(t, book)
		for range 15 {
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{partOfRight(rng, a.Book())}})
			if err != nil {
				require.ErrorIs(t, err, scenario.ErrStep)
				continue
			}
			if requireRightsKept(t, out) {
				traded++
			}
			a = out.After
		}
	}
	require.Greater(t, traded, testkit.Cases(900))
}

// partOfRight grants a right or trades a part of one.
func partOfRight(rng *rand.Rand, b crossholding.Book) scenario.Step {
	any := func(list ...string) string { return list[rng.IntN(len(list))] }
	if len(b.Rights) < 2 || rng.IntN(4) == 0 {
		return scenario.Step{Step: scenario.StepGrant, Right: &crossholding.Right{ID: any("r", "r/k", "r/u", "r/k/2"), Holder: any("h", "k"),
			Issuer: "x", Shares: "9", Price: any("2 EUR", "3 EUR")}}
	}
	s := scenario.Step{Step: scenario.StepTrade, ID: b.Rights[rng.IntN(len(b.Rights))].ID, To: any("h", "k", "u"), Shares: "2"}
	if rng.IntN(4) == 0 {
		s.Shares = ""
	}
	return s
}

// requireRightsKept requires that a trade of a right moves shares from one holder to another, of
// rights with the same terms, and changes no other right. It reports whether the step is one.
func requireRightsKept(t *testing.T, out *scenario.Outcome) bool {
	t.Helper()
	s := out.Steps[0].Step
	if s.Step != scenario.StepTrade || s.ID == "" {
		return false
	}
	sums := func(b crossholding.Book) (byTerms map[crossholding.Right]ratio.Ratio, traded crossholding.Right) {
		byTerms = map[crossholding.Right]ratio.Ratio{}
		for _, g := range b.Rights {
			key := g
			if key.ID, key.Shares = "", ""; g.ID == s.ID {
				traded = key
			}
			byTerms[key] = byTerms[key].Add(number(t, g.Shares))
		}
		return byTerms, traded
	}
	want, from := sums(out.Before.Book())
	got, _ := sums(out.After.Book())
	to := from
	to.Holder = s.To
	n := out.Steps[0].Shares
	want[from], want[to] = want[from].Sub(n), want[to].Add(n)
	for key := range want {
		require.True(t, want[key].Equal(got[key]), "%+v: %s due, %s there: %+v", key, want[key], got[key], s)
	}
	return true
}
