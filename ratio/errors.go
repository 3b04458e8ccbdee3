package ratio

import (
	"errors"
	"fmt"

	"github.com/crossholding/crossholding/internal/text"
)

// These are the kinds of errors. Every error of this package unwraps to one of them.
var (
	ErrNumber         = errors.New("bad number")
	ErrDivisionByZero = errors.New("division by zero")
	ErrRange          = errors.New("out of range")
)

// A ParseError says why a text is not a number, fraction or interval. It is plain data.
type ParseError struct {
	Text   string // the text, cut to 40 bytes
	Reason string // what is wrong with it
	Err    error  // the kind: [ErrNumber], [ErrDivisionByZero] or [ErrRange]
}

// Error returns the message with the name of the package before it.
func (e *ParseError) Error() string { return "ratio: " + e.Message() }

// Message returns the error in words, without the name of the package. It is for
// callers that add the place of the text themselves.
func (e *ParseError) Message() string { return fmt.Sprintf("%q %s: %v", e.Text, e.Reason, e.Err) }

// Unwrap returns the kind.
func (e *ParseError) Unwrap() error { return e.Err }

// clip shortens s to at most 40 bytes, without cutting a character in two.
func clip(s string) string { return text.Truncate(s, 40) }
