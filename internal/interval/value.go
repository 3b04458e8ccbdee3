package interval

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/fraction"
	"github.com/crossholding/crossholding/ratio"
)

// values holds the probability of reaching the target from each state.
type values []fraction.Fraction

// at returns the value of one state.
func (v values) at(state int) ratio.Ratio {
	if v[state].Num == nil {
		return ratio.Ratio{}
	}
	return ratio.FromRat(new(big.Rat).SetFrac(v[state].Num, v[state].Den))
}

// ranks holds the order of values, of 0 and of 1 in small numbers. Equal values
// have the same rank, and 0 has rank 0. The order alone decides which step is
// best, so long fractions are compared once only.
type ranks struct {
	of  []int64 // by state
	one int64   // the rank of 1
}

// ranks sorts the values. It compares them as floats first. Rounding never reverses
// the order of two numbers, so fractions are compared only if floats are equal.
func (v values) ranks() ranks {
	const one = -1 // stands for the value 1 in the list of states
	type item struct {
		state int
		float float64
		num   *big.Int
		den   *big.Int
	}
	unit := big.NewInt(1)
	items := []item{{one, 1, unit, unit}}
	out := ranks{of: make([]int64, len(v))}
	for state, f := range v {
		if f.Num == nil {
			continue
		}
		rounded, _ := new(big.Float).SetPrec(53).Quo(new(big.Float).SetInt(f.Num), new(big.Float).SetInt(f.Den)).Float64()
		items = append(items, item{state, rounded, f.Num, f.Den})
	}
	var a, b big.Int
	compare := func(x, y item) int {
		switch {
		case x.float != y.float:
			return cmp.Compare(x.float, y.float)
		case x.den == y.den || x.den.Cmp(y.den) == 0:
			return x.num.Cmp(y.num)
		}
		return a.Mul(x.num, y.den).Cmp(b.Mul(y.num, x.den))
	}
	slices.SortFunc(items, compare)
	rank := int64(0)
	for i, x := range items {
		if i == 0 || compare(items[i-1], x) != 0 {
			rank++
		}
		if x.state == one {
			out.one = rank
		} else {
			out.of[x.state] = rank
		}
	}
	return out
}
