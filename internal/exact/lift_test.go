package exact_test

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/stretchr/testify/require"
)

// dense draws one part of n companies in which everybody may hold everybody;
// all outside ownership is the leaks and one outsider, the last node.
func dense(rng *rand.Rand, n int, density float64, total int64) *matrix.Matrix {
	totals := make([]int64, n+1)
	var stakes []stake
	for j := range n {
		totals[j] = total - rng.Int64N(total/4)
		holders := []int32{int32((j + 1) % n)} // a cycle through all
		for i := range n {
			if i != j && i != (j+1)%n && rng.Float64() < density {
				holders = append(holders, int32(i))
			}
		}
		each := totals[j] / 10 * 9 / int64(len(holders))
		for _, i := range holders {
			stakes = append(stakes, stake{i, int32(j), 1 + rng.Int64N(each)})
		}
		stakes = append(stakes, stake{int32(n), int32(j), rng.Int64N(totals[j] / 10)})
	}
	return build(totals, stakes)
}

func TestLargePartsAgainstElimination(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	sizes := []int{13, 20}
	if testkit.Long() {
		sizes = append(sizes, 27)
	}
	for _, n := range sizes {
		for _, total := range []int64{1000, 1 << 33, 1 << 61} {
			m := dense(rng, n, 0.2, total)
			s, g := exact.NewSolver(m, exact.Limits{}), newReference(m)
			for _, j := range []int32{int32(n / 2)} {
				col, err := s.Column(t.Context(), j)
				require.NoError(t, err)
				for _, sh := range col.Shares {
					fraction(t, g.y(sh.Owner, j), sh.Value, n, total, sh.Owner)
				}
				row, err := s.Row(t.Context(), exact.Owner{Node: j})
				require.NoError(t, err)
				for _, sh := range row.Shares {
					fraction(t, g.y(exact.Owner{Node: j}, sh.Node), sh.Value)
				}
			}
		}
	}
}

func TestLargePartSumsToOne(t *testing.T) {
	m := dense(rand.New(rand.NewPCG(9, 10)), 120, 0.3, 1<<32)
	col, err := exact.NewSolver(m, exact.Limits{}).Column(t.Context(), 3)
	require.NoError(t, err)
	all := new(big.Rat)
	for _, sh := range col.Shares {
		if sh.Float || m.Total[sh.Node] == 0 {
			all.Add(all, sh.Value)
		}
	}
	fraction(t, big.NewRat(1, 1), all)
}

func TestCancellation(t *testing.T) {
	m := dense(rand.New(rand.NewPCG(11, 12)), 300, 0.3, 1<<32)
	ask := func(ctx context.Context) error {
		_, err := exact.NewSolver(m, exact.Limits{}).Row(ctx, exact.Owner{Node: 300})
		return err
	}
	for _, after := range []time.Duration{0, 20, 60, 150} {
		late := stopAfter(t, after*time.Millisecond, ask)
		for try := 0; try < 4 && late > testkit.Slowdown*50*time.Millisecond; try++ {
			late = stopAfter(t, after*time.Millisecond, ask)
		}
		require.LessOrEqual(t, late, testkit.Slowdown*50*time.Millisecond, "stopped after %d ms", after)
	}
}

// TestCancellationCertified stops rows, columns and factors on their way.
func TestCancellationCertified(t *testing.T) {
	large := dense(rand.New(rand.NewPCG(13, 14)), 900, 1, 1<<32)
	sparse, major, hub := register(1_000_000 / testkit.Slowdown)
	for name, ask := range map[string]func(ctx context.Context) error{
		"factors": func(ctx context.Context) error {
			_, err := exact.NewSolver(large, exact.Limits{}).RowFixed(ctx, exact.Owner{Node: 900}, 28, rounding.HalfEven)
			return err
		},
		"row": func(ctx context.Context) error {
			_, err := exact.NewSolver(sparse, exact.Limits{}).RowFixed(ctx, exact.Owner{Node: major}, 12, rounding.HalfEven)
			return err
		},
		"long row": func(ctx context.Context) error {
			_, err := exact.NewSolver(sparse, exact.Limits{}).RowFixed(ctx, exact.Owner{Node: major}, 28, rounding.HalfEven)
			return err
		},
		"column": func(ctx context.Context) error {
			_, err := exact.NewSolver(sparse, exact.Limits{}).ColumnFixed(ctx, hub, 40, rounding.HalfEven)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			for after := time.Duration(0); after <= 120; after += time.Duration(testkit.Size(45, 10)) {
				// A machine busy with other work can hold up one call, not
				// call after call.
				late := stopAfter(t, after*time.Millisecond, ask)
				for try := 0; try < 4 && late > testkit.Slowdown*50*time.Millisecond; try++ {
					late = stopAfter(t, after*time.Millisecond, ask)
				}
				require.LessOrEqual(t, late, testkit.Slowdown*50*time.Millisecond, "stopped after %d ms", after)
			}
		})
	}
}

// stopAfter cancels a question and returns how long it went on.
func stopAfter(t *testing.T, after time.Duration, ask func(ctx context.Context) error) time.Duration {
	t.Helper()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	var stopped time.Time
	timer := time.AfterFunc(after, func() { stopped = time.Now(); cancel(cause) })
	err := ask(ctx)
	end := time.Now()
	if timer.Stop() {
		require.NoError(t, err) // it was done before
		return 0
	}
	<-ctx.Done()
	if err != nil {
		require.ErrorIs(t, err, cause)
	}
	return end.Sub(stopped)
}

func BenchmarkExact(b *testing.B) {
	for _, n := range []int{10, 24, 50, 100, 200, 400} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			m := dense(rand.New(rand.NewPCG(1, uint64(n))), n, 1, 1<<32)
			b.ReportAllocs()
			for b.Loop() {
				_, err := exact.NewSolver(m, exact.Limits{}).Row(b.Context(), exact.Owner{Node: int32(n)})
				require.NoError(b, err)
			}
		})
	}
}
