// Package limbs has whole numbers of a fixed number of words, the least significant word first. They
// are for inner loops, where big.Int would allocate.
package limbs

import (
	"encoding/binary"
	"math/big"
	"math/bits"
)

// MulWord multiplies x by w. The product must fit.
func MulWord(x []uint64, w uint64) {
	var carry uint64
	for i, v := range x {
		hi, lo := bits.Mul64(v, w)
		var c uint64
		x[i], c = bits.Add64(lo, carry, 0)
		carry = hi + c
	}
}

// AddTo adds y to x, which has the same length. The sum must fit.
func AddTo(x, y []uint64) {
	var carry uint64
	for i, v := range y {
		x[i], carry = bits.Add64(x[i], v, carry)
	}
}

// SubFrom sets x to y minus x. Both have the same length, and the difference
// must not be negative.
func SubFrom(x, y []uint64) {
	var borrow uint64
	for i, v := range y {
		x[i], borrow = bits.Sub64(v, x[i], borrow)
	}
}

// TakeFrom subtracts y from x, which has the same length. The difference must not be
// negative.
func TakeFrom(x, y []uint64) {
	var borrow uint64
	for i, v := range y {
		x[i], borrow = bits.Sub64(x[i], v, borrow)
	}
}

// MulTo sets out to x times y. out must have room for the words of both.
func MulTo(out, x, y []uint64) {
	clear(out)
	for i, v := range x {
		var carry uint64
		row := out[i : i+len(y)]
		for j, w := range y {
			hi, lo := bits.Mul64(v, w)
			var c uint64
			lo, c = bits.Add64(lo, carry, 0)
			hi += c
			row[j], c = bits.Add64(row[j], lo, 0)
			carry = hi + c
		}
		out[i+len(y)] = carry
	}
}

// Powers lists the powers x^(c) for c from 0 to m, plain or rising.
type Powers struct {
	n     int // words of each
	words []uint64
	live  []int // the number of words of each that can be nonzero
}

// NewPowers returns room for the powers to m, of n words each.
func NewPowers(m, n int) Powers {
	return Powers{n: n, words: make([]uint64, (m+1)*n), live: make([]int, m+1)}
}

// Set calculates the powers of x up to x^(m). They must fit.
func (p Powers) Set(x, rise int64, m int) {
	p.words[0], p.live[0] = 1, 1
	for c := range m {
		n := p.live[c]
		next, w := p.words[(c+1)*p.n:], uint64(x+int64(c)*rise)
		var carry uint64
		for i, v := range p.At(c) {
			hi, lo := bits.Mul64(v, w)
			var over uint64
			next[i], over = bits.Add64(lo, carry, 0)
			carry = hi + over
		}
		if carry != 0 {
			next[n] = carry
			n++
		}
		p.live[c+1] = n
	}
}

// At returns the live words of x^(c).
func (p Powers) At(c int) []uint64 { return p.words[c*p.n : c*p.n+p.live[c]] }

// Dot adds up products of counts and long numbers word by word, and carries
// only at the end. The counts must add up to less than 2^64.
type Dot struct{ Lo, Hi []uint64 }

// NewDots returns sums of 0, for numbers of n words.
func NewDots(count, n int) []Dot {
	words := make([]uint64, 2*count*n)
	out := make([]Dot, count)
	for i := range out {
		out[i] = Dot{words[2*i*n : (2*i+1)*n], words[(2*i+1)*n : (2*i+2)*n]}
	}
	return out
}

// Add adds c times x.
func (d Dot) Add(c uint64, x []uint64) {
	lo, hi := d.Lo[:len(x)], d.Hi[:len(x)]
	for i, v := range x {
		h, l := bits.Mul64(c, v)
		var carry uint64
		lo[i], carry = bits.Add64(lo[i], l, 0)
		hi[i] += h + carry
	}
}

// Value returns the sum.
func (d Dot) Value() *big.Int {
	n := len(d.Lo)
	out := make([]byte, 8*(n+1))
	var high, carry uint64
	for i := range n + 1 {
		var low uint64
		if i < n {
			low = d.Lo[i]
		}
		x, c := bits.Add64(low, high, 0)
		x, over := bits.Add64(x, carry, 0)
		carry = c + over
		binary.BigEndian.PutUint64(out[8*(n-i):], x)
		if i < n {
			high = d.Hi[i]
		}
	}
	return new(big.Int).SetBytes(out)
}

// Inner returns the sum of the products of counts and words. The counts must
// add up to less than 2^64. There can be more words than counts.
func Inner(counts, words []uint64) (hi, lo uint64) {
	words = words[:len(counts)]
	for i, c := range counts {
		h, l := bits.Mul64(c, words[i])
		var carry uint64
		lo, carry = bits.Add64(lo, l, 0)
		hi += h + carry
	}
	return hi, lo
}

// InnerNarrow is Inner for counts that add up to less than 2^32. It adds up the
// products with both halves of the words, which then need no carry.
func InnerNarrow(counts, words []uint64) (hi, lo uint64) {
	var low, high uint64
	words = words[:len(counts)]
	for i, c := range counts {
		low += c * (words[i] & (1<<32 - 1))
		high += c * (words[i] >> 32)
	}
	return JoinHalves(low, high)
}

// JoinHalves returns low + 2^32 high.
func JoinHalves(low, high uint64) (hi, lo uint64) {
	lo, carry := bits.Add64(low, high<<32, 0)
	return high>>32 + carry, lo
}
