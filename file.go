package crossholding

import "io"

// decodeJSON reads the file of a book into the struct that into points
// to. It fails with an [InputError] that holds all faults of the file's form.
func decodeJSON(r io.Reader, into any) error {
	var f faults
	if err := f.Decode(r, into, nil, "max", "min", "price", "prices"); err != nil {
		return err
	}
	return f.err()
}
