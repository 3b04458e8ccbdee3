package value

import (
	"context"
	"iter"
	"math"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// evaluation is the positive and the negative terms of a polynomial at a discount, each with a
// relative error of at most within.
type evaluation struct {
	positive, negative *big.Float
	within             float64
}

// sign returns the sign of the value, or 0 if it is not certain.
func (e evaluation) sign() int {
	if e.within >= 1 {
		return 0
	}
	return certain(e.positive, e.negative, e.within)
}

// certain returns the sign of a-b, where each can be off by a fraction, or 0 if it is not
// certain.
func certain(a, b *big.Float, within float64) int {
	off := new(big.Float).SetPrec(64).SetMode(big.AwayFromZero).Add(a, b)
	off.Mul(off, big.NewFloat(within))
	diff := new(big.Float).SetPrec(a.Prec()+64).Sub(a, b)
	if new(big.Float).SetPrec(64).SetMode(big.ToZero).Abs(diff).Cmp(off) <= 0 {
		return 0
	}
	return diff.Sign()
}

// evaluate computes a polynomial at the discount w, which has a relative error of at most
// delta. Each product has an error of one unit of the last bit, and the error of w^d is d
// times that of w.
func (f *polynomial) evaluate(w *big.Float, prec uint, delta float64) evaluation {
	if prec <= wideBits {
		return f.evaluateWide(w, delta)
	}
	e := evaluation{new(big.Float).SetPrec(prec), new(big.Float).SetPrec(prec), f.errorOf(prec, delta)}
	for i, term := range f.terms(w, prec) {
		if f.signs[i] > 0 {
			e.positive.Add(e.positive, term)
		} else {
			e.negative.Add(e.negative, term)
		}
	}
	return e
}

// terms yields the sizes of the terms at the discount w, in one variable that changes.
func (f *polynomial) terms(w *big.Float, prec uint) iter.Seq2[int, *big.Float] {
	return func(yield func(int, *big.Float) bool) {
		p := powers{w: w, prec: prec, of: map[int]*big.Float{}}
		at, term := new(big.Float).SetPrec(prec).SetInt64(1), new(big.Float).SetPrec(prec)
		last := 0
		for i, c := range f.long(prec) {
			if gap := f.days[i] - last; gap > 0 {
				at.Mul(at, p.power(gap))
				last = f.days[i]
			}
			if !yield(i, term.Mul(at, c)) {
				return
			}
		}
	}
}

// evaluateWide is evaluate in numbers of 64 bits.
func (f *polynomial) evaluateWide(w *big.Float, delta float64) evaluation {
	p := widePowers{w: wideOf(w)}
	at, last := wideOne, 0
	var positive, negative wide
	for i, c := range f.sizes {
		if gap := f.days[i] - last; gap > 0 {
			at = at.mul(p.power(gap))
			last = f.days[i]
		}
		if term := at.mul(c); f.signs[i] > 0 {
			positive = positive.add(term)
		} else {
			negative = negative.add(term)
		}
	}
	return evaluation{positive.float(), negative.float(), f.errorOf(wideBits, delta)}
}

// errorOf returns the relative error of the terms of an evaluation.
func (f *polynomial) errorOf(prec uint, delta float64) float64 {
	units := float64(f.days[len(f.days)-1] + 3*len(f.days) + f.level + 64)
	return 2 * units * (delta + math.Ldexp(1, -int(prec)))
}

// powers computes powers of one number. Most gaps between payments occur often.
type powers struct {
	w    *big.Float
	prec uint
	of   map[int]*big.Float
}

func (p *powers) power(n int) *big.Float {
	if x, ok := p.of[n]; ok {
		return x
	}
	x := new(big.Float).SetPrec(p.prec)
	if n == 1 {
		x.Set(p.w)
	} else {
		half := p.power(n / 2)
		x.Mul(half, half)
		if n%2 == 1 {
			x.Mul(x, p.w)
		}
	}
	p.of[n] = x
	return x
}

// sign returns the sign of f at a discount, or 0 if it is not certain.
func (f *polynomial) sign(z float64) int {
	for _, prec := range []uint{wideBits, 2 * wideBits} {
		if s := f.evaluate(big.NewFloat(z), prec, 0).sign(); s != 0 {
			return s
		}
	}
	return 0
}

// awayFromZero reports whether f is certainly not 0 in a bracket: the positive terms and the
// negative ones each grow with the discount.
func (f *polynomial) awayFromZero(b bracket) bool {
	const prec = 2 * wideBits
	lo, hi := f.evaluate(big.NewFloat(b.lo), prec, 0), f.evaluate(big.NewFloat(b.hi), prec, 0)
	within := max(lo.within, hi.within)
	return within < 1 && (certain(lo.positive, hi.negative, within) > 0 || certain(hi.positive, lo.negative, within) < 0)
}

// maxBits is the highest precision of an evaluation that certifies a rate.
const maxBits = 2048

// signAt returns the sign of the value of the payments at a rate, and 0 if it is exactly 0. It
// fails with [ErrUndecided] if the sign is not certain at the highest precision.
func (f *polynomial) signAt(ctx context.Context, r ratio.Ratio) (int, error) {
	growth := one.Add(r)
	if growth.Sign() <= 0 {
		return int(f.signs[len(f.signs)-1]), nil // the limit for r to -1
	}
	for prec := uint(wideBits); prec <= maxBits; prec *= 2 {
		if err := stopped(ctx); err != nil {
			return 0, err
		}
		w, delta := dayDiscount(growth, prec)
		if s := f.evaluate(w, prec, delta).sign(); s != 0 {
			return s, nil
		}
		if prec == wideBits {
			if s, ok := f.exactSign(growth); ok {
				return s, nil
			}
		}
	}
	return 0, fail(ErrUndecided, "the payments at a rate of %s", r.Decimal(12))
}

// exactSign returns the sign at 1+r = growth if all payments are whole years apart, so that
// the value is a fraction.
func (f *polynomial) exactSign(growth ratio.Ratio) (int, bool) {
	const most = 500
	if len(f.days) > most {
		return 0, false
	}
	sum, discount, at := ratio.Ratio{}, inverse(growth), one
	last := 0
	for i, d := range f.days {
		if d%daysOfYear != 0 {
			return 0, false
		}
		for ; last < d; last += daysOfYear {
			at = at.Mul(discount)
		}
		sum = sum.Add(at.Mul(f.exact[i]))
	}
	return sum.Sign(), true
}

// dayDiscount returns growth^(-1/365), and a bound of its relative error. Newton's method
// gives the root, and what is left of growth·w^365 - 1 gives the bound.
func dayDiscount(growth ratio.Ratio, prec uint) (w *big.Float, delta float64) {
	more := prec + 32
	a := new(big.Float).SetPrec(more).SetRat(growth.Rat())
	mantissa := new(big.Float)
	exponent := a.MantExp(mantissa)
	m, _ := mantissa.Float64()
	guess := math.Exp(-(math.Log(m) + float64(exponent)*math.Ln2) / daysOfYear)
	w = new(big.Float).SetPrec(more).SetFloat64(guess)
	left := new(big.Float).SetPrec(more)
	rest := func() {
		p := powers{w: w, prec: more, of: map[int]*big.Float{}}
		left.Mul(a, p.power(daysOfYear))
		left.Sub(new(big.Float).SetPrec(more).SetInt64(1), left)
	}
	rest()
	for good := uint(40); good < prec; good *= 2 {
		step := new(big.Float).SetPrec(more).Mul(w, left)
		w.Add(w, step.Quo(step, new(big.Float).SetInt64(daysOfYear)))
		rest()
	}
	off, _ := left.Float64()
	return w, 1.01 * (math.Abs(off) + math.Ldexp(1024, -int(more))) / daysOfYear
}

// newton returns the step of Newton's method for the rate at 1+r = growth, whose discount of
// a day is w. It reports false if the slope is 0.
func (f *polynomial) newton(w *big.Float, growth ratio.Ratio, prec uint) (ratio.Ratio, bool) {
	sum, slope := new(big.Float).SetPrec(prec), new(big.Float).SetPrec(prec)
	for i, term := range f.terms(w, prec) {
		if f.signs[i] < 0 {
			term.Neg(term)
		}
		sum.Add(sum, term)
		slope.Add(slope, term.Mul(term, new(big.Float).SetInt64(int64(f.days[i]))))
	}
	if slope.Sign() == 0 {
		return ratio.Ratio{}, false
	}
	// The derivative of (1+r)^(-d/365) is -d/365·(1+r)^(-d/365)/(1+r).
	step, _ := sum.Quo(sum, slope).Rat(nil)
	return ratio.FromRat(step).Mul(ratio.Int(daysOfYear)).Mul(growth), true
}
