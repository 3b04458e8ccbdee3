package input

import (
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/ratio"
)

// DecodeSteps is Decode for a file that has steps of a scenario, whose keys with text that can
// be a number it adds to numeric.
func (f *Faults) DecodeSteps(r io.Reader, into any, short reflect.Type, numeric ...string) error {
	return f.Decode(r, into, short, append(numeric, "amount", "cash", "cost", "cost_share", "down_to", "max", "min", "pass_on",
		"per_share", "price", "prices", "takes", "tendered", "total", "up_to")...)
}

// Decode reads a JSON file into the struct that into points to, and adds the faults of the
// file's form. Numbers can be JSON strings or JSON numbers. So can the values of the keys
// in numeric, which are text such as "15%" or "568.5 JPY". A value of type short can be
// text. It returns an error if the file cannot be read, or is too large.
func (f *Faults) Decode(r io.Reader, into any, short reflect.Type, numeric ...string) error {
	found, err := strictjson.Decode(r, into, strictjson.Options{Number: reflect.TypeFor[ratio.Number](), NumericKeys: numeric, Short: short})
	var tooLarge strictjson.Fault
	switch {
	case errors.As(err, &tooLarge):
		return fmt.Errorf("crossholding: %v: %w", tooLarge, ErrTooLarge)
	case err != nil:
		return fmt.Errorf("crossholding: %w", err)
	}
	kinds := map[strictjson.Kind]error{
		strictjson.Syntax: ErrSyntax, strictjson.Repeated: ErrDuplicate,
		strictjson.NotNumber: ratio.ErrNumber, strictjson.TooLarge: ErrTooLarge,
	}
	for _, x := range found.List {
		f.Add(x.Place, kinds[x.Kind], "%s", x.Reason)
	}
	f.More += found.More
	return nil
}
