package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// before is who owns what of the alliance at the end of 2022.
func before() *crossholding.Ownership {
	o, err := alliance().Ownership(context.Background(), crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	return o
}

// percent shows a figure to four places, or why there is none.
func percent(r ratio.Ratio, err error) string {
	if err != nil {
		return err.Error()
	}
	return r.Percent(4).String()
}

func ExampleAlliance_Ownership() {
	ctx := context.Background()
	o, err := alliance().Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(percent(o.Integrated(ctx, "french-state", "mitsubishi")))
	// Output:
	// 2.4317
}

// Two companies that own each other whole have no owner.
func ExampleNoOutsideOwnerError() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "hen"}, {ID: "egg"}, {ID: "farm"}},
		Stakes: []crossholding.Stake{
			{Holder: "hen", Issuer: "egg", Percent: "100"}, {Holder: "egg", Issuer: "hen", Percent: "100"},
			{Holder: "hen", Issuer: "farm", Percent: "30"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = o.Owners(ctx, "egg")
	var ring *crossholding.NoOutsideOwnerError
	if errors.As(err, &ring) {
		fmt.Println(ring.Components)
	}
	fmt.Println(err)
	// Output:
	// [[egg hen]]
	// crossholding: egg, hen: companies that nobody outside owns
}

// Capital is of all issued shares, in the holder's name; Direct is of what
// earns, for the holder's money.
func ExampleOwnership_Direct() {
	o := before()
	fmt.Println(percent(o.Capital("renault", "nissan")))
	fmt.Println(percent(o.Direct("renault", "nissan")))
	// Output:
	// 43.4011
	// 43.7003
}

func ExampleOwnership_Capital() {
	fmt.Println(percent(before().Capital("nissan", "mitsubishi")))
	fmt.Println(percent(before().Capital("nissan", "toyota")))
	// Output:
	// 33.9949
	// crossholding: company "toyota": unknown name
}

// Nissan owns of itself, through Renault, what comes round the loop.
func ExampleOwnership_Integrated() {
	ctx := context.Background()
	o := before()
	fmt.Println("of Mitsubishi:", percent(o.Integrated(ctx, "nissan", "mitsubishi")))
	fmt.Println("of itself:", percent(o.Integrated(ctx, "nissan", "nissan")))
	// Output:
	// of Mitsubishi: 36.5005
	// of itself: 7.1326
}

// FirstPassage counts nothing twice: for Nissan in Mitsubishi it is the stake
// itself, which integrated ownership blows up by the loop factor.
func ExampleOwnership_FirstPassage() {
	ctx := context.Background()
	o := before()
	fmt.Println(percent(o.FirstPassage(ctx, "nissan", "mitsubishi")))
	fmt.Println(percent(o.Direct("nissan", "mitsubishi")))
	// Output:
	// 34.0704
	// 34.0704
}

func ExampleOwnership_LoopMultiplier() {
	ctx := context.Background()
	for _, id := range []string{"renault", "nissan", "mitsubishi", "french-state"} {
		v, err := before().LoopMultiplier(ctx, id)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(id, v.Decimal(6))
	}
	// Output:
	// renault 1.071326
	// nissan 1.071326
	// mitsubishi 1
	// french-state 1
}

func ExampleOwnership_Owners() {
	ctx := context.Background()
	owners, err := before().Owners(ctx, "nissan")
	if err != nil {
		log.Fatal(err)
	}
	for _, in := range owners {
		fmt.Println(in.Holder, in.Economic.Percent(2), in.Integrated.Percent(2), in.FirstPassage.Percent(2))
	}
	// Output:
	// float:nissan 56.3 60.32 60.32
	// float:renault 0 29.94 29.94
	// french-state 0 7.14 7.14
	// nissan 0 7.13 6.66
	// nissan-finance 0 7.13 6.66
	// registered-holders 0 2.61 2.61
	// renault 43.7 46.82 43.7
}

// The largest owners first.
func ExampleBySize() {
	owners, err := before().Ultimate(context.Background(), "nissan")
	check(err)
	slices.SortStableFunc(owners, crossholding.BySize)
	for _, in := range owners {
		fmt.Println(in.Holder, in.Integrated.Percent(2))
	}
	// Output:
	// float:nissan 60.32
	// float:renault 29.94
	// french-state 7.14
	// registered-holders 2.61
}

// Ultimate owners stand outside; their shares come to exactly 1.
func ExampleOwnership_Ultimate() {
	ctx := context.Background()
	owners, err := before().Ultimate(ctx, "nissan")
	if err != nil {
		log.Fatal(err)
	}
	var sum ratio.Ratio
	for _, in := range owners {
		fmt.Println(in.Holder, in.Integrated.Percent(4))
		sum = sum.Add(in.Integrated)
	}
	fmt.Println("sum", sum)
	// Output:
	// float:nissan 60.3153
	// float:renault 29.9387
	// french-state 7.1374
	// registered-holders 2.6086
	// sum 1
}

func ExampleOwnership_Holdings() {
	ctx := context.Background()
	rows, err := before().Holdings(ctx, "french-state")
	if err != nil {
		log.Fatal(err)
	}
	for _, in := range rows {
		fmt.Println(in.Issuer, in.Integrated.Percent(4))
	}
	// Output:
	// mitsubishi 2.4317
	// nissan 7.1374
	// nissan-finance 7.1374
	// renault 16.3326
}

func ExampleOwnership_Interests() {
	ctx := context.Background()
	n := 0
	for in, err := range before().Interests(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		n++
		if in.Issuer == "mitsubishi" && in.Capital.Sign() > 0 {
			fmt.Println(in.Holder, in.Capital.Percent(2))
		}
	}
	fmt.Println(n, "interests in all")
	// Output:
	// float:mitsubishi 43.36
	// mitsubishi-corporation 20
	// mitsubishi-heavy 1.44
	// mufg-bank 0.99
	// nissan 33.99
	// 32 interests in all
}

// Where the State's part of Nissan comes from.
func ExampleOwnership_Explain() {
	ctx := context.Background()
	why, err := before().Explain(ctx, "french-state", "nissan")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("integrated", why.Integrated.Percent(4))
	fmt.Println("direct", why.Direct.Percent(4))
	for _, via := range why.Through {
		fmt.Println("through", via.Name, via.Figure.Percent(4))
	}
	fmt.Println("round the loops", why.Loops.Percent(4))
	// Output:
	// integrated 7.1374
	// direct 0
	// through renault 6.6622
	// round the loops 0.4752
}
