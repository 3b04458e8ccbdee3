// Package strictjson reads JSON files that have only one meaning, and writes them in
// canonical form.
//
// A file that it accepts is bounded in size and depth, is valid UTF-8, and has no
// key that is unknown or given twice. Numbers keep the text that the file has.
package strictjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"github.com/crossholding/crossholding/internal/text"
)

// Options says how a file is read. The zero value reads text, true and false, but
// no numbers. Options are plain data that Decode does not change.
type Options struct {
	// Number is the type, a kind of string, that holds the text of a number.
	// A file gives such a value as a JSON number or as a string that is not
	// empty. If Number is nil there is no such type.
	Number reflect.Type
	// NumericKeys are keys of text that a file may also give as a JSON number,
	// such as "15%" or 15. A map under such a key holds such texts.
	NumericKeys []string
	// Short is a map type, from text to a kind of string, that a file may also give
	// as one text: the value of the key "". If it is nil there is no such type.
	Short reflect.Type
	// MaxBytes bounds the size of the file. 0 means 256 MiB.
	MaxBytes int64
}

// These are the other bounds of a file.
const (
	defaultMaxBytes = 256 << 20
	maxDepth        = 32   // of arrays and objects inside one another
	maxKeys         = 1000 // of one object that is a struct
	maxFaults       = 1000 // faults that are listed
	maxName         = 60   // bytes of a key or value in a fault
)

// Kind is the kind of a fault.
type Kind int

// The kinds of fault.
const (
	Syntax    Kind = iota // the file is not JSON, or has the wrong shape
	Repeated              // a key is given twice
	NotNumber             // a text is not a number
	TooLarge              // the file exceeds a bound
)

// Fault is one thing that is wrong with a file. It is plain data.
type Fault struct {
	Place  string // as in "stakes[3].shares"; "" for the file as a whole
	Reason string
	Kind   Kind
}

// Error returns the place and the reason.
func (f Fault) Error() string {
	if f.Place == "" {
		return f.Reason
	}
	return f.Place + ": " + f.Reason
}

// Faults lists the faults of a file in the order of the file. The zero value has no
// faults.
type Faults struct {
	List []Fault // the first 1,000
	More int     // the number of further faults
}

func (f *Faults) add(place string, kind Kind, format string, args ...any) {
	if len(f.List) >= maxFaults {
		f.More++
		return
	}
	f.List = append(f.List, Fault{place, fmt.Sprintf(format, args...), kind})
}

// Decode reads one JSON value from r into the struct that into points to. It
// returns all faults of the file, and stores the values that have no fault. The
// struct may contain strings, booleans, slices, structs, pointers to structs, and
// maps with string keys. It may also contain whole numbers, floats, and types that
// implement [encoding.TextUnmarshaler]: a file gives these as JSON numbers or as
// strings. The key of a field is that of its json tag. The fields of an embedded
// struct without a tag are those of the struct.
//
// Decode fails with the error of r if r fails, and with a [Fault] of the kind
// [TooLarge] if the file exceeds a bound.
func Decode(r io.Reader, into any, opt Options) (Faults, error) {
	limit := opt.MaxBytes
	if limit == 0 {
		limit = defaultMaxBytes
	}
	source := &sourceReader{r: r}
	encoding := &utf8Reader{r: source}
	escapes := &escapeReader{r: text.SkipBOM(encoding)}
	limited := &io.LimitedReader{R: escapes, N: limit + 1}
	d := decoder{json: json.NewDecoder(limited), opt: opt}
	d.json.UseNumber()
	err := d.value("", reflect.ValueOf(into).Elem())
	if err == nil {
		if _, end := d.json.Token(); !errors.Is(end, io.EOF) {
			err = fmt.Errorf("something follows the end at byte %d", d.json.InputOffset())
		}
	}
	var exceeded Fault
	switch {
	case source.err != nil:
		return Faults{}, source.err
	case limited.N <= 0:
		return Faults{}, Fault{Reason: fmt.Sprintf("file of over %d bytes", limit), Kind: TooLarge}
	case errors.As(err, &exceeded):
		return Faults{}, exceeded
	case err != nil:
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		d.faults.add("", Syntax, "not JSON: %v", err)
	case encoding.invalid:
		d.faults.add("", Syntax, "not JSON: bytes that are not UTF-8")
	case escapes.half != "":
		d.faults.add("", Syntax, "%s is half of a character, without its other half", escapes.half)
	}
	return d.faults, nil
}
