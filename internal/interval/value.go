package interval

import (
	"cmp"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/ratio"
)

// values is the probabilities, from 0 to 1, of reaching a goal from the
// companies of a walk, by slot.
type values []exact.Fraction

// at returns one value.
func (v values) at(slot int) ratio.Ratio {
	if v[slot].Num == nil {
		return ratio.Ratio{}
	}
	return ratio.FromRat(new(big.Rat).SetFrac(v[slot].Num, v[slot].Den))
}

// ranks says which of some values, 0 and 1 is more, in small numbers: equal
// values have the same rank, and 0 has rank 0. What is best is a matter of
// order alone, so that long fractions need to be compared once only.
type ranks struct {
	of  []int64 // by slot
	one int64   // the rank of 1
}

// ranks sorts the values. A value rounded to a float is never less than that of
// a smaller one, so fractions are compared only where floats are equal.
func (v values) ranks() ranks {
	const one = -1 // instead of a slot
	type item struct {
		slot  int
		float float64
		num   *big.Int
		den   *big.Int
	}
	unit := big.NewInt(1)
	items := []item{{one, 1, unit, unit}}
	out := ranks{of: make([]int64, len(v))}
	for slot, f := range v {
		if f.Num == nil {
			continue
		}
		rounded, _ := new(big.Float).SetPrec(53).Quo(new(big.Float).SetInt(f.Num), new(big.Float).SetInt(f.Den)).Float64()
		items = append(items, item{slot, rounded, f.Num, f.Den})
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
		if x.slot == one {
			out.one = rank
		} else {
			out.of[x.slot] = rank
		}
	}
	return out
}
