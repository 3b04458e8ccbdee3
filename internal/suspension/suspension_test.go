package suspension_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// holding is a stake between two of the companies a, b, c and so on, in shares.
type holding struct {
	holder, issuer byte
	shares         int64
}

// network returns companies with 100 issued shares each, all with one vote, and the
// facts about them. All are under the law of XX.
func network(companies int, holdings ...holding) suspension.Input {
	ids := make([]string, companies)
	for i := range ids {
		ids[i] = string(rune('a' + i))
	}
	var holder, issuer []int32
	for _, h := range holdings {
		holder, issuer = append(holder, int32(h.holder-'a')), append(issuer, int32(h.issuer-'a'))
	}
	g := graph.New(ids, holder, issuer)
	m := graph.Weighting{
		Units: make([]int64, len(holdings)), TotalUnits: make([]int64, companies),
		TreasuryUnits: make([]int64, companies), Scale: make([]uint8, companies),
	}
	for e, i := range g.Record {
		m.Units[e] = holdings[i].shares
	}
	for c := range m.TotalUnits {
		m.TotalUnits[c] = 100
	}
	g.Capital, g.Dividends, g.Votes = m, m, m
	g.ListRows()
	components, err := g.Components(context.Background())
	if err != nil {
		panic(err)
	}
	return suspension.Input{Graph: &g, Component: components, Facts: facts{g: &g}}
}

// facts are that all companies are under the law of XX, with whole votes. Stakes were
// bought on the days of their holders, by id.
type facts struct {
	g    *graph.Graph
	days map[string]date.Date
}

func (f facts) Company(node int32) (law.Company, bool) {
	return law.Company{ID: f.g.IDs.At(node), Country: "XX"}, true
}

func (f facts) Lots(stake int32) (ratio.Ratio, []suspension.Lot) {
	shares := f.g.Stake(&f.g.Capital, stake)
	if f.days == nil {
		return shares, nil
	}
	return shares, []suspension.Lot{{Date: f.days[f.g.IDs.At(f.g.Holder[stake])], Shares: shares}}
}

func (f facts) Corporate(int32) bool { return true }

func (f facts) Whole(int32) bool { return true }

// under returns the network under rules, all of country XX.
func under(in suspension.Input, rules ...law.Statute) suspension.Input {
	for i := range rules {
		rules[i].Country = "XX"
		if rules[i].ID == "" {
			rules[i].ID = fmt.Sprint("rule ", i+1)
		}
	}
	in.Rules = rules
	return in
}

// text lists suspended votes, as in "b>a 15".
func text(g *graph.Graph, list []suspension.Suspended) string {
	var out []string
	for _, s := range list {
		out = append(out, fmt.Sprintf("%s>%s %s", g.IDs.At(g.Holder[s.Stake]), g.IDs.At(g.Issuer[s.Stake]), s.Votes))
	}
	return strings.Join(out, ", ")
}

// chosen lists the suspended votes of a search that has ended.
func chosen(l *suspension.Search) []suspension.Suspended {
	var out []suspension.Suspended
	for _, s := range l.Suspensions() {
		out = append(out, s)
	}
	return out
}

// prepared prepares the search for a network.
func prepared(t *testing.T, in suspension.Input) *suspension.Search {
	t.Helper()
	search, err := suspension.New(context.Background(), in)
	require.NoError(t, err)
	return search
}

// solved solves a network.
func solved(t *testing.T, in suspension.Input) (*suspension.Search, *suspension.Ambiguity) {
	t.Helper()
	search := prepared(t, in)
	ambiguity, err := search.Solve(context.Background())
	require.NoError(t, err)
	return search, ambiguity
}

// requireSuspended requires that a network has one reading, which suspends the votes
// that are wanted.
func requireSuspended(t *testing.T, want string, in suspension.Input) {
	t.Helper()
	search, ambiguity := solved(t, in)
	require.Nil(t, ambiguity)
	require.Equal(t, want, text(in.Graph, chosen(search)))
}

// readings returns the parts and the readings of an ambiguous network, which must be all.
func readings(t *testing.T, in suspension.Input, ambiguity *suspension.Ambiguity) (parts []suspension.Component, whole []string) {
	t.Helper()
	require.NotNil(t, ambiguity)
	all, more := ambiguity.Whole()
	require.False(t, more)
	for _, reading := range all {
		whole = append(whole, text(in.Graph, reading))
	}
	return ambiguity.Components(), whole
}

var (
	quarter  = ratio.Of(1, 4)
	half     = ratio.Of(1, 2)
	controls = law.Statute{Kind: law.TestControls, Threshold: half}
)

func Example() {
	ctx := context.Background()
	// a holds 60% of b, and b holds 15% of a. A subsidiary may not vote in its parent.
	in := under(network(2, holding{'a', 'b', 60}, holding{'b', 'a', 15}), law.Statute{ID: "subsidiaries", Kind: law.TestControls, Threshold: ratio.Of(1, 2)})
	search, err := suspension.New(ctx, in)
	if err != nil {
		fmt.Println(err)
		return
	}
	ambiguity, err := search.Solve(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("one reading:", ambiguity == nil)
	for i, s := range search.Suspensions() {
		rule, issuer, holder := search.Cause(i)
		fmt.Println(s.Votes, "votes of", in.Graph.IDs.At(holder), "in", in.Graph.IDs.At(issuer), "are suspended by", rule.ID)
	}
	// Output:
	// one reading: true
	// 15 votes of b in a are suspended by subsidiaries
}

func TestSolve(t *testing.T) {
	small := []holding{{'a', 'b', 40}, {'b', 'a', 15}}
	large := []holding{{'a', 'b', 40}, {'b', 'a', 30}}
	tests := []struct {
		name     string
		holdings []holding
		rules    []law.Statute
		want     string
	}{
		{"no rules", large, nil, ""},
		{"no mutual holding", []holding{{'a', 'b', 60}, {'b', 'c', 60}}, []law.Statute{controls}, ""},

		{"controls", []holding{{'a', 'b', 60}, {'b', 'a', 15}}, []law.Statute{controls}, "b>a 15"},
		{"controls: one half is not enough", []holding{{'a', 'b', 50}, {'b', 'a', 15}}, []law.Statute{controls}, ""},
		{"controls: one half is enough", []holding{{'a', 'b', 50}, {'b', 'a', 15}},
			[]law.Statute{{Kind: law.TestControls, Threshold: half, AtLeast: true}}, "b>a 15"},
		{"controls: through a subsidiary", []holding{{'a', 'b', 60}, {'a', 'c', 30}, {'b', 'c', 30}, {'c', 'a', 15}}, []law.Statute{controls}, "c>a 15"},
		{"controls: presumed", []holding{{'a', 'b', 45}, {'c', 'b', 44}, {'b', 'a', 15}},
			[]law.Statute{{Kind: law.TestControls, Threshold: half, Presumed: ratio.Of(2, 5)}}, "b>a 15"},
		{"controls: another holds as much", []holding{{'a', 'b', 45}, {'c', 'b', 45}, {'b', 'a', 15}},
			[]law.Statute{{Kind: law.TestControls, Threshold: half, Presumed: ratio.Of(2, 5)}}, ""},

		{"holds votes", small, []law.Statute{{Kind: law.TestHolds, Threshold: quarter}}, "b>a 15"},
		{"holds too few votes", small, []law.Statute{{Kind: law.TestHolds, Threshold: half}}, ""},
		{"holds shares", large, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares}}, "b>a 30, a>b 40"},
		{"holds votes, suspended ones counted", large, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, CountsSuspended: true}}, "b>a 30, a>b 40"},
		{"holds, but within a group", []holding{{'a', 'b', 60}, {'b', 'a', 15}},
			[]law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, NotWithinGroup: true}}, ""},

		{"mutual", large, []law.Statute{{Kind: law.TestMutual, Threshold: quarter, Measure: law.MeasureShares}}, "b>a 30, a>b 40"},
		{"mutual on one side only", small, []law.Statute{{Kind: law.TestMutual, Threshold: quarter, Measure: law.MeasureShares}}, ""},
		{"mutual with a subsidiary, not counted", []holding{{'a', 'c', 60}, {'c', 'b', 30}, {'b', 'a', 30}},
			[]law.Statute{{Kind: law.TestMutual, Threshold: quarter, Measure: law.MeasureShares}}, ""},
		{"mutual with groups", []holding{{'a', 'c', 60}, {'c', 'b', 30}, {'b', 'a', 30}},
			[]law.Statute{{Kind: law.TestMutual, Threshold: quarter, Measure: law.MeasureShares, Group: true}}, "b>a 30, c>b 30"},

		{"excess", large, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectExcess}}, "b>a 5, a>b 15"},
		{"cap", small, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectCap, MaxFraction: ratio.Of(1, 10)}}, "b>a 5"},
		{"part", small, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectPart, MaxFraction: ratio.Of(1, 2)}}, "b>a 8"},
		{"smaller", large, []law.Statute{{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectSmaller}}, "b>a 30"},
		{"the stricter of two rules", small, []law.Statute{
			{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectCap, MaxFraction: ratio.Of(1, 10)},
			{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares},
		}, "b>a 15"},
	}
	for _, test := range tests {
		for _, below := range []int{0, 1} { // the whole graph, and the part that matters
			t.Run(fmt.Sprintf("%s/below=%d", test.name, below), func(t *testing.T) {
				in := under(network(3, test.holdings...), append([]law.Statute{}, test.rules...)...)
				in.WholeBelow = below
				requireSuspended(t, test.want, in)
			})
		}
	}
}

func TestSecondToCross(t *testing.T) {
	in := under(network(2, holding{'a', 'b', 40}, holding{'b', 'a', 30}),
		law.Statute{Kind: law.TestMutual, Threshold: quarter, Measure: law.MeasureShares, Effect: law.EffectSecondToCross})
	days := map[string]date.Date{}
	in.Facts = facts{in.Graph, days}
	for _, test := range []struct {
		name string
		a, b date.Date
		want string
	}{
		{"a first", "2001-05-01", "2003-05-01", "b>a 5"},
		{"b first", "2003-05-01", "2001-05-01", "a>b 15"},
		{"same day", "2001-05-01", "2001-05-01", "b>a 5, a>b 15"},
		{"a unknown", "", "2001-05-01", "b>a 5, a>b 15"},
	} {
		t.Run(test.name, func(t *testing.T) {
			days["a"], days["b"] = test.a, test.b
			requireSuspended(t, test.want, in)
		})
	}
}

func TestOwnShares(t *testing.T) {
	in := under(network(2),
		law.Statute{ID: "first", Kind: law.TestOwnShares, Treasury: true},
		law.Statute{ID: "only b", Kind: law.TestOwnShares, Issuer: "b"},
		law.Statute{ID: "later", Kind: law.TestOwnShares, From: "2020-01-01"},
	)
	for _, test := range []struct {
		day            date.Date
		a, b           string
		aCounts, bDoes bool
	}{
		{"2019-12-31", "first", "only b", true, false},
		{"2020-01-01", "later", "later", false, false},
	} {
		t.Run(string(test.day), func(t *testing.T) {
			in.Day = test.day
			search := prepared(t, in)
			require.Equal(t, test.a, search.OwnShares(0).ID)
			require.Equal(t, test.b, search.OwnShares(1).ID)
			require.Equal(t, test.aCounts, search.TreasuryCounts(0))
			require.Equal(t, test.bDoes, search.TreasuryCounts(1))
		})
	}
	in.Rules = nil
	search := prepared(t, in)
	require.Nil(t, search.OwnShares(0))
	require.False(t, search.TreasuryCounts(0))
}

func TestCandidates(t *testing.T) {
	in := under(network(4, holding{'a', 'b', 40}, holding{'b', 'a', 15}, holding{'a', 'c', 60}, holding{'d', 'a', 20}), controls)
	search := prepared(t, in)
	var pairs []string
	for _, k := range search.Candidates() {
		pairs = append(pairs, in.Graph.IDs.At(k.Holder)+" at "+in.Graph.IDs.At(k.Issuer))
	}
	require.Equal(t, []string{"b at a", "a at b"}, pairs) // c and d are in no component
	require.Len(t, search.Stakes(), 2)
}

// Each of two companies holds 60% of the other. If the votes of one are suspended, it
// does not control the other, whose votes then count.
func TestTwoReadings(t *testing.T) {
	ctx := context.Background()
	for _, below := range []int{0, 1} {
		in := under(network(2, holding{'a', 'b', 60}, holding{'b', 'a', 60}), controls)
		in.WholeBelow = below
		search, ambiguity := solved(t, in)
		parts, whole := readings(t, in, ambiguity)
		require.Len(t, parts, 1)
		require.False(t, parts[0].Incomplete)
		require.Equal(t, "b>a 60, a>b 60", text(in.Graph, parts[0].Ambiguous))
		require.Equal(t, []string{"b>a 60", "a>b 60"}, whole)

		for n := range whole {
			ok, err := ambiguity.Choose(ctx, func(component int, found [][]suspension.Suspended) int { return n })
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, text(in.Graph, parts[0].Found[n]), text(in.Graph, chosen(search)))
		}
	}
}

// Two independent components with two readings each make four readings.
func TestReadingsOfSeveralComponents(t *testing.T) {
	in := under(network(4, holding{'a', 'b', 60}, holding{'b', 'a', 60}, holding{'c', 'd', 60}, holding{'d', 'c', 60}), controls)
	_, ambiguity := solved(t, in)
	parts, whole := readings(t, in, ambiguity)
	require.Len(t, parts, 2)
	require.ElementsMatch(t, []string{"a>b 60, c>d 60", "a>b 60, d>c 60", "b>a 60, c>d 60", "b>a 60, d>c 60"}, whole)
}

// Both runs of the iteration agree that c's votes in d count, because c then controls d.
// They would also be suspended if c did not control d without them. That reading is found
// although the iteration shows another component to be ambiguous.
func TestReadingsBesideAnAmbiguousComponent(t *testing.T) {
	pair := []holding{{'c', 'd', 51}, {'d', 'c', 30}}
	ambiguous := []holding{{'a', 'b', 20}, {'b', 'a', 20}}
	for name, test := range map[string]struct {
		holdings []holding
		want     []string
	}{
		"alone":  {pair, []string{"", "c>d 51"}},
		"beside": {append(pair, ambiguous...), []string{"a>b 20", "a>b 20, c>d 51", "b>a 20", "b>a 20, c>d 51"}},
	} {
		t.Run(name, func(t *testing.T) {
			in := under(network(4, test.holdings...), law.Statute{Kind: law.TestHolds, Threshold: ratio.Of(1, 10), NotWithinGroup: true})
			_, ambiguity := solved(t, in)
			_, whole := readings(t, in, ambiguity)
			require.ElementsMatch(t, test.want, whole)
		})
	}
}

func TestEvidence(t *testing.T) {
	ctx := context.Background()
	in := under(network(2, holding{'a', 'b', 60}, holding{'b', 'a', 15}), controls)
	search, _ := solved(t, in)
	votes, group, b, err := search.Control(ctx, &search.Rules()[0], 0, 1)
	require.NoError(t, err)
	require.True(t, group.Controls(b))
	require.True(t, votes.Base(b).Equal(ratio.Int(100)))

	have, base, err := search.Holding(ctx, &law.Statute{Kind: law.TestHolds}, 1, 0)
	require.NoError(t, err)
	require.True(t, have.IsZero() && base.Equal(ratio.Int(85)), "suspended votes are in neither figure")
	have, base, err = search.Holding(ctx, &law.Statute{Kind: law.TestHolds, Measure: law.MeasureShares}, 1, 0)
	require.NoError(t, err)
	require.True(t, have.Equal(ratio.Int(15)) && base.Equal(ratio.Int(100)))
}

func TestCanceled(t *testing.T) {
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	in := under(network(2, holding{'a', 'b', 60}, holding{'b', 'a', 60}), controls)
	_, err := suspension.New(ctx, in)
	require.ErrorIs(t, err, cause)
	search := prepared(t, in)
	_, err = search.Solve(ctx)
	require.ErrorIs(t, err, cause)
	ambiguity, err := search.Solve(context.Background())
	require.NoError(t, err)
	_, err = ambiguity.Choose(ctx, func(int, [][]suspension.Suspended) int { return 0 })
	require.ErrorIs(t, err, cause)
}
