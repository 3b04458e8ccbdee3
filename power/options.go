package power

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
)

// Algorithm is a way to count coalitions. Results do not depend on it; time
// and memory do.
type Algorithm uint8

const (
	// Auto lets the data choose. The result says what was chosen.
	Auto Algorithm = iota
	// Weights is dynamic programming over the weight of coalitions, a player
	// taken out of the finished table instead of computing it anew: time and
	// memory grow with the quota in units of the common divisor.
	Weights
	// Halves meets in the middle: the coalitions of either half of the
	// players are listed by weight. Time and memory grow with 2^(players/2),
	// whatever the weights.
	Halves
	// Diagram walks the players once, merging coalitions that have the same
	// weights under every rule. It is the general way for joined rules.
	Diagram
	// Enumeration lists all coalitions: at most 24 players. It is chosen for
	// lists, and for few players where tables by weight would be larger.
	Enumeration
	// Formula is a closed formula for large holders beside an ocean, with
	// Weights for the coalitions that it does not hold for.
	Formula
)

var algorithmNames = [...]string{"auto", "weights", "halves", "diagram", "enumeration", "formula"}

// String returns the lower case name.
func (a Algorithm) String() string {
	if int(a) < len(algorithmNames) {
		return algorithmNames[a]
	}
	return fmt.Sprintf("algorithm %d", uint8(a))
}

// Options is how to calculate, never what. The zero value is the default of
// every method; a method takes one Options or none.
type Options struct {
	// Algorithm overrides the choice by the data. A method that cannot use
	// it returns ErrOptions.
	Algorithm Algorithm
	// Workers is how many goroutines count; 0 means as many as GOMAXPROCS.
	// The result is the same for any number.
	Workers int
	// MaxMemory bounds the tables, in bytes; 0 means 1 GiB. What does not
	// fit is an ErrMemory before anything is allocated.
	MaxMemory int64
	// Progress, if set, is called on the caller's goroutine with the parts
	// done and the parts there are.
	Progress func(done, total int)
}

const defaultMemory = 1 << 30

func options(opts []Options) (Options, error) {
	var o Options
	switch len(opts) {
	case 0:
	case 1:
		o = opts[0]
	default:
		return o, fmt.Errorf("%w: %d Options given, at most one is allowed", ErrOptions, len(opts))
	}
	if int(o.Algorithm) >= len(algorithmNames) || o.Workers < 0 || o.MaxMemory < 0 {
		return o, fmt.Errorf("%w: %v, %d workers, %d bytes", ErrOptions, o.Algorithm, o.Workers, o.MaxMemory)
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Workers = min(o.Workers, 256)
	if o.MaxMemory == 0 {
		o.MaxMemory = defaultMemory
	}
	return o, nil
}

// unable refuses an algorithm that the calculation has no use for.
func (o Options) unable(what string) error {
	return fmt.Errorf("%w: algorithm %v cannot calculate %s", ErrOptions, o.Algorithm, what)
}

// fits checks a need in bytes, given as a float so that it cannot overflow.
func (o Options) fits(need float64, a Algorithm) error {
	limit := min(o.MaxMemory, math.MaxInt) // what a machine of 32 bits can address
	if need <= float64(limit) {
		return nil
	}
	return &MemoryError{Need: int64(min(need, 1<<62)), Limit: limit, Algorithm: a}
}

// tableNeed is the memory of tables of size entries on each worker, of count
// residues a prime on each and together, and of the weights of the marks.
func tableNeed(size int64, workers, ps, marks, count int) float64 {
	residues := float64(ps) * (float64(count)*float64(workers+2) + 3*float64(marks))
	return 8 * (float64(size)*float64(workers) + residues)
}

// cancelled wraps the cause of a cancelled context. A nil one never is.
func cancelled(ctx context.Context) error {
	if ctx == nil || ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("power: stopped: %w", context.Cause(ctx))
}

// run does tasks 0..n-1 on the workers. Each task gets the number of the
// worker that runs it, so that a worker can keep its own table. Progress is
// told on the calling goroutine. The first error in order of tasks is
// returned, and no task starts after one.
func (o Options) run(ctx context.Context, n int, task func(worker, task int) error) error {
	workers := min(o.Workers, n)
	if workers <= 1 {
		for i := range n {
			if err := cancelled(ctx); err != nil {
				return err
			}
			if err := task(0, i); err != nil {
				return err
			}
			if o.Progress != nil {
				o.Progress(i+1, n)
			}
		}
		return nil
	}
	var mu sync.Mutex
	next, failed := 0, n
	var failure error
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next >= n || failure != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	done := make(chan struct{}, n)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for {
				i, ok := take()
				if !ok {
					return
				}
				err := cancelled(ctx)
				if err == nil {
					err = task(w, i)
				}
				if err != nil {
					mu.Lock()
					if i < failed {
						failed, failure = i, err
					}
					mu.Unlock()
				}
				done <- struct{}{}
			}
		})
	}
	go func() { wg.Wait(); close(done) }()
	count := 0
	for range done {
		if count++; o.Progress != nil {
			o.Progress(count, n)
		}
	}
	return failure
}
