package padic_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/padic"
)

// prime is the largest prime below 2^bits.
func prime(bits uint) uint64 {
	p := int64(1)<<bits - 1
	for !big.NewInt(p).ProbablyPrime(0) {
		p -= 2
	}
	return uint64(p)
}

// The inverse times the matrix times any vector is the vector, by row and by column.
func TestInvert(t *testing.T) {
	for _, bits := range []uint{padic.ShortBits, padic.LongBits} {
		for _, n := range []int{1, 2, 7, 40, 1100} { // more than 2^10 products are reduced on the way
			if n > 40 && testing.Short() {
				continue
			}
			p := prime(bits)
			r := rand.New(rand.NewPCG(uint64(n), uint64(bits)))
			matrix := make([]uint64, n*n)
			if n > 40 { // an upper triangle, so that its inverse is as dense in half of its entries
				for i := range n {
					matrix[i*n+i] = 1
					matrix[i*n+n-1] = r.Uint64N(p-1) + 1
				}
			} else {
				for i := range matrix {
					matrix[i] = r.Uint64N(p)
				}
			}
			x := make([]uint64, n)
			for i := range x {
				x[i] = r.Uint64N(p)
			}
			byRow, byColumn := multiply(matrix, x, p, true), multiply(matrix, x, p, false)
			inverse, err := padic.Invert(context.Background(), matrix, n, p)
			require.NoError(t, err)
			require.NotNil(t, inverse)
			require.Equal(t, p, inverse.Prime())
			out, acc := make([]int64, n), make([]uint64, 2*n)
			for rows, product := range map[bool][]uint64{true: byRow, false: byColumn} {
				inverse.Times(product, out, acc, rows)
				for i := range x {
					require.Equal(t, x[i], uint64(out[i]))
				}
			}
		}
	}
}

// multiply returns x times the matrix (by row) or the matrix times x, modulo p.
func multiply(matrix, x []uint64, p uint64, byRow bool) []uint64 {
	n := len(x)
	out, sum, prime := make([]uint64, n), new(big.Int), new(big.Int).SetUint64(p)
	for k := range n {
		sum.SetInt64(0)
		for i, v := range x {
			a := matrix[k*n+i]
			if byRow {
				a = matrix[i*n+k]
			}
			if a != 0 {
				sum.Add(sum, new(big.Int).Mul(new(big.Int).SetUint64(v), new(big.Int).SetUint64(a)))
			}
		}
		out[k] = sum.Mod(sum, prime).Uint64()
	}
	return out
}

func TestInvertOfNoInverse(t *testing.T) {
	inverse, err := padic.Invert(context.Background(), []uint64{2, 4, 1, 2}, 2, 101)
	require.NoError(t, err)
	require.Nil(t, inverse)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(context.DeadlineExceeded)
	_, err = padic.Invert(ctx, []uint64{1}, 1, 101)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, _, err = padic.Fractions(ctx, [][]uint64{{1}}, 101, big.NewInt(101), 2, 2)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// Fractions come back from their residues, with the least common denominator or a multiple of it
// within the bound.
func TestFractions(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		const numBits, denBits = 90, 60
		p := prime(padic.LongBits)
		den := new(big.Int).SetUint64(r.Uint64()>>4 | 1)
		steps := (numBits+denBits+2)/(padic.LongBits-1) + 1
		modulus := new(big.Int).Exp(new(big.Int).SetUint64(p), big.NewInt(int64(steps)), nil)
		var want []*big.Rat
		var digits [][]uint64
		for range 3 {
			num := new(big.Int).Mul(new(big.Int).SetUint64(r.Uint64()), new(big.Int).SetUint64(r.Uint64()>>40))
			if r.IntN(2) == 0 {
				num.Neg(num)
			}
			want = append(want, new(big.Rat).SetFrac(num, den))
			v := new(big.Int).ModInverse(den, modulus)
			v.Mul(v, num).Mod(v, modulus)
			ds, rest := make([]uint64, steps), new(big.Int)
			for k := range ds {
				v.QuoRem(v, new(big.Int).SetUint64(p), rest)
				ds[k] = rest.Uint64()
			}
			digits = append(digits, ds)
		}
		nums, common, err := padic.Fractions(context.Background(), digits, p, modulus, numBits, denBits)
		require.NoError(t, err)
		for k := range want {
			require.Zero(t, want[k].Cmp(new(big.Rat).SetFrac(&nums[k], common)))
		}
	}
}
