package compliance_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end of 2022.
func alliance() *crossholding.Alliance {
	f, err := os.Open("../testdata/alliance/before.json")
	check(err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	check(err)
	return a
}

func ExampleSanctionsReport_Blocked() {
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
	s, err := compliance.Sanctions(ctx, a, []string{"x"}, compliance.SanctionsOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Blocked())
	// Output: [a b c]
}

func ExampleSanctionsReport_Of() {
	ctx := context.Background()
	// If Renault were blocked at the end of 2022, would Nissan be?
	s, err := compliance.Sanctions(ctx, alliance(), []string{"renault"}, compliance.SanctionsOptions{Regime: compliance.RegimeEU})
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

func ExampleSanctionedCompany_WithNames() {
	ctx, a := context.Background(), alliance()
	s, err := compliance.Sanctions(ctx, a, []string{"renault"}, compliance.SanctionsOptions{})
	check(err)
	for _, c := range s.Companies {
		fmt.Println(c.WithNames(a.Name))
	}
	// Output: Nissan Motor is not owned by Renault SA: 43.7% of its shares (Renault SA 43.7%), where at least 50% is needed
}
