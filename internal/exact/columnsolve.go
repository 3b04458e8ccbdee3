package exact

import (
	"context"
	"math"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// columnSolve replaces a part's right-hand side and its error bounds by the solution and its
// bounds. The part must not have wide columns. It returns false if a value does not fit.
func (s *Solver) columnSolve(ctx context.Context, of *query, q *part, vals []fixed128.Value, off []float64) (bool, error) {
	if len(vals) <= smallPart {
		tab, err := s.table(ctx, q)
		if err != nil {
			return false, err
		}
		return tab.ok && tab.against(vals, off), nil
	}
	enough := of.columnEnough()
	if ok, err := s.columnRefine(ctx, q, enough, vals, off); ok || err != nil {
		return ok, err
	}
	rhs := make([]*big.Int, len(vals))
	for i, v := range vals {
		if v != (fixed128.Value{}) {
			rhs[i] = v.Big()
		}
	}
	x, err := s.refine(ctx, q, rhs, fixed128.Bits, false, enough)
	if err != nil {
		return false, err
	}
	wider, err := s.spread(ctx, q, off)
	if err != nil {
		return false, err
	}
	for i := range vals {
		var ok bool
		if vals[i], ok = fixed128.ValueOf(x[i]); !ok || math.IsInf(wider[i], 1) {
			return false, nil
		}
		off[i] = wider[i] + enough + refineError
	}
	return true, nil
}

// columnRefine is columnSolve for a large part in integers of 128 bits. It improves a guess by
// guesses for what its residual leaves, until the error is at most enough. It returns false, and
// leaves the values as they are, if values do not fit, or if a guess does not gain two bits.
//
// Proof of the bounds: by the proof of type side, a residual of at most r gives an error of at
// most r/theta times y, and so does an error of at most r in the right-hand side. See [rest] for
// the error of the residual. A solution is never negative, so 0 is nearer to it than a negative
// guess. The factor upward covers the rounding of floats.
func (s *Solver) columnRefine(ctx context.Context, q *part, enough float64, vals []fixed128.Value, off []float64) (bool, error) {
	d, err := s.side(ctx, q, false)
	if err != nil || d.hard {
		return false, err
	}
	x, rest := make([]fixed128.Value, len(vals)), make([]float64, len(vals))
	worst, err := d.rest(ctx, vals, x, rest)
	for err == nil && worst*d.aboveMax > enough {
		if err := s.guess(ctx, q, d, rest, false, enough/(worst*d.aboveMax)*0x1p-4); err != nil {
			return false, err
		}
		for k, g := range rest {
			if !(math.Abs(g) < 0x1p120) {
				return false, nil
			}
			if x[k] = x[k].Int().Add(fixed128.IntOfFloat(g)).Value(); !x[k].Fits() {
				return false, nil
			}
		}
		before := worst
		if worst, err = d.rest(ctx, vals, x, rest); !(worst < before/4) {
			return false, err
		}
	}
	if err != nil {
		return false, err
	}
	wider := slices.Max(off) * upward / d.theta
	if math.IsInf(wider, 1) {
		return false, nil
	}
	copy(vals, x)
	for i := range off {
		off[i] = (worst + wider) * d.above[i] * upward
	}
	return true, nil
}

// rest sets out to the residual b - M x in units of 2^-fixed128.Bits, and returns an upper bound
// on the largest residual, divided by theta. The bound is +Inf if the sums may not fit.
//
// Proof of the bound: fine(k) is x(k) T(k)^-1 2^top, but for less than one unit, where T(k) is
// the scaled total. The coefficient of member k in an equation is at most T(k), which is below
// 2^top. So each product, divided by 2^top, falls short by less than one unit, and so does the
// sum when it is rounded down. The conversion to a float has a relative error of 2^-51.
//
// The sums fit in 192 bits: coefficients are at most 2^top <= 2^62 times their stakes, which
// are at most 1, so the sum of an equation is at most 2^62 times that of all x and b.
func (d *side) rest(ctx context.Context, b, x []fixed128.Value, out []float64) (float64, error) {
	y := d.sys
	fine, largest, none := make([]fixed128.Value, len(x)), uint64(0), true
	for k, v := range x {
		none = none && v == fixed128.Value{}
		var shifted fixed128.Sum
		shifted.AddMul(v, 1<<y.top)
		fine[k], _ = shifted.Quo(uint64(y.diag[k]))
		largest = max(largest, v.Whole())
	}
	if float64(largest)*float64(len(x)) > 0x1p25 {
		return math.Inf(1), nil
	}
	worst := 0.0
	for k := range x {
		if k&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return 0, err
			}
		}
		var sum fixed128.Sum
		sum.AddMul(b[k], 1<<y.top)
		lo, hi := y.start[k], y.start[k+1]
		if none {
			hi = lo
		}
		index, coef := y.index[lo:hi], y.coef[lo:hi]
		for e, i := range index {
			sum.AddMul(fine[i], uint64(coef[e]))
		}
		out[k] = sum.Rsh(y.top).Int().Sub(x[k].Int()).Float()
		worst = max(worst, math.Abs(out[k])+float64(hi-lo)+1)
	}
	return worst * upward / d.theta, nil
}
