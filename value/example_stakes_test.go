package value_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// ecb are reference rates of the European Central Bank.
var ecb = []value.Rate{
	{Day: "1999-03-29", Pair: "EUR/JPY", Mid: "128.78", Source: "ECB"}, {Day: "2002-03-01", Pair: "EUR/JPY", Mid: "115.69", Source: "ECB"},
	{Day: "2016-05-12", Pair: "EUR/JPY", Mid: "124.5", Source: "ECB"}, {Day: "2016-05-12", Pair: "EUR/USD", Mid: "1.1389", Source: "ECB"},
	{Day: "2016-10-20", Pair: "EUR/JPY", Mid: "113.76", Source: "ECB"}, {Day: "2016-10-20", Pair: "EUR/USD", Mid: "1.098", Source: "ECB"},
	{Day: "2020-11-13", Pair: "EUR/JPY", Mid: "123.88", Source: "ECB"}, {Day: "2020-11-13", Pair: "EUR/USD", Mid: "1.1815", Source: "ECB"},
	{Day: "2020-11-16", Pair: "EUR/JPY", Mid: "124.15", Source: "ECB"}, {Day: "2020-11-16", Pair: "EUR/USD", Mid: "1.183", Source: "ECB"},
	{Day: "2023-12-13", Pair: "EUR/JPY", Mid: "157.13", Source: "ECB"}, {Day: "2024-03-28", Pair: "EUR/JPY", Mid: "163.45", Source: "ECB"},
}

// A pair that is given both ways must agree. So must the rates round a triangle.
func ExampleNewRates() {
	_, err := value.NewRates(value.RatesOf(crossholding.Market{FX: map[string]ratio.Number{"EUR/JPY": "140.66", "JPY/EUR": "0.5"}}, "2022-12-30"), value.RateOptions{})
	fmt.Println(err)
	// Output: crossholding: rates of 2022-12-30: EUR/JPY 140.66, JPY/EUR 0.5 cannot all be right: through EUR, JPY and back, 1 EUR becomes 70.33 EUR, and the spread allowed is 0%
}

// Dollars become yen through euros only if the caller says so.
func ExampleRates_Convert() {
	rates := must(value.NewRates(ecb, value.RateOptions{}))
	reported := crossholding.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}
	_, err := rates.Convert(reported, "JPY", "2020-11-16", value.Terms{})
	fmt.Println(err)
	c := must(rates.Convert(reported, "JPY", "2020-11-16", value.Terms{Via: []string{"EUR"}}))
	fmt.Println(c.To, c.Legs)
	// Output:
	// value: no rate USD/JPY on 2020-11-16; state a route: the table leads through EUR: no price (950000000 USD in JPY)
	// 99697802198 JPY [÷ 1.183 (EUR/USD 2020-11-16) × 124.15 (EUR/JPY 2020-11-16)]
}

// The table serves the valuations of the library too.
func ExampleRates_ByDay() {
	rates := must(value.NewRates(ecb, value.RateOptions{}))
	fmt.Println(rates.ByDay()["2002-03-01"])
	// Output: map[EUR/JPY:115.69]
}

// nissansThird is Nissan's account of its stake in Mitsubishi Motors.
func nissansThird() value.Account {
	a := must(value.NewAccount("nissan in mitsubishi", "JPY", value.AccountOptions{}))
	return must(a.Buy(value.Trade{Date: "2016-10-20", Shares: "506620577", Price: "468.52"}))
}

// In November 2020 Nissan's third of Mitsubishi was said to be worth $950m, less than half of
// what was paid. It is so at the rate of each day that can be meant.
func ExampleCompare() {
	rates := must(value.NewRates(ecb, value.RateOptions{}))
	cost := must(nissansThird().Cost())
	reported := crossholding.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}
	for _, day := range []date.Date{"2016-05-12", "2016-10-20", "2020-11-13", "2020-11-16"} {
		c := must(rates.Convert(reported, "JPY", day, value.Terms{Via: []string{"EUR"}}))
		fmt.Println(day, must(value.Compare(c.To.Round(ratio.HalfEven), cost, ratio.Of(1, 2))))
	}
	// Output:
	// 2016-05-12 103850206339 JPY is 43.75% of 237361872736.04 JPY: less than 50%
	// 2016-10-20 98426229508 JPY is 41.47% of 237361872736.04 JPY: less than 50%
	// 2020-11-13 99607278883 JPY is 41.96% of 237361872736.04 JPY: less than 50%
	// 2020-11-16 99697802198 JPY is 42.002% of 237361872736.04 JPY: less than 50%
}

// Under Japanese practice the stake is impaired at exactly half of its cost, 234.26 yen a
// share, and not one sen above. It is then not yet worth less than half.
func ExampleImpairmentRule_Test() {
	rule := must(value.ImpairmentRuleOf("jp-practice"))
	a := nissansThird()
	for _, price := range []ratio.Number{"201.7", "234.26", "234.27"} {
		m := value.Measurement{Carrying: must(a.Cost()), Fair: must(a.Value(value.Quote{Price: price}))}
		fmt.Println(must(rule.Test(m)))
		fmt.Println(must(value.Compare(m.Fair, m.Carrying, ratio.Of(1, 2))).Below)
	}
	// Output:
	// fair value 102185370380.9 JPY is 43.05% of the carrying value 237361872736.04 JPY, a fall of 56.95%, at least the 50% for any issuer: impaired by 135176502355.14 JPY (jp-practice)
	// true
	// fair value 118680936368.02 JPY is 50% of the carrying value 237361872736.04 JPY, a fall of 50%, at least the 50% for any issuer: impaired by 118680936368.02 JPY (jp-practice)
	// false
	// fair value 118686002573.79 JPY is 50.002% of the carrying value 237361872736.04 JPY, a fall of 49.998%, less than the 50% for any issuer: not impaired (jp-practice)
	// false
}

// Each rule has its source.
func ExampleImpairmentRules() {
	for _, r := range value.ImpairmentRules() {
		fmt.Println(r.ID, r.Basis, r.Normal, r.Weaker, r.Sources[0].Place)
	}
	// Output:
	// jp-practice fair value 0.5 0.3 JICPA Accounting Practice Committee Statement No. 14 (Practical Guidelines on Financial Instruments), paragraph 91
	// ias-28 recoverable amount 0 0 IAS 28, paragraphs 40 to 43 (31 to 34 before 2011)
	// asc-323 fair value 0 0 ASC 323-10-35-31, 35-32 and 35-32A
}

// In November 2024 Nissan sold 149,028,300 of the shares back to Mitsubishi at 460.6 yen, a
// little below cost.
func ExampleAccount_Sell() {
	after, result, err := nissansThird().Sell(value.Sale{Trade: value.Trade{Date: "2024-11-08", Shares: "149028300", Price: "460.6"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(must(result.Total()), "and", after.Shares(), "shares are left at", must(after.Cost()))
	// Output: -1180304136 JPY and 357592277 shares are left at 167539133620.04 JPY
}

// Renault sold 99,132,100 shares of Nissan at 593.4 yen on 28 March 2024. The sale is a gain in
// the annual accounts of Renault SA, which have the shares at the ¥400 paid in 1999, and a loss
// in the accounts of the group, which had them at the equity method. Published: cash €358m, a
// gain of about €50m, and a loss of around €440m. The carrying value of €8.05 a share is not
// published: it is what the published loss implies.
func ExampleSellAll() {
	rates := must(value.NewRates(ecb, value.RateOptions{}))
	opt := value.AccountOptions{Rates: rates, Terms: value.Terms{MaxAge: 5}}
	statutory := must(value.NewAccount("Renault SA", "EUR", opt))
	statutory = must(statutory.Buy(value.Trade{Date: "1999-03-29", Shares: "1081087027", Price: "400", Currency: "JPY"}))
	group := must(value.NewAccount("Renault Group", "EUR", opt))
	group = must(group.Buy(value.Trade{Date: "2023-12-31", Shares: "1081087027", Price: "8.05"}))
	sale := value.Sale{Trade: value.Trade{Date: "2024-03-28", Shares: "99132100", Price: "593.4", Currency: "JPY"}}
	_, results, err := value.SellAll([]value.Account{statutory, group}, sale)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range results {
		fmt.Println(r.Account, millions(must(r.Total())))
	}
	s := must(results[0].Sum())
	fmt.Println("in yen", results[0].Gains[0].Local)
	fmt.Println("price", millions(s.Price), "currency", millions(s.Currency), "both together", millions(s.Joint))
	// Output:
	// Renault SA 51.98m EUR
	// Renault Group -438.12m EUR
	// in yen 19172148140 JPY
	// price 148.88m EUR currency -65.31m EUR both together -31.58m EUR
}

// millions shows an amount in millions, rounded.
func millions(m crossholding.Money) string {
	return m.Amount.Div(ratio.Int(1_000_000)).Decimal(2).StringFixed(2) + "m " + m.Currency
}

// The dollars of an investor whose shares did not move and whose currency did.
func ExampleAccount_Unrealised() {
	a := must(value.NewAccount("goog", "EUR", value.AccountOptions{}))
	a = must(a.Buy(value.Trade{Date: "2024-01-02", Shares: "10", Price: "120", Currency: "USD", Rate: "10/13"}))
	s := must(must(a.Unrealised(value.Quote{Date: "2024-06-03", Price: "120", Currency: "USD", Rate: "2/3"})).Sum())
	fmt.Println(a.Name(), "in", a.Currency()+":", s.Total, s.Price, s.Currency)
	// Output: goog in EUR: -123.08 EUR 0 EUR -123.08 EUR
}

// A position with dividends, its multiple of money and its rate of return.
func ExampleXIRR() {
	a := must(value.NewAccount("fund", "EUR", value.AccountOptions{}))
	a = must(a.Buy(value.Trade{Date: "2020-01-01", Shares: "100", Price: "10", Fees: "5"}))
	a, paid, err := a.Receive(value.Dividend{Date: "2021-01-01", PerShare: "0.5"})
	fmt.Println(paid, err)
	flows := must(a.FlowsTo(value.Quote{Date: "2022-01-01", Price: "11"}))
	fmt.Println(must(value.Multiple(flows)).Decimal(4))
	for _, r := range must(value.XIRR(context.Background(), flows, 6)) {
		fmt.Println(r.Percent(4), "%")
	}
	fmt.Println(len(must(a.Flows())), "payments so far")
	// Output:
	// 50 EUR <nil>
	// 1.1443
	// 7.1265 %
	// 2 payments so far
}

// Payments that change their sign twice can have two rates, or none.
func ExampleXIRR_twoRates() {
	flow := func(day date.Date, amount int64) value.Flow {
		return value.Flow{Date: day, Amount: crossholding.Money{Amount: ratio.Int(amount), Currency: "EUR"}}
	}
	fmt.Println(value.XIRR(context.Background(), []value.Flow{flow("2001-01-01", -100), flow("2002-01-01", 230), flow("2003-01-01", -132)}, 4))
	fmt.Println(value.XIRR(context.Background(), []value.Flow{flow("2001-01-01", -100), flow("2002-01-01", 200), flow("2003-01-01", -150)}, 4))
	// Output:
	// [0.1 0.2] <nil>
	// [] value: the payments change their sign 2 times, and no rate makes their value 0: no rate of return
}

// After an impairment the shares are carried at less.
func ExampleAccount_Carry() {
	a := nissansThird()
	i := must(must(value.ImpairmentRuleOf("jp-practice")).Test(value.Measurement{Carrying: must(a.Cost()), Fair: must(a.Value(value.Quote{Price: "201.7"}))}))
	a = must(a.Carry("2021-03-31", i.Carrying))
	fmt.Println(a.Lots())
	// Output: [{2021-03-31 506620577 102185370380.9 JPY 1}]
}
