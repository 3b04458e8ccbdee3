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
