package crossholding_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
)

func ExampleSanctions_Blocked() {
	ctx := context.Background()
	// OFAC's second example: two quarters through two halves.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a"}, {ID: "b"}, {ID: "c"}},
		Parties:   []crossholding.Party{{ID: "x"}},
		Stakes: []crossholding.Stake{
			{Holder: "x", Issuer: "a", Percent: "50"}, {Holder: "x", Issuer: "b", Percent: "50"},
			{Holder: "a", Issuer: "c", Percent: "25"}, {Holder: "b", Issuer: "c", Percent: "25"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := a.Sanctions(ctx, []string{"x"}, crossholding.SanctionsOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Blocked())
	// Output: [a b c]
}

func ExampleSanctions_Of() {
	ctx := context.Background()
	// If Renault were blocked at the end of 2022, would Nissan be?
	s, err := alliance().Sanctions(ctx, []string{"renault"}, crossholding.SanctionsOptions{Regime: crossholding.RegimeEU})
	if err != nil {
		fmt.Println(err)
		return
	}
	nissan, ok := s.Of("nissan")
	fmt.Println(ok, nissan.Owned)
	fmt.Println(nissan)
	// Output:
	// true false
	// nissan is not owned by renault: 43.7% of its shares (renault 43.7%), where more than 50% is needed
}

func ExampleConsolidation_Of() {
	ctx := context.Background()
	group, err := alliance().Consolidate(ctx, "nissan", crossholding.ConsolidationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(group.Of(crossholding.Subsidiary), group.Of(crossholding.Associate))
	// Output:
	// [nissan-finance] [mitsubishi]
}
