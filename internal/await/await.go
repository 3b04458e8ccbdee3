// Package await runs work that cannot be interrupted, and stops waiting for it
// when a context is done.
package await

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
)

// Run calls work and returns nil. If ctx is done first, Run returns ctx's cause at
// once and work goes on in the background. The caller must then not use what work
// changes. If ctx is done before, Run does not call work.
func Run(ctx context.Context, work func()) error {
	if ctx.Done() == nil {
		work()
		return nil
	}
	if ctx.Err() != nil {
		return progress.Cause(ctx)
	}
	done := make(chan struct{})
	go func() {
		work()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return progress.Cause(ctx)
	}
}

// shortWork is the size up to which work takes less than some milliseconds.
const shortWork = 1 << 10

// Sized does work of a size, which is a number of companies, stakes and lots. Short work is
// done at once, unless ctx is done before. Long work is done as by [Run].
func Sized(ctx context.Context, size int, work func()) error {
	if size >= shortWork {
		return Run(ctx, work)
	}
	if ctx.Err() != nil {
		return progress.Cause(ctx)
	}
	work()
	return nil
}
