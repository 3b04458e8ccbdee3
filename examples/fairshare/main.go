// Command fairshare divides a joint cost or saving by several rules, and says who would do
// better to leave.
//
//	go run ./examples/fairshare
//	go run ./examples/fairshare FILE
//
// Without a file it divides what Renault, Nissan and Mitsubishi pay for electric and hybrid
// cars, with and without Ampere, and with and without Nissan's e-Power for Horse. It says
// which of the figures are published and which are assumed; SOURCES.md has the sources. The
// file is a problem of package sharing in JSON, such as allies.json.
//
// Faults go to standard error, a line each, and the exit status is 1.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

//go:embed allies.json
var allies string

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("fairshare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	if err := flags.Parse(args); err != nil {
		return 1
	}
	var err error
	switch flags.NArg() {
	case 0:
		err = tell(ctx, stdout)
	case 1:
		err = file(ctx, flags.Arg(0), stdout)
	default:
		err = fmt.Errorf("fairshare: %d files given, one is read", flags.NArg())
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// file reports on the problem of a file.
func file(ctx context.Context, name string, w io.Writer) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	p, err := sharing.Read(f)
	if err != nil {
		return err
	}
	g, err := sharing.New(p)
	if err != nil {
		return err
	}
	return report(ctx, w, g)
}

const figures = `Published (million euros; SOURCES.md names the sources)
  23,000  joint investment in electric cars over five years, announced in January 2022
  60%     of the models stood on common platforms
  10.56m  vehicles sold in 2017: Renault 3.76m, Nissan 5.8m, Mitsubishi 1m
  50%     of the costs of Nissan's electric Micra saved by Ampere, at most
  600     that Nissan said it would invest in Ampere, at most; Mitsubishi 200
  Nissan restricts what Horse may use of joint patents, one of them for hybrid cars
Assumed
  60%     of the 23,000 are for common platforms, which each ally alone would pay in full
  the other 9,200 grow with the vehicles sold
  1,000   for one small electric car for Europe; Renault has 4, Nissan 1, Mitsubishi 1
  500     saved by Ampere for each of them, if the ally acts with Renault
  700     for Renault's engines and hybrids in Horse, of which e-Power would save 300
  400     for Mitsubishi's hybrids, of which e-Power saves 200
`

// tell tells the story of the allies.
func tell(ctx context.Context, w io.Writer) error {
	with, err := sharing.Read(strings.NewReader(allies))
	if err != nil {
		return err
	}
	without, err := with.Withhold("Ampere", "small electric cars for Europe")
	if err != nil {
		return err
	}
	brought, err := with.Contribute("e-Power", "Horse")
	if err != nil {
		return err
	}
	fmt.Fprint(w, figures)
	games := make([]sharing.Game, 3)
	for i, p := range []sharing.Problem{without, with, brought} {
		if games[i], err = sharing.New(p); err != nil {
			return err
		}
	}
	for i, title := range []string{"Without Ampere", "With Ampere"} {
		fmt.Fprintf(w, "\n%s\n", title)
		if err := report(ctx, w, games[i]); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, "\nWhat Ampere changes, by the Shapley value")
	if err := changes(ctx, w, games[0], games[1]); err != nil {
		return err
	}
	if err := invested(ctx, w, games[0], games[1]); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nWhat would change if Nissan brought e-Power to Horse as it does to Mitsubishi, by the Shapley value")
	if err := changes(ctx, w, games[1], games[2]); err != nil {
		return err
	}
	return nil
}

// invested puts what two allies would invest in Ampere beside what Ampere saves them.
func invested(ctx context.Context, w io.Writer, without, with sharing.Game) error {
	before, err := without.Shapley(ctx)
	if err != nil {
		return err
	}
	after, err := with.Shapley(ctx)
	if err != nil {
		return err
	}
	for _, s := range []sharing.Share{{Member: "Nissan", Amount: ratio.Int(600)}, {Member: "Mitsubishi", Amount: ratio.Int(200)}} {
		b, err := before.Of(s.Member)
		if err != nil {
			return err
		}
		a, err := after.Of(s.Member)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s saves %s here; it said that it would put up to %s into Ampere, for shares in it\n", s.Member, b.Sub(a).GroupedDecimal(1), s.Amount.GroupedDecimal(1))
	}
	return nil
}
