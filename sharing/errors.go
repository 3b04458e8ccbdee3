package sharing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/text"
)

// These are the kinds of error. Every error of this package unwraps to one of them, or to
// the cause of a context that ended.
var (
	ErrSyntax       = errors.New("bad file")
	ErrMembers      = errors.New("bad members")
	ErrAmount       = errors.New("bad amount")
	ErrTable        = errors.New("bad table of values")
	ErrNobody       = errors.New("value of nobody is not 0")
	ErrRules        = errors.New("bad rules")
	ErrTooLarge     = errors.New("too large")
	ErrKind         = errors.New("wrong kind of game")
	ErrBlocks       = errors.New("bad blocks")
	ErrDivision     = errors.New("bad division")
	ErrNoImputation = errors.New("no division leaves each member as well off as alone")
	ErrUndefined    = errors.New("division is not defined")
)

// A Fault is one error in an input, with its place. It is an immutable value. The zero value
// is not a fault.
type Fault struct {
	Place  string `json:"place"`  // where in the input, as in "ventures[3].fixed"; may be empty
	Reason string `json:"reason"` // what is wrong, naming the members and figures
	Kind   error  `json:"-"`      // one of the errors of this package
}

// Error returns the place and the reason.
func (f Fault) Error() string {
	if f.Place == "" {
		return f.Reason
	}
	return f.Place + ": " + f.Reason
}

// Unwrap returns the kind.
func (f Fault) Unwrap() error { return f.Kind }

// An InputError holds all faults of one input, in the order of the input. It is not changed
// after it is returned. The zero value holds no faults.
type InputError struct {
	Faults []Fault
	More   int // faults beyond the first 1,000
}

// Error returns the faults, each on its own line.
func (e *InputError) Error() string {
	var b strings.Builder
	b.WriteString("sharing: ")
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Error())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\nand %d more", e.More)
	}
	return b.String()
}

// Unwrap returns the faults.
func (e *InputError) Unwrap() []error {
	out := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		out[i] = f
	}
	return out
}

const (
	maxFaults = 1000
	maxShown  = 60 // bytes of a name or a number in a message
)

// faults gathers what is wrong with an input.
type faults struct {
	list []Fault
	more int
}

func (f *faults) add(place string, kind error, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, Fault{place, fmt.Sprintf(format, args...), kind})
}

func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &InputError{Faults: f.list, More: f.more}
}

// failure returns an error of one fault without a place.
func failure(kind error, format string, args ...any) error {
	var f faults
	f.add("", kind, format, args...)
	return f.err()
}

// show quotes a name or a number, and shortens a long one.
func show(s string) string { return fmt.Sprintf("%q", text.Truncate(s, maxShown)) }

// placed names an element of a list.
func placed(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }

// brief shortens a long number.
func brief(s fmt.Stringer) string { return text.Truncate(s.String(), maxShown) }

// stopped returns an error if the context has ended. A nil context has no end.
func stopped(ctx context.Context) error {
	if ctx == nil {
		return nil
	}
	return progress.Stopped(ctx, "sharing")
}
