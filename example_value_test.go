package crossholding_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// mitsubishiValue prices Nissan's third of Mitsubishi at 204.98 yen a share,
// what $950 million come to at the rate of the day on which it was agreed.
func mitsubishiValue() (crossholding.StakeValue, error) {
	a, err := booktest.Renault("before")
	if err != nil {
		return crossholding.StakeValue{}, err
	}
	val, err := a.Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"mitsubishi": "204.98"}}, crossholding.ValuationOptions{})
	if err != nil {
		return crossholding.StakeValue{}, err
	}
	return val.Stake("nissan", "mitsubishi")
}

func ExampleValuation_Stake() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	cost, err := stake.Cost()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(stake.Shares, "shares cost", cost)
	// Output: 506620577 shares cost 237361872736.04 JPY
}

func ExampleStakeValue_Ratio() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := stake.Ratio()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s%% of cost, below half: %v\n", r.Percent(2), r.Less(ratio.MustParse("1/2")))
	// Output: 43.75% of cost, below half: true
}

func ExampleStakeValue_Gain() {
	stake, err := mitsubishiValue()
	if err != nil {
		fmt.Println(err)
		return
	}
	gain, err := stake.Gain()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(gain)
	// Output: -133514786862.58 JPY
}

// ValuationOptions.LotFX converts each lot at the rate of its own day. Renault paid 400 yen
// for each share of Nissan in 1999 and in 2002, at two rates (ECB; that of 1999-03-29 for
// the Saturday before it). In yen the shares cost the same; in euros today's rate alone
// would understate what they cost.
func ExampleAlliance_Value_ratesOfTheLots() {
	a, err := booktest.Renault("before")
	if err != nil {
		log.Fatal(err)
	}
	for _, byLot := range []map[date.Date]map[string]ratio.Number{nil, {
		"1999-03-27": {"EUR/JPY": "128.78"},
		"2002-03-01": {"EUR/JPY": "115.69"},
	}} {
		v, err := a.Value(a.Market(), crossholding.ValuationOptions{Currency: "EUR", LotFX: byLot})
		if err != nil {
			log.Fatal(err)
		}
		s, err := v.Stake("renault", "nissan")
		if err != nil {
			log.Fatal(err)
		}
		cost, err := s.Cost()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(cost.Round(ratio.HalfEven))
	}
	// Output:
	// 5209262127.12 EUR
	// 5879509955.63 EUR
}

// Renault's cost of Nissan is known of all its shares, the State's of none.
func ExampleStakeValue_Uncovered() {
	a, err := booktest.Renault("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pair := range [][2]string{{"renault", "nissan"}, {"french-state", "renault"}} {
		stake, err := val.Stake(pair[0], pair[1])
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(pair[0], "in", pair[1], "without known cost:", stake.Uncovered())
	}
	// Output:
	// renault in nissan without known cost: 0
	// french-state in renault without known cost: 44387915
}

func ExampleControl_Controls() {
	ctx := context.Background()
	a, err := booktest.Renault("before")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, presumed := range []string{"0", "40%"} {
		c, err := a.Control(ctx, crossholding.ControlOptions{Presumed: ratio.MustParse(presumed)})
		if err != nil {
			fmt.Println(err)
			return
		}
		yes, err := c.Controls(ctx, "renault", "nissan")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("presumed above", presumed, yes)
	}
	// Output:
	// presumed above 0 false
	// presumed above 40% true
}

// renaults is Renault's portfolio with Nissan at the price of its own buyback.
func renaults() crossholding.Portfolio {
	v, err := alliance().Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"nissan": "568.5"}},
		crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	p, err := v.Portfolio("renault")
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func ExamplePortfolio_Value() {
	fmt.Println(renaults().Value())
	// Output: 1041399349849.5 JPY <nil>
}

func ExamplePortfolio_Cost() {
	fmt.Println(renaults().Cost())
	// Output: 732734810800 JPY <nil>
}

// Unrealised: what the portfolio would bring, less what it cost.
func ExamplePortfolio_Gain() {
	fmt.Println(renaults().Gain())
	// Output: 308664539049.5 JPY <nil>
}

// A price in yen states a value in any currency of the market.
func ExampleStakeValue_Value() {
	v, err := alliance().Value(crossholding.Market{Currency: "USD", Prices: map[string]string{"mitsubishi": "205 JPY"},
		FX: map[string]ratio.Number{"USD/JPY": "109.316"}}, crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := v.Stake("nissan", "mitsubishi")
	if err != nil {
		log.Fatal(err)
	}
	value, err := s.Value()
	fmt.Println(value.Amount.Decimal(2), value.Currency, err)
	// Output: 950064201.81 USD <nil>
}

// What Nissan paid for Mitsubishi Motors in 2016, and what 950 million dollars
// were of it at that year's rate.
func ExampleAlliance_Value() {
	v, err := alliance().Value(crossholding.Market{
		Currency: "JPY",
		Prices:   map[string]string{"mitsubishi": "460.6 JPY"},
		FX:       map[string]ratio.Number{"USD/JPY": "109.316"},
	}, crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := v.Stake("nissan", "mitsubishi")
	if err != nil {
		log.Fatal(err)
	}
	cost, err := s.Cost()
	if err != nil {
		log.Fatal(err)
	}
	gain, err := s.Gain()
	if err != nil {
		log.Fatal(err)
	}
	r, err := s.Ratio()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("cost %s, gain %s, worth %s%% of cost\n", cost, gain, r.Percent(1))

	worth, err := v.Convert(crossholding.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}, "JPY")
	if err != nil {
		log.Fatal(err)
	}
	then := worth.Amount.Div(cost.Amount)
	fmt.Printf("%s is %s%% of it: less than half: %t\n", worth, then.Percent(1), then.Less(ratio.MustParse("1/2")))
	// Output:
	// cost 237361872736.04 JPY, gain -4012434969.84 JPY, worth 98.3% of cost
	// 103850200000 JPY is 43.8% of it: less than half: true
}

// Cost says what it does not know instead of guessing.
func ExampleStakeValue_Cost() {
	a := alliance()
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for s := range v.Stakes() {
		if cost, err := s.Cost(); err == nil {
			fmt.Printf("%s in %s cost %s million EUR\n", s.Holder, s.Issuer, cost.Amount.Mul(ratio.MustParse("0.000001")).Decimal(0))
		}
	}
	s, err := v.Stake("nissan-finance", "renault")
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Cost()
	fmt.Println(err)
	// Output:
	// nissan in mitsubishi cost 1687 million EUR
	// renault in nissan cost 5209 million EUR
	// crossholding: cost of nissan-finance in renault: no lot covers 44,358,343 of 44,358,343 shares: no known cost
}

func ExampleValuation_Portfolio() {
	v, err := alliance().Value(crossholding.Market{
		Currency: "JPY",
		Prices:   map[string]string{"nissan": "568.5"},
	}, crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	p, err := v.Portfolio("renault")
	if err != nil {
		log.Fatal(err)
	}
	gain, err := p.Gain()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Holder, len(p.Stakes), gain)
	// Output:
	// renault 1 308664539049.5 JPY
}

func ExampleValuation_Stakes() {
	a := alliance()
	v, err := a.Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"nissan": "568.5", "mitsubishi": "460.6"}},
		crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for s := range v.Stakes() {
		if value, err := s.Value(); err == nil {
			fmt.Println(s.Holder, s.Issuer, value)
		}
	}
	// Output:
	// mitsubishi-corporation mitsubishi 137264425768.4 JPY
	// mitsubishi-heavy mitsubishi 9862619608.8 JPY
	// mufg-bank mitsubishi 6780551096.2 JPY
	// nissan mitsubishi 233349437766.2 JPY
	// renault nissan 1041399349849.5 JPY
}

// Convert goes by the pair, its inverse or two legs.
func ExampleValuation_Convert() {
	a := alliance()
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{}) // EUR/JPY and EUR/USD
	if err != nil {
		log.Fatal(err)
	}
	yen, err := v.Convert(crossholding.Money{Amount: ratio.Int(1_000_000), Currency: "USD"}, "JPY")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(yen.Amount.Decimal(2), yen.Currency)
	// Output:
	// 131876992.31 JPY
}

// KnownCost values the part of a stake whose cost is known.
func ExampleStakeValue_KnownCost() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "nissan", Currency: "JPY", Shares: []crossholding.ShareClass{{Issued: "4220715112"}}}, {ID: "renault"}},
		Stakes: []crossholding.Stake{{
			Holder: "renault", Issuer: "nissan", Shares: "1831837027",
			Lots: []crossholding.Lot{{Date: "2002-03-01", Shares: "539750000", Price: "400"}},
		}},
	})
	if err != nil {
		log.Fatal(err)
	}
	v, err := a.Value(crossholding.Market{Prices: map[string]string{"nissan": "408.5"}}, crossholding.ValuationOptions{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := v.Stake("renault", "nissan")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := s.Ratio(); err != nil {
		fmt.Println(err)
	}
	ratio, err := s.KnownCost().Ratio()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the %s shares of known cost are worth %s of it\n", s.Covered, ratio)
	// Output:
	// crossholding: cost of renault in nissan: no lot covers 1,292,087,027 of 1,831,837,027 shares: no known cost
	// the 539750000 shares of known cost are worth 1.02125 of it
}

func ExampleAlliance_Market() {
	fmt.Println(rebalanced().After.Market().Prices)
	// Output:
	// map[mitsubishi:460.6 JPY nissan:408.5 JPY]
}
