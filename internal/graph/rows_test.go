package graph

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Rows that are listed in groups are those that are listed at once.
func TestListGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{groups, groups + 1, 1000, 1024, 5000} {
		for _, workers := range []int{1, 2, 5} {
			who := make([]int32, r.IntN(20_000))
			for e := range who {
				who[e] = int32(r.IntN(n+1)) - 1
			}
			rows := func() Rows { return Rows{make([]int32, n+1), make([]int32, len(who))} }
			want, got := rows(), rows()
			want.list(who)
			got.listGroups(who, workers)
			require.Equal(t, want, got)
		}
	}
	who := make([]int32, manyStakes)
	for e := range who {
		who[e] = int32(e*7) % groups
	}
	many := RowsOf(who, groups)
	require.Len(t, many.Stakes, manyStakes)
	for i := range int32(groups) {
		for k, e := range many.Of(i) {
			require.Equal(t, i, who[e])
			require.True(t, k == 0 || many.Of(i)[k-1] < e)
		}
	}
}
