package exact_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/above"
	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/testkit"
)

// requireLevels compares the levels with their definition: 0 for a part that no other part holds,
// and else 1 more than the highest level of those that hold it.
func requireLevels(t *testing.T, s *exact.Solver, companies int) (levels int) {
	t.Helper()
	l, err := above.LevelsOf(t.Context(), s)
	require.NoError(t, err)
	c, err := s.Condensed(t.Context())
	require.NoError(t, err)
	require.Len(t, l.Order, companies)
	of := map[int32]int{}
	for level := range l.Alone {
		require.LessOrEqual(t, l.Start[level], l.Alone[level])
		require.LessOrEqual(t, l.Alone[level], l.Start[level+1])
		require.True(t, slices.IsSorted(l.Order[l.Alone[level]:l.Start[level+1]]))
		for at := l.Start[level]; at < l.Start[level+1]; at++ {
			k := l.Order[at]
			_, twice := of[k]
			require.False(t, twice)
			of[k] = level
			members := c.Members(c.Part[k])
			require.Equal(t, at >= l.Alone[level], len(members) == 1)
			if k == members[0] {
				require.Equal(t, members, l.Order[at:int(at)+len(members)])
			}
		}
	}
	for k := range of {
		want := 0
		for _, j := range c.Members(c.Part[k]) {
			col := s.Holders(j)
			for e, h := range col.Rows {
				if c.Company(h) && c.Part[h] != c.Part[k] && col.Held(e) {
					want = max(want, of[h]+1)
				}
			}
		}
		require.Equal(t, want, of[k], "company %d", k)
	}
	return len(l.Alone)
}

func TestLevels(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	most := 0
	for range testkit.Cases(200) {
		m := random(rng, shape{companies: 2 + rng.IntN(40), outsiders: 3, degree: 1 + rng.IntN(3), total: 100, cycles: rng.IntN(2) == 0})
		companies, last := 0, int32(0)
		for k, total := range m.Total {
			if total > 0 {
				companies++
				last = int32(k)
			}
		}
		s := exact.NewSolver(m, exact.Limits{})
		most = max(most, requireLevels(t, s, companies))
		x, _ := redraw(rng, m, last)
		changed, err := s.With(x)
		require.NoError(t, err)
		requireLevels(t, changed, companies)
	}
	require.Greater(t, most, 5)
	l, err := above.LevelsOf(t.Context(), exact.NewSolver(&matrix.Matrix{}, exact.Limits{}))
	require.NoError(t, err)
	require.Empty(t, l.Alone)
}
