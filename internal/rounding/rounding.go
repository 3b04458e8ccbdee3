// Package rounding rounds figures that are known within bounds to decimals, if all figures within
// the bounds round to the same.
package rounding

import "math/big"

// Mode says how an exact value is rounded to a decimal. The zero value rounds to the
// nearest decimal, and a tie to the even digit.
type Mode uint8

// These are the ways to round. Values are never below 0. With Down and Up, a value that is
// itself a decimal, such as a direct stake of 25%, is decided by its exact fraction. This
// is slow if there are many such values.
const (
	HalfEven Mode = iota
	Down
	Up
	HalfUp // rounds to the nearest decimal, and a tie up
)

// Valid reports whether m is one of the ways to round.
func (m Mode) Valid() bool { return m <= HalfUp }

// Long rounds fixed-point intervals of any length to decimals. [NewLong] makes it. It is for one
// goroutine at a time.
type Long struct {
	power     *big.Int
	mode      Mode
	lo, hi, t big.Int
}

var one, ten = big.NewInt(1), big.NewInt(10)

// NewLong returns a rounder to decimals of the given places.
func NewLong(places int, mode Mode) *Long {
	return &Long{power: new(big.Int).Exp(ten, big.NewInt(int64(places)), nil), mode: mode}
}

// Round returns the coefficient to which every number within off of v rounds, in units of
// 2^-f. It returns nil if there is no single such coefficient. Numbers below 0 count as 0.
// Rounding keeps the order of numbers, so the two ends decide for all numbers between.
func (r *Long) Round(v, off *big.Int, f int) *big.Int {
	r.lo.Sub(v, off)
	r.hi.Add(v, off)
	if r.lo.Sign() < 0 {
		r.lo.SetInt64(0)
	}
	lo, hi := r.one(&r.lo, f), r.one(&r.hi, f)
	if lo.Cmp(hi) != 0 {
		return nil
	}
	return lo
}

func (r *Long) one(v *big.Int, f int) *big.Int {
	r.t.Mul(v, r.power)
	z := new(big.Int).Rsh(&r.t, uint(f))
	up := false
	switch half := r.t.Bit(f-1) == 1; r.mode {
	case HalfEven:
		up = half && (z.Bit(0) == 1 || r.t.TrailingZeroBits() < uint(f-1))
	case HalfUp:
		up = half
	case Up:
		up = r.t.Sign() > 0 && r.t.TrailingZeroBits() < uint(f)
	}
	if up {
		z.Add(z, one)
	}
	return z
}

// Rat rounds an exact value.
func (r *Long) Rat(v *big.Rat) *big.Int {
	z, den := new(big.Int).Mul(v.Num(), r.power), v.Denom()
	rem := new(big.Int)
	z.QuoRem(z, den, rem)
	up := false
	switch r.mode {
	case HalfEven:
		c := rem.Lsh(rem, 1).Cmp(den)
		up = c > 0 || c == 0 && z.Bit(0) == 1
	case HalfUp:
		up = rem.Lsh(rem, 1).Cmp(den) >= 0
	case Up:
		up = rem.Sign() > 0
	}
	if up {
		z.Add(z, one)
	}
	return z
}
