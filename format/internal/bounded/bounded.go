// Package bounded reads files whose parts, such as rows or records, have a largest size, so that
// a decoder that keeps a whole part in memory cannot be made to keep a whole file.
package bounded

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
)

// Max is the largest number of bytes of one part, about: decoders read some bytes ahead.
const Max = 1 << 20

// ErrLong is the error of a part that is longer than [Max].
var ErrLong = errors.New("more than 1,048,576 bytes")

// Reader fails with [ErrLong] when more is read for one part than a part may have. The
// zero value cannot be used, see [NewReader]. It belongs to one goroutine.
type Reader struct {
	r    io.Reader
	left int
}

// NewReader returns a reader of r that is at the start of a part.
func NewReader(r io.Reader) *Reader { return &Reader{r: r, left: Max} }

// Next begins a new part.
func (b *Reader) Next() { b.left = Max }

// Read implements [io.Reader].
func (b *Reader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}

// XMLFault returns what is wrong with a file of which an XML decoder has returned an error, and
// the kind of the fault. It returns no kind for the error of a reader.
func XMLFault(err error) (text string, kind error) {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, ErrLong):
		return "an element has " + ErrLong.Error(), crossholding.ErrTooLarge
	case errors.As(err, &syntax):
		return "the file is no XML from here on: " + syntax.Msg, crossholding.ErrSyntax
	case strings.HasPrefix(err.Error(), "xml: "): // an encoding that is not UTF-8
		return "the file cannot be read: " + err.Error(), crossholding.ErrSyntax
	}
	return "", nil
}
