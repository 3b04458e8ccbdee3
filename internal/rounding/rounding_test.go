package rounding_test

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
)

var modes = []rounding.Mode{rounding.HalfEven, rounding.Down, rounding.Up, rounding.HalfUp}

// Half a cent, a hair below it and a hair above it.
func TestRoundByHand(t *testing.T) {
	for _, x := range []struct {
		num, den int64
		want     [4]int64 // half to even, down, up, half up, of hundredths
	}{
		{1, 200, [4]int64{0, 0, 1, 1}},
		{3, 200, [4]int64{2, 1, 2, 2}},
		{4999, 1_000_000, [4]int64{0, 0, 1, 0}},
		{5001, 1_000_000, [4]int64{1, 0, 1, 1}},
		{25, 100, [4]int64{25, 25, 25, 25}},
		{0, 1, [4]int64{}},
	} {
		for i, mode := range modes {
			require.Equal(t, x.want[i], rounding.NewLong(2, mode).Rat(big.NewRat(x.num, x.den)).Int64(), "%d/%d, mode %d", x.num, x.den, mode)
		}
	}
}

// Values near the numbers where the result changes, with errors near the distance to them: the short
// rounder decides as the long one does, and both are right.
func TestShortRoundsAsLong(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	unit := new(big.Int).Lsh(big.NewInt(1), fixed128.Bits)
	decided, open := 0, 0
	for range testkit.Cases(200_000) {
		places, mode := rng.IntN(rounding.ShortPlaces+1), modes[rng.IntN(4)]
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
		// Half a decimal times a number, in units, and some units more or less.
		v := new(big.Int).Mul(unit, big.NewInt(rng.Int64N(1<<rng.IntN(50)+1)))
		v.Quo(v, power).Rsh(v, 1)
		v.Add(v, big.NewInt(rng.Int64N(1<<rng.IntN(40)+1)-rng.Int64N(1<<rng.IntN(40)+1)))
		if v.Sign() < 0 || v.BitLen() > 120 {
			continue
		}
		short, ok := fixed128.ValueOf(v)
		require.True(t, ok)
		off := rng.Uint64N(1 << (1 + rng.IntN(62)))
		scale := rounding.NewShort(places, mode, off)
		got, ok := scale.Round(short)
		long := rounding.NewLong(places, mode)
		want := long.Round(v, new(big.Int).SetUint64(off), fixed128.Bits)
		if want != nil && want.BitLen() > 62 { // it may not fit
			continue
		}
		require.Equal(t, want != nil, ok, "%v to %d places, mode %d, error %d", v, places, mode, off)
		if !ok {
			open++
			continue
		}
		decided++
		require.Equal(t, want.Uint64(), got, "%v to %d places, mode %d, error %d", v, places, mode, off)
		require.Equal(t, long.Rat(new(big.Rat).SetFrac(v, unit)).Uint64(), got)
	}
	require.Greater(t, decided, testkit.Cases(30_000))
	require.Greater(t, open, testkit.Cases(10_000))
}
