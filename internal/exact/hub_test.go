package exact_test

import (
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

// hub is companies that are held by so many others that a row asks these what
// they hold instead of reading the column: nodes 0 to 3, which hold of one
// another too where cycles is set. The holders are companies with holders of
// their own among themselves, and a few outside.
func hub(rng *rand.Rand, holders int, cycles bool) *matrix.Matrix {
	totals := make([]int64, holders+14)
	var stakes []stake
	for j := range int32(4) {
		totals[j] = 1 + rng.Int64N(1e9)*int64(holders)
		for h := range holders {
			if rng.IntN(8) > 0 {
				stakes = append(stakes, stake{int32(h + 4), j, rng.Int64N(totals[j] / int64(holders+10))})
			}
		}
		if other := rng.Int32N(4); cycles && other != j {
			stakes = append(stakes, stake{other, j, totals[j] / int64(holders+10)})
		}
	}
	for h := range holders {
		c := int32(h + 4)
		totals[c] = 1000
		if h > 0 && rng.IntN(3) == 0 {
			stakes = append(stakes, stake{4 + rng.Int32N(int32(h)), c, 1 + rng.Int64N(400)})
		}
		if cycles && rng.IntN(10*holders/100) == 0 {
			stakes = append(stakes, stake{rng.Int32N(4), c, 10})
		}
		stakes = append(stakes, stake{int32(holders+4) + rng.Int32N(10), c, 1 + rng.Int64N(400)})
	}
	return build(totals, stakes)
}

// The rows of a hub's holders agree with its column, which is worked out from
// the other end, and their decimals with the fractions, before and after the
// hub's column is replaced.
func TestHub(t *testing.T) {
	for seed := range 2 * uint64(testkit.Cases(3)) { // without cycles and with
		rng := rand.New(rand.NewPCG(seed, 77))
		m := hub(rng, 300, seed%2 == 1)
		s := exact.NewSolver(m, exact.Limits{})
		require.NoError(t, s.Check(t.Context()))
		checkHub(t, rng, s)
		x, fresh := redraw(rng, m, 0)
		changed, err := s.With(x)
		require.NoError(t, err)
		checkHub(t, rng, changed)
		for range 20 {
			from := exact.Owner{Node: rng.Int32N(int32(len(m.Total)))}
			want, err := exact.NewSolver(fresh, exact.Limits{}).Row(t.Context(), from)
			require.NoError(t, err)
			got, err := changed.RowFixed(t.Context(), from, 12, rounding.HalfEven)
			require.NoError(t, err)
			sameLine(t, want, got, 12, rounding.HalfEven, seed, from)
		}
	}
}

func checkHub(t *testing.T, rng *rand.Rand, s *exact.Solver) {
	t.Helper()
	for j := range int32(4) {
		col, err := s.Column(t.Context(), j)
		require.NoError(t, err)
		sum := new(big.Rat)
		for _, sh := range col.Shares {
			if !sh.Float && sh.Node >= 304 || sh.Float {
				sum.Add(sum, sh.Value)
			}
			if rng.IntN(15) > 0 {
				continue
			}
			row, err := s.Row(t.Context(), sh.Owner)
			require.NoError(t, err)
			fraction(t, sh.Value, row.Find(exact.Owner{Node: j}), "row and column", sh.Owner, j)
			for _, places := range []int{12, 28} {
				fixed, err := s.RowFixed(t.Context(), sh.Owner, places, rounding.HalfEven)
				require.NoError(t, err)
				sameLine(t, row, fixed, places, rounding.HalfEven, sh.Owner)
			}
		}
		fraction(t, big.NewRat(1, 1), sum, "outside owners")
	}
}

// A holder's row takes no longer where 32 times as many hold the same companies.
func TestHubGrowth(t *testing.T) {
	const rows = 300
	network := func(holders int) *matrix.Matrix { return hub(rand.New(rand.NewPCG(1, 1)), holders, false) }
	fewest := 2_000
	if testkit.Long() {
		fewest = 20_000
	}
	small, large := network(fewest), network(32*fewest)
	ask := func(m *matrix.Matrix, row func(*exact.Solver, exact.Owner) error) time.Duration {
		s := exact.NewSolver(m, exact.Limits{})
		holders := len(m.Total) - 14
		best := time.Hour
		for range 4 { // the first also prepares
			start := time.Now()
			for h := range rows {
				require.NoError(t, row(s, exact.Owner{Node: int32(4 + h*(holders/rows))}))
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	for name, row := range map[string]func(*exact.Solver, exact.Owner) error{
		"exact": func(s *exact.Solver, o exact.Owner) error { _, err := s.Row(t.Context(), o); return err },
		"places=12": func(s *exact.Solver, o exact.Owner) error {
			_, err := s.RowFixed(t.Context(), o, 12, rounding.HalfEven)
			return err
		},
		"places=28": func(s *exact.Solver, o exact.Owner) error {
			_, err := s.RowFixed(t.Context(), o, 28, rounding.HalfEven)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			few, many := ask(small, row), ask(large, row)
			t.Log(few, many)
			require.Less(t, many, 16*few)
		})
	}
}

// Fractions are the figures of a row, by node.
func TestFractions(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 78))
		m := random(rng, shape{companies: 12, outsiders: 4, degree: 2, total: 1e9, cycles: true})
		s := exact.NewSolver(m, exact.Limits{})
		for i := range int32(len(m.Total)) {
			if m.Total[i] > 0 {
				continue
			}
			want, err := s.Row(t.Context(), exact.Owner{Node: i})
			require.NoError(t, err)
			got, err := s.Fractions(t.Context(), i)
			require.NoError(t, err)
			require.Len(t, got, len(m.Total))
			for k, f := range got {
				v := new(big.Rat)
				if f.Num != nil {
					v.SetFrac(f.Num, f.Den)
				}
				fraction(t, want.Find(exact.Owner{Node: int32(k)}), v, seed, i, k)
			}
		}
	}
}

// BenchmarkHub asks for the rows of all holders of one company, which ought to
// take twice as long for twice as many.
func BenchmarkHub(b *testing.B) {
	for _, holders := range []int{1_000, 10_000, 100_000} {
		m := hub(rand.New(rand.NewPCG(1, 1)), holders, false)
		s := exact.NewSolver(m, exact.Limits{})
		require.NoError(b, s.Check(b.Context()))
		for _, form := range []struct {
			name string
			ask  func(exact.Owner) error
		}{
			{"exact", func(o exact.Owner) error { _, err := s.Row(b.Context(), o); return err }},
			{"places=12", func(o exact.Owner) error { _, err := s.RowFixed(b.Context(), o, 12, rounding.HalfEven); return err }},
			{"places=28", func(o exact.Owner) error { _, err := s.RowFixed(b.Context(), o, 28, rounding.HalfEven); return err }},
		} {
			b.Run(fmt.Sprintf("%s/holders=%d", form.name, holders), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					for h := range holders {
						require.NoError(b, form.ask(exact.Owner{Node: int32(h + 4)}))
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(holders), "ns/holder")
			})
		}
	}
}
