package scenario_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// stepsOn makes steps on a book in which h has 300 of 1,000 shares of x, bought at 4 EUR, k has
// 200 of them, and x has 240 of 300 shares of t.
func stepsOn(steps ...scenario.Step) *scenario.Outcome {
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2024-01-02",
		Companies: []crossholding.Company{
			{ID: "t", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "300"}}},
			{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "k"}, {ID: "u"}},
		Stakes: []crossholding.Stake{
			{Holder: "h", Issuer: "x", Shares: "300", Lots: []crossholding.Lot{{Date: "2020-03-04", Shares: "300", Price: "4 EUR"}}},
			{Holder: "k", Issuer: "x", Shares: "200"},
			{Holder: "x", Issuer: "t", Shares: "240"},
			{Holder: "k", Issuer: "t", Shares: "60"},
		},
	})
	if err != nil {
		panic(err)
	}
	out, err := scenario.Run(context.Background(), a, scenario.Scenario{Steps: steps})
	if err != nil {
		panic(err)
	}
	return out
}

// show prints what each step did.
func show(out *scenario.Outcome) {
	for _, s := range out.Steps {
		for _, p := range s.Postings {
			fmt.Println(p)
		}
	}
}

func ExampleRun_split() {
	show(stepsOn(scenario.Step{Step: "split", Issuer: "x", Ratio: "3:1"}))
	// Output:
	// transform 300 x ordinary: from h into 900 x ordinary: to h
	// transform 200 x ordinary: from k into 600 x ordinary: to k
	// transform 500 x ordinary: from float:x into 1,500 x ordinary: to float:x
}

// The dearest shares are sold first, whatever their dates.
func ExampleRun_highestCostFirst() {
	out := stepsOn(
		scenario.Step{Step: "trade", Issuer: "x", From: "k", To: "h", Shares: "100", Price: "9 EUR"},
		scenario.Step{Step: "trade", Issuer: "x", From: "k", To: "h", Shares: "100", Price: "6 EUR"},
		scenario.Step{Step: "trade", Issuer: "x", From: "h", To: "u", Shares: "150", Price: "10 EUR", Method: scenario.LotMethodHIFO},
	)
	for _, g := range out.Gains {
		if g.Holder == "h" {
			fmt.Printf("%s shares that cost %s: gain %s\n", g.Shares, g.Cost, g.Gain)
		}
	}
	// Output:
	// 50 shares that cost 300 EUR: gain 200 EUR
	// 100 shares that cost 900 EUR: gain 100 EUR
}

func ExampleRun_spinOff() {
	n := &crossholding.Company{ID: "n", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "300"}}}
	out := stepsOn(scenario.Step{Step: "spin_off", Issuer: "x", Company: n, Ratio: "1:4", Keep: "50", CostShare: scenario.CostShare{"": "25%"}})
	for _, s := range out.After.Book().Stakes {
		if s.Issuer == "n" {
			fmt.Println(s.Holder, s.Shares, s.Lots)
		}
	}
	// Output:
	// h 75 [{2020-03-04 75 4 EUR}]
	// k 50 []
	// x 50 []
}

func ExampleRun_merge() {
	out := stepsOn(scenario.Step{Step: "merge", Issuer: "t", Into: "x", Ratio: "1:3", Cash: "2 EUR"})
	show(out)
	fmt.Println(out.Cash)
	// Output:
	// destroy 240 t ordinary: from x
	// pay 120 EUR: x to k
	// transform 60 t ordinary: from k into 20 x ordinary: to k
	// set t is gone
	// [k 120 EUR x -120 EUR]
}

func ExampleRun_rights() {
	show(stepsOn(scenario.Step{Step: "rights", Issuer: "x", Ratio: "1:4", Price: "3 EUR",
		Takes: map[string]string{"h": "all", "k": "50%"}, To: "u"}))
	// Output:
	// create 75 x ordinary: to h
	// pay 225 EUR: h to x
	// create 25 x ordinary: to k
	// pay 75 EUR: k to x
	// create 150 x ordinary: to u
	// pay 450 EUR: u to x
}

func ExampleRun_dividend() {
	show(stepsOn(scenario.Step{Step: "dividend", Issuer: "t", PerShare: "1 EUR", PassOn: map[string]string{"x": "50%"}}))
	// Output:
	// pay 60 EUR: t to k
	// pay 240 EUR: t to x
	// pay 36 EUR: x to h
	// pay 24 EUR: x to k
	// pay 60 EUR: x to float:x
}

func ExampleRun_offer() {
	out := stepsOn(scenario.Step{Step: "offer", Issuer: "x", To: "u", Shares: "250", Price: "7 EUR",
		Tendered: map[string]string{"h": "all", "k": "all"}})
	fmt.Println(out.Steps[0])
	fmt.Println(out.Gains[0].Holder, out.Gains[0].Shares, out.Gains[0].Gain)
	// Output:
	// u buys 250 x shares that are tendered for 1,750 EUR
	// h 150 450 EUR
}

func ExampleRun_squeezeOut() {
	out := stepsOn(scenario.Step{Step: "trade", Issuer: "t", From: scenario.Everyone, To: "x", Percent: "100", Price: "11 EUR"})
	fmt.Println(out.Steps[0])
	// Output: everyone passes 60 t shares to x for 660 EUR
}

func ExampleRun_sharesForShares() {
	show(stepsOn(scenario.Step{Step: "trade", Issuer: "t", From: "k", To: "x", Shares: "60",
		For: &scenario.SharePayment{Issuer: "x", Ratio: "1:2"}}))
	// Output:
	// create 30 x ordinary: to k
	// move 60 t ordinary: from k to x
}

func ExampleRun_restate() {
	show(stepsOn(scenario.Step{Step: "restate", Issuer: "x", From: "h", Shares: "100", Holder: "k", Beneficiary: "h", Voter: "k"}))
	// Output: move 100 x ordinary: from h to k for h
}

func ExampleRun_found() {
	jv := &crossholding.Company{ID: "jv", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "900"}}}
	show(stepsOn(
		scenario.Step{Step: "found", Company: jv, Founders: []scenario.Founder{{Holder: "t", Shares: "450"}, {Holder: "x", Shares: "450"}}},
		scenario.Step{Step: "issue", Issuer: "jv", To: "u", UpTo: "10%", Price: "7.4 EUR"},
	))
	// Output:
	// set company jv
	// create 450 jv ordinary: to t
	// create 450 jv ordinary: to x
	// create 100 jv ordinary: to u
	// pay 740 EUR: u to jv
}

func ExampleRun_distribute() {
	out := stepsOn(scenario.Step{Step: "distribute", Issuer: "x", Asset: "t", Ratio: "1:5"})
	show(out)
	// Output:
	// move 60 t ordinary: from x to h
	// move 40 t ordinary: from x to k
	// move 100 t ordinary: from x to float:t
}

func ExampleRun_liquidate() {
	out := stepsOn(scenario.Step{Step: "liquidate", Issuer: "x"})
	for _, s := range out.After.Book().Stakes {
		fmt.Println(s.Holder, s.Issuer, s.Shares, s.Lots)
	}
	// Output:
	// h t 72 [{2020-03-04 72 50/3 EUR}]
	// k t 108 []
}

func ExampleRun_convert() {
	show(stepsOn(
		scenario.Step{Step: "class", Issuer: "x", Class: "b", ClassVotes: "10"},
		scenario.Step{Step: "convert", Issuer: "x", Class: "ordinary", ToClass: "b", Ratio: "1:2", From: "h", Shares: "100"},
		scenario.Step{Step: "amend", Issuer: "x", Class: "b", ClassVotes: "5"},
	))
	// Output:
	// set class b of x
	// transform 100 x ordinary: from h into 50 x b: to h
	// set class b of x
}

func ExampleRun_exercise() {
	right := &crossholding.Right{ID: "o", Holder: "u", Issuer: "x", Shares: "50", Price: "2 EUR"}
	out := stepsOn(
		scenario.Step{Step: "grant", Right: right},
		scenario.Step{Step: "exercise", ID: "o", Shares: "20"},
		scenario.Step{Step: "lapse", ID: "o", Shares: "10"},
		scenario.Step{Step: "pay", From: "u", To: "x", Amount: "3 EUR"},
	)
	for _, s := range out.Steps {
		fmt.Println(s)
	}
	fmt.Println(out.After.Book().Rights[0].Shares, "left")
	// Output:
	// right o is granted
	// right o becomes 20 shares for 40 EUR
	// right o lapses for 10 shares
	// u makes a payment to x of 3 EUR
	// 20 left
}
