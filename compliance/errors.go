package compliance

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
)

// told returns an error of this package or of crossholding with the prefix of this
// package. It adds the prefix only once.
func told(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("compliance: %w", bare{err})
}

// bare is an error without the prefix of package crossholding.
type bare struct{ err error }

func (e bare) Error() string { return strings.TrimPrefix(e.err.Error(), "crossholding: ") }

func (e bare) Unwrap() error { return e.err }

// given returns ctx and a. It returns [context.Background] for a nil context, and an
// empty alliance for a nil alliance.
func given(ctx context.Context, a *crossholding.Alliance) (context.Context, *crossholding.Alliance) {
	ctx = progress.OrBackground(ctx)
	if a == nil {
		a = new(crossholding.Alliance)
	}
	return ctx, a
}

// unknownOption returns the error of an option with an unknown value. It names the
// possible values.
func unknownOption[T ~string](what string, option T, choices ...T) error {
	words := make([]string, len(choices))
	for i, c := range choices {
		words[i] = string(c)
	}
	return fmt.Errorf("%s %q, which can be %s or nothing: %w", what, option, strings.Join(words, ", "), crossholding.ErrUnknown)
}
