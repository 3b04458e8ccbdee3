package power

import (
	"math/big"
	"math/bits"
)

// This file has whole numbers of a fixed number of words, the least significant
// word first. They are for the inner loops, where big.Int would allocate.

// mulWord multiplies x by w. The product must fit.
func mulWord(x []uint64, w uint64) {
	var carry uint64
	for i, v := range x {
		hi, lo := bits.Mul64(v, w)
		var c uint64
		x[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
}

// addTo adds y to x, which has the same length. The sum must fit.
func addTo(x, y []uint64) {
	var carry uint64
	for i, v := range y {
		x[i], carry = bits.Add64(x[i], v, carry)
	}
}

// subFrom sets x to y minus x. Both have the same length, and the difference
// must not be negative.
func subFrom(x, y []uint64) {
	var borrow uint64
	for i, v := range y {
		x[i], borrow = bits.Sub64(v, x[i], borrow)
	}
}

// mulTo sets out to x times y. The product must fit.
func mulTo(out, x, y []uint64) {
	clear(out)
	for i, v := range x {
		if v == 0 {
			continue
		}
		var carry uint64
		for j := 0; i+j < len(out); j++ {
			if j >= len(y) {
				out[i+j], carry = bits.Add64(out[i+j], carry, 0)
				continue
			}
			hi, lo := bits.Mul64(v, y[j])
			var c uint64
			lo, c = bits.Add64(lo, carry, 0)
			hi += c
			out[i+j], c = bits.Add64(out[i+j], lo, 0)
			carry = hi + c
		}
	}
}

// trim drops leading zero words.
func trim(x []uint64) []uint64 {
	for len(x) > 0 && x[len(x)-1] == 0 {
		x = x[:len(x)-1]
	}
	return x
}

// draws makes the terms binomial(m, c) z^(c) y^(m-c) of m draws, with plain or
// rising powers.
type draws struct {
	m, n        int
	ups, downs  []uint64 // z^(c) and y^(c) for c from 0 to m
	ways        []uint64 // binomial(m, c)
	out, factor []uint64
	tail        []uint64 // for sums of terms
}

func newDraws(m, n int) *draws {
	d := &draws{m: m, n: n, ups: make([]uint64, (m+1)*n), downs: make([]uint64, (m+1)*n)}
	d.ways, d.out, d.factor, d.tail = make([]uint64, m+1), make([]uint64, n), make([]uint64, n), make([]uint64, n)
	for c := range d.ways {
		d.ways[c] = new(big.Int).Binomial(int64(m), int64(c)).Uint64()
	}
	return d
}

func (d *draws) set(z, y, rise int64) {
	powers := func(out []uint64, x int64) {
		clear(out[:d.n])
		out[0] = 1
		for c := range d.m {
			next := out[(c+1)*d.n : (c+2)*d.n]
			copy(next, out[c*d.n:(c+1)*d.n])
			mulWord(next, uint64(x+int64(c)*rise))
		}
	}
	powers(d.ups, z)
	powers(d.downs, y)
}

// term returns the term c. The slice is valid until the next call.
func (d *draws) term(c int) []uint64 {
	copy(d.factor, d.ups[c*d.n:(c+1)*d.n])
	mulWord(d.factor, d.ways[c])
	down := d.downs[(d.m-c)*d.n : (d.m-c+1)*d.n]
	mulTo(d.out, trim(d.factor), trim(down))
	return d.out
}

// dot adds up products of counts and long numbers word by word, and carries
// only at the end. The counts must add up to less than 2^64.
type dot struct{ lo, hi []uint64 }

func newDots(count, n int) []dot {
	words := make([]uint64, 2*count*n)
	out := make([]dot, count)
	for i := range out {
		out[i] = dot{words[2*i*n : (2*i+1)*n], words[(2*i+1)*n : (2*i+2)*n]}
	}
	return out
}

func (d dot) add(c uint64, x []uint64) {
	lo, hi := d.lo[:len(x)], d.hi[:len(x)]
	for i, v := range x {
		h, l := bits.Mul64(c, v)
		var carry uint64
		lo[i], carry = bits.Add64(lo[i], l, 0)
		hi[i] += h + carry
	}
}

// inner returns the sum of the products of counts and words. The counts must
// add up to less than 2^64.
func inner(counts, words []uint64) (hi, lo uint64) {
	words = words[:len(counts)]
	for i, c := range counts {
		h, l := bits.Mul64(c, words[i])
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi += h + carry
	}
	return hi, lo
}

func (d dot) value() *big.Int {
	out, t := new(big.Int), new(big.Int)
	for i := len(d.lo) - 1; i >= 0; i-- {
		out.Lsh(out, 64)
		out.Add(out, t.SetUint64(d.lo[i]))
		out.Add(out, t.Lsh(t.SetUint64(d.hi[i]), 64))
	}
	return out
}
