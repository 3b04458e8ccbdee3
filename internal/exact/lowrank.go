package exact

import (
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/matrix"
)

// lowRankColumns is the largest number of changed columns for which a part uses the
// factors from before the change.
const lowRankColumns = 16

// lowRank solves a part with a few changed columns by means of its factors from before the
// change (Woodbury 1950). The columns of D are the changes. The columns of E are the unit
// vectors of the changed columns. Then M' = M + D E^T and
//
//	M'^-1 b = y - Z (I + E^T Z)^-1 E^T y,  y = M^-1 b,  Z = M^-1 D,
//
// The formula for the transpose has D and E exchanged. The solution is a guess without an
// error bound, as from factors. [Solver.refineGuess] bounds its error by its residual in the
// changed system.
type lowRank struct {
	lu    *approx.Factors
	pick  [][]float64     // the columns of E; by row, those of D
	z     [][]float64     // the columns of Z
	small *approx.Factors // of I + pick^T Z
	byRow bool
}

// newLowRank returns nil if the part has no factors from before the change or if more than
// lowRankColumns columns changed.
func (s *Solver) newLowRank(q *part, byRow bool) *lowRank {
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
	r := &lowRank{lu: lu, pick: e, z: d, byRow: byRow}
	if byRow {
		r.pick, r.z = d, e
	}
	for x := range r.z {
		r.z[x] = slices.Clone(r.z[x])
		lu.Solve(r.z[x], byRow)
	}
	inner := make([]float64, len(cols)*len(cols))
	for x, p := range r.pick {
		for y, z := range r.z {
			inner[x*len(cols)+y] = floats.Dot(p, z)
		}
		inner[x*len(cols)+x]++
	}
	r.small = approx.NewFactors(len(cols), inner)
	return r
}

// solve replaces the right-hand side x by the solution.
func (r *lowRank) solve(x []float64) {
	r.lu.Solve(x, r.byRow)
	t := make([]float64, len(r.pick))
	for i, p := range r.pick {
		t[i] = floats.Dot(p, x)
	}
	r.small.Solve(t, false)
	for i, z := range r.z {
		floats.AddScaled(x, -t[i], z)
	}
}
