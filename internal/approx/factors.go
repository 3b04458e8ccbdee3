package approx

import (
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"
)

// Factors holds the LU factors of an n by n matrix, with row pivots, from gonum's blocked
// LU. The solvers below read it by rows, because blocks do not help for one vector.
type Factors struct {
	n    int
	a    []float64 // L without its diagonal of ones, and U, by rows
	swap []int
}

// NewFactors factors a in place.
func NewFactors(n int, a []float64) *Factors {
	f := &Factors{n: n, a: a, swap: make([]int, n)}
	// A pivot of 0 gives useless guesses. The later proof rejects them.
	lapack64.Getrf(blas64.General{Rows: n, Cols: n, Stride: n, Data: a}, f.swap)
	return f
}

// Solve replaces x by the solution of A y = x, or of its transpose.
func (f *Factors) Solve(x []float64, transposed bool) {
	if transposed {
		f.solveTransposed(x)
		return
	}
	for i, j := range f.swap {
		x[i], x[j] = x[j], x[i]
	}
	for i := range f.n {
		x[i] -= floats.Dot(f.a[i*f.n:i*f.n+i], x[:i])
	}
	for i := f.n - 1; i >= 0; i-- {
		row := f.a[i*f.n : i*f.n+f.n]
		x[i] = (x[i] - floats.Dot(row[i+1:], x[i+1:])) / row[i]
	}
}

func (f *Factors) solveTransposed(x []float64) {
	for i := range f.n {
		row := f.a[i*f.n : i*f.n+f.n]
		x[i] /= row[i]
		floats.AddScaled(x[i+1:], -x[i], row[i+1:])
	}
	for i := f.n - 1; i >= 0; i-- {
		floats.AddScaled(x[:i], -x[i], f.a[i*f.n:i*f.n+i])
	}
	for i := f.n - 1; i >= 0; i-- {
		j := f.swap[i]
		x[i], x[j] = x[j], x[i]
	}
}
