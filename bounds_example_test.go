package crossholding_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// bandedBook is a small group as the British register of people with
// significant control shows it: nobody publishes a figure, only bands.
func bandedBook() *crossholding.Alliance {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "Holdings"}, {ID: "Trading"}},
		Parties:   []crossholding.Party{{ID: "Ada"}, {ID: "Ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "Ada", Issuer: "Holdings", Between: "more than 50% but less than 75%"},
			{Holder: "Ben", Issuer: "Holdings", Between: "more than 25% but not more than 50%"},
			{Holder: "Holdings", Issuer: "Trading", Between: "more than 25% but not more than 50%"},
			{Holder: "Ada", Issuer: "Trading", Percent: "20"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	return a
}

func ExampleAlliance_Bounds() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	y, err := b.Integrated(ctx, "Ada", "Trading")
	if err != nil {
		log.Fatal(err)
	}
	v, err := b.Controls(ctx, "Ada", "Trading")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y)
	fmt.Println(v)
	// Output:
	// (32.5%,57.5%)
	// Ada may control Trading; yes if Holdings has 50% of Trading; no if Holdings has 27.5% of Trading
}

func ExampleAlliance_Banded() {
	for _, s := range bandedBook().Banded() {
		fmt.Println(s)
	}
	// Ben is known to have at most 50%, and Ada's part leaves him less.

	// Output:
	// Ada in Holdings (ordinary): (50%,75%)
	// Ben in Holdings (ordinary): (25%,50%)
	// Holdings in Trading (ordinary): (25%,50%]
}

func ExampleAlliance_WithBandsAt() {
	ctx := context.Background()
	low, err := bandedBook().WithBandsAt(ratio.Int(0))
	if err != nil {
		log.Fatal(err)
	}
	o, err := low.Ownership(ctx, crossholding.OwnershipOptions{})
	if err != nil {
		log.Fatal(err)
	}
	y, err := o.Integrated(ctx, "Ada", "Trading")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s%%\n", y.Percent(1))
	// Output: 32.5%
}

func ExampleBounds_Integrated() {
	ctx := context.Background()
	// Each holds a part of the other, how large is not known.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "East"}, {ID: "West"}},
		Parties:   []crossholding.Party{{ID: "Eve"}},
		Stakes: []crossholding.Stake{
			{Holder: "Eve", Issuer: "East", Percent: "50"},
			{Holder: "West", Issuer: "East", Between: "up to 40%"},
			{Holder: "East", Issuer: "West", Between: "20%-50%"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, holder := range []string{"Eve", "East"} {
		y, err := b.Integrated(ctx, holder, "West")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(holder, y)
	}
	// Output:
	// Eve [10%,31.25%]
	// East [20%,62.5%]
}

func ExampleBounds_FirstPassage() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	f, err := b.FirstPassage(ctx, "Holdings", "Trading")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f)
	// Output: (25%,50%]
}

func ExampleBounds_Owners() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	owners, err := b.Owners(ctx, "Trading")
	if err != nil {
		log.Fatal(err)
	}
	for _, o := range owners {
		fmt.Println(o.Holder, o.Integrated)
	}
	// Output:
	// Ada (32.5%,57.5%)
	// Ben (6.25%,25%)
	// Holdings (25%,50%]
	// float:Holdings [0%,12.5%)
	// float:Trading [30%,55%)
}

func ExampleBounds_Controls() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, pair := range [][2]string{{"Ada", "Holdings"}, {"Ben", "Holdings"}, {"Ada", "Trading"}} {
		v, err := b.Controls(ctx, pair[0], pair[1])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(pair[0], pair[1], v.Answer)
		for _, s := range v.DecisiveStakes() {
			fmt.Println("  find out:", s)
		}
	}
	// Output:
	// Ada Holdings yes
	// Ben Holdings no
	// Ada Trading depends
	//   find out: Holdings in Trading (ordinary): (25%,50%]
}

func ExampleControlBound_DecisiveStakes() {
	ctx := context.Background()
	// Either neighbour may hold the majority of the farm, and what one has the
	// other cannot have.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "Farm"}},
		Parties:   []crossholding.Party{{ID: "East"}, {ID: "West"}},
		Stakes: []crossholding.Stake{
			{Holder: "East", Issuer: "Farm", Between: "40%-60%"},
			{Holder: "West", Issuer: "Farm", Between: "30%-55%"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	v, err := b.Controls(ctx, "West", "Farm")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v)
	for _, s := range v.DecisiveStakes() {
		fmt.Println("find out:", s)
	}
	// Output:
	// West may control Farm; yes if West has 55% of Farm; no if West has 30% of Farm
	// find out: West in Farm (ordinary): [30%,55%]
}

func ExampleBounds_Controlled() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	under, err := b.Controlled(ctx, "Ada")
	if err != nil {
		log.Fatal(err)
	}
	for _, v := range under {
		fmt.Println(v.Company, v.Answer)
	}
	// Output:
	// Holdings yes
	// Trading depends
}

func ExampleControlBound_WithNames() {
	ctx := context.Background()
	b, err := bandedBook().Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	v, err := b.Controls(ctx, "Ada", "Trading")
	if err != nil {
		log.Fatal(err)
	}
	names := map[string]string{"Ada": "Ada Lovelace", "Holdings": "Holdings Ltd", "Trading": "Trading Ltd"}
	fmt.Println(v.WithNames(func(id string) string { return names[id] }))
	// Output: Ada Lovelace may control Trading Ltd; yes if Holdings Ltd has 50% of Trading Ltd; no if Holdings Ltd has 27.5% of Trading Ltd
}

// What a subsidiary holds in its parent has no votes. Whether GmbH is a subsidiary is not known.
func ExampleBounds_Suspended() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "AG", Country: "BR"}, {ID: "GmbH", Country: "BR"}, {ID: "KG", Country: "BR"}},
		Stakes: []crossholding.Stake{
			{Holder: "AG", Issuer: "GmbH", Between: "[40%,60%]"},
			{Holder: "GmbH", Issuer: "AG", Between: "[1%,4%]"},
			{Holder: "AG", Issuer: "KG", Between: "(50%,75%]"},
			{Holder: "KG", Issuer: "AG", Percent: "2"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	bounds, err := a.Bounds(context.Background(), crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	list, err := bounds.Suspended(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range list {
		fmt.Println(s)
	}
	// Output:
	// votes of GmbH in AG (ordinary) may be suspended
	// votes of KG in AG (ordinary) are suspended
}
