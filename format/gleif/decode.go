package gleif

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/crossholding/crossholding/format/internal/bounded"
)

// decoding lets a decoder read the bytes of a file from the next part on.
type decoding struct {
	*xmlFile
	before strings.Reader // tags of the open elements
	read   int            // bytes of the part
}

// ReadByte implements [io.ByteReader], so that the decoder does not read ahead.
func (d *decoding) ReadByte() (byte, error) {
	if c, err := d.before.ReadByte(); err == nil {
		return c, nil
	}
	if d.read > bounded.Max {
		return 0, bounded.ErrLong
	}
	for d.pos+d.read == len(d.buf) {
		if d.err != nil {
			return 0, d.err
		}
		d.fill()
	}
	d.read++
	return d.buf[d.pos+d.read-1], nil
}

// Read is not called: the decoder reads byte by byte.
func (d *decoding) Read([]byte) (int, error) { return 0, errors.ErrUnsupported }

// xmlError is what is wrong with a file from a line on.
type xmlError struct {
	error
	line int
}

// decode takes the next part as a decoder reads it that has read the tags of the open elements. It
// returns what next does.
func (x *xmlFile) decode(f *fields) (line int, err error) {
	in := &decoding{xmlFile: x}
	var tags strings.Builder
	for _, name := range x.open {
		tags.WriteString("<" + name + ">")
	}
	in.before.Reset(tags.String())
	d := xml.NewDecoder(in)
	at := func() int {
		n, _ := d.InputPos()
		return x.line + n - 1
	}
	for range x.open {
		if _, err := d.Token(); err != nil {
			return 0, xmlError{err, at()}
		}
	}
	token, err := d.Token()
	if err == io.EOF {
		return 0, io.EOF
	}
	if t, ok := token.(xml.StartElement); ok && isRecord([]byte(t.Name.Local)) {
		line = at()
		err = f.element(d, t.Name.Local)
	}
	end := x.pos + int(d.InputOffset()) - tags.Len()
	if err == nil && line == 0 {
		err = x.nest(token, x.buf[x.pos:end])
	}
	if err != nil {
		return 0, xmlError{err, at()}
	}
	x.take(end)
	return line, nil
}

// nest keeps the open elements after a token outside of records, of which it has the bytes.
func (x *xmlFile) nest(token xml.Token, raw []byte) error {
	switch token.(type) {
	case xml.EndElement:
		x.open = x.open[:len(x.open)-1] // the decoder has compared the names
	case xml.StartElement:
		if len(x.open) >= maxDepth {
			return &xml.SyntaxError{Msg: "elements lie too deep"}
		}
		if !bytes.HasSuffix(raw, []byte("/>")) {
			name := raw[1:]
			x.open = append(x.open, string(name[:bytes.IndexAny(name, " \t\r\n/>")]))
		}
	}
	return nil
}
