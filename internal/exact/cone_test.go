package exact_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// drawCone draws a network with one or two large parts, companies and small parts above them
// and below them, and outside owners that hold of all kinds of companies.
func drawCone(rng *rand.Rand) *matrix.Matrix {
	var totals []int64
	var stakes []stake
	var companies []int32
	left := map[int32]int64{}
	add := func(total int64) int32 {
		j := int32(len(totals))
		totals = append(totals, total)
		if total > 0 {
			companies, left[j] = append(companies, j), total
		}
		return j
	}
	hold := func(h, j int32) {
		if u := 1 + rng.Int64N(left[j]/2+1); h != j && left[j] > u {
			left[j] -= u
			stakes = append(stakes, stake{h, j, u})
		}
	}
	for range 6 {
		add(0)
	}
	size := func() int64 { return 10 + rng.Int64N([]int64{10, 1e6, 1e15}[rng.IntN(3)]) }
	layer := func(parts, least, most int) {
		for range parts {
			var members []int32
			for range least + rng.IntN(most-least+1) {
				members = append(members, add(size()))
			}
			for x, j := range members {
				if len(members) > 1 {
					hold(members[(x+1)%len(members)], j)
				}
				for range rng.IntN(4) {
					hold(members[rng.IntN(len(members))], j)
				}
				for range 1 + rng.IntN(3) {
					if h := int32(rng.IntN(6)); rng.IntN(2) == 0 {
						hold(h, j)
					} else {
						hold(companies[rng.IntN(len(companies)-len(members)+1)], j)
					}
				}
			}
		}
	}
	layer(4, 1, 3)
	layer(1, 13, 30)
	layer(5, 1, 3)
	if rng.IntN(2) == 0 {
		layer(1, 13, 30)
	}
	layer(6, 1, 3)
	return build(totals, stakes)
}

// TestConeColumns compares columns that pass through large parts with fractions, on the matrix
// as it is and after changes one upon the other.
func TestConeColumns(t *testing.T) {
	rng := rand.New(rand.NewPCG(91, 1))
	ctx := t.Context()
	compared, fromCones, largest := 0, 0, 0.0
	for range testkit.Cases(25) {
		m := drawCone(rng)
		require.NoError(t, m.Validate())
		s := exact.NewSolver(m, exact.Limits{})
		for range 4 {
			fresh := exact.NewSolver(m, exact.Limits{})
			for range 8 {
				j := int32(6 + rng.IntN(len(m.Total)-6))
				places, mode := 1+rng.IntN(18), allModes[rng.IntN(4)]
				want, wantErr := fresh.Column(ctx, j)
				got, err := s.ColumnFixed(ctx, j, places, mode)
				require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err), j)
				if err != nil {
					continue
				}
				compared += sameLine(t, want, got, places, mode, j, places, mode)
				off, nodes, err := s.QuickColumnErrors(ctx, j, places)
				require.NoError(t, err)
				require.LessOrEqual(t, off, 1.0, "column %d", j)
				largest = max(largest, off)
				fromCones += nodes
			}
			var x exact.Change
			if j := int32(6 + rng.IntN(len(m.Total)-6)); rng.IntN(3) == 0 {
				x, m = redraw(rng, m, j)
			} else {
				x, m = halve(rng, m, j)
			}
			var err error
			s, err = s.With(x)
			require.NoError(t, err)
		}
	}
	t.Logf("%d figures compared, %d of nodes of cones, closest to the bounds %.3f", compared, fromCones, largest)
	require.Greater(t, compared, testkit.Cases(8_000))
	require.Greater(t, fromCones, compared/6)
}

// halve halves one stake in company j, so that the same holders keep stakes in it, or nearly
// always. The total may become one more.
func halve(rng *rand.Rand, m *matrix.Matrix, j int32) (exact.Change, *matrix.Matrix) {
	c := *m
	c.Total, c.Units = slices.Clone(m.Total), slices.Clone(m.Units)
	lo, hi := m.ColStart[j], m.ColStart[j+1]
	if hi > lo {
		c.Units[lo+int32(rng.IntN(int(hi-lo)))] /= 2
	}
	c.Total[j] += rng.Int64N(2)
	return exact.Change{Node: j, Rows: c.Row[lo:hi], Units: c.Units[lo:hi], Total: c.Total[j]}, &c
}

// TestConeTogether asks for columns of one solver, and of changes of it, from several goroutines
// at once.
func TestConeTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(92, 1))
	m := drawCone(rng)
	s := exact.NewSolver(m, exact.Limits{})
	var asked sync.WaitGroup
	for range 4 {
		j := int32(len(m.Total) - 1 - rng.IntN(6))
		x, changed := halve(rng, m, int32(6+rng.IntN(len(m.Total)-6)))
		asked.Go(func() {
			got, err := s.ColumnFixed(t.Context(), j, 12, rounding.HalfEven)
			want, wantErr := exact.NewSolver(m, exact.Limits{}).ColumnFixed(t.Context(), j, 12, rounding.HalfEven)
			assert.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			if err == nil && wantErr == nil {
				assert.Equal(t, lineText(want), lineText(got))
			}
			after, err := s.With(x)
			if !assert.NoError(t, err) {
				return
			}
			got, err = after.ColumnFixed(t.Context(), j, 12, rounding.HalfEven)
			want, wantErr = exact.NewSolver(changed, exact.Limits{}).ColumnFixed(t.Context(), j, 12, rounding.HalfEven)
			assert.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			if err == nil && wantErr == nil {
				assert.Equal(t, lineText(want), lineText(got))
			}
		})
	}
	asked.Wait()
}
