package suspension

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// These are the limits of the search for readings. It tries at most maxAssignments
// assignments for one component. For all components together, it reads at most maxWork
// stakes, or maxPasses times the stakes of the book if that is more.
const (
	maxAssignments = 1 << 12
	maxWork        = 20_000_000
	maxPasses      = 8
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
// the component, and the component's votes do not decide who controls the holder. Holders
// that have one controller outside the component in the first assignment of the search
// therefore vote as one here.
type enumerator struct {
	search    *Search // of the component
	low, high *iteration
	budget    *int  // stakes that may still be read
	each      int   // stakes read for one evaluation
	varied    []int // the stakes for which every choice is tried

	component  int32
	members    []int32         // its companies, in order
	candidates []int32         // of each of search.candidates: its number in the whole book
	places     []int32         // of each of search.stakes: its number in the whole book
	ambiguous  []int           // numbers in the whole book; find may add some
	found      [][]ratio.Ratio // the readings
	complete   bool            // whether all assignments were tried
}

// enumerate runs an enumerator for each component with ambiguous stakes. It returns them
// in the order of their first ambiguous stakes. It searches small components first, so
// that only large ones can run out of budget. The budget is the number of stakes that may
// be read for all components together.
func (l *Search) enumerate(ctx context.Context, low, high *iteration, ambiguous []int, budget int) ([]*enumerator, error) {
	g := l.g
	byComponent := map[int32]*enumerator{}
	var out []*enumerator
	for _, i := range ambiguous {
		c := l.component[g.Issuer[l.stakes[i]]]
		s := byComponent[c]
		if s == nil {
			s = &enumerator{component: c}
			byComponent[c] = s
			out = append(out, s)
		}
		s.ambiguous = append(s.ambiguous, i)
	}
	for x, c := range l.component {
		if s := byComponent[c]; s != nil {
			s.members = append(s.members, int32(x))
		}
	}
	for i := range l.candidates {
		if s := byComponent[l.component[l.candidates[i].Issuer]]; s != nil {
			s.candidates = append(s.candidates, int32(i))
			s.places = append(s.places, l.candidates[i].Stakes...)
		}
	}
	for _, s := range out {
		for _, c := range s.members {
			from, to := g.Column(c)
			s.each += int(to - from)
		}
		slices.Sort(s.places)
		s.places = slices.Compact(s.places)
		s.each += len(s.places)
	}
	leader, err := l.leaders(ctx, low.assignment)
	if err != nil {
		return nil, err
	}
	local := make([]int32, len(g.IDs))
	order := slices.Clone(out)
	slices.SortStableFunc(order, func(a, b *enumerator) int { return cmp.Compare(a.each, b.each) })
	for _, s := range order {
		s.budget = &budget
		if err := s.run(ctx, l, low, high, leader, local); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// leaders returns a function that numbers the ultimate controllers by majority under an
// assignment: companies with the same number vote as one. If no rule presumes control,
// every company has a number of its own.
func (l *Search) leaders(ctx context.Context, assignment []ratio.Ratio) (func(x int32) int32, error) {
	if _, presumed := l.lowestThreshold(); !presumed {
		return func(x int32) int32 { return ^x }, nil
	}
	f, err := l.sub.tally(assignment).Engine.Leaders(ctx)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return func(x int32) int32 {
		if in := l.sub.localIndex(x); in != graph.None {
			return f.Top(in)
		}
		return ^x
	}, nil
}

// run searches the component of the search w. local is scratch memory: it holds zeros
// before and after.
func (s *enumerator) run(ctx context.Context, w *Search, low, high *iteration, leader func(x int32) int32, local []int32) error {
	s.restrict(w)
	s.low, s.high = low.restrict(s.places), high.restrict(s.places)
	s.search.sub = s.search.subgraphOf(s.members, s.component, local)
	s.joinOutsiders(leader)
	s.search.prune(ctx)
	err := s.find(ctx)
	for n, i := range s.places {
		w.causes[i] = s.search.causes[n].renumber(s.candidates)
		if t := s.search.possible[n]; t != (cause{}) {
			w.possible[i] = t.renumber(s.candidates)
		}
	}
	s.clear(local)
	s.search, s.low, s.high = nil, nil, nil
	return err
}

// restrict makes the search of the component out of w, the search of the whole book.
func (s *enumerator) restrict(w *Search) {
	n := len(s.places)
	s.search = &Search{
		in: w.in, g: w.g, rules: w.rules, component: w.component,
		stakes: make([]int32, n), causes: make([]cause, n), possible: make([]cause, n),
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
	for _, i := range s.ambiguous {
		at, _ := slices.BinarySearch(s.places, int32(i))
		s.varied = append(s.varied, at)
	}
}

// restrict returns the iteration of some stakes alone.
func (t *iteration) restrict(places []int32) *iteration {
	pick := func(all []ratio.Ratio) []ratio.Ratio {
		out := make([]ratio.Ratio, len(places))
		for n, i := range places {
			out[n] = all[i]
		}
		return out
	}
	return &iteration{pick(t.assignment), t.fixed, pick(t.least), pick(t.most)}
}

// renumber returns t with its candidate's number in the whole book.
func (t cause) renumber(candidates []int32) cause {
	if t != (cause{}) {
		t.candidate = candidates[t.candidate-1] + 1
	}
	return t
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
			if x == graph.None || s.search.component[x] == s.component {
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

// find finds the readings and reports in s.complete whether all assignments were tried. In
// a small component it tries every combination of choices for all stakes. In a larger one
// it varies only the ambiguous stakes. If a combination leaves these as they are and
// changes others, it varies those others too. If even that is too much, it tries only the
// two ends of the iteration.
func (s *enumerator) find(ctx context.Context) error {
	ambiguous := s.varied
	s.varied = make([]int, len(s.places))
	for n := range s.varied {
		s.varied[n] = n
	}
	var err error
	if s.found, _, s.complete, err = s.tryAll(ctx); err != nil || s.complete {
		return err
	}
	s.varied = ambiguous
	for {
		found, more, tried, err := s.tryAll(ctx)
		switch {
		case err != nil:
			return err
		case !tried:
			s.found, err = s.endpoints(ctx)
			return err
		case len(more) == 0:
			s.found = found
			return nil
		}
		for _, n := range more {
			s.ambiguous = append(s.ambiguous, int(s.places[n]))
		}
		s.varied = append(s.varied, more...)
		slices.Sort(s.ambiguous)
		slices.Sort(s.varied)
	}
}

// tryAll tries every combination of choices for the varied stakes, unless there are too
// many.
func (s *enumerator) tryAll(ctx context.Context) (found [][]ratio.Ratio, more []int, tried bool, err error) {
	choices, err := s.options(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	n := 1
	for _, c := range choices {
		if n *= len(c); n > maxAssignments || n*s.each > *s.budget {
			return nil, nil, false, nil
		}
	}
	*s.budget -= n * s.each
	found, more, err = s.check(ctx, choices, n)
	return found, more, true, err
}

// options lists the choices for each varied stake: nothing, what some rule suspends, and
// what the iteration suspended.
func (s *enumerator) options(ctx context.Context) ([][]ratio.Ratio, error) {
	l := s.search
	out := make([][]ratio.Ratio, len(s.varied))
	add := func(i int, v ratio.Ratio) {
		if n, ok := slices.BinarySearch(s.varied, i); ok && !slices.ContainsFunc(out[n], v.Equal) {
			out[n] = append(out[n], v)
		}
	}
	for _, i := range s.varied {
		for _, v := range [...]ratio.Ratio{{}, s.low.least[i], s.low.most[i], s.high.least[i], s.high.most[i]} {
			add(i, v)
		}
	}
	j := &evaluation{search: l, assignment: s.low.assignment}
	for i := range l.candidates {
		k := &l.candidates[i]
		for _, r := range k.Rules {
			if err := j.suspend(ctx, &l.rules[r], k, func(at int32, v ratio.Ratio) { add(int(at), v) }); err != nil {
				return nil, err
			}
		}
	}
	for n := range out {
		slices.SortFunc(out[n], ratio.Ratio.Cmp)
	}
	return out, nil
}

// check evaluates all n combinations of choices. It returns the readings, and the stakes
// that changed in combinations that leave the varied stakes as they are.
func (s *enumerator) check(ctx context.Context, choices [][]ratio.Ratio, n int) (found [][]ratio.Ratio, more []int, err error) {
	stage := progress.Start(ctx, "readings", n, 1<<4)
	for at := range n {
		stage.At(at)
		assignment := slices.Clone(s.low.assignment)
		for d, i := range s.varied {
			assignment[i] = choices[d][at%len(choices[d])]
			at /= len(choices[d])
		}
		next, err := s.search.Evaluate(ctx, assignment)
		if err != nil {
			return nil, nil, err
		}
		if equal(next, assignment) {
			found = append(found, assignment)
			continue
		}
		var moved []int
		for i := range next {
			if !next[i].Equal(assignment[i]) {
				moved = append(moved, i)
			}
		}
		if !slices.ContainsFunc(moved, func(i int) bool { return slices.Contains(s.varied, i) }) {
			for _, i := range moved {
				if !slices.Contains(more, i) {
					more = append(more, i)
				}
			}
		}
	}
	stage.End()
	return found, more, nil
}

// endpoints returns the ends of the iteration that are readings.
func (s *enumerator) endpoints(ctx context.Context) (found [][]ratio.Ratio, err error) {
	for _, assignment := range [][]ratio.Ratio{s.low.assignment, s.high.assignment} {
		next, err := s.search.Evaluate(ctx, assignment)
		if err != nil {
			return nil, err
		}
		if equal(next, assignment) && !slices.ContainsFunc(found, func(f []ratio.Ratio) bool { return equal(f, assignment) }) {
			found = append(found, assignment)
		}
	}
	return found, nil
}
