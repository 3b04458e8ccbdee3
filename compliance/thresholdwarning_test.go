package compliance_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Schedule 13D is about a class of voting shares. Holders of 5% of the B shares have 3% of all.
func ExampleThresholdWarnings() {
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2024-06-30",
		Companies: []crossholding.Company{{ID: "alphabet", Country: "US-DE", Listed: true, Shares: []crossholding.ShareClass{
			{Class: "A", Issued: "5874000000"}, {Class: "B", Issued: "866000000", Votes: "10"}}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	warnings, err := compliance.ThresholdWarnings(a, compliance.ThresholdOptions{})
	for _, w := range warnings {
		fmt.Println(w)
	}
	fmt.Println(err)
	// Output:
	// alphabet: several classes of shares: threshold US-13d counts them together, and its law tests each voting class by itself
	// alphabet: several classes of shares: threshold US-13d-2 counts them together, and its law tests each voting class by itself
	// alphabet: several classes of shares: threshold US-16 counts them together, and its law tests each class by itself
	// <nil>
}

// CK Infrastructure has 36% of Power Assets, which has 33.37% of HK Electric Investments (figures of
// their reports of 2023, rounded). It controls neither, but one third of the votes is enough in Hong
// Kong: what Power Assets has counts as its own.
func ExampleThresholds_throughStakes() {
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2023-12-31",
		Companies: []crossholding.Company{{ID: "cki"}, {ID: "power-assets", Country: "HK", Listed: true}, {ID: "hk-electric", Country: "HK", Listed: true}},
		Stakes: []crossholding.Stake{{Holder: "cki", Issuer: "power-assets", Percent: "36"},
			{Holder: "power-assets", Issuer: "hk-electric", Percent: "33.37"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := compliance.Thresholds(context.Background(), a, compliance.ThresholdOptions{Holder: "cki", Issuer: "hk-electric"})
	for _, p := range list {
		fmt.Printf("%s with %v: %s%% of the votes by %s\n", p.Holder, p.With, p.Fraction.Percent(2), p.Rule)
	}
	fmt.Println(err)
	// Output:
	// cki with [power-assets]: 33.37% of the votes by HK-310
	// <nil>
}

func TestThresholdWarnings(t *testing.T) {
	ordinary := crossholding.ShareClass{Issued: "100"}
	pref := crossholding.ShareClass{Class: "pref", Issued: "100", Votes: "0"}
	company := func(country string, listed bool, classes ...crossholding.ShareClass) crossholding.Company {
		return crossholding.Company{ID: "x", Country: country, Listed: listed, Shares: classes}
	}
	for name, c := range map[string]struct {
		day  date.Date
		x    crossholding.Company
		want []string // rules that are named, or words
	}{
		"one class":                      {"2024-01-01", company("BR", true, ordinary), nil},
		"two classes":                    {"2024-01-01", company("BR", true, ordinary, pref), []string{"BR-12"}},
		"two classes, not listed":        {"2024-01-01", company("BR", false, ordinary, pref), nil},
		"one class issued":               {"2024-01-01", company("BR", true, ordinary, crossholding.ShareClass{Class: "pref", Issued: "0"}), nil},
		"one voting class":               {"2024-01-01", company("US-NV", true, ordinary, pref), []string{"US-16"}},
		"Canada":                         {"2024-01-01", company("CA", true, ordinary, pref), []string{"CA-1.1", "CA-5.2", "CA-5.2-2"}},
		"no class test":                  {"2024-01-01", company("FR", true, ordinary, pref), nil},
		"before the law":                 {"1999-12-31", company("FR", true, ordinary), []string{"FR-225-96", "FR-233-7-2005", "FR-234-5"}},
		"first day of one":               {"2000-09-21", company("FR", true, ordinary), []string{"FR-233-7-2005", "FR-234-5"}},
		"day before":                     {"2005-07-26", company("FR", true, ordinary), []string{"FR-233-7-2005", "FR-234-5"}},
		"first day of disclosure":        {"2005-07-27", company("FR", true, ordinary), []string{"FR-234-5"}},
		"first day of all":               {"2014-04-01", company("FR", true, ordinary), nil},
		"before, and not listed":         {"2005-07-26", company("FR", false, ordinary), nil},
		"undated":                        {"", company("FR", true, ordinary), nil},
		"a country without law":          {"2024-01-01", company("VN", true, ordinary), []string{"VN"}},
		"no country anywhere":            {"2024-01-01", company("", true, ordinary), nil},
		"under no law":                   {"2024-01-01", crossholding.Company{ID: "x", Country: "VN", Law: "none", Shares: []crossholding.ShareClass{ordinary}}, nil},
		"another's law":                  {"2024-01-01", crossholding.Company{ID: "x", Country: "VN", Law: "FR", Shares: []crossholding.ShareClass{ordinary}}, nil},
		"a law that has statutes: India": {"2024-01-01", company("IN", true, ordinary), nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := compliance.ThresholdWarnings(booktest.New(t, crossholding.Book{AsOf: c.day, Companies: []crossholding.Company{c.x}}), compliance.ThresholdOptions{})
			require.NoError(t, err)
			require.Len(t, list, len(c.want), "%v", list)
			for i, w := range list {
				require.Contains(t, strings.NewReplacer(",", " ").Replace(w.Text)+" ", " "+c.want[i]+map[bool]string{true: ":", false: " "}[c.want[i] == "VN"])
				require.Equal(t, "x", w.Issuer)
			}
		})
	}
}

// A rule of a company's own, or of its country, is a law of the table, and companies of one law are
// named together.
func TestThresholdWarningsOfATable(t *testing.T) {
	b := crossholding.Book{Companies: []crossholding.Company{{ID: "x", Country: "VN"}, {ID: "y", Country: "VN"}, {ID: "z", Country: "VN", Law: "none"}}}
	for i := range b.Companies {
		b.Companies[i].Shares = []crossholding.ShareClass{{Issued: "100"}}
	}
	a := booktest.New(t, b)
	rule := law.Threshold{ID: "own", Kind: law.DisclosureThreshold, Citation: "articles of x", Issuer: "x", Limits: []ratio.Ratio{ratio.Of(1, 50)}, Bases: []law.ThresholdBase{law.OfCapital}}
	texts := func(opt compliance.ThresholdOptions) string {
		list, err := compliance.ThresholdWarnings(a, opt)
		require.NoError(t, err)
		return fmt.Sprint(list)
	}
	const none = "no threshold of the table is law in VN: only those of no country are tested"
	require.Equal(t, "[x, y: "+none+"]", texts(compliance.ThresholdOptions{}))
	b.Companies = append(b.Companies, crossholding.Company{ID: "w", Shares: b.Companies[0].Shares})
	list, err := compliance.ThresholdWarnings(booktest.New(t, b), compliance.ThresholdOptions{})
	require.NoError(t, err)
	require.Equal(t, "[w: no country: only thresholds of no country are tested x, y: "+none+"]", fmt.Sprint(list))
	require.Equal(t, "[y: "+none+"]", texts(compliance.ThresholdOptions{Extra: []law.Threshold{rule}}))
	rule.Issuer, rule.Country = "", "VN"
	require.Equal(t, "[]", texts(compliance.ThresholdOptions{Extra: []law.Threshold{rule}}))
	_, err = compliance.ThresholdWarnings(a, compliance.ThresholdOptions{Extra: []law.Threshold{{}}})
	require.Error(t, err)
	empty, err := compliance.ThresholdWarnings(nil, compliance.ThresholdOptions{})
	require.NoError(t, err)
	require.Empty(t, empty)
}
