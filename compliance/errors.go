package compliance

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
)

// withPrefix returns an error of this package or of one below it with the prefix of this
// package.
func withPrefix(err error) error { return told.By("compliance", err) }

// orBounds returns an error of a question with the prefix of this package. If the book has
// bands, the error says which function answers the question with bounds.
func orBounds(err error, use string) error {
	var e *crossholding.BandsError
	if errors.As(err, &e) {
		return withPrefix(&crossholding.BandsError{Stakes: e.Stakes, Use: use})
	}
	return withPrefix(err)
}

// given returns ctx and a. It returns [context.Background] for a nil context, and an
// empty alliance for a nil alliance.
func given(ctx context.Context, a *crossholding.Alliance) (context.Context, *crossholding.Alliance) {
	ctx = progress.OrBackground(ctx)
	if a == nil {
		a = new(crossholding.Alliance)
	}
	return ctx, a
}

// unknownOption returns the error of an option with an unknown value.
func unknownOption[T ~string](what string, option T, choices ...T) error {
	return fmt.Errorf("%s: %w", told.Choice(what, option, choices...), crossholding.ErrUnknown)
}
