package strictjson

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"unicode/utf8"
)

// sourceReader keeps the error of its source, which is not a fault of the file.
type sourceReader struct {
	r   io.Reader
	err error // nil at the end of the file
}

func (s *sourceReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// utf8Reader records whether it has read bytes that are not UTF-8. Package json
// reads such bytes as U+FFFD, so two names could become one.
type utf8Reader struct {
	r       io.Reader
	rest    []byte // the incomplete character at the end of the last read
	invalid bool
}

func (u *utf8Reader) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	text := p[:n]
	if len(u.rest) > 0 {
		text = append(u.rest, text...)
	}
	end := len(text)
	for back := 1; err == nil && back < utf8.UTFMax && back <= len(text); back++ {
		if i := len(text) - back; utf8.RuneStart(text[i]) {
			if !utf8.FullRune(text[i:]) {
				end = i
			}
			break
		}
	}
	u.invalid = u.invalid || !utf8.Valid(text[:end])
	u.rest = append([]byte(nil), text[end:]...)
	return n, err
}

// escapeReader records the first escape such as \ud83d that is one half of a
// surrogate pair without the other half. Package json reads it as U+FFFD, so two
// names could become one.
type escapeReader struct {
	r     io.Reader
	half  string  // the first unpaired half that was found, or ""
	text  [6]byte // the escape that is being read
	n     int     // the number of its bytes that were read
	first string  // the first half of the pair that is being read, or ""
}

func (e *escapeReader) Read(b []byte) (int, error) {
	n, err := e.r.Read(b)
	for i := 0; i < n; i++ {
		c := b[i]
		if e.n == 0 && c != '\\' {
			e.unpaired()
			next := bytes.IndexByte(b[i:n], '\\')
			if next < 0 {
				break
			}
			i += next - 1
			continue
		}
		e.text[e.n] = c
		if e.n++; e.n == 2 && c != 'u' {
			e.unpaired()
			e.n = 0
		} else if e.n == len(e.text) {
			e.escape(string(e.text[:]))
			e.n = 0
		}
	}
	return n, err
}

// escape processes one complete escape \uXXXX.
func (e *escapeReader) escape(text string) {
	u, err := strconv.ParseUint(text[2:], 16, 16)
	firstHalf := err == nil && 0xd800 <= u && u <= 0xdbff
	secondHalf := err == nil && 0xdc00 <= u && u <= 0xdfff
	if secondHalf && e.first != "" {
		e.first = ""
		return
	}
	if secondHalf && e.half == "" {
		e.half = text
	}
	e.unpaired()
	if firstHalf {
		e.first = text
	}
}

// unpaired records that first, if it is set, has no other half.
func (e *escapeReader) unpaired() {
	if e.first != "" && e.half == "" {
		e.half = e.first
	}
	e.first = ""
}
