// Package docs_test holds the programs of COOKBOOK.md, and tests that the page
// shows them with their output.
package docs_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/scenario"
)

var ctx = context.Background()

// must returns v. It stops the program if there is an error.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// alliance reads the book of Renault, Nissan and Mitsubishi Motors at the end of 2022.
func alliance() *crossholding.Alliance {
	f := must(os.Open("../testdata/alliance/before.json"))
	defer f.Close()
	return must(crossholding.ReadBook(f))
}

// rebalancing makes the steps by which the alliance changed in 2023 and 2024.
func rebalancing() *scenario.Outcome {
	f := must(os.Open("../testdata/alliance/rebalancing.json"))
	defer f.Close()
	return must(scenario.Run(ctx, alliance(), must(scenario.Read(f))))
}

// crossHoldings lists what companies hold of one another, as fractions of the shares that are
// outstanding.
func crossHoldings(a *crossholding.Alliance) (out []clearing.Holding) {
	g := a.Graph()
	for company := range int32(g.Len()) {
		issued, treasury := g.Issued(company)
		from, to := g.Stakes(company)
		for e := from; e < to; e++ {
			if holder := g.Stake(e).Beneficiary; holder != company && g.HasShares(holder) {
				share := g.Shares(e).Div(issued.Sub(treasury))
				out = append(out, clearing.Holding{Holder: g.ID(holder), Issuer: g.ID(company), Share: share})
			}
		}
	}
	return out
}

// percents makes a book of stakes such as "ines 60 holding". Whoever is held is a company
// under German law. All others are persons.
func percents(stakes ...string) *crossholding.Alliance {
	var b crossholding.Book
	isCompany := map[string]bool{}
	for _, text := range stakes {
		var s crossholding.Stake
		must(fmt.Sscan(text, &s.Holder, &s.Percent, &s.Issuer))
		b.Stakes = append(b.Stakes, s)
		isCompany[s.Issuer] = true
		if !isCompany[s.Holder] {
			isCompany[s.Holder] = false // known, and a person so far
		}
	}
	for id, company := range isCompany {
		if company {
			b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: "DE"})
		} else {
			b.Parties = append(b.Parties, crossholding.Party{ID: id})
		}
	}
	return must(crossholding.New(b))
}
