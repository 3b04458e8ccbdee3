package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// crossings lists step, rule, limit and direction.
func crossings(t *testing.T, out *scenario.Outcome, opt compliance.ThresholdOptions) []string {
	t.Helper()
	cs, err := compliance.Crossings(t.Context(), out, opt)
	require.NoError(t, err)
	rows := []string{}
	for _, c := range cs {
		sign := "below"
		if c.Up {
			sign = "above"
		}
		rows = append(rows, fmt.Sprintf("%d %s %s %s %s %s", c.Step, c.Holder, c.Rule, c.Base, sign, c.Limit))
	}
	return rows
}

func TestCrossingWithoutTrading(t *testing.T) {
	out := booktest.Run(t, booktest.Listed("JP", "330", "40"),
		scenario.Step{Step: "buyback", From: "float:x", Issuer: "x", Shares: "30", Cancel: true})
	// 330 of 960 votes, then of 930; the bid looks at votes without treasury
	require.Equal(t, []string{"0 a JP-27-25 capital above 0.34"}, crossings(t, out, compliance.ThresholdOptions{}))
	out = booktest.Run(t, booktest.Listed("JP", "310", "40"),
		scenario.Step{Step: "buyback", From: "float:x", Issuer: "x", Shares: "31", Cancel: true})
	require.Equal(t, []string{"0 a JP-27-2-third voting above 1/3", "0 a JP-309 exercisable above 1/3"}, crossings(t, out, compliance.ThresholdOptions{}))
}

// TestTrustKeepsTheMoney: shares that a neutral trust holds stay their
// beneficiary's for the bid, and are nobody's for a blocking minority.
func TestTrustKeepsTheMoney(t *testing.T) {
	out := booktest.Run(t, booktest.Listed("JP", "400", ""), scenario.Step{Step: "entrust", From: "a", To: "t", Issuer: "x", DownTo: "15%"},
		scenario.Step{Step: "buyback", From: "t", Issuer: "x", Shares: "150", Cancel: true})
	require.Equal(t, []string{"0 a IAS-28 exercisable below 0.2", "0 a JP-309 exercisable below 1/3", "1 a JP-27-2-third voting below 1/3", "1 a JP-27-25 capital below 0.39"},
		crossings(t, out, compliance.ThresholdOptions{}))
}

func TestReciprocity(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{
			{ID: "x", Country: "JP", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "y", Country: "JP", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "sub", Country: "JP"},
		},
		Stakes: []crossholding.Stake{
			{Holder: "y", Issuer: "sub", Percent: "100"},
			{Holder: "sub", Issuer: "x", Shares: "100"},
			{Holder: "x", Issuer: "y", Shares: "249"},
		},
	}
	out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "float:y", To: "x", Issuer: "y", Shares: "1"})
	require.Equal(t, []string{}, crossings(t, out, compliance.ThresholdOptions{}), "only y's subsidiary holds x, and x nothing of it")
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "y", Issuer: "x", Shares: "1"})
	out = booktest.Run(t, b, scenario.Step{Step: "trade", From: "float:y", To: "x", Issuer: "y", Shares: "1"})
	require.Equal(t, []string{"0 x JP-308-1 voting above 0.25"}, crossings(t, out, compliance.ThresholdOptions{}))
	require.Equal(t, []string{}, crossings(t, out, compliance.ThresholdOptions{Voting: crossholding.VotingOptions{NoLaw: true}}))
}

// TestCrossingThroughOthers: whoever comes to control a holder has its stake;
// moving a stake within a group moves nobody across but the one under it.
func TestCrossingThroughOthers(t *testing.T) {
	b := booktest.Listed("DE", "10", "")
	b.Companies = append(b.Companies, crossholding.Company{ID: "h", Country: "DE", Shares: []crossholding.ShareClass{{Issued: "100"}}},
		crossholding.Company{ID: "s", Country: "DE", Shares: []crossholding.ShareClass{{Issued: "100"}}})
	b.Stakes = append(b.Stakes,
		crossholding.Stake{Holder: "h", Issuer: "x", Shares: "45"},
		crossholding.Stake{Holder: "a", Issuer: "h", Shares: "50"},
		crossholding.Stake{Holder: "a", Issuer: "s", Shares: "80"})
	opt := compliance.ThresholdOptions{Thresholds: slices.DeleteFunc(law.Thresholds(), func(r law.Threshold) bool {
		return r.ID != "DE-33"
	})}
	take := scenario.Step{Step: "trade", From: "float:h", To: "a", Issuer: "h", Shares: "1"}
	within := scenario.Step{Step: "trade", From: "h", To: "s", Issuer: "x", Shares: "45"}
	out := booktest.Run(t, b, take, within)
	require.Equal(t, []string{
		"0 a DE-33 theoretical above 0.03", "0 a DE-33 theoretical above 0.05",
		"1 h DE-33 theoretical below 0.03", "1 s DE-33 theoretical above 0.03",
	}, crossings(t, out, opt))
	cs, err := compliance.Crossings(t.Context(), out, opt)
	require.NoError(t, err)
	require.Equal(t, "a with h in x rises to 5.5% of theoretical, from 1%: disclosure at 3% (§ 33 Abs. 1 WpHG)", cs[0].String())
	opt.Alone = true
	require.Equal(t, []string{"1 h DE-33 theoretical below 0.03", "1 s DE-33 theoretical above 0.03"}, crossings(t, out, opt))
}

// TestDatingABookCrosses: an undated book is not under a law that has ended; a
// day on which it was in force brings it, and what it suspends.
func TestDatingABookCrosses(t *testing.T) {
	b := booktest.Listed("FR", "335", "")
	b.AsOf = ""
	b.Companies = append(b.Companies, crossholding.Company{ID: "h", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "100"}}})
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "h", Issuer: "x", Shares: "300"}, crossholding.Stake{Holder: "x", Issuer: "h", Shares: "50"})
	ended := law.Statute{
		ID: "old", Citation: "old law", Country: "FR", To: "2010-12-31", Kind: law.TestHolds,
		Measure: law.MeasureShares, Threshold: ratio.MustParse("1/10"), CountsSuspended: true,
	}
	opt := compliance.ThresholdOptions{
		Thresholds: slices.DeleteFunc(law.Thresholds(), func(r law.Threshold) bool { return r.ID != "IAS-28" }),
		Voting:     crossholding.VotingOptions{Statutes: []law.Statute{ended}},
	}
	for day, want := range map[date.Date][]string{
		"2009-01-01": {"0 h IAS-28 exercisable below 0.2", "0 x IAS-28 exercisable below 0.2"}, // each holds of the other
		"2011-01-01": {},
	} {
		out := booktest.Run(t, b, scenario.Step{Step: "advance date", Date: day})
		require.Equal(t, want, crossings(t, out, opt), day)
	}
}

func TestDoubleVotesCross(t *testing.T) {
	b := booktest.Listed("FR", "300", "")
	b.Stakes[0].Votes, b.Stakes[0].VotesSince = "2", "2024-06-01"
	out := booktest.Run(t, b, scenario.Step{Step: "advance date", Date: "2024-05-31"}, scenario.Step{Step: "advance date", Date: "2024-06-01"})
	// 300 of 1,000 votes, then 600 of 1,300; 30% had been reached, not passed
	require.Equal(t, []string{
		"1 a FR-225-96 exercisable above 1/3", "1 a FR-233-7 theoretical above 0.3",
		"1 a FR-233-7 theoretical above 1/3", "1 a FR-433-3 theoretical above 0.3",
	}, crossings(t, out, compliance.ThresholdOptions{}))
}

func TestOwnThresholds(t *testing.T) {
	rule := law.Threshold{
		ID: "articles", Kind: law.DisclosureThreshold, Citation: "articles of x, art. 9",
		Limits: []ratio.Ratio{ratio.MustParse("1%")}, Bases: []law.ThresholdBase{law.OfCapital},
	}
	out := booktest.Run(t, booktest.Listed("AE", "10", ""), booktest.Buy("1"))
	require.Equal(t, []string{"0 a articles capital above 0.01"}, crossings(t, out, compliance.ThresholdOptions{Extra: []law.Threshold{rule}}))
	require.Equal(t, []string{"0 a articles capital above 0.01"}, crossings(t, out, compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}}))
	_, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{Extra: []law.Threshold{
		rule, rule,
		{ID: "x", Citation: "y", Country: "??", From: "never", Limits: []ratio.Ratio{ratio.Int(2)}, Bases: []law.ThresholdBase{"z"}},
		{},
	}})
	require.ErrorIs(t, err, law.ErrRule)
	require.ErrorIs(t, err, crossholding.ErrDate)
	for _, says := range []string{`"articles" twice`, "no base", "2 is not within 0 and 1", "without id", "without limits"} {
		require.ErrorContains(t, err, says)
	}
}

func TestTableIsWellFormed(t *testing.T) {
	table := law.Thresholds()
	out := booktest.Run(t, booktest.Listed("AE", "10", ""), booktest.Buy("1"))
	_, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{Thresholds: table})
	require.NoError(t, err)
	for _, r := range table {
		require.Contains(t, []string{"read", "secondary", "not verified"}, r.Verified, r.ID)
	}
	table[0].Limits[0] = ratio.Int(1)
	booktest.RequireRatio(t, "1/2", law.Thresholds()[0].Limits[0])
}

// TestCrossingsAddUp checks, on random books under Japanese and French law,
// that what is crossed leads from where each stake stood to where it stands:
// no step is missed by what Crossings leaves out as unchanged.
func TestCrossingsAddUp(t *testing.T) {
	t.Run("alone", func(t *testing.T) { crossingsAddUp(t, true) })
	t.Run("with companies under the holder", func(t *testing.T) { crossingsAddUp(t, false) })
}

func crossingsAddUp(t *testing.T, alone bool) {
	limits := []ratio.Ratio{}
	for _, s := range []string{"1/20", "1/10", "1/7", "1/5", "1/4", "1/3", "2/5", "1/2", "2/3"} {
		limits = append(limits, ratio.MustParse(s))
	}
	rule := law.Threshold{
		ID: "all", Kind: law.DisclosureThreshold, Citation: "-", Limits: limits, AtMost: true, Counts: []law.Attribution{law.CastAtWill, law.OfSubsidiaries},
		Bases: []law.ThresholdBase{law.OfCapital, law.OfExercisable},
	}
	opt := compliance.ThresholdOptions{
		Thresholds: []law.Threshold{rule},
		Voting:     crossholding.VotingOptions{Circular: crossholding.PolicyFewest},
		Alone:      alone,
	}
	found := 0
	for seed := range uint64(testkit.Cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 3))
		out := randomStory(t, rng)
		cs, err := compliance.Crossings(t.Context(), out, opt)
		require.NoError(t, err)
		cs = slices.DeleteFunc(cs, func(c compliance.Crossing) bool { return c.Kind == law.ReciprocityThreshold })
		found += len(cs)
		type key struct {
			holder, issuer string
			base           law.ThresholdBase
			limit          string
		}
		above := map[key]bool{}
		note := func(a *crossholding.Alliance, check bool) {
			control, err := a.Control(t.Context(), crossholding.ControlOptions{Voting: opt.Voting, Basis: crossholding.BasisExercisable})
			require.NoError(t, err)
			for _, holder := range append(a.Book().Parties, partiesOf(a)...) {
				who := []string{holder.ID}
				if !alone {
					under, err := control.Controlled(t.Context(), holder.ID)
					require.NoError(t, err)
					who = append(who, slices.DeleteFunc(under, func(id string) bool { return id == holder.ID })...)
				}
				for _, c := range a.Book().Companies {
					capital, votes, ok := together(t, a, who, c.ID, opt.Voting)
					if !ok {
						continue
					}
					for _, limit := range limits {
						for base, have := range map[law.ThresholdBase]ratio.Ratio{law.OfCapital: capital, law.OfExercisable: votes} {
							k := key{holder.ID, c.ID, base, limit.String()}
							if check {
								require.Equal(t, limit.Less(have), above[k], "seed %d %v has %s", seed, k, have)
							} else {
								above[k] = limit.Less(have)
							}
						}
					}
				}
			}
		}
		note(out.Before, false)
		for _, c := range cs {
			k := key{c.Holder, c.Issuer, c.Base, c.Limit.String()}
			require.Equal(t, !c.Up, above[k], "seed %d %s", seed, c)
			above[k] = c.Up
		}
		note(out.After, true)
	}
	require.Greater(t, found, testkit.Cases(300))
}

func partiesOf(a *crossholding.Alliance) []crossholding.Party {
	var out []crossholding.Party
	for _, c := range a.Book().Companies {
		out = append(out, crossholding.Party{ID: c.ID})
	}
	return out
}

// together adds up the standings of several holders; the first is not to be the
// issuer.
func together(t *testing.T, a *crossholding.Alliance, who []string, issuer string, opt crossholding.VotingOptions) (capital, votes ratio.Ratio, ok bool) {
	t.Helper()
	for i, holder := range who {
		c, v, can := standing(t, a, holder, issuer, opt)
		if i == 0 && !can {
			return capital, votes, false
		}
		capital, votes = capital.Add(c), votes.Add(v)
	}
	return capital, votes, true
}

// standing returns capital and exercisable votes by the other questions; ok is
// false for what nobody can hold.
func standing(t *testing.T, a *crossholding.Alliance, holder, issuer string, opt crossholding.VotingOptions) (capital, votes ratio.Ratio, ok bool) {
	t.Helper()
	if holder == issuer {
		return capital, votes, false
	}
	v, err := a.Votes(t.Context(), opt)
	require.NoError(t, err)
	n, err := v.Of(holder, issuer)
	if err != nil {
		return capital, votes, false // a company without shares
	}
	issued := ratio.Int(100)
	for _, c := range a.Book().Companies {
		if c.ID == issuer && len(c.Shares) > 0 {
			issued, err = c.Shares[0].Issued.Ratio()
			require.NoError(t, err)
		}
	}
	if !issued.IsZero() {
		capital = booktest.SharesOf(t, a, holder, issuer).Div(issued)
	}
	return capital, n.ExercisableShare, true
}

// A swap of 40% for 40% in two steps crosses thresholds on its way, and none if both steps
// happen at one moment.
func TestCrossingsOfOneMoment(t *testing.T) {
	b := booktest.Listed("FR", "400", "0")
	swap := func(group string) []compliance.Crossing {
		out := booktest.Run(t, b,
			scenario.Step{Step: "trade", From: "a", To: "float:x", Issuer: "x", Shares: "400", Group: group},
			scenario.Step{Step: "trade", From: "float:x", To: "a", Issuer: "x", Shares: "400", Group: group})
		list, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
		require.NoError(t, err)
		return list
	}
	require.NotEmpty(t, swap(""))
	require.Empty(t, swap("swap"))
}

// A company that is founded, buys, and is merged again crosses thresholds like any other.
func TestCrossingsOfNewCompanies(t *testing.T) {
	b := booktest.Listed("FR", "400", "0")
	out := booktest.Run(t, b,
		scenario.Step{Step: "found", Company: &crossholding.Company{ID: "n", Shares: []crossholding.ShareClass{{Issued: "10"}}},
			Founders: []scenario.Founder{{Holder: "b", Shares: "4"}, {Holder: "t", Shares: "6"}}},
		scenario.Step{Step: "trade", From: "a", To: "n", Issuer: "x", Shares: "400"},
		scenario.Step{Step: "merge", Issuer: "n", Into: "x", Ratio: "40:1"})
	list, err := compliance.Crossings(t.Context(), out, compliance.ThresholdOptions{})
	require.NoError(t, err)
	var lines []string
	for _, c := range list {
		if c.Step == 1 && c.Holder == "n" && c.Up || c.Step == 2 && c.Holder != "n" && c.Up {
			lines = append(lines, c.Holder+" "+c.Limit.PercentString())
		}
	}
	require.Contains(t, lines, "n 30%")
	require.Contains(t, lines, "b 10%") // 160 of 1,400
}
