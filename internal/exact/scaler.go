package exact

import (
	"math/bits"

	"github.com/crossholding/crossholding/internal/fixed128"
)

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
func (s quickScaler) round(v fixed128.Value) (z uint64, ok bool) {
	h, p0 := bits.Mul64(v.Lo, s.power)
	p2, p1 := bits.Mul64(v.Hi, s.power)
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
	if p2>>(fixed128.Bits-65) != 0 {
		return 0, false
	}
	lo, hi := s.one(l2, l1, l0), s.one(p2, p1, p0)
	return lo, lo == hi
}

func (s quickScaler) one(w2, w1, w0 uint64) uint64 {
	const top = fixed128.Bits - 64
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
