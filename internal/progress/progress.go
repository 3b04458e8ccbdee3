// Package progress carries in a context who wants to hear how far long work
// has come, so that engines can tell without an argument for it.
package progress

import (
	"context"
	"math"
)

// Report is told how far a stage has come. Total is 0 if it is not known.
type Report func(stage string, done, total int)

type key struct{}

// With returns a context whose work is told to report.
func With(ctx context.Context, report Report) context.Context {
	return context.WithValue(ctx, key{}, report)
}

// Heard reports whether anyone hears of the context's work.
func Heard(ctx context.Context) bool {
	report, _ := ctx.Value(key{}).(Report)
	return report != nil
}

// steps is how many reports a stage with a total makes, about.
const steps = 100

// Stage is one run of one kind of work. Each run that is heard of begins with
// a report of nothing done; what is done never falls after that, and a total
// is reached by [Stage.End] only. Nobody hears of the zero value. A stage
// belongs to the goroutine that began it and allocates nothing.
type Stage struct {
	name        string
	report      Report
	next, grain int // what must be done for the next report, and between two
	total       int
	begun       bool
}

// silent is a stage that nobody hears of.
var silent = Stage{next: math.MaxInt}

// Start begins a stage of so many units, reported about a hundred times and
// not more often than every so many units as least says. A total below least
// is not worth a report.
func Start(ctx context.Context, name string, total, least int) Stage {
	report, _ := ctx.Value(key{}).(Report)
	if report == nil || total < max(least, 1) {
		return silent
	}
	grain := max(least, total/steps, 1)
	s := Stage{name: name, report: report, next: grain, grain: grain, total: total}
	s.begin()
	return s
}

// Count begins a stage whose total is not known, reported every so many units,
// and less often once a hundredth of what is done is more. Fewer units are not
// worth a report.
func Count(ctx context.Context, name string, every int) Stage {
	report, _ := ctx.Value(key{}).(Report)
	if report == nil {
		return silent
	}
	return Stage{name: name, report: report, next: every, grain: every}
}

func (s *Stage) begin() {
	s.begun = true
	s.report(s.name, 0, s.total)
}

// At tells that so many units are done, if that is due. It costs a comparison
// if not. Nobody hears of a nil stage.
func (s *Stage) At(done int) {
	if s != nil && done >= s.next {
		s.tell(done)
	}
}

func (s *Stage) tell(done int) {
	if s.report == nil || s.total > 0 && done >= s.total {
		return // nobody hears of it, or it is left to End
	}
	if !s.begun {
		s.begin()
	}
	s.report(s.name, done, s.total)
	s.next = done + s.grain
	if s.total == 0 {
		s.next = max(s.next, done+done/steps)
	}
}

// End tells that all is done. A stage that ends early, by an error, tells
// nothing.
func (s *Stage) End() {
	if s.total > 0 {
		s.report(s.name, s.total, s.total)
		*s = silent
	}
}
