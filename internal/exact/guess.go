package exact

import (
	"context"
	"math"

	"github.com/crossholding/crossholding/internal/progress"
)

// side is one orientation of a part's system with M = I - A in floats: w M = rhs by row, or
// M x = rhs by column. It holds a proof that bounds the error of every guess: if y > 0 and
// M y >= theta > 0, a guess with residual r has an error of at most max|r|/theta times y,
// because the inverse of M is not negative.
type side struct {
	sys  *system // scaled
	coef []float64

	// above is a vector y > 0 with M y >= theta > 0 in every equation.
	above    []float64
	theta    float64
	aboveMax float64
	// hard is true if no such vector was found. Then the part is solved exactly.
	hard bool
}

func sideOf(byRow bool) int {
	if byRow {
		return 1
	}
	return 0
}

// side returns the part's side with its proof.
func (s *Solver) side(ctx context.Context, q *part, byRow bool) (*side, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	d := &q.sides[sideOf(byRow)]
	if d.above != nil || d.hard {
		return d, nil
	}
	if d.sys == nil {
		sys, err := s.system(ctx, q, byRow, true)
		if err != nil {
			return nil, err
		}
		d.sys = sys
		d.coef = make([]float64, len(d.sys.coef))
		for k, diag := range d.sys.diag {
			for e := d.sys.start[k]; e < d.sys.start[k+1]; e++ {
				if !byRow {
					diag = d.sys.diag[d.sys.index[e]]
				}
				d.coef[e] = float64(d.sys.coef[e]) / float64(diag)
			}
		}
	}
	if y := s.before(q, byRow); y != nil { // it often proves the changed part, too
		if d.prove(y); !d.hard {
			return d, nil
		}
		d.hard = false
	}
	for {
		y := make([]float64, len(q.nodes))
		for k := range y {
			y[k] = 1
		}
		if err := s.guess(ctx, q, d, y, byRow, 0); err != nil {
			return nil, err
		}
		if d.prove(y); !d.hard || !q.disown() {
			return d, nil
		}
		d.hard = false
	}
}

// before returns the vector that proved the part before the changes, or nil if there is none
// at hand.
func (s *Solver) before(q *part, byRow bool) []float64 {
	if s.dirty == nil || !s.dirty[q.p] {
		return nil
	}
	old := s.base.part(q.c, q.p)
	if !old.gate.try() {
		return nil
	}
	defer old.gate.leave()
	return old.sides[sideOf(byRow)].above
}

// prove finds the largest theta with M y >= theta and allows for the rounding of this test.
// In an equation with m terms, each product, each sum, the division that made the
// coefficient and the two conversions before it have a relative error of at most 2^-53. So
// the error of the result is below (m+8) 2^-52 times the sum of the absolute terms.
func (d *side) prove(y []float64) {
	theta, largest := math.Inf(1), 0.0
	for k := range y {
		if !(y[k] > 0) || y[k] > 0x1p100 {
			d.hard = true
			return
		}
		var sum float64
		from, to := d.sys.start[k], d.sys.start[k+1]
		for e := from; e < to; e++ {
			sum += d.coef[e] * y[d.sys.index[e]]
		}
		slack := float64(to-from+8) * 0x1p-52 * (y[k] + sum)
		theta = min(theta, y[k]-sum-slack)
		largest = max(largest, y[k])
	}
	if theta < 0.25 {
		d.hard = true
		return
	}
	// The factor covers the rounding of theta itself.
	d.above, d.theta, d.aboveMax = y, theta*(1-0x1p-50), largest
}

// LU factors give the guesses for parts of up to luNodes companies, and for parts in which
// at least one of luDensity possible stakes exists. Iteration gives the others. If
// iteration converges too slowly, parts of up to luLimit companies use LU factors instead.
const (
	luNodes   = 100
	luDensity = 12
	luLimit   = 4096
	fewSweeps = 300
	maxSweeps = 20000
)

// finest is the relative change of the largest value at which iteration ends, and coarsest is
// the largest at which it may be told to end.
const (
	finest   = 0x1p-50
	coarsest = 0x1p-20
)

// guess replaces the right-hand side x by an approximate solution without a proof. Iteration
// ends when values change by less than about a fraction of gain of the largest.
func (s *Solver) guess(ctx context.Context, q *part, d *side, x []float64, byRow bool, gain float64) error {
	n := len(x)
	lu, low := s.factors(q, byRow)
	if low != nil {
		low.solve(x)
		return canceled(ctx)
	}
	if lu == nil && n > luNodes && len(d.coef) < n*n/luDensity {
		limit := maxSweeps
		if n <= luLimit {
			limit = fewSweeps
		}
		rhs := append([]float64(nil), x...)
		ok, err := d.iterate(ctx, rhs, x, limit, min(coarsest, max(finest, gain)))
		if ok || err != nil || n > luLimit {
			return err
		}
		copy(x, rhs)
	}
	if lu == nil {
		var err error
		if lu, err = q.factored(ctx, d, byRow); err != nil {
			return err
		}
	}
	lu.solve(x, byRow)
	return canceled(ctx)
}

// factors returns the factors that guesses can use.
func (s *Solver) factors(q *part, byRow bool) (*factors, *lowRank) {
	q.luMu.Lock()
	defer q.luMu.Unlock()
	if q.lu != nil || q.own {
		return q.lu, nil
	}
	low := &q.low[sideOf(byRow)]
	if *low == nil {
		*low = s.newLowRank(q, byRow)
	}
	q.own = *low == nil
	return nil, *low
}

// disown drops factors from before a change. It reports whether there were any.
func (q *part) disown() bool {
	q.luMu.Lock()
	defer q.luMu.Unlock()
	had := !q.own && q.lu == nil
	q.own = true
	return had
}

// iterate makes Gauss-Seidel sweeps, alternately forward and backward, from x = rhs until x
// changes by at most the fraction still of its largest value. It returns false if x still
// changes more after limit sweeps.
func (d *side) iterate(ctx context.Context, rhs, x []float64, limit int, still float64) (bool, error) {
	n := len(x)
	stage := progress.Count(ctx, "sweeps", reportEverySlow)
	for sweep := range limit {
		if err := canceled(ctx); err != nil {
			return false, err
		}
		stage.At(sweep)
		var moved, largest float64
		for at := range n {
			k := at
			if sweep&1 == 1 {
				k = n - 1 - at
			}
			sum := rhs[k] + d.weighed(k, x)
			moved = max(moved, math.Abs(sum-x[k]))
			largest = max(largest, math.Abs(sum))
			x[k] = sum
		}
		if moved <= largest*still {
			return true, nil
		}
		if math.IsNaN(moved) || math.IsInf(largest, 0) {
			return false, nil
		}
	}
	return false, nil
}

// weighed returns the sum of the coefficients of equation k times x. It adds four sums side by
// side, because each addition waits for the one before it.
func (d *side) weighed(k int, x []float64) float64 {
	lo, hi := d.sys.start[k], d.sys.start[k+1]
	index, coef := d.sys.index[lo:hi], d.coef[lo:hi]
	var a, b, c, e float64
	for ; len(index) >= 4 && len(coef) >= 4; index, coef = index[4:], coef[4:] {
		a += coef[0] * x[index[0]]
		b += coef[1] * x[index[1]]
		c += coef[2] * x[index[2]]
		e += coef[3] * x[index[3]]
	}
	for at, i := range index {
		a += coef[at] * x[i]
	}
	return a + b + (c + e)
}
