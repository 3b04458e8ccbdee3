package crossholding

import (
	"context"

	"github.com/crossholding/crossholding/internal/await"
	"github.com/crossholding/crossholding/internal/progress"
)

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
