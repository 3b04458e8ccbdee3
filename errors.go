package crossholding

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/input"
	shareledger "github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/law"
)

// These are the kinds of errors. Every error of this package unwraps to one of them, or
// to the error of a context that is done.
var (
	ErrSyntax         = input.ErrSyntax
	ErrTooLarge       = input.ErrTooLarge
	ErrUnknown        = input.ErrUnknown
	ErrDuplicate      = input.ErrDuplicate
	ErrMissing        = input.ErrMissing
	ErrSelfStake      = errors.New("stake in oneself")
	ErrOverAllocated  = errors.New("more shares held than outstanding")
	ErrRange          = input.ErrRange
	ErrDate           = input.ErrDate
	ErrCurrency       = input.ErrCurrency
	ErrAgreement      = errors.New("bad agreement")
	ErrNoOutsideOwner = shareledger.ErrNoOutsideOwner
	ErrReadings       = errors.New("more than one consistent reading")
	ErrNotEnough      = shareledger.ErrNotEnough
	ErrBalance        = shareledger.ErrBalance
	ErrNoPrice        = errors.New("no price")
	ErrNoCost         = shareledger.ErrNoCost
	ErrBands          = errors.New("stakes known only within bounds")
	ErrSearchLimit    = errors.New("search cap reached")
)

// A Fault is one error in an input, with its place. It is an immutable value. The zero
// value is not a fault.
type Fault struct {
	Place  string `json:"place"`  // where in the input, as in "stakes[3].shares"; may be empty
	Reason string `json:"reason"` // what is wrong, naming the companies and figures
	Kind   error  `json:"-"`      // one of the package's sentinel errors
}

func (f Fault) Error() string {
	if f.Place == "" {
		return f.Reason
	}
	return f.Place + ": " + f.Reason
}

// Unwrap returns the kind.
func (f Fault) Unwrap() error { return f.Kind }

// An InputError holds all faults of one input, in the order of the input. Faults in the
// form of a file come before faults in its content. It is not changed after it is
// returned. The zero value holds no faults.
type InputError struct {
	Faults []Fault
	More   int // faults beyond the first 1,000
}

func (e *InputError) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		} else {
			b.WriteString("crossholding: ")
		}
		b.WriteString(f.Error())
	}
	if e.More > 0 {
		fmt.Fprintf(&b, "\nand %d more", e.More)
	}
	return b.String()
}

// with adds the faults of other. It leaves out those whose place lies inside or around the
// place of a fault of e, because they only follow from it.
func (e *InputError) with(other *InputError) *InputError {
	f := input.Faults{More: e.More + other.More}
	for _, x := range e.Faults {
		f.List = append(f.List, input.Fault(x))
	}
	for _, o := range other.Faults {
		follows := slices.ContainsFunc(e.Faults, func(f Fault) bool {
			return f.Place == "" || within(f.Place, o.Place) || within(o.Place, f.Place)
		})
		if !follows {
			f.Add(o.Place, o.Kind, "%s", o.Reason)
		}
	}
	return inputError(&f)
}

// within reports whether place is outer or lies inside it: "stakes[10].shares" lies inside
// "stakes[10]", but not inside "stakes[1]" or "stakes[10].share".
func within(place, outer string) bool {
	rest, ok := strings.CutPrefix(place, outer)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Unwrap returns the faults.
func (e *InputError) Unwrap() []error {
	errs := make([]error, len(e.Faults))
	for i, f := range e.Faults {
		errs[i] = f
	}
	return errs
}

// faults collects the faults of an input.
type faults struct{ input.Faults }

func (f *faults) err() error {
	if f.Count() == 0 {
		return nil
	}
	return inputError(&f.Faults)
}

func inputError(f *input.Faults) *InputError {
	list := make([]Fault, len(f.List))
	for i, x := range f.List {
		list[i] = Fault(x)
	}
	return &InputError{Faults: list, More: f.More}
}

// ruleFault returns the faults of rules of law as an [InputError].
func ruleFault(list []law.Fault) error {
	var f faults
	for _, r := range list {
		kind := r.Kind
		switch kind {
		case law.ErrCountry:
			kind = ErrUnknown
		case law.ErrDay:
			kind = ErrDate
		}
		f.Add(r.Place, kind, "%s", r.Reason)
	}
	return f.err()
}

// A NoOutsideOwnerError lists companies that nobody outside owns: they own one another
// completely, so the question of their outside owners has no answer. It unwraps to
// [ErrNoOutsideOwner].
type NoOutsideOwnerError struct {
	Components [][]string // each sorted, and sorted among themselves
}

// maxNames is the largest number of names, and of components, that an error's text lists.
const maxNames = 20

func (e *NoOutsideOwnerError) Error() string {
	parts := make([]string, len(e.Components))
	for i, r := range e.Components {
		if parts[i] = strings.Join(r[:min(len(r), maxNames)], ", "); len(r) > maxNames {
			parts[i] = fmt.Sprintf("%s and %d more", parts[i], len(r)-maxNames)
		}
	}
	if n := len(parts); n > maxNames {
		parts = append(parts[:maxNames], fmt.Sprintf("%d more components", n-maxNames))
	}
	return fmt.Sprintf("crossholding: %s: %v", strings.Join(parts, "; "), ErrNoOutsideOwner)
}

// Unwrap returns [ErrNoOutsideOwner].
func (e *NoOutsideOwnerError) Unwrap() error { return ErrNoOutsideOwner }

// unknownOption returns the error of an option with an unknown value.
func unknownOption[T ~string](what string, given T, choices ...T) error {
	return fmt.Errorf("crossholding: %s: %w", told.Choice(what, given, choices...), ErrUnknown)
}

func unknown(what, id string) error {
	return fmt.Errorf("crossholding: %s %q: %w", what, id, ErrUnknown)
}

// Warning describes something in a book that was read in a way that its author may not
// expect. It is plain data.
type Warning struct {
	Holder string `json:"holder,omitempty"` // whom it is about, if anyone
	Issuer string `json:"issuer,omitempty"`
	Text   string `json:"text"`
	// Kind is [ErrSelfStake] where a company is listed as a holder of its own shares,
	// [ErrDuplicate] where a register lists a stake more than once, [ErrOverAllocated] where it
	// has more shares held than outstanding, [ErrBands] for rounded percentages that do not fit
	// or are taken as written, and nil otherwise.
	Kind error `json:"-"`
}

// String returns the text.
func (w Warning) String() string { return w.Text }
