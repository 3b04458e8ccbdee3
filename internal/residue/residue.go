// Package residue has arithmetic modulo primes below 2^63, whose residues are machine words, and
// the conversion of residues to whole numbers.
package residue

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
)

// Add returns a + b modulo p.
func Add(a, b, p uint64) uint64 {
	if a += b; a >= p {
		a -= p
	}
	return a
}

// Sub returns a - b modulo p.
func Sub(a, b, p uint64) uint64 {
	if a < b {
		a += p
	}
	return a - b
}

// Mul returns a b modulo p.
func Mul(a, b, p uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, p)
}

// Pow returns a^e modulo p.
func Pow(a, e, p uint64) uint64 {
	r := uint64(1)
	for a %= p; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = Mul(r, a, p)
		}
		a = Mul(a, a, p)
	}
	return r
}

// Inverse returns the inverse of a modulo a prime.
func Inverse(a, p uint64) uint64 { return Pow(a, p-2, p) }

// Shoup prepares the multiplier r < p. With rs = floor(r 2^64 / p), a product
// modulo p needs three multiplications and no division (V. Shoup; the range
// analysis is that of Harvey, Faster arithmetic for number-theoretic
// transforms, arXiv 1205.2926).
func Shoup(r, p uint64) uint64 {
	q, _ := bits.Div64(r, 0, p)
	return q
}

// MulLazy returns x r mod p, below 2p.
func MulLazy(x, r, rs, p uint64) uint64 {
	q, _ := bits.Mul64(x, rs)
	return x*r - q*p
}

// MulShoup returns x r mod p, below p.
func MulShoup(x, r, rs, p uint64) uint64 {
	t := MulLazy(x, r, rs, p)
	if t >= p {
		t -= p
	}
	return t
}

// Primes returns the largest primes below 2^bitsEach whose product is at least
// 2^need. bitsEach is at most 63.
func Primes(bitsEach, need int) []uint64 {
	var out []uint64
	product := big.NewInt(1)
	x := new(big.Int)
	for c := uint64(1)<<bitsEach - 1; product.BitLen() <= need; c -= 2 {
		if c%3 == 0 || c%5 == 0 || c%7 == 0 || c%11 == 0 || c%13 == 0 {
			continue
		}
		// Fermat's test fails for most others, and allocates nothing. The
		// Baillie-PSW test is exact below 2^64.
		if Pow(2, c-1, c) == 1 && x.SetUint64(c).ProbablyPrime(0) {
			out = append(out, c)
			product.Mul(product, x)
		}
	}
	return out
}

// Recombiner finds the whole number with given residues that is below the
// product of the primes (Chinese remainder theorem).
type Recombiner struct {
	primes  []uint64
	inverse []uint64   // by prime: the inverse of before, modulo the prime
	before  []*big.Int // by prime: the product of the primes before it
}

// NewRecombiner returns a recombiner for residues modulo some primes.
func NewRecombiner(ps []uint64) *Recombiner {
	c := &Recombiner{primes: ps}
	product := big.NewInt(1)
	for _, p := range ps {
		c.before = append(c.before, new(big.Int).Set(product))
		c.inverse = append(c.inverse, Inverse(Rem(product, p), p))
		product.Mul(product, new(big.Int).SetUint64(p))
	}
	return c
}

// Whole returns the number that has the residue at(k) modulo prime k.
func (c *Recombiner) Whole(at func(k int) uint64) *big.Int {
	x, t := new(big.Int), new(big.Int)
	for k, p := range c.primes {
		d := Mul(Sub(at(k), Rem(x, p), p), c.inverse[k], p)
		x.Add(x, t.Mul(t.SetUint64(d), c.before[k]))
	}
	return x
}

// Rem returns x mod p. x must not be negative.
func Rem(x *big.Int, p uint64) uint64 {
	var r uint64
	words := x.Bits()
	for i := len(words) - 1; i >= 0; i-- {
		if bits.UintSize == 64 {
			r = bits.Rem64(r, uint64(words[i]), p)
			continue
		}
		r = bits.Rem64(r>>32, r<<32|uint64(words[i]), p)
	}
	return r
}

// Functional returns the weights c for which the sum of c[j] x[j]^s is b[s],
// for every s below len(b) = len(x). They express the linear form b, on
// polynomials of that length, in the values at the distinct points x. It is
// Lagrange interpolation, in O(len(x)^2).
func Functional(ctx context.Context, x, b []uint64, p uint64) ([]uint64, error) {
	n := len(x)
	master := make([]uint64, n+1) // product of (X - x[j])
	master[0] = 1
	for j, r := range x {
		if err := progress.Stopped(ctx, "stopped"); err != nil {
			return nil, err
		}
		for k := j + 1; k > 0; k-- {
			master[k] = Sub(master[k-1], Mul(master[k], r, p), p)
		}
		master[0] = Sub(0, Mul(master[0], r, p), p)
	}
	out := make([]uint64, n)
	for j, r := range x {
		if err := progress.Stopped(ctx, "stopped"); err != nil {
			return nil, err
		}
		rs := Shoup(r, p)
		var q, sum, slope uint64 // q: coefficients of master/(X-r), from the top
		for k := n - 1; k >= 0; k-- {
			q = Add(master[k+1], MulShoup(q, r, rs, p), p)
			sum = Add(sum, Mul(q, b[k], p), p)
			slope = Add(q, MulShoup(slope, r, rs, p), p)
		}
		out[j] = Mul(sum, Inverse(slope, p), p)
	}
	return out, nil
}
