package progress

import (
	"context"
	"fmt"
)

// OrBackground returns ctx. A nil context means [context.Background].
func OrBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}

// Stopped returns nil until ctx ends, and then an error with the cause of the end. The
// prefix names the package whose work stops.
func Stopped(ctx context.Context, prefix string) error {
	if ctx.Err() == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", prefix, Cause(ctx))
}

// Cause returns the cause of the end of ctx. If the caller gave one of its own, the error
// unwraps to it and to ctx's error, so that a caller can test for either.
func Cause(ctx context.Context) error {
	err, cause := ctx.Err(), context.Cause(ctx)
	if err == nil || cause == err {
		return cause
	}
	return &endError{err, cause}
}

// endError reads as its cause.
type endError struct{ err, cause error }

func (e *endError) Error() string   { return e.cause.Error() }
func (e *endError) Unwrap() []error { return []error{e.cause, e.err} }
