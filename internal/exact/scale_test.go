package exact_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/stretchr/testify/require"
)

// register draws a network like a national register: three nodes in five are
// companies, a core of interlocked companies, rings of two and three
// elsewhere, holders with a heavy tail, node numbers that tell nothing. Node
// major is the outsider and hub the company of the core with most stakes.
func register(stakes int) (m *matrix.Matrix, major, hub int32) {
	rng := rand.New(rand.NewPCG(99, uint64(stakes)))
	companies := stakes * 15 / 100
	n := companies * 5 / 3
	core := min(1500, companies/20)
	perm := rng.Perm(n)
	totals := make([]int64, n)
	list := make([]stake, 0, stakes)
	// tail draws from 0 to k-1, small numbers far more often.
	tail := func(k int) int {
		f := rng.Float64()
		return int(f * f * f * float64(k))
	}
	for c := range companies {
		j := int32(perm[c])
		total := int64(1000 * (1 + rng.ExpFloat64()*1e5))
		totals[j] = total
		left := total - rng.Int64N(total/4)
		give := func(h int) {
			u := 1 + rng.Int64N(left/3+1)
			if h != c && u < left {
				left -= u
				list = append(list, stake{int32(perm[h]), j, u})
			}
		}
		if c < core {
			for range 10 {
				give(rng.IntN(core))
			}
			give(companies + tail(n-companies))
			continue
		}
		if c%100 == 0 && c+1 < companies {
			give(c + 1)
		}
		if c%300 == 7 && c+2 < companies {
			give(c + 2)
		}
		// Two companies in five have a parent, some a second one: mostly a
		// neighbour, which makes pyramids, else one of the large.
		for parents := rng.IntN(5) - 2; parents > 0; parents-- {
			if rng.IntN(4) > 0 {
				give(c - 1 - rng.IntN(min(c, 60)))
			} else {
				give(tail(c))
			}
		}
		for range 1 + rng.IntN(10) {
			give(companies + tail(n-companies))
		}
	}
	for len(list) < stakes {
		c := core + rng.IntN(companies-core)
		list = append(list, stake{int32(perm[companies+tail(n-companies)]), int32(perm[c]), 0})
	}
	return build(totals, list), int32(perm[companies]), int32(perm[0])
}

func BenchmarkScale(b *testing.B) {
	for _, stakes := range []int{10_000, 100_000, 1_000_000, 4_000_000} {
		b.Run(fmt.Sprintf("stakes=%d", stakes), func(b *testing.B) { benchmarkScale(b, stakes) })
	}
}

func benchmarkScale(b *testing.B, stakes int) {
	m, major, hub := register(stakes)
	s := exact.NewSolver(m, exact.Limits{})
	ctx := b.Context()
	require.NoError(b, s.Check(ctx))
	_, err := s.RowFixed(ctx, exact.Owner{Node: hub}, 12, rounding.HalfEven)
	require.NoError(b, err)
	b.Run("pass", func(b *testing.B) {
		var worst int64
		for b.Loop() {
			for j := range m.Total {
				var sum int64
				for _, u := range m.Units[m.ColStart[j]:m.ColStart[j+1]] {
					sum += u
				}
				worst = max(worst, sum)
			}
		}
		require.Positive(b, worst)
	})
	b.Run("condense", func(b *testing.B) {
		for b.Loop() {
			require.NoError(b, exact.NewSolver(m, exact.Limits{}).Check(ctx))
		}
	})
	row := func(name string, from int32) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			owned := 0
			for b.Loop() {
				l, err := s.RowFixed(ctx, exact.Owner{Node: from}, 12, rounding.HalfEven)
				require.NoError(b, err)
				owned = l.Len()
			}
			b.ReportMetric(float64(owned), "companies")
		})
	}
	row("holdings/major", major)
	row("holdings/core", hub)
	all, err := s.OutsideFixed(ctx, 15)
	require.NoError(b, err)
	require.Equal(b, stakes*15/100, all.Len())
	for o, z := range all.All() {
		if u, ok := z.Uint64(); !ok || u != 1e15 {
			b.Fatalf("outside owners hold %v of %d", z, o.Node)
		}
	}
	b.Run("outside", func(b *testing.B) {
		for b.Loop() {
			_, err := s.OutsideFixed(ctx, 12)
			require.NoError(b, err)
		}
	})
	kept, err := s.Retain(ctx, exact.Owner{Node: major}, 12, rounding.HalfEven)
	require.NoError(b, err)
	parts, err := s.Parts(ctx)
	require.NoError(b, err)
	core := map[int32]bool{}
	for _, p := range parts {
		for _, k := range p {
			core[k] = len(p) > 50
		}
	}
	b.Run("whatif", func(b *testing.B) {
		b.ReportAllocs()
		rng := rand.New(rand.NewPCG(2, 2))
		for b.Loop() {
			// A company that holds one outside the core sells half.
			j := int32(rng.IntN(len(m.Total)))
			for m.Total[j] == 0 || m.ColStart[j] == m.ColStart[j+1] || m.Total[m.Row[m.ColStart[j]]] == 0 || core[j] {
				j = int32(rng.IntN(len(m.Total)))
			}
			x := exact.Change{Node: j, Total: m.Total[j]}
			lo, hi := m.ColStart[j], m.ColStart[j+1]
			x.Rows, x.Units = m.Row[lo:hi], slices.Clone(m.Units[lo:hi])
			x.Units[0] /= 2
			changed, err := s.With(x)
			require.NoError(b, err)
			_, err = kept.Update(ctx, changed)
			require.NoError(b, err)
		}
	})
	b.Run("owners", func(b *testing.B) {
		b.ReportAllocs()
		rng := rand.New(rand.NewPCG(1, 1))
		owners, asked := 0, 0
		for b.Loop() {
			j := int32(rng.IntN(len(m.Total)))
			if m.Total[j] == 0 {
				continue
			}
			l, err := s.ColumnFixed(ctx, j, 12, rounding.HalfEven)
			require.NoError(b, err)
			owners += l.Len()
			asked++
		}
		b.ReportMetric(float64(owners)/float64(asked+1), "owners/op")
	})
}
