// Package above finds, for every company of a network at once, the owners that have more than a
// limit of it, directly and through others.
//
// It reads a solver of package exact, keeps only what can still reach the limit, and asks the
// solver where its bounds cannot tell.
package above

import (
	"context"
	"errors"
	"math/big"
	"runtime"
	"sync"

	"github.com/crossholding/crossholding/internal/exact"
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
// It takes one window of companies after the other. Those of a window that hold one another
// are a group. The groups of a window are divided among the processors.
func Find(ctx context.Context, s *exact.Solver, limit *big.Rat, atLeast bool, yield func(Found) bool) error {
	c, err := s.Condensed(ctx)
	if err != nil {
		return err
	}
	w, err := newRun(ctx, s, c, newBar(limit, atLeast))
	if err != nil {
		return err
	}
	stage := progress.Start(ctx, "ultimate owners", len(c.Order), reportEvery)
	for at := 0; at < len(c.Order); {
		stage.At(at)
		w.window.read(w, at)
		if err := w.solve(ctx); err != nil {
			return err
		}
		if !w.report(yield) {
			return nil
		}
		w.settle()
		at = w.window.end
	}
	stage.End()
	return nil
}

// run is one run of [Find].
type run struct {
	s     *exact.Solver
	c     *exact.Condensation
	bar   bar
	drop  uint64 // shares below this are dropped
	nodes uint32

	uses    []int32 // of each node without a row: its stakes that are still to be read
	row     []int32 // of each node: its row in rowStore, or in this window -1 - its row of a worker, or 0
	rows    rowStore
	lost    ownerSet // owners of whom a share was dropped; those of others have no error but that of rounding
	window  window
	workers []*worker
	fine    fineRun
}

const (
	reportEvery = 1 << 12 // companies between two reports of progress
	smallPart   = 12      // the largest part with the finer tolerance
)

func stopped(ctx context.Context) error { return progress.Stopped(ctx, "above: stopped") }

// windowSize is the number of companies of a window, but for the last part of it.
const windowSize = 1024

// newRun counts the uses of each row.
func newRun(ctx context.Context, s *exact.Solver, c *exact.Condensation, bar bar) (*run, error) {
	if err := s.Index(ctx); err != nil {
		return nil, err
	}
	n := s.Matrix().Nodes()
	w := &run{s: s, c: c, bar: bar, nodes: uint32(n), uses: s.Uses(), row: make([]int32, n), lost: newOwnerSet(2 * n)}
	w.drop = min(bar.from, unit62) >> 10
	for range max(1, min(runtime.GOMAXPROCS(0), len(c.Order)/windowSize, maxWorkers)) {
		w.workers = append(w.workers, &worker{run: w})
	}
	return w, nil
}

// solve finds the owners of the companies of the window.
func (w *run) solve(ctx context.Context) error {
	var wait sync.WaitGroup
	for i, x := range w.workers[1:] {
		wait.Go(func() { x.find(ctx, uint8(i+1)) })
	}
	w.workers[0].find(ctx, 0)
	wait.Wait()
	var all []error
	for _, x := range w.workers {
		all = append(all, x.err)
	}
	return errors.Join(all...)
}

// report calls yield with the hits of the window, in the order of the companies.
func (w *run) report(yield func(Found) bool) bool {
	next := make([]int, len(w.workers))
	for {
		var first *hit
		from := 0
		for i, x := range w.workers {
			if next[i] < len(x.hits) && (first == nil || x.hits[next[i]].company < first.company) {
				first, from = &x.hits[next[i]], i
			}
		}
		if first == nil {
			return true
		}
		next[from]++
		a := Found{Company: w.c.Order[w.window.at+int(first.company)], Low: first.low, High: min(first.high, unit62), None: first.none}
		if !first.none {
			a.Owner = w.owner(first.owner)
		}
		if !yield(a) {
			return false
		}
	}
}

// owner returns an owner as the caller gets it.
func (w *run) owner(number uint32) exact.Owner {
	if number >= w.nodes {
		return exact.Owner{Node: int32(number - w.nodes), Float: true}
	}
	return exact.Owner{Node: int32(number)}
}

// settle frees the rows that had their last use in the window, and keeps the new ones that
// later windows need.
func (w *run) settle() {
	for _, x := range w.workers {
		for _, u := range x.unused {
			if u.row > 0 {
				w.rows.free(u)
			}
		}
		for _, k := range x.made {
			if row := x.own(w.row[k]); row[0].off > 0 {
				w.row[k] = w.rows.keep(row)
			}
		}
	}
}
