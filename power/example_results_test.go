package power_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding/power"
)

// shapley and banzhaf are the indices of the register of five holders.
func shapley() power.Index {
	x, err := register().ShapleyShubik(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return x
}

func banzhaf() power.Banzhaf {
	b, err := register().Banzhaf(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return b
}

// council is who can pass a resolution of the Security Council, and no smaller
// set: 5 vetoes of 7 votes each, 10 others with one, 39 needed.
func council() power.Minimal {
	g, err := power.AtLeast(39, 7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Minimal(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	return m
}

func estimate() power.Estimate {
	x, err := register().EstimateShapleyShubik(context.Background(), power.EstimateOptions{Samples: 40000, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	return x
}

func ExampleIndex_Of() {
	v, ok := shapley().Of(1)
	fmt.Println(v, ok)
	_, ok = shapley().Of(5)
	fmt.Println(ok)
	// Output:
	// 4/15 true
	// false
}

func ExampleIndex_All() {
	for player, v := range shapley().All() {
		fmt.Println(player, v.FloatString(4))
	}
	// Output:
	// 0 0.3500
	// 1 0.2667
	// 2 0.1833
	// 3 0.1000
	// 4 0.1000
}

// The Shapley-Shubik index shares out all power there is.
func ExampleIndex_Sum() {
	fmt.Println(shapley().Sum().RatString(), banzhaf().Absolute().Sum().RatString())
	// Output: 1 27/16
}

func ExampleIndex_Format() {
	fmt.Println(shapley().Format(3))
	// Output: 0.350 0.267 0.183 0.100 0.100
}

func ExampleIndex_Algorithm() {
	fmt.Println(shapley().Algorithm())
	// Output: weights
}

// How often each holder's leaving turns a winning set into a losing one.
func ExampleBanzhaf_Swings() {
	fmt.Println(banzhaf().Swings())
	// Output: [9 7 5 3 3]
}

// Of the 32 sets of the five holders.
func ExampleBanzhaf_Winning() {
	fmt.Println(banzhaf().Winning())
	// Output: 15
}

// The chance of being decisive if all others vote by the toss of a coin.
func ExampleBanzhaf_Absolute() {
	fmt.Println(banzhaf().Absolute())
	// Output: 9/16 7/16 5/16 3/16 3/16
}

func ExampleBanzhaf_Normalized() {
	fmt.Println(banzhaf().Normalized())
	// Output: 1/3 7/27 5/27 1/9 1/9
}

func ExampleBanzhaf_Algorithm() {
	fmt.Println(banzhaf().Algorithm())
	// Output: weights
}

// Every four of the ten, with all five vetoes.
func ExampleMinimal_Count() {
	fmt.Println(council().Count())
	// Output: 210
}

// A veto is in all of them, another member in 84.
func ExampleMinimal_Holding() {
	holding := council().Holding()
	fmt.Println(holding[0], holding[14])
	// Output: 210 84
}

func ExampleMinimal_PublicGood() {
	veto, _ := council().PublicGood().Of(0)
	other, _ := council().PublicGood().Of(14)
	fmt.Println(veto, other)
	// Output: 1/9 2/45
}

func ExampleEstimate_Values() {
	fmt.Printf("%.2f\n", estimate().Values())
	// Output: [0.35 0.27 0.18 0.10 0.10]
}

// With the stated confidence no value is farther than this from the exact one.
func ExampleEstimate_HalfWidth() {
	x := estimate()
	exact, _ := shapley().Of(0)
	first, _ := exact.Float64()
	fmt.Printf("%.4f %v\n", x.HalfWidth(), max(first-x.Values()[0], x.Values()[0]-first) < x.HalfWidth())
	// Output: 0.0093 true
}

func ExampleEstimate_Confidence() {
	fmt.Println(estimate().Confidence())
	// Output: 0.99
}

func ExampleEstimate_Samples() {
	fmt.Println(estimate().Samples())
	// Output: 40000
}

// The bound is proved: the exact 4/15 lies within it.
func ExampleFloatIndex_Of() {
	x, err := register().ShapleyShubikFloat(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	value, bound, ok := x.Of(1)
	fmt.Printf("%.12f %v %v\n", value, bound < 1e-13, ok)
	// Output: 0.266666666667 true true
}

func ExampleDispersed_Small() {
	d, err := power.AtLeastWithCrowd(260, 399, 1, 120)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Small(), "small holders")
	// Output: 399 small holders
}

// 120 votes beside 399 single ones: what the single ones have together.
func ExampleDispersedIndex_Small() {
	d, err := power.AtLeastWithCrowd(260, 399, 1, 120)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Small().RatString())
	// Output: 7/10
}
