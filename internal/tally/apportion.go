package tally

import (
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
	if !whole {
		return ratio.Apportion(left, votes, nil, ratio.Ratio{})
	}
	order := make([]int, len(votes)) // the larger number of votes first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return votes[j].Cmp(votes[i]) })
	sorted, out := make([]ratio.Ratio, len(votes)), make([]ratio.Ratio, len(votes))
	for k, i := range order {
		sorted[k] = votes[i]
	}
	for k, part := range ratio.Apportion(left.Floor(), sorted, nil, ratio.Int(1)) {
		out[order[k]] = part
	}
	return out
}
