package beam_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/beam"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// Two companies hold shares of each other, and a third stands below them. Ms Smith's part of
// oak is 60/(100 - 20×0.3) of it: what comes round the loop is hers too.
func ExampleSolve() {
	dir := folder()
	defer os.RemoveAll(dir)
	save(dir+"/companies-1.csv", "id,issued,treasury,votes\noak,100,,\nelm,100,,\n")
	save(dir+"/companies-2.csv", "id,issued,treasury,votes\nash,1000,,\n")
	save(dir+"/stakes.csv", "holder,issuer,shares\nMs Smith,oak,60\noak,elm,30\nelm,oak,20\noak,ash,510\n")

	answers, err := beam.Solve(context.Background(),
		beam.Files{Companies: dir + "/companies-*.csv", Stakes: dir + "/stakes.csv"},
		beam.Question{Control: true, Holdings: []string{"Ms Smith"}, Places: 6},
		beam.Options{Work: dir + "/work", Shards: 4})
	if err != nil {
		log.Fatal(err)
	}
	for p, err := range answers.ControlPairs(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Controller, "controls", p.Company)
	}
	for h, err := range answers.Holdings(context.Background()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(h.Owner, "has", h.Share, "of", h.Company)
	}
	// Output:
	// Ms Smith controls ash
	// Ms Smith controls oak
	// oak controls ash
	// Ms Smith has 0.325532 of ash
	// Ms Smith has 0.191489 of elm
	// Ms Smith has 0.638298 of oak
}

// twoFirms is a book in which p has 30 shares of a, which cost 10 euros each.
func twoFirms() crossholding.Book {
	return crossholding.Book{
		AsOf:      "2024-11-29",
		Companies: []crossholding.Company{{ID: "a", Country: "FR", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Parties:   []crossholding.Party{{ID: "p", Kind: crossholding.KindPerson}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "a", Shares: "30"}},
		Market:    &crossholding.Market{Currency: "EUR", Prices: map[string]string{"a": "12 EUR"}},
	}
}

var stakeValue = whatif.Figure{Kind: whatif.Value, Holder: "p", Issuer: "a"}

// What a stake is worth on 1,000 random markets, in eight shards.
func ExampleSimulate() {
	dir := folder()
	defer os.RemoveAll(dir)
	s, err := beam.Simulate(context.Background(), twoFirms(), whatif.Simulation{
		Figures: []whatif.Figure{stakeValue},
		Factors: []whatif.Factor{{Key: "prices.a", Volatility: 0.2}},
		Draws:   1000,
	}, beam.Options{Work: dir + "/work", Shards: 8})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v: mean %.0f EUR\n", s.Draws, s.Estimates[0].Mean())
	// Output: [{0 1000}]: mean 371 EUR
}

// What a stake is worth at three prices, in two shards.
func ExampleSweep() {
	dir := folder()
	defer os.RemoveAll(dir)
	grid := whatif.Grid{
		Steps:   []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"a": "12 EUR"}}},
		Axes:    []whatif.Axis{{Open: whatif.Open{Key: "prices.a"}, Values: []ratio.Ratio{ratio.Int(10), ratio.Int(12), ratio.Int(14)}}},
		Figures: []whatif.Figure{stakeValue},
	}
	for cell, err := range beam.Sweep(context.Background(), twoFirms(), grid, beam.Options{Work: dir + "/work", Shards: 2}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(cell.Values[0], cell.Figures[0])
	}
	// Output:
	// 10 300
	// 12 360
	// 14 420
}

func folder() string {
	dir, err := os.MkdirTemp("", "beam")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

func save(path, text string) {
	if err := os.WriteFile(filepath.Clean(path), []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
}
