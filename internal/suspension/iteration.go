// The repeated evaluation of the statutes.

package suspension

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// maxRounds bounds the evaluations of one iteration. A chain of dependencies needs one
// evaluation for each of its links.
const maxRounds = 1000

// runs are the two runs of the iteration: from no suspended votes, and from all votes
// suspended.
type runs struct {
	low, high *iteration
	differing []int  // places of the stakes on which they differ
	tried     causes // of each stake: why it is suspended in the last assignment that was tried and suspends it
}

// run runs the iteration from both ends.
func (sc *scope) run(ctx context.Context, none []ratio.Ratio) (runs, error) {
	tried := make(causes, len(none))
	low, err := sc.iterate(ctx, none, nil, tried)
	if err != nil {
		return runs{}, err
	}
	all := make([]ratio.Ratio, len(none))
	for i, e := range sc.stakes {
		all[i] = sc.g.Stake(&sc.g.Votes, e)
	}
	high, err := sc.iterate(ctx, all, low, tried)
	if err != nil {
		return runs{}, err
	}
	return runs{low, high, low.differences(high), tried}, nil
}

// iteration is the end of repeated evaluations: a reading, or a cycle of assignments. The
// votes of each stake lie between least and most. Both are those of the last verdict if it is
// a reading.
type iteration struct {
	last        verdict // without causes if it is no reading
	fixed       bool
	least, most []ratio.Ratio
}

// differences lists the stakes on which two iterations differ.
func (t *iteration) differences(u *iteration) []int {
	var out []int
	for i := range t.last.votes {
		if !t.least[i].Equal(t.most[i]) || !u.least[i].Equal(u.most[i]) || !t.last.votes[i].Equal(u.last.votes[i]) {
			out = append(out, i)
		}
	}
	return out
}

// iterate evaluates the statutes until the assignment repeats, or equals the reading that
// an earlier iteration found. It notes the causes of each assignment in tried.
func (sc *scope) iterate(ctx context.Context, assignment []ratio.Ratio, earlier *iteration, tried causes) (*iteration, error) {
	mark, left := assignment, 1 // Brent's cycle detection: compare with an earlier assignment, renewed after 1, 2, 4 ... rounds
	for round, span := 0, 1; round < maxRounds; round++ {
		v, err := sc.evaluate(ctx, assignment)
		if err != nil {
			return nil, err
		}
		tried.note(v)
		next := v.votes
		if earlier != nil && earlier.fixed && equal(next, earlier.last.votes) {
			return earlier, nil
		}
		if equal(next, assignment) {
			return &iteration{v, true, next, next}, nil
		}
		if equal(next, mark) {
			break
		}
		if left--; left == 0 {
			span *= 2
			mark, left = next, span
		}
		assignment = next
	}
	return sc.cycle(ctx, assignment, tried)
}

// cycle follows the cycle on which the given assignment lies. If the iteration was cut
// short, there may be no cycle; it then follows maxRounds further assignments.
func (sc *scope) cycle(ctx context.Context, assignment []ratio.Ratio, tried causes) (*iteration, error) {
	t := &iteration{last: verdict{votes: assignment}, least: slices.Clone(assignment), most: slices.Clone(assignment)}
	next := assignment
	for range maxRounds {
		v, err := sc.evaluate(ctx, next)
		if err != nil {
			return nil, err
		}
		tried.note(v)
		next = v.votes
		if equal(next, assignment) {
			break
		}
		for i, v := range next {
			if v.Less(t.least[i]) {
				t.least[i] = v
			} else if t.most[i].Less(v) {
				t.most[i] = v
			}
		}
	}
	return t, nil
}

func equal(a, b []ratio.Ratio) bool { return slices.EqualFunc(a, b, ratio.Ratio.Equal) }
