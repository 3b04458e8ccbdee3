package compliance_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// rightsBook is a company of 1,000 shares of which h has 40 and two rights: to 20 new shares
// from 1 March on, and to 10 of k's shares.
func rightsBook() crossholding.Book {
	return crossholding.Book{
		AsOf:      "2024-01-02",
		Companies: []crossholding.Company{{ID: "x", Country: "US", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}},
		Stakes:    []crossholding.Stake{{Holder: "h", Issuer: "x", Shares: "40"}, {Holder: "k", Issuer: "x", Shares: "100"}},
		Rights: []crossholding.Right{
			{ID: "warrant", Holder: "h", Issuer: "x", Shares: "20", Kind: crossholding.RightWarrant, From: "2024-03-01"},
			{ID: "call", Holder: "h", Issuer: "x", Shares: "10", Writer: "k"},
		},
	}
}

// TestRightsInThresholds: 40 shares with a call on 10 that exist and a warrant on 20 that do
// not, under each rule.
func TestRightsInThresholds(t *testing.T) {
	for name, c := range map[string]struct {
		rule law.RightsRule
		day  string
		want string
	}{
		"all rights, the total as issued": {law.RightsRule{}, "", "7/100"},
		"rights to shares that exist":     {law.RightsRule{Shares: law.RightsToExisting}, "", "5/100"},
		"rights to new shares":            {law.RightsRule{Shares: law.RightsToNew}, "", "6/100"},
		"new shares in the total":         {law.RightsRule{InBase: true}, "", "70/1020"},
		"within 59 days":                  {law.RightsRule{Within: 59, InBase: true}, "", "70/1020"},
		"within 58 days":                  {law.RightsRule{Within: 58, InBase: true}, "", "50/1000"},
		"now":                             {law.RightsRule{Now: true}, "", "5/100"},
		"now, on the first day":           {law.RightsRule{Now: true}, "2024-03-01", "7/100"},
	} {
		t.Run(name, func(t *testing.T) {
			b := rightsBook()
			if c.day != "" {
				b.AsOf = "2024-03-01"
			}
			rule := law.Threshold{ID: "r", Kind: law.DisclosureThreshold, Citation: "-", Limits: []ratio.Ratio{ratio.Of(1, 20)},
				Bases: []law.ThresholdBase{law.OfCapital}, Counts: []law.Attribution{law.ForOwnMoney, law.RightsToShares}, Rights: c.rule}
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}, Holder: "h",
				Voting: crossholding.VotingOptions{NoLaw: true}})
			require.NoError(t, err)
			require.Len(t, list, 1)
			booktest.RequireRatio(t, c.want, list[0].Fraction)
		})
	}
}

// TestRightsCross: a grant, time, a lapse and an exercise cross thresholds.
func TestRightsCross(t *testing.T) {
	b := rightsBook()
	b.Rights = b.Rights[1:] // 50 of 1,000 are not more than 5%
	warrant := crossholding.Right{ID: "w", Holder: "h", Issuer: "x", Shares: "20", From: "2024-06-01", To: "2024-12-31"}
	cross := func(steps ...scenario.Step) []string {
		rows := crossings(t, booktest.Run(t, b, steps...), compliance.ThresholdOptions{})
		return slices.DeleteFunc(rows, func(row string) bool { return strings.Contains(row, "US-13d-2") })
	}
	grant := scenario.Step{Step: "grant", Right: &warrant}
	require.Equal(t, []string{"1 h US-13d voting above 0.05"}, cross(grant, scenario.Step{Step: "advance date", Date: "2024-04-02"}), "60 days before")
	require.Empty(t, cross(grant, scenario.Step{Step: "advance date", Date: "2024-04-01"}))
	soon := warrant
	soon.From = ""
	grant.Right = &soon
	require.Equal(t, []string{"0 h US-13d voting above 0.05", "1 h US-13d voting below 0.05"}, cross(grant, scenario.Step{Step: "lapse", ID: "w"}))
	require.Equal(t, []string{"0 h US-13d voting above 0.05", "1 h US-13d voting below 0.05"}, cross(grant, scenario.Step{Step: "advance date", Date: "2025-01-01"}))
	require.Equal(t, []string{"0 h US-13d voting above 0.05"}, cross(grant, scenario.Step{Step: "exercise", ID: "w"}), "70 of 1,020 as before")
	require.Equal(t, []string{"0 h US-13d voting above 0.05", "1 h US-13d voting below 0.05", "1 k US-16 voting above 0.1"},
		cross(grant, scenario.Step{Step: "trade", ID: "w", To: "k"}))

	b.Companies[0].Country = "DE"
	require.Equal(t, []string{"0 h DE-39 theoretical below 0.05"}, cross(scenario.Step{Step: "lapse", ID: "call"}))
	require.Empty(t, cross(grant), "rights to new shares do not count")
	out := booktest.Run(t, b, scenario.Step{Step: "exercise", ID: "call"})
	require.Equal(t, []string{"0 h DE-33 theoretical above 0.05"}, crossings(t, out, compliance.ThresholdOptions{Holder: "h"}), "50 votes, and a sum of 50 as before")
	booktest.RequireRatio(t, "50", booktest.SharesOf(t, out.After, "h", "x"))
	booktest.RequireRatio(t, "90", booktest.SharesOf(t, out.After, "k", "x"))
	require.Empty(t, out.After.Book().Rights)
}

// TestAggregationByESMA is the table of ESMA_QA_2036 on art. 13a of Directive 2004/109/EC: the
// percent of votes and of instruments on nine days, and in which baskets a limit of 5% or more
// was crossed.
func TestAggregationByESMA(t *testing.T) {
	days := []struct {
		votes, instruments int
		want               []string
	}{
		{7, 0, []string{"votes"}}, {7, 2, nil}, {8, 4, []string{"sum"}}, {11, 1, []string{"votes"}}, {8, 6, []string{"instruments", "votes"}},
		{8, 4, []string{"instruments"}}, {9, 3, nil}, {9, 7, []string{"instruments", "sum"}}, {12, 7, []string{"votes"}},
	}
	baskets := map[string]string{"DE-33": "votes", "DE-38": "instruments", "DE-39": "sum", "AT-130": "votes", "AT-131": "instruments", "AT-132": "sum"}
	number := func(n int) ratio.Number { return ratio.Number(strconv.Itoa(n)) }
	for _, country := range []string{"DE", "AT"} {
		b := crossholding.Book{
			AsOf:      "2024-01-02",
			Companies: []crossholding.Company{{ID: "x", Country: country, Listed: true, Shares: []crossholding.ShareClass{{Issued: "100"}}}},
			Parties:   []crossholding.Party{{ID: "h"}, {ID: "bank"}},
		}
		var steps []scenario.Step
		var day []int // of each step
		votes, instruments := 0, 0
		for i, d := range days {
			add := func(s scenario.Step) {
				s.Group = fmt.Sprint("day", i)
				steps, day = append(steps, s), append(day, i)
			}
			if instruments > 0 {
				add(scenario.Step{Step: "lapse", ID: fmt.Sprint("call", i-1)})
			}
			if d.votes > votes {
				add(scenario.Step{Step: "trade", From: "float:x", To: "h", Issuer: "x", Shares: number(d.votes - votes)})
			} else if d.votes < votes {
				add(scenario.Step{Step: "trade", From: "h", To: "float:x", Issuer: "x", Shares: number(votes - d.votes)})
			}
			if d.instruments > 0 {
				call := crossholding.Right{ID: fmt.Sprint("call", i), Kind: crossholding.RightOption, Holder: "h", Issuer: "x", Writer: "bank", Shares: number(d.instruments)}
				add(scenario.Step{Step: "grant", Right: &call})
			}
			votes, instruments = d.votes, d.instruments
		}
		list, err := compliance.Crossings(t.Context(), booktest.Run(t, b, steps...), compliance.ThresholdOptions{Holder: "h"})
		require.NoError(t, err)
		got := make([][]string, len(days))
		for _, c := range list {
			i := day[c.Step]
			if basket := baskets[c.Rule]; basket != "" && !c.Limit.Less(ratio.Of(1, 20)) && !slices.Contains(got[i], basket) {
				got[i] = append(got[i], basket)
			}
		}
		for i, d := range days {
			slices.Sort(got[i])
			require.Equal(t, d.want, got[i], "%s, day %d", country, i+1)
		}
	}
}
