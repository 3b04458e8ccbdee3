package bods

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/crossholding/crossholding/format/internal/jsonline"
)

// errLong is the error of a statement that is longer than [jsonline.MaxLine].
var errLong = errors.New("the statement has more than 1,048,576 bytes")

// statements cuts a file into its statements: the objects of one list, or objects one after
// another. It keeps one statement in memory, and what has been read after it.
type statements struct {
	r      io.Reader
	err    error // of r
	buf    []byte
	pos    int  // of the next byte in buf
	line   int  // of the next byte
	list   bool // the file is one list
	closed bool // the list has ended
	begun  bool // something has been read
	comma  bool // a comma has been read since the last statement

	// read reads a statement, and reports whether it is one. It is asked of whole lines, which
	// most files have for a statement, so that the end of such a statement is not sought.
	read   func(line []byte) bool
	done   bool // the last statement has been read by it
	misses int  // statements that did not end with their lines
}

func newStatements(r io.Reader, read func(line []byte) bool) *statements {
	return &statements{r: r, line: 1, read: read}
}

// atOnce is the number of bytes that are read at once.
const atOnce = 1 << 16

// fill reads more of the file, and keeps all from pos. It returns false if there is no more.
func (s *statements) fill() bool {
	if s.pos > 0 {
		s.buf = s.buf[:copy(s.buf, s.buf[s.pos:])]
		s.pos = 0
	}
	want := 2*len(s.buf) + atOnce
	if want > cap(s.buf) {
		s.buf = append(make([]byte, 0, want), s.buf...)
	}
	for empty := 0; s.err == nil; empty++ {
		n := 0
		n, s.err = s.r.Read(s.buf[len(s.buf):want])
		if s.buf = s.buf[:len(s.buf)+n]; n > 0 {
			return true
		}
		if empty == 100 && s.err == nil {
			s.err = io.ErrNoProgress
		}
	}
	return false
}

// next returns the next statement and the line on which it begins. The bytes are valid until
// the next call. It fails with [io.EOF] at the end, with the error of the source, and with a
// [syntaxError], after which the next statement can be read.
func (s *statements) next() ([]byte, int, error) {
	for {
		if s.pos == len(s.buf) && !s.fill() {
			if s.err == io.EOF && s.list && !s.closed {
				s.closed = true
				return nil, s.line, syntaxError{errors.New("the file ends within the list of statements")}
			}
			return nil, s.line, s.err
		}
		switch c := s.buf[s.pos]; {
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
		s.pos++
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
		if i := bytes.IndexByte(s.buf[s.pos:], '\n'); i >= 0 {
			s.pos += i + 1
			break
		}
		s.pos = len(s.buf)
		if !s.fill() {
			if s.err != io.EOF {
				return nil, line, s.err
			}
			break
		}
	}
	s.line++
	s.comma = true
	return nil, line, syntaxError{fmt.Errorf("a statement is expected, and not %q", c)}
}

// bracket is what a byte does to the depth of a JSON text.
var bracket = [256]int8{'{': 1, '[': 1, '}': -1, ']': -1, '"': quote}

// quote is the class of the byte that begins a text.
const quote = 2

// object returns the object whose opening brace is next.
func (s *statements) object() ([]byte, int, error) {
	if object := s.lineOfOne(); object != nil {
		s.pos += len(object)
		s.done = true
		return object, s.line, nil
	}
	s.done = false
	line, depth, quoted, long := s.line, 0, false, false
	i := s.pos // what is before i has been looked at
	for {
		for i < len(s.buf) {
			if quoted {
				if i = textEnd(s.buf, i); i >= len(s.buf) {
					break
				}
				quoted = false
				i++
				continue
			}
			c := bracket[s.buf[i]]
			i++
			if c == quote {
				quoted = true
			} else if depth += int(c); c < 0 && depth == 0 {
				return s.take(i, line, long)
			}
		}
		if i -= s.pos; i > jsonline.MaxLine { // drop it, but for an escape that goes on
			long = true
			s.line += bytes.Count(s.buf[s.pos:], []byte("\n"))
			s.pos, i = len(s.buf), i-len(s.buf[s.pos:])
		}
		if !s.fill() {
			if s.err != io.EOF {
				return nil, line, s.err
			}
			s.closed = true
			s.pos = len(s.buf)
			return nil, line, syntaxError{errors.New("the file ends within a statement")}
		}
		i += s.pos
	}
}

// maxMisses is the number of statements that do not end with their lines after which no more are
// tried, and maxOfLine the largest length of those that are.
const maxMisses, maxOfLine = 16, 1 << 14

// lineOfOne returns the object whose opening brace is next, if it ends with its line, or nil.
func (s *statements) lineOfOne() []byte {
	if s.misses > maxMisses {
		return nil
	}
	if len(s.buf)-s.pos < maxOfLine && s.err == nil {
		s.fill()
	}
	rest := s.buf[s.pos:min(len(s.buf), s.pos+maxOfLine)]
	if end := bytes.IndexByte(rest, '\n'); end > 0 {
		object := bytes.TrimRight(rest[:end], " \t\r")
		object = bytes.TrimRight(bytes.TrimSuffix(object, []byte(",")), " \t\r")
		if object[len(object)-1] == '}' && s.read(object) {
			return object
		}
	}
	s.misses++
	return nil
}

// textEnd returns the place of the quotation mark that ends a text from i on. If the text goes on,
// it returns the length of d, or one more if the first byte that follows is escaped.
func textEnd(d []byte, i int) int {
	for i < len(d) {
		if i = jsonline.PlainEnd(d, i); i == len(d) || d[i] == '"' {
			break
		}
		if d[i] == '\\' {
			i++
		}
		i++
	}
	return i
}

// take returns the object that ends before i.
func (s *statements) take(i, line int, long bool) ([]byte, int, error) {
	object := s.buf[s.pos:i]
	s.line += bytes.Count(object, []byte("\n"))
	s.pos = i
	if long || len(object) > jsonline.MaxLine {
		return nil, line, syntaxError{errLong}
	}
	return object, line, nil
}
