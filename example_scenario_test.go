package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

func open(path string) *os.File {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	return f
}

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end
// of 2022.
func alliance() *crossholding.Alliance {
	f := open("testdata/alliance/before.json")
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// Renault puts its Nissan shares above 15% into a neutral trust, from which
// Nissan then buys back 211 million and cancels them.
func ExampleAlliance_Run() {
	ctx := context.Background()
	out, err := alliance().Run(ctx, crossholding.Scenario{Steps: []crossholding.Step{
		{Step: crossholding.StepEntrust, From: "renault", To: "trust", Issuer: "nissan", DownTo: "15%", Lot: "1", Round: crossholding.LotRoundingNearest},
		{Step: crossholding.StepBuyback, From: "trust", Issuer: "nissan", Shares: "211000000", Price: "568.5 JPY", Cancel: true, Date: "2023-12-15"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for _, step := range out.Steps {
		fmt.Println(step)
	}
	for _, c := range out.Cash {
		fmt.Println(c)
	}
	for _, g := range out.Gains {
		fmt.Printf("%s gains %s on %s shares of %s\n", g.Holder, g.Gain, g.Shares, g.Lot)
	}
	// Output:
	// renault entrusts 1,198,729,760 nissan shares to trust (-0.2 shares from the exact amount)
	// 2023-12-15: nissan buys back 211,000,000 nissan shares from trust and cancels them for 119,953,500,000 JPY
	// nissan -119953500000 JPY
	// renault 119953500000 JPY
	// renault gains 35553500000 JPY on 211000000 shares of 1999-03-27
}

func ExampleStepError() {
	ctx := context.Background()
	_, err := alliance().Run(ctx, crossholding.Scenario{Steps: []crossholding.Step{
		{Step: crossholding.StepTrade, From: "nissan", To: "mitsubishi-corporation", Issuer: "mitsubishi", Shares: "600000000"},
	}})
	var step *crossholding.StepError
	if errors.As(err, &step) {
		fmt.Println(step.Index, errors.Is(err, crossholding.ErrNotEnough))
	}
	fmt.Println(err)
	// Output:
	// 0 true
	// crossholding: steps[0] (trade): nissan has 506,620,577 shares of mitsubishi (ordinary), and 600,000,000 are to move, 93,379,423 too many: not enough shares
}

func ExampleReadScenario() {
	ctx := context.Background()
	s, err := crossholding.ReadScenario(strings.NewReader(`{"name": "a smaller stake", "steps": [
		{"step": "trade", "from": "nissan", "to": "float:mitsubishi", "issuer": "mitsubishi", "down_to": "1/5", "price": "460.6 JPY"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	out, err := alliance().Run(ctx, s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Steps[0])
	// Output:
	// nissan passes 208,564,100 mitsubishi shares to float:mitsubishi for 96,064,624,460 JPY (22.2 shares from the exact amount)
}

func ExampleWriteScenario() {
	err := crossholding.WriteScenario(os.Stdout, crossholding.Scenario{Steps: []crossholding.Step{
		{Step: "advance date", Date: "2023-11-08"},
		{Step: "entrust", From: "renault", To: "trust", Issuer: "nissan", DownTo: "0.150"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// {
	//   "steps": [
	//     {"step":"advance_date","date":"2023-11-08"},
	//     {"step":"entrust","from":"renault","to":"trust","issuer":"nissan","down_to":"15%"}
	//   ]
	// }
}

// rebalanced runs the whole story of 2023 and 2024.
func rebalanced() *crossholding.Outcome {
	f := open("testdata/alliance/rebalancing.json")
	defer f.Close()
	s, err := crossholding.ReadScenario(f)
	if err != nil {
		log.Fatal(err)
	}
	out, err := alliance().Run(context.Background(), s)
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// The French State loses votes in Renault without a trade: Nissan's wake up.
func ExampleOutcome_Differences() {
	ctx := context.Background()
	diff, err := rebalanced().Differences(ctx, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range diff.Figures {
		if c.Issuer == "renault" && c.Holder != "float:renault" {
			fmt.Printf("%-18s capital %s%% -> %s%%, exercisable votes %s%% -> %s%%\n", c.Holder, c.Before.Capital.Percent(2),
				c.After.Capital.Percent(2), c.Before.Exercisable.Percent(2), c.After.Exercisable.Percent(2))
		}
	}
	// Output:
	// french-state       capital 15.01% -> 15.01%, exercisable votes 28.88% -> 22.57%
	// nissan-finance     capital 15% -> 15%, exercisable votes 0% -> 22.56%
	// registered-holders capital 5.49% -> 5.62%, exercisable votes 10.55% -> 8.45%
}

// The State did not trade, yet its six figures at Renault are others: more
// votes count.
func ExampleSixFigures_Equal() {
	ctx := context.Background()
	diff, err := rebalanced().Differences(ctx, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range diff.Figures {
		if c.Holder == "french-state" && c.Issuer == "renault" {
			fmt.Println(c.Before.Equal(c.After), c.Before.Capital.Equal(c.After.Capital))
		}
	}
	// Output: false true
}

// States shows Renault's percentage of Nissan rise without a purchase.
func ExampleOutcome_States() {
	ctx := context.Background()
	out := rebalanced()
	for s := range out.States() {
		if step := out.Steps[s.Step].Step; step.Step != crossholding.StepCancel || step.Issuer != "nissan" {
			continue
		}
		a, err := s.Alliance(ctx)
		if err != nil {
			log.Fatal(err)
		}
		o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
		if err != nil {
			log.Fatal(err)
		}
		own, err := o.Capital("renault", "nissan")
		if err != nil {
			log.Fatal(err)
		}
		trust, err := o.Capital("trust", "nissan")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s: %s%% and %s%% in trust\n", a.AsOf(), own.Percent(2), trust.Percent(2))
	}
	// Output:
	// 2023-12-15: 15.79% and 24.63% in trust
	// 2024-04-03: 16.19% and 22.73% in trust
	// 2024-10-03: 17.05% and 18.66% in trust
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

// Costed values the part of a stake whose cost is known.
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

// Votes can change on a day on which nothing is traded.
func ExampleState_Alliance() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-05-31",
		Companies: []crossholding.Company{{ID: "works", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "founder"}},
		Stakes:    []crossholding.Stake{{Holder: "founder", Issuer: "works", Shares: "400", Votes: "2", VotesSince: "2024-06-02"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	out, err := a.Run(ctx, crossholding.Scenario{Steps: []crossholding.Step{
		{Step: "advance date", Date: "2024-06-01"}, {Step: "advance date", Date: "2024-06-02"},
	}})
	if err != nil {
		log.Fatal(err)
	}
	for s := range out.States() {
		after, err := s.Alliance(ctx)
		if err != nil {
			log.Fatal(err)
		}
		votes, err := after.Votes(ctx, crossholding.VotingOptions{})
		if err != nil {
			log.Fatal(err)
		}
		founder, err := votes.Of("founder", "works")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(s.Date, s.DayMoves, founder.Exercisable, founder.ExercisableShare.Percent(2))
	}
	// Output:
	// 2024-06-01 false 400 40
	// 2024-06-02 true 800 57.14
}
