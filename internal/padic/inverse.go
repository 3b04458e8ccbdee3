package padic

import (
	"context"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/residue"
)

// Inverse is the inverse of a square matrix modulo a prime. It is immutable.
type Inverse struct {
	prime uint64
	rows  []uint64 // its entries by rows, below the prime
}

// LongBits and ShortBits are lengths of primes. Primes of LongBits let 2^10 products of residues
// fit in 128 bits.
const (
	LongBits     = 59
	ShortBits    = 31
	mostProducts = 1 << 10
)

// multiplier is a factor f below p, with what [residue.Shoup] prepares for it.
type multiplier struct{ f, quo, p uint64 }

func newMultiplier(f, p uint64) multiplier { return multiplier{f, residue.Shoup(f, p), p} }

// Invert returns the inverse of a matrix of n rows with entries below p, a prime below 2^LongBits. It
// takes the matrix over. It returns nil if p divides a leading minor. The error is the cause of
// ctx.
func Invert(ctx context.Context, matrix []uint64, n int, p uint64) (*Inverse, error) {
	b := matrix // its entries are below 2p on the way
	stage := progress.Start(ctx, "factors", n, reportEvery)
	for r := range n {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		stage.At(r)
		row := b[r*n : r*n+n]
		if row[r]%p == 0 {
			return nil, nil
		}
		f := newMultiplier(residue.Inverse(row[r]%p, p), p)
		row[r] = 1
		for j, x := range row {
			row[j] = residue.MulLazy(x, f.f, f.quo, p)
		}
		for i := range n {
			if i == r {
				continue
			}
			to := b[i*n : i*n+n]
			g := to[r] % p
			to[r] = 0
			if g != 0 {
				newMultiplier(p-g, p).addTo(to, row)
			}
		}
	}
	for k, x := range b {
		b[k] = x % p
	}
	stage.End()
	return &Inverse{p, b}, nil
}

// addTo adds multiples of the words of row to entries below 2p.
func (m multiplier) addTo(to, row []uint64) {
	row = row[:len(to)]
	p2 := 2 * m.p
	for j, x := range row {
		v := to[j] + residue.MulLazy(x, m.f, m.quo, m.p)
		if v >= p2 {
			v -= p2
		}
		to[j] = v
	}
}

// Prime returns the prime.
func (m *Inverse) Prime() uint64 { return m.prime }

// Times sets x to r times the inverse (by row) or to the inverse times r (by column), modulo the
// prime. All have as many entries as the matrix has rows, and acc twice as many, for sums.
func (m *Inverse) Times(r []uint64, x []int64, acc []uint64, byRow bool) {
	n := len(r)
	if !byRow {
		for i := range n {
			row := m.rows[i*n : i*n+n]
			var sum uint64
			for from := 0; from < n; from += mostProducts {
				to := min(n, from+mostProducts)
				hi, lo := dotWords(row[from:to], r[from:to])
				lo, c := bits.Add64(lo, sum, 0)
				sum = bits.Rem64(hi+c, lo, m.prime)
			}
			x[i] = int64(sum)
		}
		return
	}
	lo, hi := acc[:n], acc[n:2*n]
	clear(acc)
	for i, f := range r {
		if i > 0 && i%(mostProducts-1) == 0 { // with what is left, as many products as fit
			for k := range lo {
				lo[k], hi[k] = bits.Rem64(hi[k], lo[k], m.prime), 0
			}
		}
		addProducts(hi, lo, m.rows[i*n:i*n+n], f)
	}
	for k := range n {
		x[k] = int64(bits.Rem64(hi[k], lo[k], m.prime))
	}
}

// dotWords returns the sum of the products.
func dotWords(a, b []uint64) (hi, lo uint64) {
	b = b[:len(a)]
	for k, v := range a {
		h, l := bits.Mul64(v, b[k])
		var c uint64
		lo, c = bits.Add64(lo, l, 0)
		hi, _ = bits.Add64(hi, h, c)
	}
	return hi, lo
}

// addProducts adds f times each word.
func addProducts(hi, lo, words []uint64, f uint64) {
	hi, lo = hi[:len(words)], lo[:len(words)]
	for k, v := range words {
		h, l := bits.Mul64(v, f)
		var c uint64
		lo[k], c = bits.Add64(lo[k], l, 0)
		hi[k], _ = bits.Add64(hi[k], h, c)
	}
}
