package compliance_test

import (
	"context"
	"encoding/json"
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

// Bands of two holders of v: a joint venture is possible only where both halves are.
func TestBoundConsolidationOfHalves(t *testing.T) {
	x, y := "x", "y"
	for _, c := range []struct {
		name, ofX, ofY, parent, want string
		joint                        crossholding.Certainty
	}{
		{"half may be less", "[40%,50%]", "[50%,50%]", x, "v: associate to joint venture; a joint venture if x has 50% of v", crossholding.CertaintyDepends},
		{"the other half may be less", "[40%,50%]", "[50%,50%]", y, "v: associate to joint venture; a joint venture if x has 50% of v", crossholding.CertaintyDepends},
		{"both may be less", "[40%,50%]", "(45%,50%]", x, "v: associate to joint venture; a joint venture if x has 50% of v and y has 50% of v", crossholding.CertaintyDepends},
		{"less than half", "[40%,50%)", "[50%,50%]", x, "v: associate", crossholding.CertaintyNo},
		{"the other has less than half", "[40%,50%]", "[40%,50%)", x, "v: associate", crossholding.CertaintyNo},
		{"half or more on both sides", "[50%,75%]", "[50%,60%)", x, "v: joint venture", crossholding.CertaintyYes},
		{"more or less than half", "[10%,60%]", "[40%,60%]", x, "v: investment to subsidiary; a joint venture if x has 50% of v and y has 50% of v; a subsidiary if x has 60% of v; not one if x has 10% of v", crossholding.CertaintyDepends},
		{"more than half", "(50%,60%]", "[40%,50%)", x, "v: subsidiary", crossholding.CertaintyNo},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := bandBook([3]string{x, "v", c.ofX}, [3]string{y, "v", c.ofY})
			got, err := compliance.BoundConsolidation(t.Context(), booktest.New(t, b), c.parent, compliance.ConsolidationOptions{})
			require.NoError(t, err)
			require.Len(t, got.Entities, 1)
			require.Equal(t, c.want, got.Entities[0].String())
			require.Equal(t, c.joint, got.Entities[0].Joint)
			require.Equal(t, c.joint == crossholding.CertaintyYes, slices.Contains(got.Of(compliance.JointVenture), "v"))
			b.Controls = []crossholding.ControlFact{{Controller: "y", Company: "v", By: crossholding.ControlByAppointment}}
			got, err = compliance.BoundConsolidation(t.Context(), booktest.New(t, b), x, compliance.ConsolidationOptions{})
			require.NoError(t, err)
			require.Equal(t, crossholding.CertaintyNo, got.Entities[0].Joint, "y controls it alone")
		})
	}
}

func TestBoundConsolidationAgainstCompletions(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 35))
	bands := []string{"(0%,25%]", "(25%,50%]", "(50%,75%)", "[75%,100%]", "[20%,30%]", "[25%,40%)", "[0%,60%]", "(45%,55%)", "[50%,60%]", "[50%,50%]", "[25%,50%]"}
	count := map[string]int{}
	opt := compliance.ConsolidationOptions{Voting: crossholding.VotingOptions{NoLaw: true}}
	for range testkit.Size(150, 2000) {
		book := withRandomFact(r, randomBanded(r, bands))
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
			require.NoError(t, err)
			requireWithin(t, got, group, fmt.Sprintf("%v\n%v", book, c.Stakes))
		}
		for _, e := range got.Entities {
			count[string(e.Joint)]++
			if len(e.JointIf) == 0 {
				continue
			}
			for range 6 {
				full, err := crossholding.New(sample(r, book, e.JointIf))
				if err != nil {
					continue
				}
				group, err := compliance.Consolidate(t.Context(), full, "p0", opt)
				require.NoError(t, err)
				require.Contains(t, group.Of(compliance.JointVenture), e.Company, "%s: %v", e, book)
				count["decided"]++
			}
		}
	}
	t.Log(count)
	require.Positive(t, count["decided"])
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
		require.False(t, b.Joint == crossholding.CertaintyYes && e.Class != compliance.JointVenture, note)
		require.False(t, b.Joint == crossholding.CertaintyNo && e.Class == compliance.JointVenture, "%s: %s", e, note)
		if low, high := b.Span(); !b.Doubt {
			require.LessOrEqual(t, slices.Index(classes, high), slices.Index(classes, e.Class), "%s: %s: %s", b, e, note)
			require.LessOrEqual(t, slices.Index(classes, e.Class), slices.Index(append(classes[:4:4], ""), low), "%s: %s: %s", b, e, note)
		}
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

// One partner reports half of a venture, and a register has a band for the other.
func ExampleEntityBound_Span() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "venture"}},
		Parties:   []crossholding.Party{{ID: "ada"}, {ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "venture", Percent: "50"},
			{Holder: "ben", Issuer: "venture", Between: "[25%,50%]"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	group, err := compliance.BoundConsolidation(context.Background(), a, "ada", compliance.ConsolidationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	e := group.Entities[0]
	low, high := e.Span()
	fmt.Println(low, "or", high)
	fmt.Println(e)
	// Output:
	// associate or joint venture
	// venture: associate to joint venture; a joint venture if ben has 50% of venture
}

// TestConsolidationBoundsBehindSuspendedVotes: a company that is a subsidiary only where a statute
// suspends the votes of others has what it holds in the group, and its span reaches subsidiary.
func TestConsolidationBoundsBehindSuspendedVotes(t *testing.T) {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "c1", Country: "KR"}, {ID: "c3"}, {ID: "w"}}, Parties: []crossholding.Party{{ID: "p"}},
		Stakes: []crossholding.Stake{{Holder: "c3", Issuer: "c1", Percent: "40"}, {Holder: "p", Issuer: "c1", Percent: "40"},
			{Holder: "c1", Issuer: "c3", Percent: "40"}, {Holder: "c1", Issuer: "w", Between: "[5%,10%]"}}}
	r, err := compliance.BoundConsolidation(t.Context(), booktest.New(t, b), "p", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	spans := map[string]string{}
	for _, e := range r.Entities {
		text, err := json.Marshal(e)
		require.NoError(t, err)
		require.NotContains(t, string(text), "null")
		low, high := e.Span()
		spans[e.Company] = string(low) + " to " + string(high)
	}
	require.Equal(t, map[string]string{"c1": "associate to subsidiary", "c3": " to associate", "w": " to investment"}, spans)
}
