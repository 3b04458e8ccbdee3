package crossholding

import (
	"context"
	"fmt"
	"sync"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

// orBackground returns ctx; a nil context means [context.Background].
func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// shortWork is the size up to which work takes less than some milliseconds.
const shortWork = 1 << 10

// runUntil does work that cannot be interrupted. Its size is a number of companies, stakes
// and lots. Long work runs in another goroutine. If ctx is done first, runUntil returns
// ctx's error, and the work goes on in the background.
func runUntil(ctx context.Context, size int, work func()) error {
	if size < shortWork {
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		work()
		return nil
	}
	if err := await.Run(ctx, work); err != nil {
		return fmt.Errorf("crossholding: %w", err)
	}
	return nil
}

// stopped returns the error of work that stopped because ctx is done.
func stopped(ctx context.Context) error {
	return progress.Stopped(ctx, "crossholding")
}

// ctxMutex is a lock. Unlike the wait for a mutex, the wait for it can be cancelled.
// The zero value is unlocked.
type ctxMutex struct {
	made sync.Once
	in   chan struct{}
}

func (g *ctxMutex) enter(ctx context.Context) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	g.made.Do(func() { g.in = make(chan struct{}, 1) })
	select {
	case g.in <- struct{}{}:
		return nil
	case <-ctx.Done():
		return stopped(ctx)
	}
}

func (g *ctxMutex) leave() { <-g.in }
