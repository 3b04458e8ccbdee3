package crossholding_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// stakesOf makes a book of companies with a country, "x FR", each of 100 shares, and stakes in
// percent, "x>y 41". A stake can be held for another's money: "x>y 41 p".
func stakesOf(companies, stakes string) crossholding.Book {
	b := crossholding.Book{Parties: []crossholding.Party{{ID: "p"}}}
	for c := range strings.SplitSeq(companies, ", ") {
		id, country, _ := strings.Cut(c, " ")
		country, listed := strings.CutSuffix(country, " listed")
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: country, Listed: listed, Shares: []crossholding.ShareClass{{Issued: "100"}}})
	}
	for k := range strings.SplitSeq(stakes, ", ") {
		f := append(strings.FieldsFunc(k, func(r rune) bool { return r == '>' || r == ' ' }), "")
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: f[0], Issuer: f[1], Shares: ratio.Number(f[2]), Beneficiary: f[3]})
	}
	return b
}

// A doubt of a rule is told where it changes votes, and nowhere else. The figures are worked by
// hand from the rules: more than 40% and the largest, more than 3% of each other, and so on.
func TestDoubtsOfRules(t *testing.T) {
	for name, c := range map[string]struct{ companies, stakes, want string }{
		"presumed control": {"x FR, y US-NV", "x>y 41, y>x 10",
			"rule FR-233-31 can be another, if the presumption of control above 40% is rebutted: then y has 10 votes in x instead of 0"},
		"a majority": {"x FR, y US-NV", "x>y 51, y>x 10", ""},
		"nobody presumed": {"x FR, y US-NV", "x>y 40, y>x 10",
			"rule FR-233-29 can be another, if the article reaches foreign companies: then y has 0 votes in x instead of 10"},
		"small Italian issuer": {"x IT listed, y IT listed", "x>y 4, y>x 6", "rule IT-121 can be another, if the issuer is a small or medium enterprise, whose limit is 5%: then y has 6 votes in x instead of 3, x has 4 votes in y instead of 3"},
		"Italian at 3%":        {"x IT listed, y IT listed", "x>y 3, y>x 6", ""},
		"first notice":         {"x DE, y DE", "x>y 30, y>x 28", "rule DE-328 can be another, if the holder gave notice first (§ 328 Abs. 2): then y has 28 votes in x instead of 25, x has 30 votes in y instead of 25"},
		"a quarter each":       {"x DE, y DE", "x>y 25, y>x 25", ""},
		"held for another":     {"x JP, y JP", "x>y 25, y>x 10 p", "rule JP-308-1 can be another, if the article does not reach shares held for another's account: then y has 10 votes in x instead of 0"},
		"its own":              {"x JP, y JP", "x>y 25, y>x 10", ""},
		"foreign subsidiary":   {"x US-CA, y US-DE", "x>y 26, y>x 10", "rule US-CA-703 can be another, if the article reaches foreign subsidiaries: then y has 0 votes in x instead of 10"},
		"through a subsidiary": {"x US-NY, s US-NY, y US-NY", "x>s 51, s>y 51, y>x 10", "rule US-NY-612b can be another, if what subsidiaries of the issuer hold does not count: then y has 10 votes in x instead of 0"},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := booktest.New(t, stakesOf(c.companies, c.stakes)).Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			got := []string{}
			for _, w := range warnings(t, v) {
				if strings.HasPrefix(w.Text, "rule ") {
					got = append(got, w.String())
				}
			}
			require.Equal(t, c.want, strings.Join(got, "; "))
		})
	}
}

// A doubt under which the law has several readings says so, and one pair is named as such.
func TestDoubtWithReadings(t *testing.T) {
	b := stakesOf("x FR, y FR", "x>y 51, y>x 51")
	table := []law.Statute{{ID: "z", Citation: "z", Country: "FR", Kind: law.TestHolds, Measure: law.MeasureShares, Threshold: ratio.Of(1, 2)}}
	other := table[0]
	other.Measure, other.Kind = "", law.TestControls
	table[0].Doubts = []law.Doubt{{If: "votes decide", Rule: &other}}
	v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{Statutes: table})
	require.NoError(t, err)
	require.Contains(t, fmt.Sprint(warnings(t, v)), "rule z can be another, if votes decide: the votes cannot then be counted: ")

	v, err = booktest.New(t, stakesOf("x FR, y US-NV", "x>y 41, y>x 10")).Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	w := warnings(t, v)
	require.Equal(t, "y in x", w[len(w)-1].Holder+" in "+w[len(w)-1].Issuer)
	none, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{NoLaw: true})
	require.NoError(t, err)
	require.Empty(t, warnings(t, none))
}

// Art. 179(2)(3) of Taiwan's Company Act also speaks of sister companies that hold shares one way.
// What a company holds of its own subsidiary is no such case.
func TestSistersThatHoldSharesOneWay(t *testing.T) {
	for stakes, want := range map[string]string{
		"q>x 60, q>y 60, y>x 10":         "q controls x and y, and 10 votes of y in x count: rule TW-179 is not tested between companies that hold shares one way",
		"q>x 40, q>y 60, y>x 10":         "",
		"q>y 60, y>x 60":                 "",
		"q>x 60, q>y 60, y>x 10, x>y 10": "",
		"q>x 60, y>x 10":                 "",
	} {
		v, err := booktest.New(t, stakesOf("q TW, x TW, y TW", stakes)).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		got := ""
		for _, w := range warnings(t, v) {
			got += w.String()
		}
		require.Equal(t, want, got, stakes)
	}
}

// Delaware counts the shares that can vote for directors, each once. Of y, x has 60 shares of 100 and
// 60 votes of 460.
func TestSharesThatCanVote(t *testing.T) {
	for name, c := range map[string]struct {
		votes, country, want string
	}{
		"ten votes":   {"10", "US-DE", "y: shares have different votes: rule US-DE-160c counts votes, and its article shares that can vote"},
		"one vote":    {"1", "US-DE", ""},
		"no vote":     {"0", "US-DE", ""},
		"another law": {"10", "GB", ""},
	} {
		b := crossholding.Book{Companies: []crossholding.Company{
			{ID: "x", Country: c.country, Shares: []crossholding.ShareClass{{Issued: "100"}}},
			{ID: "y", Country: c.country, Shares: []crossholding.ShareClass{{Class: "a", Issued: "60"}, {Class: "b", Issued: "40", Votes: ratio.Number(c.votes)}}},
		}, Stakes: []crossholding.Stake{{Holder: "x", Issuer: "y", Class: "a", Shares: "60"}, {Holder: "y", Issuer: "x", Shares: "10"}}}
		v, err := booktest.New(t, b).Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		got := ""
		for _, w := range warnings(t, v) {
			got += w.String()
		}
		require.Equal(t, c.want, got, name)
	}
}
