package exact_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A ring of 13, each held to a half by the one before and the first to a quarter by anna. The last
// holds half of x, and b, which anna owns alone, a quarter of it. What goes round the ring comes
// back as 1/2^13, so anna has 1/4 over 1-1/2^13 of the first, which is 2048/8191. Of the last she has
// that over 2^12, and of x half of that and a quarter.
func TestWakeByHand(t *testing.T) {
	const ring = 13
	totals := []int64{0}
	var stakes []stake
	for i := range int32(ring) {
		totals = append(totals, 4)
		stakes = append(stakes, stake{1 + (i+ring-1)%ring, 1 + i, 2})
	}
	b, x := int32(ring+1), int32(ring+2)
	totals = append(totals, 4, 4)
	stakes = append(stakes, stake{0, 1, 1}, stake{0, b, 4}, stake{ring, x, 2}, stake{b, x, 1})
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	in, out, err := s.FromWake(t.Context(), exact.Owner{Node: 0})
	require.NoError(t, err)
	require.Equal(t, []int{ring + 1, 1}, []int{in, out})
	line, err := s.RowFixed(t.Context(), exact.Owner{Node: 0}, 12, rounding.HalfEven)
	require.NoError(t, err)
	for node, want := range map[int32]string{1: "250030521304", ring: "61042608", b: "1000000000000", x: "250030521304"} {
		z, ok := line.Find(exact.Owner{Node: node})
		require.True(t, ok)
		require.Equal(t, want, z.String(), node)
	}
}

// Two rings. Anna has a quarter of the first company of a ring of 13, and through c a quarter of the
// first of a ring of 14, which is the larger part and is met later. The last of either ring holds
// half of a company below. So she has 2048/8191 of the first of one ring and 4096/16383 of the other,
// and of the last that over 2^12 and 2^13.
func TestTwoWakesByHand(t *testing.T) {
	totals := []int64{0}
	var stakes []stake
	ring := func(from, n int32) {
		for i := range n {
			totals = append(totals, 4)
			stakes = append(stakes, stake{from + (i+n-1)%n, from + i, 2})
		}
	}
	ring(1, 13)
	totals = append(totals, 4) // c
	ring(15, 14)
	totals = append(totals, 4, 4)
	stakes = append(stakes, stake{0, 1, 1}, stake{0, 14, 4}, stake{14, 15, 1}, stake{13, 29, 2}, stake{28, 30, 2})
	s := exact.NewSolver(build(totals, stakes), exact.Limits{})
	in, out, err := s.FromWake(t.Context(), exact.Owner{Node: 0})
	require.NoError(t, err)
	require.Equal(t, []int{15, 15}, []int{in, out})
	line, err := s.RowFixed(t.Context(), exact.Owner{Node: 0}, 12, rounding.HalfEven)
	require.NoError(t, err)
	for node, want := range map[int32]string{1: "250030521304", 13: "61042608", 29: "30521304", 15: "250015259720", 28: "30519441"} {
		z, ok := line.Find(exact.Owner{Node: node})
		require.True(t, ok, node)
		require.Equal(t, want, z.String(), node)
	}
}

// TestWakeRows compares rows that pass through large parts with fractions, on the matrix as it is
// and after changes.
func TestWakeRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(93, 1))
	ctx := t.Context()
	compared, fromWakes, others, largest := 0, 0, 0, 0.0
	var space exact.RowSpace
	for range testkit.Cases(40) {
		m := drawCone(rng)
		s := exact.NewSolver(m, exact.Limits{})
		if s.Check(ctx) != nil {
			continue
		}
		for range 10 {
			i := int32(rng.IntN(len(m.Total)))
			from := exact.Owner{Node: i, Float: m.Total[i] > 0 && rng.IntN(3) == 0}
			places, mode := 1+rng.IntN(18), allModes[rng.IntN(4)]
			want, err := s.Row(ctx, from)
			require.NoError(t, err)
			line, first, err := s.RowsFixed(ctx, from, places, mode, &space)
			require.NoError(t, err)
			compared += sameLine(t, want, line, places, mode, from, places, mode)
			compared += sameLine(t, firstPassage(t, s, m, want, from), first, places, mode, "first", from, places, mode)
			in, out, err := s.FromWake(ctx, from)
			require.NoError(t, err)
			fromWakes, others = fromWakes+in, others+out
			off, _, err := s.RowErrors(ctx, from, places)
			require.NoError(t, err)
			largest = max(largest, off)

			kept, err := s.Retain(ctx, from, places, mode)
			require.NoError(t, err)
			compared += sameLine(t, want, kept.Line(), places, mode, "kept", from, places, mode)
			x, changed := halve(rng, m, int32(6+rng.IntN(len(m.Total)-6)))
			after, err := s.With(x)
			require.NoError(t, err)
			fresh, wantErr := exact.NewSolver(changed, exact.Limits{}).RowFixed(ctx, from, places, mode)
			kept, err = kept.Update(ctx, after)
			require.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			if err == nil {
				require.Equal(t, lineText(fresh), lineText(kept.Line()))
			}
		}
	}
	t.Logf("%d figures compared, %d of wakes and %d others, closest to the bounds %.3f", compared, fromWakes, others, largest)
	require.LessOrEqual(t, largest, 1.0)
	require.Greater(t, fromWakes, testkit.Cases(1_000))
	require.Greater(t, others, testkit.Cases(300))
}

// TestWakeTogether asks for rows of one solver from several goroutines at once.
func TestWakeTogether(t *testing.T) {
	m := drawCone(rand.New(rand.NewPCG(94, 1)))
	s := exact.NewSolver(m, exact.Limits{})
	var asked sync.WaitGroup
	for i := range int32(12) {
		asked.Go(func() {
			got, err := s.RowFixed(t.Context(), exact.Owner{Node: i}, 12, rounding.HalfEven)
			want, wantErr := exact.NewSolver(m, exact.Limits{}).RowFixed(t.Context(), exact.Owner{Node: i}, 12, rounding.HalfEven)
			assert.Equal(t, fmt.Sprint(wantErr), fmt.Sprint(err))
			if err == nil && wantErr == nil {
				assert.Equal(t, lineText(want), lineText(got))
			}
		})
	}
	asked.Wait()
}
