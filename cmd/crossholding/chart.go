package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/chart"
)

func chartCommand() *cobra.Command {
	var from source
	var out, steps, font string
	var opt chart.Options
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "chart FILE",
		Short: "Draw who holds whom, as SVG or PNG",
		Long: `Chart draws owners above and companies below: the parts of capital, and of votes where they
differ. A key below the title explains the lines. Of stakes that are known only within bounds,
it shows the ranges, and who controls a company for certain and who may. The form is that of
the output's name: .svg, .png or .dot.`,
		Example: `  crossholding chart testdata/alliance/before.json -o alliance.svg
  crossholding chart testdata/alliance/before.json --owners renault --floats -o renault.png
  crossholding chart testdata/alliance/before.json --scenario testdata/alliance/rebalancing.json -o changes.svg`,
		Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := withProgress(cmd)
			if font != "" {
				var err error
				if opt.Font, err = os.ReadFile(font); err != nil {
					return &fileError{font, plain(err)}
				}
			}
			if err := wantOutput(asJSON, out); err != nil {
				return err
			}
			write, err := picture(ctx, cmd, &from, args[0], steps, strings.ToLower(filepath.Ext(out)), opt)
			if err != nil {
				return err
			}
			w, done, err := output(cmd, out)
			if err != nil {
				return err
			}
			if err := write(w); err != nil {
				return done(&fileError{args[0], err})
			}
			if err := done(nil); err != nil || !asJSON {
				return err
			}
			from.made.Output = out
			return from.made.tell(cmd.OutOrStdout())
		},
	}
	from.flags(cmd)
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "`file` to write (default: SVG on the standard output)")
	f.StringVar(&steps, "scenario", "", "make the steps of this `file`, and draw before and after side by side")
	f.BoolVar(&opt.NoKey, "no-key", false, "leave out the key below the title")
	f.StringVar(&font, "font", "", "`file` of a font, for letters of a PNG that neither the Go fonts nor a font of Chinese, Japanese and Korean letters have")
	f.StringVar(&opt.Title, "title", "", "title of the chart")
	f.StringVar(&opt.Owners, "owners", "", "show only this `company`, by its id or name, and those above it")
	f.StringVar(&opt.Holdings, "holdings", "", "show only this `holder`, by its id or name, and what is below it")
	f.BoolVar(&asJSON, "json", false, "print what was made of the file as one JSON object")
	f.BoolVar(&opt.Floats, "floats", false, "show what nobody in the file holds")
	f.IntVar(&opt.Small, "small", 0, "draw this `number` of small holders of a company one by one (default 8)")
	return cmd
}

// picture returns a function that draws a file in the form of an ending.
func picture(ctx context.Context, cmd *cobra.Command, from *source, book, steps, ending string, opt chart.Options) (func(io.Writer) error, error) {
	one := map[string]func(context.Context, io.Writer, *crossholding.Alliance, chart.Options) error{
		"": chart.SVG, ".svg": chart.SVG, ".png": chart.PNG, ".dot": chart.DOT, ".gv": chart.DOT,
	}[ending]
	two := map[string]func(ctx context.Context, w io.Writer, before, after *crossholding.Alliance, opt chart.Options) error{
		"": chart.Changes, ".svg": chart.Changes, ".png": chart.ChangesPNG,
	}[ending]
	switch {
	case opt.Small < 0:
		return nil, &usageError{fmt.Errorf("--small %d is below 0", opt.Small)}
	case steps != "" && two == nil:
		return nil, &usageError{fmt.Errorf("with --scenario an output ends in .svg or .png, and not in %q", ending)}
	case one == nil:
		return nil, &usageError{fmt.Errorf("an output ends in .svg, .png or .dot, and not in %q", ending)}
	case steps != "":
		out, err := runSteps(ctx, cmd, from, book, steps)
		if err != nil {
			return nil, err
		}
		return func(w io.Writer) error { return two(ctx, w, out.Before, out.After, opt) }, named(out.After, book, &opt)
	}
	a, err := from.banded(ctx, cmd, book)
	if err != nil {
		return nil, err
	}
	return func(w io.Writer) error { return one(ctx, w, a, opt) }, named(a, book, &opt)
}

// named puts the ids of what is shown in the place of names.
func named(a *crossholding.Alliance, book string, opt *chart.Options) error {
	for _, x := range []*string{&opt.Owners, &opt.Holdings} {
		id, err := idOf(a, *x)
		if err != nil {
			return &fileError{book, err}
		}
		*x = id
	}
	return nil
}
