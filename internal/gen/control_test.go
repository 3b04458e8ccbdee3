package gen_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/gen"
)

// TestRegisterGroupControl requires that some companies are controlled only by
// several of a group together, which following single majorities would miss.
func TestRegisterGroupControl(t *testing.T) {
	n, err := gen.Register(gen.Options{Seed: 4, Stakes: 40_000})
	require.NoError(t, err)
	held := make([][]int, n.Nodes())
	for s, h := range n.Holder {
		held[h] = append(held[h], s)
	}
	alone, together := 0, 0
	for x := range held {
		alone += controlled(n, held, int32(x), false)
		together += controlled(n, held, int32(x), true)
	}
	require.Greater(t, together, alone+alone/100)
}

// controlled counts the companies in which x, adding up the stakes of those it
// controls or looking at one stake at a time, has more than half.
func controlled(n *gen.Network, held [][]int, x int32, add bool) int {
	votes := map[int32]int64{}
	group := map[int32]bool{x: true}
	todo := []int32{x}
	for len(todo) > 0 {
		holder := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, s := range held[holder] {
			c := n.Issuer[s]
			if !add {
				votes[c] = 0
			}
			votes[c] += n.Shares[s]
			if !group[c] && 2*votes[c] > n.Issued[c]-n.Treasury[c] {
				group[c] = true
				todo = append(todo, c)
			}
		}
	}
	return len(group) - 1
}
