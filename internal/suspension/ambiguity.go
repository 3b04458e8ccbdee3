// The readings where there are several or none, and the evidence for the chosen one.

package suspension

import (
	"context"
	"iter"
	"slices"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Ambiguity is the result of a search that found no reading, or several. It is valid until
// its search is used again.
type Ambiguity struct {
	search *Search
	base   []ratio.Ratio // the assignment in all other components
	tried  causes        // of each stake: why it is suspended in some assignment that was tried
	parts  []*result     // components without a reading, or with several
}

// Suspended is the number of votes of one stake that a rule suspends, or may suspend.
type Suspended struct {
	Stake int32
	Votes ratio.Ratio
	Rule  *law.Statute
}

// Component holds the readings of one strongly connected component.
type Component struct {
	Ambiguous  []Suspended   // stakes on which the readings differ, with the most votes that any of them suspends
	Found      [][]Suspended // the readings, each in the order of stakes; empty if there is none
	Incomplete bool          // there were too many assignments to try all
}

// maxReadings is the largest number of readings of the whole book that are listed.
const maxReadings = 64

// Components returns the readings of each component that has none, or several.
func (d *Ambiguity) Components() []Component {
	var out []Component
	for _, s := range d.parts {
		part := Component{Incomplete: !s.complete}
		for _, n := range s.doubtful() {
			part.Ambiguous = append(part.Ambiguous, d.suspended(int(s.places[n]), s.most[n]))
		}
		for _, assignment := range s.readings {
			part.Found = append(part.Found, d.listed(assignment, s.places))
		}
		out = append(out, part)
	}
	return out
}

// doubtful lists the stakes on which the readings differ. If there are less than two
// readings, these are the stakes on which the runs of the iteration may differ.
func (s *result) doubtful() []int {
	var out []int
	for n, i := range s.places {
		in := slices.ContainsFunc(s.readings, func(f []ratio.Ratio) bool { return !f[n].Equal(s.readings[0][n]) })
		if !s.complete || len(s.readings) < 2 {
			_, ambiguous := slices.BinarySearch(s.ambiguous, int(i))
			in = in || ambiguous
		}
		if in {
			out = append(out, n)
		}
	}
	return out
}

// Whole returns readings of the whole book: combinations of one reading of each component,
// at most 64. More reports that there are, or may be, others.
func (d *Ambiguity) Whole() (whole [][]Suspended, more bool) {
	n := 1
	for _, s := range d.parts {
		if n *= len(s.readings); !s.complete || n > maxReadings {
			more = true
		}
		n = min(n, maxReadings)
	}
	for at := range n {
		assignment := slices.Clone(d.base)
		for _, s := range slices.Backward(d.parts) {
			s.assign(assignment, at%len(s.readings))
			at /= len(s.readings)
		}
		whole = append(whole, d.listed(assignment, nil))
	}
	return whole, more
}

// Numbers returns the number of each component's reading in the n-th reading that Whole
// lists, counted from 1. It returns false if Whole lists fewer. For 0 it returns nothing.
func (d *Ambiguity) Numbers(n int) ([]int, bool) {
	if n == 0 {
		return nil, true
	}
	at, of := n-1, 1
	out := make([]int, len(d.parts))
	for i, s := range slices.Backward(d.parts) {
		if len(s.readings) == 0 {
			return nil, false
		}
		of = min(of*len(s.readings), maxReadings)
		out[i] = at % len(s.readings)
		at /= len(s.readings)
	}
	return out, n <= of
}

// Choose takes one reading of each component: choice returns its number among those found.
// It returns false and changes nothing if a component has no reading.
func (d *Ambiguity) Choose(ctx context.Context, choice func(component int, readings [][]Suspended) int) (bool, error) {
	assignment := slices.Clone(d.base)
	for i, c := range d.Components() {
		if len(c.Found) == 0 {
			return false, nil
		}
		d.parts[i].assign(assignment, choice(i, c.Found))
	}
	err := d.search.choose(ctx, assignment)
	return err == nil, err
}

// listed lists the votes that an assignment suspends. If places is nil, the assignment is
// of all stakes; otherwise it is of the stakes at those places.
func (d *Ambiguity) listed(assignment []ratio.Ratio, places []int32) []Suspended {
	var out []Suspended
	for n, v := range assignment {
		if v.IsZero() {
			continue
		}
		if places != nil {
			n = int(places[n])
		}
		out = append(out, d.suspended(n, v))
	}
	return out
}

// suspended describes votes of stake i, with the rule that suspends them or could.
func (d *Ambiguity) suspended(i int, votes ratio.Ratio) Suspended {
	return Suspended{d.search.stakes[i], votes, d.ruleOn(i)}
}

// Suspensions yields the votes that are suspended in the chosen reading, in the order of
// stakes. The key is the number that [Search.Cause] takes.
func (l *Search) Suspensions() iter.Seq2[int, Suspended] {
	return func(yield func(int, Suspended) bool) {
		for i, votes := range l.chosen.votes {
			if votes.IsZero() {
				continue
			}
			rule, _, _ := l.Cause(i)
			if !yield(i, Suspended{l.stakes[i], votes, rule}) {
				return
			}
		}
	}
}

// SuspendedOf returns the votes of a stake that are suspended in the chosen reading.
func (l *Search) SuspendedOf(e int32) ratio.Ratio {
	if at, ok := slices.BinarySearch(l.stakes, e); ok {
		return l.chosen.votes[at]
	}
	return ratio.Ratio{}
}

// Cause returns the rule, the issuer and the holder for which the votes of suspension i
// are suspended.
func (l *Search) Cause(i int) (rule *law.Statute, issuer, holder int32) {
	t := l.chosen.causes[i]
	k := &l.candidates[t.candidate-1]
	return &l.rules[t.rule-1], k.Issuer, k.Holder
}

// Control returns the evidence that x controls y under rule's definition of control, in
// the chosen reading: the tally of votes, the group that x controls, and y's index in the
// tally.
func (l *Search) Control(ctx context.Context, rule *law.Statute, x, y int32) (votes *tally.Tally, group *majority.Group, in int32, err error) {
	j, sub := &evaluation{scope: l.scope, assignment: l.chosen.votes}, l.scope.sub
	group, err = j.group(ctx, sub.localIndex(x), rule)
	return j.votesAt(rule), group, sub.localIndex(y), err
}

// Holding returns what x holds of y, measured by rule in the chosen reading, and the total
// of which it is a fraction.
func (l *Search) Holding(ctx context.Context, rule *law.Statute, x, y int32) (have, base ratio.Ratio, err error) {
	return (&evaluation{scope: l.scope, assignment: l.chosen.votes}).holding(ctx, rule, x, y)
}

// Subsidiaries returns the companies that x controls whose stakes in y are part of [Search.Holding],
// in order of node.
func (l *Search) Subsidiaries(ctx context.Context, rule *law.Statute, x, y int32) ([]int32, error) {
	if !rule.Group {
		return nil, nil
	}
	j := &evaluation{scope: l.scope, assignment: l.chosen.votes}
	mine, err := j.members(ctx, x, rule)
	if err != nil {
		return nil, err
	}
	m, who, _ := measured(l.g, rule, y)
	var out []int32
	from, to := l.g.Column(y)
	for e := from; e < to; e++ {
		if who[e] != x && mine(who[e]) && !l.g.Stake(m, e).IsZero() {
			out = append(out, who[e])
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// ruleOn returns the rule that suspends stake i's votes in some assignment, or may.
func (d *Ambiguity) ruleOn(i int) *law.Statute {
	l, t := d.search, d.tried[i]
	if t != (cause{}) {
		return &l.rules[t.rule-1]
	}
	for k := range l.candidates { // not suspended in any assignment that was tried: take the first rule that could
		if len(l.candidates[k].Rules) > 0 && slices.Contains(l.candidates[k].Stakes, int32(i)) {
			return &l.rules[l.candidates[k].Rules[0]]
		}
	}
	return &law.Statute{}
}

// Candidates returns the pairs of issuer and holder to which a rule may apply. The caller
// must not change them.
func (l *Search) Candidates() []Candidate { return l.candidates }

// Rules returns the table of rules. The caller must not change it.
func (l *Search) Rules() []law.Statute { return l.rules }

// Stakes returns the stakes that some rule may suspend, in ascending order.
func (l *Search) Stakes() []int32 { return l.stakes }

// Assignment returns the votes that are suspended of each of [Search.Stakes] in the
// assignment with which the search ended.
func (l *Search) Assignment() []ratio.Ratio { return l.chosen.votes }
