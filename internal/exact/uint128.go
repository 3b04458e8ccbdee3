package exact

import (
	"math/big"
	"math/bits"
)

// uint128 is a fixed-point number of 0 or more, in units of 2^-quickBits.
type uint128 struct{ hi, lo uint64 }

// quickBits is the number of binary places of a [quick] row. Its values are below 2^20, so
// they need at most 120 of 128 bits.
const quickBits = 100

// quickOne is 1.
var quickOne = uint128{1 << (quickBits - 64), 0}

// whole returns the smallest whole number above v. It is above every number that was rounded
// down to v, too.
func (v uint128) whole() uint64 { return v.hi>>(quickBits-64) + 1 }

// uint192 is a sum of values times units.
type uint192 struct{ w2, w1, w0 uint64 }

// addMul adds v times u. It cannot overflow: each v is below 2^120, and the units of one
// column, with those of the seed, add up to less than 2^63.
func (a *uint192) addMul(v uint128, u uint64) {
	h0, l0 := bits.Mul64(v.lo, u)
	h1, l1 := bits.Mul64(v.hi, u)
	var c uint64
	h0, c = bits.Add64(h0, l1, 0)
	h1 += c
	a.w0, c = bits.Add64(a.w0, l0, 0)
	a.w1, c = bits.Add64(a.w1, h0, c)
	a.w2 += h1 + c
}

// quo returns the quotient by d, rounded down. ok is false if the quotient does not fit.
func (a uint192) quo(d uint64) (q uint128, ok bool) {
	if a.w2 >= d {
		return q, false
	}
	var r uint64
	q.hi, r = bits.Div64(a.w2, a.w1, d)
	q.lo, _ = bits.Div64(r, a.w0, d)
	return q, true
}

func (a uint192) big() *big.Int {
	z := new(big.Int).SetUint64(a.w2)
	z.Lsh(z, 64).Add(z, new(big.Int).SetUint64(a.w1))
	return z.Lsh(z, 64).Add(z, new(big.Int).SetUint64(a.w0))
}

// toUint128 converts z. It converts a negative z to 0. ok is false if z is 2^120 or more.
func toUint128(z *big.Int) (uint128, bool) {
	if z.Sign() <= 0 {
		return uint128{}, true
	}
	if z.BitLen() > 120 {
		return uint128{}, false
	}
	a := toInt128(z)
	return uint128{uint64(a.hi), a.lo}, true
}

// put sets z to v.
func (v uint128) put(z *big.Int) {
	z.SetUint64(v.hi)
	z.Lsh(z, 64)
	var low big.Int
	z.Add(z, low.SetUint64(v.lo))
}

func (v uint128) big() *big.Int {
	z := new(big.Int)
	v.put(z)
	return z
}

// mulAdd adds a*b to the 256-bit sum.
func mulAdd(sum *[4]uint64, a, b uint128) {
	h00, l00 := bits.Mul64(a.lo, b.lo)
	h01, l01 := bits.Mul64(a.lo, b.hi)
	h10, l10 := bits.Mul64(a.hi, b.lo)
	h11, l11 := bits.Mul64(a.hi, b.hi)
	var c, d uint64
	h00, c = bits.Add64(h00, l01, 0)
	h01, d = bits.Add64(h01, h10, c)
	h11 += d
	h00, c = bits.Add64(h00, l10, 0)
	h01, c = bits.Add64(h01, l11, c)
	h11 += c
	sum[0], c = bits.Add64(sum[0], l00, 0)
	sum[1], c = bits.Add64(sum[1], h00, c)
	sum[2], c = bits.Add64(sum[2], h01, c)
	sum[3] += h11 + c
}

// quickScaler rounds values of a [quick] row to decimals.
type quickScaler struct {
	power  uint64
	mode   Rounding
	e1, e0 uint64 // the error times power
}

// newQuickScaler returns a scaler for values with an error of at most off. The power is below
// 2^60, so the error times power fits in 124 bits, and a value below 2^120 times power fits in
// 180 bits.
func newQuickScaler(q *query, off uint64) quickScaler {
	s := quickScaler{power: 1, mode: q.mode}
	for range q.places {
		s.power *= 10
	}
	s.e1, s.e0 = bits.Mul64(off, s.power)
	return s
}

// round returns the coefficient to which v rounds. ok is false if the error of v leaves more
// than one coefficient possible, or if the coefficient does not fit. It is the method of
// [scaler.round].
func (s quickScaler) round(v uint128) (z uint64, ok bool) {
	h, p0 := bits.Mul64(v.lo, s.power)
	p2, p1 := bits.Mul64(v.hi, s.power)
	var c uint64
	p1, c = bits.Add64(p1, h, 0)
	p2 += c
	l0, b := bits.Sub64(p0, s.e0, 0)
	l1, b := bits.Sub64(p1, s.e1, b)
	l2, b := bits.Sub64(p2, 0, b)
	if b != 0 {
		l0, l1, l2 = 0, 0, 0
	}
	p0, c = bits.Add64(p0, s.e0, 0)
	p1, c = bits.Add64(p1, s.e1, c)
	p2 += c
	if p2>>(quickBits-65) != 0 {
		return 0, false
	}
	lo, hi := s.one(l2, l1, l0), s.one(p2, p1, p0)
	return lo, lo == hi
}

func (s quickScaler) one(w2, w1, w0 uint64) uint64 {
	const top = quickBits - 64
	z, frac := w2<<(64-top)|w1>>top, w1&(1<<top-1)
	const half = 1 << (top - 1)
	switch s.mode {
	case HalfEven:
		if frac > half || frac == half && (w0 > 0 || z&1 == 1) {
			z++
		}
	case HalfUp:
		if frac >= half {
			z++
		}
	case Up:
		if frac|w0 > 0 {
			z++
		}
	}
	return z
}
