package value_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// must stops a program on an error.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// billions shows an amount in billions, rounded.
func billions(m crossholding.Money) string {
	return m.Amount.Div(ratio.Int(1_000_000_000)).Decimal(2).StringFixed(2) + "bn " + m.Currency
}

// april2024 are the prices of Renault and Nissan on 11 April 2024: L'Express counted a
// capitalisation of €14.7bn and €13.9bn, which is of all shares issued.
var april2024 = map[string]string{"renault": "14700000000/295722284 EUR", "nissan": "13900000000/3909472212 EUR"}

// Renault's own business, as the market saw it on 11 April 2024. It is the only snapshot of
// the alliance for which the prices of both are known. Nissan Finance, which has Nissan's
// shares of Renault, has no business of its own.
func ExampleEquity_Own() {
	l := must(value.NewLookThrough(context.Background(), must(booktest.Renault("2024-04-03")), value.Figures{
		Market: crossholding.Market{Currency: "EUR", Prices: april2024},
		Own:    map[string]string{"nissan-finance": "0"},
	}))
	e := must(l.Of("renault"))
	own := must(e.Own())
	fmt.Println("market value", billions(must(e.Gross())), "less stakes", billions(must(e.Stakes())), "is", billions(own))
	fmt.Println(must(e.PerShare(own)), "a share; a change of 1% in both prices moves it by up to", must(e.Condition()).Decimal(2), "%")
	// The figure of Nissan needs a price of Mitsubishi, which is not known.
	_, err := must(l.Of("nissan")).Own()
	fmt.Println(err)
	// Output:
	// market value 14.50bn EUR less stakes 5.41bn EUR is 9.09bn EUR
	// 31.17 EUR a share; a change of 1% in both prices moves it by up to 2.19 %
	// value: the own business of nissan is not known, because there is neither a price of the shares of mitsubishi nor a value of its own business: no price
}

// The market values of Renault and Nissan on 11 April 2024 count twice what each has of the
// other, and Nissan's part of Renault once more in Nissan Finance. Mitsubishi is left out,
// because its price of that day is not known; Nissan's stake in it is part of Nissan's own
// business here.
func ExampleLookThrough_Totals() {
	ctx := context.Background()
	b := must(booktest.Renault("2024-04-03")).Book()
	b.Companies = slices.DeleteFunc(b.Companies, func(c crossholding.Company) bool { return c.ID == "mitsubishi" })
	b.Stakes = slices.DeleteFunc(b.Stakes, func(s crossholding.Stake) bool { return s.Issuer == "mitsubishi" })
	b.Market = nil // it has a price of Nissan of another day
	l := must(value.NewLookThrough(ctx, must(crossholding.New(b)), value.Figures{
		Market: crossholding.Market{Currency: "EUR", Prices: april2024},
		Own:    map[string]string{"nissan-finance": "0"},
	}))
	t := must(l.Totals())
	fmt.Println("market values", billions(t.Gross), "less counted twice", billions(t.DoubleCounted), "is what outsiders own", billions(t.External))
	fmt.Println("own businesses", billions(t.Own), t.Own.Amount.Equal(t.External.Amount))
	fmt.Println("in", l.Currency())
	for _, e := range l.Companies() {
		fmt.Println(e.Company, billions(must(e.Own())), "held by allies:", e.Held.Percent(2), "%")
	}
	// What Renault's shareholders have, with the loop: its own business, Nissan's, and
	// Renault's again through Nissan.
	p := must(l.Portfolio(ctx, "renault"))
	for _, c := range p.Claims {
		fmt.Println("renault looks through to", c.Fraction.Percent(2), "% of", c.Company, billions(c.Value))
	}
	fmt.Println("total", billions(p.Total))
	c := must(l.Condition(ctx))
	fmt.Println("condition", c.Number.Decimal(3), "multiplier", c.Multiplier.Decimal(3), c.Company)
	// Output:
	// market values 30.53bn EUR less counted twice 9.82bn EUR is what outsiders own 20.71bn EUR
	// own businesses 20.71bn EUR true
	// in EUR
	// nissan 11.62bn EUR held by allies: 39.14 %
	// nissan-finance 0.00bn EUR held by allies: 100 %
	// renault 9.09bn EUR held by allies: 15.2 %
	// renault looks through to 41.62 % of nissan 4.83bn EUR
	// renault looks through to 41.62 % of nissan-finance 0.00bn EUR
	// renault looks through to 106.33 % of renault 9.67bn EUR
	// total 14.50bn EUR
	// condition 5.085 multiplier 2.543 nissan-finance
}

// Investors valued 3Com at less than its shares of Palm in 2000: the rest of 3Com, which made
// money, at -$62 a share.
func ExampleNewLookThrough() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "3com", Currency: "USD", Shares: []crossholding.ShareClass{{Issued: "351000000"}}},
			{ID: "palm", Currency: "USD", Shares: []crossholding.ShareClass{{Issued: "562258065"}}},
		},
		Stakes: []crossholding.Stake{{Holder: "3com", Issuer: "palm", Shares: "532000000"}},
	}))
	l := must(value.NewLookThrough(context.Background(), a, value.Figures{
		Market: crossholding.Market{Currency: "USD", Prices: map[string]string{"3com": "81.81 USD", "palm": "95.06 USD"}},
	}))
	e := must(l.Of("3com"))
	own := must(e.Own())
	fmt.Println(own, must(e.PerShare(own)))
	// Output: -21856610000 USD -62.27 USD
}

// Two firms have a third of each other and net assets of 150 each. Each is worth 225, and
// outsiders own 300 (Vernimmen).
func ExampleEquity_Gross() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "300"}}}, {ID: "b", Shares: []crossholding.ShareClass{{Issued: "300"}}}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "100"}, {Holder: "b", Issuer: "a", Shares: "100"}},
	}))
	l := must(value.NewLookThrough(context.Background(), a, value.Figures{Currency: "EUR", Own: map[string]string{"a": "150 EUR", "b": "150 EUR"}}))
	for _, e := range l.Companies() {
		fmt.Println(e.Company, must(e.Gross()), must(e.External()))
	}
	// Output:
	// a 225 EUR 150 EUR
	// b 225 EUR 150 EUR
}

// Exor traded at a discount of 54.9% to its net asset value per share.
func ExamplePremium() {
	price, nav := crossholding.Money{Amount: ratio.MustParse("67.1"), Currency: "EUR"}, crossholding.Money{Amount: ratio.MustParse("148.7"), Currency: "EUR"}
	fmt.Println(must(value.Premium(price, nav)).Percent(1))
	// Output: -54.9
}

// A holding company has a tenth of a company worth 1,000, and owes 20.
func ExampleLookThrough_NetAssetValue() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holding", Shares: []crossholding.ShareClass{{Issued: "10"}}}, {ID: "plant", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Stakes:    []crossholding.Stake{{Holder: "holding", Issuer: "plant", Shares: "10"}},
	}))
	l := must(value.NewLookThrough(context.Background(), a, value.Figures{
		Market: crossholding.Market{Currency: "EUR", Prices: map[string]string{"holding": "6 EUR", "plant": "10 EUR"}},
	}))
	n := must(l.NetAssetValue("holding", crossholding.Money{Amount: ratio.Int(-20), Currency: "EUR"}))
	fmt.Println(n.Value, n.PerShare, n.Price, n.Premium.Percent(0))
	// Output: 80 EUR 8 EUR 6 EUR -25
}
