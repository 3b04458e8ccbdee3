package suspension_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// oracle applies statutes by their definition to companies with 100 votes each. Every
// statute suspends all votes of a holder, so that an assignment is a set of stakes.
type oracle struct {
	g         *graph.Graph
	component []int32
	rules     []law.Statute
}

// count returns the votes or shares of a group in y, and their total.
func (o *oracle) count(in []bool, y int32, suspended []bool) (have, base int64) {
	base = 100
	from, to := o.g.Column(y)
	for e := from; e < to; e++ {
		switch {
		case suspended != nil && suspended[e]:
			base -= o.g.Votes.Units[e]
		case in[o.g.Holder[e]]:
			have += o.g.Votes.Units[e]
		}
	}
	return have, base
}

// group returns x and all that it controls by majority.
func (o *oracle) group(x int32, suspended []bool) []bool {
	in := make([]bool, o.g.IDs.Len())
	in[x] = true
	for changed := true; changed; {
		changed = false
		for y := range int32(len(in)) {
			if have, base := o.count(in, y, suspended); !in[y] && 2*have > base {
				in[y], changed = true, true
			}
		}
	}
	return in
}

// presumedGroup returns x and all that it controls by majority, or by more than 40% if no other
// holder, with all that it controls by majority, has as much.
func (o *oracle) presumedGroup(x int32, suspended []bool) []bool {
	in := o.group(x, suspended)
	most := func(y int32) (votes int64) {
		for z := range int32(len(in)) {
			if in[z] {
				continue
			}
			rival := o.group(z, suspended)
			for member := range rival {
				rival[member] = rival[member] && !in[member]
			}
			have, _ := o.count(rival, y, suspended)
			votes = max(votes, have)
		}
		return votes
	}
	for changed := true; changed; {
		changed = false
		for y := range int32(len(in)) {
			have, base := o.count(in, y, suspended)
			if !in[y] && (2*have > base || 5*have > 2*base && have > most(y)) {
				in[y], changed = true, true
			}
		}
	}
	return in
}

// passes reports whether x holds as much of y as rule s asks for.
func (o *oracle) passes(s *law.Statute, x, y int32, suspended []bool) bool {
	in := make([]bool, o.g.IDs.Len())
	in[x] = true
	switch {
	case s.GroupBy == law.MeasureShares, s.Tiers:
		in = o.group(x, nil)
	case s.Group:
		in = o.group(x, suspended)
	}
	if s.Measure == law.MeasureShares || s.CountsSuspended {
		suspended = nil
	}
	have, base := o.count(in, y, suspended)
	return s.Passed(ratio.Int(have), ratio.Int(base))
}

// evaluate returns the stakes that the statutes suspend under an assignment.
func (o *oracle) evaluate(suspended []bool) []bool {
	next := make([]bool, len(suspended))
	for _, s := range o.rules {
		for c := range int32(o.g.IDs.Len()) {
			for y := range int32(o.g.IDs.Len()) {
				if c == y || o.component[c] == 0 || o.component[c] != o.component[y] || !o.applies(&s, c, y, suspended) {
					continue
				}
				group := make([]bool, o.g.IDs.Len())
				group[y] = true
				if s.Kind == law.TestMutual && s.Group {
					group = o.group(y, suspended)
				}
				from, to := o.g.Column(c)
				for e := from; e < to; e++ {
					next[e] = next[e] || group[o.g.Holder[e]]
				}
			}
		}
	}
	return next
}

// applies reports whether s suspends votes of y at c. One of the two must hold shares of
// the other.
func (o *oracle) applies(s *law.Statute, c, y int32, suspended []bool) bool {
	has := func(x, y int32) bool {
		from, to := o.g.Column(y)
		return slices.Contains(o.g.Holder[from:to], x)
	}
	if !has(y, c) && !(s.Kind == law.TestMutual && s.Group && has(c, y)) {
		return false
	}
	if s.NotWithinGroup && (o.group(c, suspended)[y] || o.group(y, suspended)[c]) {
		return false
	}
	switch s.Kind {
	case law.TestControls:
		if !s.Presumed.IsZero() {
			return o.presumedGroup(c, suspended)[y]
		}
		return o.group(c, suspended)[y]
	case law.TestMutual:
		return o.passes(s, c, y, suspended) && o.passes(s, y, c, suspended)
	}
	for a := range int32(o.g.IDs.Len()) {
		if s.Tiers && a != y && a != c && o.group(a, nil)[c] && o.passes(s, a, y, nil) {
			return true
		}
	}
	return o.passes(s, c, y, suspended)
}

// readings tries all assignments of the stakes within components.
func (o *oracle) readings() []string {
	var open []int
	for e, c := range o.g.Issuer {
		if o.component[c] != 0 && o.component[c] == o.component[o.g.Holder[e]] {
			open = append(open, e)
		}
	}
	var out []string
	for set := range 1 << len(open) {
		suspended := make([]bool, len(o.g.Issuer))
		for i, e := range open {
			suspended[e] = set&(1<<i) != 0
		}
		if slices.Equal(suspended, o.evaluate(suspended)) {
			var list []suspension.Suspended
			for e, yes := range suspended {
				if yes {
					list = append(list, suspension.Suspended{Stake: int32(e), Votes: ratio.Int(o.g.Votes.Units[e])})
				}
			}
			out = append(out, text(o.g, list))
		}
	}
	slices.Sort(out)
	return out
}

// randomHoldings returns stakes between companies, of which no company has more than 100
// votes.
func randomHoldings(r *rand.Rand, companies int) []holding {
	left := slices.Repeat([]int64{100}, companies)
	var out []holding
	for range 2 * companies {
		h := holding{'a' + byte(r.IntN(companies)), 'a' + byte(r.IntN(companies)), []int64{15, 20, 30, 45, 51, 60}[r.IntN(6)]}
		same := func(o holding) bool { return o.holder == h.holder && o.issuer == h.issuer }
		if h.holder != h.issuer && h.shares <= left[h.issuer-'a'] && !slices.ContainsFunc(out, same) {
			left[h.issuer-'a'] -= h.shares
			out = append(out, h)
		}
	}
	return out
}

// The search finds exactly the readings that trying all assignments finds.
func TestReadingsAgainstAllSubsets(t *testing.T) {
	kinds := []law.Statute{
		controls,
		{Kind: law.TestControls, Threshold: ratio.Of(1, 2), Presumed: ratio.Of(2, 5)},
		{Kind: law.TestHolds, Threshold: quarter},
		{Kind: law.TestHolds, Threshold: quarter, Group: true, AtLeast: true},
		{Kind: law.TestHolds, Threshold: ratio.Of(1, 10), NotWithinGroup: true},
		{Kind: law.TestHolds, Threshold: quarter, Group: true, GroupBy: law.MeasureShares},
		{Kind: law.TestHolds, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true, Tiers: true},
		{Kind: law.TestHolds, Threshold: quarter, Measure: law.MeasureShares},
		{Kind: law.TestMutual, Threshold: ratio.Of(1, 10)},
		{Kind: law.TestMutual, Threshold: quarter, Group: true},
		{Kind: law.TestMutual, Threshold: ratio.Of(1, 10), Measure: law.MeasureShares, Group: true},
		{Kind: law.TestMutual, Threshold: ratio.Of(1, 10), NotWithinGroup: true},
	}
	r := rand.New(rand.NewPCG(9, 4))
	number := map[string]int{}
	for i := range testkit.Size(1000, 3000) {
		companies := 2 + r.IntN(4)
		holdings := randomHoldings(r, companies)
		rules := []law.Statute{kinds[r.IntN(len(kinds))]}
		if r.IntN(2) == 0 {
			rules = append(rules, kinds[r.IntN(len(kinds))])
		}
		in := under(network(companies, holdings...), rules...)
		in.WholeBelow = r.IntN(2)
		search, ambiguity := solved(t, in)
		want := (&oracle{in.Graph, in.Component, in.Rules}).readings()
		what := fmt.Sprintf("network %d: %v under %v", i, holdings, rules)
		if ambiguity == nil {
			require.Equal(t, want, []string{text(in.Graph, chosen(search))}, what)
			number["one"]++
			continue
		}
		parts := ambiguity.Components()
		whole, more := ambiguity.Whole()
		require.False(t, more, what)
		var got []string
		for _, reading := range whole {
			got = append(got, text(in.Graph, reading))
		}
		slices.Sort(got)
		require.Equal(t, want, got, what)
		for _, p := range parts {
			require.False(t, p.Incomplete, what)
		}
		if len(want) == 0 {
			number["none"]++
		} else {
			number["several"]++
		}
	}
	for _, n := range []string{"none", "one", "several"} {
		require.Greater(t, number[n], 50, n)
	}
}
