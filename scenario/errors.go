package scenario

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/internal/told"
)

// ErrStep is the kind of a [StepError]. Other errors of this package unwrap to the kinds of
// package crossholding, or to the error of a context that is done.
var ErrStep = errors.New("step failed")

// A StepError says that a step of a scenario failed. The alliance is not changed by this
// step or by steps before it. It unwraps to [ErrStep] and to the reason.
type StepError struct {
	Index  int   // of the step, from 0
	Step   Step  // as it was given
	Reason error // what is wrong, with the companies and figures
}

func (e *StepError) Error() string {
	return fmt.Sprintf("scenario: steps[%d] (%s): %s", e.Index, e.Step.Step, told.Bare{Err: e.Reason})
}

// Unwrap returns [ErrStep] and the reason.
func (e *StepError) Unwrap() []error { return []error{ErrStep, e.Reason} }

// faults collects the faults of a scenario.
type faults struct{ input.Faults }

// err returns the faults as a [*crossholding.InputError], or nil if there are none.
func (f *faults) err() error {
	if f.Count() == 0 {
		return nil
	}
	list := make([]crossholding.Fault, len(f.List))
	for i, x := range f.List {
		list[i] = crossholding.Fault(x)
	}
	return &crossholding.InputError{Faults: list, More: f.More}
}

// withUnknownNames returns the error of a step, which names the first name that the book does not
// have. If it does not have several of the step's names, the error has all of them, and the other
// faults of the step.
func (r *executor) withUnknownNames(s *checkedStep, err error) error {
	if !errors.Is(err, crossholding.ErrUnknown) {
		return err
	}
	names := []string{s.From, s.To, s.Issuer, s.Beneficiary, s.Voter, s.Holder, s.Asset, s.Into}
	if s.For != nil {
		names = append(names, s.For.Issuer)
	}
	if s.Step.Step == StepRestate {
		names = append(names, string(s.Of))
	}
	names = slices.Concat(names, slices.Sorted(maps.Keys(s.Takes)), slices.Sorted(maps.Keys(s.Tendered)), slices.Sorted(maps.Keys(s.PassOn)))
	for i := range s.Founders {
		names = append(names, s.Founders[i].Holder)
	}
	var unknown []string
	for _, id := range names {
		if id == "" || id == Everyone || id == crossholding.Neutral || isFloat(id) || r.book.Has(id) {
			continue
		}
		if id = strconv.Quote(input.Abbreviate(id)); !slices.Contains(unknown, id) {
			unknown = append(unknown, id)
		}
	}
	if len(unknown) < 2 {
		return err
	}
	all := []error{fmt.Errorf("%s are neither companies nor parties of the book: %w", text.Some(unknown, maxNames), crossholding.ErrUnknown)}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range several.Unwrap() {
			if !errors.Is(e, crossholding.ErrUnknown) {
				all = append(all, e)
			}
		}
	}
	return errors.Join(all...)
}

// stopped returns the error of work that stopped because ctx is done.
func stopped(ctx context.Context) error { return progress.Stopped(ctx, "scenario") }
