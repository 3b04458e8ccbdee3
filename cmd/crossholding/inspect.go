package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/inspect"
	"github.com/crossholding/crossholding/scenario"
)

// print prints an answer as text, or as JSON by its fields.
func print(cmd *cobra.Command, p inspect.Answers, asJSON bool) error {
	if !asJSON {
		return p.Print(cmd.OutOrStdout())
	}
	enc := json.NewEncoder(cmd.OutOrStdout())
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(p)
}

func inspectCommand() *cobra.Command {
	var from source
	var asJSON bool
	var steps string
	cmd := &cobra.Command{
		Use:   "inspect FILE",
		Short: "Print who owns what, whose votes count, who controls whom, and what stakes are worth",
		Example: `  crossholding inspect testdata/alliance/before.json
  crossholding inspect --scenario testdata/alliance/rebalancing.json testdata/alliance/before.json
  crossholding inspect --json group.csv | jq .control`,
		Args: files(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := withProgress(cmd)
			if steps == "" {
				r, err := answers(ctx, cmd, &from, args[0])
				if err != nil {
					return err
				}
				return print(cmd, r, asJSON)
			}
			out, err := runSteps(ctx, cmd, &from, args[0], steps)
			if err != nil {
				return err
			}
			if err := needExact(args[0], out.Before, out.After); err != nil {
				return err
			}
			r, err := inspect.Scenario(ctx, out)
			if err != nil {
				return &fileError{args[0], err}
			}
			return print(cmd, r, asJSON)
		},
	}
	from.flags(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&steps, "scenario", "", "make the steps of this `file`, and print before and after")
	return cmd
}

// answers are those about a file: ranges, if it knows some stakes only as bands.
func answers(ctx context.Context, cmd *cobra.Command, from *source, name string) (inspect.Answers, error) {
	a, err := from.banded(ctx, cmd, name)
	if err != nil {
		return nil, err
	}
	r, err := inspect.Of(ctx, a)
	if err != nil {
		return nil, &fileError{name, err}
	}
	return r, nil
}

// runSteps makes the steps of a file on the book of another.
func runSteps(ctx context.Context, cmd *cobra.Command, from *source, book, steps string) (*scenario.Outcome, error) {
	a, err := from.banded(ctx, cmd, book)
	if err != nil {
		return nil, err
	}
	s, err := readScenario(cmd, steps)
	if err != nil {
		return nil, err
	}
	out, err := scenario.Run(ctx, a, s)
	if errors.Is(err, crossholding.ErrBands) {
		err = fmt.Errorf("%w: give --bands-at 0 or --bands-at 1/2", err)
	}
	if err != nil {
		return nil, &fileError{steps, err}
	}
	return out, nil
}
