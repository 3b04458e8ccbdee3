package value

import (
	"context"
	"math"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// polynomial is the value of payments as a polynomial in the discount z of one day, which is
// above 0: the sum of coefs[i]·z^days[i]. The days ascend from 0.
//
// Let the coefficients change their sign between days p and q, and let α = (p+q)/2. The
// derivative of z^-α times the polynomial has the coefficients coefs[i]·(days[i]-α), times a
// power of z: one change of sign less. Between two of its roots the polynomial has at most one
// root (the proof of Descartes' rule by Rolle's theorem). So the roots of all polynomials in
// this row are found from the last one, which has no change of sign and no root.
type polynomial struct {
	days     []int
	signs    []int8
	sizes    []wide        // |coefs[i]|
	steer    []float64     // coefs[i], scaled
	level    int           // derivatives taken, plus 1
	exact    []ratio.Ratio // the coefficients of the first polynomial of a row; nil for the others
	parent   *polynomial   // of which this is the derivative
	alpha2   int           // 2·α of the derivative
	longSize []*big.Float  // |coefs[i]| with coefBits; made when it is needed
}

// coefBits is the precision of coefficients beyond that of wide.
const coefBits = 192

func newPolynomial(p payments) *polynomial {
	n := len(p.days)
	f := &polynomial{days: p.days, exact: p.amounts, level: 1, signs: make([]int8, n), sizes: make([]wide, n)}
	for i, c := range p.amounts {
		f.signs[i], f.sizes[i] = int8(c.Sign()), wideRatio(c)
	}
	f.scale()
	return f
}

// long returns the sizes of the coefficients with a precision of coefBits, or more for the
// first polynomial of a row.
func (f *polynomial) long(prec uint) []*big.Float {
	if f.longSize != nil && prec <= coefBits {
		return f.longSize
	}
	out := make([]*big.Float, len(f.days))
	if f.parent == nil {
		for i, r := range f.exact {
			out[i] = new(big.Float).SetPrec(max(prec, coefBits)).SetRat(size(r).Rat())
		}
	} else {
		for i, c := range f.parent.long(coefBits) {
			factor := new(big.Float).SetInt64(int64(2*f.days[i] - f.alpha2))
			out[i] = new(big.Float).SetPrec(coefBits).Mul(c, factor.Abs(factor))
		}
	}
	if prec <= coefBits {
		f.longSize = out
	}
	return out
}

// scale makes the coefficients that steer the search.
func (f *polynomial) scale() {
	most := math.MinInt
	for _, c := range f.sizes {
		most = max(most, c.e)
	}
	f.steer = make([]float64, len(f.sizes))
	for i, c := range f.sizes {
		f.steer[i] = float64(f.signs[i]) * math.Ldexp(float64(c.m), c.e-most-64)
	}
}

// firstChange returns the first i where coefficients i-1 and i have different signs, or 0.
func (f *polynomial) firstChange() int {
	for i := 1; i < len(f.signs); i++ {
		if f.signs[i-1] != f.signs[i] {
			return i
		}
	}
	return 0
}

func (f *polynomial) signChanges() int {
	n := 0
	for i := 1; i < len(f.signs); i++ {
		if f.signs[i-1] != f.signs[i] {
			n++
		}
	}
	return n
}

// derivative returns the next polynomial of the row.
func (f *polynomial) derivative() *polynomial {
	k := f.firstChange()
	alpha2 := f.days[k-1] + f.days[k]
	n := len(f.days)
	g := &polynomial{days: f.days, level: f.level + 1, parent: f, alpha2: alpha2, signs: make([]int8, n), sizes: make([]wide, n)}
	for i, c := range f.sizes {
		factor := 2*f.days[i] - alpha2
		g.signs[i], g.sizes[i] = f.signs[i], c.mul(wideInt(max(factor, -factor)))
		if factor < 0 {
			g.signs[i] = -g.signs[i]
		}
	}
	g.scale()
	return g
}

// bracket is an interval of discounts of a day that contains one root. An unsure one contains
// any number of roots that floats do not tell apart. Outside of all brackets there is no root.
type bracket struct {
	lo, hi float64
	unsure bool
}

// near returns the logarithms of the discounts of a day at which f is 0, ascending. They are
// near the roots, and their number is certain.
func (f *polynomial) near(ctx context.Context) ([]float64, error) {
	row := []*polynomial{f}
	for f.signChanges() > len(row) {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		row = append(row, row[len(row)-1].derivative())
	}
	var roots []bracket
	for k := len(row) - 1; k >= 0; k-- {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		var err error
		if roots, err = row[k].between(roots, k > 0); err != nil {
			return nil, err
		}
	}
	out := make([]float64, len(roots))
	for i, b := range roots {
		out[i] = math.Log(b.lo) + math.Log1p((b.hi-b.lo)/b.lo/2)
	}
	return out, nil
}

// between returns the roots of f, given those of its derivative. For exact, the signs of f at
// the ends of each bracket are certain, and brackets can be unsure. Otherwise a root is only
// located, and its number is certain: f must be away from 0 where its derivative can be 0.
func (f *polynomial) between(separators []bracket, exact bool) ([]bracket, error) {
	var roots []bracket
	left, sign := 0.0, int(f.signs[0])
	add := func(hi float64) error {
		b, err := f.find(left, hi, sign, exact)
		roots = append(roots, b)
		return err
	}
	for _, s := range separators {
		s, below, above := f.widen(s)
		switch {
		case below == 0 || above == 0 || s.lo <= left:
			return nil, f.undecided(s)
		case below != sign:
			if err := add(s.lo); err != nil {
				return nil, err
			}
		}
		if turned := below != above; turned || !f.awayFromZero(s) {
			s.unsure = s.unsure || !turned
			roots = append(roots, s)
		}
		if !exact && len(roots) > 0 && roots[len(roots)-1].unsure {
			return nil, f.undecided(s)
		}
		left, sign = s.hi, above
	}
	if int(f.signs[len(f.signs)-1]) != sign {
		if err := add(math.Inf(1)); err != nil {
			return nil, err
		}
	}
	return roots, nil
}

func (f *polynomial) undecided(b bracket) error {
	return fail(ErrUndecided, "two rates, or none, near %.6g", math.Expm1(-math.Log(b.lo)*daysOfYear))
}

// widen makes a bracket wide enough that the signs of f at its ends are certain, if it can.
func (f *polynomial) widen(b bracket) (wide bracket, below, above int) {
	const narrow, broad = 1e-15, 1e-6
	wide = b
	for width := narrow; width < broad; width *= 4 {
		if below = f.sign(wide.lo); below != 0 {
			break
		}
		wide.lo = b.lo * (1 - width)
	}
	for width := narrow; width < broad; width *= 4 {
		if above = f.sign(wide.hi); above != 0 {
			break
		}
		wide.hi = b.hi * (1 + width)
	}
	return wide, below, above
}

// find returns a bracket of the root between two discounts. At the first one f has the given
// sign, and at the second the other.
func (f *polynomial) find(lo, hi float64, sign int, exact bool) (bracket, error) {
	y, ok := f.locate(math.Log(lo), math.Log(hi), sign)
	if !ok {
		return bracket{}, fail(ErrUndecided, "a rate with |ln(1+r)| above %d", maxLogRate)
	}
	z := math.Exp(y)
	if !exact {
		return bracket{lo: z, hi: z}, nil
	}
	for width := 1e-15; width < 1e-3; width *= 8 {
		b := bracket{lo: max(z*(1-width), lo), hi: min(z*(1+width), hi)}
		if f.sign(b.lo) == sign && f.sign(b.hi) == -sign {
			return f.shrink(b, sign), nil
		}
	}
	return bracket{}, f.undecided(bracket{lo: z, hi: z})
}

// shrink halves a bracket as long as the sign in the middle is certain.
func (f *polynomial) shrink(b bracket, sign int) bracket {
	for b.hi/b.lo-1 > 1e-15 {
		middle := b.lo + (b.hi-b.lo)/2
		switch f.sign(middle) {
		case sign:
			b.lo = middle
		case -sign:
			b.hi = middle
		default:
			return b
		}
	}
	return b
}

// locate finds a root in floats, by Newton's method within an interval that shrinks. The ends
// are logarithms of discounts, and can be infinite.
func (f *polynomial) locate(lo, hi float64, sign int) (float64, bool) {
	const most = 1.1 * maxLogRate / daysOfYear
	step := 1 / float64(f.days[len(f.days)-1])
	from := 0.0
	if !math.IsInf(hi, 0) {
		from = hi
	} else if !math.IsInf(lo, 0) {
		from = lo
	}
	signAt := func(y float64) int {
		v, _ := f.steering(y)
		return int(math.Copysign(1, v))
	}
	for d := step; math.IsInf(lo, 0); d *= 2 {
		if from-d < -most {
			return 0, false
		}
		if signAt(from-d) == sign {
			lo = from - d
		}
	}
	for d := step; math.IsInf(hi, 0); d *= 2 {
		if from+d > most {
			return 0, false
		}
		if signAt(from+d) != sign {
			hi = from + d
		}
	}
	y, last := (lo+hi)/2, hi-lo
	for range 300 {
		v, slope := f.steering(y)
		if v == 0 {
			return y, true
		}
		if int(math.Copysign(1, v)) == sign {
			lo = y
		} else {
			hi = y
		}
		next := y - v/slope
		if !(next > lo && next < hi) || math.Abs(next-y) > last/2 {
			next = (lo + hi) / 2 // Newton's step leaves the interval, or is slow
		}
		last = math.Abs(next - y)
		if math.Abs(next-y) <= 1e-16*math.Abs(y) || next == lo || next == hi {
			return next, true
		}
		y = next
	}
	return y, true
}

// steering returns f at the discount e^y and its derivative by y, times one positive number,
// in floats.
func (f *polynomial) steering(y float64) (v, slope float64) {
	shift := max(0, y*float64(f.days[len(f.days)-1]))
	for i, c := range f.steer {
		d := float64(f.days[i])
		t := c * math.Exp(d*y-shift)
		v += t
		slope += d * t
	}
	return v, slope
}
