package maxflow_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/maxflow"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

func TestFlow(t *testing.T) {
	var n maxflow.Network
	require.Equal(t, "0", n.Flow(0, 1).String(), "no edges")
	n.Edge(0, 2, ratio.Int(3))
	n.Edge(0, 3, ratio.Of(1, 3))
	n.Edge(2, 3, ratio.Int(1))
	n.Edge(2, 1, ratio.Int(1))
	n.Edge(3, 1, ratio.Of(5, 4))
	n.Edge(3, 1, ratio.Int(-4))
	require.Equal(t, "9/4", n.Flow(0, 1).Rat().String())
	require.True(t, n.Reaches(2), "node 0 could send 1 more there")
	require.False(t, n.Reaches(1))
	require.Equal(t, "0", n.Flow(0, 1).String(), "all of it flows already")
}

// The largest flow is the smallest cut, which is found by trying all sets of nodes.
func TestFlowIsSmallestCut(t *testing.T) {
	for seed := range uint64(testkit.Cases(3000)) {
		rng := rand.New(rand.NewPCG(seed, 5))
		const nodes = 7
		var n maxflow.Network
		capacity := [nodes][nodes]ratio.Ratio{}
		for range rng.IntN(22) {
			from, to, c := rng.IntN(nodes), rng.IntN(nodes), ratio.Of(int64(rng.IntN(9)), int64(1+rng.IntN(4)))
			n.Edge(from, to, c)
			capacity[from][to] = capacity[from][to].Add(c)
		}
		cut := func(inside func(int) bool) (sum ratio.Ratio) {
			for i := range nodes {
				for j := range nodes {
					if inside(i) && !inside(j) {
						sum = sum.Add(capacity[i][j])
					}
				}
			}
			return sum
		}
		least := cut(func(i int) bool { return i == 0 })
		for set := range 1 << nodes {
			if set&1 != 0 && set&2 == 0 {
				if c := cut(func(i int) bool { return set>>i&1 != 0 }); c.Less(least) {
					least = c
				}
			}
		}
		require.Equal(t, least.String(), n.Flow(0, 1).String(), seed)
		require.Equal(t, least.String(), cut(n.Reaches).String(), "seed %d: the nodes that are reached", seed)
	}
}

// A path of many nodes, each with a way round, does not need a stack.
func TestLongPath(t *testing.T) {
	const length = 20_000
	var n maxflow.Network
	for i := range length {
		n.Edge(i, i+1, ratio.Int(2))
	}
	n.Edge(length/2, length, ratio.Int(1))
	require.Equal(t, "2", n.Flow(0, length).String())
}
