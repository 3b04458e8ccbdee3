package gleif_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/gleif"
	"github.com/crossholding/crossholding/internal/testkit"
)

const head = "Relationship.StartNode.NodeID,Relationship.RelationshipType,Relationship.EndNode.NodeID,Relationship.RelationshipStatus," +
	"Relationship.Period.1.startDate,Relationship.Period.1.endDate,Relationship.Period.1.periodType," +
	"Relationship.Quantifiers.1.MeasurementMethod,Relationship.Quantifiers.1.QuantifierAmount,Relationship.Quantifiers.1.QuantifierUnits,Registration.RegistrationStatus\n"

// row returns a record of an active relationship.
func row(child, kind, parent string) string {
	return child + "," + kind + "," + parent + ",ACTIVE,,,,,,,PUBLISHED\n"
}

const (
	direct   = "IS_DIRECTLY_CONSOLIDATED_BY"
	ultimate = "IS_ULTIMATELY_CONSOLIDATED_BY"
)

func read(t testing.TB, text string, opt gleif.Options) (crossholding.Book, map[string]int) {
	b, report, err := gleif.Read(context.Background(), strings.NewReader(text), opt)
	require.NoError(t, err)
	_, err = crossholding.New(b)
	require.NoError(t, err)
	counts := map[string]int{"read": report.Read, "lines": report.Lines}
	for _, n := range []map[string]int{report.Guessed.Counts, report.Dropped.Counts, report.Conflicts.Counts} {
		for rule, k := range n {
			counts[rule] += k
		}
	}
	kinds := 0 // a file with companies has one note on what they are
	if len(b.Companies) > 0 {
		kinds = 1
	}
	require.Equal(t, kinds, counts["kind"])
	delete(counts, "kind")
	return b, counts
}

func controls(b crossholding.Book) (out []string) {
	for _, c := range b.Controls {
		out = append(out, c.Controller+">"+c.Company+" "+string(c.By))
	}
	return out
}

func stakes(b crossholding.Book) (out []string) {
	for _, s := range b.Stakes {
		out = append(out, s.Holder+">"+s.Issuer+" "+s.Figure())
	}
	return out
}

// The two forms of one file say the same.
func TestForms(t *testing.T) {
	for _, name := range []string{"relationships", "exceptions"} {
		for _, opt := range []gleif.Options{{}, {AsOf: "2005-01-01"}, {Branches: true, Funds: true}} {
			var books []crossholding.Book
			var counts []map[string]int
			for _, form := range []string{".xml", ".csv"} {
				text, err := os.ReadFile("testdata/" + name + form)
				require.NoError(t, err)
				b, n := read(t, string(text), opt)
				books, counts = append(books, b), append(counts, n)
			}
			require.Equal(t, books[0], books[1])
			require.Equal(t, counts[0], counts[1])
		}
	}
}

// The direct parents are the edges, and the ultimate parent is the end of their chain.
func TestDirectAndUltimate(t *testing.T) {
	const c, m, top = "CHILD0000000000000001", "MID000000000000000002", "TOP000000000000000003"
	b, n := read(t, head+row(c, direct, m)+row(m, direct, top)+row(c, ultimate, top), gleif.Options{})
	require.Equal(t, []string{m + ">" + c + " voting", top + ">" + m + " voting"}, controls(b))
	require.Equal(t, map[string]int{"lines": 3, "read": 2, "ultimate": 1, "means": 1}, n)
	a, err := crossholding.New(b)
	require.NoError(t, err)
	k, err := a.Control(context.Background(), crossholding.ControlOptions{})
	require.NoError(t, err)
	u, err := k.Ultimate(context.Background(), c)
	require.NoError(t, err)
	require.Equal(t, []string{top}, u)
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name, text       string
		controls, stakes []string
		counts           map[string]int
		opt              gleif.Options
	}{
		{"ultimate only", row("C", ultimate, "T"), []string{"T>C indirect"}, nil, map[string]int{"lines": 1, "read": 1, "ultimate": 1}, gleif.Options{}},
		{"ultimate through an ultimate", row("C", ultimate, "T") + row("C", direct, "M") + row("M", ultimate, "T"),
			[]string{"M>C voting", "T>M indirect"}, nil, map[string]int{"lines": 3, "read": 2, "ultimate": 2, "means": 1}, gleif.Options{}},
		{"ultimate elsewhere", row("C", ultimate, "T") + row("C", direct, "M"), []string{"M>C voting", "T>C indirect"}, nil,
			map[string]int{"lines": 2, "read": 2, "ultimate": 1, "means": 1}, gleif.Options{}},
		{"two parents", row("C", direct, "A") + row("C", direct, "B") + row("C", direct, "A"), []string{"A>C voting", "B>C voting"}, nil,
			map[string]int{"lines": 3, "read": 2, "parents": 1, "repeated": 1, "means": 1}, gleif.Options{}},
		{"a ring", row("A", direct, "B") + row("B", direct, "A") + row("A", ultimate, "A"), []string{"A>B voting", "B>A voting"}, nil,
			map[string]int{"lines": 3, "read": 2, "itself": 1, "means": 1}, gleif.Options{}},
		{"a percentage", "C," + direct + ",M,ACTIVE,,,,ACCOUNTING_CONSOLIDATION,51.5,PERCENTAGE,PUBLISHED\n", []string{"M>C voting"}, []string{"M>C 51.5%"},
			map[string]int{"lines": 1, "read": 1, "means": 1}, gleif.Options{}},
		{"an ambiguous percentage", "C," + direct + ",M,ACTIVE,,,,X,1.00,PERCENTAGE,PUBLISHED\n", []string{"M>C voting"}, []string{"M>C [1%,100%]"},
			map[string]int{"lines": 1, "read": 1, "ambiguous": 1, "means": 1}, gleif.Options{}},
		{"a small percentage", "C," + direct + ",M,ACTIVE,,,,X,0.75,PERCENTAGE,PUBLISHED\n", []string{"M>C voting"}, []string{"M>C [0.75%,75%]"},
			map[string]int{"lines": 1, "read": 1, "ambiguous": 1, "means": 1}, gleif.Options{}},
		{"no percentage", "C," + direct + ",M,ACTIVE,,,,X,7,EUR,PUBLISHED\n", []string{"M>C voting"}, nil,
			map[string]int{"lines": 1, "read": 1, "quantifier": 1, "means": 1}, gleif.Options{}},
		{"ended", "C," + direct + ",M,INACTIVE,2001-01-01,2009-06-30,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", nil, nil, map[string]int{"lines": 1, "read": 0, "ended": 1}, gleif.Options{}},
		{"before its end", "C," + direct + ",M,INACTIVE,2001-01-01,2009-06-30,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", []string{"M>C voting"}, nil,
			map[string]int{"lines": 1, "read": 1, "means": 1}, gleif.Options{AsOf: "2009-06-29"}},
		{"on its end", "C," + direct + ",M,INACTIVE,2001-01-01,2009-06-30,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", nil, nil,
			map[string]int{"lines": 1, "read": 0, "ended": 1}, gleif.Options{AsOf: "2009-06-30"}},
		{"future", "C," + direct + ",M,ACTIVE,2030-01-01,,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", nil, nil, map[string]int{"lines": 1, "read": 0, "future": 1}, gleif.Options{AsOf: "2024-01-01"}},
		{"a year", "C," + direct + ",M,ACTIVE,2024,,RELATIONSHIP_PERIOD,,,,LAPSED\n", []string{"M>C voting"}, nil,
			map[string]int{"lines": 1, "read": 1, "date": 1, "lapsed": 1, "means": 1}, gleif.Options{AsOf: "2024-01-01"}},
		{"another period", "C," + direct + ",M,ACTIVE,2023-01-01,2023-12-31,ACCOUNTING_PERIOD,,,,PUBLISHED\n", []string{"M>C voting"}, nil,
			map[string]int{"lines": 1, "read": 1, "means": 1}, gleif.Options{}},
		{"no status", "C," + direct + ",M,NULL,,,,,,,PUBLISHED\n" + "C," + direct + ",M,ACTIVE,,,,,,,ANNULLED\n" + row("C", "IS_FRIEND_OF", "M"), nil, nil,
			map[string]int{"lines": 3, "read": 0, "inactive": 1, "withdrawn": 1, "type": 1}, gleif.Options{}},
		{"apart", row("B", "IS_INTERNATIONAL_BRANCH_OF", "T") + row("F", "IS_FUND-MANAGED_BY", "M") + row("F", "IS_FEEDER_TO", "G"), nil, nil,
			map[string]int{"lines": 3, "read": 0, "branch": 1, "fund": 2}, gleif.Options{}},
		{"branches and funds", row("B", "IS_INTERNATIONAL_BRANCH_OF", "T") + row("F", "IS_FUND-MANAGED_BY", "M") + row("F", "IS_SUBFUND_OF", "U") + row("F", "IS_FEEDER_TO", "G"),
			[]string{"M>F management", "T>B management", "U>F contractual"}, []string{"F>G (0%,100%]"},
			map[string]int{"lines": 4, "read": 4, "unknown": 1}, gleif.Options{Branches: true, Funds: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, n := read(t, head+c.text, c.opt)
			require.Equal(t, c.controls, controls(b))
			require.Equal(t, c.stakes, stakes(b))
			require.Equal(t, c.counts, n)
		})
	}
}

func TestKindsOfFunds(t *testing.T) {
	b, _ := read(t, head+row("F", "IS_FUND-MANAGED_BY", "M")+row("F", "IS_FEEDER_TO", "G"), gleif.Options{Funds: true})
	require.Equal(t, []crossholding.Party{{ID: "F", Kind: crossholding.KindFund}}, b.Parties)
	require.Equal(t, []crossholding.Company{{ID: "G"}, {ID: "M"}}, b.Companies)
}

func TestExceptions(t *testing.T) {
	const head = "LEI,Exception.Category,Exception.Reason.1,Exception.Reason.2,Exception.Reference.1\n"
	d, u := "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT", "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT"
	b, n := read(t, head+"A,"+u+",NON_PUBLIC,,\nA,"+d+",NO_LEI,LEGAL_OBSTACLES,\nA,"+d+",NO_LEI,,\nB,"+d+",NATURAL_PERSONS,,\nC,"+u+",NO_LEI,,x\nD,"+d+",WHY,,\nD,OTHER,NO_LEI,,\n", gleif.Options{})
	require.Equal(t, []string{"parent:A>A voting", "parent:C>C indirect"}, controls(b))
	require.Equal(t, "GLEIF exception: NO_LEI, LEGAL_OBSTACLES", b.Controls[0].Source)
	require.Contains(t, b.Companies, crossholding.Company{ID: "parent:A", Name: "unnamed parent of A"})
	require.Equal(t, map[string]int{"lines": 7, "read": 2, "ultimate": 1, "exception": 3, "no parent": 1, "unnamed": 2}, n)
}

func TestOrderOfRecords(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var rows []string
	for range 60 {
		kind := []string{direct, direct, ultimate, "IS_FUND-MANAGED_BY"}[rng.IntN(4)]
		rows = append(rows, row(fmt.Sprint("E", rng.IntN(30)), kind, fmt.Sprint("E", rng.IntN(30))))
	}
	want, counts := read(t, head+strings.Join(rows, ""), gleif.Options{Funds: true})
	for range testkit.Cases(50) {
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got, n := read(t, head+strings.Join(rows, ""), gleif.Options{Funds: true})
		require.Equal(t, want, got)
		require.Equal(t, counts["lines"], n["lines"])
	}
}

func TestFaults(t *testing.T) {
	xml := func(body string) string { return "<a><RelationshipRecord>" + body + "</RelationshipRecord></a>" }
	ends := "<StartNode><NodeID>C</NodeID></StartNode>\n<EndNode><NodeID>P</NodeID></EndNode>"
	for _, c := range []struct {
		name, text, want string
		kind             error
		drops            bool // the fault is of one record
	}{
		{"empty", "", "the file has no records", crossholding.ErrMissing, false},
		{"other columns", "a,b\n", "line 1: the first line has neither the columns", crossholding.ErrMissing, false},
		{"no parent", head + row("C", direct, ""), "line 2: the record has no LEI of a parent", crossholding.ErrMissing, true},
		{"bad id", head + row("C", direct, "neutral"), `line 2: the LEI "neutral" of a parent has a special meaning`, crossholding.ErrRange, true},
		{"no type", xml(ends + "<RelationshipStatus>ACTIVE</RelationshipStatus>"), "line 1: C and P: the record has no type", crossholding.ErrMissing, true},
		{"no status", xml(ends + "<RelationshipType>" + direct + "</RelationshipType>"), "line 1: C and P: the relationship has no status", crossholding.ErrMissing, true},
		{"over 100", head + "C," + direct + ",M,ACTIVE,,,,X,100.01,PERCENTAGE,PUBLISHED\n", `line 2: C: M consolidates "100.01" percent`, crossholding.ErrRange, true},
		{"no number", head + "C," + direct + ",M,ACTIVE,,,,X,much,PERCENTAGE,PUBLISHED\n", `line 2: C: M consolidates "much" percent`, crossholding.ErrRange, true},
		{"bad day", head + "C," + direct + ",M,ACTIVE,2023-02-30,,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", `line 2: C and M: the period from "2023-02-30"`, crossholding.ErrDate, true},
		{"reversed days", head + "C," + direct + ",M,ACTIVE,2023-02-03,2023-02-02,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", `line 2: C and M: the relationship ended on 2023-02-02`, crossholding.ErrDate, true},
		{"short row", head + "C," + direct + "\n", "line 2: the row has 2 fields, and the first line has 11", crossholding.ErrSyntax, true},
		{"quotes", head + "\"C\"x," + direct + "\n", "line 2: extraneous or missing", crossholding.ErrSyntax, true},
		{"open quote", head + "\"C," + strings.Repeat("x\n", 1<<20), "line 2: a record has more than 1,048,576 bytes", crossholding.ErrTooLarge, false},
		{"truncated", "<a>\n<RelationshipRecord>\n<StartNode>", "line 3: the file is no XML from here on: unexpected EOF", crossholding.ErrSyntax, false},
		{"no end", "<a>\n", "line 2: the file is no XML from here on: unexpected EOF", crossholding.ErrSyntax, false},
		{"encoding", `<?xml version="1.0" encoding="UTF-16"?><a/>`, "line 1: the file cannot be read", crossholding.ErrSyntax, false},
		{"no records", "<a/>", "the file has no element RelationshipRecord or Exception", crossholding.ErrMissing, false},
		{"long", xml("<StartNode>" + strings.Repeat("x", 2<<20)), "line 1: an element has more than", crossholding.ErrTooLarge, false},
		{"deep", strings.Repeat("<a>", 200), "elements lie too deep", crossholding.ErrSyntax, false},
		{"no reason", "LEI,Exception.Category\nA,DIRECT_ACCOUNTING_CONSOLIDATION_PARENT\n", "line 2: A: the exception has no reason", crossholding.ErrMissing, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, _, err := gleif.Read(context.Background(), strings.NewReader(c.text), gleif.Options{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, b)
			_, report, err := gleif.Read(context.Background(), strings.NewReader(c.text), gleif.Options{DropFaults: true})
			if !c.drops {
				require.ErrorIs(t, err, c.kind)
				return
			}
			require.NoError(t, err)
			require.Equal(t, 1, report.Dropped.Counts["fault"])
			require.Contains(t, report.Dropped.List[0].String(), c.want)
		})
	}
}

func TestErrors(t *testing.T) {
	for _, start := range []string{"", "<a>"} {
		_, _, err := gleif.Read(t.Context(), iotest.TimeoutReader(strings.NewReader(start)), gleif.Options{})
		require.Error(t, err)
		_, _, err = gleif.Read(t.Context(), iotest.ErrReader(errors.New("disk gone")), gleif.Options{})
		require.ErrorContains(t, err, "disk gone")
	}
	_, _, err := gleif.Read(t.Context(), nil, gleif.Options{AsOf: "soon"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = gleif.Read(ctx, nil, gleif.Options{AsOf: "soon"})
	require.ErrorIs(t, err, context.Canceled)
	for _, text := range []string{head + strings.Repeat(row("C", direct, "M"), 3000), "<a>" + strings.Repeat("<Exception/>", 3000)} {
		ctx, cancel := context.WithCancel(context.Background())
		rest := strings.NewReader(text)
		_, _, err = gleif.Read(ctx, readerFunc(func(p []byte) (int, error) {
			cancel() // while the file is read
			return rest.Read(p)
		}), gleif.Options{DropFaults: true})
		require.ErrorIs(t, err, context.Canceled)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestManyFaults(t *testing.T) {
	n := testkit.Size(20_000, 1_000_000)
	_, _, err := gleif.Read(context.Background(), strings.NewReader(head+strings.Repeat("x\n", n)), gleif.Options{})
	var e *crossholding.InputError
	require.ErrorAs(t, err, &e)
	require.Equal(t, n, len(e.Faults)+e.More)
	require.Len(t, e.Faults, 1000)
}

// Whatever the bytes are, Read ends without a panic, and a book that it returns is valid.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"relationships.xml", "relationships.csv", "exceptions.xml", "exceptions.csv"} {
		text, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(text, "2024-01-01", true, true)
	}
	f.Add([]byte("<RelationshipRecord>"), "", false, false)
	f.Fuzz(func(t *testing.T, text []byte, asOf string, apart, drop bool) {
		opt := gleif.Options{AsOf: date.Date(asOf), Branches: apart, Funds: apart, DropFaults: drop}
		b, report, err := gleif.Read(context.Background(), bytes.NewReader(text), opt)
		if err != nil {
			return
		}
		require.LessOrEqual(t, report.Read, report.Lines)
		if _, err = crossholding.New(b); err != nil {
			t.Fatal(err)
		}
	})
}

// A column of a list whose number is none is left out, and its fields are too.
func TestColumnsOfLists(t *testing.T) {
	for _, number := range []string{"0", "-1", "101", "x", "1e9", "99999999999999999999"} {
		_, n := read(t, strings.Replace(head, "Period.1.startDate", "Period."+number+".startDate", 1)+"C,"+direct+",M,ACTIVE,soon,,RELATIONSHIP_PERIOD,,,,PUBLISHED\n", gleif.Options{})
		require.Equal(t, map[string]int{"lines": 1, "read": 1, "column": 1, "means": 1}, n, number)
	}
}
