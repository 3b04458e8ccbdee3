// The readings of one component.

package suspension

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
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

// enumerator looks for the readings of one strongly connected component: assignments of
// its stakes that its statutes leave as they are. It has a Search of its own, of the
// component's candidates and meetings alone. The cost of one evaluation is then the
// component's size.
//
// This is sufficient. Statutes ask about control between companies of one component only,
// and the answer depends on the component's own meetings (see [subgraph]). The exception
// is a presumption of control, which compares with the other holders, each grouped with
// its ultimate controller. A company outside the component that controls such a holder
// holds shares of it, directly or through others. So neither of the two can be owned by
// the component, and the component's votes do not decide who controls the holder. If the
// law is settled there, holders that have one controller outside the component vote as
// one here. If it is not settled there either, one enumerator searches both components,
// see [Search.dependent].
type enumerator struct {
	search    *Search // of the component
	low, high *iteration
	budget    *int // stakes that may still be read
	each      int  // stakes read for one evaluation

	lower, upper []ratio.Ratio // of each stake: bounds of all readings

	components map[int32]bool  // one, or several that depend on one another
	members    []int32         // their companies, in order
	candidates []int32         // of each of search.candidates: its number in the whole book
	places     []int32         // of each of search.stakes: its number in the whole book
	ambiguous  []int           // numbers in the whole book
	differing  bool            // whether the two runs of the iteration differ here
	most       []ratio.Ratio   // of each of places: the most votes that any run or reading suspends
	found      [][]ratio.Ratio // the readings
	complete   bool            // whether all assignments were tried
}

// enumerate runs an enumerator for each component with open stakes: those on which the two
// runs of the iteration differ, and those on which other readings may. Components that
// depend on one another get one enumerator. It returns the enumerators in the order of their
// first open stakes.
func (l *Search) enumerate(ctx context.Context, low, high *iteration, b *bounds, differing, others []int) ([]*enumerator, error) {
	group := map[int32]int32{}
	for _, i := range slices.Concat(differing, others) {
		group[l.componentOf(i)] = l.componentOf(i)
	}
	leader, err := l.leaders(ctx, low.last.votes)
	if err != nil {
		return nil, err
	}
	run := enumeration{low, high, b, leader, make([]int32, l.g.IDs.Len()), max(maxWork, maxPasses*len(l.g.Issuer)), maxOtherWork}
	alone := l.enumerators(group, differing, others)
	if err := run.all(ctx, l, alone); err != nil {
		return nil, err
	}
	joint, err := l.dependent(ctx, low, group, alone)
	if err != nil || !joint {
		return alone, err
	}
	out := l.enumerators(group, differing, others)
	var again []*enumerator
	for n, s := range out {
		if len(s.components) > 1 {
			again = append(again, s)
			continue
		}
		out[n] = alone[slices.IndexFunc(alone, func(a *enumerator) bool { return maps.Equal(a.components, s.components) })]
	}
	return out, run.all(ctx, l, again)
}

// enumeration is what all enumerators of a search share.
type enumeration struct {
	low, high           *iteration
	bounds              *bounds
	leader              func(x int32) int32
	local               []int32 // scratch memory, see [enumerator.run]
	budget, otherBudget int     // stakes that may still be read: where the two runs differ, and elsewhere
}

// all runs enumerators. It searches small components first, so that only large ones can run
// out of budget.
func (r *enumeration) all(ctx context.Context, l *Search, list []*enumerator) error {
	order := slices.Clone(list)
	slices.SortStableFunc(order, func(a, b *enumerator) int { return cmp.Compare(a.each, b.each) })
	for _, s := range order {
		if s.budget = &r.budget; !s.differing {
			s.budget = &r.otherBudget
		}
		if err := s.run(ctx, l, r); err != nil {
			return err
		}
	}
	return nil
}

// enumerators returns an enumerator for each group of components, in the order of their
// first open stakes.
func (l *Search) enumerators(group map[int32]int32, differing, others []int) []*enumerator {
	byGroup := map[int32]*enumerator{}
	var out []*enumerator
	for n, i := range slices.Concat(differing, others) {
		c := l.componentOf(i)
		s := byGroup[group[c]]
		if s == nil {
			s = &enumerator{components: map[int32]bool{}}
			byGroup[group[c]] = s
			out = append(out, s)
		}
		s.components[c] = true
		s.differing = s.differing || n < len(differing)
		s.ambiguous = append(s.ambiguous, i)
	}
	of := func(x int32) *enumerator { return byGroup[group[l.component[x]]] }
	for x, c := range l.component {
		if _, ok := group[c]; ok {
			s := of(int32(x))
			s.members = append(s.members, int32(x))
			from, to := l.g.Column(int32(x))
			s.each += int(to - from)
		}
	}
	for i := range l.candidates {
		if k := &l.candidates[i]; group[l.component[k.Issuer]] != 0 {
			s := of(k.Issuer)
			s.candidates = append(s.candidates, int32(i))
			s.places = append(s.places, k.Stakes...)
		}
	}
	for _, s := range out {
		slices.Sort(s.ambiguous)
		slices.Sort(s.places)
		s.places = slices.Compact(s.places)
		s.each += len(s.places)
	}
	slices.SortFunc(out, func(a, b *enumerator) int { return cmp.Compare(a.ambiguous[0], b.ambiguous[0]) })
	return out
}

// run searches the component of the search w. The scratch memory holds zeros before and
// after.
func (s *enumerator) run(ctx context.Context, w *Search, r *enumeration) error {
	s.restrict(w)
	s.low, s.high = r.low.restrict(s.places), r.high.restrict(s.places)
	s.lower, s.upper = at(r.bounds.lower, s.places), at(r.bounds.upper, s.places)
	s.search.sub = s.search.subgraphOf(s.members, s.components, r.local)
	s.joinOutsiders(r.leader)
	s.search.prune(ctx)
	err := s.find(ctx)
	s.most = make([]ratio.Ratio, len(s.places))
	for n := range s.most {
		s.most[n] = ratio.Max(s.low.most[n], s.high.most[n])
		for _, reading := range s.found {
			s.most[n] = ratio.Max(s.most[n], reading[n])
		}
	}
	for n, i := range s.places {
		if t := s.search.tried[n]; t != (cause{}) {
			w.tried[i] = t.renumber(s.candidates)
		}
	}
	s.clear(r.local)
	s.search, s.low, s.high, s.lower, s.upper = nil, nil, nil, nil, nil
	return err
}

// restrict makes the search of the component out of w, the search of the whole book.
func (s *enumerator) restrict(w *Search) {
	n := len(s.places)
	s.search = &Search{
		in: w.in, g: w.g, rules: w.rules, component: w.component, facts: w.facts,
		stakes: make([]int32, n), tried: make(causes, n),
		candidates: make([]Candidate, len(s.candidates)),
	}
	for i, at := range s.places {
		s.search.stakes[i] = w.stakes[at]
	}
	for n, i := range s.candidates {
		k := w.candidates[i]
		k.First, k.End = int32(n)+k.First-i, int32(n)+k.End-i // candidates of one issuer are adjacent here too
		k.Stakes = make([]int32, len(k.Stakes))
		for x, at := range w.candidates[i].Stakes {
			at, _ := slices.BinarySearch(s.places, at)
			k.Stakes[x] = int32(at)
		}
		s.search.candidates[n] = k
	}
}

// restrict returns the iteration of some stakes alone.
func (t *iteration) restrict(places []int32) *iteration {
	return &iteration{verdict{votes: at(t.last.votes, places)}, t.fixed, at(t.least, places), at(t.most, places)}
}

// renumber returns t, which is not zero, with its candidate's number in the whole book.
func (t cause) renumber(candidates []int32) cause {
	return cause{t.rule, candidates[t.candidate-1] + 1}
}

// at returns the votes at some places.
func at(all []ratio.Ratio, places []int32) []ratio.Ratio {
	out := make([]ratio.Ratio, len(places))
	for n, i := range places {
		out[n] = all[i]
	}
	return out
}

// joinOutsiders lets holders outside the component that have one leader vote as one.
func (s *enumerator) joinOutsiders(leader func(x int32) int32) {
	g, p := s.search.g, s.search.sub
	first := map[int32]int32{}
	for _, c := range s.members {
		in := p.localIndex(c)
		if in == graph.None {
			continue
		}
		meeting := p.g.Voter[p.g.Columns[in]:p.g.Columns[in+1]] // empty if only its votes in others matter
		from := g.Columns[c]
		for k := range meeting {
			x := g.Voter[from+int32(k)]
			if x == graph.None || s.components[s.search.component[x]] {
				continue
			}
			key := leader(x)
			if _, ok := first[key]; !ok {
				first[key] = meeting[k]
			}
			meeting[k] = first[key]
		}
	}
}

// clear sets the entries of local that this component used to zero.
func (s *enumerator) clear(local []int32) {
	g := s.search.g
	for _, c := range s.members {
		local[c] = 0
		from, to := g.Column(c)
		for _, x := range g.Voter[from:to] {
			if x != graph.None {
				local[x] = 0
			}
		}
	}
}

// assign copies a reading of the component into an assignment of the whole book.
func (s *enumerator) assign(assignment []ratio.Ratio, reading int) {
	for n, i := range s.places {
		assignment[i] = s.found[reading][n]
	}
}

// find finds the readings. It decides one open stake after the other, and tightens the
// bounds of the others after each choice. It reports in s.complete whether it came to an
// end within the budget. If it did not, it also descends from both ends of the iteration,
// so that a reading is found where there is one nearby.
func (s *enumerator) find(ctx context.Context) error {
	choices, exact, err := s.options(ctx)
	if err != nil {
		return err
	}
	stage := progress.Count(ctx, "readings", 1<<6)
	t := &tree{s, choices, &stage, 0}
	done := false
	if t.each*(1+len(s.search.undecided)) <= *s.budget/minTightenings {
		done, err = t.branch(ctx, slices.Clone(s.lower), slices.Clone(s.upper))
	}
	stage.End()
	defer s.sort()
	if s.complete = done && exact; err != nil || s.complete {
		return err
	}
	for _, start := range [][]ratio.Ratio{s.low.last.votes, s.high.last.votes} {
		if err := s.descend(ctx, start); err != nil {
			return err
		}
	}
	return nil
}

// sort sorts the readings by the votes of the last stake, then of those before.
func (s *enumerator) sort() {
	slices.SortFunc(s.found, func(a, b []ratio.Ratio) int {
		for n := range slices.Backward(a) {
			if d := a[n].Cmp(b[n]); d != 0 {
				return d
			}
		}
		return 0
	})
}

// tree is the tree of choices.
type tree struct {
	*enumerator
	choices [][]ratio.Ratio // of each stake, ascending
	stage   *progress.Stage
	nodes   int
}

// branch adds the readings within bounds to s.found, which it may change. It returns false
// if the budget does not suffice.
func (t *tree) branch(ctx context.Context, lower, upper []ratio.Ratio) (bool, error) {
	t.stage.At(t.nodes)
	if t.nodes++; t.nodes > maxAssignments {
		return false, nil
	}
	switch consistent, done, err := t.tighten(ctx, lower, upper); {
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
		next, err := t.search.evaluate(ctx, lower)
		if err != nil {
			return false, err
		}
		t.search.tried.note(next)
		if equal(next.votes, lower) {
			t.found = append(t.found, lower)
		}
		return true, nil
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
func (t *tree) tighten(ctx context.Context, lower, upper []ratio.Ratio) (consistent, done bool, err error) {
	b := &bounds{search: t.search, lower: lower, upper: upper}
	each := t.each * (1 + len(t.search.undecided))
	for changed := true; changed; {
		if ctx.Err() != nil {
			return false, false, stopped(ctx)
		}
		if *t.budget -= each; *t.budget < 0 {
			return false, false, nil
		}
		least, most, err := b.tighten(ctx)
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
// again until nothing changes. It adds the reading to s.found if there is one within the
// limit of steps. Where stakes suspend each other all at once, half of them settle down.
func (s *enumerator) descend(ctx context.Context, start []ratio.Ratio) error {
	assignment := slices.Clone(start)
	for range maxSteps {
		v, err := s.search.evaluate(ctx, assignment)
		if err != nil {
			return err
		}
		s.search.tried.note(v)
		next := v.votes
		var changed []int
		for n := range next {
			if !next[n].Equal(assignment[n]) {
				changed = append(changed, n)
			}
		}
		if len(changed) == 0 {
			if !slices.ContainsFunc(s.found, func(f []ratio.Ratio) bool { return equal(f, assignment) }) {
				s.found = append(s.found, assignment)
			}
			return nil
		}
		for _, n := range changed[:(len(changed)+1)/2] {
			assignment[n] = next[n]
		}
	}
	return nil
}

// options lists the choices for each stake: nothing, what some rule suspends, and what the
// iteration suspended. Exact reports whether a rule can suspend nothing else.
func (s *enumerator) options(ctx context.Context) (out [][]ratio.Ratio, exact bool, err error) {
	l := s.search
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
	j := &evaluation{search: l, assignment: s.low.last.votes}
	for i := range l.candidates {
		k := &l.candidates[i]
		for _, r := range k.Rules {
			if err := j.suspend(ctx, &l.rules[r], k, func(at int32, v ratio.Ratio) { add(int(at), v) }); err != nil {
				return nil, false, err
			}
			exact = s.addVariants(&l.rules[r], k, add) && exact
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
	l := s.search
	switch {
	case r.CountsSuspended:
		return true
	case r.Kind == law.TestMutual && r.Group: // the assignment decides whose stakes are suspended
		for _, other := range l.candidates[k.First:k.End] {
			for _, at := range other.Stakes {
				add(int(at), l.g.Stake(&l.g.Votes, l.stakes[at]))
			}
		}
		return r.Effect == "" || r.Effect == law.EffectAll
	case r.Effect == law.EffectSmaller && r.Measure != law.MeasureShares: // all, or the excess if both hold the same
		for _, at := range k.Stakes {
			add(int(at), l.g.Stake(&l.g.Votes, l.stakes[at]))
		}
		return false
	}
	return true
}
