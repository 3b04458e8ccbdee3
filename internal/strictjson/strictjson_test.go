package strictjson_test

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/strictjson"
	"github.com/crossholding/crossholding/internal/testkit"
)

type number string

type file struct {
	Title  string            `json:"title,omitempty"`
	Done   bool              `json:"done,omitempty"`
	Count  number            `json:"count,omitempty"`
	Limit  string            `json:"limit,omitempty"`
	Prices map[string]string `json:"prices,omitempty"`
	Rates  map[string]number `json:"rates,omitempty"`
	Names  []string          `json:"names,omitempty"`
	Rows   []row             `json:"rows,omitempty"`
	Extra  *row              `json:"extra,omitempty"`
	Hidden string            `json:"-"`
}

type row struct {
	ID    string `json:"id"`
	Count number `json:"count,omitempty"`
	Rows  []row  `json:"rows,omitempty"`
}

var options = strictjson.Options{Number: reflect.TypeFor[number](), NumericKeys: []string{"limit", "prices"}}

func decode(t *testing.T, text string) (file, strictjson.Faults) {
	t.Helper()
	var f file
	found, err := strictjson.Decode(strings.NewReader(text), &f, options)
	require.NoError(t, err)
	return f, found
}

func TestDecode(t *testing.T) {
	const text = "\ufeff" + `{"title": "a", "done": true, "count": 1.50, "limit": 15, "prices": {"a": 1e3, "b": "5 EUR"},
		"rates": {"x": 2, "y": "3"}, "names": ["é", null, "日産"], "rows": [{"id": "r", "count": "1/3", "rows": [{"id": "s"}]}], "extra": {"id": "e"}}`
	want := file{
		Title: "a", Done: true, Count: "1.50", Limit: "15", Prices: map[string]string{"a": "1e3", "b": "5 EUR"},
		Rates: map[string]number{"x": "2", "y": "3"}, Names: []string{"é", "", "日産"},
		Rows: []row{{ID: "r", Count: "1/3", Rows: []row{{ID: "s"}}}}, Extra: &row{ID: "e"},
	}
	f, found := decode(t, text)
	require.Empty(t, found)
	require.Equal(t, want, f)
	var byByte file
	found, err := strictjson.Decode(iotest.OneByteReader(strings.NewReader(text)), &byByte, options)
	require.NoError(t, err)
	require.Empty(t, found)
	require.Equal(t, want, byByte)
}

func TestFaults(t *testing.T) {
	long := strings.Repeat("é", 40)
	for name, c := range map[string]struct {
		text string
		want []strictjson.Fault
	}{
		"unknown key":           {`{"titel": "a"}`, []strictjson.Fault{{"titel", "unknown key", strictjson.Syntax}}},
		"key of no field":       {`{"": "a", "-": "a"}`, []strictjson.Fault{{"", "unknown key", strictjson.Syntax}, {"-", "unknown key", strictjson.Syntax}}},
		"key in other case":     {`{"Title": "a"}`, []strictjson.Fault{{"Title", "unknown key", strictjson.Syntax}}},
		"unknown key inside":    {`{"rows": [{"id": "a"}, {"rows": [{"name": 1}]}]}`, []strictjson.Fault{{"rows[1].rows[0].name", "unknown key", strictjson.Syntax}}},
		"unknown object":        {`{"x": {"title": [1, {"y": "\n"}]}}`, []strictjson.Fault{{"x", "unknown key", strictjson.Syntax}}},
		"repeated key":          {`{"title": "a", "title": "b"}`, []strictjson.Fault{{"title", "key given twice", strictjson.Repeated}}},
		"repeated, escaped":     {`{"title": "a", "\u0074itle": "b"}`, []strictjson.Fault{{"title", "key given twice", strictjson.Repeated}}},
		"repeated key of map":   {`{"prices": {"a": "1", "b": "2", "a": "3"}}`, []strictjson.Fault{{"prices.a", "key given twice", strictjson.Repeated}}},
		"long key":              {`{"` + long + `": 1}`, []strictjson.Fault{{strings.Repeat("é", 28) + "...", "unknown key", strictjson.Syntax}}},
		"empty number":          {`{"rows": [{"id": "", "count": ""}]}`, []strictjson.Fault{{"rows[0].count", `"" is not a decimal number`, strictjson.NotNumber}}},
		"number for string":     {`{"title": 5}`, []strictjson.Fault{{"title", "the number 5 where a string belongs", strictjson.Syntax}}},
		"number after numeric":  {`{"limit": 5, "names": ["a", 5]}`, []strictjson.Fault{{"names[1]", "the number 5 where a string belongs", strictjson.Syntax}}},
		"number for bool":       {`{"limit": 5, "done": 5}`, []strictjson.Fault{{"done", "the number 5 where true or false belongs", strictjson.Syntax}}},
		"long number":           {`{"title": ` + strings.Repeat("9", 70) + `}`, []strictjson.Fault{{"title", "the number " + strings.Repeat("9", 57) + "... where a string belongs", strictjson.Syntax}}},
		"bool for number":       {`{"count": true}`, []strictjson.Fault{{"count", "true where a number belongs", strictjson.Syntax}}},
		"string for bool":       {`{"done": "yes"}`, []strictjson.Fault{{"done", `"yes" where true or false belongs`, strictjson.Syntax}}},
		"string for array":      {`{"rows": "none"}`, []strictjson.Fault{{"rows", `"none" where an array belongs`, strictjson.Syntax}}},
		"array for object":      {`{"extra": [{"id": 5}]}`, []strictjson.Fault{{"extra", "an array where an object belongs", strictjson.Syntax}}},
		"object for string":     {`{"title": {"a": {"b": 1}}}`, []strictjson.Fault{{"title", "an object where a string belongs", strictjson.Syntax}}},
		"object for numeric":    {`{"limit": {"a": 1}}`, []strictjson.Fault{{"limit", "an object where a string belongs", strictjson.Syntax}}},
		"array for file":        {`["a"]`, []strictjson.Fault{{"file", "an array where an object belongs", strictjson.Syntax}}},
		"null for file":         {`null`, []strictjson.Fault{{"file", "null where an object belongs", strictjson.Syntax}}},
		"nothing":               {``, []strictjson.Fault{{"", "not JSON: unexpected EOF", strictjson.Syntax}}},
		"cut off":               {`{"rows": [{"id": "a"`, []strictjson.Fault{{"", "not JSON: unexpected EOF", strictjson.Syntax}}},
		"more than one value":   {`{} {}`, []strictjson.Fault{{"", "not JSON: something follows the end at byte 4", strictjson.Syntax}}},
		"not UTF-8":             {"{\"title\": \"\xff\"}", []strictjson.Fault{{"", "not JSON: bytes that are not UTF-8", strictjson.Syntax}}},
		"not UTF-8 at the end":  {"{}\n\xc3", []strictjson.Fault{{"", "not JSON: something follows the end at byte 3", strictjson.Syntax}}},
		"first half":            {`{"title": "a\ud83d"}`, []strictjson.Fault{{"", `\ud83d is half of a character, without its other half`, strictjson.Syntax}}},
		"first half, then text": {`{"title": "\ud83dx\ude00"}`, []strictjson.Fault{{"", `\ud83d is half of a character, without its other half`, strictjson.Syntax}}},
		"first half, newline":   {`{"title": "\ud83d\n"}`, []strictjson.Fault{{"", `\ud83d is half of a character, without its other half`, strictjson.Syntax}}},
		"second half":           {`{"title": "a\\\\\uDE00"}`, []strictjson.Fault{{"", `\uDE00 is half of a character, without its other half`, strictjson.Syntax}}},
		"all in order": {`{"done": 1, "rows": [{"id": 2}], "x": 3, "done": true, `, []strictjson.Fault{
			{"done", "the number 1 where true or false belongs", strictjson.Syntax},
			{"rows[0].id", "the number 2 where a string belongs", strictjson.Syntax},
			{"x", "unknown key", strictjson.Syntax},
			{"done", "key given twice", strictjson.Repeated},
			{"", "not JSON: unexpected EOF", strictjson.Syntax},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := decode(t, c.text)
			require.Equal(t, strictjson.Faults{List: c.want}, found)
			var f file
			byByte, err := strictjson.Decode(iotest.OneByteReader(strings.NewReader(c.text)), &f, options)
			require.NoError(t, err)
			require.Equal(t, found, byByte)
		})
	}
}

// What is not at fault is stored.
func TestFaultsKeepTheRest(t *testing.T) {
	f, found := decode(t, `{"title": 5, "names": ["a", 5, "c"], "prices": {"a": [], "b": "2"}, "rows": [{"id": "x", "y": 1}]}`)
	require.Len(t, found.List, 4)
	require.Equal(t, file{Names: []string{"a", "", "c"}, Prices: map[string]string{"a": "", "b": "2"}, Rows: []row{{ID: "x"}}}, f)
}

func TestNoNumbersByDefault(t *testing.T) {
	var f file
	found, err := strictjson.Decode(strings.NewReader(`{"count": 5, "limit": 5}`), &f, strictjson.Options{})
	require.NoError(t, err)
	require.Len(t, found.List, 2)
}

func TestEscapes(t *testing.T) {
	const text = `{"names": ["\ud83d\ude00", "\\ud83d", "\\\\\\\u65e5\ud835\udc9c", "\"\\", "\u00e9"]}`
	for name, r := range map[string]io.Reader{"at once": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text))} {
		t.Run(name, func(t *testing.T) {
			var f file
			found, err := strictjson.Decode(r, &f, options)
			require.NoError(t, err)
			require.Empty(t, found)
			require.Equal(t, []string{"😀", `\ud83d`, `\\\日𝒜`, `"\`, "é"}, f.Names)
		})
	}
}

func TestBounds(t *testing.T) {
	keys := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"k%d": 1, `, i)
		}
		return "{" + b.String() + `"title": "a"}`
	}
	deep := func(n int) string { return `{"x": ` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + `}` }
	for name, c := range map[string]struct {
		text, want string // no error if want is ""
	}{
		"as long as it may be": {`{"title": "aaaaaaaaa"}`, ""},
		"too long":             {`{"title": "aaaaaaaaaa"}`, "file of over 22 bytes"},
		"too long by blanks":   {`{"title": "aaaaaaaaa"} `, "file of over 22 bytes"},
		"as deep":              {deep(32), ""},
		"too deep":             {deep(33), "nested more than 32 deep"},
		"as many keys":         {keys(999), ""},
		"too many keys":        {keys(1000), "more than 1000 keys"},
		"too many inside":      {`{"rows": [{}, ` + keys(1000) + `]}`, "rows[1]: more than 1000 keys"},
	} {
		t.Run(name, func(t *testing.T) {
			opt := options
			if strings.Contains(name, "long") {
				opt.MaxBytes = 22
			}
			var f file
			_, err := strictjson.Decode(strings.NewReader(c.text), &f, opt)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, c.want)
			var fault strictjson.Fault
			require.ErrorAs(t, err, &fault)
			require.Equal(t, strictjson.TooLarge, fault.Kind)
		})
	}
}

// A file without an end is read little further than the bound.
func TestEndlessFile(t *testing.T) {
	opt := options
	opt.MaxBytes = 1 << 20
	e := &testkit.Endless{}
	var f file
	_, err := strictjson.Decode(e, &f, opt)
	require.EqualError(t, err, "file of over 1048576 bytes")
	require.LessOrEqual(t, e.Count, 2<<20)
}

func TestManyFaults(t *testing.T) {
	_, found := decode(t, `{"names": [`+strings.Repeat("1, ", 4999)+`1]}`)
	require.Len(t, found.List, 1000)
	require.Equal(t, 4000, found.More)
}

func TestSourceFails(t *testing.T) {
	gone := errors.New("disk gone")
	for _, text := range []string{"", `{"titel": `, `{}`} {
		var f file
		found, err := strictjson.Decode(io.MultiReader(strings.NewReader(text), iotest.ErrReader(gone)), &f, options)
		require.Equal(t, gone, err)
		require.Empty(t, found)
	}
}

func TestEncode(t *testing.T) {
	var b strings.Builder
	require.NoError(t, strictjson.Encode(&b, file{Title: "a<b", Prices: map[string]string{"y": "2", "x": "1"}, Names: []string{}, Rows: []row{{ID: "r", Rows: []row{{ID: "s"}}}, {ID: "é"}}}))
	require.Equal(t, `{
  "title": "a<b",
  "prices": {"x":"1","y":"2"},
  "rows": [
    {"id":"r","rows":[{"id":"s"}]},
    {"id":"é"}
  ]
}
`, b.String())
	b.Reset()
	require.NoError(t, strictjson.Encode(&b, file{}))
	require.Equal(t, "{\n}\n", b.String())
	require.Error(t, strictjson.Encode(&b, []row{}))
	require.Error(t, strictjson.Encode(&b, func() {}))
	require.Error(t, strictjson.Encode(failing{}, file{}))
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// limit reads itself from text.
type limit struct{ tenths int }

func (l *limit) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), "0.%d", &l.tenths)
	return err
}

type embedded struct {
	Step int    `json:"step"`
	Key  string `json:"key"`
}

type figures struct {
	embedded
	Key    string      `json:"name"`
	Small  int8        `json:"small"`
	Seed   uint64      `json:"seed"`
	Ratio  float64     `json:"ratio"`
	Rows   [][]float64 `json:"rows"`
	Limit  limit       `json:"limit"`
	Limits []limit     `json:"limits"`
}

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		text string
		want figures
		says []string
	}{
		{`{"step": 3, "small": "-128", "seed": 18446744073709551615, "ratio": 1e-3, "rows": [[1, "2.5"], []], "limit": 0.5, "limits": ["0.1", 0.2], "name": "n", "key": "k"}`,
			figures{embedded{3, "k"}, "n", -128, 1<<64 - 1, 0.001, [][]float64{{1, 2.5}, nil}, limit{5}, []limit{{1}, {2}}}, nil},
		{`{"step": 1.5, "small": 128, "seed": -1, "ratio": 1e999}`, figures{}, []string{
			`step: "1.5" is not a whole number`, "small: 128 is out of range", `seed: "-1" is not a whole number of at least 0`, "ratio: 1e999 is out of range"}},
		{`{"step": "", "small": "1e2", "ratio": "NaN", "rows": [[true, {}]], "limit": "x"}`, figures{Rows: [][]float64{{0, 0}}}, []string{
			`step: "" is not a whole number`, `small: "1e2" is not a whole number`, `ratio: "NaN" is not a number`, "rows[0][0]: true where a number belongs",
			"rows[0][1]: an object where a number belongs", "limit: input does not match format"}},
		{`{"step": [], "limit": {"tenths": 5}, "limits": [false], "Step": 1, "embedded": {}, "step": 2}`, figures{embedded: embedded{Step: 2}, Limits: []limit{{}}}, []string{
			"step: an array where a number belongs", "limit: an object where a number belongs", "limits[0]: false where a number belongs", "Step: unknown key", "embedded: unknown key", "step: key given twice"}},
	} {
		var f figures
		found, err := strictjson.Decode(strings.NewReader(c.text), &f, strictjson.Options{})
		require.NoError(t, err)
		var says []string
		for _, x := range found.List {
			says = append(says, x.Error())
		}
		require.Equal(t, c.says, says, c.text)
		require.Equal(t, c.want, f, c.text)
	}
}
