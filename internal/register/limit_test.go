package register

import (
	"fmt"
	"math/bits"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Bad rows are named by their lines in files of more rows than 32 bits can count. The reader
// believes here that many lines came before those of the file.
func TestBadRowsFarDown(t *testing.T) {
	if bits.UintSize < 64 {
		t.Skip("so many rows need a processor of 64 bits")
	}
	var rows strings.Builder
	rows.WriteString("holder,issuer,shares\n") // line 1
	line := 1
	type badRow struct {
		line   int
		reason string
	}
	var want []badRow
	bad := func(text, reason string) {
		want = append(want, badRow{line + 1, reason})
		rows.WriteString(text)
		line += strings.Count(text, "\n")
	}
	for i := range 20_000 { // several pieces
		fmt.Fprintf(&rows, "p%d,c,1\n", i)
		line++
		switch i {
		case 7:
			bad("p,nobody,1\n", `issuer "nobody" is not among the companies`)
		case 9_000:
			bad("\"p\n\n\",c,x\n", `"x" is not a number of shares`)
		case 15_000:
			bad("p,c\n", "wrong number of fields")
		}
	}
	bad("float:c,c,1", `holder "float:c" is empty or reserved`)
	for _, before := range []int64{0, 99_990_000, 1<<31 - 10_000, 1<<32 - 10_000, 1 << 40} {
		t.Run(fmt.Sprint(before), func(t *testing.T) {
			r := newReader(2)
			require.NoError(t, r.readCompanies(t.Context(), strings.NewReader("id,issued,treasury,votes\nc,100000,,\n")))
			table, err := openTable(t.Context(), strings.NewReader(rows.String()), r.workers, "stakes", "holder", "issuer", "shares")
			require.NoError(t, err)
			table.first.line += int(before)
			table.source.line += int(before)
			require.NoError(t, r.stakesOf(t.Context(), table))
			require.Len(t, r.List, len(want))
			for i, f := range r.List {
				require.Equal(t, fmt.Sprintf("stakes:%d", before+int64(want[i].line)), f.Place)
				require.Contains(t, f.Reason, want[i].reason)
			}
		})
	}
}

// A stake for which there is no number is a fault that names its row.
func TestTooManyStakes(t *testing.T) {
	r := newReader(2)
	r.maxStakes = 3
	require.NoError(t, r.readCompanies(t.Context(), strings.NewReader("id,issued,treasury,votes\nc,100,,\n")))
	require.NoError(t, r.readStakes(t.Context(), strings.NewReader("holder,issuer,shares\na,c,1\nb,c,0\nb,c,1\nc,c,1\nd,c,1\ne,c,1\nf,c,1\n")))
	require.Equal(t, []Fault{
		{"stakes:7", "a register has at most 3 stakes", TooLarge},
		{"stakes:8", "a register has at most 3 stakes", TooLarge},
	}, r.List)
	require.Equal(t, 3, r.stakes.len())
	require.Equal(t, 1<<31-2, newReader(1).maxStakes)
}
