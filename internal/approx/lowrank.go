package approx

import (
	"slices"

	"gonum.org/v1/gonum/floats"
)

// LowRank solves a system of which a few columns changed by means of the factors from before
// (Woodbury 1950). The columns of D are the changes. The columns of E are the unit vectors of the
// changed columns. Then M' = M + D E^T and
//
//	M'^-1 b = y - Z (I + E^T Z)^-1 E^T y,  y = M^-1 b,  Z = M^-1 D.
//
// The formula for the transpose has D and E exchanged. [NewLowRank] makes it.
type LowRank struct {
	lu         *Factors
	pick       [][]float64 // the columns of E; of the transpose, those of D
	z          [][]float64 // the columns of Z
	small      *Factors    // of I + pick^T Z
	transposed bool
}

// NewLowRank returns the factors lu corrected for the columns of D and E.
func NewLowRank(lu *Factors, d, e [][]float64, transposed bool) *LowRank {
	r := &LowRank{lu: lu, pick: e, z: d, transposed: transposed}
	if transposed {
		r.pick, r.z = d, e
	}
	for x := range r.z {
		r.z[x] = slices.Clone(r.z[x])
		lu.Solve(r.z[x], transposed)
	}
	n := len(r.z)
	inner := make([]float64, n*n)
	for x, p := range r.pick {
		for y, z := range r.z {
			inner[x*n+y] = floats.Dot(p, z)
		}
		inner[x*n+x]++
	}
	r.small = NewFactors(n, inner)
	return r
}

// Solve replaces the right-hand side x by the solution.
func (r *LowRank) Solve(x []float64) {
	r.lu.Solve(x, r.transposed)
	t := make([]float64, len(r.pick))
	for i, p := range r.pick {
		t[i] = floats.Dot(p, x)
	}
	r.small.Solve(t, false)
	for i, z := range r.z {
		floats.AddScaled(x, -t[i], z)
	}
}
