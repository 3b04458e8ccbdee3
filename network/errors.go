package network

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// ctxError returns the error of work that stopped because ctx is done.
func ctxError(ctx context.Context) error {
	return progress.Stopped(ctx, "network")
}

// unknownOption returns the error of an option with an unknown value.
func unknownOption[T ~string](what string, given T, choices ...T) error {
	return fmt.Errorf("network: %s: %w", told.Choice(what, given, choices...), crossholding.ErrUnknown)
}

// fraction checks an option that must lie within 0 and 1. It returns def for 0.
func fraction(name string, r, def ratio.Ratio) (ratio.Ratio, error) {
	if _, _, small := r.Small(); r.Sign() < 0 || ratio.Int(1).Less(r) || !small {
		return r, fmt.Errorf("network: %s %s is not within 0 and 1: %w", name, r, crossholding.ErrRange)
	}
	if r.IsZero() {
		return def, nil
	}
	return r, nil
}

// negative returns the error of a bound below 0.
func negative(name string, n int) error {
	return fmt.Errorf("network: %s %d is below 0: %w", name, n, crossholding.ErrRange)
}
