package exact

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/progress"
)

// modular is the inverse of B modulo a prime, by rows. Its entries are below p.
type modular struct {
	p   uint64
	inv []uint64
}

// Primes are below 2^59, so that 2^10 products of residues fit in 128 bits, or below 2^31
// if a digit of 59 bits times the coefficients of an equation might not fit.
const (
	longDigit, shortDigit = 59, 31
	mostProducts          = 1 << 10
)

// multiplier is a factor f below p with floor(f 2^64 / p), after V. Shoup.
type multiplier struct{ f, quo, p uint64 }

func newMultiplier(f, p uint64) multiplier {
	q, _ := bits.Div64(f, 0, p)
	return multiplier{f, q, p}
}

// times returns the product with any word modulo p, below 2p.
func (m multiplier) times(x uint64) uint64 {
	q, _ := bits.Mul64(x, m.quo)
	return x*m.f - q*m.p
}

// invMod returns a^(p-2), by squaring.
func invMod(a, p uint64) uint64 {
	times := func(a, b uint64) uint64 {
		hi, lo := bits.Mul64(a, b)
		return bits.Rem64(hi, lo, p)
	}
	r := uint64(1)
	for e := p - 2; e > 0; e >>= 1 {
		if e&1 == 1 {
			r = times(r, a)
		}
		a = times(a, a)
	}
	return r
}

// modular returns the inverse of B modulo the largest prime of a length that divides no
// leading minor of B. Such a prime exists, because the minors of an M-matrix are above 0
// and have finitely many prime factors.
func (s *Solver) modular(ctx context.Context, q *part, y *system) (*modular, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	length := longDigit
	// Here the sum of the coefficients of an equation is below 2^66 by row and by column.
	if y.top+uint(bits.Len(uint(len(y.diag)))) > 65 {
		length = shortDigit
	}
	for p := int64(1)<<length - 1; q.mod == nil; p -= 2 {
		if !big.NewInt(p).ProbablyPrime(0) { // exact below 2^64
			continue
		}
		m, err := invert(ctx, y, uint64(p))
		if err != nil {
			return nil, err
		}
		q.mod = m
	}
	return q.mod, nil
}

// invert inverts B, given by its columns, modulo p. It returns nil if a pivot is 0. Entries
// are below 2p on the way.
func invert(ctx context.Context, y *system, p uint64) (*modular, error) {
	n := len(y.diag)
	m := &modular{p: p, inv: make([]uint64, n*n)}
	b := m.inv
	for k := range n {
		b[k*n+k] = uint64(y.diag[k]) % p
		for e := y.start[k]; e < y.start[k+1]; e++ {
			x := &b[int(y.index[e])*n+k]
			*x = (*x + p - uint64(y.coef[e])%p) % p
		}
	}
	stage := progress.Start(ctx, "factors", n, reportEverySlow)
	for r := range n {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(r)
		row := b[r*n : r*n+n]
		if row[r]%p == 0 {
			return nil, nil
		}
		f := newMultiplier(invMod(row[r]%p, p), p)
		row[r] = 1
		for j, x := range row {
			row[j] = f.times(x)
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
	return m, nil
}

// addTo adds multiples of the words of row to entries below 2p.
func (m multiplier) addTo(to, row []uint64) {
	row = row[:len(to)]
	p2 := 2 * m.p
	for j, x := range row {
		q, _ := bits.Mul64(x, m.quo)
		v := to[j] + x*m.f - q*m.p
		if v >= p2 {
			v -= p2
		}
		to[j] = v
	}
}

// times sets x to r inv (by row) or to inv r (by column), modulo p.
func (m *modular) times(r []uint64, x []int64, acc []uint64, byRow bool) {
	n := len(r)
	if !byRow {
		for i := range n {
			row := m.inv[i*n : i*n+n]
			var sum uint64
			for from := 0; from < n; from += mostProducts {
				to := min(n, from+mostProducts)
				hi, lo := dotWords(row[from:to], r[from:to])
				lo, c := bits.Add64(lo, sum, 0)
				sum = bits.Rem64(hi+c, lo, m.p)
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
				lo[k], hi[k] = bits.Rem64(hi[k], lo[k], m.p), 0
			}
		}
		addProducts(hi, lo, m.inv[i*n:i*n+n], f)
	}
	for k := range n {
		x[k] = int64(bits.Rem64(hi[k], lo[k], m.p))
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
