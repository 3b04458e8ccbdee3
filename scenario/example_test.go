package scenario_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end
// of 2022.
func alliance() *crossholding.Alliance {
	a, err := booktest.Renault("before")
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// Renault puts its Nissan shares above 15% into a neutral trust, from which
// Nissan then buys back 211 million and cancels them.
func ExampleRun() {
	ctx := context.Background()
	out, err := scenario.Run(ctx, alliance(), scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepEntrust, From: "renault", To: "trust", Issuer: "nissan", DownTo: "15%", Lot: "1", Round: scenario.LotRoundingNearest},
		{Step: scenario.StepBuyback, From: "trust", Issuer: "nissan", Shares: "211000000", Price: "568.5 JPY", Cancel: true, Date: "2023-12-15"},
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
	_, err := scenario.Run(ctx, alliance(), scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "nissan", To: "mitsubishi-corporation", Issuer: "mitsubishi", Shares: "600000000"},
	}})
	var step *scenario.StepError
	if errors.As(err, &step) {
		fmt.Println(step.Index, errors.Is(err, crossholding.ErrNotEnough))
	}
	fmt.Println(err)
	// Output:
	// 0 true
	// scenario: steps[0] (trade): nissan has 506,620,577 shares of mitsubishi (ordinary), and 600,000,000 are to move, 93,379,423 too many: not enough shares
}

func ExampleScenario_Check() {
	s := scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "nissan", To: "float:mitsubishi", Issuer: "mitsubishi", DownTo: "1/5"},
		{Step: scenario.StepBuyback, From: "renault", Issuer: "nissan"},
	}}
	var bad *scenario.CheckError
	if errors.As(s.Check(), &bad) {
		for _, step := range bad.Steps {
			fmt.Println(step.Index, step.Reason)
		}
	}
	// Output:
	// 1 crossholding: buyback: how many shares?
}

func ExampleRead() {
	ctx := context.Background()
	s, err := scenario.Read(strings.NewReader(`{"name": "a smaller stake", "steps": [
		{"step": "trade", "from": "nissan", "to": "float:mitsubishi", "issuer": "mitsubishi", "down_to": "1/5", "price": "460.6 JPY"}]}`))
	if err != nil {
		log.Fatal(err)
	}
	out, err := scenario.Run(ctx, alliance(), s)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Steps[0])
	// Output:
	// nissan passes 208,564,100 mitsubishi shares to float:mitsubishi for 96,064,624,460 JPY (22.2 shares from the exact amount)
}

func ExampleWrite() {
	err := scenario.Write(os.Stdout, scenario.Scenario{Steps: []scenario.Step{
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
func rebalanced() *scenario.Outcome {
	f, err := os.Open("../testdata/alliance/rebalancing.json")
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	s, err := scenario.Read(f)
	if err != nil {
		log.Fatal(err)
	}
	out, err := scenario.Run(context.Background(), alliance(), s)
	if err != nil {
		log.Fatal(err)
	}
	return out
}

// States shows Renault's percentage of Nissan rise without a purchase.
func ExampleOutcome_States() {
	ctx := context.Background()
	out := rebalanced()
	for s := range out.States() {
		if step := out.Steps[s.Step].Step; step.Step != scenario.StepCancel || step.Issuer != "nissan" {
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
	out, err := scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
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
