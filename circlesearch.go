package crossholding

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

// circleSearch looks for the readings of one circle: states of its stakes that
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
type circleSearch struct {
	l         *lawSearch // of the circle
	low, high *trace
	work      *int  // stakes that may still be read
	each      int   // those read for one state
	varied    []int // the stakes for which every choice is tried

	circle   int32
	members  []int32         // its companies, in order
	cases    []int32         // of each of l.cases: its place in the whole law
	places   []int32         // of each of l.stakes: its place in the whole law
	doubtful []int           // in the whole law; the search may add some
	found    [][]ratio.Ratio // the readings
	tried    bool            // whether all states that might be one were tried
}

// searches makes a search for each circle with doubtful stakes and returns
// them, done, in order of the first of these. Small circles are searched first,
// so that it is the large ones for which there may be no work left: so many
// stakes may be read for all.
func (l *lawSearch) searches(ctx context.Context, low, high *trace, doubtful []int, work int) ([]*circleSearch, error) {
	g := l.g
	byCircle := map[int32]*circleSearch{}
	var out []*circleSearch
	for _, i := range doubtful {
		c := l.circle[g.Issuer[l.stakes[i]]]
		s := byCircle[c]
		if s == nil {
			s = &circleSearch{circle: c}
			byCircle[c] = s
			out = append(out, s)
		}
		s.doubtful = append(s.doubtful, i)
	}
	for x, c := range l.circle {
		if s := byCircle[c]; s != nil {
			s.members = append(s.members, int32(x))
		}
	}
	for i := range l.cases {
		if s := byCircle[l.circle[l.cases[i].issuer]]; s != nil {
			s.cases = append(s.cases, int32(i))
			s.places = append(s.places, l.cases[i].stakes...)
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
	slices.SortStableFunc(order, func(a, b *circleSearch) int { return cmp.Compare(a.each, b.each) })
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
func (l *lawSearch) leaders(ctx context.Context, state []ratio.Ratio) (func(x int32) int32, error) {
	if _, presumed := l.leastAsked(); !presumed {
		return func(x int32) int32 { return ^x }, nil
	}
	f, err := l.within.ballot(state).Engine.Leaders(ctx)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return func(x int32) int32 {
		if in := l.within.node(x); in != graph.None {
			return f.Top(in)
		}
		return ^x
	}, nil
}

// run searches the circle under law w. Local, which holds zeros, is scratch.
func (s *circleSearch) run(ctx context.Context, w *lawSearch, low, high *trace, leader func(x int32) int32, local []int32) error {
	s.narrow(w)
	s.low, s.high = low.of(s.places), high.of(s.places)
	s.l.within = s.l.precinctOf(s.members, s.circle, local)
	s.merge(leader)
	s.l.dismiss(ctx)
	err := s.search(ctx)
	for n, i := range s.places {
		w.by[i] = s.l.by[n].among(s.cases)
		if t := s.l.could[n]; t != (taker{}) {
			w.could[i] = t.among(s.cases)
		}
	}
	s.release(local)
	s.l, s.low, s.high = nil, nil, nil
	return err
}

// narrow makes the law of the circle out of w, which is everyone's.
func (s *circleSearch) narrow(w *lawSearch) {
	n := len(s.places)
	s.l = &lawSearch{
		in: w.in, g: w.g, rules: w.rules, circle: w.circle,
		stakes: make([]int32, n), by: make([]taker, n), could: make([]taker, n),
		cases: make([]lawCase, len(s.cases)),
	}
	for i, at := range s.places {
		s.l.stakes[i] = w.stakes[at]
	}
	for n, i := range s.cases {
		k := w.cases[i]
		k.first, k.end = int32(n)+k.first-i, int32(n)+k.end-i // those of one issuer lie together here too
		k.stakes = make([]int32, len(k.stakes))
		for x, at := range w.cases[i].stakes {
			at, _ := slices.BinarySearch(s.places, at)
			k.stakes[x] = int32(at)
		}
		s.l.cases[n] = k
	}
	for _, i := range s.doubtful {
		at, _ := slices.BinarySearch(s.places, int32(i))
		s.varied = append(s.varied, at)
	}
}

// of is the trace of some stakes.
func (t *trace) of(places []int32) *trace {
	pick := func(all []ratio.Ratio) []ratio.Ratio {
		out := make([]ratio.Ratio, len(places))
		for n, i := range places {
			out[n] = all[i]
		}
		return out
	}
	return &trace{pick(t.state), t.settled, pick(t.least), pick(t.most)}
}

// among numbers t's case among those of the whole law.
func (t taker) among(cases []int32) taker {
	if t != (taker{}) {
		t.which = cases[t.which-1] + 1
	}
	return t
}

// merge lets holders from outside the circle that have one leader vote as one.
func (s *circleSearch) merge(leader func(x int32) int32) {
	g, p := s.l.g, s.l.within
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
			if x == graph.None || s.l.circle[x] == s.circle {
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

// release makes local zeros again.
func (s *circleSearch) release(local []int32) {
	g := s.l.g
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

// put sets the circle's stakes in a state of the whole as a reading has them.
func (s *circleSearch) put(state []ratio.Ratio, reading int) {
	for n, i := range s.places {
		state[i] = s.found[reading][n]
	}
}

// search finds the states that the statutes confirm, and whether all could be
// tried. In a small circle every choice for every stake is. In a larger one the
// doubtful stakes are varied, and where a choice leaves those as they are and
// moves others, the others too; where even that is too much, only the ends of
// the first search are looked at.
func (s *circleSearch) search(ctx context.Context) error {
	doubtful := s.varied
	s.varied = make([]int, len(s.places))
	for n := range s.varied {
		s.varied[n] = n
	}
	var err error
	if s.found, _, s.tried, err = s.attempt(ctx); err != nil || s.tried {
		return err
	}
	s.varied = doubtful
	for {
		found, more, tried, err := s.attempt(ctx)
		switch {
		case err != nil:
			return err
		case !tried:
			s.found, err = s.settled(ctx)
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

// attempt tries every choice for the varied stakes, unless there are too many.
func (s *circleSearch) attempt(ctx context.Context) (found [][]ratio.Ratio, more []int, tried bool, err error) {
	choices, err := s.choices(ctx)
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
	found, more, err = s.try(ctx, choices, n)
	return found, more, true, err
}

// choices lists for each varied stake what the law may take of it: nothing,
// what some rule takes, and what was taken on the way here.
func (s *circleSearch) choices(ctx context.Context) ([][]ratio.Ratio, error) {
	l := s.l
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
	j := &judgment{l: l, state: s.low.state}
	for i := range l.cases {
		k := &l.cases[i]
		for _, r := range k.rules {
			if err := j.take(ctx, &l.rules[r], k, func(at int32, v ratio.Ratio) { add(int(at), v) }); err != nil {
				return nil, err
			}
		}
	}
	for n := range out {
		slices.SortFunc(out[n], ratio.Ratio.Cmp)
	}
	return out, nil
}

// try judges all n combinations of choices. It returns the readings, and the
// stakes that moved where the varied ones did not.
func (s *circleSearch) try(ctx context.Context, choices [][]ratio.Ratio, n int) (found [][]ratio.Ratio, more []int, err error) {
	heard := progress.Start(ctx, "readings", n, 1<<4)
	for at := range n {
		heard.At(at)
		state := slices.Clone(s.low.state)
		for d, i := range s.varied {
			state[i] = choices[d][at%len(choices[d])]
			at /= len(choices[d])
		}
		next, err := s.l.judge(ctx, state)
		if err != nil {
			return nil, nil, err
		}
		if equalStates(next, state) {
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

// settled returns the ends of the search that the statutes confirm.
func (s *circleSearch) settled(ctx context.Context) (found [][]ratio.Ratio, err error) {
	for _, state := range [][]ratio.Ratio{s.low.state, s.high.state} {
		next, err := s.l.judge(ctx, state)
		if err != nil {
			return nil, err
		}
		if equalStates(next, state) && !slices.ContainsFunc(found, func(f []ratio.Ratio) bool { return equalStates(f, state) }) {
			found = append(found, state)
		}
	}
	return found, nil
}
