package psc_test

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/psc"
)

func ExampleRead() {
	const snapshot = `
{"company_number":"00000001","data":{"kind":"corporate-entity-person-with-significant-control","name":"Middle Ltd","identification":{"registration_number":"2","country_registered":"England"},"natures_of_control":["ownership-of-shares-50-to-75-percent","voting-rights-50-to-75-percent"],"notified_on":"2020-01-02"}}
{"company_number":"00000002","data":{"kind":"individual-person-with-significant-control","name":"Ms Ann Top","natures_of_control":["ownership-of-shares-25-to-50-percent","voting-rights-75-to-100-percent"],"notified_on":"2020-01-02"}}
{"company_number":"00000002","data":{"kind":"individual-person-with-significant-control","name":"Mr Gone","natures_of_control":["ownership-of-shares-50-to-75-percent"],"notified_on":"2018-01-02","ceased_on":"2020-01-02"}}
`
	ctx := context.Background()
	book, report, err := psc.Read(ctx, strings.NewReader(snapshot), psc.Options{AsOf: "2024-01-01"})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range book.Stakes {
		fmt.Println(s.Holder, "has", s.Between, "of the", cmp.Or(s.Class, "shares"), "of", s.Issuer)
	}
	fmt.Println(report.Dropped.List[0])

	a, err := crossholding.New(book)
	if err != nil {
		log.Fatal(err)
	}
	bounds, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	answer, err := bounds.Controls(ctx, "person:ms ann top:00000002", "00000001")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer)
	// Output:
	// 00000002 has (50%,75%) of the shares of 00000001
	// person:ms ann top:00000002 has (25%,50%] of the capital of 00000002
	// person:ms ann top:00000002 has [75%,100%] of the votes of 00000002
	// line 4: 00000002: Mr Gone ceased on 2020-01-02
	// person:ms ann top:00000002 controls 00000001
}
