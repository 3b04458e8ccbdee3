package parquet

import (
	"errors"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/told"
)

// ErrFormat is returned for a file that is not a Parquet file, or is damaged.
var ErrFormat = errors.New("not a Parquet file that can be read")

var errNoColumn = errors.New("no such column")

const maxFaults = 1000

// faults gathers what is wrong with the form of the files.
type faults struct{ crossholding.InputError }

func (f *faults) add(place string, kind error, format string, args ...any) {
	if len(f.Faults) == maxFaults {
		f.More++
		return
	}
	f.Faults = append(f.Faults, crossholding.Fault{Place: place, Reason: fmt.Sprintf(format, args...), Kind: kind})
}

// err returns the faults as an error, or nil.
func (f *faults) err() error {
	if len(f.Faults) == 0 {
		return nil
	}
	return by(&f.InputError)
}

// by returns err with the prefix of this package.
func by(err error) error { return told.By("parquet", err) }
