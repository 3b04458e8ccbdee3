package sharing

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// Owen returns the Owen value for members in blocks: what each member adds to the value of
// those who came before it, on average over the orders in which the members of a block come
// one after another. Members that no block names are each a block of their own. With blocks
// of one member each, or one block of all, it is the Shapley value.
//
// It fails with an InputError if a block is empty, or names a member that is unknown or in
// another block.
//
// Source: G. Owen, Values of Games with a Priori Unions, in Mathematical Economics and Game
// Theory, Essays in Honor of Oskar Morgenstern, 1977.
func (g Game) Owen(ctx context.Context, blocks [][]string) (Division, error) {
	if err := g.ready(ctx); err != nil {
		return Division{}, err
	}
	sets, err := g.blocks(blocks)
	if err != nil {
		return Division{}, err
	}
	amounts := make([]*big.Rat, len(g.members))
	for k := range sets {
		if err := g.owenBlock(ctx, sets, k, amounts); err != nil {
			return Division{}, err
		}
	}
	return g.divided("Owen value", func(i int) ratio.Ratio { return ratio.FromRat(amounts[i]) }), nil
}

// blocks returns the blocks as coalitions that have every member once.
func (g Game) blocks(named [][]string) ([]Coalition, error) {
	var f faults
	index := g.index()
	var sets []Coalition
	var seen Coalition
	for k, names := range named {
		place := placed("blocks", k)
		c, _ := coalition(&f, place, index, names)
		if len(names) == 0 {
			f.add(place, ErrBlocks, "the block has no members")
		}
		if twice := c & seen; twice != 0 {
			f.add(place, ErrBlocks, "%s is in an earlier block", listed(g.members, twice))
		}
		seen |= c
		sets = append(sets, c)
	}
	for rest := g.all() &^ seen; rest != 0; rest = rest.rest() {
		sets = append(sets, alone(rest.first()))
	}
	return sets, f.err()
}

// owenBlock calculates the amounts of the members of block k.
func (g Game) owenBlock(ctx context.Context, sets []Coalition, k int, amounts []*big.Rat) error {
	var own []Coalition
	for c := sets[k]; c != 0; c = c.rest() {
		own = append(own, alone(c.first()))
	}
	others := append(append([]Coalition(nil), sets[:k]...), sets[k+1:]...)
	outer, outerMultiple := orderWeights(len(sets))
	inner, innerMultiple := orderWeights(len(own))
	bySize, err := g.sumsBySize(ctx, others, own)
	if err != nil {
		return err
	}
	den := new(big.Int).Mul(outerMultiple, innerMultiple)
	den.Mul(den, g.values.den)
	for i, c := range own {
		total := new(big.Int)
		for r, weight := range outer {
			x := bySize[r].weighted(i, inner)
			total.Add(total, x.Mul(x, weight))
		}
		amounts[c.first()] = new(big.Rat).SetFrac(total, den)
	}
	return nil
}
