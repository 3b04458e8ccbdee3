package compliance_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/bounded"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// stakesOf reads stakes written as holder, issuer and percent.
func stakesOf(list ...string) (out []crossholding.Stake) {
	for i := 0; i < len(list); i += 3 {
		if list[i+1] == "third" { // shares of b, which has 300
			out = append(out, crossholding.Stake{Holder: list[i], Issuer: "b", Shares: ratio.Number(list[i+2])})
			continue
		}
		out = append(out, crossholding.Stake{Holder: list[i], Issuer: list[i+1], Percent: ratio.Number(list[i+2])})
	}
	return out
}

// deemedBook has companies that are known in percent, but for b with 300 shares.
func deemedBook(country string, stakes ...string) crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Country: country, Listed: true}, {ID: "b", Shares: []crossholding.ShareClass{{Issued: "300"}}}, {ID: "c"}, {ID: "d"}},
		Parties:   []crossholding.Party{{ID: "a"}}, Stakes: stakesOf(stakes...),
	}
}

// What counts as a's in x, of which only companies hold shares.
func TestSharesThroughStakes(t *testing.T) {
	au, sg, hk := "AU-671B", "SG-135", "HK-310"
	for _, c := range []struct {
		name, rule string
		stakes     []string
		want       string // a fraction; "" for no position
	}{
		{"AU: at 20%", au, []string{"a", "b", "20", "b", "x", "6"}, ""},
		{"AU: above 20%", au, []string{"a", "third", "61", "b", "x", "6"}, "0.06"},
		{"SG: below 20%", sg, []string{"a", "third", "59", "b", "x", "6"}, ""},
		{"SG: at 20%", sg, []string{"a", "b", "20", "b", "x", "6"}, "0.06"},
		{"HK: below one third", hk, []string{"a", "third", "99", "b", "x", "6"}, ""},
		{"HK: at one third", hk, []string{"a", "third", "100", "b", "x", "6"}, "0.06"},

		{"AU: with what it has itself", au, []string{"a", "b", "21", "b", "x", "6", "a", "x", "1"}, "0.07"},
		{"AU: controlled, and counted once", au, []string{"a", "b", "60", "b", "x", "6"}, "0.06"},
		{"AU: not through a second company", au, []string{"a", "b", "30", "b", "c", "30", "c", "x", "6"}, ""},
		{"SG: not through a second company", sg, []string{"a", "b", "30", "b", "c", "30", "c", "x", "6"}, ""},
		{"HK: through a second company", hk, []string{"a", "b", "40", "b", "c", "40", "c", "x", "6"}, "0.06"},
		{"HK: a second company too small", hk, []string{"a", "b", "40", "b", "c", "30", "c", "x", "6"}, ""},
		{"HK: votes of two paths", hk, []string{"a", "b", "40", "b", "c", "20", "a", "c", "14", "c", "x", "6"}, "0.06"},
		{"HK: votes of two paths, too few", hk, []string{"a", "b", "30", "b", "c", "20", "a", "c", "14", "c", "x", "6"}, ""},
		{"AU: the votes of a subsidiary", au, []string{"a", "b", "60", "b", "c", "21", "c", "x", "6"}, "0.06"},
		{"AU: votes with a subsidiary", au, []string{"a", "b", "60", "b", "c", "11", "a", "c", "10", "c", "x", "6"}, "0.06"},
		{"AU: what the company controls", au, []string{"a", "b", "21", "b", "c", "51", "c", "x", "6"}, "0.06"},
		{"AU: controls half", au, []string{"a", "b", "21", "b", "c", "50", "c", "x", "6"}, ""},

		{"AU: a loop", au, []string{"a", "b", "21", "b", "c", "30", "c", "b", "30", "c", "x", "3", "b", "x", "3"}, "0.03"},
		{"HK: a loop", hk, []string{"a", "b", "34", "b", "c", "34", "c", "b", "34", "c", "x", "3", "b", "x", "3"}, "0.06"},
		{"HK: a loop that nobody reaches", hk, []string{"a", "b", "30", "b", "c", "50", "c", "b", "50", "c", "x", "6"}, ""},
		{"HK: a loop through the issuer", hk, []string{"a", "b", "34", "b", "x", "6", "x", "b", "40"}, "0.06"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := deemedBook(c.rule[:2], c.stakes...)
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
			require.NoError(t, err)
			got := ""
			for _, p := range list {
				if p.Rule == c.rule {
					got = p.Fraction.String()
				}
			}
			require.Equal(t, c.want, got)
			list, err = compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "a", Issuer: "x", Alone: true})
			require.NoError(t, err)
			require.False(t, slices.ContainsFunc(list, func(p compliance.Position) bool { return p.Rule == c.rule && p.Fraction.String() == "0.06" }))
		})
	}
}

// Corporations Act 2001, ss. 12(2), 608(3)(a), 610: of a body corporate, the votes of those that control
// it count too, those of others under its controllers, and those of partners in a concert. Here b has
// 6% of x, and a is a company.
func TestVotesOfAssociates(t *testing.T) {
	concert := func(about string) []crossholding.Agreement {
		return []crossholding.Agreement{{ID: "k", Kind: crossholding.AgreementConcert, Holders: []string{"a", "d"}, Issuer: about}}
	}
	for name, c := range map[string]struct {
		stakes   []string
		concerts []crossholding.Agreement
		want     string
	}{
		"alone":                     {[]string{"a", "b", "6"}, nil, ""},
		"the parent's":              {[]string{"p", "c", "10", "c", "a", "51", "c", "b", "15", "a", "b", "6"}, nil, "0.06"},
		"the parent's: 20%":         {[]string{"p", "c", "10", "c", "a", "51", "c", "b", "15", "a", "b", "5"}, nil, ""},
		"a parent of half":          {[]string{"p", "c", "10", "c", "a", "50", "c", "b", "15", "a", "b", "6"}, nil, ""},
		"a parent that is a person": {[]string{"p", "a", "51", "p", "b", "15", "a", "b", "6"}, nil, ""},
		"a sister's":                {[]string{"p", "a", "51", "p", "c", "51", "c", "b", "21"}, nil, "0.06"},
		"a sister's of half":        {[]string{"p", "a", "51", "p", "c", "50", "c", "b", "21"}, nil, ""},
		"a partner's":               {[]string{"d", "b", "15", "a", "b", "6"}, concert("b"), "0.06"},
		"a partner's elsewhere":     {[]string{"d", "b", "15", "a", "b", "6"}, concert("c"), ""},
		"a partner's everywhere":    {[]string{"d", "b", "15", "a", "b", "6"}, concert(""), "0.06"},
	} {
		t.Run(name, func(t *testing.T) {
			b := deemedBook("AU", append(c.stakes, "b", "x", "6", "a", "x", "1")...)
			b.Parties = []crossholding.Party{{ID: "p"}}
			b.Companies = append(b.Companies, crossholding.Company{ID: "a"})
			b.Agreements = c.concerts
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
			require.NoError(t, err)
			got := ""
			for _, p := range list {
				if p.Rule == "AU-671B" && p.Fraction.String() != "0.01" {
					got = p.Fraction.Sub(ratio.Of(1, 100)).String()
				}
			}
			require.Equal(t, c.want, got)
		})
	}
}

// A purchase of shares of the company between crosses the threshold at the company below.
func TestCrossingThroughStakes(t *testing.T) {
	for _, c := range []struct {
		country, has, buys string
		want               []string
	}{
		{"AU", "59", "1", nil}, // to 20%
		{"AU", "60", "1", []string{"0 a AU-671B voting above 0.05"}},
		{"SG", "58", "1", nil},
		{"SG", "59", "1", []string{"0 a SG-135 voting above 0.05", "0 a SG-135 voting above 0.06"}},
		{"HK", "98", "1", nil},
		{"HK", "99", "1", []string{"0 a HK-310 voting above 0.05", "0 a HK-310 voting above 0.06"}},
	} {
		t.Run(fmt.Sprint(c.country, c.has), func(t *testing.T) {
			b := deemedBook(c.country, "a", "third", c.has, "b", "x", "6")
			b.AsOf = "2024-01-01"
			o := booktest.Run(t, b, scenario.Step{Step: "trade", Date: "2024-01-02", From: crossholding.FloatOf("b"), To: "a", Issuer: "b", Shares: ratio.Number(c.buys)})
			got := crossings(t, o, compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
			if len(c.want) == 0 {
				require.Empty(t, got)
				return
			}
			require.Equal(t, c.want, got)
		})
	}
}

// In a book with bands, a rule that counts shares through stakes is in doubt.
func TestBandsThroughStakes(t *testing.T) {
	b := deemedBook("AU", "b", "x", "6")
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "a", Issuer: "b", Between: "10%-30%"}, crossholding.Stake{Holder: "a", Issuer: "x", Percent: "1"})
	list, err := bounded.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
	require.NoError(t, err)
	i := slices.IndexFunc(list, func(p bounded.Position) bool { return p.Most.Rule == "AU-671B" })
	require.GreaterOrEqual(t, i, 0)
	require.True(t, list[i].Doubt)
	require.Equal(t, crossholding.CertaintyDepends, list[i].Answer(ratio.Of(1, 20)))
}

func TestDeemedRuleFaults(t *testing.T) {
	rule := law.Threshold{ID: "t", Citation: "c", Kind: law.DisclosureThreshold, Limits: []ratio.Ratio{ratio.Of(1, 20)},
		Bases: []law.ThresholdBase{law.OfVoting}, Counts: []law.Attribution{law.ThroughStakes}}
	for _, c := range []struct {
		name   string
		share  ratio.Ratio
		counts []law.Attribution
		want   string
	}{
		{"no share", ratio.Ratio{}, rule.Counts, "not a fraction between 0 and 1"},
		{"all", ratio.Int(1), rule.Counts, "not a fraction between 0 and 1"},
		{"not counted", ratio.Of(1, 5), []law.Attribution{law.InOwnName}, "does not count shares through stakes"},
		{"good", ratio.Of(1, 5), rule.Counts, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := rule
			r.Counts, r.Deemed.Share = c.counts, c.share
			faults := law.CheckThresholds([]law.Threshold{r})
			if c.want == "" {
				require.Empty(t, faults)
				return
			}
			require.Len(t, faults, 1)
			require.Contains(t, faults[0].Reason, c.want)
		})
	}
}

// C. com., art. L.233-9, I, 2°: what companies have counts that one controls by more than half of
// the votes, or by more than 40% while nobody else has as many (art. L.233-3, II), and so do shares
// that a controlled issuer has of itself. Worked by hand: a has 1% of x itself, and b has 6%.
func TestFrenchPresumptionOfControl(t *testing.T) {
	for name, c := range map[string]struct {
		stakes   string // in percent, beside 1% of x for a and 6% for b
		treasury string
		want     string // what counts as a's of the capital of x
	}{
		"a majority":                     {"a>b 51", "", "0.07"},
		"40% is not passed":              {"a>b 40", "", "0.01"},
		"41%":                            {"a>b 41", "", "0.07"},
		"41%, and another has less":      {"a>b 41, c>b 40", "", "0.07"},
		"41%, and another has as many":   {"a>b 41, c>b 41", "", "0.01"},
		"41%, and another has more":      {"a>b 41, c>b 42", "", "0.01"},
		"half, and another has half":     {"a>b 50, c>b 50", "", "0.01"},
		"presumed, then a majority":      {"a>e 41, e>b 51", "", "0.07"},
		"a majority, then presumed":      {"a>e 51, e>b 41", "", "0.07"},
		"presumed twice":                 {"a>e 41, e>b 41", "", "0.07"},
		"presumed and not":               {"a>e 41, e>b 40", "", "0.01"},
		"with a presumed company":        {"a>e 41, e>b 21, a>b 20", "", "0.07"},
		"own shares of a controlled x":   {"a>x 46", "10", "0.57"}, // 47 of 90 votes
		"own shares of a presumed x":     {"a>x 36", "10", "0.47"}, // 37 of 90 votes: 41.1%
		"own shares, not controlled":     {"a>x 35", "10", "0.36"}, // 36 of 90: 40%
		"own shares through b":           {"a>b 41, b>x 34", "10", "0.51"},
		"own shares, and another has it": {"a>x 36, c>x 41", "10", "0.37"},
	} {
		t.Run(name, func(t *testing.T) {
			b := crossholding.Book{AsOf: "2024-06-30", Parties: []crossholding.Party{{ID: "a"}, {ID: "c"}}}
			for _, id := range []string{"b", "e"} {
				b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: "FR", Shares: []crossholding.ShareClass{{Issued: "100"}}})
			}
			b.Companies = append(b.Companies, crossholding.Company{ID: "x", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "100", Treasury: ratio.Number(c.treasury)}}})
			has := map[[2]string]int{{"a", "x"}: 1, {"b", "x"}: 6}
			for k := range strings.SplitSeq(c.stakes, ", ") {
				var holder, issuer string
				var n int
				_, err := fmt.Sscanf(strings.Replace(k, ">", " ", 1), "%s %s %d", &holder, &issuer, &n)
				require.NoError(t, err)
				has[[2]string{holder, issuer}] += n
			}
			for k, n := range has {
				b.Stakes = append(b.Stakes, crossholding.Stake{Holder: k[0], Issuer: k[1], Shares: ratio.Number(fmt.Sprint(n))})
			}
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
			require.NoError(t, err)
			i := slices.IndexFunc(list, func(p compliance.Position) bool { return p.Rule == "FR-233-7" && p.Base == law.OfCapital })
			require.Equal(t, c.want, list[i].Fraction.String())
			require.Equal(t, strings.HasPrefix(name, "own shares") && !strings.Contains(name, "not ") && !strings.Contains(name, "another"), slices.Contains(list[i].With, "x"))
		})
	}
}

// The votes that presume control are those that one casts: a casts 41% of b for c, and has 1% of x.
// Through b it has 6% more.
func TestPresumptionByProxy(t *testing.T) {
	hundred := []crossholding.ShareClass{{Issued: "100"}}
	b := crossholding.Book{AsOf: "2024-06-30", Parties: []crossholding.Party{{ID: "a"}, {ID: "c"}},
		Companies: []crossholding.Company{{ID: "b", Country: "FR", Shares: hundred}, {ID: "x", Country: "FR", Listed: true, Shares: hundred}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "1"}, {Holder: "b", Issuer: "x", Shares: "6"},
			{Holder: "c", Issuer: "b", Shares: "41"}},
		Agreements: []crossholding.Agreement{{ID: "proxy", Kind: crossholding.AgreementProxy, Holders: []string{"c"}, Leader: "a", Issuer: "b"}}}
	list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Issuer: "x"})
	require.NoError(t, err)
	has := map[string]string{}
	for _, p := range list {
		if p.Rule == "FR-233-7" && p.Base == law.OfCapital {
			has[p.Holder] = p.Fraction.String()
		}
	}
	require.Equal(t, map[string]string{"a": "0.07", "b": "0.06"}, has)
}

// a has 1% of x itself, and b has 6%. What b has counts for a while it has 41% of b, and no longer
// when it has 39%. The step before counts x already, and then nothing changes there.
func TestCrossingByPresumption(t *testing.T) {
	hundred := []crossholding.ShareClass{{Issued: "100"}}
	for _, c := range []struct{ has, from, to, want string }{
		{"39", crossholding.FloatOf("b"), "a", "FR-233-7 0.01 0.07"},
		{"41", "a", crossholding.FloatOf("b"), "FR-233-7 0.07 0.01"},
	} {
		b := crossholding.Book{AsOf: "2024-06-30", Parties: []crossholding.Party{{ID: "a"}, {ID: "c"}},
			Companies: []crossholding.Company{{ID: "b", Country: "FR", Shares: hundred}, {ID: "x", Country: "FR", Listed: true, Shares: hundred}},
			Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "1"}, {Holder: "b", Issuer: "x", Shares: "6"},
				{Holder: "a", Issuer: "b", Shares: ratio.Number(c.has)}}}
		o := booktest.Run(t, b,
			scenario.Step{Step: "trade", From: crossholding.FloatOf("x"), To: "c", Issuer: "x", Shares: "1"},
			scenario.Step{Step: "trade", From: c.from, To: c.to, Issuer: "b", Shares: "2"})
		list, err := compliance.Crossings(t.Context(), o, compliance.ThresholdOptions{Holder: "a", Issuer: "x"})
		require.NoError(t, err)
		var got []string
		for _, x := range list {
			got = append(got, fmt.Sprint(x.Rule, " ", x.Before, " ", x.After))
		}
		require.Equal(t, []string{c.want, c.want}, got) // of capital and of votes
	}
}

// A purchase makes a the presumed controller of x, with 37 of 90 votes: its own 10% count from then
// on. With 46 of 90 votes it has a majority, and its 56% pass 50%.
func TestCrossingWithOwnShares(t *testing.T) {
	for _, c := range []struct {
		has, buys string
		want      []string
	}{
		{"36", "1", []string{"FR-234-5 0.36 0.47", "FR-234-5 0.36 0.47"}},
		{"40", "6", []string{"FR-233-7 0.5 0.56", "FR-233-7 0.5 0.56", "FR-234-5 0.5 0.56", "FR-234-5 0.5 0.56", "majority 4/9 23/45"}},
	} {
		b := crossholding.Book{AsOf: "2024-06-30", Parties: []crossholding.Party{{ID: "a"}},
			Companies: []crossholding.Company{{ID: "x", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "100", Treasury: "10"}}}},
			Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: ratio.Number(c.has)}}}
		o := booktest.Run(t, b, scenario.Step{Step: "trade", Date: "2024-07-01", From: crossholding.FloatOf("x"), To: "a", Issuer: "x", Shares: ratio.Number(c.buys)})
		list, err := compliance.Crossings(t.Context(), o, compliance.ThresholdOptions{Holder: "a"})
		require.NoError(t, err)
		var got []string
		for _, x := range list {
			got = append(got, fmt.Sprint(x.Rule, " ", x.Before, " ", x.After))
		}
		require.Equal(t, c.want, got)
	}
}
