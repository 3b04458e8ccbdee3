package compliance_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestBoundConsolidation(t *testing.T) {
	for _, c := range []struct {
		name, band, want string
	}{
		{"more than half is a subsidiary", "(50%,75%)", "y: subsidiary"},
		{"half may be more", "[50%,75%)", "y: associate to subsidiary; a subsidiary if p has 62.5% of y; not one if p has 50% of y"},
		{"less than half is none", "[20%,50%)", "y: associate"},
		{"more than 20% is an associate", "(20%,50%]", "y: associate"},
		{"less than 20% is an investment", "(0%,20%)", "y: investment"},
		{"up to 20%", "(0%,20%]", "y: investment to associate"},
		{"perhaps nothing", "[0%,20%)", "y: no interest to investment"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := crossholding.Book{Companies: []crossholding.Company{{ID: "y"}}, Parties: []crossholding.Party{{ID: "p"}},
				Stakes: []crossholding.Stake{{Holder: "p", Issuer: "y", Between: c.band}}}
			got, err := compliance.BoundConsolidation(t.Context(), booktest.New(t, b), "p", compliance.ConsolidationOptions{})
			require.NoError(t, err)
			require.Len(t, got.Entities, 1)
			require.Equal(t, c.want, got.Entities[0].String())
		})
	}
}

func TestBoundConsolidationAgainstCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 35))
	bands := []string{"(0%,25%]", "(25%,50%]", "(50%,75%)", "[75%,100%]", "[20%,30%]", "[25%,40%)", "[0%,60%]", "(45%,55%)"}
	opt := compliance.ConsolidationOptions{Voting: crossholding.VotingOptions{NoLaw: true}}
	for range testkit.Cases(600) {
		book := randomBanded(r, bands)
		a, err := crossholding.New(book)
		if err != nil {
			continue // the lower ends are too much
		}
		got, err := compliance.BoundConsolidation(t.Context(), a, "p0", opt)
		require.NoError(t, err, "%v", book)
		for range 15 {
			c := sample(r, book, nil)
			full, err := crossholding.New(c)
			if err != nil {
				continue
			}
			group, err := compliance.Consolidate(t.Context(), full, "p0", opt)
			if err != nil {
				continue // a closed ring
			}
			requireWithin(t, got, group, fmt.Sprintf("%v\n%v", book.Stakes, c.Stakes))
		}
	}
}

// requireWithin requires that the group of one completion lies within the bounds.
func requireWithin(t *testing.T, got compliance.ConsolidationBounds, group compliance.Consolidation, note string) {
	t.Helper()
	tiny := ratio.MustParse("0.000000001")
	for _, e := range group.Entities {
		i := slices.IndexFunc(got.Entities, func(b compliance.EntityBound) bool { return b.Company == e.Company })
		require.GreaterOrEqual(t, i, 0, "%s: %s", e, note)
		b := got.Entities[i]
		require.False(t, b.Subsidiary == crossholding.CertaintyYes && e.Class != compliance.Subsidiary, note)
		require.False(t, b.Subsidiary == crossholding.CertaintyNo && e.Class == compliance.Subsidiary, note)
		require.False(t, e.Votes.Less(b.Least.Votes.Sub(tiny)), "%s: %s", e, note)
		require.False(t, b.Most.Votes.Add(tiny).Less(e.Votes), "%s: %s", e, note)
	}
	for _, b := range got.Entities {
		has := slices.ContainsFunc(group.Entities, func(e compliance.Entity) bool { return e.Company == b.Company })
		require.True(t, has || b.Subsidiary != crossholding.CertaintyYes, note)
	}
}

func ExampleBoundConsolidation() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings"}, {ID: "trading"}, {ID: "works"}},
		Stakes: []crossholding.Stake{
			{Holder: "holdings", Issuer: "trading", Between: "more than 50% but less than 75%"},
			{Holder: "trading", Issuer: "works", Between: "[25%,50%]"},
			{Holder: "holdings", Issuer: "works", Percent: "10"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	group, err := compliance.BoundConsolidation(context.Background(), a, "holdings", compliance.ConsolidationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range group.Entities {
		fmt.Println(e)
	}
	fmt.Println(group.Of(compliance.Subsidiary))
	// Output:
	// trading: subsidiary
	// works: associate to subsidiary; a subsidiary if trading has 50% of works; not one if trading has 25% of works
	// [trading]
}
