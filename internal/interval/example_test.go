package interval_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/ratio"
)

// Owner 2 has 25% to 50% of holding 1, and holding 1 has more than 50% of company
// 0. What owner 2 has of company 0 lies between the products of the ends.
func ExampleModel_Ownership() {
	stake := func(owner int32, lo, hi int64, loOpen bool) []interval.Class {
		return []interval.Class{{Outstanding: ratio.Int(100), Dividend: ratio.Int(1), Stakes: []interval.Stake{
			{Owner: owner, Lo: ratio.Int(lo), Hi: ratio.Int(hi), LoOpen: loOpen},
		}}}
	}
	sets := []interval.FeasibleSet{
		interval.NewFeasibleSet(0, stake(1, 50, 100, true)),
		interval.NewFeasibleSet(1, stake(2, 25, 50, false)),
	}
	m := interval.Model{
		Stakes:        func(c int32) *interval.FeasibleSet { return &sets[c] },
		PaysDividends: func(c int32) bool { return int(c) < len(sets) },
		MaxRounds:     100,
	}
	owned, err := m.Ownership(context.Background(), exact.Owner{Node: 2}, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(owned.Integrated)
	// Output: (12.5%,50%]
}

// The stakes of two owners are known within bands. Can owner 1 have twice the
// shares of owner 2?
func ExampleFeasibleSet_Witness() {
	set := interval.NewFeasibleSet(0, []interval.Class{{Outstanding: ratio.Int(100), Dividend: ratio.Int(1), Stakes: []interval.Stake{
		{Owner: 1, Lo: ratio.Int(30), Hi: ratio.Int(60)},
		{Owner: 2, Lo: ratio.Int(25), Hi: ratio.Int(50), LoOpen: true},
	}}})
	point, ok := set.Witness(interval.Linear{
		Stakes: []ratio.Ratio{ratio.Int(1), ratio.Int(-2)},
		Floats: []ratio.Ratio{{}},
	}, true)
	fmt.Println(ok, point)
	// Output: true [58.2 26]
}
