// Package input reads the figures of an input and gathers its faults: numbers, dates,
// prices and rates of a book or of a scenario, and the form of a file. An input can have
// many faults, and all of them are told at once, each on one line and of bounded length.
package input

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/internal/text"
	"github.com/crossholding/crossholding/ratio"
)

// These are the kinds of faults.
var (
	ErrSyntax    = errors.New("bad file")
	ErrTooLarge  = errors.New("input too large")
	ErrUnknown   = errors.New("unknown name")
	ErrDuplicate = errors.New("given twice")
	ErrMissing   = ledger.ErrMissing
	ErrRange     = ledger.ErrRange
	ErrDate      = errors.New("bad date")
	ErrCurrency  = ledger.ErrCurrency
)

// Fault is one fault of an input.
type Fault struct {
	Place  string // where in the input, as in "stakes[3].shares"; may be empty
	Reason string // what is wrong, naming the companies and figures
	Kind   error
}

// MaxFaults is the largest number of faults that are kept.
const MaxFaults = 1000

// MaxText is the largest number of bytes of one name or place in a fault.
const MaxText = 8000

// Faults gathers the faults of an input. The zero value has none.
type Faults struct {
	List  []Fault
	More  int    // faults beyond MaxFaults
	About string // an id that is put before texts that do not begin with it
}

// Count returns the number of faults so far.
func (f *Faults) Count() int { return len(f.List) + f.More }

// Add adds a fault.
func (f *Faults) Add(place string, kind error, format string, args ...any) {
	if len(f.List) >= MaxFaults {
		f.More++
		return
	}
	// Shorten long names, because one name can occur in many faults.
	for i, a := range args {
		switch a := a.(type) {
		case string:
			args[i] = text.Truncate(a, MaxText)
		case ratio.Number:
			args[i] = text.Truncate(string(a), MaxText)
		}
	}
	reason := fmt.Sprintf(format, args...)
	if f.About != "" && !strings.HasPrefix(reason, f.About) {
		reason = f.About + ": " + reason
	}
	f.Put(place, reason, kind)
}

// Put adds a fault whose reason is complete and of bounded length.
func (f *Faults) Put(place, reason string, kind error) {
	if len(f.List) >= MaxFaults {
		f.More++
		return
	}
	f.List = append(f.List, Fault{Place: oneLine(text.Truncate(place, MaxText)), Reason: oneLine(reason), Kind: kind})
}

// Check adds err, the error of a number, unless it is nil.
func (f *Faults) Check(place string, err error) {
	if err != nil {
		reason, kind := Explain(err)
		f.Add(place, kind, "%s", reason)
	}
}

// Explain returns the text and the kind of an error of reading a number.
func Explain(err error) (reason string, kind error) {
	var e *ratio.ParseError
	if !errors.As(err, &e) {
		return err.Error(), err
	}
	if e.Err == ratio.ErrRange {
		return e.Message(), ErrRange
	}
	return e.Message(), e.Err
}

// oneLine replaces control characters and characters that change the direction of text by
// question marks, so that they cannot break a line or a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return '?'
		}
		return r
	}, s)
}

// Abbreviate shortens a text that a message repeats.
func Abbreviate(s string) string { return text.Truncate(s, 60) }

// Join returns the place of a key within a place.
func Join(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}
