package crossholding

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

// Progress is the progress of one stage of long work. It is a plain value.
//
// The stages, with their units in brackets, are:
//
//   - reading a register: "companies", "stakes" (rows), "index" (passes over the
//     stakes; bytes while a snapshot is written, and parts of it while it is read);
//   - ownership: "ownership components" (companies searched for strongly connected
//     components), "order" (companies), "holdings" (companies, for one owner), "owners"
//     (companies, for the owners of one), "loops" (owners whose self-ownership is
//     removed), "rounding" (figures), "holders" and "ultimate owners" (holders and
//     companies, one after another); for a large component also "factors" (its
//     companies), "sweeps", "digits" and "fractions" (steps of its solution);
//   - bounds: "bounds" (owners), "rounds" (of the search for the extreme completion),
//     "joining" (companies of a group);
//   - votes: "components" and "candidates" (companies searched for those that a statute
//     may apply to), "statutes" (pairs of companies to which statutes are applied),
//     "readings" (assignments of suspended votes tried), "meetings" (companies);
//   - control: "direct control", "chains", "joint control" and "control by fact" (companies, for all
//     controllers at once), "groups" (possible controllers, one after another);
//   - network control: "direct holdings" (companies), "ranking" (holders);
//   - close links: "links" (holders), "paths" (steps along them);
//   - other measures: "weakest links" (owners), "beneficial owners" (owners above the
//     company), "blocked groups" (of sanctions), "entities" (of a consolidation),
//     "thresholds" (companies), "owners of firms" and "profit weights" (firms of a market);
//   - power: "coalitions", "pivots" (meetings), "draws", "power" (parts of the count);
//   - scenarios: "steps", "crossings" (steps), "differences" (companies);
//   - package whatif: "amounts" (at which a condition is computed), "cells" (of a grid),
//     "random markets";
//   - package accounting: "events" (of a stake);
//   - [Alliance.Diagnose]: "companies", "cycles in components" (components).
//
// Later versions may add, rename or remove stages.
type Progress struct {
	Stage string
	Done  int
	Total int // 0 if not known
}

// String returns the stage and its progress, for example "holders 20 of 300".
func (p Progress) String() string {
	if p.Total == 0 {
		return fmt.Sprintf("%s %d", p.Stage, p.Done)
	}
	return fmt.Sprintf("%s %d of %d", p.Stage, p.Done, p.Total)
}

// WithProgress returns a context that reports the progress of long work to a function.
// Every function that takes a context can report:
//
//	ctx = crossholding.WithProgress(ctx, func(p crossholding.Progress) { ... })
//	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
//
// The function report is called on the goroutine that does the work. If several
// goroutines work with one context, it is called on each. It is called about a hundred
// times for each run of a stage. If Total is not known, it is called each time Done has
// grown by one percent. It is not called for short work.
//
// A run of a stage begins with Done at 0, and Done does not decrease within the run. If
// Total is known and the run is not cut short, it ends with Done at Total. One stage can
// run within another: for example, "holdings" runs for each of the "holders".
//
// The work waits until report returns. The function report must not call methods of the
// same Alliance, because such a call might wait for the work that called report.
//
// If WithProgress is called more than once, only the last function is called. A nil
// function turns progress off. A nil context means context.Background().
func WithProgress(ctx context.Context, report func(Progress)) context.Context {
	ctx = progress.OrBackground(ctx)
	if report == nil {
		return progress.With(ctx, nil)
	}
	return progress.With(ctx, func(stage string, done, total int) {
		report(Progress{stage, done, total})
	})
}

// runUntil does work that cannot be interrupted, see [await.Sized].
func runUntil(ctx context.Context, size int, work func()) error {
	if await.Sized(ctx, size, work) != nil {
		return stopped(ctx)
	}
	return nil
}

// stopped returns the error of work that stopped because ctx is done.
func stopped(ctx context.Context) error {
	return progress.Stopped(ctx, "crossholding")
}
