package register

import (
	"fmt"

	"github.com/crossholding/crossholding/internal/text"
)

// Kind is the kind of a fault.
type Kind int

// The kinds of fault.
const (
	Syntax        Kind = iota // the file or a row has the wrong form
	TooLarge                  // a row, or all ids together, exceed a bound
	Unknown                   // an issuer is not among the companies
	Repeated                  // a company is listed twice
	Missing                   // a figure is missing
	OutOfRange                // an id or a figure is not allowed
	NotNumber                 // a figure is not a number
	OverAllocated             // holders have more shares of a company than are outstanding
)

// Fault is one thing that is wrong with a register. It is plain data.
type Fault struct {
	Place  string // file and line, as in "stakes:12", or "companies." and the id
	Reason string
	Kind   Kind
}

// Error returns the place and the reason.
func (f Fault) Error() string { return f.Place + ": " + f.Reason }

// Faults lists the faults of a register in the order in which they were found.
// The zero value has no faults.
type Faults struct {
	List []Fault // the first 1,000
	More int     // the number of further faults
}

const (
	maxFaults = 1000 // faults that are listed
	maxText   = 8000 // bytes of one text from the file in a fault
)

func (f *Faults) add(place string, kind Kind, format string, args ...any) {
	if len(f.List) >= maxFaults {
		f.More++
		return
	}
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = text.Truncate(s, maxText)
		}
	}
	f.List = append(f.List, Fault{place, fmt.Sprintf(format, args...), kind})
}

func (f *Faults) none() bool { return len(f.List) == 0 }
