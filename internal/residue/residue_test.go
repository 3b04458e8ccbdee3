package residue_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/residue"
)

func word(x uint64) *big.Int { return new(big.Int).SetUint64(x) }

// The arithmetic agrees with that of whole numbers, at the ends of the range too.
func TestArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range append(residue.Primes(63, 100), 2, 3, 101) {
		for _, a := range []uint64{0, 1, p / 2, p - 1, r.Uint64N(p)} {
			for _, b := range []uint64{0, 1, p / 2, p - 1, r.Uint64N(p)} {
				mod := func(x *big.Int) uint64 { return x.Mod(x, word(p)).Uint64() }
				product := mod(new(big.Int).Mul(word(a), word(b)))
				require.Equal(t, mod(new(big.Int).Add(word(a), word(b))), residue.Add(a, b, p))
				require.Equal(t, mod(new(big.Int).Sub(word(a), word(b))), residue.Sub(a, b, p))
				require.Equal(t, product, residue.Mul(a, b, p))
				require.Equal(t, product, residue.MulShoup(a, b, residue.Shoup(b, p), p))
				require.Equal(t, product, residue.MulLazy(a, b, residue.Shoup(b, p), p)%p)
				require.Equal(t, new(big.Int).Exp(word(a), word(b), word(p)).Uint64(), residue.Pow(a, b, p))
			}
			if a > 0 {
				require.Equal(t, uint64(1), residue.Mul(a, residue.Inverse(a, p), p))
			}
		}
	}
}

// A whole number comes back from its residues.
func TestRecombiner(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		x := new(big.Int).Lsh(word(r.Uint64()), uint(r.IntN(200)))
		primes := residue.Primes(31+r.IntN(33), x.BitLen())
		got := residue.NewRecombiner(primes).Whole(func(k int) uint64 { return residue.Rem(x, primes[k]) })
		require.Zero(t, x.Cmp(got))
	}
}

// The weights give the linear form on every polynomial.
func TestFunctional(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	p := residue.Primes(61, 1)[0]
	for n := range 12 {
		x, b := make([]uint64, n), make([]uint64, n)
		for i := range x {
			x[i], b[i] = uint64(3*i+1), r.Uint64N(p)
		}
		c, err := residue.Functional(context.Background(), x, b, p)
		require.NoError(t, err)
		for s := range b {
			var sum uint64
			for j := range x {
				sum = residue.Add(sum, residue.Mul(c[j], residue.Pow(x[j], uint64(s), p), p), p)
			}
			require.Equal(t, b[s], sum)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := residue.Functional(ctx, []uint64{1}, []uint64{1}, p)
	require.ErrorIs(t, err, context.Canceled)
}
