package interval_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// Owner 1 has 30 to 60 shares, and each of them two votes. The other shares have one vote.
func ExampleFeasibleSet_Fraction() {
	set := interval.NewFeasibleSet(0, []interval.Class{{Outstanding: ratio.Int(100), Dividend: ratio.Int(1), Stakes: []interval.Stake{
		{Owner: 1, Lo: ratio.Int(30), Hi: ratio.Int(60), HiOpen: true},
	}}})
	votes := interval.Linear{Stakes: []ratio.Ratio{ratio.Int(2)}, Floats: []ratio.Ratio{{}}}
	all := interval.Linear{Constant: ratio.Int(100), Stakes: []ratio.Ratio{ratio.Int(1)}, Floats: []ratio.Ratio{{}}}
	fmt.Println(set.Fraction(votes, all)) // 60/130 to 120/160
	// Output: [6/13,75%)
}

// A fraction of two linear functions is greatest at a vertex, and a best point is off all open
// ends if the mean of the best vertices is.
func TestFractionAgainstAllVertices(t *testing.T) {
	for seed := range uint64(testkit.Size(1500, 10_000)) {
		r := rand.New(rand.NewPCG(seed, 11))
		c := drawCompany(r, []int32{1, 2, 3}, 6)
		var part, all interval.Linear
		all.Constant = ratio.Int(int64(r.IntN(2) * 12))
		for _, k := range c {
			for range k.Stakes {
				part.Stakes = append(part.Stakes, ratio.Int(int64(r.IntN(3))))
				all.Stakes = append(all.Stakes, ratio.Int(int64(1+r.IntN(3))))
			}
			part.Floats, all.Floats = append(part.Floats, ratio.Int(int64(r.IntN(2)))), append(all.Floats, ratio.Int(int64(1+r.IntN(2))))
		}
		got := interval.NewFeasibleSet(0, c.clone())
		v := got.Fraction(part, all)
		end := func(sign int64) (ratio.Ratio, bool) {
			var best [][]ratio.Ratio
			var top ratio.Ratio
			for _, p := range c.points() {
				x := c.value(part, p).Div(c.value(all, p)).Mul(ratio.Int(sign))
				if len(best) == 0 || top.Less(x) {
					best, top = nil, x
				}
				if x.Equal(top) {
					best = append(best, p)
				}
			}
			return top.Mul(ratio.Int(sign)), !c.contains(middle(best))
		}
		lo, loOpen := end(-1)
		hi, hiOpen := end(1)
		want := ratio.Interval{Lo: lo, Hi: hi, LoOpen: loOpen, HiOpen: hiOpen}
		require.Equal(t, want.String(), v.String(), "seed %d: %v, %v of %v", seed, c, part, all)
	}
	var none interval.FeasibleSet
	require.Equal(t, "0%", none.Fraction(interval.Linear{}, interval.Linear{}).String(), "a part of nothing")
}
