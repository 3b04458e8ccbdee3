package power

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/residue"
)

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
		fact[i] = residue.Mul(fact[i-1], uint64(i), p)
	}
	inv := residue.Inverse(fact[n], p)
	out := make([]uint64, 0, hi-lo+1)
	for s := lo; s <= hi; s++ {
		out = append(out, residue.Mul(residue.Mul(fact[s], fact[n-1-s], p), inv, p))
	}
	return out
}

// functional is [residue.Functional] with the context of a question about power.
func functional(ctx context.Context, x, b []uint64, p uint64) ([]uint64, error) {
	weights, err := residue.Functional(progress.OrBackground(ctx), x, b, p)
	if err != nil {
		return nil, cancelled(ctx)
	}
	return weights, nil
}
