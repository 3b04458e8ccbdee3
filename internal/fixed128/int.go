package fixed128

import (
	"math"
	"math/big"
	"math/bits"
)

// Int is a signed integer in two's complement.
type Int struct {
	Hi int64
	Lo uint64
}

// Add returns a + b, modulo 2^128.
func (a Int) Add(b Int) Int {
	lo, c := bits.Add64(a.Lo, b.Lo, 0)
	hi, _ := bits.Add64(uint64(a.Hi), uint64(b.Hi), c)
	return Int{int64(hi), lo}
}

// Lsh returns a times 2^n, modulo 2^128.
func (a Int) Lsh(n uint) Int {
	if n >= 64 {
		return Int{int64(a.Lo << (n - 64)), 0}
	}
	return Int{a.Hi<<n | int64(a.Lo>>(64-n)), a.Lo << n}
}

// Bits returns a number n such that |a| is at most 2^n. It is at most one more than the bits of
// |a|.
func (a Int) Bits() uint {
	if a.Hi < 0 {
		a.Hi, a.Lo = ^a.Hi, ^a.Lo
	}
	if a.Hi != 0 {
		return 64 + uint(bits.Len64(uint64(a.Hi)))
	}
	if a.Lo == 1<<64-1 {
		return 65
	}
	return uint(bits.Len64(a.Lo + 1))
}

// Float returns the value with a relative error of at most 2^-51.
func (a Int) Float() float64 {
	if a.Hi == int64(a.Lo)>>63 {
		return float64(int64(a.Lo))
	}
	return float64(a.Hi)*0x1p64 + float64(a.Lo)
}

// IntOf converts z, which must be below 2^127 in absolute value.
func IntOf(z *big.Int) Int {
	var t, low big.Int
	low.And(t.Abs(z), mask64)
	a := Int{int64(t.Rsh(&t, 64).Uint64()), low.Uint64()}
	if z.Sign() < 0 {
		return Int{}.Sub(a)
	}
	return a
}

var mask64 = new(big.Int).SetUint64(1<<64 - 1)

// Sub returns a - b, modulo 2^128.
func (a Int) Sub(b Int) Int {
	lo, c := bits.Sub64(a.Lo, b.Lo, 0)
	hi, _ := bits.Sub64(uint64(a.Hi), uint64(b.Hi), c)
	return Int{int64(hi), lo}
}

// Big puts the value into z and returns z.
func (a Int) Big(z *big.Int) *big.Int {
	z.SetInt64(a.Hi)
	z.Lsh(z, 64)
	return z.Add(z, new(big.Int).SetUint64(a.Lo))
}

// Mod returns the value modulo p, from 0 to p-1.
func (a Int) Mod(p uint64) uint64 {
	neg := a.Hi < 0
	if neg {
		a = Int{}.Sub(a)
	}
	_, r := bits.Div64(uint64(a.Hi)%p, a.Lo, p)
	if neg && r != 0 {
		r = p - r
	}
	return r
}

// QuoExact returns the value divided by p. The value must be a multiple of p.
func (a Int) QuoExact(p uint64) Int {
	neg := a.Hi < 0
	if neg {
		a = Int{}.Sub(a)
	}
	hi := uint64(a.Hi) / p
	lo, _ := bits.Div64(uint64(a.Hi)%p, a.Lo, p)
	a = Int{int64(hi), lo}
	if neg {
		a = Int{}.Sub(a)
	}
	return a
}

// IntOfFloat converts f, which must be below 2^126 in absolute value, to the nearest integer.
func IntOfFloat(f float64) Int {
	m, exp := math.Frexp(f)
	if exp <= 53 {
		return wide(int64(math.RoundToEven(f)))
	}
	return wide(int64(math.Ldexp(m, 53))).Lsh(uint(exp - 53))
}

func wide(x int64) Int { return Int{x >> 63, uint64(x)} }

// Value returns a, or 0 if a is negative.
func (a Int) Value() Value {
	if a.Hi < 0 {
		return Value{}
	}
	return Value{uint64(a.Hi), a.Lo}
}

// Mul returns x*c for c of 0 or more as a 128-bit integer.
func Mul(x, c int64) (hi, lo uint64) {
	hi, lo = bits.Mul64(uint64(x), uint64(c))
	return hi - uint64(x>>63)&uint64(c), lo
}
