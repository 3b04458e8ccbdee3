package crossholding

import (
	"fmt"
	"slices"
	"strings"
)

// A ReadingsError says that law and control lead in a circle: whether votes
// count depends on who controls whom, and that on whether they count. It holds
// the readings that the statutes themselves confirm; there may be none. It
// unwraps to [ErrTwoReadings].
type ReadingsError struct {
	Doubtful []Silence // stakes that are silent under one assumption and not under another
	Readings []Reading // of the whole book, each consistent in itself; the first 64
	Circles  []Circle  // what Readings are put together from
	Partial  bool      // there are more readings than Readings has, or too many to try
}

// Circle is companies that hold of one another and among which law and control
// lead in a circle. Circles do not depend on one another: every choice of a
// reading for each is a reading of the whole.
type Circle struct {
	Doubtful []Silence
	Readings []Reading // of this circle; none if no reading is consistent, or none was found
	Untried  bool      // there were too many doubtful stakes to try every reading
}

// Reading is one consistent set of silent votes.
type Reading struct {
	Silent []Silence // sorted by issuer, then holder
}

// Silence is votes that a statute takes from a holder.
type Silence struct {
	Holder, Issuer string
	Votes          Ratio
	Rule, Citation string
}

func (s Silence) String() string {
	return fmt.Sprintf("%s's %s votes in %s (%s)", s.Holder, readable(s.Votes), s.Issuer, s.Citation)
}

func (r Reading) String() string {
	if len(r.Silent) == 0 {
		return "all votes count"
	}
	return "silent: " + listed(r.Silent)
}

// listed writes the first ten.
func listed[T fmt.Stringer](list []T) string {
	parts := make([]string, 0, 11)
	for i, s := range list {
		if i == 10 {
			parts = append(parts, fmt.Sprintf("%d more", len(list)-i))
			break
		}
		parts = append(parts, s.String())
	}
	return strings.Join(parts, ", ")
}

func (c Circle) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "in doubt: %s", listed(c.Doubtful))
	for i, r := range c.Readings {
		if i == 10 {
			fmt.Fprintf(&b, "; %d more readings", len(c.Readings)-i)
			break
		}
		fmt.Fprintf(&b, "; reading %d: %s", i+1, r)
	}
	switch {
	case c.Untried:
		b.WriteString("; not every reading was tried")
	case len(c.Readings) == 0:
		b.WriteString("; no reading is consistent")
	}
	return b.String()
}

func (e *ReadingsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "crossholding: %v: law and control lead in a circle; ", ErrTwoReadings)
	if len(e.Circles) == 1 {
		b.WriteString(e.Circles[0].String())
		return b.String()
	}
	for i, c := range e.Circles {
		if i == 10 {
			fmt.Fprintf(&b, "\nand %d circles more", len(e.Circles)-i)
			break
		}
		fmt.Fprintf(&b, "\ncircle %d: %s", i+1, c)
	}
	return b.String()
}

// Unwrap returns [ErrTwoReadings].
func (e *ReadingsError) Unwrap() error { return ErrTwoReadings }

// Bounds on the search for readings: states tried for one circle, stakes read
// for all, readings listed.
const (
	maxStates   = 1 << 12
	maxWork     = 20_000_000
	maxReadings = 64
)

// doubt is called when the two ends of the search do not meet. It applies the
// caller's policy or reports the readings.
func (l *law) doubt(low, high *trace, doubtful []int) error {
	if l.opt.Circular != PolicyError {
		return l.decide(low, high, doubtful)
	}
	e := &ReadingsError{}
	var parts []circleReadings
	whole := [][]int{nil}
	for _, s := range l.searches(low, high, doubtful) {
		found, tried, err := s.search()
		if err != nil {
			return err
		}
		k := Circle{Untried: !tried}
		for _, i := range s.doubtful {
			k.Doubtful = append(k.Doubtful, l.silence(i, l.most(i, low, high)))
		}
		readings := circleReadings{stakes: s.stakes()}
		for _, state := range found {
			k.Readings = append(k.Readings, l.reading(state, readings.stakes))
			readings.add(state)
		}
		e.Circles = append(e.Circles, k)
		e.Doubtful = append(e.Doubtful, k.Doubtful...)
		e.Partial = e.Partial || !tried
		parts = append(parts, readings)
		whole = combine(whole, len(found), &e.Partial)
	}
	for _, choice := range whole {
		state := slices.Clone(low.state)
		for n, at := range choice {
			parts[n].put(state, at)
		}
		e.Readings = append(e.Readings, l.reading(state, nil))
	}
	return e
}

// searches returns a search for each circle with doubtful stakes, in order of
// the first of them.
func (l *law) searches(low, high *trace, doubtful []int) []*circleSearch {
	g, circle := &l.a.graph, l.circle
	work := maxWork // of all
	byCircle := map[int32]*circleSearch{}
	var out []*circleSearch
	for _, i := range doubtful {
		c := circle[g.issuer[l.stakes[i]]]
		s := byCircle[c]
		if s == nil {
			s = &circleSearch{l: l, low: low, high: high, work: &work}
			byCircle[c] = s
			out = append(out, s)
		}
		s.doubtful = append(s.doubtful, i)
	}
	for i := range l.cases {
		if s := byCircle[circle[l.cases[i].issuer]]; s != nil {
			s.cases = append(s.cases, i)
		}
	}
	return out
}

// circleReadings is what each reading of a circle takes of the circle's stakes.
type circleReadings struct {
	stakes []int32
	taken  [][]Ratio
}

func (r *circleReadings) add(state []Ratio) {
	taken := make([]Ratio, len(r.stakes))
	for n, i := range r.stakes {
		taken[n] = state[i]
	}
	r.taken = append(r.taken, taken)
}

// put sets the circle's stakes in a state as its reading number at has them.
func (r *circleReadings) put(state []Ratio, at int) {
	for n, i := range r.stakes {
		state[i] = r.taken[at][n]
	}
}

// combine crosses the choices of a reading for each circle so far with those
// for one more, which has found of them.
func combine(whole [][]int, found int, partial *bool) [][]int {
	var out [][]int
	for _, w := range whole {
		for f := range found {
			if len(out) == maxReadings {
				*partial = true
				return out
			}
			out = append(out, append(slices.Clone(w), f))
		}
	}
	return out
}

// most returns the votes that the law takes of stake i at most.
func (l *law) most(i int, low, high *trace) Ratio {
	if high.most[i].Less(low.most[i]) {
		return low.most[i]
	}
	return high.most[i]
}

// decide settles the doubtful stakes by the caller's policy.
func (l *law) decide(low, high *trace, doubtful []int) error {
	state := slices.Clone(low.state)
	for _, i := range doubtful {
		if state[i] = l.most(i, low, high); l.opt.Circular == PolicyCount {
			state[i] = low.least[i]
			if high.least[i].Less(state[i]) {
				state[i] = high.least[i]
			}
		}
	}
	if _, err := l.judge(state); err != nil { // finds who takes the other stakes' votes
		return err
	}
	for _, i := range doubtful {
		l.by[i] = taker{}
	}
	l.state = state
	return nil
}

// circleSearch looks for the readings of one circle: states of its stakes that
// its statutes confirm. Stakes of other circles do not matter to it.
type circleSearch struct {
	l         *law
	low, high *trace
	cases     []int
	doubtful  []int // places in law.stakes; the search may add some
	work      *int
}

func (s *circleSearch) stakes() []int32 {
	var out []int32
	for _, i := range s.cases {
		out = append(out, s.l.cases[i].stakes...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// search returns the states that the statutes confirm, and whether all could
// be tried. In a small circle every choice for every stake is. In a larger one
// the doubtful stakes are varied, and where a choice leaves those as they are
// and moves others, the others too; where even that is too much, only the ends
// of the first search are looked at.
func (s *circleSearch) search() ([][]Ratio, bool, error) {
	doubtful := s.doubtful
	s.doubtful = nil
	for _, i := range s.stakes() {
		s.doubtful = append(s.doubtful, int(i))
	}
	found, _, tried, err := s.attempt()
	s.doubtful = doubtful
	if err != nil || tried {
		return found, true, err
	}
	for {
		found, more, tried, err := s.attempt()
		switch {
		case err != nil:
			return nil, false, err
		case !tried:
			found, err = s.settled()
			return found, false, err
		case len(more) == 0:
			return found, false, nil
		}
		s.doubtful = append(s.doubtful, more...)
		slices.Sort(s.doubtful)
	}
}

// attempt tries every choice for the doubtful stakes, unless there are too many.
func (s *circleSearch) attempt() (found [][]Ratio, more []int, tried bool, err error) {
	choices, err := s.choices()
	if err != nil {
		return nil, nil, false, err
	}
	n, each := 1, len(s.l.a.graph.issuer)+len(s.l.stakes)
	for _, c := range choices {
		if n *= len(c); n > maxStates || n*each > *s.work {
			return nil, nil, false, nil
		}
	}
	*s.work -= n * each
	found, more, err = s.try(choices, n)
	return found, more, true, err
}

// choices lists for each doubtful stake what the law may take of it: nothing,
// what some rule takes, and what was taken on the way here.
func (s *circleSearch) choices() ([][]Ratio, error) {
	l := s.l
	out := make([][]Ratio, len(s.doubtful))
	add := func(i int, v Ratio) {
		if n, ok := slices.BinarySearch(s.doubtful, i); ok && !slices.ContainsFunc(out[n], v.Equal) {
			out[n] = append(out[n], v)
		}
	}
	for _, i := range s.doubtful {
		for _, v := range [...]Ratio{{}, s.low.least[i], s.low.most[i], s.high.least[i], s.high.most[i]} {
			add(i, v)
		}
	}
	j := &judgment{l: l, state: s.low.state}
	for _, i := range s.cases {
		k := &l.cases[i]
		for _, r := range k.rules {
			if err := j.take(&l.rules[r], k, func(at int32, v Ratio) { add(int(at), v) }); err != nil {
				return nil, err
			}
		}
	}
	for n := range out {
		slices.SortFunc(out[n], Ratio.Cmp)
	}
	return out, nil
}

// try judges all n combinations of choices. It returns the readings, and the
// stakes that moved where the doubtful ones did not.
func (s *circleSearch) try(choices [][]Ratio, n int) (found [][]Ratio, more []int, err error) {
	for at := range n {
		state := slices.Clone(s.low.state)
		for d, i := range s.doubtful {
			state[i] = choices[d][at%len(choices[d])]
			at /= len(choices[d])
		}
		next, err := s.l.judgeCases(state, s.cases)
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
		if !slices.ContainsFunc(moved, func(i int) bool { return slices.Contains(s.doubtful, i) }) {
			for _, i := range moved {
				if !slices.Contains(more, i) {
					more = append(more, i)
				}
			}
		}
	}
	return found, more, nil
}

// settled returns the ends of the search that the statutes confirm.
func (s *circleSearch) settled() (found [][]Ratio, err error) {
	for _, state := range [][]Ratio{s.low.state, s.high.state} {
		next, err := s.l.judgeCases(state, s.cases)
		if err != nil {
			return nil, err
		}
		if equalStates(next, state) && !slices.ContainsFunc(found, func(f []Ratio) bool { return equalStates(f, state) }) {
			found = append(found, state)
		}
	}
	return found, nil
}

// reading names the votes that a state takes, of some stakes or (nil) of all.
func (l *law) reading(state []Ratio, stakes []int32) Reading {
	var r Reading
	for i := range state {
		if _, ok := slices.BinarySearch(stakes, int32(i)); (ok || stakes == nil) && !state[i].IsZero() {
			r.Silent = append(r.Silent, l.silence(i, state[i]))
		}
	}
	return r
}

// silence names stake i's votes and the rule that takes them, or could.
func (l *law) silence(i int, votes Ratio) Silence {
	g := &l.a.graph
	e := l.stakes[i]
	out := Silence{Holder: g.ids[g.holder[e]], Issuer: g.ids[g.issuer[e]], Votes: votes}
	r := l.ruleOn(i)
	out.Rule, out.Citation = r.ID, r.Citation
	return out
}

// ruleOn returns the rule that takes stake i's votes, or may.
func (l *law) ruleOn(i int) *Statute {
	t := l.by[i]
	if t == (taker{}) {
		t = l.could[i]
	}
	if t != (taker{}) {
		return &l.rules[t.rule-1]
	}
	for k := range l.cases { // tried in no state: the first that could
		if len(l.cases[k].rules) > 0 && slices.Contains(l.cases[k].stakes, int32(i)) {
			return &l.rules[l.cases[k].rules[0]]
		}
	}
	return &Statute{}
}

// reason says why stake i lost votes in the reading that holds.
func (l *law) reason(i int) Reason {
	s, t := l.ruleOn(i), l.by[i]
	because := func(name naming) string { return l.because(s, &l.cases[t.which-1], name) }
	if t == (taker{}) {
		because = func(naming) string {
			return fmt.Sprintf("law and control lead in a circle; by policy %q doubtful votes are silent", l.opt.Circular)
		}
	}
	return Reason{Rule: s.ID, Citation: s.Citation, Votes: l.state[i], because: because}
}

// because states the test that a statute made, with its figures.
func (l *law) because(s *Statute, k *lawCase, name naming) string {
	j := &judgment{l: l, state: l.state}
	g := &l.a.graph
	x, y := name(g.ids[k.issuer]), name(g.ids[k.holder])
	if s.Kind == TestControls {
		group, err := j.group(l.within.node(k.issuer), s)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s controls %s: %s", x, y, j.votesAt(s.Silent).proof(group, l.within.node(k.holder), s.Presumed).named(name))
	}
	text := j.test(s, k.issuer, k.holder, name)
	if s.Kind == TestMutual {
		text += ", and " + j.test(s, k.holder, k.issuer, name)
	}
	switch s.Effect {
	case EffectExcess, EffectLater:
		text += fmt.Sprintf("; votes above %s are silent", percentText(s.Limit))
	case EffectCap:
		text += fmt.Sprintf("; at most %s of the votes may be cast", percentText(s.Keep))
	case EffectPart:
		text += fmt.Sprintf("; at most %s of its own votes may be cast", percentText(s.Keep))
	case EffectSmaller:
		text += "; the smaller of the two holdings is silent, and of equal ones what is above the limit"
	}
	return text
}

func (j *judgment) test(s *Statute, x, y int32, name naming) string {
	have, base, err := j.holding(s, x, y)
	if err != nil || base.IsZero() {
		return ""
	}
	g := &j.l.a.graph
	what := "votes"
	if s.Measure == MeasureShares {
		what = "shares"
	}
	with := ""
	if s.Group {
		with = " with its subsidiaries"
	}
	return fmt.Sprintf("%s%s has %s of %s %s of %s, %s%%: %s", name(g.ids[x]), with, readable(have), readable(base), what, name(g.ids[y]),
		have.quo(base).Percent(2), s.margin(s.Limit))
}
