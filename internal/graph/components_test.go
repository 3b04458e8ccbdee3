package graph_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
)

func ExampleGraph_Components() {
	// b and c hold shares of each other; a holds shares of b, and d of nobody.
	g := graph.New([]string{"a", "b", "c", "d"}, []int32{0, 2, 1, 1}, []int32{1, 1, 2, 3})
	components, err := g.Components(context.Background())
	fmt.Println(components, err)
	// Output: [0 1 1 0] <nil>
}

// randomGraph returns a graph in which some stakes have a beneficiary or a voter
// other than the holder, or neutral votes.
func randomGraph(r *rand.Rand, nodes, stakes int, roles bool) *graph.Graph {
	ids := make([]string, nodes)
	for i := range ids {
		ids[i] = fmt.Sprintf("n%02d", i)
	}
	var holder, issuer []int32
	for range stakes {
		if h, c := r.Int32N(int32(nodes)), r.Int32N(int32(nodes)); h != c {
			holder, issuer = append(holder, h), append(issuer, c)
		}
	}
	g := graph.New(ids, holder, issuer)
	if roles {
		g.Beneficiary, g.Voter = slices.Clone(g.Holder), slices.Clone(g.Holder)
		for e := range g.Holder {
			switch r.IntN(8) {
			case 0:
				g.Beneficiary[e] = r.Int32N(int32(nodes))
			case 1:
				g.Voter[e] = r.Int32N(int32(nodes))
			case 2:
				g.Voter[e] = graph.None
			}
		}
	}
	g.ListRows()
	return &g
}

// reach returns for each pair of nodes whether the first has something of the second,
// directly or through others. It is Warshall's algorithm.
func reach(g *graph.Graph) [][]bool {
	n := g.IDs.Len()
	out := make([][]bool, n)
	for i := range out {
		out[i] = make([]bool, n)
	}
	for e, c := range g.Issuer {
		for _, x := range []int32{g.Holder[e], g.Beneficiary[e], g.Voter[e]} {
			if x != graph.None {
				out[x][c] = true
			}
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				out[i][j] = out[i][j] || out[i][k] && out[k][j]
			}
		}
	}
	return out
}

func TestComponentsAreMutualReachability(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	for i := range 400 {
		nodes := 1 + r.IntN(12)
		g := randomGraph(r, nodes, r.IntN(2*nodes+1), i%2 == 1)
		components, err := g.Components(context.Background())
		require.NoError(t, err)
		reaches := reach(g)
		last := int32(0)
		for x := range nodes {
			together := false
			for y := range nodes {
				if x == y {
					continue
				}
				same := reaches[x][y] && reaches[y][x]
				together = together || same
				require.Equal(t, same, components[x] != 0 && components[x] == components[y], "graph %d: %d and %d", i, x, y)
			}
			require.Equal(t, together, components[x] != 0, "graph %d: %d", i, x)
			last = max(last, components[x])
		}
		for c := range last { // numbers have no gaps
			require.Contains(t, components, c+1)
		}
	}
}

func TestComponentsOfALongCycle(t *testing.T) {
	const n = 1 << 15
	holder, issuer := make([]int32, n), make([]int32, n)
	for i := range int32(n) {
		holder[i], issuer[i] = i, (i+1)%n
	}
	g := graph.New(make([]string, n), holder, issuer)
	components, err := g.Components(context.Background())
	require.NoError(t, err)
	require.Equal(t, slices.Repeat([]int32{1}, n), components)

	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(cause)
	_, err = g.Components(ctx)
	require.ErrorIs(t, err, cause)
}

func TestSubgraphKeepsVotes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 100 {
		const nodes = 8
		g := randomGraph(r, nodes, 20, true)
		g.Votes = weightingOf(r, g)
		companies := []int32{1, 4, 5}
		local := make([]int32, nodes)
		for _, c := range companies {
			local[c] = 1
		}
		part := g.Subgraph(companies, local)
		for _, c := range companies {
			in := local[c] - 1
			require.Equal(t, g.IDs.At(c), part.IDs.At(in))
			require.True(t, g.Votes.Outstanding(c).Equal(part.Votes.Outstanding(in)))
			from, to := g.Column(c)
			start, end := part.Column(in)
			require.Equal(t, to-from, end-start)
			for e := range to - from {
				require.True(t, g.Stake(&g.Votes, from+e).Equal(part.Stake(&part.Votes, start+e)))
				if x := g.Voter[from+e]; x == graph.None {
					require.EqualValues(t, graph.None, part.Voter[start+e])
				} else {
					require.Equal(t, g.IDs.At(x), part.IDs.At(part.Voter[start+e]))
				}
			}
		}
	}
}
