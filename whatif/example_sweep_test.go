package whatif_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// valueOverCost is a stake's value as a fraction of its cost.
func valueOverCost(holder, issuer string) whatif.Figure {
	return whatif.Figure{Kind: whatif.ValueOverCost, Holder: holder, Issuer: issuer}
}

// Nissan's stake in Mitsubishi Motors against its cost of ¥468.52 a share.
func ExampleSweep() {
	grid := whatif.Grid{
		Steps:   []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"mitsubishi": "460.6 JPY"}}},
		Axes:    []whatif.Axis{{Open: whatif.Open{Key: "prices.mitsubishi"}, Values: []ratio.Ratio{ratio.Int(350), ratio.Int(450), ratio.Int(550)}}},
		Figures: []whatif.Figure{valueOverCost("nissan", "mitsubishi")},
	}
	for cell, err := range whatif.Sweep(context.Background(), book("2024-11-29"), grid, whatif.Options{}) {
		check(err)
		fmt.Printf("¥%s: %s\n", cell.Values[0], cell.Figures[0].ShortPercent())
	}
	// Output:
	// ¥350: 74.7%
	// ¥450: 96.05%
	// ¥550: 117.39%
}

// Does the price of Nissan or the yen move the value of Renault's stake more?
func ExampleTornado() {
	grid := whatif.Grid{
		Steps: []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"nissan": "408.5 JPY"}, FX: map[string]ratio.Number{"EUR/JPY": "164.18"}}},
		Axes: []whatif.Axis{
			{Open: whatif.Open{Key: "fx.EUR/JPY"}, Values: []ratio.Ratio{ratio.Int(150), ratio.Int(180)}},
			{Open: whatif.Open{Key: "prices.nissan"}, Values: []ratio.Ratio{ratio.Int(300), ratio.Int(500)}},
		},
		Figures: []whatif.Figure{{Kind: whatif.Value, Holder: "renault", Issuer: "nissan"}},
	}
	swings, err := whatif.Tornado(context.Background(), book("2024-11-29"), grid, whatif.Options{})
	check(err)
	for _, s := range swings {
		fmt.Printf("%s from %s to %s moves it by %s EUR\n", s.Open, s.Low, s.High, s.Size().GroupedDecimal(0))
	}
	// Output:
	// steps[0].prices.nissan from 300 to 500 moves it by 1,615,582,077 EUR
	// steps[0].fx.EUR/JPY from 150 to 180 moves it by 601,961,663 EUR
}

// halfLost asks how likely it is that half of a stake's cost is lost. The volatilities are
// assumptions.
func halfLost(draws int) whatif.Simulation {
	stake := valueOverCost("renault", "nissan")
	return whatif.Simulation{
		Figures:      []whatif.Figure{stake},
		Goals:        []whatif.Goal{{Figure: stake, Is: whatif.LessThan, Limit: ratio.Of(1, 2)}},
		Factors:      []whatif.Factor{{Key: "prices.nissan", Volatility: 0.4}, {Key: "fx.EUR/JPY", Volatility: 0.1}},
		Correlations: []whatif.Correlation{{A: "prices.nissan", B: "fx.EUR/JPY", Coefficient: 0.3}},
		Seed:         1, Draws: draws,
	}
}

func ExampleSimulate() {
	s, err := whatif.Simulate(context.Background(), book("2024-11-29"), halfLost(10_000), whatif.Options{})
	check(err)
	lost, worth := s.Goals[0], s.Estimates[0]
	fmt.Printf("half is lost: %.3f, standard error %.3f\n", lost.Probability().Float64(), lost.StandardError())
	fmt.Printf("value over cost: mean %.2f, standard deviation %.2f\n", worth.Mean(), worth.StandardDeviation())
	fmt.Println(lost)
	fmt.Println(worth)
	low, high, err := worth.Quantile(ratio.Of(1, 20))
	check(err)
	fmt.Printf("one in twenty is below a number from %.4f to %.4f\n", low, high)
	// Output:
	// half is lost: 0.033, standard error 0.002
	// value over cost: mean 1.11, standard deviation 0.46
	// value over cost of renault in nissan is less than 0.5 in 330 of 10,000 markets: probability 0.033, standard error 0.001786
	// value over cost of renault in nissan in 10,000 markets: mean 1.108, standard deviation 0.4551; at most 0.5371 in 5% of them, 1.03 in half, 1.964 in 95%
	// one in twenty is below a number from 0.5366 to 0.5371
}

// Two programs make half of the draws each.
func ExampleSummary_Merge() {
	var parts [2]*whatif.Summary
	for i := range parts {
		half, err := halfLost(10_000).Shard(i, 2)
		check(err)
		parts[i], err = whatif.Simulate(context.Background(), book("2024-11-29"), half, whatif.Options{})
		check(err)
	}
	both, err := parts[1].Merge(parts[0])
	check(err)
	fmt.Println(both.Draws, both.Goals[0].Count)
	// Output: [{0 10000}] 10000
}

func ExampleMarkets() {
	sim := halfLost(2)
	fmt.Println(sim.Keys())
	for d, err := range whatif.Markets(context.Background(), book("2024-11-29"), sim, whatif.Options{}) {
		check(err)
		fmt.Printf("%d: price × %.3f, rate × %.3f, value over cost %.3f\n", d.Index, d.Factors[0], d.Factors[1], d.Estimates[0])
	}
	// Output:
	// [prices.nissan fx.EUR/JPY]
	// 0: price × 1.031, rate × 0.961, value over cost 1.053
	// 1: price × 0.661, rate × 0.905, value over cost 0.676
}
