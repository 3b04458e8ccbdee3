package crossholding_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
)

// The pairs of nodes are the pairs of ids, with and without facts of control.
func TestChainsPairsAreControlPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 13))
	pairs := 0
	for range testkit.Cases(500) {
		b := randomLawBook(r)
		for range r.IntN(3) {
			x, y := b.Companies[r.IntN(len(b.Companies))].ID, b.Companies[r.IntN(len(b.Companies))].ID
			if x != y {
				b.Controls = append(b.Controls, crossholding.ControlFact{Controller: x, Company: y, By: crossholding.ControlByManagement, Source: "case " + x + " " + y})
			}
		}
		a, err := crossholding.New(b)
		if errors.Is(err, crossholding.ErrDuplicate) { // one fact twice
			continue
		}
		require.NoError(t, err)
		tally, err := a.Tally(t.Context(), "", crossholding.VotingOptions{NoLaw: true})
		require.NoError(t, err)
		rule := crossholding.Rule{NoFacts: r.IntN(2) == 0}
		control, err := tally.Control(rule)
		require.NoError(t, err)
		chains, err := tally.Chains(t.Context(), rule)
		require.NoError(t, err)
		var want, got []crossholding.ControlRelation
		for p, err := range control.Pairs(t.Context()) {
			require.NoError(t, err)
			if _, ok := crossholding.IsConcert(p.Controller); !ok {
				want = append(want, p)
			}
		}
		for p, err := range chains.Pairs(t.Context()) {
			require.NoError(t, err)
			got = append(got, crossholding.ControlRelation{Controller: a.Graph().ID(p.Controller), Company: a.Graph().ID(p.Company)})
		}
		require.Equal(t, want, got)
		for _, p := range got {
			pairs++
			controls, err := control.Controls(t.Context(), p.Controller, p.Company)
			require.NoError(t, err)
			require.True(t, controls)
		}
	}
	require.Greater(t, pairs, testkit.Cases(500))
}

// A caller that has enough gets no more pairs, also in the middle of concerts.
func TestPairsEnd(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x"}, {ID: "y"}, {ID: "z"}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "x", Percent: "60"}, {Holder: "x", Issuer: "y", Percent: "60"},
			{Holder: "p", Issuer: "z", Percent: "30"}, {Holder: "q", Issuer: "z", Percent: "30"},
		},
		Parties:    []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Agreements: []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"p", "q"}}},
	})
	control, err := a.Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	total := 0
	for _, err := range control.Pairs(t.Context()) {
		require.NoError(t, err)
		total++
	}
	require.Equal(t, 6, total) // p: x, y; x: y; the concert: x, y, z
	for n := 1; n <= total; n++ {
		got := 0
		for range control.Pairs(t.Context()) {
			if got++; got == n {
				break
			}
		}
		require.Equal(t, n, got)
	}
	for range (&crossholding.Chains{}).Pairs(t.Context()) {
		t.Error("somebody controls something")
	}
}
