package psc_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/internal/testkit"
)

// pscCase is a snapshot and what a reader must make of it. Owners are named by name, and
// companies by number, or by name if they have one.
type pscCase struct {
	Name                        string
	Lines                       []json.RawMessage
	AsOf                        date.Date `json:"as_of"`
	Shares, Capital, Votes      map[string]string
	Controls                    []string
	Guessed, Dropped, Conflicts []string
}

func cases(t testing.TB) []pscCase {
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	var file struct{ Cases []pscCase }
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	return file.Cases
}

// text returns the lines of a case as a file.
func (c *pscCase) text(t testing.TB) string {
	var out bytes.Buffer
	for _, line := range c.Lines {
		require.NoError(t, json.Compact(&out, line))
		out.WriteByte('\n')
	}
	return out.String()
}

// names returns the name of each id of a book.
func names(b crossholding.Book) func(id string) string {
	m := map[string]string{}
	for _, c := range b.Companies {
		m[c.ID] = c.Name
	}
	for _, p := range b.Parties {
		m[p.ID] = p.Name
	}
	return func(id string) string {
		if m[id] != "" {
			return m[id]
		}
		return id
	}
}

func TestCases(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			b, report, err := psc.Read(context.Background(), strings.NewReader(c.text(t)), psc.Options{AsOf: c.AsOf})
			require.NoError(t, err)
			name := names(b)
			got := map[string]map[string]string{"": {}, "capital": {}, "votes": {}}
			for _, s := range b.Stakes {
				got[s.Class][name(s.Holder)+">"+name(s.Issuer)] = s.Between
			}
			for class, want := range map[string]map[string]string{"": c.Shares, "capital": c.Capital, "votes": c.Votes} {
				require.Len(t, got[class], len(want), class)
				for k, v := range want {
					require.Equal(t, v, got[class][k], "%s %s", class, k)
				}
			}
			var controls []string
			for _, f := range b.Controls {
				controls = append(controls, fmt.Sprintf("%s>%s %s", name(f.Controller), name(f.Company), f.By))
			}
			require.ElementsMatch(t, c.Controls, controls)
			require.Equal(t, c.Guessed, texts(report.Guessed))
			require.Equal(t, c.Dropped, texts(report.Dropped))
			require.Equal(t, c.Conflicts, texts(report.Conflicts))
			_, err = crossholding.New(b)
			require.NoError(t, err)
		})
	}
}

func texts(n format.Notes) (out []string) {
	for _, x := range n.List {
		out = append(out, x.String())
	}
	return out
}

// The book depends neither on the order of the lines nor on how the bytes arrive.
func TestOrderOfLines(t *testing.T) {
	var lines []string
	for _, c := range cases(t) {
		lines = append(lines, strings.Split(strings.TrimSpace(c.text(t)), "\n")...)
	}
	want, _, err := psc.Read(context.Background(), strings.NewReader(strings.Join(lines, "\n")), psc.Options{})
	require.NoError(t, err)
	require.True(t, slices.IsSortedFunc(want.Companies, func(a, b crossholding.Company) int { return strings.Compare(a.ID, b.ID) }))
	require.True(t, slices.IsSortedFunc(want.Parties, func(a, b crossholding.Party) int { return strings.Compare(a.ID, b.ID) }))
	rng := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(100) {
		rng.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		got, _, err := psc.Read(context.Background(), iotest.HalfReader(strings.NewReader(strings.Join(lines, "\r\n"))), psc.Options{})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

const line = `{"company_number":"%s","data":{"kind":"individual-person-with-significant-control","name":"%s","natures_of_control":["ownership-of-shares-75-to-100-percent","voting-rights-75-to-100-percent"],"notified_on":"%s"}}`

func TestFaults(t *testing.T) {
	good := fmt.Sprintf(line, "00000001", "P", "2020-01-02")
	for _, c := range []struct {
		name, text, want string
		kind             error
	}{
		{"truncated", good + "\n" + good[:80], "line 2: the line ends where", crossholding.ErrSyntax},
		{"encoding", "\n" + strings.Replace(good, "P", "\xff", 1), "line 2: the line holds bytes that are not UTF-8", crossholding.ErrSyntax},
		{"a key twice", strings.Replace(good, `"name"`, `"n\u0061me":"Q","name"`, 1), `line 1: a second key with the meaning of "name" at character`, crossholding.ErrSyntax},
		{"a date twice", strings.Replace(good, `}}`, `,"notified_on":null}}`, 1), `line 1: a second key with the meaning of "notified_on" at character`, crossholding.ErrSyntax},
		{"no number", `{"data":{"kind":"super-secure-person-with-significant-control"}}`, "line 1: the record has no company number", crossholding.ErrMissing},
		{"bad number", fmt.Sprintf(line, "a:b", "P", "2020-01-02"), `line 1: "a:b" is no company number`, crossholding.ErrRange},
		{"no kind", `{"company_number":"00000001","data":{}}`, "line 1: the record has no kind", crossholding.ErrMissing},
		{"bad day", fmt.Sprintf(line, "00000001", "P", "2023-02-29"), `line 1: 00000001: notified on "2023-02-29", which is not a date`, crossholding.ErrDate},
		{"long", `{"company_number":"` + strings.Repeat("0", 2<<20), "line 1: the line has more than 1,048,576 bytes", crossholding.ErrTooLarge},
		{"a list", "[" + good + "]", "line 1: an object is expected at character 1", crossholding.ErrSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, report, err := psc.Read(t.Context(), strings.NewReader(c.text), psc.Options{}) //nolint:staticcheck // nil means Background
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, c.want)
			require.Empty(t, b)
			require.Positive(t, report.Lines)
			_, report, err = psc.Read(context.Background(), strings.NewReader(c.text), psc.Options{DropFaults: true})
			require.NoError(t, err)
			require.Equal(t, 1, report.Dropped.Counts["fault"])
			require.Contains(t, report.Dropped.List[0].String(), c.want)
		})
	}
	_, _, err := psc.Read(context.Background(), iotest.ErrReader(errors.New("disk gone")), psc.Options{})
	require.ErrorContains(t, err, "disk gone")
	_, _, err = psc.Read(context.Background(), nil, psc.Options{AsOf: "soon"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, _, err = psc.Read(ctx, strings.NewReader(strings.Repeat("{}\n", 5000)), psc.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func TestManyFaultsAndConflicts(t *testing.T) {
	n := testkit.Size(20_000, 1_000_000)
	_, _, err := psc.Read(context.Background(), strings.NewReader(strings.Repeat("{\n", n)), psc.Options{})
	var e *crossholding.InputError
	require.ErrorAs(t, err, &e)
	require.Equal(t, n, len(e.Faults)+e.More)
	require.Len(t, e.Faults, 1000)

	_, report, err := psc.Read(context.Background(), strings.NewReader(strings.Repeat(fmt.Sprintf(line, "00000001", "P", "2020-01-02")+"\n", n)), psc.Options{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"repeated": n - 1}, report.Conflicts.Counts)
	require.Equal(t, 1, report.Conflicts.List[0].Line)
	require.Equal(t, 1000, report.Conflicts.List[999].Line)
	require.Equal(t, 1, report.Read)
}

func TestVotesFollowShares(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(line, "00000001", "P", "2020-01-02"), `,"voting-rights-75-to-100-percent"`, "", 1)
	b, report, err := psc.Read(context.Background(), strings.NewReader(text), psc.Options{VotesFollowShares: true})
	require.NoError(t, err)
	require.Len(t, b.Stakes, 1)
	require.Equal(t, "[75%,100%]", b.Stakes[0].Between)
	require.Equal(t, 1, report.Guessed.Counts["unstated"])
}

// Long names that begin alike stay apart, and all ids are such as a book can have.
func TestNames(t *testing.T) {
	long := strings.Repeat("é ", 300)
	var text strings.Builder
	for _, name := range []string{long + "a", long + "b", "  \u200bA\u00a0 B ", "É", "é", "neutral"} {
		fmt.Fprintf(&text, line+"\n", "00000001", name, "2020-01-02")
	}
	b, _, err := psc.Read(context.Background(), strings.NewReader(text.String()), psc.Options{})
	require.NoError(t, err)
	require.Len(t, b.Parties, 5)
	_, err = crossholding.New(b)
	require.NoError(t, err)
}

// Whatever the bytes are, Read ends without a panic, and a book that it returns is valid.
func FuzzRead(f *testing.F) {
	for _, c := range cases(f) {
		f.Add([]byte(c.text(f)), string(c.AsOf), true)
	}
	f.Add([]byte("{"), "2020-01-01", false)
	f.Fuzz(func(t *testing.T, text []byte, asOf string, drop bool) {
		b, _, err := psc.Read(context.Background(), bytes.NewReader(text), psc.Options{AsOf: date.Date(asOf), DropFaults: drop})
		if err != nil {
			return
		}
		if _, err = crossholding.New(b); err != nil {
			t.Fatal(err)
		}
	})
}
