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
	search    *Search
	low, high *iteration
	ambiguous []int // stakes on which low and high differ
}

// Suspended is the number of votes of one stake that a rule suspends, or may suspend.
type Suspended struct {
	Stake int32
	Votes ratio.Ratio
	Rule  *law.Statute
}

// Component holds the readings of one strongly connected component.
type Component struct {
	Ambiguous  []Suspended   // stakes on which readings may differ, with the most votes that may be suspended
	Found      [][]Suspended // the readings, each in the order of stakes; empty if there is none
	Incomplete bool          // there were too many assignments to try all
}

// maxReadings is the largest number of readings of the whole book that are listed.
const maxReadings = 64

// Readings finds the readings of each component that has ambiguous stakes. Whole holds
// readings of the whole book: combinations of one reading of each component, at most 64.
// More reports that there are, or may be, other readings of the whole book.
func (d *Ambiguity) Readings(ctx context.Context) (parts []Component, whole [][]Suspended, more bool, err error) {
	l := d.search
	searches, err := l.enumerate(ctx, d.low, d.high, d.ambiguous, max(maxWork, maxPasses*len(l.g.Issuer)))
	if err != nil {
		return nil, nil, false, err
	}
	n := 1
	for _, s := range searches {
		part := Component{Incomplete: !s.complete}
		for _, i := range s.ambiguous {
			part.Ambiguous = append(part.Ambiguous, l.suspended(i, d.most(i)))
		}
		for _, assignment := range s.found {
			part.Found = append(part.Found, l.listed(assignment, s.places))
		}
		parts = append(parts, part)
		if n *= len(s.found); !s.complete || n > maxReadings {
			more = true
		}
		n = min(n, maxReadings)
	}
	for at := range n {
		assignment := slices.Clone(d.low.assignment)
		for _, s := range slices.Backward(searches) {
			s.assign(assignment, at%len(s.found))
			at /= len(s.found)
		}
		whole = append(whole, l.listed(assignment, nil))
	}
	return parts, whole, more, nil
}

// most returns the largest number of votes that the law may suspend of stake i.
func (d *Ambiguity) most(i int) ratio.Ratio {
	if d.high.most[i].Less(d.low.most[i]) {
		return d.low.most[i]
	}
	return d.high.most[i]
}

// Resolve decides the ambiguous stakes. If suspend is true, it suspends of each stake the
// largest number of votes that any end of the search suspends. Otherwise it suspends the
// smallest.
func (d *Ambiguity) Resolve(ctx context.Context, suspend bool) error {
	l := d.search
	assignment := slices.Clone(d.low.assignment)
	for _, i := range d.ambiguous {
		if assignment[i] = d.most(i); !suspend {
			assignment[i] = d.low.least[i]
			if d.high.least[i].Less(assignment[i]) {
				assignment[i] = d.high.least[i]
			}
		}
	}
	if _, err := l.Evaluate(ctx, assignment); err != nil { // sets the causes of the other stakes
		return err
	}
	for _, i := range d.ambiguous {
		l.causes[i] = cause{}
	}
	l.assignment = assignment
	return nil
}

// listed lists the votes that an assignment suspends. If places is nil, the assignment is
// of all stakes; otherwise it is of the stakes at those places.
func (l *Search) listed(assignment []ratio.Ratio, places []int32) []Suspended {
	var out []Suspended
	for n, v := range assignment {
		if v.IsZero() {
			continue
		}
		if places != nil {
			n = int(places[n])
		}
		out = append(out, l.suspended(n, v))
	}
	return out
}

// suspended describes votes of stake i, with the rule that suspends them or could.
func (l *Search) suspended(i int, votes ratio.Ratio) Suspended {
	return Suspended{Stake: l.stakes[i], Votes: votes, Rule: l.ruleOn(i)}
}

// Suspensions yields the votes that are suspended in the chosen reading, in the order of
// stakes. The key is the number that [Search.Cause] takes.
func (l *Search) Suspensions() iter.Seq2[int, Suspended] {
	return func(yield func(int, Suspended) bool) {
		for i, votes := range l.assignment {
			if !votes.IsZero() && !yield(i, l.suspended(i, votes)) {
				return
			}
		}
	}
}

// Cause returns the rule, the issuer and the holder for which the votes of suspension i
// are suspended. It returns false if [Ambiguity.Resolve] chose them.
func (l *Search) Cause(i int) (rule *law.Statute, issuer, holder int32, ok bool) {
	t := l.causes[i]
	if t == (cause{}) {
		return nil, 0, 0, false
	}
	k := &l.candidates[t.candidate-1]
	return &l.rules[t.rule-1], k.Issuer, k.Holder, true
}

// Control returns the evidence that x controls y under rule's definition of control, in
// the chosen reading: the tally of votes, the group that x controls, and y's index in the
// tally.
func (l *Search) Control(ctx context.Context, rule *law.Statute, x, y int32) (votes *tally.Tally, group *majority.Group, in int32, err error) {
	j := &evaluation{search: l, assignment: l.assignment}
	group, err = j.group(ctx, l.sub.localIndex(x), rule)
	return j.votesAt(rule.CountsSuspended), group, l.sub.localIndex(y), err
}

// Holding returns what x holds of y, measured by rule in the chosen reading, and the total
// of which it is a fraction.
func (l *Search) Holding(ctx context.Context, rule *law.Statute, x, y int32) (have, base ratio.Ratio, err error) {
	return (&evaluation{search: l, assignment: l.assignment}).holding(ctx, rule, x, y)
}

// ruleOn returns the rule that suspends stake i's votes, or may.
func (l *Search) ruleOn(i int) *law.Statute {
	t := l.causes[i]
	if t == (cause{}) {
		t = l.possible[i]
	}
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
func (l *Search) Assignment() []ratio.Ratio { return l.assignment }
