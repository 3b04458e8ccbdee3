package register

import (
	"bytes"
	"encoding/csv"
	"errors"
	"hash/maphash"

	"github.com/crossholding/crossholding/internal/ident"
)

// piece is a part of a file, with its rows once it is parsed. Its memory is used again.
type piece struct {
	text  []byte
	line  int           // of the file, at which the text begins, from 1
	err   error         // why no piece follows; io.EOF at the end of the file
	ready chan struct{} // receives a value when the piece is parsed

	fields []field // of all rows, one after the other
	rows   []row
	faults []syntaxFault

	scratch []byte
}

// field is the part of a piece's text from byte from to byte to.
type field struct{ from, to int32 }

// row has what is computed about a row apart from the others.
type row struct {
	line   int32  // of the piece, from 0
	flags  uint8  // of the first field, an id
	first  uint64 // the hash of the first field
	second uint64 // the hash of the second field
	count  int64  // the last field that has to be a count of shares, or -1
}

// The flags of a row.
const (
	noHolder   = 1 << iota // the first field is empty or reserved
	plainID                // the first field has no fault as an id
	sameSecond             // the second field is that of the row before
	sameBoth               // the first field is the second
)

// syntaxFault says that a row could not be split into fields.
type syntaxFault struct {
	before int // the rows of the piece before it
	line   int // of the file
	reason string
}

// bytes returns field k of row i.
func (p *piece) bytes(i, width, k int) []byte {
	f := p.fields[i*width+k]
	return p.text[f.from:f.to]
}

// parse finds the rows of the piece.
func (p *piece) parse(width int, seed maphash.Seed) {
	p.fields, p.rows, p.faults = p.fields[:0], p.rows[:0], p.faults[:0]
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
			p.fault(line, csv.ErrFieldCount)
		}
		line += lines
	}
	p.describe(width, seed)
}

// split appends the fields of a line that begins at byte at, and returns where the next
// line begins. It returns -1 if there is a quote. An empty line has no fields.
func (p *piece) split(at int) int {
	text, begin := p.text, at
	i := at
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c > ',':
		case c == ',':
			p.fields = append(p.fields, field{int32(at), int32(i)})
			at = i + 1
		case c == '\n':
			p.last(begin, at, i)
			return i + 1
		case c == '"':
			return -1
		}
	}
	p.last(begin, at, i)
	return i
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
		p.fault(line+bad.Line-1, bad.Err)
	}
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

func (p *piece) fault(line int, err error) {
	p.faults = append(p.faults, syntaxFault{len(p.rows), p.line + line, err.Error()})
}

// describe computes what is known of each row apart from the others.
func (p *piece) describe(width int, seed maphash.Seed) {
	var before []byte
	var hash uint64
	for i := range p.rows {
		r := &p.rows[i]
		first, second := p.bytes(i, width, 0), p.bytes(i, width, 1)
		r.first = maphash.Bytes(seed, first)
		if len(first) == 0 || ident.Reserved(string(first)) {
			r.flags |= noHolder
		}
		if plain(first) {
			r.flags |= plainID
		}
		if width != stakeFields {
			r.count = count(second)
			continue
		}
		if i > 0 && bytes.Equal(second, before) {
			r.flags |= sameSecond
		} else {
			before, hash = second, maphash.Bytes(seed, second)
		}
		r.second = hash
		if bytes.Equal(first, second) {
			r.flags |= sameBoth
		}
		r.count = count(p.bytes(i, width, 2))
	}
}

// plain reports whether an id has only visible ASCII, and so no fault, without asking
// [ident.Fault].
func plain(id []byte) bool {
	if len(id) > 100 {
		return false
	}
	for _, c := range id {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// count is like parseCount, but returns -1 for a text that is no count.
func count(s []byte) int64 {
	n, ok := parseCount(s)
	if !ok {
		return -1
	}
	return n
}
