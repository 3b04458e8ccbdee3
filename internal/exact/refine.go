package exact

import (
	"context"
	"math"
	"math/big"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// refineError is an upper bound on the error of an answer of [Solver.refine] in units of its
// last bit, in addition to the error that was allowed. The final shift or division rounds
// down by less than one unit.
const refineError = 2

// nothing is the allowed error of an answer that has to be correct to its last bit.
const nothing = 0.25

// refine solves a part in fixed point. For c in units of 2^-f it returns x with |x - exact|
// <= enough + refineError in every component. By row, x solves x B = c. By column, x is T z
// with B z = c.
//
// It improves a guess in floats as long as each step gains digits, and otherwise uses exact
// lifting. Each step adds some 50 bits. Each step makes the residual smaller and scales it
// up by the same amount, so it stays an exact machine integer (Wan 2006).
func (s *Solver) refine(ctx context.Context, q *part, c []*big.Int, f int, byRow bool, enough float64) ([]*big.Int, error) {
	if len(c) <= smallPart || s.wide(q) {
		return s.refineExact(ctx, q, c, byRow)
	}
	d, err := s.side(ctx, q, byRow)
	if err != nil {
		return nil, err
	}
	if !d.hard && d.sys.sum <= 100 {
		x, _, err := s.refineGuess(ctx, q, d, c, f, byRow, enough)
		if x == nil && err == nil && q.disown() {
			x, _, err = s.refineGuess(ctx, q, d, c, f, byRow, enough)
		}
		if x != nil || err != nil {
			return x, err
		}
	}
	return s.refineExact(ctx, q, c, byRow)
}

// refineExact returns the exact solution, rounded down to units of 2^-f.
func (s *Solver) refineExact(ctx context.Context, q *part, c []*big.Int, byRow bool) ([]*big.Int, error) {
	if bits := s.bits(q.nodes); bits > s.limits.Bits {
		return nil, &SizeError{Bits: bits, Limit: s.limits.Bits, Node: q.nodes[0]}
	}
	vals, det, err := s.solveInteger(ctx, q, c, byRow)
	if err != nil {
		return nil, err
	}
	x := make([]*big.Int, len(c))
	for k := range x {
		x[k] = &vals[k]
		if !byRow {
			x[k].Mul(x[k], s.Holders(q.nodes[k]).BigTotal())
		}
		x[k].Div(x[k], det)
	}
	return x, nil
}

// refineGuess improves a guess until the bound of its error is at most enough, in units of
// 2^-f. It returns the guess, rounded down to such units, and the bound. It returns nil if
// the guesses do not gain digits.
//
// Proof of the bound: rest is the exact residual of the integer system for x, but for the
// bits of the right-hand side below the window, which are less than one unit of 2^-at. unit
// converts it to the residual r of M. By the proof of type side the error is at most max|r|/
// theta times y. This holds for V of any size, because y is then as large. The floating-point
// operations have a relative error of a few 2^-51.
//
// rest fits in 128 bits: with wide and up from scale, the old residual and its new bits are
// at most 2^(wide+up) <= 2^125, and apply is at most 2^125. If a bad guess leaves more than
// 120 bits, scale refuses the next step.
func (s *Solver) refineGuess(ctx context.Context, q *part, d *side, c []*big.Int, f int, byRow bool, enough float64) ([]*big.Int, float64, error) {
	n := len(c)
	widest := 0
	rhs := make([]*big.Int, n)
	for k := range c {
		rhs[k] = c[k]
		if c[k] != nil && !byRow {
			rhs[k] = new(big.Int).Lsh(c[k], d.sys.top)
		}
		if c[k] != nil {
			widest = max(widest, rhs[k].BitLen())
		}
	}
	var (
		x     = make([]*big.Int, n)
		rest  = make([]fixed128.Int, n)
		guess = make([]float64, n)
		digit = make([]int64, n)
		t     big.Int
		at    = f - max(0, widest-50) // x is now in units of 2^-at
	)
	for k := range x {
		x[k] = new(big.Int)
		rest[k] = window(rhs[k], f-at, 0)
	}
	bound := math.Inf(1)
	for {
		wide, worst := uint(0), 0.0
		for k, r := range rest {
			wide = max(wide, r.Bits())
			guess[k] = r.Float() * d.unit(k, byRow)
			// Add 1 for the bits of the right-hand side below the window.
			worst = max(worst, (math.Abs(r.Float())+1)*d.unit(k, byRow))
		}
		// This is the bound of type side. The 2^-40 is for rounding here.
		now := math.Ldexp(worst/d.theta*d.aboveMax*(1+0x1p-40), f-at)
		stalled := now > bound/4
		if bound = now; now <= enough {
			break
		}
		if stalled {
			return nil, 0, canceled(ctx)
		}
		if err := s.guess(ctx, q, d, guess, byRow, enough/now*0x1p-10); err != nil {
			return nil, 0, err
		}
		up, ok := d.scale(guess, digit, wide, byRow)
		if !ok {
			return nil, 0, nil
		}
		for k := range rest {
			if k&0xff == 0xff {
				if err := canceled(ctx); err != nil {
					return nil, 0, err
				}
			}
			rest[k] = rest[k].Lsh(up).Add(window(rhs[k], f-at, up)).Sub(d.sys.apply(k, digit))
			x[k].Lsh(x[k], up)
			x[k].Add(x[k], t.SetInt64(digit[k]))
		}
		at += int(up)
	}
	for k := range x {
		down := at - f
		if !byRow {
			total := s.Holders(q.nodes[k]).BigTotal()
			x[k].Mul(x[k], total)
			down += total.BitLen()
		}
		if down > 0 {
			x[k].Rsh(x[k], uint(down))
		} else {
			x[k].Lsh(x[k], uint(-down))
		}
	}
	return x, bound, nil
}

// unit returns the factor that converts equation k's residual to that of I - A.
func (d *side) unit(k int, byRow bool) float64 {
	if byRow {
		return 1 / float64(d.sys.diag[k])
	}
	return math.Ldexp(1, -int(d.sys.top))
}

// scale multiplies a guess by a power of two and rounds it to integers. The power is as
// large as 128 bits allow for a residual of wide bits. scale returns its exponent. A digit is
// at most 2^room, and by column at most 2^(room+1), because each diagonal has top bits. So a
// sum of digits times coefficients is at most 2^(room+1+sum) <= 2^125.
func (d *side) scale(guess []float64, digit []int64, wide uint, byRow bool) (uint, bool) {
	largest := 0.0
	for _, g := range guess {
		largest = max(largest, math.Abs(g))
	}
	if math.IsNaN(largest) || math.IsInf(largest, 0) || wide > 120 {
		return 0, false
	}
	_, exp := math.Frexp(largest)
	room := min(53, 124-int(d.sys.sum))
	if largest == 0 {
		exp = 0
	}
	up := min(room-exp, 125-int(wide), 60)
	if up < 2 {
		return 0, false
	}
	for k, g := range guess {
		if !byRow {
			// Convert the guess x = T z to the unknown of the scaled system,
			// whose right-hand side has a factor of 2^top.
			g *= math.Ldexp(1, int(d.sys.top)) / float64(d.sys.diag[k])
		}
		digit[k] = int64(math.RoundToEven(math.Ldexp(g, up)))
	}
	return uint(up), true
}

// window returns bits of c. If up is 0, it returns all bits from bit low upwards. Otherwise
// it returns the up bits below bit low, with zeros below bit 0.
func window(c *big.Int, low int, up uint) fixed128.Int {
	if c == nil || c.Sign() == 0 {
		return fixed128.Int{}
	}
	var t big.Int
	if up == 0 {
		return fixed128.IntOf(t.Rsh(c, uint(low)))
	}
	if low <= 0 {
		return fixed128.Int{}
	}
	t.And(c, t.Sub(t.Lsh(one, uint(low)), one))
	if low >= int(up) {
		t.Rsh(&t, uint(low)-up)
	} else {
		t.Lsh(&t, up-uint(low))
	}
	return fixed128.IntOf(&t)
}
