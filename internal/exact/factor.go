package exact

import (
	"context"

	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/lapack/lapack64"

	"github.com/crossholding/crossholding/internal/progress"
)

// factors holds the LU factors of an n by n matrix, with row pivots, from gonum's blocked
// LU. The solvers below read it by rows, because blocks do not help for one vector.
type factors struct {
	n    int
	a    []float64 // L without its diagonal of ones, and U, by rows
	swap []int
}

// newFactors factors a in place.
func newFactors(n int, a []float64) *factors {
	f := &factors{n: n, a: a, swap: make([]int, n)}
	// A pivot of 0 gives useless guesses. The later proof rejects them.
	lapack64.Getrf(blas64.General{Rows: n, Cols: n, Stride: n, Data: a}, f.swap)
	return f
}

// solve replaces x by the solution of A y = x, or of its transpose.
func (f *factors) solve(x []float64, transposed bool) {
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

func (f *factors) solveTransposed(x []float64) {
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

// factored returns the factors of M. The first call starts a goroutine that makes them,
// because gonum cannot be interrupted. If a call is cancelled, later calls use the same
// result.
func (q *part) factored(ctx context.Context, d *side, byRow bool) (*factors, error) {
	q.luMu.Lock()
	if q.lu == nil && q.making == nil {
		done := make(chan struct{})
		q.making = done
		go func() {
			lu := newFactors(len(q.nodes), d.matrix(byRow))
			q.luMu.Lock()
			q.lu = lu
			q.luMu.Unlock()
			close(done)
		}()
	}
	making := q.making
	q.luMu.Unlock()
	stage := progress.Start(ctx, "factors", len(q.nodes), reportEverySlow)
	select {
	case <-making:
		stage.End()
	case <-ctx.Done():
		return nil, canceled(ctx)
	}
	q.luMu.Lock()
	defer q.luMu.Unlock()
	return q.lu, nil
}

// matrix returns M = I - A by rows.
func (d *side) matrix(byRow bool) []float64 {
	n := len(d.sys.diag)
	m := make([]float64, n*n)
	for k := range n {
		m[k*n+k] = 1
		for e := d.sys.start[k]; e < d.sys.start[k+1]; e++ {
			if i := int(d.sys.index[e]); byRow {
				m[i*n+k] -= d.coef[e]
			} else {
				m[k*n+i] -= d.coef[e]
			}
		}
	}
	return m
}
