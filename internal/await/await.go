// Package await runs work that cannot be interrupted, and waits for it no longer
// than a context lasts.
package await

import "context"

// Run does the work and returns nil. If ctx ends first, Run returns the cause of
// that at once, and the work goes on in the background: what it changes must not
// be used any more. If ctx has ended before, Run does nothing of the work.
func Run(ctx context.Context, work func()) error {
	if ctx.Done() == nil {
		work()
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
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
		return context.Cause(ctx)
	}
}
