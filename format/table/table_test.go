package table_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/table"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// tableCase is a table and the stakes in it, as "holder issuer figure".
type tableCase struct {
	Name, Text                          string
	Options                             table.Options
	Stakes, Guessed, Dropped, Conflicts []string
	Parties, Companies                  []string // parties with their kinds, and ids of companies; not compared if empty
}

func cases(t testing.TB) []tableCase {
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	var file struct{ Cases []tableCase }
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	return file.Cases
}

// describe returns the stakes of a book as those of a case.
func describe(b crossholding.Book) (out []string) {
	issued := map[string]ratio.Number{}
	for _, c := range b.Companies {
		for _, k := range c.Shares {
			issued[c.ID+" "+k.Class] = k.Issued
		}
	}
	for _, s := range b.Stakes {
		text := s.Holder + " " + s.Issuer + " " + s.Between
		switch {
		case s.Percent != "":
			text += string(s.Percent) + "%"
			if s.Rounded {
				text += " rounded"
			}
		case s.Shares != "":
			text += string(s.Shares) + " of " + string(issued[s.Issuer+" "+s.Class])
		}
		out = append(out, strings.TrimSpace(text+" "+s.Class))
	}
	return out
}

func texts(n format.Notes) (out []string) {
	for _, x := range n.List {
		out = append(out, x.String())
	}
	return out
}

func TestCases(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			b, report, err := table.Read(context.Background(), iotest.HalfReader(strings.NewReader(c.Text)), c.Options)
			require.NoError(t, err)
			require.ElementsMatch(t, c.Stakes, describe(b))
			require.ElementsMatch(t, c.Guessed, texts(report.Guessed))
			require.ElementsMatch(t, c.Dropped, texts(report.Dropped))
			require.ElementsMatch(t, c.Conflicts, texts(report.Conflicts))
			_, err = crossholding.New(b)
			require.NoError(t, err)
			if c.Parties != nil {
				var parties, companies []string
				for _, p := range b.Parties {
					parties = append(parties, p.ID+" "+string(p.Kind))
				}
				for _, x := range b.Companies {
					companies = append(companies, x.ID)
				}
				require.Equal(t, c.Parties, parties)
				require.Equal(t, c.Companies, companies)
			}

			var out bytes.Buffer
			_, err = table.Write(&out, b)
			require.NoError(t, err)
			again, _, err := table.Read(context.Background(), &out, table.Options{AsOf: c.Options.AsOf, Rounded: c.Options.Rounded})
			require.NoError(t, err)
			require.Equal(t, b, again)
		})
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		kind             error
		opt              table.Options
	}{
		{"empty", "", "the table has no rows", crossholding.ErrMissing, table.Options{}},
		{"no columns", "a,b\n", "no column has the name of a column of holders", crossholding.ErrMissing, table.Options{}},
		{"twice", "owner,holder,company,%\n", `line 1: "holder" is a second column of holder`, crossholding.ErrDuplicate, table.Options{}},
		{"share over 100", "owner,company,%\n\nA,X,105\n", `line 3: A in X: "105" is not within 0% and 100%`, ratio.ErrRange, table.Options{}},
		{"no percentage", "owner,company,%\nA,X,lots\n", `line 2: A in X: "lots" is no percentage`, ratio.ErrNumber, table.Options{}},
		{"part of what", "owner,company,%\nA,X,1/3\n", `line 2: A in X: "1/3" may be a part of all or of a percent, which is written with %`, format.ErrAmbiguous, table.Options{}},
		{"no holder", "owner,company,%\n,X,5\n", "line 2: the row has no holder", crossholding.ErrMissing, table.Options{}},
		{"itself", "owner,company,%\nX,X,5\n", `line 2: "X" is its own holder`, crossholding.ErrSelfStake, table.Options{}},
		{"duplicate", "owner,company,%\nA,X,5\nA,X,6\n", "line 3: A in X: line 2 has the same holder, issuer and class, and another figure", crossholding.ErrDuplicate, table.Options{}},
		{"duplicate that differs", "owner,company,%\nA,X,5\nA,X,6\n", "line 3: A in X: line 2 has", crossholding.ErrDuplicate, table.Options{Duplicates: table.DuplicatesOnce}},
		{"together over 100", "owner,company,%\nA,X,60\nB,X,45\n", "line 3: X: its 2 rows add up to 105% of its shares", crossholding.ErrOverAllocated, table.Options{}},
		{"more than 100", "owner,company,%\nA,X,>50\nB,X,50\n", "line 3: X: its 2 rows add up to more than 100% of its shares", crossholding.ErrOverAllocated, table.Options{}},
		{"mixed", "owner,company,%,shares\nA,X,60,\nB,X,,45\n", "line 2: X has stakes in shares and others in percent", crossholding.ErrMissing, table.Options{}},
		{"encoding", "owner,company,%\nA\xff,X,60\n", "line 2: the row holds bytes that are not UTF-8", crossholding.ErrSyntax, table.Options{}},
		{"UTF-16", "\xff\xfeo\x00w\x00", "the file is written in UTF-16LE: save it as UTF-8", crossholding.ErrSyntax, table.Options{}},
		{"truncated", "owner,company,%\nA,X,60\n\"B,X,4", "line 3: ", crossholding.ErrSyntax, table.Options{}},
		{"bad date", "owner,company,%,date\nA,X,60,03/04/2024\n", `line 2: "03/04/2024" is not a date`, crossholding.ErrDate, table.Options{}},
		{"reserved", "owner,company,%\nneutral,X,60\n", `line 2: "neutral" is a reserved id`, crossholding.ErrRange, table.Options{}},
		{"kinds", "owner,company,%,kind\nA,X,6,fund\nA,Y,6,state\n", "line 3: A is of kind fund in one row and state in another", crossholding.ErrDuplicate, table.Options{}},
		{"long row", "owner,company,%\n\"" + strings.Repeat("x\n", 2<<20), "a row has more than 1,048,576 bytes", crossholding.ErrTooLarge, table.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _, err := table.Read(t.Context(), strings.NewReader(c.text), c.opt) //nolint:staticcheck // nil means Background
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, b)
		})
	}
	for _, opt := range []table.Options{{AsOf: "soon"}, {Duplicates: "x"}, {Country: "ZZ"}, {Comma: '"'}} {
		_, _, err := table.Read(context.Background(), strings.NewReader("owner,company,%\n"), opt)
		require.Error(t, err)
	}
	_, _, err := table.Read(context.Background(), iotest.ErrReader(errors.New("disk gone")), table.Options{})
	require.ErrorContains(t, err, "disk gone")
}

func TestManyFaults(t *testing.T) {
	n := testkit.Size(20_000, 1_000_000)
	text := "owner,company,%\n" + strings.Repeat("A,X,x\n", n)
	_, _, err := table.Read(context.Background(), strings.NewReader(text), table.Options{})
	var e *crossholding.InputError
	require.ErrorAs(t, err, &e)
	require.Equal(t, n, len(e.Faults)+e.More)
	b, report, err := table.Read(context.Background(), strings.NewReader(text+"A,X,5\n"), table.Options{DropFaults: true})
	require.NoError(t, err)
	require.Len(t, b.Stakes, 1)
	require.Equal(t, map[string]int{"fault": n}, report.Dropped.Counts)
	require.Equal(t, n+1, report.Lines)
}

// The report counts rows: neither the names of columns nor blank rows, and rows of several lines
// once.
func TestLinesAreRows(t *testing.T) {
	for text, want := range map[string]string{
		"owner,company,%,kind\nA,X,5,person\nB,X,6,person\n": "2 of 2 lines read",
		"owner,company,%\n":                                     "0 of 0 lines read",
		"\n\nowner,company,%\n\nA,X,5\n,,\n ,\t,\n\n":           "1 of 1 lines read; guessed: 1 kind",
		"owner,company,%,source\nA,X,5,\"a\n\n\nb\"\nB,X,6,c\n": "2 of 2 lines read; guessed: 2 kind",
		"owner,company,%\nA,X,5\nB,\"X\"y,6\nC,X,7\n":           "2 of 3 lines read; guessed: 2 kind; dropped: 1 fault",
	} {
		_, report, err := table.Read(t.Context(), strings.NewReader(text), table.Options{DropFaults: true})
		require.NoError(t, err)
		require.Equal(t, want, report.String(), text)
	}
	_, report, err := table.Read(t.Context(), strings.NewReader("owner,company,%\nA,X,5,\nB,X,x\n"), table.Options{DropFaults: true})
	require.NoError(t, err)
	require.Equal(t, 3, report.Dropped.List[0].Line, "a note has the line of the file")
}

// Every name of a column is that of one column only.
func TestColumns(t *testing.T) {
	seen := map[string]table.Column{}
	for _, c := range []table.Column{table.ColumnHolder, table.ColumnIssuer, table.ColumnPercent, table.ColumnShares, table.ColumnFraction,
		table.ColumnClass, table.ColumnDate, table.ColumnSource, table.ColumnKind, table.ColumnIssued} {
		require.NotEmpty(t, table.Columns(c))
		for _, name := range table.Columns(c) {
			require.Empty(t, seen[name], name)
			seen[name] = c
		}
	}
	require.Empty(t, table.Columns("colour"))
}

func FuzzRead(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(c.Text, c.Options.DecimalComma, string(c.Options.Duplicates), c.Options.Rounded)
	}
	f.Add("owner,company,%,shares,issued\nA,X,1/3,,1e50\nB,X,,1e-20,\n", false, "add", true)
	f.Fuzz(func(t *testing.T, text string, comma bool, duplicates string, rounded bool) {
		opt := table.Options{DecimalComma: comma, Duplicates: table.Duplicates(duplicates), Rounded: rounded, Country: "DE"}
		b, _, err := table.Read(context.Background(), strings.NewReader(text), opt)
		if err != nil {
			return
		}
		if _, err := crossholding.New(b); err != nil {
			t.Fatal(err)
		}
	})
}

func ExampleRead() {
	const text = `Aktionär;Gesellschaft;Anteil
Frau A;Holding AG;60,5 %
Herr B;Holding AG;39,5 %
Holding AG;Werk GmbH;75 - 100%
`
	b, report, err := table.Read(context.Background(), strings.NewReader(text), table.Options{Country: "DE"})
	for _, s := range b.Stakes {
		fmt.Println(s.Holder, "in", s.Issuer, s.Percent+ratio.Number(s.Between))
	}
	fmt.Println(report.Lines, report.Read, err)
	// Output:
	// Frau A in Holding AG 60.5
	// Herr B in Holding AG 39.5
	// Holding AG in Werk GmbH [75%,100%]
	// 3 3 <nil>
}

func ExampleWrite() {
	report, err := table.Write(os.Stdout, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Name: "X plc"}},
		Parties:   []crossholding.Party{{ID: "p", Kind: crossholding.KindPerson}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "x", Between: "25%-50%"}},
	})
	fmt.Println(report.Dropped.List, err)
	// Output:
	// holder,issuer,class,percent,shares,issued,kind,source
	// p,x,,"[25%,50%]",,,person,
	// [the table does not hold the name of x] <nil>
}

func ExampleColumns() {
	fmt.Println(strings.Join(table.Columns(table.ColumnFraction), ", "))
	// Output: bruchteil, fraccion, fracción, fraction, frazione, 分数, 持分
}
