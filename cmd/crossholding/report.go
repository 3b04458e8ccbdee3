package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding/cmd/crossholding/internal/page"
)

// titleOf returns the title of a page about a file.
func titleOf(title, name string) string {
	if title != "" {
		return title
	}
	if name == "-" {
		return "Who owns and who controls"
	}
	base := filepath.Base(name)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

func reportCommand() *cobra.Command {
	var from source
	var out, title, steps string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report FILE",
		Short: "Write a page for a browser: chart, control and why, owners, votes, values, warnings",
		Long: `Report writes one HTML file that needs nothing else: the chart, who controls whom and why,
the owners of each company, votes with what is suspended and by which article, values,
warnings and sources. With --scenario, a slider goes through the steps.`,
		Example: `  crossholding report testdata/alliance/before.json -o alliance.html
  crossholding report testdata/alliance/before.json --scenario testdata/alliance/rebalancing.json -o story.html`,
		Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := wantOutput(asJSON, out); err != nil {
				return err
			}
			ctx := withProgress(cmd)
			r, err := makeReport(ctx, cmd, &from, titleOf(title, args[0]), args[0], steps)
			if err != nil {
				return err
			}
			w, done, err := output(cmd, out)
			if err != nil {
				return err
			}
			if err := done(r.Write(w)); err != nil || !asJSON {
				return err
			}
			from.made.Output = out
			return from.made.tell(cmd.OutOrStdout())
		},
	}
	from.flags(cmd)
	cmd.Flags().StringVarP(&out, "output", "o", "", "`file` to write (default: the standard output)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was made of the file as one JSON object")
	cmd.Flags().StringVar(&title, "title", "", "title of the page (default: the name of the file)")
	cmd.Flags().StringVar(&steps, "scenario", "", "make the steps of this `file`, and show each")
	return cmd
}

func makeReport(ctx context.Context, cmd *cobra.Command, from *source, title, book, steps string) (*page.Report, error) {
	if steps != "" {
		out, err := runSteps(ctx, cmd, from, book, steps)
		if err != nil {
			return nil, err
		}
		r, err := page.NewScenarioReport(ctx, title, out, draw)
		if err != nil {
			return nil, &fileError{book, err}
		}
		return r, nil
	}
	a, err := from.banded(ctx, cmd, book)
	if err != nil {
		return nil, err
	}
	r, err := page.NewReport(ctx, title, a, draw)
	if err != nil {
		return nil, &fileError{book, err}
	}
	return r, nil
}
