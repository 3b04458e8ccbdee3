package exact_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
)

// alliance is the shape of the Renault, Nissan and Mitsubishi group: three
// companies in a cycle, held by eight outside owners, in counts of shares.
func alliance() *matrix.Matrix {
	return build([]int64{295722284, 4220715112, 1490282496, 0, 0, 0, 0, 0, 0, 0, 0}, []stake{
		{1, 0, 44358343}, {3, 0, 44387915}, {4, 0, 9150000}, {5, 0, 21000000},
		{0, 1, 1831837027}, {4, 1, 140142130}, {6, 1, 331000000}, {7, 1, 102000000},
		{1, 2, 506620577}, {8, 2, 298012214}, {9, 2, 61000000}, {10, 2, 44000000}, {0, 2, 1000},
	})
}

func BenchmarkAlliance(b *testing.B) {
	s := exact.NewSolver(alliance(), exact.Limits{})
	for _, x := range []struct {
		name string
		ask  func() error
	}{
		{"pair", func() error { _, err := s.Pair(b.Context(), exact.Owner{Node: 3}, 2); return err }},
		{"row", func() error { _, err := s.Row(b.Context(), exact.Owner{Node: 3}); return err }},
		{"column", func() error { _, err := s.Column(b.Context(), 2); return err }},
		{"row12", func() error {
			_, err := s.RowFixed(b.Context(), exact.Owner{Node: 3}, 12, rounding.HalfEven)
			return err
		}},
		{"column12", func() error { _, err := s.ColumnFixed(b.Context(), 2, 12, rounding.HalfEven); return err }},
		{"terms", func() error { _, err := s.Terms(b.Context(), exact.Owner{Node: 0}, 1); return err }},
		{"fresh", func() error {
			_, err := exact.NewSolver(alliance(), exact.Limits{}).Pair(b.Context(), exact.Owner{Node: 3}, 2)
			return err
		}},
	} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, x.ask())
			}
		})
	}
}

// BenchmarkSolve is one row through one part in which everybody holds
// everybody, everything worked out anew, beside gonum's LU of the same part.
func BenchmarkSolve(b *testing.B) {
	for _, n := range []int{100, 400, 1000} {
		m := dense(rand.New(rand.NewPCG(1, uint64(n))), n, 1, 1<<32)
		a := mat.NewDense(n, n, nil)
		for j := range n {
			a.Set(j, j, 1)
			for e := m.ColStart[j]; e < m.ColStart[j+1]; e++ {
				if i := int(m.Row[e]); i < n {
					a.Set(i, j, a.At(i, j)-float64(m.Units[e])/float64(m.Total[j]))
				}
			}
		}
		b.Run(fmt.Sprintf("n=%d/LU", n), func(b *testing.B) {
			for b.Loop() {
				var lu mat.LU
				lu.Factorize(a)
			}
		})
		for _, places := range []int{12, 28, 100} {
			b.Run(fmt.Sprintf("n=%d/places=%d", n, places), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					s := exact.NewSolver(m, exact.Limits{})
					_, err := s.RowFixed(b.Context(), exact.Owner{Node: int32(n)}, places, rounding.HalfEven)
					require.NoError(b, err)
				}
			})
			b.Run(fmt.Sprintf("n=%d/places=%d/factored", n, places), func(b *testing.B) {
				s := exact.NewSolver(m, exact.Limits{})
				for b.Loop() {
					_, err := s.RowFixed(b.Context(), exact.Owner{Node: int32(n)}, places, rounding.HalfEven)
					require.NoError(b, err)
				}
			})
		}
	}
}

// TestAllocations holds small questions to what they may cost.
func TestAllocations(t *testing.T) {
	s := exact.NewSolver(alliance(), exact.Limits{})
	ctx := t.Context()
	for _, x := range []struct {
		name string
		most float64
		ask  func() error
	}{
		{"pair", 30, func() error { _, err := s.Pair(ctx, exact.Owner{Node: 3}, 2); return err }},
		{"row", 50, func() error { _, err := s.Row(ctx, exact.Owner{Node: 3}); return err }},
		{"column", 190, func() error { _, err := s.Column(ctx, 2); return err }},
		{"row in decimals", 40, func() error { _, err := s.RowFixed(ctx, exact.Owner{Node: 3}, 12, rounding.HalfEven); return err }},
	} {
		t.Run(x.name, func(t *testing.T) {
			got := testing.AllocsPerRun(100, func() { require.NoError(t, x.ask()) })
			if testkit.Slowdown == 1 { // the race detector's pools forget
				require.LessOrEqual(t, got, x.most)
			}
		})
	}
}
