package bods_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/bods"
)

func ExampleRead() {
	file := `[
{"statementDate": "2024-01-01", "recordId": "topco", "recordType": "entity", "recordStatus": "new", "recordDetails": {"isComponent": false, "entityType": {"type": "registeredEntity"}, "name": "Topco"}},
{"statementDate": "2024-01-01", "recordId": "ann", "recordType": "person", "recordStatus": "new", "recordDetails": {"isComponent": false, "personType": "knownPerson", "names": [{"type": "legal", "fullName": "Ann"}]}},
{"statementDate": "2024-01-01", "recordId": "r1", "recordType": "relationship", "recordStatus": "new", "recordDetails": {"isComponent": false, "subject": "topco", "interestedParty": "ann",
  "interests": [{"type": "shareholding", "directOrIndirect": "direct", "share": {"exclusiveMinimum": 50, "exclusiveMaximum": 75}}, {"type": "boardMember", "directOrIndirect": "direct"}]}}
]`
	book, report, err := bods.Read(context.Background(), strings.NewReader(file), bods.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range book.Stakes {
		fmt.Println(s.Holder, s.Issuer, s.Between)
	}
	for _, n := range report.Dropped.List {
		fmt.Println(n)
	}
	// Output:
	// ann topco (50%,75%)
	// line 4: ann in topco: boardmember
}

func ExampleWrite() {
	book := crossholding.Book{
		AsOf:      "2022-12-31",
		Companies: []crossholding.Company{{ID: "nissan", Name: "Nissan Motor", Country: "JP"}, {ID: "renault"}},
		Stakes:    []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}},
	}
	report, err := bods.Write(os.Stdout, book, bods.WriteOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Lines, "statements")
	// Output:
	// [
	// {"declarationSubject":"nissan","recordDetails":{"entityType":{"type":"registeredEntity"},"isComponent":false,"jurisdiction":{"code":"JP","name":"JP"},"name":"Nissan Motor"},"recordId":"nissan","recordStatus":"new","recordType":"entity","statementDate":"2022-12-31","statementId":"7ba68827920c2c542a3f698cbcf54199b2641601"},
	// {"declarationSubject":"renault","recordDetails":{"entityType":{"type":"registeredEntity"},"isComponent":false},"recordId":"renault","recordStatus":"new","recordType":"entity","statementDate":"2022-12-31","statementId":"7213afa0c91d25ba60b66aa044904f7a3e29d224"},
	// {"declarationSubject":"nissan","recordDetails":{"interestedParty":"renault","interests":[{"directOrIndirect":"direct","share":{"exact":43.4},"type":"shareholding"}],"isComponent":false,"subject":"nissan"},"recordId":"relationship-fe34ccee2077cc7ebdfb","recordStatus":"new","recordType":"relationship","statementDate":"2022-12-31","statementId":"2d588d76dc33ca1747126ca918064264c73247fe"}
	// ]
	// 3 statements
}
