package ratio_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// The text of a fraction that fits into machine words is that of big.Rat: a decimal if it ends, and
// else a fraction.
func TestTextOfSmallFractions(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	check := func(num, den int64) {
		r := ratio.Of(num, den)
		x := big.NewRat(num, den)
		want, decimal := x.RatString(), false
		if places, ends := r.Decimals(); ends && places <= 30 {
			want, decimal = x.FloatString(places), true
		}
		require.Equal(t, want, r.String(), "%d/%d", num, den)
		require.Equal(t, decimal, r.IsDecimal(), "%d/%d", num, den)
		back, err := ratio.Parse(r.String())
		require.NoError(t, err)
		require.True(t, r.Equal(back))
	}
	for _, num := range []int64{0, 1, -1, 3, math.MaxInt64, -math.MaxInt64, 1 << 62, 999999999999999999} {
		for _, den := range []int64{1, 2, 5, 3, 10, 1 << 62, 1 << 30, 1 << 31, 7450580596923828125, 1_000_000_000_000_000_000, math.MaxInt64, math.MaxInt64 - 1} {
			check(num, den)
		}
	}
	for range testkit.Cases(20_000) {
		den := int64(1)
		for range rng.IntN(20) {
			if f := []int64{2, 5, 10, 3}[rng.IntN(4)*rng.IntN(8)/7]; den < math.MaxInt64/f {
				den *= f
			}
		}
		check((rng.Int64()>>rng.IntN(63))*(1-2*rng.Int64N(2)), den)
	}
}
