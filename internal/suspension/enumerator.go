// The readings of one component.

package suspension

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// These are the limits of the search for readings. It tries at most maxAssignments
// assignments for one component. For all components together, it reads at most maxWork
// stakes, or maxPasses times the stakes of the book if that is more.
const (
	maxAssignments = 1 << 12
	maxWork        = 20_000_000
	maxPasses      = 8

	// A component in which the budget does not suffice to tighten the bounds so many times
	// is not searched choice by choice.
	minTightenings = 64
)

// enumerate finds the readings of each component with open stakes. Components that depend on one
// another are one part. It returns the results in the order of their first open stakes, and adds
// the causes of the assignments that it tries to those of the runs.
func (sc *scope) enumerate(ctx context.Context, r runs, b bounds, open openStakes) ([]*result, error) {
	l := sc.search
	group := map[int32]int32{}
	for _, i := range slices.Concat(open.differing, open.others) {
		group[l.componentOf(i)] = l.componentOf(i)
	}
	leader, err := sc.leaders(ctx, r.low.last.votes)
	if err != nil {
		return nil, err
	}
	run := enumeration{sc, r, b, leader, make([]int32, sc.g.IDs.Len()), max(maxWork, maxPasses*len(sc.g.Issuer)), maxOtherWork}
	alone, err := run.all(ctx, sc.parts(group, open))
	if err != nil {
		return nil, err
	}
	joint, err := sc.dependent(ctx, r.low, group, alone)
	if err != nil || !joint {
		return alone, err
	}
	parts := sc.parts(group, open)
	again, err := run.all(ctx, slices.DeleteFunc(slices.Clone(parts), func(p *part) bool { return len(p.components) == 1 }))
	if err != nil {
		return nil, err
	}
	out := make([]*result, len(parts))
	for n, p := range parts {
		found := alone
		if len(p.components) > 1 {
			found = again
		}
		out[n] = found[slices.IndexFunc(found, func(s *result) bool { return maps.Equal(s.components, p.components) })]
	}
	return out, nil
}

// enumeration is what all enumerators of a search share.
type enumeration struct {
	scope               *scope // of the whole book
	runs                runs
	bounds              bounds
	leader              func(x int32) int32
	local               []int32 // scratch memory, see [enumeration.search]
	budget, otherBudget int     // stakes that may still be read: where the two runs differ, and elsewhere
}

// all searches parts and returns their results in the same order. It searches small parts first,
// so that only large ones can run out of budget.
func (r *enumeration) all(ctx context.Context, parts []*part) ([]*result, error) {
	order := slices.Clone(parts)
	slices.SortStableFunc(order, func(a, b *part) int { return cmp.Compare(a.each, b.each) })
	out := make([]*result, len(parts))
	for _, p := range order {
		s, err := r.search(ctx, p)
		if err != nil {
			return nil, err
		}
		out[slices.Index(parts, p)] = s
	}
	return out, nil
}

// search finds the readings of a part. The scratch memory holds zeros before and after.
func (r *enumeration) search(ctx context.Context, p *part) (*result, error) {
	s := &enumerator{
		part: p, low: r.runs.low.restrict(p.places), high: r.runs.high.restrict(p.places),
		lower: at(r.bounds.lower, p.places), upper: at(r.bounds.upper, p.places),
		budget: &r.otherBudget, tried: make(causes, len(p.places)),
	}
	if p.differing {
		s.budget = &r.budget
	}
	base := r.scope.restrict(p)
	sub := base.subgraphOf(p.members, p.components, r.local)
	p.joinOutsiders(base, sub, r.leader)
	var err error
	if s.scope, err = base.within(ctx, sub); err != nil {
		return nil, err
	}
	out, err := s.find(ctx)
	if err != nil {
		return nil, err
	}
	for n, i := range p.places {
		if t := s.tried[n]; t != (cause{}) {
			r.runs.tried[i] = cause{t.rule, p.candidates[t.candidate-1] + 1}
		}
	}
	p.clear(r.scope.g, r.local)
	return out, nil
}

// restrict returns the iteration of some stakes alone.
func (t *iteration) restrict(places []int32) *iteration {
	return &iteration{verdict{votes: at(t.last.votes, places)}, t.fixed, at(t.least, places), at(t.most, places)}
}

// at returns the votes at some places.
func at(all []ratio.Ratio, places []int32) []ratio.Ratio {
	out := make([]ratio.Ratio, len(places))
	for n, i := range places {
		out[n] = all[i]
	}
	return out
}

// enumerator looks for the readings of one part: assignments of its stakes that its statutes
// leave as they are. It has a scope of its own, of the part's candidates and meetings alone. The
// cost of one evaluation is then the part's size.
//
// This is sufficient. Statutes ask about control between companies of one component only,
// and the answer depends on the component's own meetings (see [subgraph]). The exception
// is a presumption of control, which compares with the other holders, each grouped with
// its ultimate controller. A company outside the component that controls such a holder
// holds shares of it, directly or through others. So neither of the two can be owned by
// the component, and the component's votes do not decide who controls the holder. If the
// law is settled there, holders that have one controller outside the component vote as
// one here. If it is not settled there either, one enumerator searches both components,
// see [scope.dependent].
type enumerator struct {
	*part
	scope        *scope
	low, high    *iteration
	lower, upper []ratio.Ratio // bounds of all readings
	budget       *int          // stakes that may still be read
	tried        causes        // of each stake: why it is suspended in the last assignment that was tried and suspends it
}

// find finds the readings. It decides one open stake after the other, and tightens the
// bounds of the others after each choice. If it does not come to an end within the budget, it
// also descends from both ends of the iteration, so that a reading is found where there is one
// nearby.
func (s *enumerator) find(ctx context.Context) (*result, error) {
	choices, exact, err := s.options(ctx)
	if err != nil {
		return nil, err
	}
	found, done, err := s.tryAll(ctx, choices)
	if err != nil {
		return nil, err
	}
	out := &result{s.part, found, nil, done && exact}
	if !out.complete {
		for _, start := range [][]ratio.Ratio{s.low.last.votes, s.high.last.votes} {
			reading, err := s.descend(ctx, start)
			if err != nil {
				return nil, err
			}
			if reading != nil && !slices.ContainsFunc(out.readings, func(f []ratio.Ratio) bool { return equal(f, reading) }) {
				out.readings = append(out.readings, reading)
			}
		}
	}
	sortReadings(out.readings)
	out.most = make([]ratio.Ratio, len(s.places))
	for n := range out.most {
		out.most[n] = ratio.Max(s.low.most[n], s.high.most[n])
		for _, reading := range out.readings {
			out.most[n] = ratio.Max(out.most[n], reading[n])
		}
	}
	return out, nil
}

// evaluate applies the statutes to an assignment of the part.
func (s *enumerator) evaluate(ctx context.Context, assignment []ratio.Ratio) ([]ratio.Ratio, error) {
	v, err := s.scope.evaluate(ctx, assignment)
	s.tried.note(v)
	return v.votes, err
}

// sortReadings sorts readings by the votes of the last stake, then of those before.
func sortReadings(list [][]ratio.Ratio) {
	slices.SortFunc(list, func(a, b []ratio.Ratio) int {
		for n := range slices.Backward(a) {
			if d := a[n].Cmp(b[n]); d != 0 {
				return d
			}
		}
		return 0
	})
}

// tryAll tries all assignments within the bounds that the choices allow. It returns the readings
// among them, and whether the budget sufficed.
func (s *enumerator) tryAll(ctx context.Context, choices [][]ratio.Ratio) (readings [][]ratio.Ratio, done bool, err error) {
	if s.tighteningCost() > *s.budget/minTightenings {
		return nil, false, nil
	}
	stage := progress.Count(ctx, "readings", 1<<6)
	t := &tree{of: s, choices: choices, stage: &stage}
	done, err = t.branch(ctx, slices.Clone(s.lower), slices.Clone(s.upper))
	stage.End()
	return t.readings, done, err
}

// tighteningCost returns the stakes that one tightening of the bounds reads at most.
func (s *enumerator) tighteningCost() int { return s.each * (1 + len(s.scope.undecided)) }

// tree is the tree of choices.
type tree struct {
	of       *enumerator
	choices  [][]ratio.Ratio // of each stake, ascending
	stage    *progress.Stage
	nodes    int
	readings [][]ratio.Ratio // those found so far
}

// branch finds the readings within bounds, which it may change. It returns false if the budget
// does not suffice.
func (t *tree) branch(ctx context.Context, lower, upper []ratio.Ratio) (bool, error) {
	t.stage.At(t.nodes)
	if t.nodes++; t.nodes > maxAssignments {
		return false, nil
	}
	switch consistent, done, err := t.of.tighten(ctx, lower, upper); {
	case err != nil || !done:
		return false, err
	case !consistent:
		return true, nil
	}
	open := -1
	for n := range lower {
		if lower[n].Less(upper[n]) {
			open = n
			break
		}
	}
	if open < 0 {
		next, err := t.of.evaluate(ctx, lower)
		if err == nil && equal(next, lower) {
			t.readings = append(t.readings, lower)
		}
		return err == nil, err
	}
	for _, v := range t.choices[open] {
		if v.Less(lower[open]) || upper[open].Less(v) {
			continue
		}
		below, above := slices.Clone(lower), slices.Clone(upper)
		below[open], above[open] = v, v
		if done, err := t.branch(ctx, below, above); err != nil || !done {
			return false, err
		}
	}
	return true, nil
}

// tighten narrows the bounds until nothing changes. It reports whether they leave room for
// a reading, and whether the budget sufficed.
func (s *enumerator) tighten(ctx context.Context, lower, upper []ratio.Ratio) (consistent, done bool, err error) {
	each := s.tighteningCost()
	for changed := true; changed; {
		if ctx.Err() != nil {
			return false, false, stopped(ctx)
		}
		if *s.budget -= each; *s.budget < 0 {
			return false, false, nil
		}
		least, most, err := s.scope.tighten(ctx, lower, upper)
		if err != nil {
			return false, false, err
		}
		changed = false
		for n := range lower {
			if lower[n].Less(least[n]) {
				lower[n], changed = least[n], true
			}
			if most[n].Less(upper[n]) {
				upper[n], changed = most[n], true
			}
			if upper[n].Less(lower[n]) {
				return false, true, nil
			}
		}
	}
	return true, true, nil
}

// maxSteps bounds the steps of descend.
const maxSteps = 1 << 8

// descend applies the statutes to the first half of the stakes that change, again and
// again until nothing changes. It returns the reading if there is one within the limit of
// steps, and otherwise nil. Where stakes suspend each other all at once, half of them settle
// down.
func (s *enumerator) descend(ctx context.Context, start []ratio.Ratio) ([]ratio.Ratio, error) {
	assignment := slices.Clone(start)
	for range maxSteps {
		next, err := s.evaluate(ctx, assignment)
		if err != nil {
			return nil, err
		}
		var changed []int
		for n := range next {
			if !next[n].Equal(assignment[n]) {
				changed = append(changed, n)
			}
		}
		if len(changed) == 0 {
			return assignment, nil
		}
		for _, n := range changed[:(len(changed)+1)/2] {
			assignment[n] = next[n]
		}
	}
	return nil, nil
}

// options lists the choices for each stake: nothing, what some rule suspends, and what the
// iteration suspended. Exact reports whether a rule can suspend nothing else.
func (s *enumerator) options(ctx context.Context) (out [][]ratio.Ratio, exact bool, err error) {
	sc := s.scope
	out, exact = make([][]ratio.Ratio, len(s.places)), true
	add := func(n int, v ratio.Ratio) {
		if !slices.ContainsFunc(out[n], v.Equal) {
			out[n] = append(out[n], v)
		}
	}
	for n := range out {
		for _, v := range [...]ratio.Ratio{{}, s.low.least[n], s.low.most[n], s.high.least[n], s.high.most[n]} {
			add(n, v)
		}
	}
	j := &evaluation{scope: sc, assignment: s.low.last.votes}
	for i := range sc.candidates {
		k := &sc.candidates[i]
		for _, r := range k.Rules {
			if err := j.suspend(ctx, &sc.search.rules[r], k, func(at int32, v ratio.Ratio) { add(int(at), v) }); err != nil {
				return nil, false, err
			}
			exact = s.addVariants(&sc.search.rules[r], k, add) && exact
		}
	}
	for n := range out {
		slices.SortFunc(out[n], ratio.Ratio.Cmp)
	}
	return out, exact, nil
}

// addVariants adds the votes that a rule suspends in some assignments and not in others. It
// reports whether it knows them all.
func (s *enumerator) addVariants(r *law.Statute, k *Candidate, add func(i int, v ratio.Ratio)) bool {
	sc := s.scope
	switch {
	case r.CountsSuspended:
		return true
	case r.Kind == law.TestMutual && r.Group: // the assignment decides whose stakes are suspended
		for _, other := range sc.candidates[k.First:k.End] {
			for _, at := range other.Stakes {
				add(int(at), sc.g.Stake(&sc.g.Votes, sc.stakes[at]))
			}
		}
		return r.Effect == "" || r.Effect == law.EffectAll
	case r.Effect == law.EffectSmaller && r.Measure != law.MeasureShares: // all, or the excess if both hold the same
		for _, at := range k.Stakes {
			add(int(at), sc.g.Stake(&sc.g.Votes, sc.stakes[at]))
		}
		return false
	}
	return true
}
