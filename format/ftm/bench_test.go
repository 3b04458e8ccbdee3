package ftm_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/ftm"
	"github.com/crossholding/crossholding/internal/testkit"
)

// register returns about n lines as a list of sanctions has them: two entities and an
// Ownership in turn.
func register(n int) []byte {
	var out bytes.Buffer
	for i := range n / 3 {
		fmt.Fprintf(&out, `{"id":"NK-p%07d","caption":"Person %d","schema":"Person","properties":{"name":["Person %d","P. %d"],"birthDate":["1970-01-02"],"nationality":["ru"],"address":["1 Main Street, Town"],"sourceUrl":["https://example.com/p/%d"]},"datasets":["x_register"],"first_seen":"2023-04-20T10:28:29","last_seen":"2024-04-20T10:28:29"}`+"\n", i, i, i, i, i)
		fmt.Fprintf(&out, `{"id":"NK-c%07d","caption":"Company %d","schema":"Company","properties":{"name":["Company %d"],"jurisdiction":["cy"],"registrationNumber":["HE%d"],"address":["2 Main Street, Town"],"incorporationDate":["2001-02-03"]},"datasets":["x_register"],"first_seen":"2023-04-20T10:28:29"}`+"\n", i, i, i, i)
		fmt.Fprintf(&out, `{"id":"o-%d","schema":"Ownership","properties":{"owner":["NK-p%07d"],"asset":["NK-c%07d"],"percentage":["%d.5"],"startDate":["2019-05-06"]},"datasets":["x_register"]}`+"\n", i, i, i, i%100)
	}
	return out.Bytes()
}

// BenchmarkRead reads the lines of a list, beside encoding/json, which only decodes them.
func BenchmarkRead(b *testing.B) {
	n := testkit.Size(30_000, 1_000_000) / 3
	file := register(3 * n)
	testkit.Beside(b, len(file), func() {
		book, _, err := ftm.Read(b.Context(), bytes.NewReader(file), ftm.Options{})
		require.NoError(b, err)
		require.Len(b, book.Stakes, n)
	}, func() {
		lines := 0
		for line := range bytes.Lines(file) {
			var e struct {
				ID, Schema string
				Properties map[string][]string
			}
			require.NoError(b, json.Unmarshal(line, &e))
			lines++
		}
		require.Equal(b, 3*n, lines)
	})
}
