package exact_test

import (
	"cmp"
	"context"
	"math/big"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/above"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/testkit"
)

// The tests of package above stand here, beside the random matrices that they share with those
// of the solver.

// checkAbove compares with the exact columns of all companies, and requires that the shares
// lie within their bounds. It returns the number of owners, and of those at the limit.
func checkAbove(t *testing.T, s *exact.Solver, m *matrix.Matrix, limit *big.Rat, atLeast bool) (owners, ties int) {
	t.Helper()
	got := map[int32][]above.Found{}
	none := map[int32]bool{}
	require.NoError(t, above.Find(t.Context(), s, limit, atLeast, func(a above.Found) bool {
		if a.None {
			require.False(t, none[a.Company])
			none[a.Company] = true
			return true
		}
		got[a.Company] = append(got[a.Company], a)
		return true
	}))
	unit := new(big.Int).Lsh(big.NewInt(1), 62)
	for j := range int32(len(m.Total)) {
		if m.Total[j] == 0 {
			require.Empty(t, got[j])
			continue
		}
		col, err := s.Column(t.Context(), j)
		if err != nil {
			require.ErrorIs(t, err, exact.ErrRing)
			require.True(t, none[j])
			require.Empty(t, got[j])
			continue
		}
		require.False(t, none[j])
		var want []exact.Share
		for _, x := range col.Shares {
			c := x.Value.Cmp(limit)
			if !x.Float && m.Total[x.Node] > 0 || c < 0 {
				continue
			}
			if c == 0 {
				ties++
			}
			if c > 0 || atLeast {
				want = append(want, x)
			}
		}
		slices.SortFunc(want, func(a, b exact.Share) int {
			if a.Float != b.Float {
				return map[bool]int{true: 1, false: -1}[a.Float]
			}
			return cmp.Compare(a.Node, b.Node)
		})
		require.Len(t, got[j], len(want), "company %d, limit %v", j, limit)
		owners += len(want)
		for i, x := range want {
			a := got[j][i]
			require.Equal(t, x.Owner, a.Owner)
			require.GreaterOrEqual(t, x.Value.Cmp(new(big.Rat).SetFrac(new(big.Int).SetUint64(a.Low), unit)), 0)
			require.LessOrEqual(t, x.Value.Cmp(new(big.Rat).SetFrac(new(big.Int).SetUint64(a.High), unit)), 0)
		}
	}
	return owners, ties
}

// drawLimit returns a usual limit, or the share of an owner.
func drawLimit(t *testing.T, rng *rand.Rand, s *exact.Solver, m *matrix.Matrix) *big.Rat {
	usual := []*big.Rat{big.NewRat(1, 4), big.NewRat(1, 2), big.NewRat(1, 10), big.NewRat(1, 3), big.NewRat(1, 1000), big.NewRat(0, 1), big.NewRat(1, 1), big.NewRat(3, 2)}
	if rng.IntN(2) == 0 {
		return usual[rng.IntN(len(usual))]
	}
	for range 20 {
		col, err := s.Column(t.Context(), int32(rng.IntN(len(m.Total))))
		if err == nil && len(col.Shares) > 0 {
			return col.Shares[rng.IntN(len(col.Shares))].Value
		}
	}
	return usual[0]
}

func TestAboveAgreesWithColumns(t *testing.T) {
	shapes := map[string]shape{
		"small":     {companies: 6, outsiders: 4, degree: 2, total: 1e9, cycles: true},
		"round":     {companies: 10, outsiders: 4, degree: 2, total: 100, cycles: true},
		"tree":      {companies: 40, outsiders: 20, degree: 2, total: 10},
		"deep":      {companies: 60, outsiders: 30, degree: 1, total: 1e6},
		"many":      {companies: 30, outsiders: 200, degree: 20, total: 1e6, cycles: true},
		"near ring": {companies: 8, outsiders: 3, degree: 2, total: 1e6, leak: 1, near: true, cycles: true},
		"large":     {companies: 40, outsiders: 30, degree: 4, total: 1e5, cycles: true},
	}
	for name, sh := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, uint64(len(name))))
			owners, ties := 0, 0
			for range testkit.Cases(60) {
				m := random(rng, sh)
				s := exact.NewSolver(m, exact.Limits{})
				for range 3 {
					a, b := checkAbove(t, s, m, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
					owners, ties = owners+a, ties+b
				}
			}
			require.Positive(t, owners)
			require.Positive(t, ties)
		})
	}
	t.Run("cores", func(t *testing.T) { // with wide columns and closed rings
		rng := rand.New(rand.NewPCG(5, 99))
		for i := range testkit.Cases(20) {
			m := drawCores(rng, []int{0, 3}[i%2])
			s := exact.NewSolver(m, exact.Limits{})
			checkAbove(t, s, m, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
		}
	})
	t.Run("hub", func(t *testing.T) { // and after a change
		rng := rand.New(rand.NewPCG(5, 98))
		for i := range testkit.Cases(10) {
			m := hub(rng, 300, i%2 == 1)
			s := exact.NewSolver(m, exact.Limits{})
			checkAbove(t, s, m, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
			x, fresh := redraw(rng, m, 0)
			changed, err := s.With(x)
			require.NoError(t, err)
			checkAbove(t, changed, fresh, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
		}
	})
}

// In long chains and in large parts many shares are dropped.
func TestAboveDrops(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 97))
	for range testkit.Cases(10) {
		m := random(rng, shape{companies: 60, outsiders: 400, degree: 14, total: 1e6, cycles: rng.IntN(2) == 0})
		s := exact.NewSolver(m, exact.Limits{})
		for range 3 {
			checkAbove(t, s, m, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
		}
	}
}

// The companies of several windows are divided among workers. Their number changes nothing.
func TestAboveOfManyCompanies(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 95))
	for _, sh := range []shape{
		{companies: testkit.Size(2100, 5000), outsiders: 800, degree: 1, total: 100},
		{companies: testkit.Size(2100, 5000), outsiders: 3000, degree: 1, total: 1e6},
	} {
		m := random(rng, sh)
		s := exact.NewSolver(m, exact.Limits{})
		var lists [][]above.Found
		for _, workers := range []int{1, 2, 5} {
			before := runtime.GOMAXPROCS(workers)
			var list []above.Found
			err := above.Find(t.Context(), s, big.NewRat(1, 4), true, func(a above.Found) bool {
				list = append(list, a)
				return true
			})
			runtime.GOMAXPROCS(before)
			require.NoError(t, err)
			lists = append(lists, list)
		}
		require.Equal(t, lists[0], lists[1])
		require.Equal(t, lists[0], lists[2])
		owners, _ := checkAbove(t, s, m, big.NewRat(1, 4), true)
		require.Len(t, lists[0], owners)
	}
}

// A stake of no units links companies in both directions, and nobody owns anything by it.
func TestAboveOfEmptyStakes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 94))
	for range testkit.Cases(20) {
		m := random(rng, shape{companies: 12, outsiders: 6, degree: 3, total: 100, cycles: true})
		for e := range m.Units {
			if rng.IntN(2) == 0 {
				m.Units[e] = 0
			}
		}
		s := exact.NewSolver(m, exact.Limits{})
		checkAbove(t, s, m, drawLimit(t, rng, s, m), rng.IntN(2) == 0)
	}
}

func TestAboveOfRings(t *testing.T) {
	m := build([]int64{10, 10, 10, 5, 5, 7, 0}, []stake{
		{0, 1, 10}, {1, 0, 10}, {0, 2, 4}, {1, 2, 6}, {3, 4, 5}, {4, 3, 5}, {3, 5, 2}, {6, 5, 3}, {2, 0, 0},
	})
	var none []int32
	require.NoError(t, above.Find(t.Context(), exact.NewSolver(m, exact.Limits{}), big.NewRat(1, 4), false, func(a above.Found) bool {
		if a.None {
			none = append(none, a.Company)
		}
		return true
	}))
	slices.Sort(none)
	require.Equal(t, []int32{0, 1, 2, 3, 4, 5}, none)
}

func TestAboveEnds(t *testing.T) {
	m := random(rand.New(rand.NewPCG(5, 96)), shape{companies: 30_000, outsiders: 3000, degree: 2, total: 1e6})
	s := exact.NewSolver(m, exact.Limits{})
	count := 0
	require.NoError(t, above.Find(t.Context(), s, big.NewRat(1, 4), false, func(above.Found) bool { count++; return count < 5 }))
	require.Equal(t, 5, count)
	ctx, cancel := context.WithCancel(t.Context())
	err := above.Find(ctx, s, big.NewRat(1, 4), false, func(above.Found) bool { cancel(); return true })
	require.ErrorIs(t, err, context.Canceled)
	took := stopAfter(t, 5*time.Millisecond, func(ctx context.Context) error {
		for {
			if err := above.Find(ctx, s, big.NewRat(1, 4), false, func(above.Found) bool { return true }); err != nil {
				return err
			}
		}
	})
	require.Less(t, took, time.Second)
}
