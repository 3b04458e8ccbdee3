package ftm_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/format/ftm"
)

func ExampleRead() {
	file := `{"id": "oligarch", "schema": "Person", "properties": {"name": ["An Oligarch"], "topics": ["sanction"]}}
{"id": "holding", "schema": "Company", "properties": {"name": ["Holding Ltd"], "jurisdiction": ["cy"]}}
{"id": "bank", "schema": "Company", "properties": {"name": ["Bank AG"], "jurisdiction": ["at"]}}
{"id": "o-1", "schema": "Ownership", "properties": {"owner": ["oligarch"], "asset": ["holding"], "percentage": ["62,5 %"]}}
{"id": "o-2", "schema": "Ownership", "properties": {"owner": ["holding"], "asset": ["bank"], "percentage": ["50%"]}}
{"id": "d-1", "schema": "Directorship", "properties": {"director": ["oligarch"], "organization": ["bank"]}}`
	ctx := context.Background()
	book, report, err := ftm.Read(ctx, strings.NewReader(file), ftm.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range report.Dropped.List {
		fmt.Println(n)
	}
	a, err := crossholding.New(book)
	if err != nil {
		log.Fatal(err)
	}
	blocked, err := compliance.Sanctions(ctx, a, report.Sanctioned, compliance.SanctionsOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range blocked.Companies {
		fmt.Println(a.Name(c.Company), c.Fraction.Percent(1))
	}
	// Output:
	// line 6: d-1: a directorship gives no control
	// Bank AG 50
	// Holding Ltd 62.5
}

func ExampleWrite() {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "renault", Country: "FR"}, {ID: "nissan", Country: "JP"}},
		Stakes:    []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}},
	}
	if _, err := ftm.Write(os.Stdout, book, ftm.WriteOptions{}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// {"id":"nissan","schema":"Company","properties":{"jurisdiction":["jp"]}}
	// {"id":"renault","schema":"Company","properties":{"jurisdiction":["fr"]}}
	// {"id":"ownership-fe34ccee2077cc7ebdfb","schema":"Ownership","properties":{"asset":["nissan"],"owner":["renault"],"percentage":["43.4"]}}
}
