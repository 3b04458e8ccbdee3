package power

import (
	"context"
	"fmt"
	"math/big"
	"math/bits"
)

// census holds the counts from a list of all coalitions of a simple game.
type census struct {
	tally
	winning  uint64
	minimal  [][]uint64 // minimal[i][s]: minimal winning coalitions of size s with i as a member
	minimals uint64
	critical [][]uint64 // critical[i][c]: coalitions with c members who swing, of whom i is one
}

func (c census) winningCount() *big.Int { return new(big.Int).SetUint64(c.winning) }

// enumerate lists the coalitions of the game.
func (g Game) enumerate(ctx context.Context, o Options) (census, error) {
	in := make([]bool, g.players)
	return enumerate(ctx, g.players, o, func(set uint32) bool {
		for i := range in {
			in[i] = set>>i&1 == 1
		}
		return g.rule.wins(in)
	})
}

// enumerate lists the coalitions of n players. A coalition that contains a
// winning one must win as well.
func enumerate(ctx context.Context, n int, o Options, wins func(set uint32) bool) (census, error) {
	if n > mostEnumerated {
		return census{}, fmt.Errorf("%w: 2^%d coalitions, at most 2^%d are allowed", ErrTooHard, n, mostEnumerated)
	}
	if err := o.fits(float64(uint64(1)<<n)/8+24*float64(n*n), Enumeration); err != nil {
		return census{}, err
	}
	won := make([]uint64, max(1, 1<<n>>6))
	c := census{tally: newTally(n, Enumeration), minimal: newTally(n, 0).bySize, critical: newTally(n, 0).bySize}
	for i := range n {
		// A size and a number of critical members can be n.
		c.minimal[i], c.critical[i] = make([]uint64, n+1), make([]uint64, n+1)
	}
	const chunk = 1 << 14
	total := uint32(1) << n
	for set := uint32(0); set < total; set++ {
		if set%chunk == 0 {
			if err := cancelled(ctx); err != nil {
				return census{}, err
			}
			if o.Progress != nil && set > 0 {
				o.Progress(int(set/chunk), int((total+chunk-1)/chunk))
			}
		}
		if wins(set) {
			won[set>>6] |= 1 << (set & 63)
			c.count(set, won)
		}
	}
	return c, nil
}

// count records a winning coalition. All its subsets must have been listed
// before.
func (c *census) count(set uint32, won []uint64) {
	c.winning++
	var swing uint32
	for rest := set; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		less := set &^ bit
		if won[less>>6]>>(less&63)&1 == 0 {
			swing |= bit
		}
	}
	size, critical := bits.OnesCount32(set), bits.OnesCount32(swing)
	for rest := swing; rest != 0; rest &= rest - 1 {
		i := bits.TrailingZeros32(rest)
		c.bySize[i][size-1]++
		c.critical[i][critical]++
		if critical == size {
			c.minimal[i][size]++
		}
	}
	if critical == size {
		c.minimals++
	}
}

// harmonic returns, for each player, the sum over k of counts[i][k]/k.
func harmonic(counts [][]uint64) []*big.Rat {
	out := make([]*big.Rat, len(counts))
	for i, row := range counts {
		out[i] = new(big.Rat)
		for k, c := range row {
			if c > 0 {
				out[i].Add(out[i], new(big.Rat).SetFrac(new(big.Int).SetUint64(c), big.NewInt(int64(k))))
			}
		}
	}
	return out
}

// normalized divides figures by their sum.
func normalized(values []*big.Rat, a Algorithm) Index {
	x := Index{values: values, algorithm: a}
	if sum := x.sum(); sum.Sign() > 0 {
		sum.Inv(sum)
		for _, v := range values {
			v.Mul(v, sum)
		}
	}
	return x
}
