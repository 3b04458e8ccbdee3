package whatif

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// runner makes the steps of a scenario again and again with other numbers. It makes the
// steps before the first open one only once.
type runner struct {
	first *crossholding.Alliance // before all steps
	start *crossholding.Alliance // after the steps that never change
	done  int                    // how many these are
}

func newRunner(ctx context.Context, a *crossholding.Alliance, steps []scenario.Step, opens ...Open) (*runner, error) {
	done := len(steps)
	for _, o := range opens {
		done = min(done, o.Step)
	}
	for done > 0 && done < len(steps) && steps[done].Group != "" && steps[done].Group == steps[done-1].Group {
		done-- // steps of one moment are made together
	}
	if done == 0 {
		return &runner{first: a, start: a}, nil
	}
	out, err := scenario.Run(ctx, a, scenario.Scenario{Steps: steps[:done]})
	if err != nil {
		return nil, err
	}
	return &runner{first: a, start: out.After, done: done}, nil
}

// run returns the alliance after all steps.
func (r *runner) run(ctx context.Context, steps []scenario.Step) (*crossholding.Alliance, error) {
	out, err := scenario.Run(ctx, r.start, scenario.Scenario{Steps: steps[r.done:]})
	var step *scenario.StepError
	if r.done > 0 && errors.Is(err, crossholding.ErrUnknown) {
		out, err = scenario.Run(ctx, r.first, scenario.Scenario{Steps: steps}) // it knows what earlier steps ended
	} else if errors.As(err, &step) && r.done > 0 {
		return nil, &scenario.StepError{Index: step.Index + r.done, Step: step.Step, Reason: step.Reason}
	}
	if err != nil {
		return nil, err
	}
	return out.After, nil
}

// workers is the number of goroutines for a number of pieces of work.
func (o Options) workers(pieces int) int {
	n := o.Workers
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return max(1, min(n, pieces))
}

// inOrder yields do(from), do(from+1), up to do(to-1) in this order. Several goroutines
// work at once, and a bounded number of results waits.
func inOrder[T any](from, to, workers int, do func(i int) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		results, errs := make([]T, workers*4), make([]error, workers*4)
		for first := from; first < to; first += len(results) {
			n := min(len(results), to-first)
			share(n, workers, func(i int) { results[i], errs[i] = do(first + i) })
			for i := range n {
				if !yield(results[i], errs[i]) {
					return
				}
			}
		}
	}
}

// share calls do(0) to do(n-1) on several goroutines, and returns when all have returned.
func share(n, workers int, do func(i int)) {
	if workers <= 1 {
		for i := range n {
			do(i)
		}
		return
	}
	next := make(chan int)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	group.Wait()
}
