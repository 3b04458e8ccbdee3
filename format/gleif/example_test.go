package gleif_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding/format/gleif"
)

func ExampleRead() {
	f, err := os.Open("testdata/relationships.csv")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	book, report, err := gleif.Read(context.Background(), f, gleif.Options{AsOf: "2024-01-02"})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range book.Controls {
		fmt.Println(c.Controller, "controls", c.Company, c.By)
	}
	for _, s := range book.Stakes {
		fmt.Println(s.Holder, "holds", s.Figure(), "of", s.Issuer)
	}
	fmt.Println(report)
	fmt.Println(report.Dropped.List[0])
	// Output:
	// MID00000000000000002 controls CHILD000000000000001 voting
	// TOP00000000000000003 controls MID00000000000000002 voting
	// TOP00000000000000003 controls OTHER000000000000007 indirect
	// MID00000000000000002 holds 62.50% of CHILD000000000000001
	// TOP00000000000000003 holds [1%,100%] of MID00000000000000002
	// 3 of 8 lines read; guessed: 1 ambiguous, 1 kind, 1 lapsed, 1 means, 1 ultimate; dropped: 1 branch, 2 fund, 1 quantifier, 1 ultimate, 1 withdrawn
	// line 4: CHILD000000000000001: IS_ULTIMATELY_CONSOLIDATED_BY TOP00000000000000003 has the figure 62.50 PERCENTAGE of ACCOUNTING_CONSOLIDATION
}
