package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/inspect"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/whatif"
)

// isQuestion reports whether a file of moves is a question, and not a scenario.
func isQuestion(text []byte) bool {
	var form map[string]json.RawMessage
	if json.Unmarshal(text, &form) != nil {
		return false
	}
	for _, key := range []string{"goal", "lever", "grid", "simulation", "acquisition", "period", "history"} {
		if form[key] != nil {
			return true
		}
	}
	return false
}

// ask answers a question that was read.
func ask(ctx context.Context, a *crossholding.Alliance, q *whatif.Question) (inspect.Answers, error) {
	switch {
	case q.Goal != nil:
		s, err := whatif.Solve(ctx, a, *q.Goal, *q.Lever, whatif.Options{})
		return solved{s}, err
	case q.Acquisition != nil:
		t, err := whatif.CheapestControl(ctx, a, *q.Acquisition, whatif.Options{})
		return bought{t}, err
	case q.Grid != nil:
		return sweep(ctx, a, q.Grid)
	case q.Period != nil:
		line, err := whatif.NewTimeline(ctx, whatif.Chapter{Book: a, Scenario: *q.History})
		if err != nil {
			return nil, err
		}
		e, err := line.Explain(ctx, *q.Period, whatif.Options{})
		return explained{e}, err
	}
	s, err := whatif.Simulate(ctx, a, *q.Simulation, whatif.Options{})
	if err != nil {
		return nil, err
	}
	return simulated{s}, nil
}

// solved is how far a step must go.
type solved struct{ whatif.Solution }

// Print writes the solution as sentences.
func (s solved) Print(w io.Writer) error {
	_, err := fmt.Fprintln(w, s.Solution)
	return err
}

// bought is the purchases that win control.
type bought struct{ whatif.Takeover }

// Print writes the purchases, and why none of them can be left out.
func (b bought) Print(w io.Writer) error {
	lines := []string{b.Takeover.String()}
	for _, p := range b.Purchases {
		lines = append(lines, fmt.Sprintf("  without the shares of %s from %s: %s", p.Offer.Issuer, p.Offer.Seller, p.Without))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// maxCells is the largest number of cells that the command prints.
const maxCells = 100_000

// cells are the figures of a grid.
type cells struct {
	Grid  *whatif.Grid  `json:"grid"`
	Cells []whatif.Cell `json:"cells"`
}

func sweep(ctx context.Context, a *crossholding.Alliance, g *whatif.Grid) (inspect.Answers, error) {
	out := &cells{Grid: g, Cells: []whatif.Cell{}}
	for c, err := range whatif.Sweep(ctx, a, *g, whatif.Options{}) {
		if err != nil {
			return nil, err
		}
		if len(out.Cells) == maxCells {
			return nil, fmt.Errorf("more than %d cells: give first and cells in the grid: %w", maxCells, crossholding.ErrTooLarge)
		}
		out.Cells = append(out.Cells, c)
	}
	return out, nil
}

// Print writes a line for each cell.
func (c *cells) Print(w io.Writer) error {
	for _, x := range c.Cells {
		var numbers []string
		for i, axis := range c.Grid.Axes {
			numbers = append(numbers, fmt.Sprintf("%s = %s", axis.Open, x.Values[i].Grouped()))
		}
		var figures []string
		if x.Reason != nil {
			figures = []string{told.Reason(x.Reason)}
		} else {
			for i, f := range c.Grid.Figures {
				figures = append(figures, fmt.Sprintf("%s is %s", f, short(x.Figures[i])))
			}
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", strings.Join(numbers, ", "), strings.Join(figures, "; ")); err != nil {
			return err
		}
	}
	return nil
}

// short is a figure with at most 12 decimals.
func short(r ratio.Ratio) string { return r.GroupedDecimal(12) }

// simulated is figures on random markets.
type simulated struct{ *whatif.Summary }

// Print writes a line for each condition and for each figure.
func (s simulated) Print(w io.Writer) error {
	var lines []string
	for _, f := range s.Goals {
		lines = append(lines, f.String())
	}
	for _, d := range s.Estimates {
		lines = append(lines, d.String())
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// explained is a figure on two days, with what changed it.
type explained struct{ whatif.Explanation }

// Print writes a line for each part of the change.
func (e explained) Print(w io.Writer) error {
	_, err := fmt.Fprintln(w, e.Explanation)
	return err
}
