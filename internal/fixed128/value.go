// Package fixed128 has the arithmetic of numbers that fit in 128 bits: fixed-point numbers of 0
// or more, sums of their multiples, and signed integers.
package fixed128

import (
	"math"
	"math/big"
	"math/bits"
)

// Value is a fixed-point number of 0 or more, in units of 2^-Bits.
type Value struct{ Hi, Lo uint64 }

// Bits is the number of binary places of a [Value]. Values that are below 2^20 need at most 120
// of 128 bits.
const Bits = 100

// One is 1.
var One = Value{1 << (Bits - 64), 0}

// Whole returns the smallest whole number above v. It is above every number that was rounded
// down to v, too.
func (v Value) Whole() uint64 { return v.Hi>>(Bits-64) + 1 }

// Sum is a sum of values times units.
type Sum struct{ W2, W1, W0 uint64 } // the most significant word first

// AddMul adds v times u. The sum must stay below 2^192. It does if each v is below 2^128
// and all u add up to less than 2^64.
func (a *Sum) AddMul(v Value, u uint64) {
	h0, l0 := bits.Mul64(v.Lo, u)
	h1, l1 := bits.Mul64(v.Hi, u)
	var c uint64
	h0, c = bits.Add64(h0, l1, 0)
	h1 += c
	a.W0, c = bits.Add64(a.W0, l0, 0)
	a.W1, c = bits.Add64(a.W1, h0, c)
	a.W2 += h1 + c
}

// Quo returns the quotient by d, rounded down. ok is false if the quotient does not fit.
func (a Sum) Quo(d uint64) (q Value, ok bool) {
	if a.W2 >= d {
		return q, false
	}
	var r uint64
	q.Hi, r = bits.Div64(a.W2, a.W1, d)
	q.Lo, _ = bits.Div64(r, a.W0, d)
	return q, true
}

// Rsh returns the sum divided by 2^n, rounded down, for n from 1 to 63. The result must be below
// 2^128.
func (a Sum) Rsh(n uint) Value {
	return Value{a.W2<<(64-n) | a.W1>>n, a.W1<<(64-n) | a.W0>>n}
}

// Big returns the sum as an integer.
func (a Sum) Big() *big.Int {
	z := new(big.Int).SetUint64(a.W2)
	z.Lsh(z, 64).Add(z, new(big.Int).SetUint64(a.W1))
	return z.Lsh(z, 64).Add(z, new(big.Int).SetUint64(a.W0))
}

// ValueOf converts z. It converts a negative z to 0. ok is false if z is 2^120 or more.
func ValueOf(z *big.Int) (Value, bool) {
	if z.Sign() <= 0 {
		return Value{}, true
	}
	if z.BitLen() > 120 {
		return Value{}, false
	}
	a := IntOf(z)
	return Value{uint64(a.Hi), a.Lo}, true
}

// Put sets z to v.
func (v Value) Put(z *big.Int) {
	z.SetUint64(v.Hi)
	z.Lsh(z, 64)
	var low big.Int
	z.Add(z, low.SetUint64(v.Lo))
}

// Big returns v in units of 2^-Bits.
func (v Value) Big() *big.Int {
	z := new(big.Int)
	v.Put(z)
	return z
}

// MulAdd adds a*b to the 256-bit sum.
func MulAdd(sum *[4]uint64, a, b Value) {
	h00, l00 := bits.Mul64(a.Lo, b.Lo)
	h01, l01 := bits.Mul64(a.Lo, b.Hi)
	h10, l10 := bits.Mul64(a.Hi, b.Lo)
	h11, l11 := bits.Mul64(a.Hi, b.Hi)
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

// Product returns a sum of [MulAdd] as a value, rounded down. The sum must be below 2^228.
func Product(sum *[4]uint64) Value {
	return Value{
		Hi: sum[3]<<(128-Bits) | sum[2]>>(Bits-64),
		Lo: sum[2]<<(128-Bits) | sum[1]>>(Bits-64),
	}
}

// Times returns v times the fraction u/d, rounded down. u must not be above d.
func (v Value) Times(u, d uint64) Value {
	var product Sum
	product.AddMul(v, u)
	x, _ := product.Quo(d) // at most v
	return x
}

// Above returns a number above v and above every number that was rounded down to v.
func (v Value) Above() float64 {
	return math.Ldexp(float64(v.Hi)*0x1p64+float64(v.Lo)+1, -Bits) * (1 + 0x1p-40)
}

// Int returns v, which must be below 2^127 units, as an integer of units.
func (v Value) Int() Int { return Int{int64(v.Hi), v.Lo} }

// Fits reports whether v is below 2^20.
func (v Value) Fits() bool { return v.Hi>>(Bits+20-64) == 0 }

// Add adds x to v. It returns false if the sum does not fit in 128 bits.
func (v *Value) Add(x Value) bool {
	var carry uint64
	v.Lo, carry = bits.Add64(v.Lo, x.Lo, 0)
	v.Hi, carry = bits.Add64(v.Hi, x.Hi, carry)
	return carry == 0
}

// LessOne returns v minus 1, but at least 0.
func (v Value) LessOne() Value {
	if v.Hi < One.Hi {
		return Value{}
	}
	v.Hi -= One.Hi
	return v
}
