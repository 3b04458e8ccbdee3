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

// Bounds on the search for readings: states tried for one circle, and stakes
// read for all, or for all of a book as many times its stakes if that is more.
const (
	maxStates = 1 << 12
	maxWork   = 20_000_000
	maxPasses = 8
)

// enumerator looks for the readings of one circle: states of its stakes that
// its statutes confirm. It has a law of its own, of the circle's cases and
// meetings alone, so that a look at a state costs what the circle is large.
//
// That is enough. What the statutes ask of control is asked within a circle, and
// rests on its own meetings (see precinct) but for the other holders of a
// presumption, each counted with its ultimate controller. Whoever controls a
// holder from outside the circle holds of it, directly or not, so that neither
// of the two can be below the circle: who controls such a holder does not turn
// on the circle's votes. Holders with one controller outside the circle in the
// first state of the search therefore vote as one here.
type enumerator struct {
	search    *Search // of the circle
	low, high *iteration
	work      *int  // stakes that may still be read
	each      int   // those read for one state
	varied    []int // the stakes for which every choice is tried

	component  int32
	members    []int32         // its companies, in order
	candidates []int32         // of each of l.cases: its place in the whole law
	places     []int32         // of each of l.stakes: its place in the whole law
	doubtful   []int           // in the whole law; the search may add some
	found      [][]ratio.Ratio // the readings
	complete   bool            // whether all states that might be one were tried
}

// enumerate makes a search for each circle with doubtful stakes and returns
// them, done, in order of the first of these. Small circles are searched first,
// so that it is the large ones for which there may be no work left: so many
// stakes may be read for all.
func (l *Search) enumerate(ctx context.Context, low, high *iteration, doubtful []int, work int) ([]*enumerator, error) {
	g := l.g
	byCircle := map[int32]*enumerator{}
	var out []*enumerator
	for _, i := range doubtful {
		c := l.component[g.Issuer[l.stakes[i]]]
		s := byCircle[c]
		if s == nil {
			s = &enumerator{component: c}
			byCircle[c] = s
			out = append(out, s)
		}
		s.doubtful = append(s.doubtful, i)
	}
	for x, c := range l.component {
		if s := byCircle[c]; s != nil {
			s.members = append(s.members, int32(x))
		}
	}
	for i := range l.candidates {
		if s := byCircle[l.component[l.candidates[i].Issuer]]; s != nil {
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
	leader, err := l.leaders(ctx, low.state)
	if err != nil {
		return nil, err
	}
	local := make([]int32, len(g.IDs))
	order := slices.Clone(out)
	slices.SortStableFunc(order, func(a, b *enumerator) int { return cmp.Compare(a.each, b.each) })
	for _, s := range order {
		s.work = &work
		if err := s.run(ctx, l, low, high, leader, local); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// leaders returns a test of who votes as one with whom: the ultimate controllers
// by majority in a state of the law, numbered, where some rule presumes control,
// and else everyone is its own.
func (l *Search) leaders(ctx context.Context, state []ratio.Ratio) (func(x int32) int32, error) {
	if _, presumed := l.lowestThreshold(); !presumed {
		return func(x int32) int32 { return ^x }, nil
	}
	f, err := l.sub.tally(state).Engine.Leaders(ctx)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return func(x int32) int32 {
		if in := l.sub.node(x); in != graph.None {
			return f.Top(in)
		}
		return ^x
	}, nil
}

// run searches the circle under law w. Local, which holds zeros, is scratch.
func (s *enumerator) run(ctx context.Context, w *Search, low, high *iteration, leader func(x int32) int32, local []int32) error {
	s.restrict(w)
	s.low, s.high = low.at(s.places), high.at(s.places)
	s.search.sub = s.search.subgraphOf(s.members, s.component, local)
	s.joinOutsiders(leader)
	s.search.prune(ctx)
	err := s.find(ctx)
	for n, i := range s.places {
		w.causes[i] = s.search.causes[n].among(s.candidates)
		if t := s.search.possible[n]; t != (cause{}) {
			w.possible[i] = t.among(s.candidates)
		}
	}
	s.clear(local)
	s.search, s.low, s.high = nil, nil, nil
	return err
}

// restrict makes the law of the circle out of w, which is everyone's.
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
		k.First, k.End = int32(n)+k.First-i, int32(n)+k.End-i // those of one issuer lie together here too
		k.Stakes = make([]int32, len(k.Stakes))
		for x, at := range w.candidates[i].Stakes {
			at, _ := slices.BinarySearch(s.places, at)
			k.Stakes[x] = int32(at)
		}
		s.search.candidates[n] = k
	}
	for _, i := range s.doubtful {
		at, _ := slices.BinarySearch(s.places, int32(i))
		s.varied = append(s.varied, at)
	}
}

// at is the trace of some stakes.
func (t *iteration) at(places []int32) *iteration {
	pick := func(all []ratio.Ratio) []ratio.Ratio {
		out := make([]ratio.Ratio, len(places))
		for n, i := range places {
			out[n] = all[i]
		}
		return out
	}
	return &iteration{pick(t.state), t.fixed, pick(t.least), pick(t.most)}
}

// among numbers t's case among those of the whole law.
func (t cause) among(cases []int32) cause {
	if t != (cause{}) {
		t.candidate = cases[t.candidate-1] + 1
	}
	return t
}

// joinOutsiders lets holders from outside the circle that have one leader vote as one.
func (s *enumerator) joinOutsiders(leader func(x int32) int32) {
	g, p := s.search.g, s.search.sub
	first := map[int32]int32{}
	for _, c := range s.members {
		in := p.node(c)
		if in == graph.None {
			continue
		}
		meeting := p.g.Voter[p.g.Columns[in]:p.g.Columns[in+1]] // none if it only votes in others
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

// clear makes local zeros again.
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

// assign sets the circle's stakes in a state of the whole as a reading has them.
func (s *enumerator) assign(state []ratio.Ratio, reading int) {
	for n, i := range s.places {
		state[i] = s.found[reading][n]
	}
}

// find finds the states that the statutes confirm, and whether all could be
// tried. In a small circle every choice for every stake is. In a larger one the
// doubtful stakes are varied, and where a choice leaves those as they are and
// moves others, the others too; where even that is too much, only the ends of
// the first search are looked at.
func (s *enumerator) find(ctx context.Context) error {
	doubtful := s.varied
	s.varied = make([]int, len(s.places))
	for n := range s.varied {
		s.varied[n] = n
	}
	var err error
	if s.found, _, s.complete, err = s.tryAll(ctx); err != nil || s.complete {
		return err
	}
	s.varied = doubtful
	for {
		found, more, tried, err := s.tryAll(ctx)
		switch {
		case err != nil:
			return err
		case !tried:
			s.found, err = s.ends(ctx)
			return err
		case len(more) == 0:
			s.found = found
			return nil
		}
		for _, n := range more {
			s.doubtful = append(s.doubtful, int(s.places[n]))
		}
		s.varied = append(s.varied, more...)
		slices.Sort(s.doubtful)
		slices.Sort(s.varied)
	}
}

// tryAll tries every choice for the varied stakes, unless there are too many.
func (s *enumerator) tryAll(ctx context.Context) (found [][]ratio.Ratio, more []int, tried bool, err error) {
	choices, err := s.options(ctx)
	if err != nil {
		return nil, nil, false, err
	}
	n := 1
	for _, c := range choices {
		if n *= len(c); n > maxStates || n*s.each > *s.work {
			return nil, nil, false, nil
		}
	}
	*s.work -= n * s.each
	found, more, err = s.check(ctx, choices, n)
	return found, more, true, err
}

// options lists for each varied stake what the law may take of it: nothing,
// what some rule takes, and what was taken on the way here.
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
	j := &evaluation{search: l, state: s.low.state}
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

// check judges all n combinations of choices. It returns the readings, and the
// stakes that moved where the varied ones did not.
func (s *enumerator) check(ctx context.Context, choices [][]ratio.Ratio, n int) (found [][]ratio.Ratio, more []int, err error) {
	heard := progress.Start(ctx, "readings", n, 1<<4)
	for at := range n {
		heard.At(at)
		state := slices.Clone(s.low.state)
		for d, i := range s.varied {
			state[i] = choices[d][at%len(choices[d])]
			at /= len(choices[d])
		}
		next, err := s.search.Evaluate(ctx, state)
		if err != nil {
			return nil, nil, err
		}
		if equal(next, state) {
			found = append(found, state)
			continue
		}
		var moved []int
		for i := range next {
			if !next[i].Equal(state[i]) {
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
	heard.End()
	return found, more, nil
}

// ends returns the ends of the search that the statutes confirm.
func (s *enumerator) ends(ctx context.Context) (found [][]ratio.Ratio, err error) {
	for _, state := range [][]ratio.Ratio{s.low.state, s.high.state} {
		next, err := s.search.Evaluate(ctx, state)
		if err != nil {
			return nil, err
		}
		if equal(next, state) && !slices.ContainsFunc(found, func(f []ratio.Ratio) bool { return equal(f, state) }) {
			found = append(found, state)
		}
	}
	return found, nil
}
