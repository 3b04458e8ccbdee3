package crossholding

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
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
	Votes          ratio.Ratio
	Rule, Citation string
}

func (s Silence) String() string {
	return fmt.Sprintf("%s's %s votes in %s (%s)", s.Holder, s.Votes.Grouped(), s.Issuer, s.Citation)
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

// maxReadings is how many readings of the whole are listed.
const maxReadings = 64

// doubt is called when the two ends of the search do not meet. It applies the
// caller's policy or reports the readings.
func (l *lawSearch) doubt(ctx context.Context, low, high *trace, doubtful []int) error {
	if l.opt.Circular != PolicyError {
		return l.decide(ctx, low, high, doubtful)
	}
	searches, err := l.searches(ctx, low, high, doubtful, max(maxWork, maxPasses*len(l.a.graph.Issuer)))
	if err != nil {
		return err
	}
	e := &ReadingsError{}
	whole := 1
	for _, s := range searches {
		k := Circle{Untried: !s.tried}
		for _, i := range s.doubtful {
			k.Doubtful = append(k.Doubtful, l.silence(i, l.most(i, low, high)))
		}
		for _, state := range s.found {
			k.Readings = append(k.Readings, l.reading(state, s.places))
		}
		e.Circles = append(e.Circles, k)
		e.Doubtful = append(e.Doubtful, k.Doubtful...)
		if whole *= len(s.found); !s.tried || whole > maxReadings {
			e.Partial = true
		}
		whole = min(whole, maxReadings)
	}
	for at := range whole {
		state := slices.Clone(low.state)
		for _, s := range slices.Backward(searches) {
			s.put(state, at%len(s.found))
			at /= len(s.found)
		}
		e.Readings = append(e.Readings, l.reading(state, nil))
	}
	return e
}

// most returns the votes that the law takes of stake i at most.
func (l *lawSearch) most(i int, low, high *trace) ratio.Ratio {
	if high.most[i].Less(low.most[i]) {
		return low.most[i]
	}
	return high.most[i]
}

// decide settles the doubtful stakes by the caller's policy.
func (l *lawSearch) decide(ctx context.Context, low, high *trace, doubtful []int) error {
	state := slices.Clone(low.state)
	for _, i := range doubtful {
		if state[i] = l.most(i, low, high); l.opt.Circular == PolicyCount {
			state[i] = low.least[i]
			if high.least[i].Less(state[i]) {
				state[i] = high.least[i]
			}
		}
	}
	if _, err := l.judge(ctx, state); err != nil { // finds who takes the other stakes' votes
		return err
	}
	for _, i := range doubtful {
		l.by[i] = taker{}
	}
	l.state = state
	return nil
}

// reading names the votes that a state takes: of the stakes at some places, or
// (nil) of all.
func (l *lawSearch) reading(state []ratio.Ratio, places []int32) Reading {
	var r Reading
	for n, v := range state {
		if v.IsZero() {
			continue
		}
		if places != nil {
			n = int(places[n])
		}
		r.Silent = append(r.Silent, l.silence(n, v))
	}
	return r
}

// silence names stake i's votes and the rule that takes them, or could.
func (l *lawSearch) silence(i int, votes ratio.Ratio) Silence {
	g := &l.a.graph
	e := l.stakes[i]
	out := Silence{Holder: g.IDs[g.Holder[e]], Issuer: g.IDs[g.Issuer[e]], Votes: votes}
	r := l.ruleOn(i)
	out.Rule, out.Citation = r.ID, r.Citation
	return out
}

// ruleOn returns the rule that takes stake i's votes, or may.
func (l *lawSearch) ruleOn(i int) *law.Statute {
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
	return &law.Statute{}
}

// reason says why stake i lost votes in the reading that holds.
func (l *lawSearch) reason(i int) Reason {
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
func (l *lawSearch) because(s *law.Statute, k *lawCase, name naming) string {
	ctx := context.Background()
	j := &judgment{l: l, state: l.state}
	g := &l.a.graph
	x, y := name(g.IDs[k.issuer]), name(g.IDs[k.holder])
	if s.Kind == law.TestControls {
		group, err := j.group(ctx, l.within.node(k.issuer), s)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s controls %s: %s", x, y, proofOf(j.votesAt(s.CountsSuspended), group, l.within.node(k.holder), s.Presumed).named(name))
	}
	text := j.test(ctx, s, k.issuer, k.holder, name)
	if s.Kind == law.TestMutual {
		text += ", and " + j.test(ctx, s, k.holder, k.issuer, name)
	}
	switch s.Effect {
	case law.EffectExcess, law.EffectSecondToCross:
		text += fmt.Sprintf("; votes above %s are silent", s.Threshold.PercentString())
	case law.EffectCap:
		text += fmt.Sprintf("; at most %s of the votes may be cast", s.MaxFraction.PercentString())
	case law.EffectPart:
		text += fmt.Sprintf("; at most %s of its own votes may be cast", s.MaxFraction.PercentString())
	case law.EffectSmaller:
		text += "; the smaller of the two holdings is silent, and of equal ones what is above the limit"
	}
	return text
}

func (j *judgment) test(ctx context.Context, s *law.Statute, x, y int32, name naming) string {
	have, base, err := j.holding(ctx, s, x, y)
	if err != nil || base.IsZero() {
		return ""
	}
	g := &j.l.a.graph
	what := "votes"
	if s.Measure == law.MeasureShares {
		what = "shares"
	}
	with := ""
	if s.Group {
		with = " with its subsidiaries"
	}
	return fmt.Sprintf("%s%s has %s of %s %s of %s, %s: %s", name(g.IDs[x]), with, have.Grouped(), base.Grouped(), what, name(g.IDs[y]),
		have.Div(base).ShortPercent(), margin(s.Threshold, !s.AtLeast))
}
