package whatif

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// Chapter is a part of a history: a book, and the steps that lead on from it. It is plain
// data.
type Chapter struct {
	// Book is the state at the beginning. Without one, the steps go on from the end of the
	// chapter before.
	Book     *crossholding.Alliance
	Scenario scenario.Scenario
}

// Timeline is a history of dated books and scenarios. It is immutable and safe for
// concurrent use. The zero value has no dates.
type Timeline struct {
	states []moment
}

// moment is the state after one step, or at a new book.
type moment struct {
	day     date.Date
	a       *crossholding.Alliance
	chapter int
	step    int           // index in the chapter's scenario, or -1 for its book
	made    scenario.Step // with its day
	group   int           // number of the moment in the history at which the step was made
	rule    scenario.BreachRule
}

// NewTimeline returns the history of some chapters, one after another. A book of a later
// chapter replaces the state at the end of the one before. [Timeline.Explain] shows what
// changes by that.
//
// It fails with [crossholding.ErrMissing] if the first chapter has no book, with
// [crossholding.ErrDate] if a book has no date or an earlier one than the chapter before,
// and with the errors of [scenario.Run].
func NewTimeline(ctx context.Context, chapters ...Chapter) (*Timeline, error) {
	ctx, _ = given(ctx, nil)
	t := &Timeline{}
	for i, c := range chapters {
		if err := t.add(ctx, i, c); err != nil {
			return nil, withPrefix(fmt.Errorf("chapter %d: %w", i, told.Bare{Err: err}))
		}
	}
	return t, nil
}

func (t *Timeline) add(ctx context.Context, i int, c Chapter) error {
	var last moment
	if n := len(t.states); n > 0 {
		last = t.states[n-1]
	}
	a := c.Book
	switch {
	case a == nil && last.a == nil:
		return fmt.Errorf("the first chapter has no book: %w", crossholding.ErrMissing)
	case a == nil:
		a = last.a
	case a.AsOf() == "":
		return fmt.Errorf("a book without a date: %w", crossholding.ErrDate)
	case a.AsOf() < last.day:
		return fmt.Errorf("a book of %s after %s: %w", a.AsOf(), last.day, crossholding.ErrDate)
	}
	t.states = append(t.states, moment{day: a.AsOf(), a: a, chapter: i, step: -1})
	out, err := scenario.Run(ctx, a, c.Scenario)
	if err != nil {
		return err
	}
	for s := range out.States() {
		after, err := s.Alliance(ctx)
		if err != nil {
			return err
		}
		step := out.Steps[s.Step].Step
		step.Date = s.Date
		group := len(t.states)
		if last := &t.states[group-1]; last.step >= 0 && step.Group != "" && step.Group == last.made.Group {
			group = last.group
		}
		t.states = append(t.states, moment{s.Date, after, i, s.Step, step, group, c.Scenario.Breaches})
	}
	return nil
}

// Dates returns the days of the history, ascending.
func (t *Timeline) Dates() []date.Date {
	out := []date.Date{}
	for _, m := range t.states {
		if n := len(out); n == 0 || out[n-1] != m.day {
			out = append(out, m.day)
		}
	}
	return out
}

// at is the index of the last state of a day or before it.
func (t *Timeline) at(day date.Date) (int, error) {
	n, _ := slices.BinarySearchFunc(t.states, day, func(m moment, day date.Date) int {
		if m.day <= day {
			return -1
		}
		return 1
	})
	switch {
	case !day.Valid() || day == "":
		return 0, fmt.Errorf("%q is no day: %w", clip(string(day)), crossholding.ErrDate)
	case n == 0:
		return 0, fmt.Errorf("%s is before the history: %w", day, crossholding.ErrDate)
	}
	return n - 1, nil
}

// At returns the alliance at the end of a day. It is the last state of that day or before,
// with the date moved to the day: what ends or begins by then has ended or begun. It fails
// with [crossholding.ErrDate] for a day before the history, and with ctx's error.
func (t *Timeline) At(ctx context.Context, day date.Date) (*crossholding.Alliance, error) {
	ctx, _ = given(ctx, nil)
	i, err := t.at(day)
	if err != nil {
		return nil, withPrefix(err)
	}
	a, err := t.states[i].on(ctx, day)
	return a, withPrefix(err)
}

// on returns the alliance of a state on a later day on which nothing happens.
func (m *moment) on(ctx context.Context, day date.Date) (*crossholding.Alliance, error) {
	if day == m.day {
		return m.a, nil
	}
	out, err := scenario.Run(ctx, m.a, scenario.Scenario{Steps: []scenario.Step{{Step: scenario.StepAdvanceDate, Date: day}}})
	if err != nil {
		return nil, err
	}
	return out.After, nil
}

// DatedFigure is a figure at the end of one day. It is plain data.
type DatedFigure struct {
	Date   date.Date
	Figure ratio.Ratio
	Reason error // why there is no figure on this day; nil if there is one
}

// String returns the day with the figure, or with the reason.
func (f DatedFigure) String() string {
	if f.Reason != nil {
		return fmt.Sprintf("%s: %s", f.Date, told.Reason(f.Reason))
	}
	return fmt.Sprintf("%s: %s", f.Date, shown(f.Figure))
}

// MarshalJSON writes the day with the figure or, if there is none, with the reason.
func (f DatedFigure) MarshalJSON() ([]byte, error) {
	out := struct {
		Date   date.Date    `json:"date"`
		Figure *ratio.Ratio `json:"figure,omitempty"`
		Reason string       `json:"reason,omitempty"`
	}{f.Date, &f.Figure, told.Reason(f.Reason)}
	if f.Reason != nil {
		out.Figure = nil
	}
	return json.Marshal(out)
}

// Series yields a figure at the end of each day of the history. A day on which the figure
// does not exist, such as a value without a price, has a Reason. If there is an error, the
// figure is empty and the sequence ends: the figure is malformed, or ctx is done.
func (t *Timeline) Series(ctx context.Context, f Figure, opt Options) iter.Seq2[DatedFigure, error] {
	ctx, _ = given(ctx, nil)
	return func(yield func(DatedFigure, error) bool) {
		if err := f.malformed(); err != nil {
			yield(DatedFigure{}, withPrefix(err))
			return
		}
		for i, m := range t.states {
			if i+1 < len(t.states) && t.states[i+1].day == m.day {
				continue
			}
			if err := progress.Stopped(ctx, "whatif"); err != nil {
				yield(DatedFigure{}, err)
				return
			}
			p, err := f.measure(ctx, m.a, opt, false)
			if stopped := progress.Stopped(ctx, "whatif"); err != nil && stopped != nil {
				yield(DatedFigure{}, stopped)
				return
			}
			if !yield(DatedFigure{m.day, p.figure, withPrefix(err)}, nil) {
				return
			}
		}
	}
}

// Period is a figure between the ends of two days. It is plain data.
type Period struct {
	Figure Figure    `json:"figure"`
	From   date.Date `json:"from"`
	To     date.Date `json:"to"`
	// ByDay takes the steps of one day together. By default only those of one moment, which
	// have the same [scenario.Step].Group, are together.
	ByDay bool `json:"by_day,omitempty"`
	// InOrder attributes to each moment what the figure changed when its steps were made. By
	// default the order does not matter, and each part is a Shapley value.
	InOrder bool `json:"in_order,omitempty"`
}

// Explanation splits the difference of a figure between two days: After = Before + the sum
// of Parts, exactly. It is plain data.
type Explanation struct {
	Period Period      `json:"period"`
	Before ratio.Ratio `json:"before"`
	After  ratio.Ratio `json:"after"`
	Parts  []Part      `json:"parts"` // in the order of the history
}

// Part is the part of a difference that some steps made. It is plain data.
type Part struct {
	Date   date.Date       `json:"date"`
	Cause  Cause           `json:"cause"`
	Steps  []scenario.Step `json:"steps"` // with their days; none for the other causes
	Amount ratio.Ratio     `json:"amount"`
}

// String returns the difference and its parts, a line for each.
func (e Explanation) String() string {
	lines := []string{fmt.Sprintf("%s: %s on %s, %s on %s", e.Period.Figure, shown(e.Before), e.Period.From, shown(e.After), e.Period.To)}
	for _, p := range e.Parts {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

// String returns the part as a line, as in "2023-12-13 -0.029834 by buyback, cancel".
func (p Part) String() string {
	what := string(p.Cause)
	if len(p.Steps) > 0 {
		kinds := make([]string, len(p.Steps))
		for i := range p.Steps {
			kinds[i] = string(p.Steps[i].Step)
		}
		what = strings.Join(kinds, ", ")
	}
	sign := ""
	if p.Amount.Sign() > 0 {
		sign = "+"
	}
	return fmt.Sprintf("%s %s%s by %s", p.Date, sign, shown(p.Amount), what)
}

// shown is a figure with at most 12 decimals.
func shown(r ratio.Ratio) string { return r.GroupedDecimal(12) }

// Cause says what made a part of a difference.
type Cause string

// These are the causes.
const (
	CauseSteps Cause = "steps"
	CauseTime  Cause = "time" // days passed: agreements, double votes and rules of law begin or end
	CauseBook  Cause = "book" // a new book differs from the end of the chapter before
)

// maxParts is the largest number of moments, or of days, whose orders are all considered.
const maxParts = 14

// Explain attributes the difference of a figure between the ends of two days to the steps
// between them. The part of a step is its Shapley value: what it adds to the steps that came
// before it, on average over all orders of choosing steps. Steps of one moment are chosen
// together. Parts are exact fractions, and can have long denominators. The chosen steps are
// always made in the order of the history. A step that cannot be made without another one,
// such as a cancellation without its buyback, is left out until the other is chosen too. So
// the step that makes another possible has a part of its effect. What changes only because
// days pass is a part of its own, and so is what a new book changes. With InOrder, each part
// is what changed when its steps were made, or with the new book, days included.
//
// Without InOrder it takes 2^n runs for n moments, or for n days with ByDay, in each chapter.
// It fails with [crossholding.ErrTooLarge] for n above 14, with [crossholding.ErrDate] for
// days before the history or in the wrong order, with the errors of [Figure.At] if the figure
// does not exist for some choice of steps, and with ctx's error.
//
// Source: L.S. Shapley, A Value for n-Person Games, in Contributions to the Theory of Games
// II, 1953.
func (t *Timeline) Explain(ctx context.Context, p Period, opt Options) (Explanation, error) {
	ctx, _ = given(ctx, nil)
	out, err := t.explain(ctx, p, opt)
	return out, withPrefix(err)
}

// stretch is a part of a period without a new book: the steps after state first, up to state
// end.
type stretch struct {
	period     *Period
	opt        *Options
	first, end int
	begin      *crossholding.Alliance // the state first, on the day on which the period begins
	day        date.Date              // its last
	before     ratio.Ratio            // the figure of begin
}

func (t *Timeline) explain(ctx context.Context, p Period, opt Options) (Explanation, error) {
	out := Explanation{Period: p, Parts: []Part{}}
	if err := p.Figure.malformed(); err != nil {
		return out, err
	}
	from, err := t.at(p.From)
	if err != nil {
		return out, err
	}
	to, err := t.at(p.To)
	if err != nil {
		return out, err
	}
	if p.To < p.From {
		return out, fmt.Errorf("from %s to %s: %w", p.From, p.To, crossholding.ErrDate)
	}
	begin, err := t.states[from].on(ctx, p.From)
	if err != nil {
		return out, err
	}
	before, err := p.Figure.measure(ctx, begin, opt, false)
	if err != nil {
		return out, err
	}
	out.Before, out.After = before.figure, before.figure
	for first := from; first < to; begin = t.states[first].a {
		s := stretch{&p, &opt, first, first + 1, begin, "", out.After}
		for t.states[first+1].step >= 0 && s.end < to && t.states[s.end+1].step >= 0 {
			s.end++
		}
		s.day = t.states[s.end].day
		if s.end == to && !p.InOrder && t.states[to].step >= 0 {
			s.day = p.To
		}
		if err := t.addStretch(ctx, &out, &s); err != nil {
			return out, err
		}
		first = s.end
	}
	last, err := t.states[to].on(ctx, p.To)
	if err != nil {
		return out, err
	}
	after, err := p.Figure.measure(ctx, last, opt, false)
	if err != nil {
		return out, err
	}
	out.cause(CauseTime, p.To, after.figure)
	return out, nil
}

// cause adds what something other than steps changed up to a figure, if it changed it.
func (e *Explanation) cause(c Cause, day date.Date, after ratio.Ratio) {
	if d := after.Sub(e.After); !d.IsZero() {
		e.Parts = append(e.Parts, Part{Date: day, Cause: c, Steps: []scenario.Step{}, Amount: d})
	}
	e.After = after
}

// addStretch adds the parts of a stretch, or of one new book.
func (t *Timeline) addStretch(ctx context.Context, out *Explanation, s *stretch) error {
	end := &t.states[s.end]
	if end.step < 0 {
		if !s.period.InOrder {
			if err := t.passTime(ctx, out, s); err != nil {
				return err
			}
		}
		after, err := s.period.Figure.measure(ctx, end.a, *s.opt, false)
		out.cause(CauseBook, end.day, after.figure)
		return err
	}
	parts, err := t.divide(ctx, s)
	if err != nil {
		return err
	}
	out.Parts = append(out.Parts, parts...)
	for _, part := range parts {
		out.After = out.After.Add(part.Amount)
	}
	return nil
}

// passTime adds what the days before a new book change of the book before it. If that book cannot
// be carried to the day of the new one, or has no figure on it, the days are the new book's.
func (t *Timeline) passTime(ctx context.Context, out *Explanation, s *stretch) error {
	day := t.states[s.end].day
	a, err := t.states[s.first].on(ctx, day)
	var carried measured
	if err == nil {
		carried, err = s.period.Figure.measure(ctx, a, *s.opt, false)
	}
	if err == nil {
		out.cause(CauseTime, day, carried.figure)
	}
	return progress.Stopped(ctx, "whatif")
}

// chosenStep is a step of a stretch, with the index of its part and the number of its moment.
type chosenStep struct {
	scenario.Step
	part, moment int
}

// divide attributes the difference between the ends of a stretch.
func (t *Timeline) divide(ctx context.Context, s *stretch) ([]Part, error) {
	var parts []Part
	var steps []chosenStep
	for i, m := range t.states[s.first+1 : s.end+1] {
		n := len(parts)
		if n > 0 && (m.group == t.states[s.first+i].group || s.period.ByDay && parts[n-1].Date == m.day) {
			parts[n-1].Steps = append(parts[n-1].Steps, m.made)
		} else {
			parts = append(parts, Part{Date: m.day, Cause: CauseSteps, Steps: []scenario.Step{m.made}})
		}
		if m.made.Group != "" {
			m.made.Group = fmt.Sprint(m.group) // moments of one name can become neighbours
		}
		steps = append(steps, chosenStep{m.made, len(parts) - 1, m.group})
	}
	if s.period.InOrder {
		return t.partsInOrder(ctx, s, parts)
	}
	if len(parts) > maxParts {
		return nil, fmt.Errorf("%d parts from %s to %s, of at most %d; choose a shorter period, or ByDay: %w", len(parts), t.states[s.first].day, s.day, maxParts, crossholding.ErrTooLarge)
	}
	values := make([]ratio.Ratio, 1<<len(parts))
	errs := make([]error, len(values))
	share(len(values), s.opt.workers(len(values)), func(set int) {
		values[set], errs[set] = s.choose(ctx, steps, set, t.states[s.end].rule)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	for i, amount := range shapley(values, len(parts)) {
		parts[i].Amount = amount
	}
	if passed := values[0].Sub(s.before); !passed.IsZero() {
		parts = append(parts, Part{Date: s.day, Cause: CauseTime, Steps: []scenario.Step{}, Amount: passed})
	}
	return parts, nil
}

// partsInOrder gives each part what the figure changed from the state before its first step to
// the one after its last.
func (t *Timeline) partsInOrder(ctx context.Context, s *stretch, parts []Part) ([]Part, error) {
	at, before := s.first, s.before
	for i := range parts {
		at += len(parts[i].Steps)
		m, err := s.period.Figure.measure(ctx, t.states[at].a, *s.opt, false)
		if err != nil {
			return nil, err
		}
		parts[i].Amount = m.figure.Sub(before)
		before = m.figure
	}
	return parts, nil
}

// choose is the figure on the last day of a stretch after some parts of its steps. If a step
// of a moment fails or breaks an agreement, the whole moment is left out.
func (s *stretch) choose(ctx context.Context, all []chosenStep, set int, rule scenario.BreachRule) (ratio.Ratio, error) {
	chosen := slices.DeleteFunc(slices.Clone(all), func(c chosenStep) bool { return set>>c.part&1 == 0 })
	for {
		if err := progress.Stopped(ctx, "whatif"); err != nil {
			return ratio.Ratio{}, err
		}
		steps := make([]scenario.Step, 0, len(chosen)+1)
		for _, c := range chosen {
			steps = append(steps, c.Step)
		}
		steps = append(steps, scenario.Step{Step: scenario.StepAdvanceDate, Date: s.day})
		out, err := scenario.Run(ctx, s.begin, scenario.Scenario{Breaches: rule, Steps: steps})
		var failed *scenario.StepError
		switch {
		case err == nil:
			m, err := s.period.Figure.measure(ctx, out.After, *s.opt, false)
			return m.figure, err
		case errors.As(err, &failed) && failed.Index < len(chosen):
			moment := chosen[failed.Index].moment
			chosen = slices.DeleteFunc(chosen, func(c chosenStep) bool { return c.moment == moment })
		default:
			return ratio.Ratio{}, err
		}
	}
}
