package crossholding

import (
	"io"
	"reflect"
)

// decodeJSON reads a file of a book or scenario into the struct that into points
// to. It fails with an [InputError] that holds all faults of the file's form.
func decodeJSON(r io.Reader, into any) error {
	var f faults
	if err := f.Decode(r, into, reflect.TypeFor[CostShare](), "amount", "cash", "cost", "cost_share", "down_to", "max", "min", "pass_on", "per_share", "price", "prices",
		"takes", "tendered", "total", "up_to"); err != nil {
		return err
	}
	return f.err()
}
