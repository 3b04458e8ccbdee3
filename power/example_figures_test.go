package power_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// The Security Council: a resolution needs 9 of 15 votes, and no veto of the
// five permanent members: 7 votes each of 39.
func securityCouncil() power.Game {
	g, err := power.AtLeast(39, 7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if err != nil {
		panic(err) // the figures above are fine
	}
	return g
}

func ExampleGame_Players() {
	fmt.Println(securityCouncil().Players())
	// Output: 15
}

func ExampleGame_String() {
	// Weights are written without their common divisor.
	g, err := power.AtLeast(ratio.Of(1, 2), ratio.Of(3, 10), ratio.Of(3, 10), ratio.Of(4, 10))
	fmt.Println(g, err)
	// Output: [5; 3 3 4] <nil>
}

func ExampleAlgorithm_String() {
	ss, err := securityCouncil().ShapleyShubik(context.Background(), power.Options{Algorithm: power.Halves})
	fmt.Println(ss.Algorithm().String(), err)
	// Output: halves <nil>
}

func ExampleIndex_Of() {
	ss, err := securityCouncil().ShapleyShubik(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	permanent, _ := ss.Of(0)
	elected, _ := ss.Of(14)
	_, ok := ss.Of(15)
	fmt.Println(permanent.Decimal(4), elected.Decimal(4), ok)
	// Output: 0.1963 0.0019 false
}

func ExampleIndex_All() {
	ss, err := register().ShapleyShubik(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, power := range ss.All() {
		fmt.Println([]string{"Ann", "Bob", "Cid", "Dan", "Eve"}[i], power)
	}
	// Output:
	// Ann 0.35
	// Bob 4/15
	// Cid 11/60
	// Dan 0.1
	// Eve 0.1
}

func ExampleIndex_Floats() {
	ss, err := register().ShapleyShubik(context.Background())
	fmt.Printf("%.3f %v\n", ss.Floats(), err)
	// Output: [0.350 0.267 0.183 0.100 0.100] <nil>
}

func ExampleIndex_Len() {
	ss, err := register().ShapleyShubik(context.Background())
	fmt.Println(ss.Len(), err)
	// Output: 5 <nil>
}

func ExampleIndex_Sum() {
	// Shapley-Shubik divides one whole; the absolute Banzhaf index does not.
	ss, err := register().ShapleyShubik(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := register().Banzhaf(context.Background())
	fmt.Println(ss.Sum(), b.Absolute().Sum(), err)
	// Output: 1 1.6875 <nil>
}

func ExampleIndex_Algorithm() {
	// A table by weight for short numbers; halves for counts of shares.
	for _, unit := range []int64{1, 100_000_007} {
		g, err := power.AtLeast(15*unit, 3*unit+1, 4*unit, 5*unit, 6*unit, 7*unit)
		if err != nil {
			fmt.Println(err)
			return
		}
		ss, err := g.ShapleyShubik(context.Background())
		fmt.Println(ss.Algorithm(), err)
	}
	// Output:
	// weights <nil>
	// halves <nil>
}

func ExampleIndex_String() {
	ss, err := register().ShapleyShubik(context.Background())
	fmt.Println(ss.String(), err)
	// Output: 7/20 4/15 11/60 1/10 1/10 <nil>
}

func ExampleIndex_Format() {
	ss, err := register().ShapleyShubik(context.Background())
	fmt.Println(ss.Format(2), err)
	// Output: 0.35 0.27 0.18 0.10 0.10 <nil>
}

func ExampleBanzhaf_Swings() {
	b, err := securityCouncil().Banzhaf(context.Background())
	fmt.Println(b.Swings()[0], b.Swings()[14], err)
	// Output: 848 84 <nil>
}

func ExampleBanzhaf_Winning() {
	b, err := securityCouncil().Banzhaf(context.Background())
	fmt.Println(b.Winning(), "of", 1<<15, err)
	// Output: 848 of 32768 <nil>
}

func ExampleBanzhaf_Absolute() {
	// Each of 51, 49 and 0 percent: one decides all, whatever the others hold.
	g, err := power.Majority(51, 49, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := g.Banzhaf(context.Background())
	fmt.Println(b.Absolute(), err)
	// Output: 1 0 0 <nil>
}

func ExampleBanzhaf_Normalized() {
	// The Council of the six, 1958: Luxembourg had a vote and no power.
	g, err := power.AtLeast(12, 4, 4, 4, 2, 2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := g.Banzhaf(context.Background())
	fmt.Println(b.Normalized(), err)
	// Output: 5/21 5/21 5/21 1/7 1/7 0 <nil>
}

func ExampleBanzhaf_Algorithm() {
	b, err := register().Banzhaf(context.Background(), power.Options{Algorithm: power.Enumeration})
	fmt.Println(b.Algorithm(), err)
	// Output: enumeration <nil>
}

func ExampleMinimal_Count() {
	// Every winning coalition of the Security Council without a vote to spare
	// has the five and four of the ten.
	m, err := securityCouncil().Minimal(context.Background())
	fmt.Println(m.Count(), err)
	// Output: 210 <nil>
}

func ExampleMinimal_Holding() {
	m, err := register().Minimal(context.Background())
	fmt.Println(m.Count(), m.Holding(), err)
	// Output: 6 [4 3 4 3 3] <nil>
}

func ExampleMinimal_PublicGood() {
	m, err := register().Minimal(context.Background())
	fmt.Println(m.PublicGood(), err)
	// Output: 4/17 3/17 4/17 3/17 3/17 <nil>
}

func ExampleFloatIndex_Of() {
	x, err := securityCouncil().ShapleyShubikFloat(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	value, bound, ok := x.Of(0)
	fmt.Printf("%.12f, to less than a billionth: %v %v\n", value, bound < 1e-9, ok)
	// Output: 0.196270396270, to less than a billionth: true true
}

func ExampleFloatIndex_Len() {
	x, err := register().ShapleyShubikFloat(context.Background())
	fmt.Println(x.Len(), err)
	// Output: 5 <nil>
}

func ExampleFloatIndex_Bound() {
	x, err := register().ShapleyShubikFloat(context.Background())
	fmt.Println(x.Bound() < 1e-12, err)
	// Output: true <nil>
}

func ExampleEstimate_Values() {
	x, err := securityCouncil().EstimateBanzhaf(context.Background(), power.EstimateOptions{Samples: 50_000, Seed: 7})
	fmt.Printf("%.2f %.2f %v\n", x.Values()[0], x.Values()[14], err)
	// Output: 0.05 0.01 <nil>
}

func ExampleEstimate_HalfWidth() {
	// Four times the draws halve the interval.
	for _, n := range []int{10_000, 40_000} {
		x, err := register().EstimateShapleyShubik(context.Background(), power.EstimateOptions{Samples: n})
		fmt.Printf("%.4f %v\n", x.HalfWidth(), err)
	}
	// Output:
	// 0.0186 <nil>
	// 0.0093 <nil>
}

func ExampleEstimate_Confidence() {
	x, err := register().EstimateShapleyShubik(context.Background(), power.EstimateOptions{Samples: 1000, Confidence: 0.95})
	fmt.Println(x.Confidence(), err)
	// Output: 0.95 <nil>
}

func ExampleEstimate_Samples() {
	x, err := register().EstimateShapleyShubik(context.Background(), power.EstimateOptions{})
	fmt.Println(x.Samples(), err)
	// Output: 100000 <nil>
}

func ExampleDispersed_Large() {
	d, err := power.WithOcean(50, 50, 30, 15, 5)
	fmt.Println(d.Large(), "large holders", err)
	// Output: 3 large holders <nil>
}

func ExampleDispersed_Small() {
	d, err := power.AtLeastWithCrowd(260, 399, 1, 120)
	fmt.Println(d.Small(), "small holders", err)
	// Output: 399 small holders <nil>
}

func ExampleDispersed_String() {
	d, err := power.WithOcean(50, 50, 30, 15, 5)
	fmt.Println(d, err)
	d, err = power.AtLeastWithCrowd(260, 399, 1, 120)
	fmt.Println(d, err)
	// Output:
	// [10; 6 3 1, ocean 10] <nil>
	// [260; 120, 399 of 1] <nil>
}

func ExampleDispersedIndex_String() {
	// The large holders, then all the others together.
	d, err := power.WithOcean(50, 50, 30, 15, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	fmt.Println(x, err)
	// Output: 99/250 63/500 23/500; 54/125 <nil>
}

func ExampleDispersedIndex_Small() {
	// A crowd of 399 has 70 % of the power together, each 1/570.
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
	each := x.Small().Div(ratio.Int(d.Small()))
	fmt.Println(x.Small(), each)
	// Output: 0.7 1/570
}

func ExampleWeightError() {
	_, err := power.Majority(30, -25, 20)
	var w *power.WeightError
	if errors.As(err, &w) {
		fmt.Println("row", w.Player+1, "of the register:", w.Weight, w.Reason)
	}
	// Output: row 2 of the register: -25 negative
}

func ExampleQuotaError() {
	_, err := power.MoreThan(100, 60, 40)
	var q *power.QuotaError
	if errors.As(err, &q) {
		fmt.Println(q.Quota, "of", q.Total, "exceed:", q.Exceed, "-", q.Reason)
	}
	// Output: 100 of 100 exceed: true - all together would lose
}

func ExampleMemoryError() {
	g, err := power.Majority(90_000_001, 80_000_003, 70_000_007)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = g.Banzhaf(context.Background(), power.Options{Algorithm: power.Weights, MaxMemory: 100 << 20})
	var m *power.MemoryError
	if errors.As(err, &m) {
		fmt.Println(m.Algorithm, m.Need > m.Limit, m.Limit)
	}
	// Output: weights true 104857600
}

func ExampleUnionError() {
	_, err := register().Owen(context.Background(), [][]int{{0, 1}, {1, 2}})
	var u *power.UnionError
	if errors.As(err, &u) {
		fmt.Println("union", u.Union, "player", u.Player, u.Reason)
	}
	// Output: union 1 player 1 already in union 0
}

// Two rules at once: in the Council of the EU under the Treaty of Lisbon, art.
// 16(4) TEU, a qualified majority is 55 % of the members with 65 % of the
// population, and a blocking minority must have four members. Here with the
// populations of nine members, in 10,000s, as testdata has them.
func Example_doubleMajority() {
	people := []int{8252, 6699, 6581, 6059, 4653, 3797, 1964, 1708, 1135}
	population, err := power.AtLeastShare(ratio.Of(65, 100), people...)
	if err != nil {
		fmt.Println(err)
		return
	}
	ones := []int{1, 1, 1, 1, 1, 1, 1, 1, 1}
	states, err := power.AtLeastShare(ratio.Of(55, 100), ones...)
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := power.All(population, states)
	if err != nil {
		fmt.Println(err)
		return
	}
	unblocked, err := power.AtLeast(6, ones...) // fewer than four are against
	if err != nil {
		fmt.Println(err)
		return
	}
	council, err := power.Any(both, unblocked)
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := council.ShapleyShubik(context.Background())
	fmt.Println(ss.Format(3), err)
	// Output: 0.142 0.128 0.128 0.125 0.117 0.100 0.092 0.085 0.082 <nil>
}
