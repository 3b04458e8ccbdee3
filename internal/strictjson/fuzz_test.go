package strictjson_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/strictjson"
)

// FuzzDecode reads any bytes at once and byte by byte, with the same result. What
// it accepts is JSON in UTF-8, and comes back after it is written.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{"title": "a", "done": true, "count": 1.50, "limit": 15, "prices": {"a": 1e3}, "names": ["\ud83d\ude00", null]}`,
		`{"rows": [{"id": "r", "rows": [{"id": "s", "count": ""}]}], "extra": null, "rows": []}`,
		"\ufeff{} ", `{"title": "\ud83d"}`, "{\"title\": \"\xc3\"}", `[[[[`, `{"": 1, "x": {"y": [{}]}}`, ``,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var got, byByte file
		found, err := strictjson.Decode(bytes.NewReader(text), &got, options)
		again, errAgain := strictjson.Decode(iotest.OneByteReader(bytes.NewReader(text)), &byByte, options)
		require.Equal(t, found, again)
		require.Equal(t, err, errAgain)
		require.Equal(t, got, byByte)
		if err != nil || len(found.List) > 0 {
			return
		}
		require.True(t, utf8.Valid(text))
		require.True(t, json.Valid(bytes.TrimPrefix(text, []byte("\ufeff"))))
		var first, second bytes.Buffer
		require.NoError(t, strictjson.Encode(&first, got))
		var back file
		found, err = strictjson.Decode(bytes.NewReader(first.Bytes()), &back, options)
		require.NoError(t, err)
		require.Empty(t, found, first.String())
		require.NoError(t, strictjson.Encode(&second, back))
		require.Equal(t, first.String(), second.String())
	})
}
