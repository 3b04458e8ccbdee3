package power

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/crossholding/crossholding/internal/progress"
)

// Algorithm is a way to count coalitions. The results do not depend on it, but
// time and memory do.
type Algorithm uint8

const (
	// Auto chooses the algorithm by the game. The result says which one was
	// used.
	Auto Algorithm = iota
	// Weights is dynamic programming over the weight of coalitions. It makes
	// one table for all players and then takes each player out of it. Time
	// and memory grow with the quota in units of the common divisor.
	Weights
	// Halves divides the players into two halves and lists the coalitions of
	// each half by weight. Time and memory grow with 2^(players/2) and do not
	// depend on the weights.
	Halves
	// Diagram goes through the players once and merges coalitions that have
	// the same weights under every rule. It is the general algorithm for
	// joined rules.
	Diagram
	// Enumeration lists all coalitions of at most 24 players. Auto chooses it
	// for listed games, and for few players if tables by weight would be
	// larger.
	Enumeration
	// Formula is a closed formula for large holders with an ocean. Weights is
	// used for the coalitions that the formula does not cover.
	Formula
)

var algorithmNames = [...]string{"auto", "weights", "halves", "diagram", "enumeration", "formula"}

// String returns the name in lower case.
func (a Algorithm) String() string {
	if int(a) < len(algorithmNames) {
		return algorithmNames[a]
	}
	return fmt.Sprintf("algorithm %d", uint8(a))
}

// Options says how to calculate. It does not change the result. The zero value
// is the default of every method. A method takes at most one Options.
type Options struct {
	// Algorithm is the algorithm to use. A method that cannot use it fails
	// with ErrOptions.
	Algorithm Algorithm
	// Workers is the number of goroutines; 0 means GOMAXPROCS. The result is
	// the same for any number.
	Workers int
	// MaxMemory is the largest size of the tables in bytes; 0 means 1 GiB. A
	// calculation that needs more fails with ErrMemory before it allocates
	// anything.
	MaxMemory int64
	// Progress, if set, is called on the goroutine of the caller with the
	// number of parts that are done and the number of all parts.
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

// unable returns the error of an algorithm that cannot calculate a figure.
func (o Options) unable(what string) error {
	return fmt.Errorf("%w: algorithm %v cannot calculate %s", ErrOptions, o.Algorithm, what)
}

// fits fails with a MemoryError if a calculation needs more bytes than allowed.
// The need is a float, so that it cannot overflow.
func (o Options) fits(need float64, a Algorithm) error {
	limit := min(o.MaxMemory, math.MaxInt) // a machine of 32 bits cannot address more
	if need <= float64(limit) {
		return nil
	}
	return &MemoryError{Need: int64(min(need, 1<<62)), Limit: limit, Algorithm: a}
}

// tableNeed returns the bytes of one table of size entries on each worker, of
// count residues for each prime on each worker and in total, and of the weights
// of the marks.
func tableNeed(size int64, workers, ps, marks, count int) float64 {
	residues := float64(ps) * (float64(count)*float64(workers+2) + 3*float64(marks))
	return 8 * (float64(size)*float64(workers) + residues)
}

// cancelled returns an error with the cause if the context is cancelled. A nil
// context is never cancelled.
func cancelled(ctx context.Context) error {
	if ctx == nil {
		return nil
	}
	return progress.Stopped(ctx, "stopped")
}

// run does the tasks 0 to n-1 on the workers. Each task gets the number of its
// worker, so that a worker can keep its own table. Progress is called on the
// goroutine of the caller. run returns the error of the first task, in order,
// that fails. No task starts after an error.
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
