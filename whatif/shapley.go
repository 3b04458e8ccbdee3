package whatif

import (
	"math/bits"

	"github.com/crossholding/crossholding/ratio"
)

// shapley returns the Shapley values of n members from the values of their 2^n sets, n at
// most 14. Package sharing bounds the common denominator of a game, and the figures of
// different books can have denominators without a common factor. So equal values are
// collected first, with a whole number of the n! orders as weight, and the sum is made
// last.
func shapley(values []ratio.Ratio, n int) []ratio.Ratio {
	ids := make([]int, len(values))
	var distinct []ratio.Ratio
	known := map[string]int{}
	for set, v := range values {
		key := v.Num().String() + "/" + v.Denom().String()
		id, ok := known[key]
		if !ok {
			id = len(distinct)
			known[key] = id
			distinct = append(distinct, v)
		}
		ids[set] = id
	}
	factorial := make([]int64, n+1)
	factorial[0] = 1
	for i := 1; i <= n; i++ {
		factorial[i] = factorial[i-1] * int64(i)
	}
	out := make([]ratio.Ratio, n)
	weights := make([]int64, len(distinct))
	for i := range n {
		clear(weights)
		for set := range values {
			if set>>i&1 == 1 {
				continue
			}
			size := bits.OnesCount(uint(set))
			orders := factorial[size] * factorial[n-1-size]
			weights[ids[set|1<<i]] += orders
			weights[ids[set]] -= orders
		}
		out[i] = weighted(distinct, weights).Div(ratio.Int(factorial[n]))
	}
	return out
}

// weighted adds values times weights. It adds halves, so that only the last few sums have
// long denominators.
func weighted(values []ratio.Ratio, weights []int64) ratio.Ratio {
	switch n := len(values); n {
	case 0:
		return ratio.Ratio{}
	case 1:
		if weights[0] == 0 {
			return ratio.Ratio{}
		}
		return values[0].Mul(ratio.Int(weights[0]))
	default:
		return weighted(values[:n/2], weights[:n/2]).Add(weighted(values[n/2:], weights[n/2:]))
	}
}
