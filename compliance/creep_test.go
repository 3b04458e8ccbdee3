package compliance_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// trades buys shares of x for a on days, or sells them if a number is negative, and lists
// what was crossed by one rule.
func trades(t *testing.T, rule law.Threshold, start string, list ...trade) []string {
	t.Helper()
	b := booktest.Listed("XX", ratio.Number(start), "")
	b.Companies[0].Country, b.AsOf = "", "2024-01-01"
	var steps []scenario.Step
	for _, tr := range list {
		s := scenario.Step{Step: "trade", From: "float:x", To: "a", Issuer: "x", Shares: booktest.Number(tr.shares), Date: tr.day}
		if tr.shares < 0 {
			s.From, s.To, s.Shares = "a", "float:x", booktest.Number(-tr.shares)
		}
		steps = append(steps, s)
	}
	return crossings(t, booktest.Run(t, b, steps...), compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}})
}

type trade struct {
	day    date.Date
	shares int
}

func ladder(l law.Ladder, atLeast bool) law.Threshold {
	return law.Threshold{ID: "L", Kind: law.BidThreshold, Citation: "-", Ladder: &l, AtLeast: atLeast, AtMost: atLeast, Bases: []law.ThresholdBase{law.OfCapital}}
}

// Each change of 1% above 5%, measured from the last one made known.
func TestLadderWithoutWindow(t *testing.T) {
	rule := ladder(law.Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100)}, true)
	for _, c := range []struct {
		name  string
		start string
		list  []trade
		want  []string
	}{
		{"steps add up", "60", []trade{{"2024-01-02", 6}, {"2026-01-02", 4}}, []string{"1 a L capital above 0.07"}},
		{"a step is measured from the last", "60", []trade{{"", 13}, {"", 9}, {"", 1}}, []string{"0 a L capital above 0.07", "2 a L capital above 0.083"}},
		{"up and down", "60", []trade{{"", 13}, {"", -9}, {"", -1}}, []string{"0 a L capital above 0.07", "2 a L capital below 0.063"}},
		{"back and forth", "60", []trade{{"", 9}, {"", -18}, {"", 9}}, []string{}},
		{"exactly 5% is no start", "50", []trade{{"", 10}, {"", 9}, {"", 1}}, []string{"2 a L capital above 0.07"}},
		{"coming above 5% is no step", "40", []trade{{"", 30}, {"", 10}}, []string{"1 a L capital above 0.08"}},
		{"falling through 5%", "55", []trade{{"", -11}, {"", -20}}, []string{"0 a L capital below 0.045"}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, trades(t, rule, c.start, c.list...)) })
	}
}

// Whoever had more than 5% when the stake was last made known reports a change of 1% also if it
// comes in parts, of which the first leads below 5%. After this report the duty ends (FIEA, art.
// 27-25(1)).
func TestLadderFromTheStakeMadeKnown(t *testing.T) {
	known := ladder(law.Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100), FromKnown: true}, true)
	before := ladder(law.Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100)}, true)
	for _, c := range []struct {
		name  string
		start string
		list  []trade
		known []string
		other []string
	}{
		{"in two parts", "55", []trade{{"", -6}, {"", -4}}, []string{"1 a L capital below 0.045"}, []string{}},
		{"less than a step", "55", []trade{{"", -6}, {"", -3}}, []string{}, []string{}},
		{"the duty has ended", "55", []trade{{"", -6}, {"", -4}, {"", -15}, {"", 13}}, []string{"1 a L capital below 0.045"}, []string{}},
		{"below 5% from the start", "50", []trade{{"", -6}, {"", -10}}, []string{}, []string{}},
		{"down and up again", "55", []trade{{"", -6}, {"", 16}}, []string{"1 a L capital above 0.065"}, []string{}},
		{"at once", "55", []trade{{"", -11}, {"", -20}}, []string{"0 a L capital below 0.045"}, []string{"0 a L capital below 0.045"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.known, trades(t, known, c.start, c.list...))
			require.Equal(t, c.other, trades(t, before, c.start, c.list...))
		})
	}
}

// Increases of 1% within twelve months, between 30% and one half.
func TestLadderWithWindow(t *testing.T) {
	rule := ladder(law.Ladder{From: ratio.Of(3, 10), Over: true, To: ratio.Of(1, 2), Step: ratio.Of(1, 100), Months: 12}, true)
	for _, c := range []struct {
		name  string
		start string
		list  []trade
		want  []string
	}{
		{"at once", "350", []trade{{"2024-02-01", 10}}, []string{"0 a L capital above 0.36"}},
		{"not quite", "350", []trade{{"2024-02-01", 9}}, []string{}},
		{"in two parts within twelve months", "350", []trade{{"2024-02-01", 5}, {"2025-01-31", 5}}, []string{"1 a L capital above 0.36"}},
		{"in two parts, twelve months apart", "350", []trade{{"2024-02-01", 5}, {"2025-02-01", 5}}, []string{}},
		{"sold in between", "350", []trade{{"2024-02-01", -5}, {"2024-03-01", 5}, {"2024-04-01", 5}}, []string{"2 a L capital above 0.355"}},
		{"once, not with every further share", "350", []trade{{"2024-02-01", 10}, {"2024-03-01", 1}}, []string{"0 a L capital above 0.36"}},
		{"again after the window", "350", []trade{{"2024-02-01", 10}, {"2025-03-01", 10}}, []string{"0 a L capital above 0.36", "1 a L capital above 0.37"}},
		{"decreases do not count", "350", []trade{{"2024-02-01", -20}}, []string{}},
		{"30% is no start", "300", []trade{{"2024-02-01", 20}}, []string{}},
		{"one half is the end", "500", []trade{{"2024-02-01", 10}}, []string{"0 a L capital above 0.51"}},
		{"above one half", "501", []trade{{"2024-02-01", 20}}, []string{}},
		{"what was below 30% does not count", "295", []trade{{"2024-02-01", 6}, {"2024-03-01", 9}}, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, trades(t, rule, c.start, c.list...)) })
	}
}

// Any increase between 30% and one half, from the lowest point.
func TestLadderOfAnyIncrease(t *testing.T) {
	rule := ladder(law.Ladder{From: ratio.Of(3, 10), To: ratio.Of(1, 2), Rising: true}, false)
	require.Equal(t, []string{"1 a L capital above 0.349", "2 a L capital above 0.35"}, trades(t, rule, "350", trade{"", -1}, trade{"", 1}, trade{"", 1}))
	require.Equal(t, []string{}, trades(t, rule, "299", trade{"", 10}))
}

// The next steps of a ladder are a step away from the present stake. A step of the
// distance crosses it, and one share less does not.
func TestPositionOnALadder(t *testing.T) {
	for _, rule := range []law.Threshold{
		ladder(law.Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100)}, true),
		ladder(law.Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100)}, false),
		ladder(law.Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 50), Months: 6}, true),
		ladder(law.Ladder{From: ratio.Of(1, 20), Rising: true}, false),
	} {
		list, err := compliance.Thresholds(t.Context(), booktest.New(t, booktest.Listed("AE", "77", "")), compliance.ThresholdOptions{Thresholds: []law.Threshold{rule}})
		require.NoError(t, err)
		require.Len(t, list, 1)
		p := list[0]
		require.Equal(t, rule.Ladder, p.Ladder)
		require.Empty(t, p.Reached)
		require.Equal(t, rule.Ladder.OnlyUp(), p.Below == nil)
		for _, side := range []struct {
			d    *compliance.Distance
			sign int
		}{{p.Above, 1}, {p.Below, -1}} {
			if side.d == nil {
				continue
			}
			n, _, _ := side.d.Fewest.Small()
			require.Len(t, trades(t, rule, "77", trade{"2024-01-02", side.sign * int(n)}), 1)
			if n > 1 {
				require.Empty(t, trades(t, rule, "77", trade{"2024-01-02", side.sign * int(n-1)}))
			}
		}
	}
	none, err := compliance.Thresholds(t.Context(), booktest.New(t, booktest.Listed("AE", "49", "")),
		compliance.ThresholdOptions{Thresholds: []law.Threshold{ladder(law.Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100)}, true)}})
	require.NoError(t, err)
	require.Empty(t, none, "the stake is below the ladder")
}

// Built-in ladders have both directions or one, as their laws say.
func TestBuiltInLadders(t *testing.T) {
	ladders := 0
	for _, r := range law.Thresholds() {
		if r.Ladder == nil {
			continue
		}
		ladders++
		require.Equal(t, r.Kind == law.BidThreshold, r.Ladder.OnlyUp(), r.ID)
		if !r.Ladder.OnlyUp() {
			require.Equal(t, r.AtLeast, r.AtMost, r.ID)
		}
	}
	require.Greater(t, ladders, 10)
	require.True(t, slices.ContainsFunc(law.Thresholds(), func(r law.Threshold) bool { return r.Ladder != nil && r.Ladder.Step.IsZero() }))
}
