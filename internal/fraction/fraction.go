// Package fraction adds and reduces long fractions of whole numbers.
package fraction

import "math/big"

// Fraction is a fraction Num/Den with Den above 0, not always in lowest terms. The zero value
// is 0, and so is Num 0. Both integers are shared and never changed, so equal pointers show equal
// denominators.
type Fraction struct{ Num, Den *big.Int }

// Zero reports whether f is 0.
func (f Fraction) Zero() bool { return f.Num == nil || f.Num.Sign() == 0 }

// Rat returns f as a new number.
func (f Fraction) Rat() *big.Rat {
	if f.Zero() {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(f.Num, f.Den)
}

// reduceBits is the size above which fractions are reduced between steps. Below it the
// common divisor costs more time than it saves.
const reduceBits = 512

// Reduced returns f in lowest terms if it is long.
func (f Fraction) Reduced() Fraction {
	if f.Num == nil || f.Den.BitLen() < reduceBits {
		return f
	}
	g := new(big.Int).GCD(nil, nil, f.Num, f.Den)
	if g.BitLen() <= 1 {
		return f
	}
	return Fraction{new(big.Int).Quo(f.Num, g), new(big.Int).Quo(f.Den, g)}
}

// Lowest is Rat for a fraction that [ReduceEach] has reduced. It spares the common divisor
// of a long fraction.
func (f Fraction) Lowest() *big.Rat {
	if f.Zero() || f.Den.BitLen() < reduceBits {
		return f.Rat()
	}
	r := big.NewRat(1, 2)
	r.Num().Set(f.Num)
	r.Denom().Set(f.Den)
	return r
}

// ReduceEach reduces long fractions to lowest terms.
func ReduceEach(fs []Fraction) {
	g := sharedDivisor(fs)
	for i, f := range fs {
		switch {
		case g == nil:
			fs[i] = f.Reduced()
		case f.Num != nil:
			rest := new(big.Int).Rem(f.Num, g)
			if rest.GCD(nil, nil, rest.Abs(rest), g); !rest.IsInt64() || rest.Int64() != 1 {
				fs[i] = Fraction{new(big.Int).Quo(f.Num, rest), new(big.Int).Quo(f.Den, rest)}
			}
		}
	}
}

// sharedDivisor returns a multiple of the common divisor of every numerator with the
// denominator that they share: the common divisor of the product of the numerators with
// the denominator. It is short as a rule. sharedDivisor returns nil if the fractions are
// few or short, or share no denominator.
func sharedDivisor(fs []Fraction) *big.Int {
	const few = 8
	if len(fs) < few {
		return nil
	}
	var den *big.Int
	product, t := big.NewInt(1), new(big.Int)
	for _, f := range fs {
		if f.Num == nil {
			continue
		}
		if den == nil {
			den = f.Den
		}
		if f.Den != den || den.BitLen() < reduceBits {
			return nil
		}
		t.Mul(product, f.Num)
		product.Rem(t, den)
	}
	if den == nil {
		return nil
	}
	return product.GCD(nil, nil, product.Abs(product), den)
}

// ReduceTogether reduces fractions that share a denominator and keeps one denominator for
// them. It reduces other fractions one by one.
func ReduceTogether(fs []Fraction) {
	var den *big.Int
	for _, f := range fs {
		if f.Num == nil {
			continue
		}
		if den != nil && f.Den != den {
			ReduceEach(fs)
			return
		}
		den = f.Den
	}
	if den == nil || den.BitLen() < reduceBits {
		return
	}
	g := new(big.Int).Set(den)
	for _, f := range fs {
		if f.Num == nil {
			continue
		}
		if g.GCD(nil, nil, g, f.Num); g.BitLen() <= 1 {
			return
		}
	}
	den = new(big.Int).Quo(den, g)
	for i, f := range fs {
		if f.Num != nil {
			fs[i] = Fraction{new(big.Int).Quo(f.Num, g), den}
		}
	}
}

var one = big.NewInt(1)

// Whole returns 1. Its integers are the same at each call.
func Whole() Fraction { return Fraction{one, one} }

// Sum adds up multiples of fractions. Its zero value is 0.
type Sum struct {
	num, t big.Int
	den    *big.Int // nil for 0
}

// Reset makes the sum 0.
func (a *Sum) Reset() { a.den = nil }

// None reports whether nothing but zeros was added.
func (a *Sum) None() bool { return a.den == nil }

// Add adds f times u. It does not keep or change u.
func (a *Sum) Add(f Fraction, u *big.Int) {
	if f.Zero() || u.Sign() == 0 {
		return
	}
	switch {
	case a.den == nil:
		a.den = f.Den
		a.num.Mul(f.Num, u)
		return
	case a.den == f.Den || a.den.Cmp(f.Den) == 0:
		a.num.Add(&a.num, a.t.Mul(f.Num, u))
		return
	}
	var g, mine, its big.Int
	g.GCD(nil, nil, a.den, f.Den)
	mine.Quo(f.Den, &g)
	its.Quo(a.den, &g)
	a.num.Mul(&a.num, &mine)
	a.t.Mul(f.Num, u)
	a.num.Add(&a.num, a.t.Mul(&a.t, &its))
	a.den = mine.Mul(&mine, a.den)
}

// Final returns the sum as a fraction that uses the sum's memory. The caller must not add
// to the sum afterwards.
func (a *Sum) Final() Fraction {
	if a.den == nil || a.num.Sign() == 0 {
		return Fraction{}
	}
	return Fraction{&a.num, a.den}
}

// Rat returns the sum so far.
func (a *Sum) Rat() *big.Rat {
	if a.den == nil {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(&a.num, a.den)
}

// Common returns fractions with one common denominator: num[i]/den.
func Common(fs []Fraction) (num []*big.Int, den *big.Int) {
	num = make([]*big.Int, len(fs))
	for _, f := range fs {
		switch {
		case f.Zero() || den == f.Den:
		case den == nil:
			den = f.Den
		case den.Cmp(f.Den) != 0:
			g := new(big.Int).GCD(nil, nil, den, f.Den)
			den = g.Mul(den, g.Quo(f.Den, g))
		}
	}
	for i, f := range fs {
		switch {
		case f.Zero():
		case f.Den == den || f.Den.Cmp(den) == 0:
			num[i] = f.Num
		default:
			q := new(big.Int).Quo(den, f.Den)
			num[i] = q.Mul(q, f.Num)
		}
	}
	return num, den
}
