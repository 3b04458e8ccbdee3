package strictjson

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/crossholding/crossholding/internal/text"
)

// decoder walks through a file and stores its values.
type decoder struct {
	json    *json.Decoder
	opt     Options
	faults  Faults
	depth   int
	numeric bool // the next text may be a JSON number
}

// value reads the next JSON value into v. A value of the wrong shape is a fault.
// The error is for files that are not JSON or exceed a bound. If v is not valid
// the value is read and dropped.
func (d *decoder) value(place string, v reflect.Value) error {
	tok, err := d.json.Token()
	if err != nil {
		return err
	}
	switch t := tok.(type) {
	case json.Delim:
		if d.depth++; d.depth > maxDepth {
			return Fault{Reason: fmt.Sprintf("nested more than %d deep", maxDepth), Kind: TooLarge}
		}
		defer func() { d.depth-- }()
		if t == '{' {
			return d.object(place, v)
		}
		return d.array(place, v)
	case nil:
		if place == "" && v.IsValid() { // the file; what an empty key has may be dropped
			d.misshapen(place, v, "null")
		}
	case bool:
		d.boolean(place, v, t)
	case json.Number:
		d.number(place, v, t.String())
	case string:
		d.text(place, v, t)
	}
	return nil
}

func (d *decoder) boolean(place string, v reflect.Value, b bool) {
	switch {
	case !v.IsValid():
	case v.Kind() != reflect.Bool:
		d.misshapen(place, v, strconv.FormatBool(b))
	default:
		v.SetBool(b)
	}
}

func (d *decoder) number(place string, v reflect.Value, n string) {
	switch {
	case !v.IsValid():
	case isFigure(v):
		d.figure(place, v, n)
	case v.Type() == d.opt.Short && d.numeric:
		d.short(v, n)
	case v.Kind() != reflect.String || v.Type() != d.opt.Number && !d.numeric:
		d.misshapen(place, v, "the number "+text.Truncate(n, maxName))
	default:
		v.SetString(n)
	}
}

func (d *decoder) text(place string, v reflect.Value, s string) {
	switch {
	case !v.IsValid():
	case isFigure(v):
		d.figure(place, v, s)
	case v.Type() == d.opt.Short:
		d.short(v, s)
	case v.Kind() != reflect.String:
		d.misshapen(place, v, strconv.Quote(text.Truncate(s, maxName)))
	default:
		if s == "" && v.Type() == d.opt.Number {
			d.faults.add(place, NotNumber, `"" is not a decimal number`)
		}
		v.SetString(s)
	}
}

// isFigure reports whether v holds a number that is not kept as text: a whole number, a float,
// or a type that reads itself from text.
func isFigure(v reflect.Value) bool {
	return readsItself(v) || v.CanInt() || v.CanUint() || v.CanFloat()
}

func readsItself(v reflect.Value) bool {
	return v.CanAddr() && v.Addr().Type().Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// figure reads a number into v. A text that is not such a number is a fault.
func (d *decoder) figure(place string, v reflect.Value, s string) {
	var err error
	what := "a whole number"
	switch {
	case readsItself(v):
		if err = v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(s)); err == nil {
			return
		}
		reason := err.Error()
		if e, ok := err.(interface{ Message() string }); ok {
			reason = e.Message()
		}
		d.faults.add(place, NotNumber, "%s", reason)
		return
	case v.CanInt():
		var n int64
		if n, err = strconv.ParseInt(s, 10, v.Type().Bits()); err == nil {
			v.SetInt(n)
		}
	case v.CanUint():
		var n uint64
		if n, err = strconv.ParseUint(s, 10, v.Type().Bits()); err == nil {
			v.SetUint(n)
		}
		what += " of at least 0"
	default:
		var x float64
		if strings.Trim(s, "0123456789+-.eE") != "" { // ParseFloat reads "NaN" and "0x1p-2"
			err = strconv.ErrSyntax
		} else if x, err = strconv.ParseFloat(s, v.Type().Bits()); err == nil {
			v.SetFloat(x)
		}
		what = "a number"
	}
	switch {
	case errors.Is(err, strconv.ErrRange):
		d.faults.add(place, NotNumber, "%s is out of range", text.Truncate(s, maxName))
	case err != nil:
		d.faults.add(place, NotNumber, "%q is not %s", text.Truncate(s, maxName), what)
	}
}

// short stores one text as the value of the key "" of a map.
func (d *decoder) short(v reflect.Value, s string) {
	v.Set(reflect.MakeMap(v.Type()))
	v.SetMapIndex(reflect.ValueOf(""), reflect.ValueOf(s).Convert(v.Type().Elem()))
}

// object reads the rest of an object into a struct, a pointer to one, or a map.
func (d *decoder) object(place string, v reflect.Value) error {
	if v.IsValid() && v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	var err error
	switch {
	case v.IsValid() && v.Kind() == reflect.Map:
		err = d.mapping(place, v)
	case v.IsValid() && v.Kind() == reflect.Struct && !readsItself(v):
		err = d.structure(place, v)
	default:
		if v.IsValid() {
			d.misshapen(place, v, "an object")
		}
		err = d.entries(place, func(at, _ string) error { return d.value(at, reflect.Value{}) })
	}
	if err != nil {
		return err
	}
	_, err = d.json.Token()
	return err
}

// entries calls entry for every key of an object, with the key's place.
func (d *decoder) entries(place string, entry func(at, key string) error) error {
	for d.json.More() {
		tok, err := d.json.Token()
		if err != nil {
			return err
		}
		key := tok.(string)
		at := text.Truncate(key, maxName)
		if place != "" {
			at = place + "." + at
		}
		if err := entry(at, key); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) mapping(place string, v reflect.Value) error {
	numeric := d.numeric
	v.Set(reflect.MakeMap(v.Type()))
	return d.entries(place, func(at, key string) error {
		if v.MapIndex(reflect.ValueOf(key)).IsValid() {
			d.faults.add(at, Repeated, "key given twice")
		}
		d.numeric = numeric
		value := reflect.New(v.Type().Elem()).Elem()
		if err := d.value(at, value); err != nil {
			return err
		}
		v.SetMapIndex(reflect.ValueOf(key), value)
		return nil
	})
}

func (d *decoder) structure(place string, v reflect.Value) error {
	var seen []string
	return d.entries(place, func(at, key string) error {
		field := fieldOf(v, key)
		if !field.IsValid() {
			d.faults.add(at, Syntax, "unknown key")
		} else if slices.Contains(seen, key) {
			d.faults.add(at, Repeated, "key given twice")
		}
		if seen = append(seen, key); len(seen) > maxKeys {
			return Fault{place, fmt.Sprintf("more than %d keys", maxKeys), TooLarge}
		}
		d.numeric = slices.Contains(d.opt.NumericKeys, key)
		return d.value(at, field)
	})
}

// fieldOf returns the field of struct v, or of a struct that is embedded in it, whose key is
// key. The field is not valid if there is none.
func fieldOf(v reflect.Value, key string) reflect.Value {
	if key == "" || key == "-" {
		return reflect.Value{} // fields without a key
	}
	t := v.Type()
	var inner reflect.Value
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == key {
			return v.Field(i)
		}
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "" && !inner.IsValid() {
			inner = fieldOf(v.Field(i), key)
		}
	}
	return inner
}

// array reads the rest of an array into a slice.
func (d *decoder) array(place string, v reflect.Value) error {
	if v.IsValid() && v.Kind() != reflect.Slice {
		d.misshapen(place, v, "an array")
		v = reflect.Value{}
	}
	for i := 0; d.json.More(); i++ {
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
	_, err := d.json.Token()
	return err
}

// misshapen adds the fault that the file has the kind of value in got where v needs
// another.
func (d *decoder) misshapen(place string, v reflect.Value, got string) {
	want := map[reflect.Kind]string{
		reflect.Bool: "true or false", reflect.String: "a string", reflect.Slice: "an array",
		reflect.Struct: "an object", reflect.Map: "an object", reflect.Pointer: "an object",
	}[v.Kind()]
	if v.Type() == d.opt.Number || isFigure(v) {
		want = "a number"
	}
	if place == "" {
		place = "file"
	}
	d.faults.add(place, Syntax, "%s where %s belongs", got, want)
}
