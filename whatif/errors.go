package whatif

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
)

// These are the kinds of errors that package crossholding does not have.
var (
	ErrNoSolution  = errors.New("no solution")
	ErrNotMonotone = errors.New("not monotone")
)

// told returns an error of this package or of one below it with the prefix of this package.
// It adds the prefix only once.
func told(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("whatif: %w", bare{err})
}

// bare is an error without the prefix of its package.
type bare struct{ err error }

func (e bare) Error() string {
	text := e.err.Error()
	for _, prefix := range []string{"crossholding: ", "compliance: ", "whatif: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}

func (e bare) Unwrap() error { return e.err }

// given returns ctx and a. It returns [context.Background] for a nil context, and an empty
// alliance for a nil alliance.
func given(ctx context.Context, a *crossholding.Alliance) (context.Context, *crossholding.Alliance) {
	if ctx == nil {
		ctx = context.Background()
	}
	if a == nil {
		a = new(crossholding.Alliance)
	}
	return ctx, a
}
