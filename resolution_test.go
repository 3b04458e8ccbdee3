package crossholding_test

import (
	"context"
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
	list, err := v.Resolutions(ctx, "volkswagen", append(crossholding.Majorities(), articles)...)
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
		"a rule is a majority":           {"50", crossholding.Rule{}, false, true},
		"more than half passes by it":    {"50.1", crossholding.Rule{}, true, true},
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
			list, err := v.Resolutions(t.Context(), "x", tc.majority)
			require.NoError(t, err)
			if tc.majority.Threshold.IsZero() {
				tc.majority.Threshold = ratio.Of(1, 2)
			}
			require.Equal(t, tc.majority, list[0].Majority)
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
	list, err := v.Resolutions(t.Context(), "holding")
	require.NoError(t, err)
	require.Len(t, list[0].Voters, 1)
	require.Equal(t, "concert:families", list[0].Voters[0].Voter)
	require.True(t, list[0].Voters[0].Passes)
	require.False(t, list[2].Voters[0].Passes)
	require.True(t, list[2].Voters[0].Blocks)
	_, err = v.Resolutions(t.Context(), "nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = v.Resolutions(t.Context(), "holding", crossholding.Rule{Name: "more", Threshold: ratio.Int(2)}, crossholding.Rule{Name: "less", Threshold: ratio.Int(-1)})
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.ErrorContains(t, err, "\"more\" 2 is")
	require.ErrorContains(t, err, "\"less\" -1 is")
}

// Whoever controls a company decides its votes: in each case by hand.
func TestResolutionsOfControlledVoters(t *testing.T) {
	german := func(b crossholding.Book) crossholding.Book {
		for i := range b.Companies {
			b.Companies[i].Country = "DE"
		}
		return b
	}
	for name, tc := range map[string]struct {
		book    crossholding.Book
		company string
		want    []string // with an ordinary majority
	}{
		// § 328 leaves 25 of alpha's 26: 35 of 99 votes that count.
		"family through a company of a loop": {
			german(booktest.Percents([3]string{"alpha", "beta", "26"}, [3]string{"beta", "alpha", "26"}, [3]string{"family", "alpha", "55"}, [3]string{"family", "beta", "10"})),
			"beta", []string{"family with alpha: 35/99"},
		},
		"two levels": {
			booktest.Percents([3]string{"p", "h", "51"}, [3]string{"h", "k", "60"}, [3]string{"h", "x", "20"}, [3]string{"k", "x", "10"}, [3]string{"q", "x", "25"}),
			"x", []string{"p with h with k: 0.3", "q: 0.25"},
		},
		"half is no control": {
			booktest.Percents([3]string{"p", "h", "50"}, [3]string{"h", "x", "20"}, [3]string{"p", "x", "10"}),
			"x", []string{"h: 0.2", "p: 0.1"},
		},
		"companies under the company itself": {
			booktest.Percents([3]string{"x", "k", "60"}, [3]string{"x", "l", "60"}, [3]string{"k", "x", "10"}, [3]string{"l", "x", "5"}, [3]string{"p", "x", "30"}),
			"x", []string{"p: 0.3", "x with k with l: 0.15"},
		},
		"and that someone controls": {
			booktest.Percents([3]string{"x", "k", "60"}, [3]string{"k", "x", "10"}, [3]string{"p", "x", "51"}),
			"x", []string{"p with k: 0.61"},
		},
		"companies that control one another": {
			booktest.Percents([3]string{"a", "b", "60"}, [3]string{"b", "a", "60"}, [3]string{"a", "x", "10"}, [3]string{"b", "x", "5"}),
			"x", []string{"a with b: 0.15"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := booktest.New(t, tc.book).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			require.Equal(t, tc.want, votersOf(t, v, tc.company))
		})
	}
}

// votersOf lists who votes in a meeting, as "a with b: 0.15".
func votersOf(t *testing.T, v *crossholding.Votes, company string) []string {
	t.Helper()
	list, err := v.Resolutions(t.Context(), company)
	require.NoError(t, err)
	var out []string
	for _, x := range list[0].Voters {
		out = append(out, fmt.Sprintf("%s: %s", strings.Join(append([]string{x.Voter}, x.With...), " with "), x.Fraction))
	}
	return out
}

// A concert has the votes of what its holders control, alone or together. The public
// decides nothing, so a company that it holds votes for itself.
func TestResolutionsOfConcertsWithCompanies(t *testing.T) {
	b := familyPact("")
	b.Companies = append(b.Companies, crossholding.Company{ID: "garage"})
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "porsche", Issuer: "garage", Percent: "90"},
		crossholding.Stake{Holder: "garage", Issuer: "cars", Percent: "7"})
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"concert:families with garage with holding: 0.6", "land: 0.2"}, votersOf(t, v, "cars"))

	b = booktest.Percents([3]string{"all", "k", "80"}, [3]string{"k", "x", "30"}, [3]string{"all", "x", "10"})
	b.Companies, b.Parties = b.Companies[1:], []crossholding.Party{{ID: "all", Kind: crossholding.KindPublic}}
	v, err = booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"k: 0.3"}, votersOf(t, v, "x"))
}

// A company's voters have the votes of all voters together, whoever decides them; and
// nobody who votes is under another who votes.
func TestResolutionsOnRandomBooks(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 8))
	for range testkit.Size(100, 1000) {
		w := booktest.RandomWorld(r, 2+r.IntN(5), 3)
		v, err := w.Alliance(t).Votes(t.Context(), crossholding.VotingOptions{NoLaw: true})
		require.NoError(t, err)
		c, err := w.Alliance(t).Control(t.Context(), crossholding.ControlOptions{Voting: crossholding.VotingOptions{NoLaw: true}})
		require.NoError(t, err)
		company := w.IDs[r.IntN(w.Companies)]
		list, err := v.Resolutions(t.Context(), company)
		require.NoError(t, err)
		var sum, want ratio.Ratio
		for _, x := range list[0].Voters {
			sum = sum.Add(x.Votes)
			for _, under := range x.With {
				yes, err := c.Controls(t.Context(), x.Voter, under)
				require.NoError(t, err)
				require.True(t, yes, "%s over %s", x.Voter, under)
			}
			for _, y := range list[0].Voters {
				if slices.Contains(w.IDs[:w.Companies], y.Voter) && x.Voter != y.Voter {
					yes, err := c.Controls(t.Context(), x.Voter, y.Voter)
					require.NoError(t, err)
					require.False(t, yes, "%s over %s", x.Voter, y.Voter)
				}
			}
		}
		for row := range v.Rows() {
			if _, float := crossholding.IsFloat(row.Holder); row.Issuer == company && !float {
				want = want.Add(row.Free)
			}
		}
		require.Equal(t, want, sum)
	}
}
