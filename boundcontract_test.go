package crossholding_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// randomContracts returns agreements about votes between the holders of a book.
func randomContracts(r *rand.Rand, b *testBook) []crossholding.Agreement {
	ids := append(slices.Clone(b.companies), b.outside...)
	some := func(from []string) string { return from[r.IntN(len(from))] }
	var out []crossholding.Agreement
	for i := range 1 + r.IntN(3) {
		k := crossholding.Agreement{ID: fmt.Sprint("pact", i), Holders: []string{some(ids)}}
		if r.IntN(2) == 0 {
			k.Issuer = some(b.companies)
		}
		switch r.IntN(5) {
		case 0, 1:
			k.Kind, k.Leader = crossholding.AgreementProxy, some(ids)
		case 2:
			k.Kind, k.Leader = crossholding.AgreementFollow, some(ids)
		case 3:
			k.Kind = crossholding.AgreementNeutral
		default:
			k.Kind, k.Issuer = crossholding.AgreementCap, some(b.companies)
			k.Max = []string{"10%", "25%", "40%"}[r.IntN(3)]
			k.Of = []crossholding.Basis{"", crossholding.BasisTheoretical}[r.IntN(2)]
			k.Excess = []crossholding.CapExcess{"", crossholding.CapExcessLeaves}[r.IntN(2)]
			if r.IntN(2) == 0 {
				k.Holders = nil
			}
		}
		out = append(out, k)
	}
	return out
}

// inside returns a completion with random figures within the bands, or false if they are too many.
func (b *testBook) inside(r *rand.Rand) (map[int]int, bool) {
	at := map[int]int{}
	for i, s := range b.stakes {
		lo, hi := s.lo, s.hi
		if lo == hi {
			continue
		}
		if s.loOpen {
			lo++
		}
		if s.hiOpen {
			hi--
		}
		at[i] = lo + r.IntN(max(1, hi-lo+1))
	}
	return at, b.allows(at)
}

// TestControlBoundsUnderContracts compares yes, no and depends with exact control in the corners
// of random books and in completions between them. Without a cap, depends has both answers.
func TestControlBoundsUnderContracts(t *testing.T) {
	count, books, capped := map[crossholding.Certainty]int{}, 0, 0
	rules := []crossholding.ControlOptions{{}, {Threshold: ratio.Of(1, 4)}, {Basis: crossholding.BasisExercisable}, {Basis: crossholding.BasisTheoretical, AtLeast: true}}
	for seed := range uint64(testkit.Cases(400)) {
		r := rand.New(rand.NewPCG(seed, 41))
		b := intervalBook(r, false, seed%3 == 2)
		pacts := randomContracts(r, b)
		book := func(at map[int]int) crossholding.Book {
			out := b.book(at)
			out.Agreements = pacts
			return out
		}
		a, err := crossholding.New(book(nil))
		if err != nil {
			continue // two leaders of one voter, or a cycle of them
		}
		books++
		rule := rules[int(seed)%len(rules)]
		bounds, err := a.Bounds(t.Context(), crossholding.BoundsOptions{Control: rule})
		require.NoError(t, err)
		seen := map[[2]string]map[bool]bool{}
		look := func(at map[int]int) {
			c := controlOf(t, book(at), rule)
			for _, x := range append(slices.Clone(b.companies), b.outside...) {
				under, err := c.Controlled(t.Context(), x)
				require.NoError(t, err)
				for _, y := range b.companies {
					k := [2]string{x, y}
					if seen[k] == nil {
						seen[k] = map[bool]bool{}
					}
					seen[k][slices.Contains(under, y)] = true
				}
			}
		}
		b.corners(true, look)
		for range 20 {
			if at, ok := b.inside(r); ok {
				look(at)
			}
		}
		for k, answers := range seen {
			v, err := bounds.Controls(t.Context(), k[0], k[1])
			require.NoError(t, err)
			count[v.Answer]++
			note := fmt.Sprintf("seed %d: %s and %s: %s, found %v, %v", seed, k[0], k[1], v, answers, pacts)
			switch {
			case v.Answer == crossholding.CertaintyYes:
				require.Equal(t, map[bool]bool{true: true}, answers, note)
			case v.Answer == crossholding.CertaintyNo:
				require.Equal(t, map[bool]bool{false: true}, answers, note)
			case v.Contracts:
				capped++
			default:
				require.Len(t, answers, 2, note)
				require.NotEmpty(t, v.Yes, note)
				require.NotEmpty(t, v.No, note)
			}
		}
	}
	t.Logf("%v in %d books, %d depend on caps", count, books, capped)
	require.Greater(t, count[crossholding.CertaintyYes], books)
	require.Greater(t, count[crossholding.CertaintyDepends], books)
	require.NotZero(t, capped)
}

// A proxy, a neutral promise and a cap in a group that is known only in bands.
func TestControlBoundsByContract(t *testing.T) {
	for name, c := range map[string]struct {
		pact crossholding.Agreement
		want string
	}{
		"Ben follows Ada": {crossholding.Agreement{Kind: crossholding.AgreementFollow, Holders: []string{"Ben"}, Leader: "Ada"},
			"Ada controls Holdings|Ada may control Trading; yes if Holdings has 50% of Trading; no if Holdings has 27.5% of Trading"},
		"Ada's proxy": {crossholding.Agreement{Kind: crossholding.AgreementProxy, Holders: []string{"Ada"}, Issuer: "Holdings", Leader: "Ben"},
			"Ada does not control Holdings|Ada does not control Trading"},
		"Ada is neutral": {crossholding.Agreement{Kind: crossholding.AgreementNeutral, Holders: []string{"Ada"}, Issuer: "Holdings"},
			"Ada does not control Holdings|Ada does not control Trading"},
		"a cap where figures are not known": {crossholding.Agreement{Kind: crossholding.AgreementCap, Holders: []string{"Ada"}, Issuer: "Holdings", Max: "20%"},
			"Ada may control Holdings; agreements may take votes away|Ada may control Trading; agreements may take votes away"},
	} {
		t.Run(name, func(t *testing.T) {
			book := booktest.Banded()
			c.pact.ID = "pact"
			book.Agreements = []crossholding.Agreement{c.pact}
			bounds := mustBounds(t, book, crossholding.BoundsOptions{})
			var got []string
			for _, y := range []string{"Holdings", "Trading"} {
				v, err := bounds.Controls(t.Context(), "Ada", y)
				require.NoError(t, err)
				got = append(got, v.String())
			}
			require.Equal(t, c.want, strings.Join(got, "|"))
		})
	}
	// Where all figures are known, a cap takes away what it does.
	book := booktest.Banded()
	book.Companies = append(book.Companies, crossholding.Company{ID: "Other"})
	book.Stakes = append(book.Stakes, crossholding.Stake{Holder: "Ada", Issuer: "Other", Percent: "60"})
	book.Agreements = []crossholding.Agreement{{ID: "cap", Kind: crossholding.AgreementCap, Issuer: "Other", Max: "20%"}}
	v, err := mustBounds(t, book, crossholding.BoundsOptions{}).Controls(t.Context(), "Ada", "Other")
	require.NoError(t, err)
	require.Equal(t, crossholding.ControlBound{Controller: "Ada", Company: "Other", Answer: crossholding.CertaintyNo, Yes: []crossholding.BandedStake{}, No: []crossholding.BandedStake{}}, v)
}
