package simplepath_test

import (
	"context"
	"encoding/json"
	"math"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/simplepath"
)

type graph struct {
	ids   []string
	edges map[int32][]simplepath.Edge
}

func (g *graph) node(id string) int32 {
	if i := slices.Index(g.ids, id); i >= 0 {
		return int32(i)
	}
	g.ids = append(g.ids, id)
	return int32(len(g.ids) - 1)
}

func read(t *testing.T, stakes [][3]string) *graph {
	t.Helper()
	g := &graph{edges: map[int32][]simplepath.Edge{}}
	for _, s := range stakes {
		w, ok := new(big.Rat).SetString(s[2])
		require.True(t, ok)
		from, to := g.node(s[0]), g.node(s[1])
		g.edges[from] = append(g.edges[from], simplepath.Edge{To: to, Weight: w.Quo(w, big.NewRat(100, 1))})
	}
	return g
}

func (g *graph) sums(t *testing.T, from string, combine simplepath.Combine) map[string]*big.Rat {
	t.Helper()
	out := map[string]*big.Rat{}
	err := simplepath.Walk(context.Background(), g.node(from), func(i int32) []simplepath.Edge { return g.edges[i] }, combine, 1000,
		func(path []int32, worth *big.Rat) bool {
			id := g.ids[path[len(path)-1]]
			if out[id] == nil {
				out[id] = new(big.Rat)
			}
			out[id].Add(out[id], worth)
			return true
		})
	require.NoError(t, err)
	return out
}

// TestPublished sums products over simple paths as published. The stakes in A
// are more than all of it, so no book can hold this case; the arithmetic is
// tested here.
func TestPublished(t *testing.T) {
	raw, err := os.ReadFile("testdata/close-links.json")
	require.NoError(t, err)
	var c struct {
		Stakes [][3]string
		Close  map[string]string
	}
	require.NoError(t, json.Unmarshal(raw, &c))
	g := read(t, c.Stakes)
	close := 0
	for _, x := range []string{"A", "B", "C", "D"} {
		for y, sum := range g.sums(t, x, simplepath.Product) {
			want, listed := c.Close[x+">"+y]
			require.Equal(t, listed, sum.Cmp(big.NewRat(1, 5)) >= 0, "%s>%s %s", x, y, sum)
			if !listed {
				continue
			}
			close++
			r, ok := new(big.Rat).SetString(want)
			require.True(t, ok)
			require.Zero(t, r.Cmp(sum), "%s>%s is %s", x, y, sum.FloatString(6))
		}
	}
	require.Len(t, c.Close, close)
}

func TestWeakest(t *testing.T) {
	g := read(t, [][3]string{{"A", "C", "30"}, {"A", "B", "30"}, {"B", "C", "20"}})
	require.Zero(t, g.sums(t, "A", simplepath.Weakest)["C"].Cmp(big.NewRat(1, 2)))
}

func TestCapAndContext(t *testing.T) {
	all := func(i int32) []simplepath.Edge {
		var out []simplepath.Edge
		for j := range int32(30) {
			if j != i {
				out = append(out, simplepath.Edge{To: j, Weight: big.NewRat(1, 30)})
			}
		}
		return out
	}
	visit := func([]int32, *big.Rat) bool { return true }
	err := simplepath.Walk(context.Background(), 0, all, simplepath.Product, 5000, visit)
	require.ErrorIs(t, err, simplepath.ErrCap)
	var capped *simplepath.CapError
	require.ErrorAs(t, err, &capped)
	require.Equal(t, 5000, capped.Cap)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, simplepath.Walk(ctx, 0, all, simplepath.Product, math.MaxInt, visit), context.Canceled)
}

func TestVisitPrunes(t *testing.T) {
	g := read(t, [][3]string{{"A", "B", "50"}, {"B", "C", "50"}})
	var seen []string
	err := simplepath.Walk(context.Background(), g.node("A"), func(i int32) []simplepath.Edge { return g.edges[i] }, simplepath.Product, 10,
		func(path []int32, _ *big.Rat) bool {
			seen = append(seen, g.ids[path[len(path)-1]])
			return false
		})
	require.NoError(t, err)
	require.Equal(t, []string{"B"}, seen)
}
