package jsonline_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/internal/jsonline"
)

// read reads a line as a flat map of the texts of its top level.
func read(line string) (map[string]string, error) {
	var s jsonline.Scanner
	s.Reset([]byte(line))
	out := map[string]string{}
	if s.Object() {
		for key, ok := s.Key(); ok; key, ok = s.Key() {
			out[string(key)] = string(s.Text())
		}
	}
	return out, s.End()
}

func TestText(t *testing.T) {
	for line, want := range map[string]map[string]string{
		`{}`: {}, ` { "a" : "b" , "c":null}`: {"a": "b", "c": ""},
		`{"a\u0062":"x\"\\\/\n\ud83d\ude00 é"}`: {"ab": "x\"\\/\n😀 é"}, `null`: {},
	} {
		got, err := read(line)
		require.NoError(t, err, line)
		require.Equal(t, want, got, line)
	}
}

func TestFaults(t *testing.T) {
	for line, want := range map[string]string{
		``: "the line ends where an object is expected, at character 1", `[]`: "an object is expected at character 1",
		`{"a":"b"`: "the line ends where a comma is expected, at character 9", `{"a":"b",}`: "a text is expected at character 10",
		`{"a":1}`: "a text is expected at character 6", `{"a":"b"} x`: "more follows the value at character 11",
		`{"a":"b` + "\xff" + `"}`: "the line holds bytes that are not UTF-8", `{"a":"\x"}`: "a bad escape at character 7",
		`{"a":"x\ud83d"}`: "half of a surrogate pair at character 15", `{"a":"\ufffd\ud83d"}`: "half of a surrogate pair at character 20",
		`{"a":"b`: "the line ends where the end of a text is expected, at character 8", `{,"a":"b"}`: "a text is expected at character 2",
	} {
		_, err := read(line)
		require.EqualError(t, err, want, line)
	}
}

func TestKinds(t *testing.T) {
	var s jsonline.Scanner
	s.Reset([]byte(`[1, true, false, null, 12, null, "x", {"a":[{}]}, -1.5e3]`))
	require.True(t, s.List())
	require.True(t, s.Element())
	require.Equal(t, 1, s.Int())
	require.True(t, s.Element() && s.Bool() && s.Element() && !s.Bool() && s.Element() && !s.Bool() && s.Element())
	require.Equal(t, 12, s.Int())
	require.True(t, s.Element() && s.Int() == 0 && s.Element() && string(s.Text()) == "x")
	for s.Element() {
		s.Skip()
	}
	require.NoError(t, s.End())
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", jsonline.MaxLine+1)
	l := jsonline.NewLines(strings.NewReader("a\r\n\n" + long + "\n" + long[:100_000] + "\nlast"))
	next := func() string {
		line, err := l.Next()
		require.NoError(t, err)
		return string(line)
	}
	require.Equal(t, "a", next())
	_, err := l.Next()
	require.ErrorIs(t, err, jsonline.ErrLong)
	require.Equal(t, 3, l.Number())
	require.Len(t, next(), 100_000)
	require.Equal(t, "last", next())
	require.Equal(t, 5, l.Number())
	_, err = l.Next()
	require.True(t, errors.Is(err, io.EOF))
}

// The scanner accepts what encoding/json accepts, but for bytes that are not UTF-8, for deep
// values and for escapes that are half of a character.
func FuzzSkip(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e+7,"\u00e9",true,false,null,{}]}`, `[01]`, `{"a"}`, `"\`, `[1,]`, `{"a":1,}`, `-`, `1.`, `nul`, "\"\x01\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if !utf8.ValidString(line) || strings.Count(line, "[")+strings.Count(line, "{") > 100 {
			return
		}
		var s jsonline.Scanner
		s.Reset([]byte(line))
		s.Skip()
		if got, want := s.End() == nil, json.Valid([]byte(line)); got != want {
			t.Fatalf("%q: accepted %v, want %v (%v)", line, got, want, s.Err())
		}
	})
}

// The first byte that is not plain is found, wherever it lies and whatever is around it.
func FuzzPlainEnd(f *testing.F) {
	for _, seed := range []string{"", "abcdefgh", "abcdefgh\"", "\x1f       ", "       \x00x", "éééééééé\\", "\x80\xff\xa0\x21\x23\x5b\x5d\x7f\x20\"", "!!!!!!!!!\x01\"\\"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, d []byte) {
		for i := range d {
			want := i
			for want < len(d) && d[want] >= ' ' && d[want] != '"' && d[want] != '\\' {
				want++
			}
			if got := jsonline.PlainEnd(d, i); got != want {
				t.Fatalf("%q from %d: %d, want %d", d, i, got, want)
			}
		}
	})
}
