package crossholding

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/crossholding/crossholding/ratio"
)

// Bounds on a file.
const (
	maxFileBytes = 256 << 20
	maxFileDepth = 32
)

// decodeJSON reads one JSON value from r into the struct that into points to.
// Numbers are taken from their text, unknown and repeated keys are faults, and
// every fault of the file is reported with its place.
func decodeJSON(r io.Reader, into any) error {
	source := &failingReader{r: r}
	text := &utf8Reader{r: source}
	pairs := &pairReader{r: withoutBOM(text)}
	limited := &io.LimitedReader{R: pairs, N: maxFileBytes + 1}
	dec := json.NewDecoder(limited)
	dec.UseNumber()
	var f faults
	d := decoder{dec: dec, faults: &f}
	err := d.value("", reflect.ValueOf(into).Elem())
	if err == nil {
		if _, end := dec.Token(); !errors.Is(end, io.EOF) {
			err = fmt.Errorf("something follows the end at byte %d", dec.InputOffset())
		}
	}
	switch {
	case source.err != nil:
		return fmt.Errorf("crossholding: %w", source.err)
	case limited.N <= 0:
		return fmt.Errorf("crossholding: file of over %d bytes: %w", maxFileBytes, ErrTooLarge)
	case errors.Is(err, ErrTooLarge):
		return fmt.Errorf("crossholding: %w", err)
	case err != nil:
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		f.add("", ErrSyntax, "not JSON: %v", err)
	case text.bad:
		f.add("", ErrSyntax, "not JSON: bytes that are not UTF-8")
	case pairs.bad != "":
		f.add("", ErrSyntax, `%s is half of a character, without its other half`, pairs.bad)
	}
	return f.err()
}

// failingReader remembers why reading failed, which is no fault of the file.
type failingReader struct {
	r   io.Reader
	err error
}

func (f *failingReader) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		f.err = err
	}
	return n, err
}

// utf8Reader notes whether what was read is UTF-8. Package json reads bytes
// that are not as U+FFFD, so that two names could become one.
type utf8Reader struct {
	r    io.Reader
	rest []byte // the begun character at the end
	bad  bool
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
	u.bad = u.bad || !utf8.Valid(text[:end])
	u.rest = append([]byte(nil), text[end:]...)
	return n, err
}

// pairReader notes the first escape such as \ud83d that stands for half of a
// character without its other half next to it. Package json reads it as U+FFFD,
// so that two names could become one.
type pairReader struct {
	r    io.Reader
	bad  string
	text [6]byte // the escape begun
	n    int     // how much of it there is
	high string  // the first half that the text before it ends with
}

func (p *pairReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	for i := 0; i < n; i++ {
		c := b[i]
		if p.n == 0 && c != '\\' {
			p.lone()
			next := bytes.IndexByte(b[i:n], '\\')
			if next < 0 {
				break
			}
			i += next - 1
			continue
		}
		p.text[p.n] = c
		if p.n++; p.n == 2 && c != 'u' {
			p.lone()
			p.n = 0
		} else if p.n == len(p.text) {
			p.escape(string(p.text[:]))
			p.n = 0
		}
	}
	return n, err
}

// escape takes a whole \uXXXX.
func (p *pairReader) escape(text string) {
	u, err := strconv.ParseUint(text[2:], 16, 16)
	switch {
	case err == nil && 0xdc00 <= u && u <= 0xdfff && p.high != "":
		p.high = ""
		return
	case err == nil && 0xdc00 <= u && u <= 0xdfff && p.bad == "":
		p.bad = text
	}
	p.lone()
	if err == nil && 0xd800 <= u && u <= 0xdbff {
		p.high = text
	}
}

// lone says that a first half, if there is one, stays alone.
func (p *pairReader) lone() {
	if p.high != "" && p.bad == "" {
		p.bad = p.high
	}
	p.high = ""
}

// withoutBOM leaves out the byte order mark with which some programs, Excel
// among them, begin a file.
func withoutBOM(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(3) // they are there: Peek saw them
	}
	return b
}

type decoder struct {
	dec    *json.Decoder
	faults *faults
	depth  int
	number bool // a JSON number may stand for the text that comes next
}

// value reads the next JSON value into v. A value of the wrong shape is a
// fault; the error is for files that are not JSON at all.
func (d *decoder) value(place string, v reflect.Value) error {
	tok, err := d.dec.Token()
	if err != nil {
		return err
	}
	return d.assign(place, tok, v)
}

func (d *decoder) assign(place string, tok json.Token, v reflect.Value) error {
	switch t := tok.(type) {
	case json.Delim:
		if d.depth++; d.depth > maxFileDepth {
			return fmt.Errorf("nested more than %d deep: %w", maxFileDepth, ErrTooLarge)
		}
		defer func() { d.depth-- }()
		if t == '{' {
			return d.object(place, v)
		}
		return d.array(place, v)
	case nil:
		if place == "" {
			d.wrong(place, v, "null")
		}
	case bool:
		if !v.IsValid() {
			return nil
		}
		if v.Kind() != reflect.Bool {
			d.wrong(place, v, strconv.FormatBool(t))
			return nil
		}
		v.SetBool(t)
	case json.Number:
		if !v.IsValid() {
			return nil
		}
		if v.Type() != reflect.TypeFor[ratio.Number]() && (!d.number || v.Kind() != reflect.String) {
			d.wrong(place, v, "the number "+abbreviate(t.String()))
			return nil
		}
		v.SetString(t.String())
	case string:
		if !v.IsValid() {
			return nil
		}
		if v.Kind() != reflect.String {
			d.wrong(place, v, strconv.Quote(abbreviate(t)))
			return nil
		}
		if v.Type() == reflect.TypeFor[ratio.Number]() && t == "" {
			d.faults.add(place, ratio.ErrNumber, `"" is not a decimal number`)
		}
		v.SetString(t)
	}
	return nil
}

func (d *decoder) object(place string, v reflect.Value) error {
	var seen []string
	number := d.number
	if v.IsValid() && v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	asMap := v.IsValid() && v.Kind() == reflect.Map
	asStruct := v.IsValid() && v.Kind() == reflect.Struct
	if v.IsValid() && !asMap && !asStruct {
		d.wrong(place, v, "an object")
	}
	if asMap {
		v.Set(reflect.MakeMap(v.Type()))
	}
	for d.dec.More() {
		tok, err := d.dec.Token()
		if err != nil {
			return err
		}
		key := tok.(string)
		at := join(place, abbreviate(key))
		var field reflect.Value
		switch {
		case asMap:
			field = reflect.New(v.Type().Elem()).Elem()
			if v.MapIndex(reflect.ValueOf(key)).IsValid() {
				d.faults.add(at, ErrDuplicate, "key given twice")
			}
		case asStruct:
			if field, number = fieldByKey(v, key); !field.IsValid() {
				d.faults.add(at, ErrSyntax, "unknown key")
			} else if slices.Contains(seen, key) {
				d.faults.add(at, ErrDuplicate, "key given twice")
			}
			seen = append(seen, key)
			if len(seen) > 1000 {
				return fmt.Errorf("%s: more than 1000 keys: %w", place, ErrTooLarge)
			}
		}
		d.number = number
		if err := d.value(at, field); err != nil {
			return err
		}
		if asMap {
			v.SetMapIndex(reflect.ValueOf(key), field)
		}
	}
	_, err := d.dec.Token()
	return err
}

func (d *decoder) array(place string, v reflect.Value) error {
	if v.IsValid() && v.Kind() != reflect.Slice {
		d.wrong(place, v, "an array")
		v = reflect.Value{}
	}
	for i := 0; d.dec.More(); i++ {
		var item reflect.Value
		if v.IsValid() {
			v.Grow(1)
			v.SetLen(i + 1)
			item = v.Index(i)
			item.SetZero()
		}
		if err := d.value(fmt.Sprintf("%s[%d]", place, i), item); err != nil {
			return err
		}
	}
	_, err := d.dec.Token()
	return err
}

func (d *decoder) wrong(place string, v reflect.Value, got string) {
	want := map[reflect.Kind]string{
		reflect.Bool: "true or false", reflect.String: "a string", reflect.Slice: "an array",
		reflect.Struct: "an object", reflect.Map: "an object", reflect.Pointer: "an object",
	}[v.Kind()]
	if v.Type() == reflect.TypeFor[ratio.Number]() {
		want = "a number"
	}
	if place == "" {
		place = "file"
	}
	d.faults.add(place, ErrSyntax, "%s where %s belongs", got, want)
}

// fieldByKey finds the field of struct v whose JSON name is key. Number says
// that its text, or texts, may be given as JSON numbers too.
func fieldByKey(v reflect.Value, key string) (field reflect.Value, number bool) {
	t := v.Type()
	for i := range t.NumField() {
		if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name == key {
			return v.Field(i), t.Field(i).Tag.Get("number") == "text"
		}
	}
	return reflect.Value{}, false
}

func join(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}

func abbreviate(s string) string { return clip(s, 60) }
