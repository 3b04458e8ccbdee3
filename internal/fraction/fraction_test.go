package fraction_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/fraction"
	"github.com/crossholding/crossholding/internal/testkit"
)

// Fractions that share a denominator are reduced as fractions that do not.
func TestReduceEach(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range testkit.Cases(100) {
		den := new(big.Int).Lsh(big.NewInt(1), uint(r.IntN(700)))
		for range 1 + r.IntN(12) {
			den.Mul(den, big.NewInt(3*(1+r.Int64N(1<<60))))
		}
		var nums []*big.Int
		for range 1 + r.IntN(20) {
			x := new(big.Int).Mul(big.NewInt(r.Int64()-1<<62), big.NewInt(r.Int64N(1<<40)))
			x.Mul(x, new(big.Int).GCD(nil, nil, den, new(big.Int).Lsh(big.NewInt(r.Int64N(50)), uint(r.IntN(600)))))
			nums = append(nums, x)
		}
		list := make([]fraction.Fraction, len(nums))
		for i, x := range nums {
			list[i] = fraction.Fraction{Num: x, Den: den}
		}
		fraction.ReduceEach(list)
		for i, f := range list {
			got := f.Lowest()
			want := new(big.Rat).SetFrac(nums[i], den)
			require.Equal(t, want.String(), got.String())
			require.Zero(t, new(big.Int).GCD(nil, nil, new(big.Int).Abs(got.Num()), got.Denom()).Cmp(big.NewInt(1)))
		}
	}
}

// TestSum compares sums of multiples, and fractions with a common denominator, with rational
// numbers.
func TestSum(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 6))
	for range testkit.Cases(500) {
		var sum fraction.Sum
		require.True(t, sum.None())
		want := new(big.Rat)
		list := make([]fraction.Fraction, r.IntN(6))
		shared := new(big.Int).Lsh(big.NewInt(1+r.Int64N(1e9)), uint(r.IntN(600)))
		for i := range list {
			if r.IntN(4) == 0 {
				continue // 0
			}
			f := fraction.Fraction{Num: big.NewInt(r.Int64N(1e12)), Den: shared}
			if r.IntN(2) == 0 {
				f.Den = big.NewInt(1 + r.Int64N(1e6))
			}
			u := big.NewInt(r.Int64N(1e9))
			sum.Add(f, u)
			want.Add(want, new(big.Rat).Mul(f.Rat(), new(big.Rat).SetInt(u)))
			list[i] = f
		}
		require.Equal(t, want.String(), sum.Rat().String())
		require.Equal(t, want.String(), sum.Final().Rat().String())
		num, den := fraction.Common(list)
		together := append([]fraction.Fraction(nil), list...)
		fraction.ReduceTogether(together)
		for i, f := range list {
			require.Equal(t, f.Rat().String(), f.Reduced().Rat().String())
			require.Equal(t, f.Rat().String(), together[i].Rat().String())
			if num[i] == nil {
				require.True(t, f.Zero())
			} else {
				require.Equal(t, f.Rat().String(), new(big.Rat).SetFrac(num[i], den).String())
			}
		}
		sum.Reset()
		require.True(t, sum.None())
	}
	require.Equal(t, "1", fraction.Whole().Rat().RatString())
}
