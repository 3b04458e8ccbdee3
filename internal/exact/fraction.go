package exact

import "math/big"

// frac is a fraction num/den with den above 0, not always in lowest terms. The zero value
// is 0. Both integers are shared and never changed, so equal pointers show equal
// denominators.
type frac struct{ num, den *big.Int }

func (f frac) zero() bool { return f.num == nil || f.num.Sign() == 0 }

func (f frac) rat() *big.Rat {
	if f.zero() {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(f.num, f.den)
}

// reduceBits is the size above which fractions are reduced between steps. Below it the
// common divisor costs more time than it saves.
const reduceBits = 512

func (f frac) reduced() frac {
	if f.num == nil || f.den.BitLen() < reduceBits {
		return f
	}
	g := new(big.Int).GCD(nil, nil, f.num, f.den)
	if g.BitLen() <= 1 {
		return f
	}
	return frac{new(big.Int).Quo(f.num, g), new(big.Int).Quo(f.den, g)}
}

// lowest is rat for a fraction that reduceEach has reduced. It spares the common divisor
// of a long fraction.
func (f frac) lowest() *big.Rat {
	if f.zero() || f.den.BitLen() < reduceBits {
		return f.rat()
	}
	r := big.NewRat(1, 2)
	r.Num().Set(f.num)
	r.Denom().Set(f.den)
	return r
}

// reduceEach reduces long fractions to lowest terms.
func reduceEach(fs []frac) {
	g := sharedDivisor(fs)
	for i, f := range fs {
		switch {
		case g == nil:
			fs[i] = f.reduced()
		case f.num != nil:
			rest := new(big.Int).Rem(f.num, g)
			if rest.GCD(nil, nil, rest.Abs(rest), g); !rest.IsInt64() || rest.Int64() != 1 {
				fs[i] = frac{new(big.Int).Quo(f.num, rest), new(big.Int).Quo(f.den, rest)}
			}
		}
	}
}

// sharedDivisor returns a multiple of the common divisor of every numerator with the
// denominator that they share: the common divisor of the product of the numerators with
// the denominator. It is short as a rule. sharedDivisor returns nil if the fractions are
// few or short, or share no denominator.
func sharedDivisor(fs []frac) *big.Int {
	const few = 8
	if len(fs) < few {
		return nil
	}
	var den *big.Int
	product, t := big.NewInt(1), new(big.Int)
	for _, f := range fs {
		if f.num == nil {
			continue
		}
		if den == nil {
			den = f.den
		}
		if f.den != den || den.BitLen() < reduceBits {
			return nil
		}
		t.Mul(product, f.num)
		product.Rem(t, den)
	}
	if den == nil {
		return nil
	}
	return product.GCD(nil, nil, product.Abs(product), den)
}

// reduceTogether reduces fractions that share a denominator and keeps one denominator for
// them. It reduces other fractions one by one.
func reduceTogether(fs []frac) {
	var den *big.Int
	for _, f := range fs {
		if f.num == nil {
			continue
		}
		if den != nil && f.den != den {
			reduceEach(fs)
			return
		}
		den = f.den
	}
	if den == nil || den.BitLen() < reduceBits {
		return
	}
	g := new(big.Int).Set(den)
	for _, f := range fs {
		if f.num == nil {
			continue
		}
		if g.GCD(nil, nil, g, f.num); g.BitLen() <= 1 {
			return
		}
	}
	den = new(big.Int).Quo(den, g)
	for i, f := range fs {
		if f.num != nil {
			fs[i] = frac{new(big.Int).Quo(f.num, g), den}
		}
	}
}

var one = big.NewInt(1)

// sum adds up multiples of fractions. Its zero value is 0.
type sum struct {
	num, t big.Int
	den    *big.Int // nil for 0
}

func (a *sum) reset() { a.den = nil }

// add adds f times u. It does not keep or change u.
func (a *sum) add(f frac, u *big.Int) {
	if f.zero() || u.Sign() == 0 {
		return
	}
	switch {
	case a.den == nil:
		a.den = f.den
		a.num.Mul(f.num, u)
		return
	case a.den == f.den || a.den.Cmp(f.den) == 0:
		a.num.Add(&a.num, a.t.Mul(f.num, u))
		return
	}
	var g, mine, its big.Int
	g.GCD(nil, nil, a.den, f.den)
	mine.Quo(f.den, &g)
	its.Quo(a.den, &g)
	a.num.Mul(&a.num, &mine)
	a.t.Mul(f.num, u)
	a.num.Add(&a.num, a.t.Mul(&a.t, &its))
	a.den = mine.Mul(&mine, a.den)
}

// final returns the sum as a fraction that uses the sum's memory. The caller must not add
// to the sum afterwards.
func (a *sum) final() frac {
	if a.den == nil || a.num.Sign() == 0 {
		return frac{}
	}
	return frac{&a.num, a.den}
}

// rat returns the sum so far.
func (a *sum) rat() *big.Rat {
	if a.den == nil {
		return new(big.Rat)
	}
	return new(big.Rat).SetFrac(&a.num, a.den)
}

// common returns fractions with one common denominator: num[i]/den.
func common(fs []frac) (num []*big.Int, den *big.Int) {
	num = make([]*big.Int, len(fs))
	for _, f := range fs {
		switch {
		case f.zero() || den == f.den:
		case den == nil:
			den = f.den
		case den.Cmp(f.den) != 0:
			g := new(big.Int).GCD(nil, nil, den, f.den)
			den = g.Mul(den, g.Quo(f.den, g))
		}
	}
	for i, f := range fs {
		switch {
		case f.zero():
		case f.den == den || f.den.Cmp(den) == 0:
			num[i] = f.num
		default:
			q := new(big.Int).Quo(den, f.den)
			num[i] = q.Mul(q, f.num)
		}
	}
	return num, den
}
