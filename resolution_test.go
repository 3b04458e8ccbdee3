package crossholding_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// Volkswagen's articles ask for four fifths, so that a fifth blocks: the votes of
// 2023, rounded (Porsche SE 53.3%, Lower Saxony 20%, Qatar 17%; not verified).
func ExampleVotes_Resolutions() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "volkswagen"}},
		Parties:   []crossholding.Party{{ID: "porsche-se"}, {ID: "lower-saxony", Kind: crossholding.KindState}, {ID: "qatar", Kind: crossholding.KindState}},
		Stakes: []crossholding.Stake{
			{Holder: "porsche-se", Issuer: "volkswagen", Percent: "53.3"},
			{Holder: "lower-saxony", Issuer: "volkswagen", Percent: "20"},
			{Holder: "qatar", Issuer: "volkswagen", Percent: "17"},
		},
	})
	check(err)
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	articles := crossholding.Rule{Name: "articles", Threshold: ratio.MustParse("80%")}
	list, err := v.Resolutions("volkswagen", append(crossholding.Majorities(), articles)...)
	check(err)
	for _, r := range list {
		fmt.Println(r.Majority.Name)
		for _, x := range r.Voters {
			fmt.Println("  " + x.String())
		}
	}
	// Output:
	// ordinary
	//   porsche-se, with 53.3% of the votes, can pass it alone and can block it alone
	//   lower-saxony, with 20% of the votes, can pass it with porsche-se and can block it with porsche-se
	//   qatar, with 17% of the votes, can pass it with porsche-se and can block it with porsche-se
	// two thirds
	//   porsche-se, with 53.3% of the votes, can pass it with lower-saxony and can block it alone
	//   lower-saxony, with 20% of the votes, can pass it with porsche-se and can block it with porsche-se
	//   qatar, with 17% of the votes, can pass it with porsche-se and can block it with porsche-se
	// three quarters
	//   porsche-se, with 53.3% of the votes, can pass it with lower-saxony, qatar and can block it alone
	//   lower-saxony, with 20% of the votes, can pass it with porsche-se, qatar and can block it with porsche-se
	//   qatar, with 17% of the votes, can pass it with porsche-se, lower-saxony and can block it with porsche-se
	// articles
	//   porsche-se, with 53.3% of the votes, can pass it with lower-saxony, qatar and can block it alone
	//   lower-saxony, with 20% of the votes, can pass it with porsche-se, qatar and can block it alone
	//   qatar, with 17% of the votes, can pass it with porsche-se, lower-saxony and can block it with porsche-se
}

func TestResolutionsAtEquality(t *testing.T) {
	for name, tc := range map[string]struct {
		percent        ratio.Number
		majority       crossholding.Rule
		passes, blocks bool
	}{
		"half passes nothing":            {"50", crossholding.Rule{Threshold: ratio.Of(1, 2)}, false, true},
		"half is enough where at least":  {"50", crossholding.Rule{Threshold: ratio.Of(1, 2), AtLeast: true}, true, false},
		"a quarter does not block 3/4":   {"25", crossholding.Rule{Threshold: ratio.Of(3, 4), AtLeast: true}, false, false},
		"a quarter blocks more than 3/4": {"25", crossholding.Rule{Threshold: ratio.Of(3, 4)}, false, true},
		"above a quarter blocks 3/4":     {"25.01", crossholding.Rule{Threshold: ratio.Of(3, 4), AtLeast: true}, false, true},
		"all pass unanimity":             {"100", crossholding.Rule{Threshold: ratio.Int(1), AtLeast: true}, true, true},
		"one vote blocks unanimity":      {"1", crossholding.Rule{Threshold: ratio.Int(1), AtLeast: true}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, booktest.Percents([3]string{"p", "x", string(tc.percent)}))
			v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			list, err := v.Resolutions("x", tc.majority)
			require.NoError(t, err)
			require.Equal(t, tc.passes, list[0].Voters[0].Passes)
			require.Equal(t, tc.blocks, list[0].Voters[0].Blocks)
		})
	}
}

// Those in concert vote as one, and the public's votes count but agree on nothing.
func TestResolutionsOfConcerts(t *testing.T) {
	b := familyPact("holding")
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	list, err := v.Resolutions("holding")
	require.NoError(t, err)
	require.Len(t, list[0].Voters, 1)
	require.Equal(t, "concert:families", list[0].Voters[0].Voter)
	require.True(t, list[0].Voters[0].Passes)
	require.False(t, list[2].Voters[0].Passes)
	require.True(t, list[2].Voters[0].Blocks)
	_, err = v.Resolutions("nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = v.Resolutions("holding", crossholding.Rule{Threshold: ratio.Int(2)})
	require.ErrorIs(t, err, crossholding.ErrRange)
}
