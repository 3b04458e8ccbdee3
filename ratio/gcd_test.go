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

// TestLowestTerms compares fractions of numbers of all sizes with those of package big.
func TestLowestTerms(t *testing.T) {
	check := func(n, d int64) {
		want := big.NewRat(n, d)
		num, den, ok := ratio.Of(n, d).Small()
		require.True(t, ok)
		require.Equal(t, []int64{want.Num().Int64(), want.Denom().Int64()}, []int64{num, den}, "%d/%d", n, d)
	}
	edges := []int64{1, 2, 3, 4, 6, 1 << 31, 1 << 32, 1 << 62, 3 << 61, math.MaxInt64 - 1, math.MaxInt64}
	for _, n := range edges {
		for _, d := range edges {
			check(n, d)
			check(-n, d)
		}
		check(0, n)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for den, more := int64(1), true; more; den, more = den*10, den <= math.MaxInt64/10 {
		for _, n := range edges {
			check(n, den)
			check(-n, den)
		}
		for i := int64(0); i <= 20; i++ {
			check(i, den)
			check(den/32*i, den)
			check(den/3125*i, den)
		}
		check(den-1, den)
		check(den, den+1)
		check(rng.Int64(), den)
	}
	size := func() int64 { return rng.Int64()>>rng.IntN(62) + 1 }
	for range testkit.Cases(20_000) {
		f := size() >> 32
		check(size()>>32*f, max(1, size()>>32*f))
	}
}
