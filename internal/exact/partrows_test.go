package exact_test

import (
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// A ring of 13, each held to a half by the one before. Anna has a quarter of the first and bob an
// eighth of it, so the row of the first is kept when anna's is asked for, and bob's comes from it.
// Anna has 2048/8191 of the first, see TestWakeByHand, and bob half of that.
func TestKeptRowByHand(t *testing.T) {
	const ring = 13
	totals := []int64{0, 0}
	var stakes []stake
	for i := range int32(ring) {
		totals = append(totals, 8)
		stakes = append(stakes, stake{2 + (i+ring-1)%ring, 2 + i, 4})
	}
	stakes = append(stakes, stake{0, 2, 2}, stake{1, 2, 1})
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	for node, want := range []string{"250030521304", "125015260652"} {
		line, err := s.RowFixed(t.Context(), exact.Owner{Node: int32(node)}, 12, rounding.HalfEven)
		require.NoError(t, err)
		z, ok := line.Find(exact.Owner{Node: 2})
		require.True(t, ok)
		require.Equal(t, want, z.String())
		require.Equal(t, 1, s.KeptRows())
	}
}

// TestKeptRows asks one solver for the rows of all owners, to few places and then to more, and
// compares them with fractions and the errors with their bounds. Nearly all come from rows that it
// kept.
func TestKeptRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(95, 1))
	ctx := t.Context()
	compared, kept, largest := 0, 0, 0.0
	for range testkit.Cases(12) {
		m := drawCone(rng)
		s := exact.NewSolver(m, exact.Limits{})
		if s.Check(ctx) != nil {
			continue
		}
		for _, places := range []int{6, 18, 12} {
			for _, i := range rng.Perm(len(m.Total)) {
				from, mode := exact.Owner{Node: int32(i)}, allModes[rng.IntN(4)]
				want, err := s.Row(ctx, from)
				require.NoError(t, err)
				line, err := s.RowFixed(ctx, from, places, mode)
				require.NoError(t, err)
				compared += sameLine(t, want, line, places, mode, from, places, mode)
				off, _, err := s.RowErrors(ctx, from, places)
				require.NoError(t, err)
				largest = max(largest, off)
			}
		}
		kept += s.KeptRows()
	}
	t.Logf("%d figures compared, %d rows kept, closest to the bounds %.3f", compared, kept, largest)
	require.LessOrEqual(t, largest, 1.0)
	require.Greater(t, kept, testkit.Cases(12)*2)
}
