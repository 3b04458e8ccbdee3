package network

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// ControlPower returns the power of each player in a network of mutual control, by the
// index of Karos and Peters (Indirect Control and Power in Mutual Control Structures,
// Games and Economic Behavior 92, 2015; the index follows their abstract of 2013, the
// article was not read). It is the Shapley-Shubik power that a player has over all
// companies together, minus 1 if the player is a company that all players together
// control. It is below 0 for a player that is controlled more than it controls. The
// figures add up to 0. A coalition controls companies together with all that it
// controls.
//
// The players are all companies and holders, sorted by name. ControlPower fails with
// [crossholding.ErrSearchLimit] above the bound of [CoalitionOptions], with
// [crossholding.ErrRange] for a bad bound, with [crossholding.ErrTooLarge] for votes of
// too many digits, and with ctx's error when ctx is done.
func ControlPower(ctx context.Context, v *crossholding.Votes, opt CoalitionOptions) ([]HolderPower, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	g := v.Graph()
	all := make([]int32, 0, maxNodes)
	for i := range int32(g.Len()) {
		if len(all) > maxNodes {
			return nil, fmt.Errorf("network: coalitions of more than %d players: %w", maxNodes, crossholding.ErrSearchLimit)
		}
		all = append(all, i)
	}
	t, err := newCoalitionTable(v, all, func(int32) bool { return true }, opt)
	if err != nil {
		return nil, err
	}
	n := len(t.nodes)
	// gains[i][size] counts the pairs of a coalition without i, of that size,
	// and a company that it controls with i and not without.
	gains := make([][]int64, n)
	for i := range gains {
		gains[i] = make([]int64, n+1)
	}
	err = t.coalitions(ctx, func(set uint64) {
		controlled, size := int64(bits.OnesCount64(t.controls(set))), bits.OnesCount64(set)
		if controlled == 0 {
			return
		}
		for i := range n {
			if set>>i&1 == 1 {
				gains[i][size-1] += controlled
			} else {
				gains[i][size] -= controlled
			}
		}
	})
	if err != nil {
		return nil, err
	}
	under := t.controls(t.players)
	weights := shapleyWeights(n)
	out := make([]HolderPower, n)
	for i, x := range t.nodes {
		var sum ratio.Ratio
		for size := range n {
			sum = sum.Add(weights[size].Mul(ratio.Int(gains[i][size])))
		}
		out[i] = HolderPower{g.ID(x), sum.Sub(ratio.Int(int64(under >> i & 1)))}
	}
	return out, nil
}

// shapleyWeights returns, for each size of a coalition without a player, the
// probability that exactly this coalition comes before the player in a random order of
// n players.
func shapleyWeights(n int) []ratio.Ratio {
	out := make([]ratio.Ratio, n)
	for size := range n {
		choose := new(big.Int).Binomial(int64(n-1), int64(size))
		out[size] = ratio.FromRat(new(big.Rat).SetFrac(big.NewInt(1), choose.Mul(choose, big.NewInt(int64(n)))))
	}
	return out
}
