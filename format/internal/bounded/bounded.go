// Package bounded reads files whose parts, such as rows or records, have a largest size, so that
// a decoder that keeps a whole part in memory cannot be made to keep a whole file.
package bounded

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
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

// Open returns a reader of a text file, without its byte order mark. If the file begins as one of
// UTF-16 or UTF-32 does, it adds that fault, and returns the error of all faults.
func Open(r io.Reader, faults *format.Faults) (*bufio.Reader, error) {
	file := bufio.NewReaderSize(r, 1<<16)
	head, _ := file.Peek(4) // a short file gives what it has, and an error of the file comes again
	if name := encoding(head); name != "" {
		faults.Add(0, crossholding.ErrSyntax, "the file is written in %s: save it as UTF-8, such as with iconv -f %s -t UTF-8", name, name)
		return nil, faults.Err()
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		_, _ = file.Discard(len("\ufeff")) // cannot fail: Peek has read them
	}
	return file, nil
}

// encoding returns the encoding of a file that is not UTF-8, by the byte order mark at its start, or
// by the zero bytes that two characters of ASCII have there. It returns "" for any other file.
func encoding(head []byte) string {
	for _, e := range []struct{ mark, name string }{
		{"\xff\xfe\x00\x00", "UTF-32LE"}, {"\x00\x00\xfe\xff", "UTF-32BE"}, {"\xff\xfe", "UTF-16LE"}, {"\xfe\xff", "UTF-16BE"},
	} {
		if bytes.HasPrefix(head, []byte(e.mark)) {
			return e.name
		}
	}
	if len(head) < 4 {
		return ""
	}
	switch zeros := [4]bool{head[0] == 0, head[1] == 0, head[2] == 0, head[3] == 0}; zeros {
	case [4]bool{false, true, false, true}:
		return "UTF-16LE"
	case [4]bool{true, false, true, false}:
		return "UTF-16BE"
	case [4]bool{false, true, true, true}:
		return "UTF-32LE"
	case [4]bool{true, true, true, false}:
		return "UTF-32BE"
	}
	return ""
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
