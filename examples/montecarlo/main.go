// Montecarlo asks what Renault's stake in Nissan and Nissan's stake in Mitsubishi Motors may
// be worth. First it makes random markets, in which Nissan's price and the yen change, and
// counts how often Renault's stake is worth less than half its cost. Then it prints
// Nissan's stake over its cost as a grid of the price and the yen. Costs are in euros at
// the rates of the days of purchase.
//
//	go run ./examples/montecarlo [-draws N] [-seed N] [-workers N]
//
// The volatilities and the correlation are assumptions. Set them by flags.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"text/tabwriter"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// settings are the flags.
type settings struct {
	dir                         string
	draws, workers              int
	seed                        uint64
	price, yen, mitsubishi, rho float64
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var s settings
	flag.StringVar(&s.dir, "dir", "testdata/alliance", "the `folder` that holds 2024-11-29.json")
	flag.IntVar(&s.draws, "draws", 100_000, "the number of random markets")
	flag.IntVar(&s.workers, "workers", 0, "the number of goroutines; 0 means one for each processor")
	flag.Uint64Var(&s.seed, "seed", 1, "chooses the random markets")
	flag.Float64Var(&s.price, "nissan", 0.4, "volatility of the price of Nissan over the period")
	flag.Float64Var(&s.mitsubishi, "mitsubishi", 0.35, "volatility of the price of Mitsubishi Motors")
	flag.Float64Var(&s.yen, "yen", 0.1, "volatility of the rate EUR/JPY")
	flag.Float64Var(&s.rho, "correlation", 0.3, "correlation of the price of Nissan with EUR/JPY")
	flag.Parse()
	if err := run(ctx, s, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// rates are ECB reference rates of the days of purchase, see testdata/alliance/SOURCES.md.
// That of 1999 is of 29 March, the next day with a rate.
var rates = map[date.Date]map[string]ratio.Number{
	"1999-03-27": {"EUR/JPY": "128.78"}, "2002-03-01": {"EUR/JPY": "115.69"}, "2016-10-20": {"EUR/JPY": "113.76"},
}

func run(ctx context.Context, s settings, out, progress io.Writer) error {
	f, err := os.Open(filepath.Join(s.dir, "2024-11-29.json"))
	if err != nil {
		return err
	}
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	if err != nil {
		return err
	}
	opt := whatif.Options{Workers: s.workers, Valuation: crossholding.ValuationOptions{LotFX: rates}}
	loud := crossholding.WithProgress(ctx, func(p crossholding.Progress) { fmt.Fprintf(progress, "\r%s ", p) })
	if err := simulate(loud, a, s, opt, out, progress); err != nil {
		return err
	}
	return grid(ctx, a, opt, out)
}

func simulate(ctx context.Context, a *crossholding.Alliance, s settings, opt whatif.Options, out, progress io.Writer) error {
	renault := whatif.Figure{Kind: whatif.ValueOverCost, Holder: "renault", Issuer: "nissan"}
	nissan := whatif.Figure{Kind: whatif.ValueOverCost, Holder: "nissan", Issuer: "mitsubishi"}
	worth := whatif.Figure{Kind: whatif.Value, Holder: "renault", Issuer: "nissan"}
	sum, err := whatif.Simulate(ctx, a, whatif.Simulation{
		Figures: []whatif.Figure{renault, nissan, worth},
		Goals: []whatif.Goal{
			{Figure: renault, Is: whatif.LessThan, Limit: ratio.Of(1, 2)},
			{Figure: nissan, Is: whatif.LessThan, Limit: ratio.Of(1, 2)},
		},
		Factors: []whatif.Factor{
			{Key: "prices.nissan", Volatility: s.price}, {Key: "prices.mitsubishi", Volatility: s.mitsubishi}, {Key: "fx.EUR/JPY", Volatility: s.yen},
		},
		Correlations: []whatif.Correlation{{A: "prices.nissan", B: "fx.EUR/JPY", Coefficient: s.rho}},
		Seed:         s.seed, Draws: s.draws,
	}, opt)
	fmt.Fprintln(progress)
	if err != nil {
		return err
	}
	for _, g := range sum.Goals {
		fmt.Fprintf(out, "%s in %d of %d markets: %.2f%%, standard error %.2f%%\n", g.Goal, g.True, g.Count,
			100*g.Probability().Float64(), 100*g.StandardError())
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\n\tmean\tdeviation\t5%\thalf\t95%\t\n")
	for _, d := range sum.Estimates {
		fmt.Fprintf(t, "%s\t%.4g\t%.4g\t", d.Figure, d.Mean(), d.StandardDeviation())
		for _, p := range []ratio.Ratio{ratio.Of(1, 20), ratio.Of(1, 2), ratio.Of(19, 20)} {
			low, _, err := d.Quantile(p)
			if err != nil {
				return err
			}
			fmt.Fprintf(t, "%.3g\t", low)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// grid prints Nissan's stake over its cost for prices (down) and rates (across).
func grid(ctx context.Context, a *crossholding.Alliance, opt whatif.Options, out io.Writer) error {
	prices := []ratio.Ratio{ratio.Int(250), ratio.Int(350), ratio.MustParse("460.6"), ratio.Int(550), ratio.Int(650)}
	yen := []ratio.Ratio{ratio.Int(120), ratio.Int(140), ratio.MustParse("164.18"), ratio.Int(180)}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\nNissan's stake in Mitsubishi Motors over its cost\nprice, ¥ \\ EUR/JPY\t")
	for _, y := range yen {
		fmt.Fprintf(t, "%s\t", y)
	}
	cells := whatif.Sweep(ctx, a, whatif.Grid{
		Steps: []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"mitsubishi": "460.6 JPY"}, FX: map[string]ratio.Number{"EUR/JPY": "164.18"}}},
		Axes: []whatif.Axis{
			{Open: whatif.Open{Key: "prices.mitsubishi"}, Values: prices},
			{Open: whatif.Open{Key: "fx.EUR/JPY"}, Values: yen},
		},
		Figures: []whatif.Figure{{Kind: whatif.ValueOverCost, Holder: "nissan", Issuer: "mitsubishi"}},
	}, opt)
	for c, err := range cells {
		if err != nil {
			return err
		}
		if c.Reason != nil {
			return c.Reason
		}
		if c.Index%len(yen) == 0 {
			fmt.Fprintf(t, "\n%s\t", c.Values[0])
		}
		fmt.Fprintf(t, "%s%%\t", c.Figures[0].Percent(1))
	}
	fmt.Fprintln(t)
	return t.Flush()
}
