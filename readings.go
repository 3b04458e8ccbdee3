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
	Readings []Reading // each consistent in itself
	Partial  bool      // there were too many doubtful stakes to try every reading
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
	return fmt.Sprintf("%s's %s votes in %s (%s)", s.Holder, s.Votes, s.Issuer, s.Citation)
}

func (r Reading) String() string {
	if len(r.Silent) == 0 {
		return "all votes count"
	}
	parts := make([]string, len(r.Silent))
	for i, s := range r.Silent {
		parts[i] = s.String()
	}
	return "silent: " + strings.Join(parts, ", ")
}

func (e *ReadingsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "crossholding: %v: law and control lead in a circle; in doubt: %s", ErrTwoReadings, Reading{e.Doubtful})
	for i, r := range e.Readings {
		fmt.Fprintf(&b, "; reading %d: %s", i+1, r)
	}
	switch {
	case e.Partial:
		b.WriteString("; not every reading was tried")
	case len(e.Readings) == 0:
		b.WriteString("; no reading is consistent")
	}
	return b.String()
}

// Unwrap returns [ErrTwoReadings].
func (e *ReadingsError) Unwrap() error { return ErrTwoReadings }

// maxDoubtful bounds the search for readings: 2^12 states are tried.
const maxDoubtful = 12

// doubt is called when the two ends of the search do not meet. It applies the
// caller's policy or reports the readings.
func (l *law) doubt(low, high, all []Ratio) error {
	var doubtful []int
	for i := range low {
		if !low[i].Equal(high[i]) {
			doubtful = append(doubtful, i)
		}
	}
	// An alternating state shows only half of the doubt: the next shows the rest.
	for _, s := range [][]Ratio{low, high} {
		next, err := l.judge(s)
		if err != nil {
			return err
		}
		for i := range next {
			if !next[i].Equal(s[i]) && !slices.Contains(doubtful, i) {
				doubtful = append(doubtful, i)
			}
		}
	}
	if l.opt.Circular != PolicyError {
		state := slices.Clone(low)
		for _, i := range doubtful {
			state[i] = Ratio{}
			if l.opt.Circular == PolicySilence {
				state[i] = all[i]
			}
		}
		if _, err := l.judge(state); err != nil { // names the rules
			return err
		}
		l.adopt(state)
		return nil
	}
	e := &ReadingsError{}
	for _, i := range doubtful {
		e.Doubtful = append(e.Doubtful, l.silence(i, all[i]))
	}
	if e.Partial = len(doubtful) > maxDoubtful; e.Partial {
		doubtful = doubtful[:maxDoubtful]
	}
	for mask := range 1 << len(doubtful) {
		state := slices.Clone(low)
		for bit, i := range doubtful {
			state[i] = Ratio{}
			if mask>>bit&1 == 1 {
				state[i] = all[i]
			}
		}
		next, err := l.judge(state)
		if err != nil {
			return err
		}
		if !equalStates(next, state) {
			continue
		}
		var r Reading
		for i := range state {
			if !state[i].IsZero() {
				r.Silent = append(r.Silent, l.silence(i, state[i]))
			}
		}
		e.Readings = append(e.Readings, r)
	}
	return e
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

// ruleOn returns the rule that took stake i's votes, or the first that could.
func (l *law) ruleOn(i int) *Statute {
	if t := l.by[i]; slices.Contains(l.cases[t.which].stakes, int32(i)) {
		return &l.rules[t.rule]
	}
	for k := range l.cases {
		if slices.Contains(l.cases[k].stakes, int32(i)) {
			return &l.rules[l.cases[k].rules[0]]
		}
	}
	return &Statute{}
}

// reason says why stake i lost votes in the reading that holds.
func (l *law) reason(i int) Reason {
	s := l.ruleOn(i)
	t := l.by[i]
	return Reason{Rule: s.ID, Citation: s.Citation, Votes: l.state[i], because: func() string { return l.because(s, &l.cases[t.which]) }}
}

// because states the test that a statute made, with its figures.
func (l *law) because(s *Statute, k *lawCase) string {
	j := &judgment{l: l, state: l.state}
	g := &l.a.graph
	x, y := g.ids[k.issuer], g.ids[k.holder]
	if s.Kind == TestControls {
		group, err := j.group(k.issuer, s.Presumed, s.Silent)
		if err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s controls %s: %s", x, y, j.votesAt(s.Silent).proof(group, k.holder, s.Presumed))
	}
	text := j.test(s, k.issuer, k.holder)
	if s.Kind == TestMutual {
		text += ", and " + j.test(s, k.holder, k.issuer)
	}
	switch s.Effect {
	case EffectExcess, EffectLater:
		text += fmt.Sprintf("; votes above %s are silent", percentText(s.Limit))
	case EffectCap:
		text += fmt.Sprintf("; at most %s of the votes may be cast", percentText(s.Keep))
	case EffectPart:
		text += fmt.Sprintf("; at most %s of its own votes may be cast", percentText(s.Keep))
	case EffectSmaller:
		text += "; the smaller of the two holdings is silent"
	}
	return text
}

func (j *judgment) test(s *Statute, x, y int32) string {
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
	return fmt.Sprintf("%s%s has %s of %s %s of %s, %s%%: %s", g.ids[x], with, have, base, what, g.ids[y],
		have.quo(base).Percent(2), s.margin(s.Limit))
}
