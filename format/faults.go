package format

import (
	"fmt"

	"github.com/crossholding/crossholding"
)

// Faults collects the faults of a file for one error. The zero value has no faults. It is not
// safe for use by several goroutines.
type Faults struct {
	// Dropped, if it is set, gets the faults of records, because the reader goes on without
	// these. See [Faults.AddRecord].
	Dropped *Notes

	list []crossholding.Fault
	more int
}

// maxFaults is the largest number of faults that one error holds.
const maxFaults = 1000

// Add adds a fault on a line, counted from 1, or 0 if it is about the whole file. Kind is one of
// the sentinel errors of the root package. The text is that of [Notes.Add].
func (f *Faults) Add(line int, kind error, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	place := ""
	if line > 0 {
		place = fmt.Sprintf("line %d", line)
	}
	f.list = append(f.list, crossholding.Fault{Place: place, Reason: sentence(format, args), Kind: kind})
}

// AddRecord adds the fault of one record, or notes in f.Dropped under the rule "fault" that the
// record is left out.
func (f *Faults) AddRecord(line int, kind error, format string, args ...any) {
	if f.Dropped != nil {
		f.Dropped.Add(line, "fault", format, args...)
		return
	}
	f.Add(line, kind, format, args...)
}

// Err returns the faults as a [*crossholding.InputError], or nil if there are none.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return &crossholding.InputError{Faults: f.list, More: f.more}
}
