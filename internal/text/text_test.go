package text_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/text"
)

func TestSkipBOM(t *testing.T) {
	for in, want := range map[string]string{
		"":                  "",
		"a":                 "a",
		"\ufeff":            "",
		"\ufeffid,issued":   "id,issued",
		"\ufeff\ufeffid":    "\ufeffid",
		"id\ufeff":          "id\ufeff",
		"\xef\xbbcut off":   "\xef\xbbcut off",
		"\xef\xbb":          "\xef\xbb",
		"\xfe\xff\x00i\x00": "\xfe\xff\x00i\x00",
	} {
		for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in))} {
			got, err := io.ReadAll(text.SkipBOM(r))
			require.NoError(t, err)
			require.Equal(t, want, string(got))
		}
	}
	gone := errors.New("disk gone")
	_, err := io.ReadAll(text.SkipBOM(iotest.ErrReader(gone)))
	require.ErrorIs(t, err, gone)
}

func TestTruncate(t *testing.T) {
	for _, c := range []struct {
		in   string
		n    int
		want string
	}{
		{"", 10, ""},
		{"renault", 7, "renault"},
		{"renault", 6, "ren..."},
		{"日産自動車", 15, "日産自動車"},
		{"日産自動車", 14, "日産自..."},
		{"日産自動車", 11, "日産..."},
		{"\x80\x80\x80\x80", 3, "..."},
	} {
		require.Equal(t, c.want, text.Truncate(c.in, c.n))
	}
}

func TestUnite(t *testing.T) {
	require.Equal(t, "a; b; c", text.Unite("; ", "b; a", "c; a"))
	require.Equal(t, "b; a", text.Unite("; ", "b; a", "b; a"), "a list is not sorted for nothing")
	require.Equal(t, "a", text.Unite("; ", "", "a"))
}

func TestSome(t *testing.T) {
	require.Equal(t, "a, b", text.Some([]string{"a", "b"}, 2))
	require.Equal(t, "a, b and 1 more", text.Some([]string{"a", "b", "c"}, 2))
}
