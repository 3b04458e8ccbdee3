package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/ledger"
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

// A CheckError holds the steps of a scenario that are not valid, whatever the book. It unwraps to
// its errors.
type CheckError struct {
	Breaches error        // what is wrong with [Scenario].Breaches, or nil
	Steps    []*StepError // in order; the reason of each is a [*crossholding.InputError] with places in the step
	More     int          // steps that are not valid beyond the first 1,000
}

func (e *CheckError) Error() string {
	text := errors.Join(e.Unwrap()...).Error()
	if e.More > 0 {
		text += fmt.Sprintf("\nand %d more steps", e.More)
	}
	return text
}

// Unwrap returns all errors.
func (e *CheckError) Unwrap() []error {
	var list []error
	if e.Breaches != nil {
		list = append(list, e.Breaches)
	}
	for _, s := range e.Steps {
		list = append(list, s)
	}
	return list
}

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

// unknownError says that the book does not have a name or a class that a step has.
type unknownError struct {
	stakeKey // without a class, the party is not known, or is none of the kind that is needed
	text     string
}

func (e *unknownError) Error() string { return e.text + ": " + crossholding.ErrUnknown.Error() }

// Unwrap returns [crossholding.ErrUnknown].
func (e *unknownError) Unwrap() error { return crossholding.ErrUnknown }

// noName returns the error for a party that is not known, or not as what is needed.
func noName(id, format string, args ...any) error {
	return &unknownError{stakeKey{party: id}, fmt.Sprintf(format, args...)}
}

// noClass returns the error for a class of shares that a company does not have.
func noClass(issuer, class string) error {
	return &unknownError{stakeKey{issuer, class}, fmt.Sprintf("%s has no class %s of shares", input.Abbreviate(issuer), quoted(class))}
}

// quoted returns a name as an error tells it.
func quoted(name string) string { return strconv.Quote(input.Abbreviate(name)) }

// withUnknown returns the error of a step, with all names and classes of the step that the book does
// not have. The step itself stops at the first of them.
func (r *executor) withUnknown(s *checkedStep, err error) error {
	names, classes := r.unknownNames(s), r.unknownClasses(s)
	if len(names)+len(classes) == 0 {
		return err
	}
	told := func(e error) bool { // whether e tells one of them
		var u *unknownError
		return errors.As(e, &u) && (u.class == "" && slices.Contains(names, u.party) || slices.Contains(classes, u.stakeKey))
	}
	parts := []error{err}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		parts = several.Unwrap()
	}
	if len(names)+len(classes) == 1 && slices.ContainsFunc(parts, told) {
		return err // which says as what the name is needed
	}
	var all []error
	switch len(names) {
	case 0:
	case 1:
		all = append(all, noName(names[0], "%s is neither a company nor a party of the book", quoted(names[0])))
	default:
		list := make([]string, len(names))
		for i, name := range names {
			list[i] = quoted(name)
		}
		all = append(all, fmt.Errorf("%s are neither companies nor parties of the book: %w", text.Some(list, maxNames), crossholding.ErrUnknown))
	}
	for _, c := range classes {
		all = append(all, noClass(c.party, c.class))
	}
	return errors.Join(append(all, slices.DeleteFunc(slices.Clone(parts), told)...)...)
}

// unknownNames lists the names of a step that the book does not have.
func (r *executor) unknownNames(s *checkedStep) []string {
	var missing []string
	for _, id := range s.names() {
		if _, gone := r.heirs[id]; gone || id == "" || id == Everyone || id == crossholding.Neutral || isFloat(id) || r.book.Has(id) {
			continue
		}
		if !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	return missing
}

// unknownClasses lists the classes of a step, with their issuers, that the book does not have.
func (r *executor) unknownClasses(s *checkedStep) []stakeKey {
	classes := []stakeKey{{s.Issuer, s.Class}, {s.Issuer, s.ToClass}}
	switch s.Step.Step {
	case StepMerge:
		classes = []stakeKey{{s.Into, s.Class}}
	case StepDistribute:
		classes[1].party = s.Asset
	case StepClass:
		classes = nil
	}
	if s.For != nil {
		classes = append(classes, stakeKey{s.For.Issuer, s.For.Class})
	}
	var unknown []stakeKey
	for _, k := range classes {
		if _, ok := r.book.Company(k.party); !ok || k.class == "" || slices.Contains(unknown, k) {
			continue
		}
		if !slices.ContainsFunc(r.open(k.party), func(c *ledger.Class) bool { return c.Name == k.class }) {
			unknown = append(unknown, k)
		}
	}
	return unknown
}

// stopped returns the error of work that stopped because ctx is done.
func stopped(ctx context.Context) error { return progress.Stopped(ctx, "scenario") }
