package power_test

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
)

// requireWithin checks that the exact figures are within the stated bounds.
func requireWithin(t *testing.T, exact power.Index, x power.FloatIndex) {
	t.Helper()
	require.Equal(t, exact.Len(), x.Len())
	for i, want := range exact.All() {
		v, b, ok := x.Of(i)
		require.True(t, ok)
		diff := new(big.Rat).SetFloat64(v)
		require.NotNil(t, diff, "player %d: %v", i, v)
		diff.Sub(diff, want.Rat()).Abs(diff)
		off, _ := diff.Float64()
		require.LessOrEqual(t, off, b, "player %d: %v for %s", i, v, want.Decimal(20))
		require.LessOrEqual(t, b, 1e-12, "player %d: the bound is of use", i)
	}
}

func TestFloatWithinBound(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(5, 5))
	for range testkit.Cases(400) {
		n := 1 + r.IntN(40)
		most := int64(1) << (1 + r.IntN(9))
		ws := make([]int64, n)
		var total int64
		for i := range ws {
			ws[i] = r.Int64N(most + 1)
			total += ws[i]
		}
		if total == 0 {
			continue
		}
		g, err := power.AtLeast(1+r.Int64N(total), ws...)
		require.NoError(t, err)
		exact, err := g.ShapleyShubik(ctx)
		require.NoError(t, err)
		x, err := g.ShapleyShubikFloat(ctx)
		require.NoError(t, err)
		requireWithin(t, exact, x)
	}
	for _, name := range []string{"rand50", "eu28pop"} {
		g := readBench(t, name)
		exact, err := g.ShapleyShubik(ctx)
		require.NoError(t, err)
		x, err := g.ShapleyShubikFloat(ctx, power.Options{Workers: 2})
		require.NoError(t, err)
		requireWithin(t, exact, x)
	}
}

// Over many seeds, the intervals fail together no more often than they say:
// the share of those that do is below what is allowed. They are not idle
// either: a quarter as wide, they would fail often.
func TestEstimateCoverage(t *testing.T) {
	ctx := context.Background()
	g, err := power.Majority(30, 25, 20, 15, 10)
	require.NoError(t, err)
	ss, err := g.ShapleyShubik(ctx)
	require.NoError(t, err)
	b, err := g.Banzhaf(ctx)
	require.NoError(t, err)
	for _, confidence := range []float64{0.5, 0.9} {
		const seeds = 400
		missed, narrow := 0, 0
		count := func(want []float64, x power.Estimate) {
			require.InDelta(t, math.Sqrt(math.Log(10/(1-confidence))/(2*500)), x.HalfWidth(), 1e-15)
			worst := 0.0
			for i, v := range x.Values() {
				worst = max(worst, math.Abs(v-want[i]))
			}
			if worst > x.HalfWidth() {
				missed++
			}
			if worst > x.HalfWidth()/4 {
				narrow++
			}
		}
		for seed := range uint64(seeds) {
			o := power.EstimateOptions{Samples: 500, Seed: seed, Confidence: confidence}
			x, err := g.EstimateShapleyShubik(ctx, o)
			require.NoError(t, err)
			count(ss.Floats(), x)
			x, err = g.EstimateBanzhaf(ctx, o)
			require.NoError(t, err)
			count(b.Absolute().Floats(), x)
		}
		require.LessOrEqual(t, float64(missed), (1-confidence)*2*seeds)
		require.Greater(t, narrow, seeds/2)
	}
}

func TestEstimateHolds(t *testing.T) {
	ctx := context.Background()
	g, err := power.Majority(30, 25, 20, 15, 10, 7, 7, 3)
	require.NoError(t, err)
	double, err := power.AtLeast(5, 1, 1, 1, 1, 1, 1, 1, 1)
	require.NoError(t, err)
	both, err := power.All(g, double)
	require.NoError(t, err)
	for _, g := range []power.Game{g, both} {
		ss, err := g.ShapleyShubik(ctx)
		require.NoError(t, err)
		b, err := g.Banzhaf(ctx)
		require.NoError(t, err)
		for workers := range 3 {
			o := power.EstimateOptions{Samples: 20500, Seed: 3, Workers: workers + 1}
			x, err := g.EstimateShapleyShubik(ctx, o)
			require.NoError(t, err)
			y, err := g.EstimateBanzhaf(ctx, o)
			require.NoError(t, err)
			for i := range ss.Len() {
				require.InDelta(t, ss.Floats()[i], x.Values()[i], x.HalfWidth())
				require.InDelta(t, b.Absolute().Floats()[i], y.Values()[i], y.HalfWidth())
			}
			o.Workers = 2
			same, err := g.EstimateShapleyShubik(ctx, o)
			require.NoError(t, err)
			require.Equal(t, same, x, "the same for any number of workers")
		}
	}
}
