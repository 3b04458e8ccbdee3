package graph_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
)

func TestNew(t *testing.T) {
	g := graph.New([]string{"a", "b", "c", "d"}, []int32{3, 0, 3, 1, 3}, []int32{2, 2, 0, 2, 2})
	require.Equal(t, []int32{0, 1, 1, 5, 5}, g.Columns)
	require.Equal(t, []int32{0, 2, 2, 2, 2}, g.Issuer)
	require.Equal(t, []int32{3, 0, 1, 3, 3}, g.Holder)
	require.Equal(t, []int32{2, 1, 3, 0, 4}, g.Record)
	g.ListRows()
	require.Equal(t, []int32{0, 3, 4}, g.ByVoter.Of(3))
	g.Voter = []int32{graph.None, 0, 1, 3, graph.None}
	g.ListRows()
	require.Equal(t, []int32{0, 3, 4}, g.ByBeneficiary.Of(3))
	require.Equal(t, []int32{3}, g.ByVoter.Of(3))

	empty := graph.New(nil, nil, nil)
	empty.ListRows()
	require.Equal(t, []int32{0}, empty.Columns)
}

// Columns of all lengths are sorted by holder, then place in the arguments.
func TestNewSorts(t *testing.T) {
	const nodes = 40
	r := rand.New(rand.NewPCG(1, 1))
	for _, stakes := range []int{1, 10, 24 * 3, 1000} {
		for _, issuers := range []int{1, 3, nodes} {
			t.Run(fmt.Sprintf("stakes=%d/issuers=%d", stakes, issuers), func(t *testing.T) {
				holder, issuer, order := make([]int32, stakes), make([]int32, stakes), make([]int32, stakes)
				for i := range order {
					holder[i], issuer[i], order[i] = r.Int32N(nodes), r.Int32N(int32(issuers)), int32(i)
				}
				g := graph.New(make([]string, nodes), holder, issuer)
				slices.SortFunc(order, func(a, b int32) int {
					return cmp.Or(cmp.Compare(issuer[a], issuer[b]), cmp.Compare(holder[a], holder[b]), cmp.Compare(a, b))
				})
				require.Equal(t, order, g.Record)
				for e, i := range order {
					require.Equal(t, holder[i], g.Holder[e])
					require.Equal(t, issuer[i], g.Issuer[e])
				}
			})
		}
	}
}
