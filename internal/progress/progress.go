package progress

import (
	"context"
	"math"
)

// Report is a function that receives the units done and the total units of a stage. The
// total is 0 if it is not known.
type Report func(stage string, done, total int)

type key struct{}

// With returns a context whose work calls report. A nil report turns progress off.
func With(ctx context.Context, report Report) context.Context {
	return context.WithValue(ctx, key{}, report)
}

// Enabled reports whether the context has a progress function.
func Enabled(ctx context.Context) bool {
	report, _ := ctx.Value(key{}).(Report)
	return report != nil
}

// reports is the approximate number of reports of a stage with a known total.
const reports = 100

// Stage is one run of one kind of work. The first report of a run has 0 units done. The
// number of units done does not decrease after that. Only [Stage.End] reports the total.
// The zero value reports nothing. A stage belongs to the goroutine that started it and
// allocates no memory.
type Stage struct {
	name           string
	function       Report
	next, interval int // units done at the next report, and units between two reports
	total          int
	started        bool
}

// unreported is a stage without a progress function.
var unreported = Stage{next: math.MaxInt}

// Start starts a stage with a known total of units. The stage reports about a hundred
// times, and at least minimum units lie between two reports. A stage with a smaller total
// than minimum reports nothing.
func Start(ctx context.Context, name string, total, minimum int) Stage {
	report, _ := ctx.Value(key{}).(Report)
	if report == nil || total < max(minimum, 1) {
		return unreported
	}
	interval := max(minimum, total/reports, 1)
	s := Stage{name: name, function: report, next: interval, interval: interval, total: total}
	s.begin()
	return s
}

// Count starts a stage whose total is not known. The stage reports when the number of
// units has grown by every, or by one percent if that is more. It reports nothing before
// every units are done.
func Count(ctx context.Context, name string, every int) Stage {
	report, _ := ctx.Value(key{}).(Report)
	if report == nil {
		return unreported
	}
	return Stage{name: name, function: report, next: every, interval: every}
}

func (s *Stage) begin() {
	s.started = true
	s.function(s.name, 0, s.total)
}

// At reports that done units are done, if a report is due. If none is due, it costs one
// comparison. A nil stage reports nothing.
func (s *Stage) At(done int) {
	if s != nil && done >= s.next {
		s.report(done)
	}
}

func (s *Stage) report(done int) {
	if s.function == nil || s.total > 0 && done >= s.total {
		return // no progress function, or End reports it
	}
	if !s.started {
		s.begin()
	}
	s.function(s.name, done, s.total)
	s.next = done + s.interval
	if s.total == 0 {
		s.next = max(s.next, done+done/reports)
	}
}

// End reports that all units are done. Work that ends early, with an error, does not call
// End.
func (s *Stage) End() {
	if s.total > 0 {
		s.function(s.name, s.total, s.total)
		*s = unreported
	}
}
