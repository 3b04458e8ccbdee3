package progress

import (
	"context"
	"fmt"
)

// Stopped returns nil until ctx ends, and then an error with the cause of the end. The
// prefix names the package whose work stops.
func Stopped(ctx context.Context, prefix string) error {
	if ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", prefix, context.Cause(ctx))
}
