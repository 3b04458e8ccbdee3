package network

import (
	"context"
	"fmt"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/power"
)

// CompoundPower returns the power of outside holders over a company, directly and
// through other companies. It is the absolute Banzhaf index of the compound game of
// Crama and Leruth (2007; the article was not read, the definition is this
// paragraph). Each coalition of outside holders controls companies, whose votes
// control others. A holder's power is the fraction of all coalitions of the others
// that gain control of the company when the holder joins. In cycles a coalition
// controls the least set of companies that its votes, with theirs, control. The votes
// of floats split evenly.
//
// The list is sorted by holder and includes holders without power. CompoundPower fails
// with [crossholding.ErrUnknown] for an unknown company, with
// [crossholding.ErrSearchLimit] above the bound of [CoalitionOptions], with
// [crossholding.ErrRange] for a bad bound, with [crossholding.ErrTooLarge] for votes of
// too many digits, and with ctx's error when ctx is done.
func CompoundPower(ctx context.Context, v *crossholding.Votes, company string, opt CoalitionOptions) ([]HolderPower, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, ctxError(ctx)
	}
	g := v.Graph()
	c, err := g.Company(company)
	if err != nil {
		return nil, err
	}
	t, err := newCoalitionTable(v, []int32{c}, func(x int32) bool { return !g.HasShares(x) }, opt)
	if err != nil {
		return nil, err
	}
	target, _ := slices.BinarySearch(t.nodes, c)
	var bit []int // of each player
	for rest := t.players; rest != 0; rest &= rest - 1 {
		bit = append(bit, bits.TrailingZeros64(rest))
	}
	out := make([]HolderPower, len(bit))
	for i, b := range bit {
		out[i].Holder = g.ID(t.nodes[b])
	}
	if t.controls(t.players)>>target&1 == 0 {
		return out, nil // even all holders together do not control the company
	}
	stage, listed := progress.Start(ctx, "coalitions", 1<<len(bit), 1), 0
	game, err := power.Listed(ctx, len(bit), func(in []bool) bool {
		stage.At(listed)
		listed++
		var set uint64
		for i, yes := range in {
			if yes {
				set |= 1 << bit[i]
			}
		}
		return t.controls(set)>>target&1 == 1
	})
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	stage.End()
	banzhaf, err := withProgress(ctx, game.Banzhaf)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	for i, r := range banzhaf.Absolute().All() {
		out[i].Power = r
	}
	return out, nil
}
