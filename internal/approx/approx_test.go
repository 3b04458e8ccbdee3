package approx_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/testkit"
)

// random draws a system of n equations whose coefficients in one column add up to held at most.
func random(rng *rand.Rand, n, degree int, held float64) *approx.System {
	rows := make([]map[int32]float64, n)
	for k := range rows {
		rows[k] = map[int32]float64{}
	}
	for i := range n {
		for range degree {
			if k := rng.IntN(n); k != i {
				rows[k][int32(i)] += held / float64(degree) * rng.Float64()
			}
		}
	}
	y := &approx.System{Start: []int32{0}}
	for _, row := range rows {
		var index []int32
		for i := range row {
			index = append(index, i)
		}
		slices.Sort(index)
		for _, i := range index {
			y.Index, y.Coef = append(y.Index, i), append(y.Coef, row[i])
		}
		y.Start = append(y.Start, int32(len(y.Index)))
	}
	return y
}

// worst returns the largest entry of b - (I-C) x.
func worst(y *approx.System, b, x []float64) (largest float64) {
	for k := range b {
		r := b[k] - x[k]
		for e := y.Start[k]; e < y.Start[k+1]; e++ {
			r += y.Coef[e] * x[y.Index[e]]
		}
		largest = max(largest, math.Abs(r))
	}
	return largest
}

// count counts the steps.
func count(steps *int) func(int) error {
	return func(done int) error {
		*steps = done + 1
		return nil
	}
}

// A system of two by hand: x0 - x1/2 = 1 and x1 - x0/2 = 0 have the solution 4/3 and 2/3.
func TestByHand(t *testing.T) {
	y := &approx.System{Start: []int32{0, 1, 2}, Index: []int32{1, 0}, Coef: []float64{0.5, 0.5}}
	x := []float64{7, 7}
	ok, err := y.Solve([]float64{1, 0}, x, 0x1p-45, func(int) error { return nil })
	require.NoError(t, err)
	require.True(t, ok)
	require.InDeltaSlice(t, []float64{4. / 3, 2. / 3}, x, 1e-12)
}

func TestResidual(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 2, 13, 100, 700} {
		for _, held := range []float64{0.1, 0.9, 1.9} {
			for range testkit.Cases(20) {
				y := random(rng, n, min(n, 6), held)
				b := make([]float64, n)
				for range 3 {
					b[rng.IntN(n)] = rng.Float64()
				}
				b[0]++
				x := make([]float64, n)
				steps := 0
				ok, err := y.Solve(b, x, 0x1p-40, count(&steps))
				require.NoError(t, err)
				require.True(t, ok, "n=%d held=%g", n, held)
				require.Less(t, worst(y, b, x), 1e-10, "n=%d held=%g", n, held)
				require.Less(t, steps, 48)
			}
		}
	}
}

// Steps gain many more digits than sweeps do: a sweep gains no more than two bits here.
func TestFewSteps(t *testing.T) {
	y := random(rand.New(rand.NewPCG(7, 8)), 1500, 30, 1)
	b := make([]float64, 1500)
	b[77] = 1
	steps := 0
	ok, err := y.Solve(b, make([]float64, 1500), 0x1p-40, count(&steps))
	require.NoError(t, err)
	require.True(t, ok)
	require.LessOrEqual(t, steps, 8)
}

// Sweeps and steps find the same solution.
func TestSweep(t *testing.T) {
	y := random(rand.New(rand.NewPCG(7, 9)), 300, 6, 1)
	b, x := make([]float64, 300), make([]float64, 300)
	b[5], b[200] = 1, 0.5
	steps := 0
	require.NoError(t, y.Sweep(b, x, 1000, 0x1p-45, count(&steps)))
	require.Less(t, worst(y, b, x), 1e-12)
	require.Greater(t, steps, 10)
	stop := errors.New("stop")
	require.ErrorIs(t, y.Sweep(b, x, 1000, 0, func(int) error { return stop }), stop)
	require.NoError(t, y.Sweep(b, x, 2, 0, count(&steps)))
	require.Equal(t, 2, steps)
}

// TestFactors compares solutions by factors with the right-hand sides that they were made from.
func TestFactors(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 11))
	for _, n := range []int{1, 2, 30, 150} {
		a, x := make([]float64, n*n), make([]float64, n)
		for k := range a {
			a[k] = rng.NormFloat64()
		}
		for k := range x {
			x[k] = rng.NormFloat64()
		}
		b, transposed := make([]float64, n), make([]float64, n)
		for i := range n {
			for j := range n {
				b[i] += a[i*n+j] * x[j]
				transposed[j] += a[i*n+j] * x[i]
			}
		}
		f := approx.NewFactors(n, a)
		f.Solve(b, false)
		f.Solve(transposed, true)
		require.InDeltaSlice(t, x, b, 1e-8)
		require.InDeltaSlice(t, x, transposed, 1e-8)
	}
}

func TestNoSolution(t *testing.T) {
	ring := &approx.System{Start: []int32{0, 1, 2}, Index: []int32{1, 0}, Coef: []float64{1, 1}}
	ok, err := ring.Solve([]float64{1, 0}, make([]float64, 2), 0x1p-40, func(int) error { return nil })
	require.NoError(t, err)
	require.False(t, ok, "a closed ring has no solution")
	ok, err = ring.Solve([]float64{math.NaN(), 0}, make([]float64, 2), 0x1p-40, func(int) error { return nil })
	require.NoError(t, err)
	require.False(t, ok, "a right-hand side that is no number")
	ok, err = ring.Solve([]float64{0, 0}, make([]float64, 2), 0x1p-40, func(int) error { return nil })
	require.NoError(t, err)
	require.True(t, ok, "0 solves a right-hand side of 0")

	stop := errors.New("stop")
	_, err = random(rand.New(rand.NewPCG(9, 9)), 50, 4, 0.5).Solve(slices.Repeat([]float64{1}, 50), make([]float64, 50), 0x1p-40, func(done int) error {
		if done == 2 {
			return stop
		}
		return nil
	})
	require.ErrorIs(t, err, stop)
}
