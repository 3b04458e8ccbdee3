package crossholding

import (
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/ratio"
)

// decodeJSON reads a file of a book or scenario into the struct that into points
// to. It fails with an [InputError] that holds all faults of the file's form.
func decodeJSON(r io.Reader, into any) error {
	found, err := strictjson.Decode(r, into, strictjson.Options{
		Number: reflect.TypeFor[ratio.Number](),
		// A fraction or a price is text such as "15%" and "568.5 JPY". It can
		// also be a plain number.
		NumericKeys: []string{"amount", "cash", "cost", "cost_share", "down_to", "max", "min", "pass_on", "per_share", "price", "prices",
			"takes", "tendered", "total", "up_to"},
		Short: reflect.TypeFor[CostShare](),
	})
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
	f := faults{more: found.More}
	for _, x := range found.List {
		f.add(x.Place, kinds[x.Kind], "%s", x.Reason)
	}
	return f.err()
}

// join returns the place of a key within a place.
func join(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}
