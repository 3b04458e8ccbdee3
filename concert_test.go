package crossholding_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// familyPact has two families that vote 55% of a holding together; the holding has
// 53% of a car maker, and the car maker all of a bank.
func familyPact(issuer string) crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "holding"}, {ID: "cars"}, {ID: "bank"}},
		Parties:   []crossholding.Party{{ID: "porsche"}, {ID: "piech"}, {ID: "land"}},
		Stakes: []crossholding.Stake{
			{Holder: "porsche", Issuer: "holding", Percent: "30"}, {Holder: "piech", Issuer: "holding", Percent: "25"},
			{Holder: "holding", Issuer: "cars", Percent: "53"}, {Holder: "land", Issuer: "cars", Percent: "20"},
			{Holder: "cars", Issuer: "bank", Percent: "100"},
		},
		Agreements: []crossholding.Agreement{{ID: "families", Kind: crossholding.AgreementConcert, Holders: []string{"porsche", "piech"}, Issuer: issuer}},
	}
}

// The families control the car maker through the holding that they control only
// together.
func ExampleControl_Ultimate_concert() {
	ctx := context.Background()
	a, err := crossholding.New(familyPact("holding"))
	check(err)
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	check(err)
	top, err := c.Ultimate(ctx, "cars")
	check(err)
	fmt.Println(top)
	why, err := c.Why(ctx, top[0], "cars")
	check(err)
	fmt.Println(why)
	// Output:
	// [concert:families]
	// piech with porsche controls cars: piech casts 25 and porsche casts 30 of 100 votes in holding, together 55 (55%); holding casts 53 of 100 votes in cars (53%)
}

func ExampleConcertOf() {
	fmt.Println(crossholding.ConcertOf("families"))
	fmt.Println(crossholding.IsConcert("concert:families"))
	fmt.Println(crossholding.IsFloat("float:nissan"))
	// Output:
	// concert:families
	// families true
	// nissan true
}

// A concert is asked about like a holder, wherever control is asked.
func TestConcertsReachDown(t *testing.T) {
	for name, issuer := range map[string]string{"over one company": "holding", "over all": ""} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			c, err := booktest.New(t, familyPact(issuer)).Control(ctx, crossholding.ControlOptions{})
			require.NoError(t, err)
			for _, company := range []string{"holding", "cars", "bank"} {
				answers, err := c.Concerts(ctx, company)
				require.NoError(t, err)
				require.Len(t, answers, 1)
				require.True(t, answers[0].Controlled)
				top, err := c.Ultimate(ctx, company)
				require.NoError(t, err)
				require.Equal(t, []string{"concert:families"}, top)
				yes, err := c.Controls(ctx, top[0], company)
				require.NoError(t, err)
				require.True(t, yes)
			}
			controllers, err := c.Controllers(ctx, "bank")
			require.NoError(t, err)
			require.Equal(t, []string{"cars", "holding", "concert:families"}, controllers)
			controlled, err := c.Controlled(ctx, "concert:families")
			require.NoError(t, err)
			require.Equal(t, []string{"bank", "cars", "holding"}, controlled)
			var pairs []string
			for p, err := range c.Pairs(ctx) {
				require.NoError(t, err)
				pairs = append(pairs, p.Controller+">"+p.Company)
			}
			require.True(t, slices.IsSorted(pairs), pairs)
			require.Subset(t, pairs, []string{"concert:families>bank", "concert:families>cars", "concert:families>holding", "holding>cars"})
			var tops []string
			for p, err := range c.Ultimates(ctx) {
				require.NoError(t, err)
				tops = append(tops, p.Company+"<"+p.Controller)
			}
			require.Equal(t, []string{"bank<concert:families", "cars<concert:families", "holding<concert:families"}, tops)
			_, err = c.Controls(ctx, "concert:none", "cars")
			require.ErrorIs(t, err, crossholding.ErrUnknown)
		})
	}
}

// Whom one member controls alone is not the concert's.
func TestConcertOfOneWhoIsEnough(t *testing.T) {
	b := familyPact("holding")
	b.Stakes[0].Percent = "60"
	c, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	top, err := c.Ultimate(t.Context(), "cars")
	require.NoError(t, err)
	require.Equal(t, []string{"porsche"}, top)
	controllers, err := c.Controllers(t.Context(), "cars")
	require.NoError(t, err)
	require.Equal(t, []string{"holding", "porsche"}, controllers)
}

// What the members of a concert over one company control by themselves is not
// controlled by the concert.
func TestConcertOverOneCompanyStaysThere(t *testing.T) {
	b := familyPact("holding")
	b.Companies = append(b.Companies, crossholding.Company{ID: "farm"})
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "porsche", Issuer: "farm", Percent: "30"},
		crossholding.Stake{Holder: "piech", Issuer: "farm", Percent: "30"})
	c, err := booktest.New(t, b).Control(t.Context(), crossholding.ControlOptions{})
	require.NoError(t, err)
	why, err := c.Why(t.Context(), "concert:families", "farm")
	require.NoError(t, err)
	require.False(t, why.Controlled)
	require.True(t, why.Votes.Equal(ratio.Int(0)), why)
	top, err := c.Ultimate(t.Context(), "farm")
	require.NoError(t, err)
	require.Empty(t, top)
}
