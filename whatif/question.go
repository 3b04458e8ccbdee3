package whatif

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Question is a question of this package in a file. It is plain data and has the fields of
// one question:
//
//   - Goal and Lever, for [Solve]
//   - Grid, for [Sweep] or [Tornado]
//   - Simulation, for [Simulate] or [Markets]
//   - Acquisition, for [CheapestControl]
//   - Period and History, for a [Timeline] of one chapter
type Question struct {
	Goal        *Goal              `json:"goal,omitempty"`
	Lever       *Lever             `json:"lever,omitempty"`
	Grid        *Grid              `json:"grid,omitempty"`
	Simulation  *Simulation        `json:"simulation,omitempty"`
	Acquisition *Acquisition       `json:"acquisition,omitempty"`
	Period      *Period            `json:"period,omitempty"`
	History     *scenario.Scenario `json:"history,omitempty"` // the steps of the timeline
}

// Read reads a question as JSON and checks everything that does not need a book. Numbers may
// be JSON strings or numbers. Unknown keys, keys in another case and keys given twice are
// errors. All faults are returned in one [*crossholding.InputError].
func Read(r io.Reader) (Question, error) {
	var q Question
	var bad faults
	if err := bad.DecodeSteps(r, &q, reflect.TypeFor[scenario.CostShare](), "budget"); err != nil {
		return Question{}, withPrefix(err)
	}
	if form := bad.List; !slices.ContainsFunc(form, func(x input.Fault) bool { return x.Place == "" }) { // the file is JSON to its end
		var more faults
		q.check(&more)
		for _, x := range more.List {
			if !slices.ContainsFunc(form, func(told input.Fault) bool { return within(told.Place, x.Place) || within(x.Place, told.Place) }) {
				bad.Put(x.Place, x.Reason, x.Kind)
			}
		}
		bad.More += more.More
	}
	if err := bad.err(); err != nil {
		return Question{}, withPrefix(err)
	}
	return q, nil
}

// within reports whether a place is another one or a part of it.
func within(place, of string) bool {
	rest, ok := strings.CutPrefix(place, of)
	return ok && (rest == "" || of == "" || rest[0] == '.' || rest[0] == '[')
}

// check adds the faults of a question that do not depend on an alliance.
func (q *Question) check(bad *faults) {
	kinds := 0
	pair := func(first, second string, one, other bool) {
		switch {
		case one && other:
			kinds++
		case one:
			bad.Add(second, crossholding.ErrMissing, "a question with a %s needs a %s", first, second)
		case other:
			bad.Add(first, crossholding.ErrMissing, "a question with a %s needs a %s", second, first)
		}
	}
	pair("goal", "lever", q.Goal != nil, q.Lever != nil)
	pair("period", "history", q.Period != nil, q.History != nil)
	for _, given := range []bool{q.Grid != nil, q.Simulation != nil, q.Acquisition != nil} {
		if given {
			kinds++
		}
	}
	if kinds != 1 && bad.Count() == 0 {
		bad.Add("", crossholding.ErrMissing, "a file has one question, with a goal and a lever, a grid, a simulation, an acquisition, or a period and a history; this one has %d", kinds)
	}
	if q.Goal != nil {
		q.Goal.check(bad, "goal")
	}
	if q.Lever != nil {
		q.Lever.check(bad, "lever")
		bad.scenario("lever", scenario.Scenario{Steps: q.Lever.Steps}, q.Lever.Open)
	}
	if q.Grid != nil {
		s := &sweep{grid: *q.Grid}
		s.check(bad, "grid")
		bad.scenario("grid", scenario.Scenario{Steps: q.Grid.Steps}, s.opens()...)
	}
	if q.Simulation != nil {
		q.Simulation.check(bad, "simulation")
	}
	if q.Acquisition != nil {
		q.Acquisition.check(bad, "acquisition")
	}
	if q.Period != nil {
		q.Period.check(bad, "period")
	}
	if q.History != nil {
		bad.scenario("history", *q.History)
	}
}

// scenario adds the faults of a scenario, but not those of its open numbers.
func (f *faults) scenario(place string, s scenario.Scenario, opens ...Open) {
	s.Steps = filled(s.Steps, opens)
	var bad *scenario.CheckError
	if !errors.As(s.Check(), &bad) {
		return
	}
	f.wrap(place, bad.Breaches)
	for _, step := range bad.Steps {
		var steps faults
		steps.wrap("", step.Reason)
		steps.List = slices.DeleteFunc(steps.List, func(x input.Fault) bool {
			return slices.ContainsFunc(opens, func(o Open) bool { return o.Step == step.Index && o.key() == x.Place })
		})
		f.wrap(input.Join(place, fmt.Sprintf("steps[%d]", step.Index)), steps.err())
	}
	f.More += bad.More
}

// filled returns steps with a number for each open one, as a step without it is not complete.
func filled(steps []scenario.Step, opens []Open) []scenario.Step {
	for _, o := range opens {
		k, err := o.knob(steps)
		if err != nil {
			continue // its check has told why
		}
		if _, ok := k.present(steps); ok {
			continue
		}
		if with, err := k.set(steps, ratio.Int(1)); err == nil {
			steps = with
		}
	}
	return steps
}

// check adds the faults of a period that do not depend on a history.
func (p *Period) check(bad *faults, place string) {
	p.Figure.check(bad, input.Join(place, "figure"))
	if p.From == "" || p.To == "" {
		bad.Add(place, crossholding.ErrMissing, "a period without its first or last day")
	}
	bad.Date(input.Join(place, "from"), p.From)
	bad.Date(input.Join(place, "to"), p.To)
	if p.From.Valid() && p.To.Valid() && p.To != "" && p.To < p.From {
		bad.Add(place, crossholding.ErrDate, "from %s to %s", p.From, p.To)
	}
}
