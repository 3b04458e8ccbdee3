package gleif

import (
	"bytes"
	"io"
	"unicode/utf8"

	"github.com/crossholding/crossholding/format/internal/bounded"
)

// xmlFile cuts an XML file into its parts: whole records, and outside of records single tags,
// texts and the like. It scans plain tags and texts itself. All else, and each fault, it leaves to
// the decoder of encoding/xml, one part at a time: comments, CDATA, instructions, character references, and
// names and texts of other than ASCII letters that it is not sure of.
type xmlFile struct {
	r    io.Reader
	err  error    // of r
	buf  []byte   // bytes of the file that are not taken
	pos  int      // of the next part in buf
	line int      // of the next part, from 1
	open []string // names of the open elements, with their prefixes

	path    [][]byte // names of the open elements of a record, with their prefixes
	scratch []byte   // texts of a record that are not bytes of the file
}

func newXMLFile(r io.Reader) *xmlFile { return &xmlFile{r: r, line: 1} }

// outcome is what a scan of a part has led to.
type outcome uint8

const (
	taken  outcome = iota // a part was taken
	short                 // the part may go on after what has been read
	unsure                // the decoder must read the part
)

// next takes the next part. If it is a record, it fills f, whose texts are valid until the next
// call, and returns the line on which the record's first tag ends. Otherwise the line is 0. It
// returns [io.EOF] at the end of the file, and an [xmlError].
func (x *xmlFile) next(f *fields) (line int, err error) {
	for {
		end, line, result := x.part(f)
		switch {
		case result == taken && end-x.pos <= bounded.Max:
			x.take(end)
			return line, nil
		case result != short || x.err != nil || len(x.buf)-x.pos > bounded.Max:
			return x.decode(f)
		}
		x.fill()
	}
}

// take moves to the part that begins at end.
func (x *xmlFile) take(end int) {
	x.line += bytes.Count(x.buf[x.pos:end], []byte("\n"))
	x.pos = end
}

// fill reads more of the file, and keeps all from the start of the part. It reads as much again
// as it keeps, so that a part is not scanned many times.
func (x *xmlFile) fill() {
	if x.pos > 0 {
		x.buf = x.buf[:copy(x.buf, x.buf[x.pos:])]
		x.pos = 0
	}
	want := 2*len(x.buf) + minFill
	if want > cap(x.buf) {
		x.buf = append(make([]byte, 0, want), x.buf...)
	}
	for empty := 0; len(x.buf) < want && x.err == nil; empty++ {
		n := 0
		n, x.err = x.r.Read(x.buf[len(x.buf):want])
		if x.buf = x.buf[:len(x.buf)+n]; n > 0 {
			empty = 0
		}
		if empty == 100 && x.err == nil {
			x.err = io.ErrNoProgress
		}
	}
}

// minFill is the smallest number of bytes that are read at once.
const minFill = 1 << 16

// part scans the next part, and returns where it ends, and of a record the line of its first tag.
func (x *xmlFile) part(f *fields) (end, line int, result outcome) {
	if x.pos == len(x.buf) {
		return 0, 0, short
	}
	if x.buf[x.pos] != '<' {
		i := x.pos
		for i < len(x.buf) && plainText[x.buf[i]] {
			i++
		}
		switch {
		case i == len(x.buf):
			return 0, 0, short
		case x.buf[i] != '<':
			return 0, 0, unsure
		}
		return i, 0, taken
	}
	t, result := x.tag(x.pos)
	switch {
	case result != taken:
		return 0, 0, result
	case t.closes:
		n := len(x.open) - 1
		if n < 0 || x.open[n] != string(t.name) {
			return 0, 0, unsure
		}
		x.open = x.open[:n]
	case isRecord(local(t.name)):
		end, result = x.record(f, t)
		return end, x.line + bytes.Count(x.buf[x.pos:t.end], []byte("\n")), result
	case len(x.open) >= maxDepth:
		return 0, 0, unsure
	case !t.empty:
		x.open = append(x.open, string(t.name))
	}
	return t.end, 0, taken
}

// isRecord reports whether an element is a record.
func isRecord(name []byte) bool {
	return string(name) == "RelationshipRecord" || string(name) == "Exception"
}

// local returns a name without its prefix.
func local(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// tag is a tag of the file.
type tag struct {
	name   []byte // with its prefix
	end    int    // where it ends
	closes bool   // it is the end of an element
	empty  bool   // it is an element without content
}

// tag scans the tag at i.
func (x *xmlFile) tag(i int) (t tag, result outcome) {
	d := x.buf
	i++ // the bracket
	if i < len(d) && d[i] == '/' {
		t.closes = true
		i++
	}
	from, colon := i, -1
	for i < len(d) && nameClass[d[i]] != 0 {
		if d[i] == ':' {
			if colon >= 0 {
				return t, unsure
			}
			colon = i
		}
		i++
	}
	if i == len(d) {
		return t, short
	}
	if i == from || nameClass[d[from]] != starts || colon >= 0 && (colon+1 == i || nameClass[d[colon+1]] != starts) {
		return t, unsure
	}
	t.name = d[from:i]
	if blank[d[i]] {
		if i, result = x.attributes(i, t.closes); result != taken {
			return t, result
		}
	}
	if d[i] == '/' && !t.closes {
		t.empty = true
		if i++; i == len(d) {
			return t, short
		}
	}
	if d[i] != '>' {
		return t, unsure
	}
	t.end = i + 1
	return t, taken
}

// attributes scans the blanks and attributes from i, and returns where they end, which is within
// what has been read.
func (x *xmlFile) attributes(i int, closes bool) (end int, result outcome) {
	d := x.buf
	for {
		for i < len(d) && blank[d[i]] {
			i++
		}
		from := i
		for i < len(d) && nameClass[d[i]] != 0 {
			i++
		}
		switch {
		case i == len(d):
			return 0, short
		case i == from:
			return i, taken
		case closes || nameClass[d[from]] != starts || bytes.IndexByte(d[from:i], ':') != bytes.LastIndexByte(d[from:i], ':') || d[i] != '=':
			return 0, unsure
		}
		if i++; i == len(d) {
			return 0, short
		}
		quote := d[i]
		if quote != '"' && quote != '\'' {
			return 0, unsure
		}
		for i++; i < len(d) && d[i] != quote; i++ {
			if !plainText[d[i]] {
				return 0, unsure
			}
		}
		if i == len(d) {
			return 0, short
		}
		i++
	}
}

// record scans the record that begins with a tag, and returns where it ends.
func (x *xmlFile) record(f *fields, t tag) (end int, result outcome) {
	f.reset()
	i := t.end
	x.path, x.scratch = append(x.path[:0], t.name), x.scratch[:0]
	if t.empty {
		x.path = x.path[:0]
	}
	var text []byte
	for len(x.path) > 0 {
		if text, i, result = x.text(i); result != taken {
			return 0, result
		}
		next, result := x.tag(i)
		if result != taken {
			return 0, result
		}
		i = next.end
		n := len(x.path) - 1
		switch name := local(next.name); {
		case next.closes:
			if !bytes.Equal(x.path[n], next.name) {
				return 0, unsure
			}
			if n > 0 {
				f.set(local(x.path[n-1]), name, text)
			}
			x.path = x.path[:n]
		case next.empty:
			f.open(name)
			f.set(local(x.path[n]), name, nil)
		default:
			f.open(name)
			x.path = append(x.path, next.name)
		}
	}
	return i, taken
}

// text scans the text from i, and returns it without blanks at its ends, and where it ends.
func (x *xmlFile) text(from int) (text []byte, end int, result outcome) {
	d, i := x.buf, from
	ascii := true
	for ; i < len(d); i++ {
		c := d[i]
		switch {
		case plainText[c]:
			continue
		case c == '<':
			text = d[from:i]
			if ascii {
				text = trim(text)
			} else if text = bytes.TrimSpace(text); !validText(text) {
				return nil, 0, unsure
			}
			if bytes.IndexByte(text, '\r') >= 0 {
				return nil, 0, unsure
			}
			return text, i, taken
		case c == '&':
			return x.entities(from, i)
		case c < utf8.RuneSelf:
			return nil, 0, unsure
		}
		ascii = false
	}
	return nil, 0, short
}

// trim returns an ASCII text without blanks at its ends.
func trim(text []byte) []byte {
	for len(text) > 0 && blank[text[0]] {
		text = text[1:]
	}
	for len(text) > 0 && blank[text[len(text)-1]] {
		text = text[:len(text)-1]
	}
	return text
}

// validText reports whether a text that is not ASCII has only characters of XML.
func validText(text []byte) bool {
	return utf8.Valid(text) && !bytes.Contains(text, []byte("\ufffe")) && !bytes.Contains(text, []byte("\uffff"))
}

// entities scans a text from the place of its first entity. Only ASCII texts with entities of XML
// itself are sure.
func (x *xmlFile) entities(from, i int) (text []byte, end int, result outcome) {
	d, start := x.buf, len(x.scratch)
	x.scratch = append(x.scratch, d[from:i]...)
	for i < len(d) {
		switch c := d[i]; {
		case c == '<':
			if text = trim(x.scratch[start:]); bytes.IndexByte(text, '\r') >= 0 || bytes.ContainsFunc(x.scratch[start:], notASCII) {
				return nil, 0, unsure
			}
			return text, i, taken
		case c == '&':
			n := bytes.IndexByte(d[i:min(len(d), i+len("&quot;"))], ';')
			if n < 0 {
				if len(d)-i < len("&quot;") {
					return nil, 0, short
				}
				return nil, 0, unsure
			}
			char := entityOf[string(d[i+1:i+n])]
			if char == 0 {
				return nil, 0, unsure
			}
			x.scratch = append(x.scratch, char)
			i += n + 1
		case !plainText[c]:
			return nil, 0, unsure
		default:
			x.scratch = append(x.scratch, c)
			i++
		}
	}
	return nil, 0, short
}

func notASCII(r rune) bool { return r >= utf8.RuneSelf }

var entityOf = map[string]byte{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// starts is the class of a byte that can begin a name, and continues that of one that can be
// in a name. The colon is among the latter.
const starts, continues = 1, 2

var nameClass, plainText, blank = func() (names [256]uint8, text, blanks [256]bool) {
	for c := range 256 {
		switch b := byte(c); {
		case 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '_':
			names[c] = starts
		case '0' <= b && b <= '9' || b == '-' || b == '.' || b == ':':
			names[c] = continues
		}
		blanks[c] = c == ' ' || c == '\t' || c == '\n' || c == '\r'
		text[c] = blanks[c] || c > ' ' && c < 0x7f && c != '<' && c != '&' && c != ']'
	}
	return names, text, blanks
}()
