package power_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// FuzzGame builds games from any decimals. It either gets an error of a named
// kind or a game that keeps the basic laws.
func FuzzGame(f *testing.F) {
	f.Add(int64(51), int32(0), []byte{50, 49, 1}, int32(0), true)
	f.Add(int64(5), int32(-1), []byte{2, 2, 1, 0}, int32(-1), false)
	f.Add(int64(1), int32(math.MaxInt32), []byte{1}, int32(0), false)
	f.Add(int64(-1), int32(0), []byte{}, int32(math.MinInt32), true)
	f.Add(int64(1), int32(300), []byte{1, 255}, int32(-300), false)
	f.Fuzz(func(t *testing.T, q int64, qExp int32, bytes []byte, exp int32, strict bool) {
		if len(bytes) > 9 {
			bytes = bytes[:9]
		}
		ws := make([]decimal.Decimal, len(bytes))
		for i, b := range bytes {
			ws[i] = decimal.New(int64(b)-8, exp*int32(i%2))
		}
		build := power.AtLeast[decimal.Decimal]
		if strict {
			build = power.MoreThan[decimal.Decimal]
		}
		g, err := build(decimal.New(q, qExp), ws...)
		if err != nil {
			for _, kind := range []error{power.ErrEmpty, power.ErrQuota, power.ErrWeight, power.ErrRange} {
				if errors.Is(err, kind) {
					return
				}
			}
			require.NoError(t, err, "an error of no kind")
		}
		ctx := context.Background()
		o := power.Options{MaxMemory: 1 << 20}
		ss, err := g.ShapleyShubik(ctx, o)
		require.NoError(t, err)
		require.Equal(t, "1", ss.Sum().String())
		listed, err := g.ShapleyShubik(ctx, power.Options{Algorithm: power.Enumeration})
		require.NoError(t, err)
		require.Equal(t, listed.String(), ss.String())
		empty, err := g.Wins()
		require.NoError(t, err)
		require.False(t, empty)
	})
}

// FuzzDispersed does the same for meetings with a dispersed public.
func FuzzDispersed(f *testing.F) {
	f.Add(int64(50), int64(70), int64(0), []byte{20, 10})
	f.Add(int64(1), int64(1), int64(1<<40), []byte{0, 255})
	f.Add(int64(-5), int64(0), int64(-1), []byte{})
	f.Fuzz(func(t *testing.T, q, small, count int64, bytes []byte) {
		if len(bytes) > 6 {
			bytes = bytes[:6]
		}
		ws := make([]int64, len(bytes))
		for i, b := range bytes {
			ws[i] = int64(b) - 1
		}
		var d power.Dispersed
		var err error
		if count == 0 {
			d, err = power.WithOcean(q, small, ws...)
		} else {
			d, err = power.AtLeastWithCrowd(q, count, small, ws...)
		}
		if err != nil {
			for _, kind := range []error{power.ErrPlayers, power.ErrQuota, power.ErrWeight, power.ErrRange} {
				if errors.Is(err, kind) {
					return
				}
			}
			require.NoError(t, err, "an error of no kind")
		}
		x, err := d.ShapleyShubik(context.Background())
		require.NoError(t, err)
		require.GreaterOrEqual(t, x.Small().Sign(), 0)
		coins, err := d.BanzhafAbsolute(context.Background(), power.Options{MaxMemory: 1 << 20})
		if count < 1000 {
			require.NoError(t, err)
		}
		for _, v := range coins.All() {
			require.GreaterOrEqual(t, v.Sign(), 0)
			require.LessOrEqual(t, v.Cmp(ratio.Int(1)), 0)
		}
		sum := x.Small()
		for _, v := range x.Large.All() {
			require.GreaterOrEqual(t, v.Sign(), 0)
			sum = sum.Add(v)
		}
		require.Equal(t, "1", sum.String())
	})
}
