package exact

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/padic"
)

// modular returns the inverse of B modulo the largest prime of a length that divides no
// leading minor of B. Such a prime exists, because the minors of an M-matrix are above 0
// and have finitely many prime factors.
func (s *Solver) modular(ctx context.Context, q *part, y *system) (*padic.Inverse, error) {
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	length := padic.LongBits
	// A digit of a long prime times the coefficients of an equation must fit: here the sum of
	// these is below 2^66 by row and by column.
	if y.top+uint(bits.Len(uint(len(y.diag)))) > 65 {
		length = padic.ShortBits
	}
	for p := int64(1)<<length - 1; q.mod == nil; p -= 2 {
		if !big.NewInt(p).ProbablyPrime(0) { // exact below 2^64
			continue
		}
		m, err := padic.Invert(ctx, y.modulo(uint64(p)), len(y.diag), uint64(p))
		if err != nil {
			return nil, err
		}
		q.mod = m
	}
	return q.mod, nil
}

// modulo returns B by rows, modulo p.
func (y *system) modulo(p uint64) []uint64 {
	n := len(y.diag)
	b := make([]uint64, n*n)
	for k := range n {
		b[k*n+k] = uint64(y.diag[k]) % p
		for e := y.start[k]; e < y.start[k+1]; e++ {
			x := &b[int(y.index[e])*n+k]
			*x = (*x + p - uint64(y.coef[e])%p) % p
		}
	}
	return b
}
