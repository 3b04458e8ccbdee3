package whatif

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/told"
)

// These are the kinds of errors that package crossholding does not have.
var (
	ErrNoSolution  = errors.New("no solution")
	ErrNotMonotone = errors.New("not monotone")
)

// NoSolutionError says that a condition is the same at both ends of a lever. It is plain
// data and unwraps to [ErrNoSolution].
type NoSolutionError struct {
	Goal     Goal
	Min, Max Point
	// Bound is the error of the next amount above Max. It is nil if the lever or the search
	// sets Max.
	Bound error
}

func (e *NoSolutionError) Error() string {
	least, most := e.Min.Amount.Grouped(), e.Max.Amount.Grouped()
	text := fmt.Sprintf("whatif: no amount from %s to %s makes %q %t: the figure is %s at %s and %s at %s", least, most, e.Goal, !e.Min.Holds,
		e.Goal.text(e.Min.Figure), least, e.Goal.text(e.Max.Figure), most)
	if e.Bound != nil {
		text += fmt.Sprintf(", and no more is possible: %s", told.Bare{Err: e.Bound})
	}
	return text + ": " + ErrNoSolution.Error()
}

// Unwrap returns [ErrNoSolution] and the bound.
func (e *NoSolutionError) Unwrap() []error {
	if e.Bound == nil {
		return []error{ErrNoSolution}
	}
	return []error{ErrNoSolution, e.Bound}
}

// NotMonotoneError shows amounts between which a condition changes more than once. It is
// plain data and unwraps to [ErrNotMonotone].
type NotMonotoneError struct {
	Goal   Goal
	Points []Point // three amounts, ascending: the condition differs in the middle
}

func (e *NotMonotoneError) Error() string {
	text := fmt.Sprintf("whatif: %q is", e.Goal)
	for i, p := range e.Points {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(" %t at %s", p.Holds, p.Amount.Grouped())
	}
	return text + ": " + ErrNotMonotone.Error()
}

// Unwrap returns [ErrNotMonotone].
func (e *NotMonotoneError) Unwrap() error { return ErrNotMonotone }

// withPrefix returns an error of this package or of one below it with the prefix of this
// package.
func withPrefix(err error) error { return told.By("whatif", err) }

// faults collects the faults of one question.
type faults struct{ input.Faults }

// wrap adds an error that is not nil as a fault, and an InputError as its faults.
func (f *faults) wrap(place string, err error) {
	var in *crossholding.InputError
	switch {
	case errors.As(err, &in):
		for _, x := range in.Faults {
			f.Put(input.Join(place, x.Place), x.Reason, x.Kind)
		}
		f.More += in.More
	case err != nil:
		f.Put(place, told.Bare{Err: err}.Error(), err)
	}
}

// err returns the faults as a [*crossholding.InputError], or nil if there are none.
func (f *faults) err() error {
	if f.Count() == 0 {
		return nil
	}
	e := &crossholding.InputError{More: f.More}
	for _, x := range f.List {
		e.Faults = append(e.Faults, crossholding.Fault(x))
	}
	return e
}

// given returns ctx and a. It returns [context.Background] for a nil context, and an empty
// alliance for a nil alliance.
func given(ctx context.Context, a *crossholding.Alliance) (context.Context, *crossholding.Alliance) {
	ctx = progress.OrBackground(ctx)
	if a == nil {
		a = new(crossholding.Alliance)
	}
	return ctx, a
}

// NoControlError says that no purchases were found that win control. It is plain data and
// unwraps to [ErrNoSolution].
type NoControlError struct {
	Acquisition Acquisition
	// Bound is the least that purchases which win control can cost, if there are any. It is nil if
	// it is proved that there are none: no shares on offer suffice.
	Bound   *crossholding.Money
	Stopped string // the cap that ended the search, or nothing: then the answer is proved
	Books   int
}

func (e *NoControlError) Error() string {
	q := &e.Acquisition
	text := fmt.Sprintf("whatif: %s does not come to control %s", q.controller(), strings.Join(q.Targets, " and "))
	switch {
	case e.Bound == nil:
		text += ", whatever it buys of the offers"
	case e.Stopped != "":
		text += fmt.Sprintf(" by purchases that were found: %s; none below %s exist", e.Stopped, grouped(*e.Bound))
	default:
		text += fmt.Sprintf(" within %s: if it can, it costs at least %s", q.Budget, grouped(*e.Bound))
	}
	return text + ": " + ErrNoSolution.Error()
}

// Unwrap returns [ErrNoSolution].
func (e *NoControlError) Unwrap() error { return ErrNoSolution }
