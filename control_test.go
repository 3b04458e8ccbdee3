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

// lotte is a part of the Lotte group with its rings, by stakes of about July 2015
// as the press gave them (not verified).
func lotte() (*crossholding.Alliance, error) {
	company := func(id, name, issued string) crossholding.Company {
		return crossholding.Company{ID: id, Name: name, Country: "KR", Shares: []crossholding.ShareClass{{Issued: ratio.Number(issued)}}}
	}
	return crossholding.New(crossholding.Book{
		AsOf: "2015-07-30",
		Companies: []crossholding.Company{
			company("shopping", "Lotte Shopping", "31490892"), company("daehong", "Daehong Communications", "500000"),
			company("confectionery", "Lotte Confectionery", "1421400"), company("chilsung", "Lotte Chilsung", "1358011"),
		},
		Parties: []crossholding.Party{{ID: "shin", Name: "Shin Dong-bin", Kind: crossholding.KindPerson}},
		Stakes: []crossholding.Stake{
			{Holder: "confectionery", Issuer: "shopping", Percent: "7.86"}, {Holder: "shin", Issuer: "shopping", Percent: "13.46"},
			{Holder: "shopping", Issuer: "daehong", Percent: "34"}, {Holder: "confectionery", Issuer: "daehong", Percent: "30"},
			{Holder: "daehong", Issuer: "confectionery", Percent: "3.27"}, {Holder: "chilsung", Issuer: "confectionery", Percent: "18.33"},
			{Holder: "confectionery", Issuer: "chilsung", Percent: "19.29"},
		},
		Agreements: []crossholding.Agreement{{ID: "siblings", Kind: crossholding.AgreementConcert, Holders: []string{"shopping", "confectionery"}}},
	})
}

// Ids make way for the names that the book gives.
func ExampleReason_WithNames() {
	ctx := context.Background()
	a, err := lotte()
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := v.Of("daehong", "confectionery")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range n.Reasons {
		fmt.Println(r.WithNames(a.Name))
	}
	// Output: 46,480 votes of Daehong Communications in Lotte Confectionery do not count: Lotte Confectionery has 150,000 of 500,000 shares of Daehong Communications, 30%: more than 10% (Commercial Act (Korea), art. 369(3))
}

// Neither of the two controls Daehong alone; in concert they do.
func ExampleControl_Concerts() {
	ctx := context.Background()
	a, err := lotte()
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	answers, err := c.Concerts(ctx, "daehong")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, answer := range answers {
		fmt.Println(answer.WithNames(a.Name))
	}
	// Output: Lotte Confectionery with Lotte Shopping controls Daehong Communications: Lotte Confectionery casts 150,000 and Lotte Shopping casts 170,000 of 500,000 votes in Daehong Communications, together 320,000 (64%)
}

func TestConcerts(t *testing.T) {
	for name, tc := range map[string]struct {
		agreement string
		want      int
	}{
		"in force":          {"k: concert a+b in=x from=2020-01-01", 1},
		"over":              {"k: concert a+b in=x to=2019-12-31", 0},
		"about another":     {"k: concert a+b in=y", 0},
		"about all":         {"k: concert a+b", 1},
		"waiting in vain":   {"k: concert a+b in=x while=a", 0},
		"another agreement": {"k: proxy a leader=b", 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := lawAlliance(t, "@2020-01-01; x AE; y AE; a; b; a>x 30; b>x 21; "+tc.agreement)
			c, err := a.Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			answers, err := c.Concerts(t.Context(), "x")
			require.NoError(t, err)
			require.Len(t, answers, tc.want)
			for _, answer := range answers {
				require.True(t, answer.Controlled)
			}
			_, err = c.Concerts(t.Context(), "a")
			require.Error(t, err, "a party has no meeting")
		})
	}
}

func TestName(t *testing.T) {
	a, err := lotte()
	require.NoError(t, err)
	for id, want := range map[string]string{
		"shin": "Shin Dong-bin", "chilsung": "Lotte Chilsung", "float:chilsung": "the float of Lotte Chilsung", "elsewhere": "elsewhere",
	} {
		require.Equal(t, want, a.Name(id))
	}
}

// A no is renamed too, its rivals and those who withhold votes with it.
func TestRenamedNo(t *testing.T) {
	loud := func(id string) string { return "<" + id + ">" }
	a := lawAlliance(t, "x AE; a; b; trust; a>x 41; b>x 45; trust>x 10 money=a voter=neutral")
	c, err := a.Control(t.Context(), crossholding.ControlOptions{Presumed: ratio.MustParse("2/5")})
	require.NoError(t, err)
	answer, err := c.Why(t.Context(), "a", "x")
	require.NoError(t, err)
	require.Equal(t, "<a> does not control <x>: it has 41 of 90 votes (45.56%) and lacks more than 4; <b> has 45; 10 votes of <trust> in <x> do not count: <trust> holds them for another's money, and they are neutral (voter)", answer.WithNames(loud).String())
	require.Equal(t, "a", answer.Controllers[0], "the answer itself stays")
}

func TestControlFaultsAtOnce(t *testing.T) {
	_, err := lawAlliance(t, "x AE").Control(t.Context(), crossholding.ControlOptions{Threshold: ratio.Int(2), Presumed: ratio.Int(-1), Basis: "seats"})
	for _, says := range []string{"Threshold 2 is not within 0 and 1", "Presumed -1 is not within 0 and 1", `basis "seats", which can be exercisable, theoretical, capital or nothing`} {
		require.ErrorContains(t, err, says)
	}
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// TestControlOnHugeCounts: a company whose counts need more than 64 bits is
// counted against the same base as one whose do not.
func TestControlOnHugeCounts(t *testing.T) {
	book := func(zeros ratio.Number) crossholding.Book {
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "A", Shares: []crossholding.ShareClass{{Issued: "100" + zeros, Treasury: "10" + zeros}}}},
			Parties:   []crossholding.Party{{ID: "P"}, {ID: "trust", Kind: crossholding.KindTrust}},
			Stakes: []crossholding.Stake{
				{Holder: "P", Issuer: "A", Shares: "40" + zeros},
				{Holder: "trust", Issuer: "A", Shares: "15" + zeros, Voter: crossholding.Neutral},
			},
		}
	}
	for _, c := range []struct {
		basis crossholding.Basis
		want  string // of 40 votes in the base
	}{
		{"", "40/75"}, {crossholding.BasisExercisable, "40/90"}, {crossholding.BasisTheoretical, "40/100"}, {crossholding.BasisCapital, "40/100"},
	} {
		for _, zeros := range []ratio.Number{"", "0000000000000000000000000"} {
			t.Run(string(c.basis)+"/"+string(zeros), func(t *testing.T) {
				for _, threshold := range []string{c.want, "1/10000"} {
					control, err := booktest.New(t, book(zeros)).Control(t.Context(), crossholding.ControlOptions{Basis: c.basis, Threshold: ratio.MustParse(threshold)})
					require.NoError(t, err)
					why, err := control.Why(t.Context(), "P", "A")
					require.NoError(t, err)
					require.Equal(t, threshold != c.want, why.Controlled, why.String())
				}
			})
		}
	}
}

// Where parts of a vote exist, a no says which figure must be passed; where votes are whole,
// the fewest that are enough.
func TestNeededVotes(t *testing.T) {
	half, third := ratio.Of(1, 2), ratio.Of(1, 3)
	whole := []crossholding.ShareClass{{Issued: "100"}}
	parts := []crossholding.ShareClass{{Issued: "100", Fractions: true}}
	for name, tc := range map[string]struct {
		shares   []crossholding.ShareClass
		p, q     ratio.Number // percent
		opt      crossholding.ControlOptions
		needed   string
		moreThan bool
		lacks    string
	}{
		"known in percent":      {nil, "40", "10", crossholding.ControlOptions{}, "50", true, "lacks more than 10"},
		"with decimals":         {nil, "39.5", "10.25", crossholding.ControlOptions{}, "50", true, "lacks more than 10.5"},
		"at least":              {nil, "40", "10", crossholding.ControlOptions{Threshold: half, AtLeast: true}, "50", false, "lacks 10"},
		"exactly half":          {nil, "50", "10", crossholding.ControlOptions{}, "50", true, "lacks more than 0"},
		"a third":               {nil, "30", "10", crossholding.ControlOptions{Threshold: third}, "100/3", true, "lacks more than 10/3"},
		"presumed, above rival": {nil, "30", "45", crossholding.ControlOptions{Presumed: ratio.Of(2, 5)}, "45", true, "lacks more than 15"},
		"presumed, no rival":    {nil, "30", "10", crossholding.ControlOptions{Presumed: ratio.Of(2, 5)}, "40", true, "lacks more than 10"},
		"presumed is no help":   {nil, "30", "60", crossholding.ControlOptions{Presumed: ratio.Of(2, 5), Threshold: half, AtLeast: true}, "50", false, "lacks 20"},
		"whole shares":          {whole, "40", "10", crossholding.ControlOptions{}, "51", false, "lacks 11"},
		"a third of whole ones": {whole, "30", "10", crossholding.ControlOptions{Threshold: third}, "34", false, "lacks 4"},
		"parts of a share":      {parts, "40", "10", crossholding.ControlOptions{}, "50", true, "lacks more than 10"},
		"capital, whole shares": {whole, "40", "10", crossholding.ControlOptions{Basis: crossholding.BasisCapital}, "51", false, "lacks 11"},
		"capital, in percent":   {nil, "40", "10", crossholding.ControlOptions{Basis: crossholding.BasisCapital}, "50", true, "lacks more than 10"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, crossholding.Book{
				Companies: []crossholding.Company{{ID: "x", Shares: tc.shares}},
				Parties:   []crossholding.Party{{ID: "p"}, {ID: "q"}},
				Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: tc.p}, {Holder: "q", Issuer: "x", Percent: tc.q}},
			})
			c, err := a.Control(t.Context(), tc.opt)
			require.NoError(t, err)
			why, err := c.Why(t.Context(), "p", "x")
			require.NoError(t, err)
			require.Equal(t, tc.needed, why.Needed.String())
			require.Equal(t, tc.moreThan, why.MoreThan)
			require.Contains(t, why.String()+".", tc.lacks)
			require.NotContains(t, why.String(), tc.lacks+"0")
		})
	}
}
