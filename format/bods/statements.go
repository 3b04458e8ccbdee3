package bods

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/format/internal/jsonline"
	"github.com/crossholding/crossholding/internal/text"
)

// errLong is the error of a statement that is longer than [jsonline.MaxLine].
var errLong = errors.New("the statement has more than 1,048,576 bytes")

// statements cuts a file into its statements: the objects of one list, or objects one after
// another. It keeps one statement in memory.
type statements struct {
	r      *bufio.Reader
	buf    []byte
	line   int  // of the next byte
	list   bool // the file is one list
	closed bool // the list has ended
	begun  bool // something has been read
	comma  bool // a comma has been read since the last statement
}

func newStatements(r io.Reader) *statements {
	return &statements{r: bufio.NewReaderSize(text.SkipBOM(r), 1<<16), line: 1}
}

// next returns the next statement and the line on which it begins. The bytes are valid until
// the next call. It fails with [io.EOF] at the end, with the error of the source, and with a
// [syntaxError], after which the next statement can be read.
func (s *statements) next() ([]byte, int, error) {
	for {
		c, err := s.r.ReadByte()
		switch {
		case err == io.EOF && s.list && !s.closed:
			s.closed = true
			return nil, s.line, syntaxError{errors.New("the file ends within the list of statements")}
		case err != nil:
			return nil, s.line, err
		case c == '\n':
			s.line++
		case c == ' ' || c == '\t' || c == '\r':
		case c == '[' && !s.begun:
			s.list, s.begun, s.comma = true, true, true
		case c == ']' && s.list && !s.closed:
			s.closed = true
		case c == ',' && s.list && !s.closed && !s.comma:
			s.comma = true
		case c == '{' && !s.closed && (s.comma || !s.list):
			s.begun, s.comma = true, false
			return s.object()
		default:
			s.begun = true
			return s.rest(c)
		}
	}
}

// syntaxError is an error of the file's form, after which reading goes on.
type syntaxError struct{ error }

// Unwrap returns the error within.
func (e syntaxError) Unwrap() error { return e.error }

// rest skips the rest of a line that begins with something that is no statement.
func (s *statements) rest(c byte) ([]byte, int, error) {
	line := s.line
	for {
		d, err := s.r.ReadByte()
		if err == io.EOF || d == '\n' {
			break
		}
		if err != nil {
			return nil, line, err
		}
	}
	s.line++
	s.comma = true
	return nil, line, syntaxError{fmt.Errorf("a statement is expected, and not %q", c)}
}

// object reads the rest of an object whose opening brace has been read.
func (s *statements) object() ([]byte, int, error) {
	line, depth, quoted, escaped, long := s.line, 1, false, false, false
	s.buf = append(s.buf[:0], '{')
	for depth > 0 {
		c, err := s.r.ReadByte()
		if err == io.EOF {
			s.closed = true
			return nil, line, syntaxError{errors.New("the file ends within a statement")}
		}
		if err != nil {
			return nil, line, err
		}
		if long = long || len(s.buf) >= jsonline.MaxLine; !long {
			s.buf = append(s.buf, c)
		}
		switch {
		case c == '\n':
			s.line++
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
	}
	if long {
		return nil, line, syntaxError{errLong}
	}
	return s.buf, line, nil
}
