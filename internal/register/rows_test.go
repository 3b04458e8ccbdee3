package register

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

// lines lists the rows and the faults of a file in order, with their lines.
type lines []string

// byLibrary reads a file with encoding/csv.
func byLibrary(file string) (out lines) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff")))
	r.FieldsPerRecord = stakeFields
	for {
		fields, err := r.Read()
		bad := (*csv.ParseError)(nil)
		switch {
		case errors.Is(err, io.EOF):
			return append(lines{}, out[1:]...)
		case errors.As(err, &bad):
			reason := bad.Err.Error()
			if bad.Line > bad.StartLine {
				reason += fmt.Sprintf(", on line %d", bad.Line)
			}
			out = append(out, fmt.Sprintf("stakes:%d: %s", bad.StartLine, reason))
		default:
			line, _ := r.FieldPos(0)
			out = append(out, fmt.Sprintf("%d %q", line, fields))
		}
	}
}

// lister lists all rows of a file in order.
type lister struct{ out *lines }

func (l *lister) describe(p *piece) {
	for i := range p.rows {
		p.odd = append(p.odd, int32(i))
	}
}

func (l *lister) take(*piece) {}

func (l *lister) fill(int, *piece) {}

func (l *lister) odd(p *piece, i int) {
	var fields []string
	for k := range stakeFields {
		fields = append(fields, string(p.bytes(i, stakeFields, k)))
	}
	*l.out = append(*l.out, fmt.Sprintf("%d %q", p.line+int(p.rows[i].line), fields))
}

func (l *lister) bad(line int, reason string) {
	*l.out = append(*l.out, fmt.Sprintf("stakes:%d: %s", line, reason))
}

// byTable reads a file as the reader of registers does.
func byTable(t *testing.T, in io.Reader, workers int) (out lines) {
	t.Helper()
	table, err := openTable(t.Context(), in, workers, "stakes", "holder", "issuer", "shares")
	require.NoError(t, err)
	require.NoError(t, table.each(t.Context(), &lister{out: &out}))
	return append(lines{}, out...)
}

const stakesHead = "holder,issuer,shares\n"

// Random files of rows, quotes and line ends have the rows, the faults and the lines that
// encoding/csv finds, however they are read.
func TestRowsLikeLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	parts := []string{"a", "bc", ",", ",", ",", "\"", "\"", "\"\"", "\n", "\n", "\r\n", "\r", "é", "\u200b", "\xff", " ", "7", "\x00",
		"p,q,1\n", "\"p\",\"q\",1\n", "\"p\nq\",\"r\"\"s\",2\r\n", strings.Repeat("x", 300) + ",c,1\n"}
	files := 1000
	if testkit.Long() {
		files = 10_000
	}
	for range files {
		var b strings.Builder
		if r.IntN(4) == 0 {
			b.WriteString("\ufeff")
		}
		b.WriteString(strings.Repeat("\n", r.IntN(3)) + stakesHead)
		for range r.IntN(60) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		file := b.String()
		want := byLibrary(file)
		require.Equal(t, want, byTable(t, strings.NewReader(file), 1), "%q", file)
		require.Equal(t, want, byTable(t, iotest.OneByteReader(strings.NewReader(file)), 3), "%q", file)
	}
}

// Rows with quotes and without lie across the ends of pieces.
func TestRowsAcrossPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 6 {
		var b strings.Builder
		b.WriteString(stakesHead)
		for b.Len() < 5*pieceBytes {
			switch r.IntN(40) {
			case 0:
				fmt.Fprintf(&b, "\"%s\",b,1\r\n", strings.Repeat("x,\"\"\n", r.IntN(9000)))
			case 1:
				b.WriteString("p\"q,a,1\n")
			case 2:
				b.WriteString("\n\r\np,q\n")
			default:
				fmt.Fprintf(&b, "p%d,c%d,%d\n", r.IntN(1e9), r.IntN(100), r.IntN(1e6))
			}
		}
		file := b.String()[:b.Len()-r.IntN(40)]
		want := byLibrary(file)
		for workers := 1; workers <= 4; workers += 3 {
			require.True(t, slices.Equal(want, byTable(t, iotest.HalfReader(strings.NewReader(file)), workers)))
		}
	}
}

func FuzzRows(f *testing.F) {
	for _, s := range []string{"p,a,1\n", "\"p\"\"q\",\"a\r\n\",1\r\n", "p\",a,1\n\"p\"q,a,1\n\"", "\r\r\n,\r", "\"a\"\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rows string) {
		require.Equal(t, byLibrary(stakesHead+rows), byTable(t, strings.NewReader(stakesHead+rows), 2))
	})
}

// The number of goroutines has no effect on a register.
func TestWorkers(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	var companies, stakes bytes.Buffer
	companies.WriteString("id,issued,treasury,votes\n")
	stakes.WriteString(stakesHead)
	for i := range 9000 {
		fmt.Fprintf(&companies, "%s-c%d,%d,%d,%d\n", strings.Repeat("long", i%7), i, 1_000_000+i, i%3, 1+i%2)
	}
	for range 60_000 {
		c := r.IntN(r.IntN(9000) + 1)
		fmt.Fprintf(&stakes, "h%d,%s-c%d,%d\n", r.IntN(40_000), strings.Repeat("long", c%7), c, 1+r.IntN(9))
	}
	var want *Register
	for _, workers := range []int{1, 2, 5} {
		got, faults, err := read(context.Background(), bytes.NewReader(companies.Bytes()), bytes.NewReader(stakes.Bytes()), Scale, workers)
		require.NoError(t, err)
		require.Empty(t, faults)
		if want == nil {
			want = got
			require.True(t, slices.IsSorted(want.Graph.IDs.Strings()))
		}
		require.Equal(t, want, got, workers)
	}
}
