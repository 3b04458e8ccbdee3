package tally

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Apportion divides the votes that are left among those who had them, pro rata. If whole,
// the results are whole votes: each result is rounded down, and the remaining votes go,
// one each, to the largest fractions that were cut off. Between equal fractions the larger
// number of votes comes first, and between equal numbers the earlier one. If left is not
// below the sum of votes, Apportion returns votes.
func Apportion(left ratio.Ratio, votes []ratio.Ratio, whole bool) []ratio.Ratio {
	var sum ratio.Ratio
	for _, v := range votes {
		sum = sum.Add(v)
	}
	if !left.Less(sum) {
		return votes
	}
	out := make([]ratio.Ratio, len(votes))
	if whole {
		left = left.Floor()
	}
	if left.IsZero() {
		return out
	}
	lost := make([]ratio.Ratio, len(votes))
	order := make([]int, len(votes))
	rest := left
	for i, v := range votes {
		out[i], order[i] = v.Mul(left).Div(sum), i
		if whole {
			exact := out[i]
			out[i] = exact.Floor()
			lost[i] = exact.Sub(out[i])
		}
		rest = rest.Sub(out[i])
	}
	if rest.Sign() > 0 {
		slices.SortStableFunc(order, func(i, j int) int {
			return cmp.Or(lost[j].Cmp(lost[i]), votes[j].Cmp(votes[i]))
		})
		n, _, _ := rest.Small()
		for _, i := range order[:n] {
			out[i] = out[i].Add(ratio.Int(1))
		}
	}
	return out
}
