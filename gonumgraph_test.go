package crossholding_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	ranking "gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
)

func TestGonumGraph(t *testing.T) {
	v := booktest.New(t, percents([3]string{"a", "b", "30"}, [3]string{"b", "a", "20"}, [3]string{"p", "b", "10"})).GonumGraph()
	a, ok := v.Find("a")
	require.True(t, ok)
	b, _ := v.Find("b")
	_, ok = v.Find("q")
	require.False(t, ok)
	require.True(t, v.HasEdgeFromTo(a.ID(), b.ID()))
	require.False(t, v.HasEdgeBetween(a.ID(), 2))
	require.Equal(t, "[a p]", fmt.Sprint(graph.NodesOf(v.To(b.ID()))))
	require.Equal(t, "[a]", fmt.Sprint(graph.NodesOf(v.From(b.ID()))))
	w, ok := v.Weight(a.ID(), b.ID())
	require.True(t, ok)
	require.InDelta(t, 0.3, w, 0)
	w, ok = v.Weight(a.ID(), 2)
	require.False(t, ok)
	require.Equal(t, math.Inf(-1), w)
	for _, id := range []int64{-1, 3, math.MaxInt64} {
		require.Nil(t, v.Node(id))
		require.Nil(t, v.Edge(a.ID(), id))
		require.Zero(t, v.From(id).Len())
	}
	require.Zero(t, crossholding.GonumGraph{}.Nodes().Len())
	require.NotEmpty(t, ranking.PageRank(v, 0.85, 1e-6))
}

func ExampleAlliance_GonumGraph() {
	a, err := booktest.Renault("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range topo.TarjanSCC(a.GonumGraph()) {
		if len(part) > 1 {
			fmt.Println(len(part), "companies own one another")
		}
	}
	// Output: 3 companies own one another
}
