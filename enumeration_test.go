package crossholding_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// ringedRegister is a register under one country's law with many small rings.
func ringedRegister(tb testing.TB, opt gen.Options, country string) *crossholding.Alliance {
	tb.Helper()
	made, err := gen.Register(opt)
	require.NoError(tb, err)
	var companies, stakes bytes.Buffer
	require.NoError(tb, made.WriteCSV(&companies, &stakes))
	r, err := crossholding.ReadRegister(context.Background(), &companies, &stakes, crossholding.RegisterOptions{Country: country})
	require.NoError(tb, err)
	return r
}

// ruleOf is one statute of the table.
func ruleOf(t *testing.T, id string) []law.Statute {
	t.Helper()
	for _, s := range law.Statutes() {
		if s.ID == id {
			return []law.Statute{s}
		}
	}
	t.Fatal("no statute " + id)
	return nil
}

// A component's readings are found in its own meetings as they are in the whole
// network, with every state tried in turn: with and without a presumption,
// which looks at holders outside the component too.
func TestComponentsAgainstTrial(t *testing.T) {
	for _, rule := range []string{"BR-244", "US-DE-160c", "FR-233-31", "ES-148"} {
		t.Run(rule, func(t *testing.T) {
			compared, consistent := 0, 0
			for seed := range uint64(testkit.Size(2, 6)) {
				law := ruleOf(t, rule)
				a := ringedRegister(t, gen.Options{Seed: seed, Stakes: 2000, Rings: 50, Core: 10}, law[0].Country)
				opt := crossholding.VotingOptions{Statutes: law}
				_, err := a.Votes(t.Context(), opt)
				var e *crossholding.ReadingsError
				if !errors.As(err, &e) {
					require.NoError(t, err)
					continue
				}
				want, err := a.ComponentsByTrial(t.Context(), opt)
				require.NoError(t, err)
				require.Len(t, e.Components, len(want))
				for i, k := range e.Components {
					require.False(t, k.Incomplete, k)
					require.Equal(t, readings(want[i].Readings), readings(k.Readings), "seed %d, component %d", seed, i)
					compared++
					consistent += len(k.Readings)
				}
			}
			require.Positive(t, compared)
			require.Positive(t, consistent)
		})
	}
}

// However large the register, its small components are tried wholly: a search is
// charged for the size of its component.
func TestSmallComponentsOfLargeRegister(t *testing.T) {
	for _, country := range []string{"FR", "US-CA", "BR"} {
		t.Run(country, func(t *testing.T) {
			a := ringedRegister(t, gen.Options{Seed: 1, Stakes: testkit.Size(10_000, 60_000), Rings: testkit.Size(500, 3000)}, country)
			_, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.Greater(t, len(e.Components), testkit.Size(10, 40))
			require.True(t, e.Incomplete, "more readings of the whole than are listed")
			require.Len(t, e.Readings, 64)
			for _, k := range e.Components {
				require.False(t, k.Incomplete, k)
				require.NotEmpty(t, k.Readings, k)
			}
			seen := map[string]bool{}
			for _, r := range e.Readings {
				seen[suspends(r.Suspended)] = true
			}
			require.Len(t, seen, 64, "all different")
		})
	}
}

// Under a presumption holders from outside the component count with whoever
// controls them, in the search for its readings too: n and s have 50 of w's
// votes against x's 45 if both are m's, and 25 at most if they are not.
func TestComponentWithRivals(t *testing.T) {
	const book = "x FR; y FR; w FR; x>y 60; y>x 60; x>w 45; w>x 1; n AE; s AE; m AE; n>w 25; s>w 25; m>n 60; m>s "
	for held, want := range map[string][]string{
		"60": {"x>y 60", "y>x 60"},
		"40": {"w>x 1, x>y 60", "w>x 1, y>x 60"},
	} {
		t.Run(held, func(t *testing.T) {
			opt := crossholding.VotingOptions{Statutes: ruleOf(t, "FR-233-31")}
			a := lawAlliance(t, book+held)
			_, err := a.Votes(t.Context(), opt)
			var e *crossholding.ReadingsError
			require.ErrorAs(t, err, &e)
			require.Len(t, e.Components, 1)
			require.Equal(t, want, readings(e.Components[0].Readings))
			trial, err := a.ComponentsByTrial(t.Context(), opt)
			require.NoError(t, err)
			require.Equal(t, want, readings(trial[0].Readings))
		})
	}
}
