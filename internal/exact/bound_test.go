package exact

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// onePart draws a part of n companies with a cycle through all. A company's
// leak is a share of about leak of its total, but for one in four, which are
// held wholly inside.
func onePart(rng *rand.Rand, n int, total int64, leak float64) *Solver {
	m := &matrix.Matrix{ColStart: make([]int32, 1)}
	for j := range n {
		t := total - rng.Int64N(total/2)
		left := t - int64(float64(t)*leak*rng.Float64()) - 1
		if j%4 == 1 {
			left = t
		}
		holders := 1 + rng.IntN(n-1)
		for x := range holders {
			i := (j + 1 + x) % n
			u := left / 2
			if rng.IntN(2) == 0 {
				u = left / 1000
			}
			if x == holders-1 {
				u = left
			}
			if x == 0 {
				u = max(u, 1)
			}
			left -= u
			m.Row = append(m.Row, int32(i))
			m.Units = append(m.Units, u)
		}
		m.ColStart = append(m.ColStart, int32(len(m.Row)))
		m.Total = append(m.Total, t)
	}
	return NewSolver(m, Limits{})
}

// TestBoundHolds stops the refinement at errors of every size and compares
// them with the exact solution. The bound must hold each time, and it must
// be near the error now and then: half the bound would fail, the test says so
// itself.
func TestBoundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	closest, compared := 0.0, 0
	for round := range testkit.Cases(600) {
		n := 4 + rng.IntN(9) // small, so that the exact inverse is at hand
		leak := []float64{0.5, 0.01, 1e-5, 1e-9}[round%4]
		s := onePart(rng, n, []int64{1000, 1 << 33, 1 << 60}[round%3], leak)
		c, err := s.Condensed(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.Check(t.Context()))
		require.Len(t, c.big, 1)
		q := s.part(c, c.big[0])
		for _, byRow := range []bool{false, true} {
			d, err := s.side(t.Context(), q, byRow)
			require.NoError(t, err)
			if d.hard {
				continue // floats cannot prove anything here, and say so
			}
			for _, f := range []int{40, 200} {
				rhs := make([]*big.Int, n)
				for k := range rhs {
					rhs[k] = big.NewInt(rng.Int64N(1 << 40))
					rhs[k].Lsh(rhs[k], uint(f-30))
				}
				want, err := s.refineExact(t.Context(), q, rhs, byRow)
				require.NoError(t, err)
				for _, enough := range []float64{0.25, 0x1p20, 0x1p60, 0x1p120} {
					x, bound, err := s.refineGuess(t.Context(), q, d, rhs, f, byRow, enough)
					require.NoError(t, err)
					if x == nil {
						continue
					}
					for k := range x {
						off, _ := new(big.Float).SetInt(new(big.Int).Sub(x[k], want[k])).Float64()
						off = math.Abs(off)
						require.LessOrEqual(t, off, bound+1, "n=%d leak=%g by row %v f=%d", n, leak, byRow, f)
						if bound > 1000 {
							closest = max(closest, off/bound)
						}
						compared++
					}
				}
			}
		}
	}
	t.Logf("%d compared, closest %.3f of the bound", compared, closest)
	require.Greater(t, compared, testkit.Cases(20_000))
	require.Greater(t, closest, 0.5)
}

// TestProofRefuses hands the proof vectors that prove nothing.
func TestProofRefuses(t *testing.T) {
	s := onePart(rand.New(rand.NewPCG(53, 54)), 8, 1<<40, 1e-6)
	c, err := s.Condensed(t.Context())
	require.NoError(t, err)
	q := s.part(c, c.big[0])
	good, err := s.side(t.Context(), q, true)
	require.NoError(t, err)
	require.False(t, good.hard)
	require.InDelta(t, 1, good.theta, 1e-3)
	for name, spoil := range map[string]func(y []float64){
		"ones":     func(y []float64) { fill(y, 1) }, // companies held wholly inside gain nothing
		"zero":     func(y []float64) { y[3] = 0 },
		"negative": func(y []float64) { y[3] = -y[3] },
		"NaN":      func(y []float64) { y[3] = math.NaN() },
		"infinite": func(y []float64) { y[3] = math.Inf(1) },
		"one off":  func(y []float64) { y[3] *= 0.9 },
	} {
		t.Run(name, func(t *testing.T) {
			y := append([]float64(nil), good.above...)
			spoil(y)
			d := &side{sys: good.sys, coef: good.coef}
			d.prove(y)
			require.True(t, d.hard, fmt.Sprint(y))
		})
	}
}

func fill(y []float64, v float64) {
	for i := range y {
		y[i] = v
	}
}
