package ocf_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/ocf"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// files returns the files of the example.
func files(t testing.TB) []io.Reader {
	var out []io.Reader
	for _, name := range []string{"transactions", "classes", "stakeholders", "manifest"} {
		text, err := os.ReadFile("testdata/" + name + ".json")
		require.NoError(t, err)
		out = append(out, strings.NewReader(string(text)))
	}
	return out
}

func ExampleRead() {
	var list []io.Reader
	for _, name := range []string{"manifest", "stakeholders", "classes", "transactions"} {
		f, err := os.Open("testdata/" + name + ".json")
		if err != nil {
			log.Fatal(err)
		}
		defer f.Close()
		list = append(list, f)
	}
	ctx := context.Background()
	book, steps, report, err := ocf.Read(ctx, list, ocf.Options{})
	if err != nil {
		log.Fatal(err)
	}
	a, err := crossholding.New(book)
	if err != nil {
		log.Fatal(err)
	}
	out, err := scenario.Run(ctx, a, steps)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range out.After.Book().Stakes {
		fmt.Println(s.Holder, "has", s.Shares, s.Class)
	}
	fmt.Println(report)
	// Output:
	// ann has 10000 Common
	// bob has 9500 Common
	// fund has 10000 Common
	// 17 of 18 lines read; guessed: 1 kind; dropped: 1 type
}

func ExampleReadFS() {
	ctx := context.Background()
	book, steps, _, err := ocf.ReadFS(ctx, os.DirFS("testdata"), ocf.Options{AsOf: "2021-01-02"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(book.Companies[0].Name, len(book.Parties), len(steps.Steps))
	// Output: Acme Inc. 3 3
}

// run reads objects with a company of two classes and two stakeholders, and runs their steps.
func run(t testing.TB, items string, opt ocf.Options) (steps []string, after []string, rules string, err error) {
	text := `{"issuer":{"id":"x","legal_name":"X"},"items":[{"object_type":"STOCK_CLASS","id":"c","name":"Same"},{"object_type":"STOCK_CLASS","id":"d","name":"Same"},
		{"object_type":"STAKEHOLDER","id":"a","name":{"legal_name":"A"},"stakeholder_type":"INDIVIDUAL"},{"object_type":"STAKEHOLDER","id":"b","name":{"legal_name":"B"},"stakeholder_type":"INDIVIDUAL"},` + items + `]}`
	b, s, report, err := ocf.Read(context.Background(), []io.Reader{strings.NewReader(text)}, opt)
	if err != nil {
		return nil, nil, "", err
	}
	for _, x := range s.Steps {
		steps = append(steps, strings.TrimSpace(fmt.Sprint(x.Step, " ", x.From, ">", x.To, " ", x.Shares, x.Ratio, " ", x.Price)))
	}
	a, err := crossholding.New(b)
	require.NoError(t, err)
	out, err := scenario.Run(context.Background(), a, s)
	require.NoError(t, err)
	for _, s := range out.After.Book().Stakes {
		after = append(after, fmt.Sprint(s.Holder, " ", s.Shares, " ", s.Class))
	}
	return steps, after, report.String(), nil
}

const issued = `{"object_type":"TX_STOCK_ISSUANCE","id":"t1","date":"2020-01-02","security_id":"s1","stakeholder_id":"a","stock_class_id":"c","quantity":"100","share_price":{"amount":"2","currency":"EUR"}}`

// more returns a security that another transaction names.
func more(id, holder, class, n string) string {
	return fmt.Sprintf(`{"object_type":"TX_STOCK_ISSUANCE","id":"i-%s","date":"2020-01-03","security_id":"%s","stakeholder_id":"%s","stock_class_id":"%s","quantity":%s}`, id, id, holder, class, n)
}

// tx returns a transaction of the security s1.
func tx(kind, rest string) string {
	return `{"object_type":"TX_STOCK_` + kind + `","id":"t","date":"2020-01-03","security_id":"s1"` + rest + `}`
}

func TestTransactions(t *testing.T) {
	first := "issue >a 100 2 EUR"
	for _, c := range []struct {
		name, items  string
		steps, after []string
		rules        string
		opt          ocf.Options
	}{
		{"issuance", issued, []string{first}, []string{"a 100 c"}, "6 of 6 lines read", ocf.Options{}},
		{"retraction", tx("RETRACTION", "") + "," + issued, []string{first, "buyback a> 100 2 EUR"}, nil, "7 of 7 lines read", ocf.Options{}},
		{"cancellation of a part", issued + "," + tx("CANCELLATION", `,"quantity":"40"`), []string{first, "buyback a> 40"}, []string{"a 60 c"}, "7 of 7 lines read", ocf.Options{}},
		{"cancellation twice", issued + "," + tx("CANCELLATION", `,"quantity":"40"`) + "," + tx("CANCELLATION", `,"quantity":"60"`), []string{first, "buyback a> 40", "buyback a> 60"}, nil, "8 of 8 lines read", ocf.Options{}},
		{"reissuance", issued + "," + tx("REISSUANCE", `,"resulting_security_ids":["s2"]`) + "," + more("s2", "a", "c", "100"), []string{first}, []string{"a 100 c"}, "8 of 8 lines read", ocf.Options{}},
		{"transfer to two", issued + "," + more("s2", "b", "c", "30") + "," + more("s3", "a", "c", "70") + "," + tx("TRANSFER", `,"quantity":"100","resulting_security_ids":["s2","s3"]`),
			[]string{first, "trade a>b 30"}, []string{"a 70 c", "b 30 c"}, "9 of 9 lines read", ocf.Options{}},
		{"wrong balance", issued + "," + more("s2", "b", "c", "30") + "," + more("s3", "a", "c", "60") + "," + tx("TRANSFER", `,"quantity":"30","resulting_security_ids":["s2"],"balance_security_id":"s3"`),
			[]string{first, "trade a>b 30"}, []string{"a 70 c", "b 30 c"}, "9 of 9 lines read; conflicts: 1 balance", ocf.Options{}},
		{"conversion", issued + "," + more("s2", "a", "d", "150") + "," + tx("CONVERSION", `,"resulting_security_ids":["s2"]`),
			[]string{first, "convert a> 100150:100"}, []string{"a 150 d"}, "8 of 8 lines read", ocf.Options{}},
		{"consolidation", issued + "," + more("s2", "a", "c", "100") + `,{"object_type":"TX_STOCK_CONSOLIDATION","id":"t","date":"2020-01-03","security_ids":["s1"],"resulting_security_id":"s2"}`,
			[]string{first}, []string{"a 100 c"}, "8 of 8 lines read", ocf.Options{}},
		{"as of", issued + "," + tx("RETRACTION", ""), []string{first}, []string{"a 100 c"}, "6 of 7 lines read; dropped: 1 future", ocf.Options{AsOf: "2020-01-02"}},
		{"no date", strings.Replace(issued, "2020-01-02", "", 1), []string{first}, []string{"a 100 c"}, "6 of 6 lines read; guessed: 1 date", ocf.Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			steps, after, rules, err := run(t, c.items, c.opt)
			require.NoError(t, err)
			require.Equal(t, c.steps, steps)
			require.Equal(t, c.after, after)
			require.Equal(t, c.rules, rules)
		})
	}
}

func TestBook(t *testing.T) {
	b, s, _, err := ocf.Read(context.Background(), files(t), ocf.Options{})
	require.NoError(t, err)
	require.Equal(t, []crossholding.Company{{ID: "acme", Name: "Acme Inc.", Country: "US", Shares: []crossholding.ShareClass{
		{Class: "Common", Issued: "0", Votes: "1", Fractions: true}, {Class: "Series A", Issued: "0", Votes: "10", Fractions: true}}}}, b.Companies)
	require.Equal(t, crossholding.Party{ID: "fund", Name: "Fund LP", Kind: crossholding.KindCompany}, b.Parties[2])
	require.Len(t, s.Steps, 7)
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, items, want string
		kind              error
	}{
		{"unknown security", tx("RETRACTION", ""), `line 6: t: the security "s1" is not outstanding`, crossholding.ErrUnknown},
		{"too many", issued + "," + tx("CANCELLATION", `,"quantity":"101"`), "line 7: t: the security s1 has 100 shares, not 101", crossholding.ErrNotEnough},
		{"twice", issued + "," + issued, `line 7: t1: the security "s1" has no id, or is issued twice`, crossholding.ErrDuplicate},
		{"no number", strings.Replace(issued, `"100"`, `"many"`, 1), `line 6: t1: "many" is no positive number`, ratio.ErrNumber},
		{"no price", strings.Replace(issued, `"2"`, `"-2"`, 1), `line 6: t1: "-2" "EUR" is no price`, ratio.ErrNumber},
		{"unknown holder", strings.Replace(issued, `"a"`, `"z"`, 1), `line 6: t1: the class "c" or the stakeholder "z" is not in the files`, crossholding.ErrUnknown},
		{"bad date", strings.Replace(issued, `2020-01-02`, `2020`, 1), `line 6: t1: "2020" is not a date`, crossholding.ErrDate},
		{"does not add up", issued + "," + more("s2", "b", "c", "30") + "," + tx("TRANSFER", `,"resulting_security_ids":["s2"]`), "line 8: t: 100 shares of the security s1 become 30", crossholding.ErrBalance},
		{"another class", issued + "," + more("s2", "b", "d", "100") + "," + tx("TRANSFER", `,"resulting_security_ids":["s2"]`), "line 8: t: the security s2 is of another class", crossholding.ErrUnknown},
		{"no type", `{"id":"q"}`, "line 6: the object q has no type", crossholding.ErrMissing},
		{"a list", `[]`, "line 6: the object cannot be read", crossholding.ErrSyntax},
		{"holder twice", `{"object_type":"STAKEHOLDER","id":"a"}`, "line 6: the stakeholder a is in the files twice", crossholding.ErrDuplicate},
		{"bad id", `{"object_type":"STAKEHOLDER","id":""}`, `line 6: the id "" of an object is empty`, crossholding.ErrRange},
		{"split", `{"object_type":"TX_STOCK_CLASS_SPLIT","id":"t","date":"2020-01-03","stock_class_id":"e","split_ratio":{"numerator":"2","denominator":"1"}}`, `line 6: t: the class "e" is not`, crossholding.ErrUnknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, _, err := run(t, c.items, ocf.Options{})
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
			_, _, rules, err := run(t, c.items, ocf.Options{DropFaults: true})
			require.NoError(t, err)
			require.Contains(t, rules, "fault")
		})
	}
	for text, kind := range map[string]error{
		"": crossholding.ErrSyntax, "[]": crossholding.ErrSyntax, `{"items":[{`: crossholding.ErrSyntax, `{"items":{}}`: crossholding.ErrSyntax,
		"{}": crossholding.ErrMissing, `{"items":["` + strings.Repeat("x", 3<<20): crossholding.ErrTooLarge,
	} {
		_, _, _, err := ocf.Read(context.Background(), []io.Reader{strings.NewReader(text)}, ocf.Options{DropFaults: true})
		require.ErrorIs(t, err, kind, "%.20s", text)
	}
	_, _, _, err := ocf.Read(t.Context(), []io.Reader{iotest.ErrReader(errors.New("disk gone"))}, ocf.Options{})
	require.ErrorContains(t, err, "disk gone")
	_, _, _, err = ocf.Read(t.Context(), nil, ocf.Options{AsOf: "soon"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, _, err = ocf.Read(ctx, nil, ocf.Options{AsOf: "soon"})
	require.ErrorIs(t, err, context.Canceled)
}

// Whatever the bytes are, Read ends without a panic, and a book that it returns is valid.
func FuzzRead(f *testing.F) {
	for _, r := range files(f) {
		text, err := io.ReadAll(r)
		require.NoError(f, err)
		f.Add(string(text), "2022-01-01", true)
	}
	manifest, err := os.ReadFile("testdata/manifest.json")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, text, asOf string, drop bool) {
		list := []io.Reader{strings.NewReader(text), strings.NewReader(string(manifest))}
		b, _, report, err := ocf.Read(context.Background(), list, ocf.Options{AsOf: date.Date(asOf), DropFaults: drop})
		if err != nil {
			return
		}
		require.LessOrEqual(t, report.Read, report.Lines)
		if _, err = crossholding.New(b); err != nil {
			t.Fatal(err)
		}
	})
}
