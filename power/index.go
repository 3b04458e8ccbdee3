package power

import (
	"fmt"
	"iter"
	"math/big"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Index has one exact figure for each player of a game, in the order of the
// players. The zero value has no players. An Index is immutable.
type Index struct {
	values    []*big.Rat // must not change after the Index is returned, because a Ratio may keep them
	algorithm Algorithm
}

// Len returns the number of players.
func (x Index) Len() int { return len(x.values) }

// Of returns the figure of a player. If the game does not have this player, ok
// is false.
func (x Index) Of(player int) (r ratio.Ratio, ok bool) {
	if player < 0 || player >= len(x.values) {
		return ratio.Ratio{}, false
	}
	return ratio.FromRat(x.values[player]), true
}

// All returns an iterator over the players, in order, and their figures.
func (x Index) All() iter.Seq2[int, ratio.Ratio] {
	return func(yield func(int, ratio.Ratio) bool) {
		for i, v := range x.values {
			if !yield(i, ratio.FromRat(v)) {
				return
			}
		}
	}
}

// Floats returns the float64 nearest to each figure.
func (x Index) Floats() []float64 {
	out := make([]float64, len(x.values))
	for i, v := range x.values {
		out[i], _ = v.Float64()
	}
	return out
}

// Sum returns the sum of the figures. It is 1 for every index that divides
// power among the players.
func (x Index) Sum() ratio.Ratio { return ratio.FromRat(x.sum()) }

func (x Index) sum() *big.Rat {
	sum := new(big.Rat)
	for _, v := range x.values {
		sum.Add(sum, v)
	}
	return sum
}

// Algorithm returns the algorithm that was used.
func (x Index) Algorithm() Algorithm { return x.algorithm }

// String returns the figures in order, separated by spaces. Each is a fraction
// in lowest terms, such as 7/20, or a whole number.
func (x Index) String() string {
	parts := make([]string, len(x.values))
	for i, v := range x.values {
		parts[i] = v.RatString()
	}
	return strings.Join(parts, " ")
}

// Format returns the figures in order as decimals, separated by spaces. Each
// has the given number of places, at most 1,000. They are rounded as
// [ratio.Ratio.Decimal] rounds, half to even.
func (x Index) Format(places int) string {
	places = min(max(places, 0), 1000)
	parts := make([]string, len(x.values))
	for i, v := range x.values {
		parts[i] = ratio.FromRat(v).Decimal(places).StringFixed(int32(places))
	}
	return strings.Join(parts, " ")
}

// shares divides every count by the sum of the counts.
func shares(counts []*big.Int, a Algorithm) Index {
	sum := new(big.Int)
	for _, c := range counts {
		sum.Add(sum, c)
	}
	return over(counts, sum, a)
}

// over divides every count by the same number.
func over(counts []*big.Int, by *big.Int, a Algorithm) Index {
	x := Index{values: make([]*big.Rat, len(counts)), algorithm: a}
	for i, c := range counts {
		x.values[i] = new(big.Rat).SetFrac(c, by)
	}
	return x
}

func copyInts(in []*big.Int) []*big.Int {
	out := make([]*big.Int, len(in))
	for i, v := range in {
		out[i] = new(big.Int).Set(v)
	}
	return out
}

// begin makes the checks that every calculation needs first.
func (g Game) begin(opts []Options) (Options, error) {
	o, err := options(opts)
	if err != nil {
		return o, err
	}
	if g.rule == nil {
		return o, fmt.Errorf("%w: the game has no players", ErrEmpty)
	}
	return o, nil
}
