package compliance_test

import (
	"fmt"
	"slices"
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
