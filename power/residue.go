package power

import (
	"context"
	"math/big"
	"math/bits"
)

// This file has arithmetic modulo primes below 2^63, whose residues are machine
// words, and the conversion of residues to whole numbers.

func addMod(a, b, p uint64) uint64 {
	if a += b; a >= p {
		a -= p
	}
	return a
}

func subMod(a, b, p uint64) uint64 {
	if a < b {
		a += p
	}
	return a - b
}

func mulMod(a, b, p uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return bits.Rem64(hi, lo, p)
}

func powMod(a, e, p uint64) uint64 {
	r := uint64(1)
	for a %= p; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = mulMod(r, a, p)
		}
		a = mulMod(a, a, p)
	}
	return r
}

// invMod returns the inverse of a modulo a prime.
func invMod(a, p uint64) uint64 { return powMod(a, p-2, p) }

// shoup prepares the multiplier r < p. With rs = floor(r 2^64 / p), a product
// modulo p needs three multiplications and no division (V. Shoup; the range
// analysis is that of Harvey, Faster arithmetic for number-theoretic
// transforms, arXiv 1205.2926).
func shoup(r, p uint64) uint64 {
	q, _ := bits.Div64(r, 0, p)
	return q
}

// mulShoup returns x r mod p, below 2p.
func mulShoup(x, r, rs, p uint64) uint64 {
	q, _ := bits.Mul64(x, rs)
	return x*r - q*p
}

// timesShoup returns x r mod p, below p.
func timesShoup(x, r, rs, p uint64) uint64 {
	t := mulShoup(x, r, rs, p)
	if t >= p {
		t -= p
	}
	return t
}

// primes returns the largest primes below 2^bitsEach whose product is at least
// 2^need. bitsEach is at most 63.
func primes(bitsEach, need int) []uint64 {
	var out []uint64
	product := big.NewInt(1)
	x := new(big.Int)
	for c := uint64(1)<<bitsEach - 1; product.BitLen() <= need; c -= 2 {
		if c%3 == 0 || c%5 == 0 || c%7 == 0 || c%11 == 0 || c%13 == 0 {
			continue
		}
		// Fermat's test fails for most others, and allocates nothing. The
		// Baillie-PSW test is exact below 2^64.
		if powMod(2, c-1, c) == 1 && x.SetUint64(c).ProbablyPrime(0) {
			out = append(out, c)
			product.Mul(product, x)
		}
	}
	return out
}

// recombiner finds the whole number with given residues that is below the
// product of the primes (Chinese remainder theorem).
type recombiner struct {
	primes  []uint64
	inverse []uint64   // by prime: the inverse of before, modulo the prime
	before  []*big.Int // by prime: the product of the primes before it
}

func newRecombiner(ps []uint64) *recombiner {
	c := &recombiner{primes: ps}
	product := big.NewInt(1)
	for _, p := range ps {
		c.before = append(c.before, new(big.Int).Set(product))
		c.inverse = append(c.inverse, invMod(remWord(product, p), p))
		product.Mul(product, new(big.Int).SetUint64(p))
	}
	return c
}

// whole returns the number that has the residue at(k) modulo prime k.
func (c *recombiner) whole(at func(k int) uint64) *big.Int {
	x, t := new(big.Int), new(big.Int)
	for k, p := range c.primes {
		d := mulMod(subMod(at(k), remWord(x, p), p), c.inverse[k], p)
		x.Add(x, t.Mul(t.SetUint64(d), c.before[k]))
	}
	return x
}

// remWord returns x mod p. x must not be negative.
func remWord(x *big.Int, p uint64) uint64 {
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

// functional returns the weights c for which the sum of c[j] x[j]^s is b[s],
// for every s below len(b) = len(x). They express the linear form b, on
// polynomials of that length, in the values at the distinct points x. It is
// Lagrange interpolation, in O(len(x)^2).
func functional(ctx context.Context, x, b []uint64, p uint64) ([]uint64, error) {
	n := len(x)
	master := make([]uint64, n+1) // product of (X - x[j])
	master[0] = 1
	for j, r := range x {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		for k := j + 1; k > 0; k-- {
			master[k] = subMod(master[k-1], mulMod(master[k], r, p), p)
		}
		master[0] = subMod(0, mulMod(master[0], r, p), p)
	}
	out := make([]uint64, n)
	for j, r := range x {
		if err := cancelled(ctx); err != nil {
			return nil, err
		}
		rs := shoup(r, p)
		var q, sum, slope uint64 // q: coefficients of master/(X-r), from the top
		for k := n - 1; k >= 0; k-- {
			q = addMod(master[k+1], timesShoup(q, r, rs, p), p)
			sum = addMod(sum, mulMod(q, b[k], p), p)
			slope = addMod(q, timesShoup(slope, r, rs, p), p)
		}
		out[j] = mulMod(sum, invMod(slope, p), p)
	}
	return out, nil
}

// lcmUpTo returns the least common multiple of 1..n.
func lcmUpTo(n int) *big.Int {
	out, t := big.NewInt(1), new(big.Int)
	sieve := make([]bool, n+1)
	for p := 2; p <= n; p++ {
		if sieve[p] {
			continue
		}
		for k := p * p; k <= n; k += p {
			sieve[k] = true
		}
		power := p
		for power <= n/p {
			power *= p
		}
		out.Mul(out, t.SetInt64(int64(power)))
	}
	return out
}

// orderings returns s!(n-1-s)!/n! modulo p for s from lo to hi. This is the
// share of the orderings of n players in which exactly s given others come
// before a given player.
func orderings(n, lo, hi int, p uint64) []uint64 {
	fact := make([]uint64, n+1)
	fact[0] = 1
	for i := 1; i <= n; i++ {
		fact[i] = mulMod(fact[i-1], uint64(i), p)
	}
	inv := invMod(fact[n], p)
	out := make([]uint64, 0, hi-lo+1)
	for s := lo; s <= hi; s++ {
		out = append(out, mulMod(mulMod(fact[s], fact[n-1-s], p), inv, p))
	}
	return out
}
