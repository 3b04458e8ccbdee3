package gen

import (
	"math/bits"
	"math/rand/v2"
)

// million is the denominator of all fractions in this package.
const million = 1_000_000

// source draws integers from a seeded PCG. It uses no floating-point numbers, so every
// processor makes the same network. It has no useful zero value and is not safe for
// concurrent use.
type source struct{ pcg *rand.PCG }

func newSource(seed uint64) source {
	return source{rand.NewPCG(seed, 0x63726f7373686f6c)}
}

// below returns a number from 0 to n-1. n must be positive. The bias is below n / 2^64.
func (s source) below(n int) int { return int(s.below64(int64(n))) }

func (s source) below64(n int64) int64 {
	high, _ := bits.Mul64(s.pcg.Uint64(), uint64(n))
	return int64(high)
}

// from returns a number from low to high.
func (s source) from(low, high int) int { return low + s.below(high-low+1) }

// percent returns true with probability p/100.
func (s source) percent(p int) bool { return s.below(100) < p }

// heavy returns a number from 0 to n-1, low numbers more often. It is n u^power for a
// uniform u from 0 to 1, so the r-th number has a probability proportional to
// r^(1/power - 1). The number of draws of each has a power tail, with exponent 2.5 for
// power 3 and 3 for power 2.
func (s source) heavy(n, power int) int {
	u := s.pcg.Uint64()
	product := u
	for range power - 1 {
		product, _ = bits.Mul64(product, u)
	}
	high, _ := bits.Mul64(product, uint64(n))
	return int(high)
}

// shuffle puts list in random order.
func (s source) shuffle(list []int32) {
	for i := len(list) - 1; i > 0; i-- {
		j := s.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// ofMillion returns parts millionths of shares, rounded down.
func ofMillion(shares int64, parts int) int64 {
	high, low := bits.Mul64(uint64(shares), uint64(parts))
	quotient, _ := bits.Div64(high, low, million)
	return int64(quotient)
}

// uneven returns a random number of shares with exponent+1 digits.
func (s source) uneven(exponent int) int64 {
	p := power10(exponent)
	return p + s.below64(9*p)
}

// power10 returns 10 to the exponent, from 0 to 18.
func power10(exponent int) int64 {
	p := int64(1)
	for range exponent {
		p *= 10
	}
	return p
}
