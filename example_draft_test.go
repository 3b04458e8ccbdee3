package crossholding_test

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// What if Renault had a third of Nissan's shares, rounded down?
func ExampleAlliance_Draft() {
	a := alliance()
	d := a.Draft()
	classes := d.Classes("nissan")
	k := &classes[0]
	for i := range k.Stakes {
		if s := &k.Stakes[i]; s.Holder == "renault" {
			s.Shares, s.Lots = k.Issued.Div(ratio.Int(3)).Floor(), nil
			fmt.Println("Renault then has", s.Shares)
		}
	}
	check(d.SetClasses(classes))

	o, err := d.Alliance().Ownership(context.Background(), crossholding.OwnershipOptions{})
	check(err)
	capital, err := o.Capital("renault", "nissan")
	check(err)
	fmt.Println(capital.Percent(8), "%")

	classes[0].Stakes[0].Shares = ratio.Int(5_000_000_000)
	fmt.Println(d.SetClasses(classes))
	// Output:
	// Renault then has 1406905037
	// 33.33333333 %
	// crossholding: nissan/ordinary: 5028900000 of 4220715112 issued shares are held
}

// A new venture, a company that is wound up, and everything that is no share.
func ExampleDraft() {
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{
			{ID: "maker", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}},
			{ID: "shell", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "10"}}},
		},
		Parties: []crossholding.Party{{ID: "family"}},
		Stakes: []crossholding.Stake{
			{Holder: "family", Issuer: "maker", Between: "(25%, 50%]"},
			{Holder: "family", Issuer: "shell", Percent: "100"},
		},
	})
	check(err)
	d := a.Draft()
	fmt.Println(d.Bands("maker", "ordinary")[0].Given, d.IssuersOf("family"))

	check(d.Found(crossholding.Company{ID: "venture", Country: "NL", Shares: []crossholding.ShareClass{{Issued: "1"}}}))
	check(d.AddClass("venture", crossholding.ShareClass{Class: "B", Votes: "10"}))
	check(d.Amend("venture", "5", crossholding.ShareClass{Class: "B", Dividend: "2"}))
	company, found := d.Company("venture")
	fmt.Println(company.Country, company.Lot, found, d.InPercent("venture"), d.Has("venture"), len(d.Classes("venture")))

	check(d.Agree(crossholding.Agreement{ID: "calm", Kind: crossholding.AgreementNeutral, Holders: []string{"family"}, Issuer: "maker", From: "2024-03-01"}))
	check(d.Assert([]crossholding.ControlFact{{Controller: "family", Company: "venture", By: crossholding.ControlByAppointment}}))
	check(d.Grant(crossholding.Right{ID: "option", Holder: "family", Issuer: "maker", Shares: "7", Price: "2 EUR", To: "2024-06-30"}))
	right, _ := d.Right("option")
	right.Shares = "6"
	check(d.SetRight(right))
	for agreement := range d.Agreements() {
		fmt.Println(agreement.ID, d.Rights()[0].Shares)
	}

	check(d.Reprice(crossholding.Market{FX: map[string]ratio.Number{"EUR/USD": "1.25"}}))
	dollars, err := d.Convert(crossholding.Money{Amount: ratio.Int(100), Currency: "EUR"}, "USD")
	check(err)
	lapsed, err := d.SetAsOf("2024-07-01")
	check(err)
	fmt.Println(dollars, "lapsed:", lapsed[0].ID, "votes moved by time alone:", d.VotesMoved("2024-01-01"), d.AsOf())

	check(d.Retract(crossholding.ControlFact{Controller: "family", Company: "venture", By: crossholding.ControlByAppointment}))
	check(d.EndAgreement("calm"))
	check(d.Dissolve("shell", "", "", ratio.Ratio{}))
	fmt.Println(d.Len(), "companies, stakes and lots;", len(d.Alliance().Book().Companies), "companies")
	// Output:
	// (25%,50%] [maker shell]
	// NL 5 true false true 2
	// calm 6
	// 125 USD lapsed: option votes moved by time alone: true 2024-07-01
	// 3 companies, stakes and lots; 2 companies
}

// Stakes and facts sort in the order of a canonical book.
func ExampleStake_Compare() {
	stakes := []crossholding.Stake{
		{Holder: "renault", Issuer: "nissan", Percent: "43.4"},
		{Holder: "nissan", Issuer: "renault", Between: "(10%, 15%]"},
	}
	slices.SortFunc(stakes, crossholding.Stake.Compare)
	for _, s := range stakes {
		fmt.Println(s.Holder, s.Issuer, s.Figure())
	}
	facts := []crossholding.ControlFact{{Controller: "state", Company: "renault"}, {Controller: "family", Company: "holding"}}
	fmt.Println(facts[0].Compare(facts[1]))
	// Output:
	// nissan renault (10%, 15%]
	// renault nissan 43.4%
	// 1
}

// A split of 3 for 1 makes a right to 10 shares at €4 one to 30 shares at €4/3.
func ExampleDraft_ScaleRights() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "maker", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Parties:   []crossholding.Party{{ID: "bank"}, {ID: "family"}},
		Rights:    []crossholding.Right{{ID: "call", Holder: "bank", Issuer: "maker", Shares: "10", Price: "4 EUR", Writer: "family"}},
	})
	check(err)
	changed, err := a.Draft().ScaleRights("maker", crossholding.DefaultClass, ratio.Int(3))
	check(err)
	fmt.Println(changed[0].Shares, "at", changed[0].Price)
	for r := range a.Graph().Rights() {
		fmt.Println(a.Graph().ID(r.Holder), "has a right to", r.Shares, "shares that", a.Graph().ID(r.Writer), "delivers")
	}
	// Output:
	// 30 at 4/3 EUR
	// bank has a right to 10 shares that family delivers
}

// Two ways to go on from one draft, of which neither changes the other.
func ExampleDraft_Copy() {
	d := alliance().Draft()
	first := d.Copy()
	check(d.Reprice(crossholding.Market{FX: map[string]ratio.Number{"EUR/USD": "1.25"}}))
	check(d.EndAgreement(slices.Collect(d.Agreements())[0].ID))
	before, after := first.Alliance(), d.AllianceAfter(first) // after shares what is the same
	fmt.Println(len(before.Book().Agreements), "agreements, then", len(after.Book().Agreements))
	// Output:
	// 2 agreements, then 1
}
