package graph_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleWholeUnits() {
	units, total, unit := graph.WholeUnits([]ratio.Ratio{ratio.Of(1, 2), ratio.Of(1, 3)}, ratio.Int(2))
	fmt.Println(units, "of", total, "in units of", unit)
	// Output: [3 2] of 12 in units of 1/6
}

// weightingOf gives every stake of g a figure. The figures of some companies are
// decimals, and those of others need fractions.
func weightingOf(r *rand.Rand, g *graph.Graph) graph.Weighting {
	n := g.IDs.Len()
	m := graph.Weighting{Units: make([]int64, len(g.Issuer)), TotalUnits: make([]int64, n), TreasuryUnits: make([]int64, n), Scale: make([]uint8, n)}
	for c := range int32(n) {
		from, to := g.Column(c)
		den := []int64{1, 100, 7}[r.IntN(3)]
		own := ratio.Of(r.Int64N(50), den)
		total, figures := own, make([]ratio.Ratio, to-from)
		for i := range figures {
			figures[i] = ratio.Of(r.Int64N(1000), den)
			total = total.Add(figures[i])
		}
		m.Store(c, from, figures, total.Add(ratio.Of(1, den)), own)
	}
	return m
}

func TestStoreKeepsFigures(t *testing.T) {
	eighteen := ratio.Of(1, 1e18)
	tests := []struct {
		name       string
		figures    []ratio.Ratio
		total, own ratio.Ratio
		big        bool
	}{
		{"no stakes", nil, ratio.Int(100), ratio.Int(0), false},
		{"whole numbers", []ratio.Ratio{ratio.Int(3), ratio.Int(4)}, ratio.Int(10), ratio.Int(1), false},
		{"decimals", []ratio.Ratio{ratio.Of(1, 4)}, ratio.Int(10), ratio.Of(1, 8), false},
		{"eighteen decimals", []ratio.Ratio{eighteen}, ratio.Int(1), eighteen, false},
		{"too many decimals for the total", []ratio.Ratio{eighteen}, ratio.Int(3), eighteen, true},
		{"a third", []ratio.Ratio{ratio.Of(1, 3)}, ratio.Int(10), ratio.Int(1), true},
		{"a treasury of thirds", []ratio.Ratio{ratio.Int(1)}, ratio.Int(10), ratio.Of(1, 3), true},
		{"the largest count", nil, ratio.Int(graph.MaxUnits - 1), ratio.Int(0), false},
		{"a larger count", nil, ratio.Int(graph.MaxUnits), ratio.Int(0), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			holder, issuer := make([]int32, len(test.figures)), make([]int32, len(test.figures))
			for i := range issuer {
				issuer[i] = 1
			}
			g := graph.New([]string{"a", "b"}, holder, issuer)
			m := graph.Weighting{Units: make([]int64, len(issuer)), TotalUnits: make([]int64, 2), TreasuryUnits: make([]int64, 2), Scale: make([]uint8, 2)}
			m.Store(1, 0, test.figures, test.total, test.own)
			require.Equal(t, test.big, m.Big[1] != nil)
			require.True(t, m.Issued(1).Equal(test.total))
			require.True(t, m.Treasury(1).Equal(test.own))
			require.True(t, m.Outstanding(1).Equal(test.total.Sub(test.own)))
			free := test.total.Sub(test.own)
			for e, figure := range test.figures {
				require.True(t, g.Stake(&m, int32(e)).Equal(figure))
				free = free.Sub(figure)
			}
			require.True(t, g.Float(&m, 1).Equal(free))
		})
	}
}

func TestWholeUnitsKeepFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	for range 300 {
		var total ratio.Ratio
		figures := make([]ratio.Ratio, r.IntN(6))
		for i := range figures {
			figures[i] = ratio.Of(r.Int64N(100), 1+r.Int64N(30))
			total = total.Add(figures[i])
		}
		units, all, unit := graph.WholeUnits(figures, total)
		small, smallAll, ok := graph.SmallUnits(figures, total)
		require.True(t, ok)
		require.Equal(t, all.Int64(), smallAll)
		require.True(t, ratio.Int(all.Int64()).Mul(unit).Equal(total))
		for i, figure := range figures {
			require.Equal(t, units[i].Int64(), small[i])
			require.True(t, ratio.Int(small[i]).Mul(unit).Equal(figure))
		}
	}
	_, _, ok := graph.SmallUnits([]ratio.Ratio{ratio.Of(1, 1<<40)}, ratio.Int(1<<40))
	require.False(t, ok, "the total needs 80 bits")
}

func TestSameWeighting(t *testing.T) {
	a := graph.Weighting{Units: []int64{1}}
	b := graph.Weighting{Units: []int64{1}}
	require.True(t, graph.SameWeighting(&a, &a))
	require.False(t, graph.SameWeighting(&a, &b))
	require.False(t, graph.SameWeighting(&graph.Weighting{}, &graph.Weighting{}))
}
