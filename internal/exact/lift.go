package exact

import (
	"context"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/padic"
	"github.com/crossholding/crossholding/internal/progress"
)

// lift solves the part's system exactly by p-adic lifting (Dixon 1982). Each step gives one
// digit of the solution in base p and an exact residual. The steps end when only one vector
// of rational numbers fits the digits. The solution is vals/det, which is not always in
// lowest terms.
func (s *Solver) lift(ctx context.Context, q *part, num []*big.Int, byRow bool) ([]big.Int, *big.Int, error) {
	y, err := s.system(ctx, q, byRow, false)
	if err != nil {
		return nil, nil, err
	}
	cols := y
	if !byRow {
		if cols, err = s.system(ctx, q, true, false); err != nil {
			return nil, nil, err
		}
	}
	m, err := s.modular(ctx, q, cols)
	if err != nil {
		return nil, nil, err
	}
	// By row, the numerator of solution k over det B is the sum of c_i
	// adj(i,k). Row i of adj is a multiple of row i of V, and V(i,k) <=
	// V(i,i). So adj(i,k) <= adj(i,i), which is the determinant of a smaller
	// part and so below 2^denBits. By column it is the sum of adj(k,i) c_i,
	// and adj(k,i) <= adj(k,k).
	denBits := s.bits(q.nodes)
	numBits := denBits + bits.Len(uint(len(num)))
	widest := 0
	for _, c := range num {
		if c != nil {
			widest = max(widest, c.BitLen())
		}
	}
	numBits += widest
	steps := (numBits+denBits+2)/(bits.Len64(m.Prime())-1) + 1 // so p^steps > 2^(numBits+denBits+2)
	digits, err := padicDigits(ctx, m, y, num, widest, steps, byRow)
	if err != nil {
		return nil, nil, err
	}
	modulus := new(big.Int).Exp(new(big.Int).SetUint64(m.Prime()), big.NewInt(int64(steps)), nil)
	return padic.Fractions(ctx, digits, m.Prime(), modulus, numBits, denBits)
}

// padicDigits returns the base p digits of each unknown, lowest first. A sum of digits times
// coefficients is below 2^(digit+sum), if digits have so many bits. It always fits in 128
// bits: coefficients are below 2^62 and an equation has fewer than 2^31 entries, so sum is
// at most 93 with short digits and at most 66 with long ones. A residual of at most 120 bits
// minus such a sum fits too, and the division by p makes it small again.
func padicDigits(ctx context.Context, m *padic.Inverse, y *system, num []*big.Int, widest, steps int, byRow bool) ([][]uint64, error) {
	n := len(num)
	var (
		x     = make([]int64, n)
		rest  = make([]uint64, n)
		acc   = make([]uint64, 2*n)
		out   = make([][]uint64, n)
		digit = uint(bits.Len64(m.Prime()))
		small = make([]fixed128.Int, n)
		large []*big.Int // used instead of small while the residual is wide
		p     = new(big.Int).SetUint64(m.Prime())
		t     big.Int
	)
	if widest > 120 || y.sum+digit+1 > 126 {
		large = make([]*big.Int, n)
	}
	for k, c := range num {
		out[k] = make([]uint64, 0, steps)
		switch {
		case large != nil && c != nil:
			large[k] = new(big.Int).Set(c)
		case large != nil:
			large[k] = new(big.Int)
		case c != nil:
			small[k] = fixed128.IntOf(c)
		}
	}
	stage := progress.Start(ctx, "digits", steps, reportEverySlow)
	for step := range steps {
		if err := canceled(ctx); err != nil {
			return nil, err
		}
		stage.At(step)
		for k := range n {
			if large != nil {
				rest[k] = t.Mod(large[k], p).Uint64()
			} else {
				rest[k] = small[k].Mod(m.Prime())
			}
		}
		m.Times(rest, x, acc, byRow)
		widest = 0
		for k := range n {
			out[k] = append(out[k], uint64(x[k]))
			by := y.apply(k, x)
			if large != nil {
				large[k].Sub(large[k], by.Big(&t))
				large[k].Quo(large[k], p)
				widest = max(widest, large[k].BitLen())
				continue
			}
			small[k] = small[k].Sub(by).QuoExact(m.Prime())
		}
		if large != nil && widest <= 120 && y.sum+digit+1 <= 126 {
			for k := range n {
				small[k] = fixed128.IntOf(large[k])
			}
			large = nil
		}
	}
	stage.End()
	return out, nil
}
