package exact_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// redraw returns a change of company j's column: a stake more, less, gone or
// sold on, and the matrix with the change applied.
func redraw(rng *rand.Rand, m *matrix.Matrix, j int32) (exact.Change, *matrix.Matrix) {
	lo, hi := m.ColStart[j], m.ColStart[j+1]
	x := exact.Change{
		Node: j, Total: m.Total[j] + rng.Int64N(3),
		Rows: slices.Clone(m.Row[lo:hi]), Units: slices.Clone(m.Units[lo:hi]),
	}
	if n := len(x.Rows); n > 0 {
		e := rng.IntN(n)
		switch rng.IntN(4) {
		case 0:
			x.Units[e] /= 2
		case 1:
			x.Units[e] = 0
		case 2:
			if h := int32(rng.IntN(len(m.Total))); h != j {
				x.Rows[e] = h
			}
		case 3:
			x.Rows, x.Units = slices.Delete(x.Rows, e, e+1), slices.Delete(x.Units, e, e+1)
		}
	}
	left := x.Total
	for _, u := range x.Units {
		left -= u
	}
	if h := int32(rng.IntN(len(m.Total))); h != j && rng.IntN(2) == 0 {
		x.Rows, x.Units = append(x.Rows, h), append(x.Units, rng.Int64N(left/2+1))
	}
	totals := slices.Clone(m.Total)
	totals[j] = x.Total
	var stakes []stake
	for k := range int32(len(m.Total)) {
		for e := m.ColStart[k]; k != j && e < m.ColStart[k+1]; e++ {
			stakes = append(stakes, stake{m.Row[e], k, m.Units[e]})
		}
	}
	for e := range x.Rows {
		stakes = append(stakes, stake{x.Rows[e], j, x.Units[e]})
	}
	return x, build(totals, stakes)
}

func lineText(l *exact.FixedLine) string {
	s := l.Diagonal.String()
	n := 0
	for o, z := range l.All() {
		s += fmt.Sprint(" ", o, z)
		n++
	}
	if n != l.Len() {
		s += fmt.Sprint(" length ", l.Len(), " but ", n)
	}
	return s
}

// TestUpdateIsFresh changes columns again and again and compares what is
// brought up to date with what is worked out from nothing.
func TestUpdateIsFresh(t *testing.T) {
	for name, draw := range map[string]func(*rand.Rand) *matrix.Matrix{
		"small": func(r *rand.Rand) *matrix.Matrix {
			return random(r, shape{companies: 8, outsiders: 4, degree: 2, total: 1e6, cycles: true})
		},
		"rings": func(r *rand.Rand) *matrix.Matrix {
			return random(r, shape{companies: 60, outsiders: 20, degree: 1, total: 1e9, cycles: true})
		},
		"tree": func(r *rand.Rand) *matrix.Matrix {
			return random(r, shape{companies: 60, outsiders: 20, degree: 2, total: 1e9})
		},
		"part": func(r *rand.Rand) *matrix.Matrix { return dense(r, 30, 0.3, 1e9) },
		"ring errors": func(r *rand.Rand) *matrix.Matrix {
			return random(r, shape{companies: 5, outsiders: 1, degree: 1, total: 3, near: true, cycles: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(41, 42))
			for range testkit.Cases(30) {
				checkUpdates(t, rng, draw(rng))
			}
		})
	}
}

func checkUpdates(t *testing.T, rng *rand.Rand, m *matrix.Matrix) {
	ctx := t.Context()
	s := exact.NewSolver(m, exact.Limits{})
	from := exact.Owner{Node: int32(rng.IntN(len(m.Total)))}
	from.Float = m.Total[from.Node] > 0 && rng.IntN(3) == 0
	kept, err := s.Retain(ctx, from, 12, rounding.HalfEven)
	if err != nil {
		require.ErrorIs(t, err, exact.ErrRing)
		return
	}
	for range 6 {
		j := int32(rng.IntN(len(m.Total)))
		for m.Total[j] == 0 {
			j = int32(rng.IntN(len(m.Total)))
		}
		var x exact.Change
		x, m = redraw(rng, m, j)
		s, err = s.With(x)
		require.NoError(t, err)
		fresh := exact.NewSolver(m, exact.Limits{})
		if rng.IntN(2) == 0 {
			require.Equal(t, fmt.Sprint(fresh.Check(ctx)), fmt.Sprint(s.Check(ctx)))
		}
		want, wantErr := fresh.RowFixed(ctx, from, 12, rounding.HalfEven)
		got, gotErr := kept.Update(ctx, s)
		again, againErr := s.RowFixed(ctx, from, 12, rounding.HalfEven)
		require.Equal(t, fmt.Sprint(fresh.Check(ctx)), fmt.Sprint(s.Check(ctx)))
		require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(gotErr))
		require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(againErr))
		if wantErr != nil {
			return
		}
		require.Equal(t, lineText(want), lineText(got.Line()))
		require.Equal(t, lineText(want), lineText(again))
		kept = got
		k := int32(rng.IntN(len(m.Total)))
		places := 12 + 8*rng.IntN(2) // in 128 bits, or in more
		col, err := fresh.ColumnFixed(ctx, k, places, rounding.HalfEven)
		other, otherErr := s.ColumnFixed(ctx, k, places, rounding.HalfEven)
		require.Equal(t, fmt.Sprint(err), fmt.Sprint(otherErr))
		if err == nil {
			require.Equal(t, lineText(col), lineText(other))
		}
	}
}

// TestChangedDensePart goes through factors from before the change.
func TestChangedDensePart(t *testing.T) {
	rng := rand.New(rand.NewPCG(43, 44))
	m := dense(rng, 120, 1, 1<<33)
	ctx := t.Context()
	from := exact.Owner{Node: 120}
	s := exact.NewSolver(m, exact.Limits{})
	kept, err := s.Retain(ctx, from, 18, rounding.HalfEven)
	require.NoError(t, err)
	for range 5 {
		var x exact.Change
		x, m = redraw(rng, m, int32(rng.IntN(120)))
		s, err = s.With(x)
		require.NoError(t, err)
		want, err := exact.NewSolver(m, exact.Limits{}).RowFixed(ctx, from, 18, rounding.HalfEven)
		require.NoError(t, err)
		kept, err = kept.Update(ctx, s)
		require.NoError(t, err)
		require.Equal(t, lineText(want), lineText(kept.Line()))
		got, err := s.RowFixed(ctx, from, 28, rounding.HalfEven)
		require.NoError(t, err)
		want, err = exact.NewSolver(m, exact.Limits{}).RowFixed(ctx, from, 28, rounding.HalfEven)
		require.NoError(t, err)
		require.Equal(t, lineText(want), lineText(got))
	}
}

func TestChangeErrors(t *testing.T) {
	s := exact.NewSolver(build([]int64{10, 10, 0}, []stake{{0, 1, 5}, {2, 0, 5}}), exact.Limits{})
	_, err := s.With(
		exact.Change{Node: 7, Total: 1},
		exact.Change{Node: 2, Total: 1},
		exact.Change{Node: 0, Rows: []int32{0}, Units: []int64{1}, Total: 10},
		exact.Change{Node: 1, Rows: []int32{0}, Units: []int64{11}, Total: 10},
		exact.Change{Node: 1, Rows: []int32{0}, Total: 10},
	)
	require.ErrorIs(t, err, matrix.ErrMalformed)
	require.ErrorIs(t, err, exact.ErrNode)
	require.ErrorContains(t, err, "node 2 has a total of 0 before")
	require.ErrorContains(t, err, "node 0 holds itself")
	require.ErrorContains(t, err, "holds more than its total")
	require.ErrorContains(t, err, "1 holders and 0 counts")
}
