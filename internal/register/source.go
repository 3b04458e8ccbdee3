package register

import (
	"bytes"
	"errors"
	"io"
)

// source cuts a CSV file into pieces of whole rows.
type source struct {
	in   io.Reader
	rest []byte // bytes that were read and belong to the next piece
	line int    // the line at which the next piece begins, from 1
	err  error  // why the file could not be read further; io.EOF at its end
}

// pieceBytes is small enough that a piece stays in a core's cache while its rows are
// read.
const pieceBytes = 64 << 10

// MaxRowBytes is the largest size of a row. Without it, a quote that is never closed
// would put the rest of the file into one field.
const MaxRowBytes = 1 << 20

// TooLong is the reason of a fault for a row above [MaxRowBytes].
const TooLong = "a row of over 1048576 bytes: is a quote not closed?"

// next returns the next rows in the memory of text, and the line at which they begin.
// The error is nil, or says why no rows follow these: io.EOF, an error of the file, or
// a [Fault] without a place if the row at this line is too long.
func (s *source) next(text []byte) (rows []byte, line int, err error) {
	text = append(text[:0], s.rest...)
	for want := pieceBytes; ; want = len(text) + pieceBytes {
		text = s.fill(text, want)
		end := cut(text, errors.Is(s.err, io.EOF))
		if len(text) > MaxRowBytes {
			// Only the first row of a piece can be this long.
			if first, whole := rowEnd(text, true); first > MaxRowBytes || !whole {
				return nil, s.line, Fault{Reason: TooLong, Kind: TooLarge}
			}
		}
		if end == 0 && s.err == nil {
			continue
		}
		s.rest = append(s.rest[:0], text[end:]...)
		line, s.line = s.line, s.line+bytes.Count(text[:end], []byte("\n"))
		return text[:end], line, s.err
	}
}

// fill reads until text has want bytes or reading ends.
func (s *source) fill(text []byte, want int) []byte {
	if cap(text) < want {
		text = append(make([]byte, 0, want), text...)
	}
	for empty := 0; len(text) < want && s.err == nil; {
		var n int
		n, s.err = s.in.Read(text[len(text):want])
		text = text[:len(text)+n]
		if empty++; n > 0 {
			empty = 0
		}
		if empty >= 100 && s.err == nil {
			s.err = io.ErrNoProgress
		}
	}
	return text
}

// cut returns the end of the last whole row of text. If last is set, the file ends with
// text, and so does its last row.
func cut(text []byte, last bool) int {
	for at := 0; ; {
		quote := bytes.IndexByte(text[at:], '"')
		if quote < 0 {
			if last {
				return len(text)
			}
			return at + bytes.LastIndexByte(text[at:], '\n') + 1
		}
		at += bytes.LastIndexByte(text[at:at+quote], '\n') + 1
		end, whole := rowEnd(text[at:], last)
		if !whole {
			return at
		}
		at += end
	}
}

// rowEnd returns the length of the first row of text with its line end, and whether the
// row is whole. It ends rows where [csv.Reader] does: a row ends with a line, unless the
// line's end is in quotes, and a row with a misplaced quote ends with the line of this
// quote.
func rowEnd(text []byte, last bool) (int, bool) {
	at := 0
	for {
		if at < len(text) && text[at] == '"' {
			at = closing(text, at+1)
			if at < 0 {
				return len(text), last
			}
			if at < len(text) && text[at] == ',' {
				at++
				continue
			}
			return lineEnd(text, at, last)
		}
		i := bytes.IndexAny(text[at:], ",\"\n")
		if i < 0 {
			return len(text), last
		}
		at += i + 1
		switch text[at-1] {
		case '\n':
			return at, true
		case '"':
			return lineEnd(text, at, last)
		}
	}
}

// closing returns the position after the quote that closes the field whose content
// begins at position at, or -1 if there is none.
func closing(text []byte, at int) int {
	for {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 {
			return -1
		}
		at += i + 1
		if at >= len(text) || text[at] != '"' {
			return at
		}
		at++
	}
}

// lineEnd returns the position after the end of the line at position at.
func lineEnd(text []byte, at int, last bool) (int, bool) {
	i := bytes.IndexByte(text[at:], '\n')
	if i < 0 {
		return len(text), last
	}
	return at + i + 1, true
}
