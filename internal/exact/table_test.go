package exact

import (
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
)

// TestTableBoundHolds compares the table's values with the exact solution, for
// right-hand sides whose quotients are far above 1, as below a cycle that
// outsiders hardly own. The bound must hold, and it must be near the error now
// and then: nine tenths of it would fail, the test says so itself.
func TestTableBoundHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(71, 72))
	closest, largest, compared := 0.0, uint64(0), 0
	for round := range testkit.Cases(2000) {
		n := 2 + rng.IntN(smallPart-1)
		leak := []float64{0.9, 0.1, 1e-3, 1e-5}[round%4]
		s := onePart(rng, n, []int64{1000, 1 << 33, 1 << 60}[round%3], leak)
		c, err := s.Condensed(t.Context())
		require.NoError(t, err)
		q := s.part(c, c.big[0])
		tab, err := s.table(t.Context(), q)
		require.NoError(t, err)
		if !tab.ok {
			continue
		}
		sums, rhs := make([]fixed128.Sum, n), make([]*big.Int, n)
		for i := range sums {
			v := fixed128.Value{Hi: rng.Uint64() >> (8 + rng.IntN(40)), Lo: rng.Uint64()} // up to 2^20
			sums[i].AddMul(v, uint64(rng.Int64N(s.total(q.nodes[i]))))
			rhs[i] = sums[i].Big()
		}
		vals := make([]fixed128.Value, n)
		off, ok := tab.times(s, q.nodes, sums, vals)
		require.True(t, ok)
		exact, det, err := s.solveInteger(t.Context(), q, rhs, true)
		require.NoError(t, err)
		for j, v := range vals {
			want := new(big.Rat).SetFrac(&exact[j], det)
			if want.Num().BitLen()-want.Denom().BitLen() > 126 {
				continue // such values do not occur, and do not fit
			}
			short, _ := want.Sub(want, new(big.Rat).SetInt(v.Big())).Float64()
			require.GreaterOrEqual(t, short, 0.0)
			require.LessOrEqual(t, short, float64(off), "n=%d leak=%g", n, leak)
			closest = max(closest, short/float64(off))
			compared++
		}
		largest = max(largest, off)
	}
	t.Logf("%d compared, closest %.3f of the bound, largest bound %d", compared, closest, largest)
	require.Greater(t, compared, testkit.Cases(5000))
	require.Greater(t, closest, 0.9)
	require.Greater(t, largest, uint64(1<<16))
}

// TestWhole is about whole numbers of at least a rounded value.
func TestWhole(t *testing.T) {
	require.EqualValues(t, 1, fixed128.Value{}.Whole())
	require.EqualValues(t, 1, fixed128.Value{Hi: fixed128.One.Hi - 1, Lo: 1<<64 - 1}.Whole())
	require.EqualValues(t, 2, fixed128.One.Whole())
	require.EqualValues(t, 1<<28, fixed128.Value{Hi: 1<<64 - 1, Lo: 1<<64 - 1}.Whole())
}

// TestErrorsAddUp has rows and updates whose error bounds come to the end of
// what 64 bits hold. They must be computed again, not wrap.
func TestErrorsAddUp(t *testing.T) {
	// Two companies hold each other; both hold a third.
	m := &matrix.Matrix{
		ColStart: []int32{0, 1, 3, 5, 5}, Row: []int32{1, 0, 3, 0, 1},
		Units: []int64{4, 5, 2, 3, 3}, Total: []int64{7, 9, 7, 0},
	}
	require.NoError(t, m.Validate())
	s := NewSolver(m, Limits{})
	row, err := s.Retain(t.Context(), Owner{Node: 3}, 2, rounding.HalfEven)
	require.NoError(t, err)
	require.NotNil(t, row.w)
	next, err := s.With(Change{Node: 2, Total: 8, Rows: []int32{0}, Units: []int64{5}})
	require.NoError(t, err)
	want, err := NewSolver(m, Limits{}).With(Change{Node: 2, Total: 8, Rows: []int32{0}, Units: []int64{5}})
	require.NoError(t, err)
	fresh, err := want.Row(t.Context(), Owner{Node: 3})
	require.NoError(t, err)
	for _, off := range []uint64{0, maxOff - 1, maxOff} {
		old := *row
		old.off = off
		got, err := old.Update(t.Context(), next)
		require.NoError(t, err)
		require.LessOrEqual(t, got.off, uint64(maxOff))
		if off == maxOff {
			require.Less(t, got.off, uint64(100), "computed again")
		} else {
			require.Greater(t, got.off, off)
		}
		for o, z := range got.Line().All() {
			x := (&query{places: 2}).rounder().Rat(fresh.Find(o))
			require.Equal(t, x.String(), z.String(), o)
		}
	}
}

// TestOverRaisesTheDiagonal divides by a diagonal that was rounded to below 1.
func TestOverRaisesTheDiagonal(t *testing.T) {
	const f = 80
	unit := new(big.Int).Lsh(one, f)
	for _, d := range []*big.Int{unit, new(big.Int).Sub(unit, one), new(big.Int).Rsh(unit, 1), new(big.Int), big.NewInt(-1)} {
		v := new(big.Int).Rsh(unit, 2)
		off := over(v, new(big.Int).Set(d), big.NewInt(3), f)
		require.Equal(t, new(big.Int).Rsh(unit, 2), v)
		require.EqualValues(t, 8, off.Int64())
	}
	above := new(big.Int).Lsh(unit, 1)
	require.Same(t, above, atLeastOne(above, f))
}
