package table_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/table"
	"github.com/crossholding/crossholding/internal/testkit"
)

// rows returns a table of n stakes in companies that have four holders each.
func rows(n int) []byte {
	var out bytes.Buffer
	out.WriteString("holder,company,percent,date,source\n")
	for i := range n {
		fmt.Fprintf(&out, "Holder %d of the Group,Company %d Limited,%d.%02d%%,2024-03-31,\"Annual report, page %d\"\n", i*7919%n, i/4, i%20+1, i%97, i%200)
	}
	return out.Bytes()
}

// BenchmarkRead reads a table, beside encoding/csv, which only cuts it into fields.
func BenchmarkRead(b *testing.B) {
	n := testkit.Size(50_000, 1_000_000)
	text := rows(n)
	testkit.Beside(b, len(text), func() {
		book, _, err := table.Read(context.Background(), bytes.NewReader(text), table.Options{})
		require.NoError(b, err)
		require.Len(b, book.Stakes, n)
	}, func() {
		r := csv.NewReader(bytes.NewReader(text))
		r.ReuseRecord = true
		for {
			if _, err := r.Read(); err == io.EOF {
				return
			} else if err != nil {
				b.Fatal(err)
			}
		}
	})
}
