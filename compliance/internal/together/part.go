package together

import (
	"cmp"
	"iter"
	"runtime"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Part is what a group has of one company.
type Part struct {
	Stakes []int32
	Sum    ratio.Ratio // what they count together
}

// Sum returns what stakes count together. Neutral votes count nothing.
func Sum(t *crossholding.Tally, stakes []int32) ratio.Ratio {
	var sum ratio.Ratio
	for _, e := range stakes {
		sum = sum.Add(counted(t, e))
	}
	return sum
}

func counted(t *crossholding.Tally, e int32) ratio.Ratio {
	who, amount := t.Stake(e)
	if who == crossholding.NoNode {
		return ratio.Ratio{}
	}
	return amount
}

// Parts yields what a group has of each company, from all its stakes, ascending. It reads
// these some at a time, with the index of their companies, so that the processor waits for
// their memory together.
func Parts(t *crossholding.Tally, stakes, index []int32) iter.Seq2[int32, Part] {
	const ahead = 64
	return func(yield func(c int32, part Part) bool) {
		var issuers [ahead]int32
		var amounts [ahead]ratio.Ratio
		g := t.Graph()
		c, from, sum, read := crossholding.NoNode, 0, ratio.Ratio{}, int32(0)
		for first := 0; first < len(stakes); first += ahead {
			block := stakes[first:min(first+ahead, len(stakes))]
			for i, e := range block {
				issuers[i], amounts[i] = g.Stake(e).Issuer, counted(t, e)
			}
			for _, x := range issuers[:len(block)] {
				read += index[x]
			}
			for i, x := range issuers[:len(block)] {
				if x == c {
					sum = sum.Add(amounts[i])
					continue
				}
				if c != crossholding.NoNode && !yield(c, Part{stakes[from : first+i], sum}) {
					return
				}
				c, from, sum = x, first+i, amounts[i]
			}
		}
		runtime.KeepAlive(read)
		if c != crossholding.NoNode {
			yield(c, Part{stakes[from:], sum})
		}
	}
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
