package parquet_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/parquet"
	"github.com/google/uuid"
	pq "github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"
)

type company struct {
	ID       string `parquet:"id"`
	Issued   int64  `parquet:"issued"`
	Treasury *int64 `parquet:"treasury"`
	Votes    string `parquet:"votes,optional"`
}

type stake struct {
	Holder string `parquet:"holder,dict"`
	Issuer string `parquet:"issuer,dict"`
	Shares int64  `parquet:"shares"`
}

// A register in Parquet gives the answers that it gives in CSV.
func TestAsCSV(t *testing.T) {
	for seed := range uint64(testkit.Cases(30)) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 500})
		require.NoError(t, err)
		var companies, stakes bytes.Buffer
		require.NoError(t, n.WriteCSV(&companies, &stakes))
		cs, ss := asParquet(t, companies.Bytes(), stakes.Bytes())
		got, err := parquet.ReadRegister(t.Context(), cs, ss, parquet.Options{})
		require.NoError(t, err)
		want, err := crossholding.ReadRegister(t.Context(), &companies, &stakes, crossholding.RegisterOptions{})
		require.NoError(t, err)
		require.Equal(t, bookOf(t, want), bookOf(t, got))
	}
}

func bookOf(t *testing.T, a *crossholding.Alliance) string {
	t.Helper()
	book := a.Book()
	var out strings.Builder
	require.NoError(t, crossholding.WriteBook(&out, book))
	return out.String()
}

// asParquet makes the Parquet form of a CSV pair.
func asParquet(t testing.TB, companies, stakes []byte) (parquet.File, parquet.File) {
	t.Helper()
	var cs []company
	for _, r := range records(t, companies) {
		c := company{ID: r[0], Issued: whole64(t, r[1]), Votes: r[3]}
		if r[2] != "" {
			treasury := whole64(t, r[2])
			c.Treasury = &treasury
		}
		cs = append(cs, c)
	}
	var ss []stake
	for _, r := range records(t, stakes) {
		ss = append(ss, stake{r[0], r[1], whole64(t, r[2])})
	}
	return file(t, cs, 1<<17), file(t, ss, 1<<17)
}

func records(t testing.TB, b []byte) [][]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	require.NoError(t, err)
	return all[1:]
}

func whole64(t testing.TB, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	require.NoError(t, err)
	return n
}

// Each type that a register can have is read, by columns of any name.
func TestTypes(t *testing.T) {
	type typed struct {
		Entity struct {
			UID uuid.UUID `parquet:"uid,uuid"`
		} `parquet:"entity"`
		Decimal32 int32    `parquet:"decimal32,decimal(2:9)"`
		Decimal64 int64    `parquet:"decimal64,decimal(3:18)"`
		Fixed     [16]byte `parquet:"fixed,decimal(4:38)"`
		Unsigned  uint32   `parquet:"unsigned"`
		Long      uint64   `parquet:"long"`
		Short     int32    `parquet:"short"`
		Double    float64  `parquet:"double"`
		Float     float32  `parquet:"float"`
		Text      string   `parquet:"text"`
		None      *float64 `parquet:"none"`
		List      []int64  `parquet:"list"`
		Yes       bool     `parquet:"yes"`
		Day       int32    `parquet:"day,date"`
	}
	row := typed{Decimal32: 10050, Decimal64: 100500, Unsigned: math.MaxUint32, Long: math.MaxUint64, Short: 7,
		Double: 1 << 52, Float: 1 << 23, Text: "100.25", Day: 20000}
	row.Entity.UID = uuid.MustParse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
	big.NewInt(1_005_000).FillBytes(row.Fixed[:])
	cs, none := file(t, []typed{row}, 1), file(t, []stake{}, 1)
	for column, want := range map[string]string{
		"decimal32": "100.5", "decimal64": "100.5", "fixed": "100.5", "unsigned": "4294967295",
		"long": "18446744073709551615", "short": "7", "double": "4503599627370496", "float": "8388608", "text": "100.25",
	} {
		t.Run(column, func(t *testing.T) {
			a, err := parquet.ReadRegister(t.Context(), cs, none, parquet.Options{
				Columns: parquet.Columns{ID: "entity.uid", Issued: column, Votes: "none"},
			})
			require.NoError(t, err)
			c := a.Book().Companies[0]
			require.Equal(t, "6ba7b810-9dad-11d1-80b4-00c04fd430c8", c.ID)
			require.Equal(t, want, string(c.Shares[0].Issued))
		})
	}
	for column, says := range map[string]string{
		"list": `companies: column "list" is a list, not one value a row`, "yes": `companies: column "yes" has values of type BOOLEAN`,
		"day": `companies: column "day" has values of type DATE`, "entity": `no column "entity", but "entity.uid", "decimal32"`,
	} {
		t.Run(column, func(t *testing.T) {
			_, err := parquet.ReadRegister(t.Context(), cs, none, parquet.Options{
				Columns: parquet.Columns{ID: "text", Issued: column, Votes: "double", Shares: "amount"},
			})
			require.ErrorContains(t, err, says)
			require.ErrorContains(t, err, `stakes: no column "amount", but "holder", "issuer", "shares"`)
		})
	}
}

// A file states the scale of its decimals. A scale of which no register has figures is a wrong
// type, before any digit is made.
func TestScaleOfDecimals(t *testing.T) {
	cs := file(t, []company{{ID: "a", Issued: 100}}, 1)
	for scale, ok := range map[int]bool{-1: false, 0: true, 3: true, 1000: true, 1001: false, math.MaxInt32: false} {
		schema := pq.NewSchema("stakes", pq.Group{"holder": pq.String(), "issuer": pq.String(), "shares": pq.Decimal(scale, 18, pq.Int64Type)})
		var b bytes.Buffer
		w := pq.NewWriter(&b, schema)
		_, err := w.WriteRows([]pq.Row{{pq.ValueOf("p").Level(0, 0, 0), pq.ValueOf("a").Level(0, 0, 1), pq.ValueOf(int64(0)).Level(0, 0, 2)}})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		_, err = parquet.ReadRegister(t.Context(), cs, inMemory(b.Bytes()), parquet.Options{})
		require.Equal(t, ok, err == nil, "%d: %v", scale, err)
		if !ok {
			require.ErrorIs(t, err, crossholding.ErrSyntax, scale)
			require.ErrorContains(t, err, fmt.Sprintf(`stakes: column "shares" has values of type DECIMAL(18,%d)`, scale))
		}
	}
}

// All faults are named with their rows: those of the form first, then those of the register.
func TestFaults(t *testing.T) {
	type loose struct {
		Holder *string  `parquet:"holder"`
		Issuer string   `parquet:"issuer"`
		Shares *float64 `parquet:"shares"`
	}
	text := func(s string) *string { return &s }
	number := func(x float64) *float64 { return &x }
	cs := file(t, []company{{ID: "a", Issued: 100}, {ID: "b", Issued: 100}}, 1)
	_, err := parquet.ReadRegister(t.Context(), cs, file(t, []loose{
		{text("p"), "a", number(0.5)}, {text("p"), "b", number(1 << 53)}, {text("p\nq"), "b", number(1)},
		{text("p"), "b", number(math.NaN())}, {text("p"), "a", number(math.Inf(-1))},
	}, 2), parquet.Options{})
	require.ErrorIs(t, err, crossholding.ErrRange)
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	for _, says := range []string{
		"parquet: stakes row 1: shares is the float 0.5", "stakes row 2: shares is the float 9.007199254740992e+15",
		`stakes row 3: holder "p\nq" has the end of a line in it`, "stakes row 4: shares is the float NaN", "stakes row 5: shares is the float -Inf",
	} {
		require.ErrorContains(t, err, says)
	}
	_, err = parquet.ReadRegister(t.Context(), cs, file(t, []loose{
		{text("p"), "a", number(60)}, {nil, "b", number(1)}, {text("p"), "b", nil}, {text("p"), "z", number(1)}, {text("q"), "a", number(60)},
	}, 2), parquet.Options{})
	require.EqualError(t, err, "parquet: stakes row 2: holder \"\" is empty or reserved\n"+
		"stakes row 3: p in b: \"\" is not a number of shares\nstakes row 4: issuer \"z\" is not among the companies")
	cs = file(t, []company{{ID: "a", Issued: 100, Votes: "x"}}, 1)
	_, err = parquet.ReadRegister(t.Context(), cs, file(t, []stake{}, 1), parquet.Options{})
	require.ErrorContains(t, err, "parquet: companies row 1, votes: ")
	require.NotContains(t, err.Error(), "crossholding: ")
}

// A file that is not whole gives an error.
func TestDamaged(t *testing.T) {
	cs := file(t, []company{{ID: "a", Issued: 100}}, 1)
	good := file(t, []stake{{"p", "a", 1}, {"q", "a", 2}}, 1)
	read := func(f parquet.File) error {
		_, err := parquet.ReadRegister(t.Context(), cs, f, parquet.Options{})
		return err
	}
	require.NoError(t, read(good))
	b := bytesOf(t, good)
	for n := range b {
		require.Error(t, read(inMemory(b[:n])), n)
	}
	for name, f := range map[string]parquet.File{
		"nothing": {}, "empty": inMemory(nil), "text": inMemory([]byte("holder,issuer,shares\np,a,1\n")),
		"too long": {Bytes: bytes.NewReader(b), Size: 1 << 40}, "negative": {Bytes: bytes.NewReader(b), Size: -1},
	} {
		t.Run(name, func(t *testing.T) { require.ErrorIs(t, read(f), parquet.ErrFormat) })
	}
	gone := errors.New("disk gone")
	require.ErrorIs(t, read(parquet.File{Bytes: failing{bytes.NewReader(b), gone}, Size: int64(len(b))}), gone)
}

// failing is a file whose beginning cannot be read.
type failing struct {
	io.ReaderAt
	err error
}

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off > 3 && off < 50 {
		return 0, f.err
	}
	return f.ReaderAt.ReadAt(p, off)
}

func bytesOf(t testing.TB, f parquet.File) []byte {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(f.Bytes, 0, f.Size))
	require.NoError(t, err)
	return b
}

// Work ends with its context, and says why.
func TestContext(t *testing.T) {
	cs := file(t, []company{{ID: "a", Issued: 100}}, 1)
	why := errors.New("enough")
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	_, err := parquet.ReadRegister(ended, cs, cs, parquet.Options{})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, why)

	ctx, cancel := context.WithCancelCause(t.Context())
	many := make([]stake, 50_000)
	for i := range many {
		many[i] = stake{"p" + strconv.Itoa(i), "a", 1}
	}
	ss := file(t, many, 1<<17)
	ctx = crossholding.WithProgress(ctx, func(crossholding.Progress) { cancel(why) })
	_, err = parquet.ReadRegister(ctx, cs, ss, parquet.Options{})
	require.ErrorIs(t, err, why)

	_, err = parquet.ReadRegister(noContext, cs, file(t, []stake{{"p", "a", 1}}, 1), parquet.Options{})
	require.NoError(t, err)
}

func FuzzReadRegister(f *testing.F) {
	cs := bytesOf(f, file(f, []company{{ID: "a", Issued: 100}, {ID: "b", Issued: 3}}, 1))
	ss := bytesOf(f, file(f, []stake{{"p", "a", 1}, {"a", "b", 2}}, 1))
	f.Add(cs, ss)
	f.Fuzz(func(t *testing.T, cs, ss []byte) {
		a, err := parquet.ReadRegister(t.Context(), inMemory(cs), inMemory(ss), parquet.Options{})
		require.True(t, (a == nil) == (err != nil))
	})
}

func BenchmarkReadRegister(b *testing.B) {
	n, err := gen.Register(gen.Options{Seed: 1, Stakes: testkit.Size(100_000, 4_000_000)})
	require.NoError(b, err)
	var companies, stakes bytes.Buffer
	require.NoError(b, n.WriteCSV(&companies, &stakes))
	cs, ss := asParquet(b, companies.Bytes(), stakes.Bytes())
	b.Run("parquet", func(b *testing.B) {
		for b.Loop() {
			_, err := parquet.ReadRegister(b.Context(), cs, ss, parquet.Options{})
			require.NoError(b, err)
		}
	})
	b.Run("csv", func(b *testing.B) {
		for b.Loop() {
			_, err := crossholding.ReadRegister(b.Context(), bytes.NewReader(companies.Bytes()), bytes.NewReader(stakes.Bytes()), crossholding.RegisterOptions{})
			require.NoError(b, err)
		}
	})
}

// Files that another program wrote are read: those of DuckDB 1.5, with pages of both versions,
// DECIMAL, nothing (null) and letters of Japan. The figures were made for the test.
func TestDuckDB(t *testing.T) {
	files := make([]parquet.File, 2)
	for i, name := range []string{"companies", "stakes"} {
		b, err := os.ReadFile("testdata/" + name + ".parquet")
		require.NoError(t, err)
		files[i] = inMemory(b)
	}
	a, err := parquet.ReadRegister(t.Context(), files[0], files[1], parquet.Options{})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	for _, c := range []struct{ holder, issuer, want string }{
		{"renault", "nissan", "43.40"}, {"nissan", "renault", "15.00"}, {"nissan", "三菱自動車", "33.99"}, {"state", "renault", "15.01"},
	} {
		share, err := o.Capital(c.holder, c.issuer)
		require.NoError(t, err)
		require.Equal(t, c.want, share.Percent(2).StringFixed(2), "%s in %s", c.holder, c.issuer)
	}
}
