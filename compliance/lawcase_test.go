package compliance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// lawCase is one case of testdata/lawcases.json.
type lawCase struct {
	Name     string
	Book     crossholding.Book
	Scenario *scenario.Scenario
	Expected struct {
		Votes []struct {
			Holder, Issuer string
			Exercisable    ratio.Ratio
		}
		Crossings []struct {
			Holder string
			Limit  ratio.Ratio
			Up     bool
		}
		OfRules    []string `json:"of_rules"`
		Beneficial *struct {
			Company string
			Owners  []string
		}
		CloseLinks *struct {
			Reading compliance.CloseLinkReading
			Third   compliance.ThirdPartyTest
			Links   []string
		}
	}
}

func TestLawCases(t *testing.T) {
	var file struct{ Cases []lawCase }
	booktest.Load(t, "compliance/testdata/lawcases.json", &file)
	require.Len(t, file.Cases, 19)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			a := booktest.New(t, c.Book)
			v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
			require.NoError(t, err)
			for _, want := range c.Expected.Votes {
				n, err := v.Of(want.Holder, want.Issuer)
				require.NoError(t, err)
				require.Equal(t, want.Exercisable.String(), n.Exercisable.String(), "%s in %s", want.Holder, want.Issuer)
			}
			if c.Scenario != nil {
				requireCrossings(t, a, &c)
			}
			if want := c.Expected.Beneficial; want != nil {
				r, err := compliance.BeneficialOwners(t.Context(), a, want.Company, compliance.BeneficialOwnerOptions{})
				require.NoError(t, err)
				require.Len(t, r.Owners, len(want.Owners))
			}
			if want := c.Expected.CloseLinks; want != nil {
				links, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: want.Reading, Third: want.Third})
				require.NoError(t, err)
				got := []string{}
				for _, l := range links {
					got = append(got, l.A+"~"+l.B)
				}
				require.Equal(t, want.Links, got)
			}
		})
	}
}

// requireCrossings runs the scenario of a case and compares the crossings of its rules.
func requireCrossings(t *testing.T, a *crossholding.Alliance, c *lawCase) {
	t.Helper()
	out, err := scenario.Run(t.Context(), a, *c.Scenario)
	require.NoError(t, err)
	list, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(t, err)
	got, want := []string{}, []string{}
	text := func(holder string, limit ratio.Ratio, up bool) string {
		return strings.Join([]string{holder, limit.String(), map[bool]string{true: "up", false: "down"}[up]}, " ")
	}
	for _, x := range list {
		if slices.Contains(c.Expected.OfRules, x.Rule) || slices.Contains(c.Expected.OfRules, string(x.Kind)) {
			got = append(got, text(x.Holder, x.Limit, x.Up))
		}
	}
	for _, x := range c.Expected.Crossings {
		want = append(want, text(x.Holder, x.Limit, x.Up))
	}
	slices.Sort(got) // two bases of one rule are one crossing here
	slices.Sort(want)
	require.Equal(t, want, slices.Compact(got))
}
