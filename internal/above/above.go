// Package above finds, for every company of a network at once, the owners that have more than a
// limit of it, directly and through others.
//
// It reads a solver of package exact, keeps only what can still reach the limit, and asks the
// solver where its bounds cannot tell.
package above

import (
	"context"
	"math/big"
	"runtime"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/progress"
)

// Found is an outside owner or a float above a limit, or a company without an answer.
type Found struct {
	Owner     exact.Owner
	Company   int32
	Low, High uint64 // the share lies between these, in units of 2^-62
	None      bool   // Company or a company above it is in a closed ring; there is no owner
}

// Find calls yield with each outside owner and each float that has more than limit of a
// company, directly and through others, or with atLeast that much. The companies come in
// topological order, and the owners of one by number, floats last. It ends when yield
// returns false.
//
// It computes one row of owners for each company from the rows of its holders. Shares are
// lower bounds in units of 2^-62, and each has a bound on its error. Shares below a small
// one are dropped; each row has a bound on what any owner without an entry can have. If the
// limit lies within the bounds of a share, the share is computed by itself and compared
// exactly. A row is kept until the last company that needs it.
//
// It takes one level of companies after the other, see [Levels], and a level in windows.
// The companies of a window need only rows of earlier levels, or are in one part. So all
// processors take chunks of it. The owners of one window are reported while the next is done.
func Find(ctx context.Context, s *exact.Solver, limit *big.Rat, atLeast bool, yield func(Found) bool) error {
	w, err := newRun(ctx, s, newBar(limit, atLeast))
	if err != nil {
		return err
	}
	stage := progress.Start(ctx, "ultimate owners", len(w.order), reportEvery)
	var last *window
	for level := range len(w.levels.Alone) {
		for at := int(w.levels.Start[level]); at < int(w.levels.Start[level+1]); {
			stage.At(at)
			next := w.window(at, level)
			wait := next.start(ctx)
			more := last == nil || w.report(last, yield)
			err := wait(more)
			if !more {
				return nil
			}
			if err != nil {
				return err
			}
			w.settle()
			last, at = next, next.end
		}
	}
	if last != nil && !w.report(last, yield) {
		return nil
	}
	stage.End()
	return nil
}

// run is one run of [Find].
type run struct {
	s      *exact.Solver
	c      *exact.Condensation
	levels *Levels
	order  []int32 // the companies by level
	bar    bar
	drop   uint64 // shares below this are dropped
	nodes  uint32

	uses    []int32 // of each node: its stakes
	row     []int32 // of each node: its row in rows, or 0
	rows    rowStore
	lost    ownerSet // owners of whom a share was dropped; those of others have no error but that of rounding
	windows [2]window
	turn    int
	workers []*worker
	fine    fineRun
}

const (
	reportEvery = 1 << 12 // companies between two reports of progress
	smallPart   = 12      // the largest part with the finer tolerance
	maxWorkers  = 64
)

func stopped(ctx context.Context) error { return progress.Stopped(ctx, "stopped") }

// newRun counts the uses of each row.
func newRun(ctx context.Context, s *exact.Solver, bar bar) (*run, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	levels, err := LevelsOf(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := s.Index(ctx); err != nil {
		return nil, err
	}
	n := s.Matrix().Nodes()
	w := &run{s: s, c: c, levels: levels, order: levels.Order, bar: bar, nodes: uint32(n), uses: s.Uses(), row: memory.Make[int32](n), lost: newOwnerSet(2 * n)}
	w.drop = min(bar.from, unit62) >> 10
	for range max(1, min(runtime.GOMAXPROCS(0), len(w.order)/chunkSize, maxWorkers)) {
		w.workers = append(w.workers, &worker{run: w})
	}
	return w, nil
}

// report calls yield with the hits of a window, in the order of the companies.
func (w *run) report(x *window, yield func(Found) bool) bool {
	for i := range x.chunks {
		for _, h := range x.chunks[i].hits(w, x.turn) {
			a := Found{Company: h.company, Low: h.low, High: min(h.high, unit62)}
			if a.None = h.low == noAnswer; a.None {
				a.Low, a.High = 0, 0
			} else {
				a.Owner = w.owner(h.owner)
			}
			if !yield(a) {
				return false
			}
		}
	}
	return true
}

// owner returns an owner as the caller gets it.
func (w *run) owner(number uint32) exact.Owner {
	if number >= w.nodes {
		return exact.Owner{Node: int32(number - w.nodes), Float: true}
	}
	return exact.Owner{Node: int32(number)}
}

// settle lists the rows that were made in a window, and takes back the places of those that had
// their last use.
func (w *run) settle() {
	for _, x := range w.workers {
		w.rows.made(&x.place)
	}
	for _, x := range w.workers {
		w.rows.ended(&x.place)
	}
}
