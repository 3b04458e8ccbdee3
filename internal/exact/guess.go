package exact

import (
	"context"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/progress"
)

// side is one orientation of a part's system with M = I - A in floats: w M = rhs by row, or
// M x = rhs by column. It holds a proof that bounds the error of every guess: if y > 0 and
// M y >= theta > 0, a guess with residual r has an error of at most max|r|/theta times y,
// because the inverse of M is not negative.
type side struct {
	sys  *system // scaled
	coef []float64
	flat *approx.System // the same coefficients

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
	if d.sys == nil && !s.inheritSide(q, d, byRow) {
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
		d.flat = &approx.System{Start: sys.start, Index: sys.index, Coef: d.coef}
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
// at least one of luDensity possible stakes exists. Iteration gives the others: steps of
// [approx.System.Solve] in parts of up to krylovNodes companies, whose vectors take some 200 MB at
// most, and sweeps in larger ones. If the former converges too slowly, parts of up to luLimit
// companies use LU factors instead, and others sweeps.
const (
	luNodes     = 100
	luDensity   = 12
	luLimit     = 4096
	krylovNodes = 1 << 20
	maxSweeps   = 20000
)

// finest is the relative size of the residual, or the relative change of the largest value, at
// which iteration ends, and coarsest is the largest at which it may be told to end. More digits
// come from another guess.
const (
	finest   = 0x1p-40
	coarsest = 0x1p-20
)

// guess replaces the right-hand side x by an approximate solution without a proof. Iteration
// ends when the residual is about a fraction of gain of the right-hand side.
func (s *Solver) guess(ctx context.Context, q *part, d *side, x []float64, byRow bool, gain float64) error {
	n := len(x)
	lu, low := s.factors(q, byRow)
	if low != nil {
		low.Solve(x)
		return canceled(ctx)
	}
	if lu == nil && n > luNodes && len(d.coef) < n*n/luDensity {
		still := min(coarsest, max(finest, gain))
		rhs := slices.Clone(x)
		stage := progress.Count(ctx, "sweeps", reportEverySlow)
		step := func(done int) error {
			stage.At(done)
			return canceled(ctx)
		}
		if n <= krylovNodes {
			if ok, err := d.flat.Solve(rhs, x, still, step); ok || err != nil {
				return err
			}
		}
		if n > luLimit {
			return d.flat.Sweep(rhs, x, maxSweeps, still, step)
		}
		copy(x, rhs)
	}
	if lu == nil {
		var err error
		if lu, err = q.factored(ctx, d, byRow); err != nil {
			return err
		}
	}
	lu.Solve(x, byRow)
	return canceled(ctx)
}

// factors returns the factors that guesses can use.
func (s *Solver) factors(q *part, byRow bool) (*approx.Factors, *approx.LowRank) {
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
