package jsonline

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/crossholding/crossholding/internal/text"
)

// Scanner reads one JSON value. It checks all of it, also what is skipped, by the grammar of
// RFC 8259. After the first fault all its methods return zero values, and [Scanner.Err] says
// what is wrong. The zero value has nothing to read until [Scanner.Reset].
type Scanner struct {
	data  []byte
	pos   int
	first bool // the next key or element is the first of its object or list
	err   error
}

// maxDepth is the largest depth of values within values.
const maxDepth = 200

// Reset starts to read data, which must not change while it is read.
func (s *Scanner) Reset(data []byte) {
	*s = Scanner{data: data}
	if !utf8.Valid(data) {
		s.err = fmt.Errorf("the line holds bytes that are not UTF-8")
	}
}

// Err returns the first fault, or nil.
func (s *Scanner) Err() error { return s.err }

// End checks that nothing follows the value. It returns the first fault, or nil.
func (s *Scanner) End() error {
	if s.next(); s.err == nil && s.pos < len(s.data) {
		s.fail("more follows the value")
	}
	return s.err
}

func (s *Scanner) fail(what string) {
	if s.err == nil {
		s.err = fmt.Errorf("%s at character %d", what, s.pos+1)
	}
}

// next skips blanks and returns the next byte, or 0 at the end or after a fault.
func (s *Scanner) next() byte {
	for s.err == nil && s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// Null reports whether the value is null, and skips it if so.
func (s *Scanner) Null() bool {
	if s.next() != 'n' {
		return false
	}
	s.literal("null")
	return s.err == nil
}

// Object begins an object. It returns false for null, and fails for any other value.
func (s *Scanner) Object() bool { return s.open('{', "an object") }

// List begins a list. It returns false for null, and fails for any other value.
func (s *Scanner) List() bool { return s.open('[', "a list") }

func (s *Scanner) open(c byte, what string) bool {
	if s.Null() {
		return false
	}
	if s.next() != c {
		s.unexpected(what)
		return false
	}
	s.pos++
	s.first = true
	return true
}

func (s *Scanner) unexpected(want string) {
	if s.pos >= len(s.data) {
		s.fail("the line ends where " + want + " is expected,")
	} else {
		s.fail(want + " is expected")
	}
}

// Key returns the next key of an object, or false at its end. The value must then be read
// or skipped.
func (s *Scanner) Key() ([]byte, bool) {
	// Most files have no blanks, and no escapes in keys.
	if d, i := s.data, s.pos; s.err == nil && i < len(d) && (s.first || d[i] == ',') {
		if !s.first {
			i++
		}
		if i < len(d) && d[i] == '"' {
			if end := PlainEnd(d, i+1); end+1 < len(d) && d[end] == '"' && d[end+1] == ':' {
				s.pos, s.first = end+2, false
				return d[i+1 : end : end], true
			}
		}
	}
	if !s.more('}') {
		return nil, false
	}
	key := s.quoted()
	if s.next() != ':' {
		s.unexpected("a colon")
		return nil, false
	}
	s.pos++
	return key, s.err == nil
}

// Seen says which keys of an object have been read. The zero value is that of an object of which none
// has.
type Seen uint64

// Once notes that a key of an object has been read whose meaning has number n, below 64. It fails if
// one of this meaning has been read before, because the object then says two things.
func (s *Scanner) Once(seen *Seen, n int, key []byte) {
	if *seen&(1<<n) != 0 {
		s.fail(fmt.Sprintf("a second key with the meaning of %q", text.Truncate(string(key), 60)))
	}
	*seen |= 1 << n
}

// Element reports whether a list has one more element, which must then be read or skipped.
func (s *Scanner) Element() bool { return s.more(']') }

func (s *Scanner) more(end byte) bool {
	first := s.first
	s.first = false
	switch c := s.next(); {
	case s.err != nil:
		return false
	case c == end:
		s.pos++
		return false
	case first:
		return true
	case c != ',':
		s.unexpected("a comma")
		return false
	}
	s.pos++
	return true
}

// Text returns a text, or nil for null. It fails for any other value. The bytes are a part
// of the data unless the text has escapes.
func (s *Scanner) Text() []byte {
	if d, i := s.data, s.pos; s.err == nil && i < len(d) && d[i] == '"' {
		if end := PlainEnd(d, i+1); end < len(d) && d[end] == '"' {
			s.pos = end + 1
			return d[i+1 : end : end]
		}
	}
	if s.Null() {
		return nil
	}
	return s.quoted()
}

// Int returns a whole number, or 0 for null. It fails for any other value.
func (s *Scanner) Int() int {
	if s.Null() {
		return 0
	}
	s.next()
	from := s.pos
	if s.number(); s.err != nil {
		return 0
	}
	n := 0
	for _, c := range s.data[from:s.pos] {
		if c < '0' || c > '9' || n > (math.MaxInt-9)/10 {
			s.fail("a whole number is expected")
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// Bool returns true or false, or false for null. It fails for any other value.
func (s *Scanner) Bool() bool {
	switch s.next() {
	case 't':
		s.literal("true")
		return s.err == nil
	case 'f':
		s.literal("false")
	default:
		if !s.Null() {
			s.unexpected("true or false")
		}
	}
	return false
}

func (s *Scanner) quoted() []byte {
	if s.next() != '"' {
		s.unexpected("a text")
		return nil
	}
	from := s.pos
	if !s.skipText() {
		return s.data[from+1 : s.pos-1 : s.pos-1]
	}
	if s.err != nil {
		return nil
	}
	var out string
	if err := json.Unmarshal(s.data[from:s.pos], &out); err != nil {
		s.fail("a text with a bad escape")
	}
	// Half of a surrogate pair becomes the replacement character, and two texts the same.
	raw, replaced := s.data[from:s.pos], strings.Count(out, "\ufffd")
	if replaced > 0 && replaced > bytes.Count(raw, []byte("\ufffd"))+bytes.Count(bytes.ToLower(raw), []byte(`\ufffd`)) {
		s.fail("half of a surrogate pair")
	}
	return []byte(out)
}

// PlainEnd returns the place of the first byte from i on that does not stand for itself in a text: a
// quotation mark, a backslash or a control character. It returns the length of d if there is none.
func PlainEnd(d []byte, i int) int {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(d); i += 8 {
		x := binary.LittleEndian.Uint64(d[i:])
		quote, back := x^(ones*'"'), x^(ones*'\\')
		// The top bit of the first such byte is set, and none of a byte before it.
		if found := ((quote-ones)&^quote | (back-ones)&^back | (x-ones*' ')&^x) & tops; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(d) && d[i] >= ' ' && d[i] != '"' && d[i] != '\\' {
		i++
	}
	return i
}

// skipText skips a text whose opening quotation mark is next. It reports whether the text has
// escapes or a fault.
func (s *Scanner) skipText() (special bool) {
	d, i := s.data, s.pos+1
	for {
		if i = PlainEnd(d, i); i < len(d) && d[i] == '"' {
			s.pos = i + 1
			return special
		}
		special = true
		if i+1 >= len(d) || d[i] != '\\' {
			s.pos = i
			s.unexpected("the end of a text")
			return true
		}
		s.pos = i
		if i = s.escape(i + 1); s.err != nil {
			return true
		}
	}
}

// escape returns the place after the escape whose letter is at i.
func (s *Scanner) escape(i int) int {
	switch s.data[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if i+4 < len(s.data) && hex(s.data[i+1]) && hex(s.data[i+2]) && hex(s.data[i+3]) && hex(s.data[i+4]) {
			return i + 5
		}
	}
	s.fail("a bad escape")
	return i
}

func hex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// Skip skips the next value, whatever it is.
func (s *Scanner) Skip() { s.skip(0) }

func (s *Scanner) skip(depth int) {
	switch c := s.next(); {
	case depth > maxDepth:
		s.fail("values lie too deep")
	case c == '"':
		s.skipText()
	case c == '{':
		s.pos++
		s.first = true
		for s.more('}') {
			if s.next() != '"' {
				s.unexpected("a key")
				return
			}
			s.skipText()
			if s.next() != ':' {
				s.unexpected("a colon")
				return
			}
			s.pos++
			s.skip(depth + 1)
		}
	case c == '[':
		s.pos++
		s.first = true
		for s.more(']') {
			s.skip(depth + 1)
		}
	case c == 't':
		s.literal("true")
	case c == 'f':
		s.literal("false")
	case c == 'n':
		s.literal("null")
	default:
		s.number()
	}
}

func (s *Scanner) literal(word string) {
	if s.err != nil || len(s.data)-s.pos < len(word) || string(s.data[s.pos:s.pos+len(word)]) != word {
		s.unexpected("a value")
		return
	}
	s.pos += len(word)
}

// number skips a number.
func (s *Scanner) number() {
	d, i := s.data, s.pos
	digits := func() bool {
		from := i
		for i < len(d) && '0' <= d[i] && d[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(d) && d[i] == '-' {
		i++
	}
	zero := i < len(d) && d[i] == '0'
	from := i
	ok := digits() && (!zero || i == from+1)
	if ok && i < len(d) && d[i] == '.' {
		i++
		ok = digits()
	}
	if ok && i < len(d) && (d[i] == 'e' || d[i] == 'E') {
		if i++; i < len(d) && (d[i] == '+' || d[i] == '-') {
			i++
		}
		ok = digits()
	}
	if !ok {
		s.unexpected("a value")
		return
	}
	s.pos = i
}
