// Components whose readings depend on one another.

package suspension

import (
	"context"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// Limits of the search for dependent components. With at most allCombinations combinations
// of readings it looks at each, otherwise at someCombinations. It changes the readings of
// single components at most maxAlone times.
const (
	allCombinations  = 1 << 5
	someCombinations = 1 << 3
	maxAlone         = 1 << 8
)

// dependence finds components that depend on others. A presumption of control compares with
// the other holders, each grouped with its ultimate controller. If the controllers of a
// component's holders differ between the readings of another component, its readings
// depend on that component.
type dependence struct {
	scope   *scope
	all     []*result
	several []*result     // those with more than one reading
	first   []ratio.Ratio // the assignment with the first reading of each
	leaders [][]int32     // of the holders from outside each of all, under it
}

// dependent joins components in group if one depends on the other. It reports whether it
// joined any.
func (sc *scope) dependent(ctx context.Context, low *iteration, group map[int32]int32, all []*result) (bool, error) {
	l := sc.search
	d := &dependence{scope: sc, all: all, first: slices.Clone(low.last.votes)}
	for _, s := range all {
		if len(s.readings) > 1 {
			d.several = append(d.several, s)
			s.assign(d.first, 0)
		}
	}
	if _, presumed := sc.lowestThreshold(); !presumed || len(all) < 2 || len(d.several) == 0 {
		return false, nil
	}
	var err error
	if d.leaders, err = d.leadersUnder(ctx, d.first); err != nil {
		return false, err
	}
	open, err := d.openUnderCombinations(ctx)
	if err != nil || len(open) == 0 {
		return false, err
	}
	joined := false
	on := d.linked(open)
	var linked []*result // to some open component
	tries := 0
	for _, u := range d.several {
		if slices.ContainsFunc(open, func(s *result) bool { return slices.Contains(on[s], u) }) {
			linked = append(linked, u)
			tries += len(u.readings) - 1
		}
	}
	explained := map[*result]bool{}
	for _, u := range linked {
		for n := 1; n < len(u.readings) && tries <= maxAlone; n++ {
			assignment := slices.Clone(d.first)
			u.assign(assignment, n)
			changed, err := d.changed(ctx, assignment)
			if err != nil {
				return false, err
			}
			for _, s := range changed {
				if s != u && slices.Contains(on[s], u) {
					unite(group, l.component[s.members[0]], l.component[u.members[0]])
					joined, explained[s] = true, true
				}
			}
		}
	}
	for _, s := range open {
		if explained[s] {
			continue
		}
		for _, u := range on[s] { // only several together change its holders' controllers, or there were too many to try
			unite(group, l.component[s.members[0]], l.component[u.members[0]])
			joined = true
		}
	}
	return joined, nil
}

// leadersUnder returns the controllers of the holders from outside each component under an
// assignment.
func (d *dependence) leadersUnder(ctx context.Context, assignment []ratio.Ratio) ([][]int32, error) {
	leader, err := d.scope.leaders(ctx, assignment)
	if err != nil {
		return nil, err
	}
	out := make([][]int32, len(d.all))
	for k, s := range d.all {
		s.outsiders(d.scope.search, func(x int32) { out[k] = append(out[k], leader(x)) })
	}
	return out, nil
}

// changed returns the components with other controllers of their holders than in d.first.
func (d *dependence) changed(ctx context.Context, assignment []ratio.Ratio) ([]*result, error) {
	leaders, err := d.leadersUnder(ctx, assignment)
	var out []*result
	for k := range leaders {
		if !slices.Equal(leaders[k], d.leaders[k]) {
			out = append(out, d.all[k])
		}
	}
	return out, err
}

// openUnderCombinations returns the components that change in some combination of readings.
func (d *dependence) openUnderCombinations(ctx context.Context) ([]*result, error) {
	combinations := 1
	for _, s := range d.several {
		combinations = min(combinations*len(s.readings), allCombinations+1)
	}
	every := combinations <= allCombinations
	if !every {
		combinations = someCombinations
	}
	var open []*result
	for n := 1; n < combinations; n++ {
		assignment := slices.Clone(d.first)
		at := n
		for k, s := range d.several {
			if every {
				s.assign(assignment, at%len(s.readings))
				at /= len(s.readings)
			} else { // the components change in different patterns
				s.assign(assignment, (n+bits.OnesCount(uint(k)&uint(n)))%len(s.readings))
			}
		}
		changed, err := d.changed(ctx, assignment)
		if err != nil {
			return nil, err
		}
		for _, s := range changed {
			if !slices.Contains(open, s) {
				open = append(open, s)
			}
		}
	}
	return open, nil
}

// linked returns, for each of the given components, those of several readings whose
// companies vote at its meetings, directly or through others.
func (d *dependence) linked(components []*result) map[*result][]*result {
	l := d.scope.search
	least, _ := d.scope.lowestThreshold()
	local := make([]int32, l.g.IDs.Len())
	out := map[*result][]*result{}
	for _, s := range components {
		meetings := l.controllable(s.members, least)
		for _, x := range meetings {
			local[x] = 1
		}
		above := map[int32]bool{}
		for _, x := range l.upwards(meetings, nil, local) {
			local[x] = 0
			above[l.component[x]] = true
		}
		for _, u := range d.several {
			if u != s && above[l.component[u.members[0]]] {
				out[s] = append(out[s], u)
			}
		}
	}
	return out
}

// leaders returns a function that numbers the ultimate controllers by majority under an
// assignment: companies with the same number vote as one. If no rule presumes control,
// every company has a number of its own.
func (sc *scope) leaders(ctx context.Context, assignment []ratio.Ratio) (func(x int32) int32, error) {
	if _, presumed := sc.lowestThreshold(); !presumed {
		return func(x int32) int32 { return ^x }, nil
	}
	f, err := sc.sub.tally(assignment).Engine.Leaders(ctx)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return func(x int32) int32 {
		if in := sc.sub.localIndex(x); in != graph.None {
			return f.Top(in)
		}
		return ^x
	}, nil
}

// unite joins the groups of a and b.
func unite(group map[int32]int32, a, b int32) {
	from, to := max(group[a], group[b]), min(group[a], group[b])
	for c, of := range group {
		if of == from {
			group[c] = to
		}
	}
}

// split takes groups of components apart whose readings are the product of those of each
// component.
func (l *Search) split(results []*result) []*result {
	var out []*result
	for _, s := range results {
		parts := []*result{s}
		if len(s.components) > 1 && s.complete {
			parts = parts[:0]
			n := 1
			for _, c := range slices.Sorted(maps.Keys(s.components)) {
				part := l.only(s, c)
				parts = append(parts, part)
				n *= len(part.readings)
			}
			if n != len(s.readings) {
				parts = []*result{s}
			}
		}
		out = append(out, parts...)
	}
	return out
}

// only returns the readings of one component of s.
func (l *Search) only(s *result, c int32) *result {
	out := &result{part: &part{components: map[int32]bool{c: true}, differing: s.differing}, complete: s.complete}
	var at []int
	for n, i := range s.places {
		if l.componentOf(int(i)) == c {
			at = append(at, n)
			out.places, out.most = append(out.places, i), append(out.most, s.most[n])
		}
	}
	for _, i := range s.ambiguous {
		if l.componentOf(i) == c {
			out.ambiguous = append(out.ambiguous, i)
		}
	}
	for _, found := range s.readings {
		reading := make([]ratio.Ratio, len(at))
		for k, n := range at {
			reading[k] = found[n]
		}
		if !slices.ContainsFunc(out.readings, func(f []ratio.Ratio) bool { return equal(f, reading) }) {
			out.readings = append(out.readings, reading)
		}
	}
	return out
}
