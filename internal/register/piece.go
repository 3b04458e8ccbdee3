package register

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"math/bits"
)

// piece is a part of a file, with its rows once it is parsed. Its memory is used again.
type piece struct {
	number int // of the piece, from 0
	text   []byte
	line   int           // of the file, at which the text begins, from 1
	err    error         // why no piece follows; io.EOF at the end of the file
	ready  chan struct{} // receives a value when the piece is parsed

	fields []field // of all rows, one after the other
	rows   []row
	faults []syntaxFault
	odd    []int32 // rows that are to be looked at in order, see [filler]

	companies companyPiece
	stakes    stakePiece

	scratch []byte
}

// field is the part of a piece's text from byte from to byte to.
type field struct{ from, to int32 }

// row has what is computed about a row apart from the others.
type row struct {
	line   int32 // of the piece, from 0
	flags  uint8
	issuer int32 // of a stake: the number of the company
	count  int64 // the last field that has to be a count of shares, or a negative number
}

// syntaxFault says that a row could not be split into fields.
type syntaxFault struct {
	before int // the rows of the piece before it
	line   int // of the file, at which the row begins
	reason string
}

// bytes returns field k of row i.
func (p *piece) bytes(i, width, k int) []byte {
	f := p.fields[i*width+k]
	return p.text[f.from:f.to]
}

// parse finds the rows of the piece.
func (p *piece) parse(width int) {
	p.fields, p.rows, p.faults, p.odd = p.fields[:0], p.rows[:0], p.faults[:0], p.odd[:0]
	if p.rows == nil {
		p.rows, p.fields = make([]row, 0, len(p.text)/16), make([]field, 0, len(p.text)/16*width)
	}
	quoted := bytes.IndexByte(p.text, '"') >= 0
	line := 0
	for at := 0; at < len(p.text); {
		begin, lines := at, 1
		known := len(p.fields)
		end := -1
		if !quoted || p.text[at] != '"' {
			end = p.split(at)
		}
		if end >= 0 {
			at = end
		} else {
			p.fields = p.fields[:known]
			n, _ := rowEnd(p.text[at:], true)
			at += n
			lines = bytes.Count(p.text[begin:at], []byte("\n"))
			p.splitQuoted(begin, at, line)
		}
		switch got := len(p.fields) - known; got {
		case 0: // an empty line, or a fault that is noted
		case width:
			p.rows = append(p.rows, row{line: int32(line)})
		default:
			p.fields = p.fields[:known]
			p.fault(line, csv.ErrFieldCount.Error())
		}
		line += lines
	}
}

// split appends the fields of a line that begins at byte at, and returns where the next
// line begins. It returns -1 if there is a quote. An empty line has no fields. It looks at eight
// bytes at a time: of those that are at most a comma, which are few, it finds the first.
func (p *piece) split(at int) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	text, begin := p.text, at
	for i := at; ; {
		if i+8 <= len(text) {
			w := binary.LittleEndian.Uint64(text[i:])
			low := (w - each*(','+1)) &^ w & high // its lowest bit is right, those above may not be
			if low == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(low) / 8
		}
		if i >= len(text) {
			p.last(begin, at, i)
			return i
		}
		switch text[i] {
		case ',':
			p.fields = append(p.fields, field{int32(at), int32(i)})
			at = i + 1
		case '\n':
			p.last(begin, at, i)
			return i + 1
		case '"':
			return -1
		}
		i++
	}
}

// last appends the last field of the line that begins at byte begin, without the
// carriage return before the line's end.
func (p *piece) last(begin, at, end int) {
	if end > begin && p.text[end-1] == '\r' {
		end--
	}
	if end > begin {
		p.fields = append(p.fields, field{int32(at), int32(end)})
	}
}

// splitQuoted appends the fields of a row that has quotes. It puts their content in the
// place of the row, which is longer.
func (p *piece) splitQuoted(from, to, line int) {
	p.scratch = append(p.scratch[:0], p.text[from:to]...)
	known := len(p.fields)
	row := bytes.TrimSuffix(bytes.TrimSuffix(p.scratch, []byte("\n")), []byte("\r"))
	if p.unquote(row, from) {
		return
	}
	p.fields = p.fields[:known]
	bad := (*csv.ParseError)(nil)
	if _, err := csv.NewReader(bytes.NewReader(p.scratch)).Read(); errors.As(err, &bad) {
		p.fault(line, Misplaced(bad, p.line+line-1))
	}
}

// Misplaced says why a row could not be split into fields. The row is named by the line where it
// begins, because a quote may be missing there. So the reason has the line where the quote was
// noticed, if it is another one, after the lines before the text that was parsed.
func Misplaced(bad *csv.ParseError, before int) string {
	if bad.Line == bad.StartLine {
		return bad.Err.Error()
	}
	return fmt.Sprintf("%v, on line %d", bad.Err, before+bad.Line)
}

// unquote appends the fields of a row without its line end, and writes their content to
// the piece's text at byte to. It returns false if a quote is misplaced.
func (p *piece) unquote(row []byte, to int) bool {
	for {
		begin := to
		if len(row) == 0 || row[0] != '"' {
			end := bytes.IndexByte(row, ',')
			if end < 0 {
				end = len(row)
			}
			if bytes.IndexByte(row[:end], '"') >= 0 {
				return false
			}
			to += copy(p.text[to:], row[:end])
			row = row[end:]
		} else {
			end := closing(row, 1)
			if end < 0 || end < len(row) && row[end] != ',' {
				return false
			}
			for k := 1; k < end-1; k++ {
				if row[k] == '\r' && row[k+1] == '\n' {
					continue // a line end is one byte
				}
				p.text[to] = row[k]
				to++
				if row[k] == '"' {
					k++ // it is written twice
				}
			}
			row = row[end:]
		}
		p.fields = append(p.fields, field{int32(begin), int32(to)})
		if len(row) == 0 {
			return true
		}
		row = row[1:]
	}
}

func (p *piece) fault(line int, reason string) {
	p.faults = append(p.faults, syntaxFault{len(p.rows), p.line + line, reason})
}

// count is like parseCount, but returns -1 for a text that is no count.
func count(s []byte) int64 {
	n, ok := parseCount(s)
	if !ok {
		return -1
	}
	return n
}
