package clearing

import (
	"errors"
	"fmt"
	"strings"
)

// These are the kinds of errors. Every error of this package unwraps to one of them, or to the
// cause of a cancelled context.
var (
	// ErrName reports a firm without a name, a name that occurs twice, or an unknown name.
	ErrName = errors.New("clearing: bad name")
	// ErrAmount reports an amount that is negative or out of range.
	ErrAmount = errors.New("clearing: bad amount")
	// ErrHolding reports a holding below 0, or holdings of a firm that add up to more than 1.
	ErrHolding = errors.New("clearing: bad holding")
	// ErrRing reports firms whose shares are all held by one another. Their value has no
	// owner outside, so it is not determined.
	ErrRing = errors.New("clearing: closed ring that nobody outside owns")
	// ErrTable reports a table whose length does not fit the number of firms.
	ErrTable = errors.New("clearing: table of the wrong length")
	// ErrOptions reports options that the call cannot follow.
	ErrOptions = errors.New("clearing: bad options")
	// ErrTooHard reports an exact answer whose fractions are longer than allowed.
	ErrTooHard = errors.New("clearing: fractions too long")
)

// Fault is one thing that is wrong with an input. It unwraps to its kind.
type Fault struct {
	Kind  error  // ErrName, ErrAmount, ErrHolding, ErrRing or ErrTable
	Where string // such as `debt 3, "a" to "b"`
	Why   string
}

func (f *Fault) Error() string { return fmt.Sprintf("%v: %s: %s", f.Kind, f.Where, f.Why) }

// Unwrap returns the kind of the fault.
func (f *Fault) Unwrap() error { return f.Kind }

// InputError lists all faults of an input. It unwraps to them, so that [errors.Is] finds their
// kinds. Its text shows the first 20.
type InputError struct{ Faults []*Fault }

func (e *InputError) Error() string {
	const most = 20
	var b strings.Builder
	for i, f := range e.Faults {
		if i == most {
			fmt.Fprintf(&b, "\nand %d more faults", len(e.Faults)-most)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Error())
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

// faults gathers what is wrong with an input.
type faults []*Fault

func (fs *faults) add(kind error, where fmt.Stringer, why string, args ...any) {
	*fs = append(*fs, &Fault{Kind: kind, Where: where.String(), Why: fmt.Sprintf(why, args...)})
}

func (fs faults) err() error {
	if len(fs) == 0 {
		return nil
	}
	return &InputError{Faults: fs}
}
