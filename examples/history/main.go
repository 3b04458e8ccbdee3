// History tells the published history of the alliance of Renault, Nissan and Mitsubishi
// Motors from 1999 to 2025 as one timeline. For each day it prints what was done, who holds
// which part of the capital, which votes count and why others do not, who controls whom,
// and which step changed which figure by how much. The parts of a change add up to it
// exactly. At the end it prints what Renault is worth without its stakes, on the days on
// which the prices of Renault and of Nissan were found: three so far.
//
//	go run ./examples/history [-dir testdata]
//
// testdata/history/SOURCES.md says which figures were published, which are derived, and
// which are not verified. A figure in brackets is the published one.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir := flag.String("dir", "testdata", "the `folder` that holds history and alliance")
	flag.Parse()
	h, err := open(ctx, *dir)
	if err == nil {
		err = h.tell(ctx, os.Stdout)
	}
	if err == nil {
		err = h.stubs(ctx, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// history is the timeline with its steps and the figures that were published.
type history struct {
	timeline  *whatif.Timeline
	out       *scenario.Outcome
	published []published
	quoted    []quoted
}

// published is a figure as a source gives it. It is plain data.
type published struct {
	Date   date.Date     `json:"date"`
	Figure whatif.Figure `json:"figure"`
	// Percent is the published percentage, with its digits.
	Percent string `json:"percent"`
	Source  string `json:"source"`
	Note    string `json:"note,omitempty"`
}

// open reads the book of 1999 and the scenarios, and makes the steps.
func open(ctx context.Context, dir string) (*history, error) {
	a, err := read(filepath.Join(dir, "history", "1999.json"), crossholding.ReadBook)
	if err != nil {
		return nil, err
	}
	var parts []scenario.Scenario
	for _, name := range []string{"history/1999-2022.json", "alliance/rebalancing.json", "history/ventures.json"} {
		s, err := read(filepath.Join(dir, filepath.FromSlash(name)), scenario.Read)
		if err != nil {
			return nil, err
		}
		parts = append(parts, s)
	}
	h := &history{}
	steps := scenario.Scenario{Name: "The alliance, 1999-2025", Steps: byDate(parts)}
	if h.out, err = scenario.Run(ctx, a, steps); err != nil {
		return nil, err
	}
	if h.timeline, err = whatif.NewTimeline(ctx, whatif.Chapter{Book: a, Scenario: steps}); err != nil {
		return nil, err
	}
	if h.published, err = read(filepath.Join(dir, "history", "published.json"), readPublished); err != nil {
		return nil, err
	}
	h.quoted, err = read(filepath.Join(dir, "history", "prices.json"), readQuoted)
	return h, err
}

func read[T any](name string, from func(io.Reader) (T, error)) (T, error) {
	f, err := os.Open(name)
	if err != nil {
		var none T
		return none, err
	}
	defer f.Close()
	v, err := from(f)
	if err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// maxPublished is the largest size of the file of published figures, in bytes.
const maxPublished = 1 << 20

func readPublished(r io.Reader) ([]published, error) {
	d := json.NewDecoder(io.LimitReader(r, maxPublished))
	d.DisallowUnknownFields()
	var out []published
	err := d.Decode(&out)
	return out, err
}

// byDate puts the steps of several scenarios in the order of their days. A step without a
// day has that of the step before it.
func byDate(parts []scenario.Scenario) []scenario.Step {
	var out []scenario.Step
	for _, s := range parts {
		var day date.Date
		for _, step := range s.Steps {
			if step.Date != "" {
				day = step.Date
			}
			step.Date = day
			i := len(out)
			for i > 0 && out[i-1].Date > day {
				i--
			}
			out = append(out[:i], append([]scenario.Step{step}, out[i:]...)...)
		}
	}
	return out
}

// agrees reports whether a computed fraction rounds to a published percentage.
func (p *published) agrees(r ratio.Ratio) bool {
	want, err := ratio.ParseNumber(p.Percent)
	if err != nil {
		return false
	}
	places, _ := want.Decimals()
	return r.Percent(places).Equal(want.Decimal(places))
}
