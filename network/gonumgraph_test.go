package network_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph"
	ranking "gonum.org/v1/gonum/graph/network"

	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
)

func TestGonumGraph(t *testing.T) {
	dividends, err := booktest.New(t, booktest.Percents([3]string{"a", "b", "30"}, [3]string{"b", "a", "20"}, [3]string{"p", "b", "10"})).Graph().Dividends()
	require.NoError(t, err)
	v := network.NewGonumGraph(dividends)
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
	zero := network.GonumGraph{}
	require.Zero(t, zero.Nodes().Len())
	require.Nil(t, zero.Node(0))
	require.Zero(t, zero.To(0).Len())
	_, ok = zero.Find("a")
	require.False(t, ok)
	_, ok = zero.Weight(0, 0)
	require.False(t, ok)
	require.NotEmpty(t, ranking.PageRank(v, 0.85, 1e-6))
}
