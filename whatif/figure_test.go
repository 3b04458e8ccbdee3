package whatif_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/whatif"
)

// A rule that is not in the tables, or is never law for the companies of the figure, is an
// error. A rule that could be law there counts as 0 where it does not apply.
func TestFigureRules(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-01-02",
		Companies: []crossholding.Company{
			{ID: "x", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "small", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "apart", Country: "FR", Law: "none", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "under", Country: "NL", Law: "JP", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "nowhere", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "none"}},
		Stakes:  []crossholding.Stake{{Holder: "h", Issuer: "x", Shares: "120"}, {Holder: "h", Issuer: "small", Shares: "120"}},
	}
	own := whatif.Options{Thresholds: compliance.ThresholdOptions{Extra: []law.Threshold{{ID: "articles", Issuer: "x", Kind: law.DisclosureThreshold, Citation: "articles", Bases: []law.ThresholdBase{law.OfCapital}, Limits: []ratio.Ratio{ratio.Of(1, 200)}, AtLeast: true}}}}
	tests := []struct {
		name   string
		figure whatif.Figure
		opt    whatif.Options
		want   string
		says   string
	}{
		{"reached", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "FR-233-7"}, whatif.Options{}, "0.1", ""},
		{"reaches none", whatif.Figure{Kind: whatif.Reached, Holder: "none", Issuer: "x", Rule: "FR-233-7"}, whatif.Options{}, "0", ""},
		{"not listed", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "small", Rule: "FR-233-7"}, whatif.Options{}, "0", ""},
		{"own rule", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "articles"}, own, "0.005", ""},
		{"own rule of another", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "small", Rule: "articles"}, own, "", "reached: articles is no rule for small, a company of FR"},
		{"own rule not given", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "articles"}, whatif.Options{}, "", `reached: "articles" is no threshold`},
		{"other table", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "FR-233-7"}, whatif.Options{Thresholds: compliance.ThresholdOptions{Thresholds: []law.Threshold{}}}, "", "is no threshold"},
		{"unknown", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "ZZ-9"}, whatif.Options{}, "", `reached: "ZZ-9" is no threshold`},
		{"another country", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "x", Rule: "DE-33"}, whatif.Options{}, "", "reached: DE-33 is no rule for x, a company of FR"},
		{"another law", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "under", Rule: "FR-233-7"}, whatif.Options{}, "", "a company under the law of JP"},
		{"no law", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "apart", Rule: "FR-233-7"}, whatif.Options{}, "", "to which no law applies"},
		{"no country", whatif.Figure{Kind: whatif.Reached, Holder: "h", Issuer: "nowhere", Rule: "FR-233-7"}, whatif.Options{}, "", "whose country the book does not say"},
		{"statute on reciprocity, of the holder's law", whatif.Figure{Kind: whatif.Reached, Holder: "under", Issuer: "x", Rule: "JP-308-1"}, whatif.Options{}, "0", ""},
		{"statute of nobody's law", whatif.Figure{Kind: whatif.Reached, Holder: "small", Issuer: "x", Rule: "JP-308-1"}, whatif.Options{}, "", "JP-308-1 is no rule for x"},
		{"suspends nothing", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "x", Rule: "FR-233-31"}, whatif.Options{}, "0", ""},
		{"suspends nothing, undated rule of Japan", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "under", Rule: "JP-308-1"}, whatif.Options{}, "0", ""},
		{"unknown statute", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "x", Rule: "ZZ-9"}, whatif.Options{}, "", `suspended: "ZZ-9" is no statute`},
		{"a threshold is no statute", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "x", Rule: "FR-233-7"}, whatif.Options{}, "", "is no statute"},
		{"statute of another country", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "x", Rule: "JP-308-1"}, whatif.Options{}, "", "JP-308-1 is no rule for x, a company of FR"},
		{"treasury", whatif.Figure{Kind: whatif.Suspended, Holder: "h", Issuer: "x", Rule: crossholding.ReasonTreasury}, whatif.Options{}, "0", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := tt.figure.At(t.Context(), booktest.New(t, b), tt.opt)
			if tt.says != "" {
				require.ErrorIs(t, err, crossholding.ErrUnknown)
				require.ErrorContains(t, err, tt.says)
				return
			}
			require.NoError(t, err)
			booktest.RequireRatio(t, tt.want, r)
		})
	}
}

// Every constant of a kind is a kind of figure, and an error lists them all.
func TestEveryKindOfFigure(t *testing.T) {
	kinds := testkit.Constants[string](t, "figure.go", "FigureKind")
	require.Len(t, kinds, 23)
	_, err := whatif.Figure{Kind: "wealth", Holder: "a", Issuer: "x"}.At(t.Context(), nil, whatif.Options{})
	require.ErrorContains(t, err, "those are "+strings.Join(kinds, ", "))
}
