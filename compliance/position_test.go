package compliance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// articles is a rule of x's own articles.
func articles(atLeast bool, limits ...string) law.Threshold {
	rule := law.Threshold{
		ID: "articles", Kind: law.DisclosureThreshold, Citation: "articles of x, art. 9", Issuer: "x",
		AtLeast: atLeast, AtMost: !atLeast, Bases: []law.ThresholdBase{law.OfCapital},
	}
	for _, s := range limits {
		rule.Limits = append(rule.Limits, ratio.MustParse(s))
	}
	return rule
}

func TestDistances(t *testing.T) {
	for _, c := range []struct {
		shares  ratio.Number
		atLeast bool
		want    string
	}{
		{"40", true, "reached [], above 5% by 10 or 10"},
		{"40", false, "reached [], above 5% by 10 or 11"},
		{"50", true, "reached [0.05], below 5% by 0 or 1, above 1/7 by 650/7 or 93"},
		{"50", false, "reached [], above 5% by 0 or 1"},
		{"51", false, "reached [0.05], below 5% by 1 or 1, above 1/7 by 643/7 or 92"},
		{"142", true, "reached [0.05], below 5% by 92 or 93, above 1/7 by 6/7 or 1"},
		{"143", true, "reached [0.05 1/7], below 1/7 by 1/7 or 1"},
		{"143", false, "reached [0.05 1/7], below 1/7 by 1/7 or 1"},
		{"145", false, "reached [0.05 1/7], below 1/7 by 15/7 or 3"},
	} {
		t.Run(fmt.Sprint(c.shares, c.atLeast), func(t *testing.T) {
			// Limits need not be in order.
			rule := articles(c.atLeast, "1/7", "5%")
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, booktest.Listed("AE", c.shares, "")), compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}})
			require.NoError(t, err)
			require.Len(t, list, 1)
			p := list[0]
			require.Equal(t, "a x articles", strings.Join([]string{p.Holder, p.Issuer, p.Rule}, " "))
			booktest.RequireRatio(t, string(c.shares)+"/1000", p.Fraction)
			got := fmt.Sprint("reached ", p.Reached)
			if d := p.Below; d != nil {
				got += fmt.Sprintf(", below %s by %s or %s", d.Limit.PercentString(), d.Exact.Rat().RatString(), d.Fewest)
			}
			if d := p.Above; d != nil {
				got += fmt.Sprintf(", above %s by %s or %s", d.Limit.PercentString(), d.Exact.Rat().RatString(), d.Fewest)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestDistancesCross buys and sells as many shares as a distance says, and one fewer:
// only the first crosses the limit.
func TestDistancesCross(t *testing.T) {
	opt := compliance.ThresholdOptions{Thresholds: []law.Threshold{articles(true, "5%", "1/7", "1/3")}}
	for _, atLeast := range []bool{true, false} {
		opt.Thresholds[0].AtLeast, opt.Thresholds[0].AtMost = atLeast, !atLeast
		for shares := 30; shares < 400; shares += 7 {
			b := booktest.Listed("AE", booktest.Number(shares), "")
			list, err := compliance.Thresholds(t.Context(), booktest.New(t, b), opt)
			require.NoError(t, err)
			require.Len(t, list, 1)
			for _, side := range []struct {
				d        *compliance.Distance
				from, to string
			}{{list[0].Above, "float:x", "a"}, {list[0].Below, "a", "float:x"}} {
				if side.d == nil {
					continue
				}
				n, _, _ := side.d.Fewest.Small()
				for less, want := range []int{1, 0} {
					step := scenario.Step{Step: "trade", From: side.from, To: side.to, Issuer: "x", Shares: booktest.Number(int(n) - less)}
					if less == int(n) {
						continue // nothing to trade
					}
					cs, err := compliance.Crossings(t.Context(), booktest.Run(t, b, step), opt)
					require.NoError(t, err)
					require.Len(t, cs, want, "%d shares, %v", shares, step)
				}
			}
		}
	}
}

// reachedIn lists what is reached, by holder, issuer, rule, base and limit.
func reachedIn(t *testing.T, a *crossholding.Alliance, opt compliance.ThresholdOptions) map[string]bool {
	t.Helper()
	list, err := compliance.Thresholds(t.Context(), a, opt)
	require.NoError(t, err)
	out := map[string]bool{}
	for _, p := range list {
		for _, limit := range p.Reached {
			out[fmt.Sprint(p.Holder, " ", p.Issuer, " ", p.Rule, " ", p.Base, " ", limit)] = true
		}
	}
	return out
}

// TestCrossingsLeadFromOneToTheOther: what is reached before and after each step of
// random stories differs by what was crossed.
func TestCrossingsLeadFromOneToTheOther(t *testing.T) {
	rule := law.Threshold{
		ID: "all", Kind: law.DisclosureThreshold, Citation: "-",
		Bases: []law.ThresholdBase{law.OfCapital, law.OfShares, law.OfTheoretical, law.OfVoting, law.OfExercisable},
	}
	for n := int64(1); n < 20; n++ {
		rule.Limits = append(rule.Limits, ratio.Of(n, 20))
	}
	found := 0
	for seed := range uint64(testkit.Cases(100)) {
		rng := rand.New(rand.NewPCG(seed, 5))
		rule.AtLeast = seed%3 == 0
		rule.AtMost = !rule.AtLeast
		if rule.Counts = nil; seed%2 == 0 {
			rule.Counts = []law.Attribution{law.CastAtWill, law.OfSubsidiaries}
		}
		opt := compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}, Alone: seed%5 == 0,
			Voting: crossholding.VotingOptions{Circular: crossholding.PolicyFewest}}
		out := randomStory(t, rng)
		cs, err := compliance.Crossings(t.Context(), out, opt)
		require.NoError(t, err)
		// What is held of a holder decides whether reciprocity looks at it at all.
		cs = slices.DeleteFunc(cs, func(c compliance.Crossing) bool { return c.Kind == law.ReciprocityThreshold })
		found += len(cs)
		now := reachedIn(t, out.Before, opt)
		for _, c := range cs {
			key := fmt.Sprint(c.Holder, " ", c.Issuer, " ", c.Rule, " ", c.Base, " ", c.Limit)
			require.Equal(t, !c.Up, now[key], "seed %d: %s", seed, c)
			if now[key] = c.Up; !c.Up {
				delete(now, key)
			}
		}
		want := reachedIn(t, out.After, opt)
		for _, m := range []map[string]bool{now, want} {
			for key := range m {
				if strings.Contains(key, " all ") {
					require.True(t, now[key] && want[key], "seed %d: %s", seed, key)
				}
			}
		}
	}
	require.Greater(t, found, testkit.Cases(100))
}

func TestThresholdsOfAStory(t *testing.T) {
	out := story(t)
	for name, c := range map[string]struct {
		a    *crossholding.Alliance
		want []string
	}{
		"before": {out.Before, []string{
			"renault in nissan has 43.7003% of exercisable, reciprocity: more than 40% unless it loses 155,110,983 votes, more than 50% if it gains 264,070,530 votes (C. com., art. L.233-31, L.233-3)",
			"renault in nissan has 43.7003% of exercisable, significant influence: at least 20% unless it loses 993,474,005 votes (IAS 28.5)",
			"renault in nissan has 43.7003% of voting, bid: more than 5% unless it loses 1,622,246,272 votes (FIEA, art. 27-2(1)(i))",
			"renault in nissan has 43.7003% of voting, bid: more than 1/3 unless it loses 434,565,323 votes (FIEA, art. 27-2(1))",
			"renault in nissan has 43.4011% of capital, disclosure: more than 5% (FIEA, art. 27-23(1))",
			"renault in nissan has 43.4011% of capital, disclosure: 1% less if it loses 42,207,152 shares, 1% more if it gains 42,207,152 shares (FIEA, art. 27-25(1))",
			"renault in nissan has 43.7003% of exercisable, blocking minority: more than 1/3 unless it loses 434,565,323 votes (Companies Act, art. 309(2))",
			"renault in nissan has 43.7003% of exercisable, majority: more than 50% if it gains 264,070,530 votes (company law: more than one half of the votes)",
		}},
		"after": {out.After, []string{
			"renault in nissan has 17.1388% of exercisable, reciprocity: more than 40% if it gains 844,492,178 votes (C. com., art. L.233-31, L.233-3)",
			"renault in nissan has 17.1388% of exercisable, significant influence: at least 20% if it gains 105,692,456 votes (IAS 28.5)",
			"renault in nissan has 35.9023% of voting, bid: more than 5% unless it loses 1,141,531,397 votes (FIEA, art. 27-2(1)(i))",
			"renault in nissan has 35.9023% of voting, bid: more than 1/3 unless it loses 94,898,457 votes (FIEA, art. 27-2(1))",
			"renault in nissan has 35.709% of capital, disclosure: more than 5% (FIEA, art. 27-23(1))",
			"renault in nissan has 35.709% of capital, disclosure: 1% less if it loses 37,139,987 shares, 1% more if it gains 37,139,987 shares (FIEA, art. 27-25(1))",
			"renault in nissan has 17.1388% of exercisable, blocking minority: more than 1/3 if it gains 598,225,604 votes (Companies Act, art. 309(2))",
			"renault in nissan has 17.1388% of exercisable, majority: more than 50% if it gains 1,213,892,040 votes (company law: more than one half of the votes)",
		}},
	} {
		list, err := compliance.Thresholds(t.Context(), c.a, compliance.ThresholdOptions{Holder: "renault", Issuer: "nissan"})
		require.NoError(t, err)
		got := []string{}
		for _, p := range list {
			got = append(got, p.String())
		}
		require.Equal(t, c.want, got, name)
	}
}

func TestThresholdsInPercent(t *testing.T) {
	a := booktest.Alliance(t, "p 20 s", "s 30 x")
	rule := articles(true, "25%", "40%")
	list, err := compliance.Thresholds(t.Context(), a, compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}})
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.True(t, list[0].Above.Fewest.IsZero())
	require.Equal(t, "s in x has 30% of capital, disclosure: at least 25% unless it loses more than 5 percentage points, at least 40% if it gains 10 percentage points (articles of x, art. 9)", list[0].String())
}

func TestThresholdsThroughOthers(t *testing.T) {
	a := booktest.Alliance(t, "p 60 s", "s 30 x", "p 1 x")
	opt := compliance.ThresholdOptions{Thresholds: []law.Threshold{articles(true, "1/3")}}
	list, err := compliance.Thresholds(t.Context(), a, opt)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"s"}, list[0].With)
	booktest.RequireRatio(t, "0.31", list[0].Fraction)
	require.Equal(t, []string{}, list[1].With)
	opt.Alone = true
	list, err = compliance.Thresholds(t.Context(), a, opt)
	require.NoError(t, err)
	booktest.RequireRatio(t, "0.01", list[0].Fraction)
	opt.Holder = "s"
	list, err = compliance.Thresholds(t.Context(), a, opt)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestThresholdErrors(t *testing.T) {
	a := booktest.Alliance(t, "p 60 s")
	for name, c := range map[string]struct {
		opt  compliance.ThresholdOptions
		want error
	}{
		"holder": {compliance.ThresholdOptions{Holder: "z"}, crossholding.ErrUnknown},
		"float":  {compliance.ThresholdOptions{Holder: "float:s"}, crossholding.ErrRange},
		"issuer": {compliance.ThresholdOptions{Issuer: "p"}, crossholding.ErrUnknown},
		"rule":   {compliance.ThresholdOptions{Extra: []law.Threshold{{}}}, law.ErrRule},
		"policy": {compliance.ThresholdOptions{Voting: crossholding.VotingOptions{Circular: "maybe"}}, crossholding.ErrUnknown},
	} {
		_, err := compliance.Thresholds(t.Context(), a, c.opt)
		require.ErrorIs(t, err, c.want, name)
		require.Equal(t, 1, strings.Count(err.Error(), "compliance: "), err)
		require.NotContains(t, err.Error(), "crossholding: ")
		out, err := scenario.Run(t.Context(), a, scenario.Scenario{})
		require.NoError(t, err)
		_, err = compliance.Crossings(t.Context(), out, c.opt)
		require.ErrorIs(t, err, c.want, name)
	}
	var none context.Context
	for _, a := range []*crossholding.Alliance{nil, new(crossholding.Alliance)} {
		list, err := compliance.Thresholds(none, a, compliance.ThresholdOptions{})
		require.NoError(t, err)
		require.Equal(t, []compliance.Position{}, list)
	}
	for _, out := range []*scenario.Outcome{nil, new(scenario.Outcome)} {
		list, err := compliance.Crossings(none, out, compliance.ThresholdOptions{})
		require.NoError(t, err)
		require.Equal(t, []compliance.Crossing{}, list)
	}
}

// TestPositionJSON: results have names in JSON, and lists that are empty are no null.
func TestPositionJSON(t *testing.T) {
	list, err := compliance.Thresholds(t.Context(), booktest.New(t, booktest.Listed("AE", "40", "")), compliance.ThresholdOptions{Thresholds: []law.Threshold{articles(true, "5%")}})
	require.NoError(t, err)
	text, err := json.Marshal(list)
	require.NoError(t, err)
	require.JSONEq(t, `[{"holder": "a", "issuer": "x", "with": [], "rule": "articles", "kind": "disclosure", "citation": "articles of x, art. 9",
		"verified": "", "base": "capital", "ladder": null, "at_least": true, "at_most": false, "amount": "40", "of": "1000", "fraction": "0.04", "reached": [],
		"below": null, "above": {"limit": "0.05", "exact": "10", "fewest": "10"}}]`, string(text))
}
