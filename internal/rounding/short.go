package rounding

import (
	"math/bits"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// ShortPlaces is the largest number of decimal places for which fixed128.Bits leaves room for
// errors.
const ShortPlaces = 18

// Short rounds values with an error to decimals of at most [ShortPlaces]. [NewShort] makes it.
type Short struct {
	power  uint64
	mode   Mode
	e1, e0 uint64 // the error times power

	// Nearly all values are decided by these alone, see Round.
	half, up       uint64 // half a decimal in the second word of three, and 1 if whole decimals count up
	above1, above0 uint64 // the error times power, and 1
	width1, width0 uint64 // the rest of a decimal without the error at both ends
}

// NewShort returns a rounder of values with an error of at most off.
func NewShort(places int, mode Mode, off uint64) Short {
	s := Short{power: 1, mode: mode}
	for range places {
		s.power *= 10
	}
	switch mode {
	case HalfEven, HalfUp:
		s.half = 1 << (top - 1)
	case Up:
		s.up = 1
	}
	s.Allow(off)
	return s
}

// top is the number of bits of a fraction in the second word of a product.
const top = fixed128.Bits - 64

// Allow makes s a rounder of values with an error of at most off. The power is below 2^60, so the
// error times power fits in 124 bits, and a value below 2^120 times power fits in 180 bits.
func (s *Short) Allow(off uint64) {
	var b uint64
	s.e1, s.e0 = bits.Mul64(off, s.power)
	s.above0, b = bits.Add64(s.e0, 1, 0)
	s.above1 = s.e1 + b
	s.width1, s.width0 = 0, 0
	if s.e1>>(top-2) == 0 {
		s.width0, b = bits.Sub64(0, s.e0<<1|1, 0)
		s.width1, _ = bits.Sub64(1<<top, s.e1<<1|s.e0>>63, b)
	}
}

// One returns the coefficient of 1.
func (s Short) One() uint64 { return s.power }

// Round returns the coefficient to which v rounds. ok is false if the error of v leaves more
// than one coefficient possible, or if the coefficient does not fit.
//
// Let t be v times power, and half a decimal more where the nearest decimal is asked for. If the
// part of t below a whole decimal is above the error and below a decimal minus the error, all
// numbers within the error lie strictly between the same two numbers where the result changes. So
// the whole part decides. That is one comparison: the part minus the error minus 1 must be below a
// decimal minus twice the error minus 1. Otherwise, the two ends decide as in [Long.Round].
func (s *Short) Round(v fixed128.Value) (z uint64, ok bool) {
	h, p0 := bits.Mul64(v.Lo, s.power)
	p2, p1 := bits.Mul64(v.Hi, s.power)
	var c uint64
	p1, c = bits.Add64(p1, h, 0)
	p2 += c
	t1, c := bits.Add64(p1, s.half, 0)
	t2 := p2 + c
	f0, b := bits.Sub64(p0, s.above0, 0)
	f1, _ := bits.Sub64(t1&(1<<top-1), s.above1, b)
	_, b = bits.Sub64(f0, s.width0, 0)
	if _, b = bits.Sub64(f1, s.width1, b); b != 0 && t2>>(top-1) == 0 {
		return t2<<(64-top) | t1>>top + s.up, true
	}
	return s.ends(p2, p1, p0)
}

// ends rounds the two ends of the interval around a product.
func (s *Short) ends(p2, p1, p0 uint64) (z uint64, ok bool) {
	var c uint64
	l0, b := bits.Sub64(p0, s.e0, 0)
	l1, b := bits.Sub64(p1, s.e1, b)
	l2, b := bits.Sub64(p2, 0, b)
	if b != 0 {
		l0, l1, l2 = 0, 0, 0
	}
	p0, c = bits.Add64(p0, s.e0, 0)
	p1, c = bits.Add64(p1, s.e1, c)
	p2 += c
	if p2>>(top-1) != 0 {
		return 0, false
	}
	lo, hi := s.one(l2, l1, l0), s.one(p2, p1, p0)
	return lo, lo == hi
}

func (s *Short) one(w2, w1, w0 uint64) uint64 {
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
