package exact

import (
	"errors"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// lowRankColumns is the most changed columns for which the factors of the
// part before the change are used again.
const lowRankColumns = 16

// lowRank guesses a part with a few changed columns through its factors
// before the change (Woodbury 1950). Where D holds the changes of the columns
// and E picks their places, M' = M + D E^T and
//
//	M'^-1 b = y - Z (I + E^T Z)^-1 E^T y,  y = M^-1 b,  Z = M^-1 D,
//
// and for the transpose the same with D and E exchanged.
type lowRank struct {
	lu    *mat.LU
	pick  *mat.Dense // E, or D by row: n by columns
	z     *mat.Dense
	small mat.LU // of I + pick^T z
	byRow bool
}

// newLowRank returns nil if the part did not come from a factored one by a
// change of few columns.
func (s *Solver) newLowRank(q *part, byRow bool) *lowRank {
	var cols []int32
	t := s
	for t.dirty != nil && t.dirty[q.p] {
		for _, k := range t.changed {
			if at := q.local(k); at >= 0 && !slices.Contains(cols, int32(at)) {
				cols = append(cols, int32(at))
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
	n := len(q.nodes)
	e, d := mat.NewDense(n, len(cols), nil), mat.NewDense(n, len(cols), nil)
	for x, at := range cols {
		e.Set(int(at), x, 1)
		k := q.nodes[at]
		add := func(col column, sign float64) {
			for h, i := range col.rows {
				if place := q.local(i); place >= 0 {
					d.Set(place, x, d.At(place, x)+sign*col.fraction(h))
				}
			}
		}
		add(t.column(k), 1) // M is I - A
		add(s.column(k), -1)
	}
	r := &lowRank{lu: lu, pick: e, z: mat.NewDense(n, len(cols), nil), byRow: byRow}
	if byRow {
		r.pick, d = d, e
	}
	var bad mat.Condition
	if err := lu.SolveTo(r.z, byRow, d); err != nil && !errors.As(err, &bad) {
		return nil
	}
	var inner mat.Dense
	inner.Mul(r.pick.T(), r.z)
	for x := range cols {
		inner.Set(x, x, inner.At(x, x)+1)
	}
	r.small.Factorize(&inner)
	return r
}

// solve solves for x in place; it reports whether it could.
func (r *lowRank) solve(x *mat.VecDense) bool {
	var bad mat.Condition
	if err := r.lu.SolveVecTo(x, r.byRow, x); err != nil && !errors.As(err, &bad) {
		return false
	}
	var t, z mat.VecDense
	t.MulVec(r.pick.T(), x)
	if err := r.small.SolveVecTo(&t, false, &t); err != nil && !errors.As(err, &bad) {
		return false
	}
	z.MulVec(r.z, &t)
	x.SubVec(x, &z)
	return true
}
