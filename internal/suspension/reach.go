// Questions of control that a look at the holders of a few companies answers. Where that is
// enough, nobody has to find out who controls whom.

package suspension

import (
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// glance looks at the holders of companies for one holder and one definition of control.
type glance struct {
	*evaluation
	x    int32
	s    *law.Statute
	left int // stakes that it may look at
}

// These bound a glance: the stakes that it looks at, and the length of chains.
const (
	glanceStakes = 256
	glanceDepth  = 3
)

func (j *evaluation) glance(x int32, s *law.Statute) *glance {
	return &glance{j, x, s, glanceStakes}
}

// controls reports whether the holder controls y, if the glance tells. It does if it and
// companies that it is known to control have a majority, or pass a presumption with more votes
// than all others together. It does not if it and all companies that it may control have too few
// votes. Those who are under a holder are companies.
func (q *glance) controls(y int32, depth int) (controls, known bool) {
	g := q.scope.g
	from, to := g.Column(y)
	if q.left -= int(to-from) + 1; q.left < 0 {
		return false, false
	}
	var own, have, cast ratio.Ratio
	base := g.Votes.Outstanding(y)
	at := q.scope.firstOf(from)
	for e := from; e < to; e++ {
		votes := g.Stake(&g.Votes, e)
		if at < len(q.scope.stakes) && q.scope.stakes[at] == e {
			if !q.s.CountsSuspended {
				votes, base = votes.Sub(q.assignment[at]), base.Sub(q.assignment[at])
			}
			at++
		}
		if g.Voter[e] != graph.None {
			cast = cast.Add(votes)
		}
		mine, sure := q.under(g.Voter[e], y, depth)
		if mine || !sure {
			have = have.Add(votes)
		}
		if mine && sure && countsFor(q.s, g, e) {
			own = own.Add(votes)
		}
	}
	if base.Sign() <= 0 { // any vote is enough
		return false, have.IsZero() && !q.s.AtLeast
	}
	limit := ratio.Of(1, 2)
	if q.s.Kind == law.TestControls {
		limit = q.s.Threshold
	}
	if limit.Mul(base).Less(own) {
		return true, true
	}
	if !q.s.Presumed.IsZero() && q.s.Presumed.Less(limit) {
		if limit = q.s.Presumed; limit.Mul(base).Less(own) && cast.Sub(own).Less(own) {
			return true, true
		}
	}
	return false, have.Less(limit.Mul(base))
}

// under reports whether a node that votes in y is the holder or under it, if the glance tells.
func (q *glance) under(who, y int32, depth int) (mine, sure bool) {
	switch {
	case who == q.x:
		return true, true
	case who == graph.None || !q.scope.g.IssuesShares(who):
		return false, true
	case who == y || depth == 0:
		return false, false
	}
	return q.controls(who, depth-1)
}

// membersAtOnce returns those holders of y that x controls, if a glance tells. The argument who
// lists the holders. The result is good until the next call.
func (j *evaluation) membersAtOnce(x, y int32, who []int32, s *law.Statute) ([]int32, bool) {
	if byShares(s) || len(j.scope.candidates) > fewCandidates || j.scope.sub.factsFor(s) != nil {
		return nil, false
	}
	g := j.scope.g
	q := j.glance(x, s)
	under, not := j.under[:0], j.not[:0]
	from, to := g.Column(y)
	for _, z := range who[from:to] {
		if z == graph.None || z == x || slices.Contains(under, z) || slices.Contains(not, z) {
			continue
		}
		mine, sure := q.under(z, graph.None, glanceDepth)
		switch {
		case !sure:
			return nil, false
		case mine:
			under = append(under, z)
		case g.IssuesShares(z):
			not = append(not, z)
		}
	}
	return under, true
}
