package page

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/scenario"
)

//go:embed web
var web embed.FS

var templates = template.Must(template.New("").ParseFS(web, "web/*.html"))

// asset returns a file of the page, which is part of the program.
func asset(name string) string {
	text, err := web.ReadFile("web/" + name)
	if err != nil {
		panic(err) // the file is embedded
	}
	return string(text)
}

// State is one moment of a report: the alliance at first, or after a step.
type State struct {
	Step    int    // number of the step, from 1; 0 at first
	Text    string // of the step
	Changes []string
	View    *View
}

// Report is a page about an alliance, and about the steps of a scenario.
type Report struct {
	Title  string
	States []State // at least one
	Style  template.CSS
	Script template.JS
}

// maxSteps is the largest number of steps whose states a report shows.
const maxSteps = 100

// NewReport returns the report of an alliance.
func NewReport(ctx context.Context, title string, a *crossholding.Alliance, draw Draw) (*Report, error) {
	v, err := New(ctx, a, nil, draw)
	if err != nil {
		return nil, err
	}
	r := newReport(title)
	r.States = []State{{View: v}}
	return r, nil
}

func newReport(title string) *Report {
	return &Report{Title: title, Style: template.CSS(asset("style.css")), Script: template.JS(asset("report.js"))}
}

// NewScenarioReport returns the report of an alliance before and after each step.
func NewScenarioReport(ctx context.Context, title string, out *scenario.Outcome, draw Draw) (*Report, error) {
	if n := len(out.Steps); n > maxSteps {
		return nil, fmt.Errorf("%d steps; a report shows at most %d: %w", n, maxSteps, crossholding.ErrTooLarge)
	}
	r, err := NewReport(ctx, title, out.Before, draw)
	if err != nil {
		return nil, err
	}
	crossed, err := crossings(ctx, out)
	if err != nil {
		return nil, err
	}
	before := out.Before
	for s := range out.States() {
		a, err := s.Alliance(ctx)
		if err != nil {
			return nil, err
		}
		v, err := New(ctx, a, before, draw)
		if err != nil {
			return nil, err
		}
		changes, err := Sentences(ctx, before, a)
		if err != nil {
			return nil, err
		}
		r.States = append(r.States, State{s.Step + 1, out.Steps[s.Step].String(), append(changes, crossed[s.Step]...), v})
		before = a
	}
	return r, nil
}

// Sentences says what changed between two alliances.
func Sentences(ctx context.Context, before, after *crossholding.Alliance) ([]string, error) {
	if len(before.Banded())+len(after.Banded()) > 0 {
		return boundedSentences(ctx, before, after)
	}
	d, err := before.Differences(ctx, after, crossholding.ControlOptions{})
	if err != nil {
		return nil, err
	}
	return d.Sentences(after.Name), nil
}

// crossings lists the thresholds that each step crossed.
func crossings(ctx context.Context, out *scenario.Outcome) (map[int][]string, error) {
	if len(out.Before.Banded())+len(out.After.Banded()) > 0 {
		return nil, nil // a threshold needs exact figures
	}
	list, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{})
	if err != nil {
		return nil, err
	}
	by := map[int][]string{}
	for _, x := range list {
		by[x.Step] = append(by[x.Step], x.String())
	}
	return by, nil
}

// Write writes the report as one HTML file.
func (r *Report) Write(w io.Writer) error { return templates.ExecuteTemplate(w, "report.html", r) }
