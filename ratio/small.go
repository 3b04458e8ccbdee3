package ratio

import (
	"math"
	"math/bits"
)

// reduced is [Of] for a den above 0 and a num above [math.MinInt64].
func reduced(num, den int64) Ratio {
	if k := bits.Len64(uint64(den)) * 1233 >> 12; pow10[k] == den { // 1233/4096 is about log10(2)
		return reducedDecimal(num, k)
	}
	g := int64(gcd(magnitude(num), uint64(den)))
	return Ratio{num: num / g, den1: den/g - 1}
}

// reducedDecimal returns num/10^places in lowest terms. The only primes to divide by are 2 and 5.
func reducedDecimal(num int64, places int) Ratio {
	if num == 0 {
		return Ratio{}
	}
	twos := min(bits.TrailingZeros64(uint64(num)), places)
	num >>= twos
	fives := places
	for fives > 0 && num%5 == 0 {
		num, fives = num/5, fives-1
	}
	return Ratio{num: num, den1: pow10[fives]>>fives<<(places-twos) - 1}
}

func addSmall(r, s Ratio) (Ratio, bool) {
	rd, sd := r.den1+1, s.den1+1
	g := int64(gcd(uint64(rd), uint64(sd)))
	a, ok1 := mulInt(r.num, sd/g)
	b, ok2 := mulInt(s.num, rd/g)
	n, ok3 := addInt(a, b)
	d, ok4 := mulInt(rd/g, sd)
	if !(ok1 && ok2 && ok3 && ok4) {
		return Ratio{}, false
	}
	return reduced(n, d), true
}

func addInt(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0) && c != math.MinInt64
}

func mulInt(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// gcd returns the greatest common divisor. gcd(0, b) is b. One of a and b must be
// above 0.
//
// After one division, which makes the two alike in size, it only shifts and subtracts: that
// is faster than further divisions.
func gcd(a, b uint64) uint64 {
	a, b = max(a, b), min(a, b)
	if b == 0 {
		return a
	}
	if a %= b; a == 0 {
		return b
	}
	twos := bits.TrailingZeros64(a | b)
	a >>= bits.TrailingZeros64(a)
	for b != 0 {
		b >>= bits.TrailingZeros64(b)
		a, b = min(a, b), max(a, b)-min(a, b)
	}
	return a << twos
}
