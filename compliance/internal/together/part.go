package together

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Sum returns what stakes count together. Neutral votes count nothing.
func Sum(t *crossholding.Tally, stakes []int32) ratio.Ratio {
	var sum ratio.Ratio
	for _, e := range stakes {
		if who, amount := t.Stake(e); who != crossholding.NoNode {
			sum = sum.Add(amount)
		}
	}
	return sum
}

// Held appends what each of some stakes counts to list, by holder, without neutral votes and
// stakes that count nothing.
func Held(t *crossholding.Tally, stakes []int32, list []crossholding.Holding) []crossholding.Holding {
	for _, e := range stakes {
		if who, amount := t.Stake(e); who != crossholding.NoNode && !amount.IsZero() {
			list = append(list, crossholding.Holding{Node: who, Amount: amount})
		}
	}
	slices.SortStableFunc(list, func(a, b crossholding.Holding) int { return cmp.Compare(a.Node, b.Node) })
	return list
}

// HasFacts reports whether facts of control are in force.
func HasFacts(t *crossholding.Tally) bool {
	for range t.Facts() {
		return true
	}
	return false
}

// Differing returns for each stake whether u counts its company differently than t. It returns nil
// if u counts all companies as t does.
func Differing(t, u *crossholding.Tally) []bool {
	var out []bool
	g := t.Graph()
	for _, c := range t.Differ(u) {
		from, to := g.Stakes(c)
		if out == nil {
			_, stakes := g.Stakes(int32(g.Len()) - 1)
			out = make([]bool, stakes)
		}
		for e := from; e < to; e++ {
			out[e] = true
		}
	}
	return out
}
