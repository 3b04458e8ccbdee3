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

// Ambiguity is a book in which the law has no reading, or more than one.
type Ambiguity struct {
	search    *Search
	low, high *iteration
	places    []int // of the stakes on which they differ
}

// Suspended is votes that a rule takes from a stake, or may take.
type Suspended struct {
	Stake int32
	Votes ratio.Ratio
	Rule  *law.Statute
}

// Component is the readings of one strongly connected component.
type Component struct {
	Doubtful   []Suspended   // stakes on which states differ, with the most that may be taken
	Found      [][]Suspended // the readings, each by stake; none if no reading is consistent
	Incomplete bool          // there were too many doubtful stakes to try every reading
}

// maxReadings is how many readings of the whole are listed.
const maxReadings = 64

// Readings finds the readings of each component that has doubtful stakes, and the
// first 64 readings of the whole book that they make. More says that there are
// others, or may be.
func (d *Ambiguity) Readings(ctx context.Context) (parts []Component, whole [][]Suspended, more bool, err error) {
	l := d.search
	searches, err := l.enumerate(ctx, d.low, d.high, d.places, max(maxWork, maxPasses*len(l.g.Issuer)))
	if err != nil {
		return nil, nil, false, err
	}
	n := 1
	for _, s := range searches {
		part := Component{Incomplete: !s.complete}
		for _, i := range s.doubtful {
			part.Doubtful = append(part.Doubtful, l.suspended(i, d.most(i)))
		}
		for _, state := range s.found {
			part.Found = append(part.Found, l.listed(state, s.places))
		}
		parts = append(parts, part)
		if n *= len(s.found); !s.complete || n > maxReadings {
			more = true
		}
		n = min(n, maxReadings)
	}
	for at := range n {
		state := slices.Clone(d.low.state)
		for _, s := range slices.Backward(searches) {
			s.assign(state, at%len(s.found))
			at /= len(s.found)
		}
		whole = append(whole, l.listed(state, nil))
	}
	return parts, whole, more, nil
}

// most returns the most votes that the law may take of stake i.
func (d *Ambiguity) most(i int) ratio.Ratio {
	if d.high.most[i].Less(d.low.most[i]) {
		return d.low.most[i]
	}
	return d.high.most[i]
}

// Resolve settles the doubtful stakes: all that may be taken of them is, or no more
// than must be.
func (d *Ambiguity) Resolve(ctx context.Context, suspend bool) error {
	l := d.search
	state := slices.Clone(d.low.state)
	for _, i := range d.places {
		if state[i] = d.most(i); !suspend {
			state[i] = d.low.least[i]
			if d.high.least[i].Less(state[i]) {
				state[i] = d.high.least[i]
			}
		}
	}
	if _, err := l.Evaluate(ctx, state); err != nil { // finds who takes the other stakes' votes
		return err
	}
	for _, i := range d.places {
		l.causes[i] = cause{}
	}
	l.state = state
	return nil
}

// listed lists the votes that a state takes: of the stakes at some places, or
// (nil) of all.
func (l *Search) listed(state []ratio.Ratio, places []int32) []Suspended {
	var out []Suspended
	for n, v := range state {
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

// suspended names stake i's votes and the rule that takes them, or could.
func (l *Search) suspended(i int, votes ratio.Ratio) Suspended {
	return Suspended{Stake: l.stakes[i], Votes: votes, Rule: l.ruleOn(i)}
}

// Suspensions yields the votes that are taken in the reading that holds, by
// stake, with what a sentence about them needs.
func (l *Search) Suspensions() iter.Seq2[int, Suspended] {
	return func(yield func(int, Suspended) bool) {
		for i, votes := range l.state {
			if !votes.IsZero() && !yield(i, l.suspended(i, votes)) {
				return
			}
		}
	}
}

// Cause returns the rule, the issuer and the holder by which the votes of
// suspension i are taken; false if a decision took them, and no rule.
func (l *Search) Cause(i int) (rule *law.Statute, issuer, holder int32, ok bool) {
	t := l.causes[i]
	if t == (cause{}) {
		return nil, 0, 0, false
	}
	k := &l.candidates[t.candidate-1]
	return &l.rules[t.rule-1], k.Issuer, k.Holder, true
}

// Control returns why x controls y by rule's idea of control, in the reading that
// holds: the tally, the group that does, and y's number in the tally.
func (l *Search) Control(ctx context.Context, rule *law.Statute, x, y int32) (votes *tally.Tally, group *majority.Group, in int32, err error) {
	j := &evaluation{search: l, state: l.state}
	group, err = j.group(ctx, l.sub.node(x), rule)
	return j.votesAt(rule.CountsSuspended), group, l.sub.node(y), err
}

// Holding returns what x has of y as rule measures it in the reading that holds,
// and what it is a fraction of.
func (l *Search) Holding(ctx context.Context, rule *law.Statute, x, y int32) (have, base ratio.Ratio, err error) {
	return (&evaluation{search: l, state: l.state}).holding(ctx, rule, x, y)
}

// ruleOn returns the rule that takes stake i's votes, or may.
func (l *Search) ruleOn(i int) *law.Statute {
	t := l.causes[i]
	if t == (cause{}) {
		t = l.possible[i]
	}
	if t != (cause{}) {
		return &l.rules[t.rule-1]
	}
	for k := range l.candidates { // tried in no state: the first that could
		if len(l.candidates[k].Rules) > 0 && slices.Contains(l.candidates[k].Stakes, int32(i)) {
			return &l.rules[l.candidates[k].Rules[0]]
		}
	}
	return &law.Statute{}
}

// Candidates lists the pairs of issuer and holder that some rule may be about. They are
// not to be changed.
func (l *Search) Candidates() []Candidate { return l.candidates }

// Rules returns the table of rules. It is not to be changed.
func (l *Search) Rules() []law.Statute { return l.rules }

// Stakes lists the stakes that some rule may suspend, ascending.
func (l *Search) Stakes() []int32 { return l.stakes }

// Assumption returns the votes taken of each of [Search.Stakes] in the state
// that the search ended in.
func (l *Search) Assumption() []ratio.Ratio { return l.state }
