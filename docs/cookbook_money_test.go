package docs_test

import (
	"fmt"
	"log"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/sharing"
	"github.com/crossholding/crossholding/value"
	"github.com/crossholding/crossholding/whatif"
)

// An investor.

func Example_worthAgainstCost() {
	a := rebalancing().After
	value := must(a.Value(a.Market(), crossholding.ValuationOptions{Currency: "JPY"}))
	for stake := range value.Stakes() {
		if percent, err := stake.Ratio(); err == nil { // the cost and the price are known
			fmt.Printf("%s in %s: cost %s, worth %s, %s%% of cost\n", a.Name(stake.Holder), a.Name(stake.Issuer),
				must(stake.Cost()), must(stake.Value()), percent.Percent(1))
		}
	}
	// Output:
	// Nissan Motor in Mitsubishi Motors: cost 167539133620.04 JPY, worth 164707002786.2 JPY, 98.3% of cost
	// Renault SA in Nissan Motor: cost 530492530800 JPY, worth 541765497079.5 JPY, 102.1% of cost
}

func Example_costAtTheRatesOfTheDay() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "ana"}},
		Stakes: []crossholding.Stake{{Holder: "ana", Issuer: "works", Shares: "80", Lots: []crossholding.Lot{
			{Date: "2020-05-04", Shares: "30", Price: "100 USD"}, {Date: "2022-09-01", Shares: "20", Price: "110 USD"},
		}}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"works": "120 EUR"}},
	}))
	value := must(a.Value(a.Market(), crossholding.ValuationOptions{LotFX: map[date.Date]map[string]ratio.Number{
		"2020-05-04": {"EUR/USD": "1.25"}, "2022-09-01": {"EUR/USD": "1.1"},
	}}))
	stake := must(value.Stake("ana", "works"))
	_, err := stake.Cost()
	fmt.Println(err)
	known := stake.KnownCost()
	fmt.Println(known.Shares, "shares cost", must(known.Cost()), "and are worth", must(known.Value()))
	// Output:
	// crossholding: cost of ana in works: no lot covers 30 of 80 shares: no known cost
	// 50 shares cost 4400 EUR and are worth 6000 EUR
}

func Example_soldFirst() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "ana"}},
		Stakes: []crossholding.Stake{{Holder: "ana", Issuer: "works", Shares: "90", Lots: []crossholding.Lot{
			{Date: "2019-05-06", Shares: "30", Price: "4"}, {Date: "2021-02-01", Shares: "30", Price: "9"}, {Date: "2023-07-03", Shares: "30", Price: "6"},
		}}},
	}))
	for _, method := range []scenario.LotMethod{scenario.LotMethodFIFO, scenario.LotMethodLIFO, scenario.LotMethodHIFO, scenario.LotMethodAverage} {
		out := must(scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
			{Step: scenario.StepTrade, From: "ana", To: crossholding.FloatOf("works"), Issuer: "works", Shares: "40", Price: "10 EUR", Method: method},
		}}))
		var gain ratio.Ratio
		for _, g := range out.Gains {
			gain = gain.Add(g.Gain.Amount)
		}
		fmt.Println(method, "gains", gain.Decimal(2), "EUR")
	}
	// Output:
	// fifo gains 190 EUR
	// lifo gains 130 EUR
	// hifo gains 70 EUR
	// average gains 146.67 EUR
}

func Example_afterABuyback() {
	a := alliance()
	out := must(scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepBuyback, From: crossholding.FloatOf("nissan"), Issuer: "nissan", Percent: "5", Price: "568.5 JPY", Cancel: true},
	}}))
	for _, step := range out.Steps {
		fmt.Println(step)
	}
	for _, b := range []*crossholding.Alliance{out.Before, out.After} {
		o := must(b.Ownership(ctx, crossholding.OwnershipOptions{}))
		fmt.Printf("renault has %s%% of the shares and %s%% in the end\n",
			must(o.Capital("renault", "nissan")).Percent(2), must(o.FirstPassage(ctx, "renault", "nissan")).Percent(2))
	}
	// Output:
	// nissan buys back 211,035,800 nissan shares from float:nissan and cancels them for 119,973,852,300 JPY (44.4 shares from the exact amount)
	// renault has 43.4% of the shares and 43.7% in the end
	// renault has 45.69% of the shares and 46.02% in the end
}

func Example_largestSale() {
	s := must(whatif.Solve(ctx, alliance(),
		whatif.Goal{Figure: whatif.Figure{Kind: whatif.Capital, Holder: "renault", Issuer: "nissan"}, Is: whatif.AtLeast, Limit: ratio.Of(15, 100)},
		whatif.Lever{Greatest: true, Steps: []scenario.Step{{Step: scenario.StepBuyback, From: "renault", Issuer: "nissan", Cancel: true}}},
		whatif.Options{}))
	for _, p := range []whatif.Point{s.At, *s.Beside} {
		fmt.Println(p.Amount.Grouped(), "sold back and cancelled leave", p.Figure.Percent(7), "percent")
	}
	// Output:
	// 1,410,270,300 sold back and cancelled leave 15.0000002 percent
	// 1,410,270,400 sold back and cancelled leave 14.9999972 percent
}

func Example_cheapestControl() {
	b := alliance().Book()
	b.Market.Prices = map[string]string{"nissan": "418 JPY", "renault": "31 EUR"} // assumed
	a := must(crossholding.New(b))
	t := must(whatif.CheapestControl(ctx, a, whatif.Acquisition{Buyer: "mitsubishi-corporation", Targets: []string{"nissan"}}, whatif.Options{}))
	for _, p := range t.Purchases {
		fmt.Println(p.Shares.Grouped(), "shares of", p.Offer.Issuer, "from", p.Offer.Seller)
	}
	fmt.Println(t.Cost.Round(ratio.HalfEven), "is the least:", t.Optimal)
	fmt.Println(t.Control[0])
	// Output:
	// 264,070,600 shares of nissan from float:nissan
	// 61,407,690 shares of renault from float:renault
	// 44,387,915 shares of renault from french-state
	// 2,764,097 shares of renault from nissan-finance
	// 16,223,037 shares of renault from registered-holders
	// 4653004783.88 EUR is the least: true
	// mitsubishi-corporation controls nissan: mitsubishi-corporation casts 124,782,739 of 249,565,477 votes in renault (50.0000002%); mitsubishi-corporation casts 264,070,600 and renault casts 1,831,837,027 of 4,191,815,112 votes in nissan, together 2,095,907,627 (50.000002%)
}

func Example_lossOfHalf() {
	stake := whatif.Figure{Kind: whatif.ValueOverCost, Holder: "renault", Issuer: "nissan"}
	s := must(whatif.Simulate(ctx, rebalancing().After, whatif.Simulation{
		Figures: []whatif.Figure{stake},
		Goals:   []whatif.Goal{{Figure: stake, Is: whatif.LessThan, Limit: ratio.Of(1, 2)}},
		Factors: []whatif.Factor{{Key: "prices.nissan", Volatility: 0.4}}, // an assumption
		Seed:    1, Draws: 100_000,
	}, whatif.Options{}))
	low, high, err := s.Estimates[0].Quantile(ratio.Of(1, 2))
	fmt.Printf("half is lost: %.4f, standard error %.4f\n", s.Goals[0].Probability().Float64(), s.Goals[0].StandardError())
	fmt.Printf("the median of value over cost is between %.3f and %.3f %v\n", low, high, err)
	// Output:
	// half is lost: 0.0371, standard error 0.0006
	// the median of value over cost is between 1.020 and 1.021 <nil>
}

func Example_lookAtAFloat() {
	a := alliance()
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	for _, holding := range must(o.Holdings(ctx, crossholding.FloatOf("renault"))) {
		fmt.Printf("%s: directly %s%%, in the end %s%%\n", a.Name(holding.Issuer), holding.Economic.Percent(2), holding.Integrated.Percent(2))
	}
	// Output:
	// Mitsubishi Motors: directly 0%, in the end 10.2%
	// Nissan Motor: directly 0%, in the end 29.94%
	// Nissan Finance: directly 0%, in the end 29.94%
	// Renault SA: directly 63.95%, in the end 68.51%
}

func Example_whoPaysForADefault() {
	a := alliance()
	in := clearing.Input{Holdings: crossHoldings(a)}
	for _, id := range []string{"mitsubishi", "nissan", "nissan-finance", "renault"} { // assumed: 1,000 each, and debts of 700
		in.Firms = append(in.Firms, clearing.Firm{Name: id, Assets: ratio.Int(1000)})
		in.Debts = append(in.Debts, clearing.Debt{Debtor: id, Amount: ratio.Int(700)})
	}
	before := must(must(clearing.New(in)).Clear(ctx, clearing.Options{}))
	in.Firms[1].Assets = ratio.Int(200) // Nissan's own business fails
	after := must(must(clearing.New(in)).Clear(ctx, clearing.Options{}))
	for i, f := range after.Greatest.Firms {
		was := before.Greatest.Firms[i]
		fmt.Printf("%s: shares worth %s, before %s; creditors get %s\n", a.Name(f.Name), f.Equity.Decimal(2), was.Equity.Decimal(2), f.Paid().Decimal(2))
	}
	fmt.Println("in default:", after.Greatest.Defaults(), "unique:", after.Unique)
	// Output:
	// Mitsubishi Motors: shares worth 300, before 300; creditors get 700
	// Nissan Motor: shares worth 0, before 801.26; creditors get 647.92
	// Nissan Finance: shares worth 345.71, before 399.05; creditors get 700
	// Renault SA: shares worth 300, before 650.15; creditors get 700
	// in default: [nissan] unique: true
}

// Partners.

func Example_fairShares() {
	g := must(sharing.New(sharing.Problem{
		Members: []string{"Renault", "Nissan", "Mitsubishi"},
		Ventures: []sharing.Venture{
			{Name: "platform", Fixed: "900", Uses: []sharing.Use{{Member: "Renault"}, {Member: "Nissan"}, {Member: "Mitsubishi"}}},
			{Name: "engine", Fixed: "600", Uses: []sharing.Use{{Member: "Renault"}, {Member: "Nissan"}}},
		},
	}))
	for _, d := range []sharing.Division{must(g.Shapley(ctx)), must(g.Nucleolus(ctx)), must(g.Equal())} {
		fmt.Println(d.Rule, d.Shares)
	}
	proposed := sharing.Division{Shares: []sharing.Share{
		{Member: "Renault", Amount: ratio.Int(200)}, {Member: "Nissan", Amount: ratio.Int(350)}, {Member: "Mitsubishi", Amount: ratio.Int(950)},
	}}
	for _, o := range must(g.Objections(ctx, proposed)).List {
		fmt.Println(o.Members, "would do better to leave, by", o.Gain)
	}
	// Output:
	// Shapley value [{Renault 600} {Nissan 600} {Mitsubishi 300}]
	// nucleolus [{Renault 525} {Nissan 525} {Mitsubishi 450}]
	// equal [{Renault 500} {Nissan 500} {Mitsubishi 500}]
	// [Mitsubishi] would do better to leave, by 50
}

func Example_withheldTechnology() {
	p := sharing.Problem{
		Members: []string{"Renault", "Nissan", "Mitsubishi"},
		Ventures: []sharing.Venture{
			{Name: "Horse", Fixed: "700", Uses: []sharing.Use{{Member: "Renault"}}},
			{Name: "Mitsubishi's hybrids", Fixed: "400", Uses: []sharing.Use{{Member: "Mitsubishi"}}},
		},
		Assets: []sharing.Asset{{Name: "e-Power", Owners: []string{"Nissan"}, Effects: []sharing.Effect{
			{Venture: "Horse", Fixed: "300"}, {Venture: "Mitsubishi's hybrids", Fixed: "200"},
		}}},
	}
	brought, withheld := must(sharing.New(p)), must(sharing.New(must(p.Withhold("e-Power", "Horse"))))
	for _, c := range must(sharing.Compare(must(brought.Shapley(ctx)), must(withheld.Shapley(ctx)))) {
		fmt.Println(c.Member, "pays", c.After, "instead of", c.Before)
	}
	// Output:
	// Renault pays 700 instead of 550
	// Nissan pays -100 instead of -250
	// Mitsubishi pays 300 instead of 300
}

func Example_stubValue() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "3com", Shares: []crossholding.ShareClass{{Issued: "351000000"}}},
			{ID: "palm", Shares: []crossholding.ShareClass{{Issued: "562258065"}}},
		},
		Stakes: []crossholding.Stake{{Holder: "3com", Issuer: "palm", Shares: "532000000"}},
	}))
	prices := map[string]string{"3com": "81.81 USD", "palm": "95.06 USD"}
	l := must(value.NewLookThrough(ctx, a, value.Figures{Market: crossholding.Market{Currency: "USD", Prices: prices}}))
	parent := must(l.Of("3com"))
	stub := must(parent.Own())
	fmt.Println("market value", must(parent.Gross()), "less stakes", must(parent.Stakes()))
	fmt.Println("is", stub, "or", must(parent.PerShare(stub)), "a share")
	totals := must(l.Totals())
	fmt.Println("counted twice", totals.DoubleCounted, "so outsiders own", totals.External)
	// Output:
	// market value 28715310000 USD less stakes 50571920000 USD
	// is -21856610000 USD or -62.27 USD a share
	// counted twice 50571920000 USD so outsiders own 31591641658.9 USD
}

func Example_gainByCurrency() {
	rates := must(value.NewRates([]value.Rate{
		{Day: "1999-03-29", Pair: "EUR/JPY", Mid: "128.78"},
		{Day: "2024-03-28", Pair: "EUR/JPY", Mid: "163.45"},
	}, value.RateOptions{}))
	a := must(value.NewAccount("Renault in Nissan", "EUR", value.AccountOptions{Rates: rates}))
	a = must(a.Buy(value.Trade{Date: "1999-03-29", Shares: "99132100", Price: "400 JPY"}))
	_, result, err := a.Sell(value.Sale{Trade: value.Trade{Date: "2024-03-28", Shares: "99132100", Price: "593.4 JPY"}})
	if err != nil {
		log.Fatal(err)
	}
	gain := must(result.Sum())
	fmt.Println(result.Gains[0].Local, "are", gain.Total)
	fmt.Println("by price", gain.Price, "by currency", gain.Currency, "by both together", gain.Joint)
	// Output:
	// 19172148140 JPY are 51984443.16 EUR
	// by price 148875199.10 EUR by currency -65312272.29 EUR by both together -31578483.65 EUR
}
