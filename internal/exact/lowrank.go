package exact

import (
	"slices"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/matrix"
)

// lowRankColumns is the largest number of changed columns for which a part uses the
// factors from before the change.
const lowRankColumns = 16

// newLowRank returns the part's factors from before the change, corrected for it. Their solutions are
// guesses, as those of factors are: [Solver.refineGuess] bounds their error by the residual in the
// changed system. It returns nil if the part has no factors from before the change or if more than
// lowRankColumns columns changed.
func (s *Solver) newLowRank(q *part, byRow bool) *approx.LowRank {
	var cols []int
	t := s
	for t.dirty != nil && t.dirty[q.p] {
		for _, k := range t.changed {
			if at := q.local(k); at >= 0 && !slices.Contains(cols, at) {
				cols = append(cols, at)
			}
		}
		t = t.base
	}
	if t == s || len(cols) > lowRankColumns {
		return nil
	}
	old := t.part(q.c, q.p)
	old.luMu.Lock()
	lu := old.lu
	old.luMu.Unlock()
	if lu == nil {
		return nil
	}
	e, d := make([][]float64, len(cols)), make([][]float64, len(cols))
	for x, at := range cols {
		e[x], d[x] = make([]float64, len(q.nodes)), make([]float64, len(q.nodes))
		e[x][at] = 1
		add := func(col matrix.Column, sign float64) {
			for h, i := range col.Rows {
				if place := q.local(i); place >= 0 {
					d[x][place] += sign * col.Fraction(h)
				}
			}
		}
		add(t.Holders(q.nodes[at]), 1) // M is I - A
		add(s.Holders(q.nodes[at]), -1)
	}
	return approx.NewLowRank(lu, d, e, byRow)
}
