package crossholding

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/internal/progress"
)

// Progress is how far a stage of long work has come. Plain data.
//
// The stages, with their units, are
//
//   - of reading a register: "companies", "stakes" (rows) and "index" (passes
//     over them);
//   - of ownership: "parts" (companies searched for those that own one another
//     in a circle), "order" (companies), "holdings" and "owners" (companies gone
//     through for what one owner has, or for who has something of one), "loops"
//     (owners whose loops are taken out), "rounding" (figures), "holders" and
//     "ultimate owners" (holders, and companies, asked one after the other) and
//     of a large part "factors" (its companies), "sweeps", "digits" and
//     "fractions" (steps of solving it);
//   - of bounds: "bounds" (owners), "rounds" (of the search for the extreme
//     completion) and "joining" (companies of a group);
//   - of votes: "circles" and "cases" (companies searched for those that the
//     law may reach), "statutes" (cases judged), "readings" (states of the law
//     tried) and "meetings" (companies);
//   - of control: "direct control", "chains" and "joint control" (companies, for
//     everyone at once) and "groups" (possible controllers, one after the other);
//   - of measures that rest on these: "direct holdings" (companies) and
//     "ranking" (holders) of network control, "links" (holders) and "paths"
//     (steps along them) of close links, "weakest links" (owners), "beneficial
//     owners" (those above the company), "blocked groups" of sanctions, "entities" of
//     a consolidation and "thresholds" (companies);
//   - of power: "coalitions", "pivots" (meetings), "draws" and "power" (parts of
//     the count);
//   - of scenarios: "steps", "crossings" (steps) and "differences"
//     (companies);
//   - of [Alliance.Diagnose]: "companies" and "circles in parts" (parts).
type Progress struct {
	Stage string
	Done  int
	Total int // 0 if it is not known
}

// String returns the stage and how far it is, as in "holders 20 of 300".
func (p Progress) String() string {
	if p.Total == 0 {
		return fmt.Sprintf("%s %d", p.Stage, p.Done)
	}
	return fmt.Sprintf("%s %d of %d", p.Stage, p.Done, p.Total)
}

// WithProgress returns a context whose work tells report how far it has come.
// It serves everything that takes a context, as an argument or in its options:
//
//	ctx = crossholding.WithProgress(ctx, func(p crossholding.Progress) { ... })
//	o, err := a.Ownership(crossholding.OwnershipOptions{})
//
// Report is called on the goroutine that asked (on each, if several ask with
// one context), and seldom: for each run of a stage about a hundred times,
// without a known Total at each hundredth more, and not at all for what is soon
// done. A run begins with Done at 0; Done never falls until the next run of the
// stage begins; and where Total is known, a run that is not cut short ends with
// Done at Total. One stage can run within another, as the holdings of each
// holder do. The reports are for showing: stages may come and go between
// versions.
//
// Work waits for report, which must not ask anything of the alliance at work:
// the answer might wait for that work. Of several reports given to one context
// after another the last is told, and nobody if it is nil.
func WithProgress(ctx context.Context, report func(Progress)) context.Context {
	ctx = orBackground(ctx)
	if report == nil {
		return progress.With(orBackground(ctx), nil)
	}
	return progress.With(orBackground(ctx), func(stage string, done, total int) {
		report(Progress{stage, done, total})
	})
}
