package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/inspect"
	"github.com/crossholding/crossholding/internal/testkit"
)

func inspected(args ...string) (status int, stdout, stderr string) {
	var out, complaints bytes.Buffer
	status = run(context.Background(), args, &out, &complaints)
	return status, out.String(), complaints.String()
}

func TestReports(t *testing.T) {
	book, steps := filepath.Join("testdata", "small.json"), filepath.Join("testdata", "steps.json")
	for name, args := range map[string][]string{
		"small.golden.json":    {"-json", book},
		"small.golden.txt":     {book},
		"scenario.golden.json": {"-json", "-scenario", steps, book},
		"scenario.golden.txt":  {"-scenario", steps, book},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, complaints := inspected(args...)
			require.Zero(t, status, complaints)
			require.Empty(t, complaints)
			testkit.Golden(t, filepath.Join("testdata", name), out)
		})
	}
}

// Other programs read the JSON: its keys, its places and its order are fixed.
func TestJSONForm(t *testing.T) {
	_, out, _ := inspected("-json", filepath.Join("testdata", "small.json"))
	var form struct {
		Companies []map[string]string
		Ownership []map[string]string
		Votes     []struct {
			Holder, Issuer, Theoretical, Exercisable, Free, Neutral string
			PercentExercisable                                      string              `json:"percent_exercisable"`
			PercentFree                                             string              `json:"percent_free"`
			Reasons                                                 []map[string]string `json:"reasons"`
		}
		Control   []map[string]string
		Ultimate  []map[string]string
		Valuation []map[string]*string
		Warnings  []string
	}
	dec := json.NewDecoder(strings.NewReader(out))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(&form))
	last := ""
	for _, row := range form.Ownership {
		require.Len(t, row, 7)
		require.Regexp(t, `^\d+$`, row["shares"])
		for _, key := range []string{"capital", "economic", "integrated", "first_passage"} {
			require.Regexp(t, `^\d+\.\d{12}$`, row[key], key)
		}
		at := row["holder"] + "\x00" + row["issuer"]
		require.Less(t, last, at, "sorted by holder, then issuer")
		last = at
	}
	last = ""
	for _, row := range form.Votes {
		require.Regexp(t, `^\d+\.\d{10}$`, row.PercentExercisable)
		require.Regexp(t, `^\d+\.\d{10}$`, row.PercentFree)
		require.NotNil(t, row.Reasons)
		require.Less(t, last, row.Holder+"\x00"+row.Issuer)
		last = row.Holder + "\x00" + row.Issuer
	}
	require.NotEmpty(t, form.Companies)
	for _, row := range form.Companies {
		require.Len(t, row, 4)
	}
	require.NotEmpty(t, form.Valuation)
	require.NotNil(t, form.Control)
	require.NotNil(t, form.Ultimate)
	require.NotNil(t, form.Warnings)
}

func TestFaultsExit1(t *testing.T) {
	status, out, complaints := inspected(filepath.Join("testdata", "faulty.json"))
	require.Equal(t, 1, status)
	require.Empty(t, out)
	lines := strings.Split(strings.TrimSuffix(complaints, "\n"), "\n")
	require.Len(t, lines, 4, complaints)
	for i, want := range []string{
		"companies[0].colour: unknown key",
		`stakes[1].holder: ghost in nissan: holder "ghost"`,
		"stakes[1].shares: ghost in nissan: -1 is negative",
		"companies.nissan: 1 holder holds 6,052,505,471 of 4,220,715,112 outstanding shares of nissan (ordinary), ",
	} {
		require.True(t, strings.HasPrefix(lines[i], want), lines[i])
	}

	for name, args := range map[string][]string{
		"no file":        {"testdata/none.json"},
		"no scenario":    {"-scenario", "testdata/none.json", "testdata/small.json"},
		"not a scenario": {"-scenario", "testdata/small.json", "testdata/small.json"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, complaints := inspected(args...)
			require.Equal(t, 1, status)
			require.Empty(t, out)
			require.NotEmpty(t, complaints)
		})
	}
	status, _, complaints = inspected("-scenario", "testdata/bad-steps.json", "testdata/small.json")
	require.Equal(t, 1, status)
	require.Contains(t, complaints, "steps[0]")
	require.Equal(t, 1, strings.Count(complaints, "\n"), complaints)
}

// What is known of a stake's worth is shown, and what is missing for the rest
// is a warning: a lot without a price, a price without a rate, a gain whose
// cost is in another currency.
func TestWhatIsMissingIsSaid(t *testing.T) {
	dir := t.TempDir()
	book, steps := filepath.Join(dir, "book.json"), filepath.Join(dir, "steps.json")
	require.NoError(t, os.WriteFile(book, []byte(`{
		"companies": [{"id": "a", "currency": "JPY", "shares": [{"issued": 100}]}, {"id": "b", "currency": "JPY", "shares": [{"issued": 100}]}, {"id": "c", "shares": [{"issued": 100}]}],
		"parties": [{"id": "p"}],
		"stakes": [{"holder": "p", "issuer": "a", "shares": 50, "lots": [{"date": "2020-01-01", "shares": 50, "price": 5, "currency": "USD"}]},
			{"holder": "p", "issuer": "b", "shares": 50}, {"holder": "p", "issuer": "c", "shares": 50}],
		"market": {"currency": "EUR", "prices": {"b": 5}}}`), 0o600))
	require.NoError(t, os.WriteFile(steps, []byte(`{"steps": [{"step": "trade", "from": "p", "to": "b", "issuer": "a", "shares": 10, "price": "7 JPY"}]}`), 0o600))
	status, out, complaints := inspected("-json", "-scenario", steps, book)
	require.Equal(t, 0, status, complaints)
	var form inspect.Change
	require.NoError(t, json.Unmarshal([]byte(out), &form))
	require.Equal(t, []inspect.Value{{Holder: "p", Issuer: "a", Currency: "EUR"}, {Holder: "p", Issuer: "b", Currency: "EUR"}}, form.Before.Valuation)
	require.Len(t, form.Before.Warnings, 4)
	for i, says := range []string{"no rate USD/EUR (cost of p in a)", "no price (value of p in a)", "cost of p in b: no lot covers 50 of 50 shares", "no rate JPY/EUR (value of p in b)"} {
		require.Contains(t, form.Before.Warnings[i], says)
	}
	gain := form.Outcome.Gains[0]
	require.Equal(t, "50", *gain.Cost)
	require.Equal(t, "USD", gain.Currency)
	require.Nil(t, gain.Gain)
}

// The rows of a book with rounded percentages take them as they are written, and a warning
// names them.
func TestRoundedPercentages(t *testing.T) {
	book := filepath.Join(t.TempDir(), "book.json")
	require.NoError(t, os.WriteFile(book, []byte(`{"companies": [{"id": "x"}], "parties": [{"id": "p"}, {"id": "q"}],
		"stakes": [{"holder": "p", "issuer": "x", "percent": "50.1", "rounded": true}, {"holder": "q", "issuer": "x", "percent": "50.0", "rounded": true}]}`), 0o600))
	status, out, complaints := inspected("-json", book)
	require.Equal(t, 0, status, complaints)
	var form inspect.Report
	require.NoError(t, json.Unmarshal([]byte(out), &form))
	require.Equal(t, "0.500500000000", form.Ownership[0].Integrated)
	require.Contains(t, form.Warnings, "x (ordinary): rounded percentages are taken 100% of the way from the written figure to the lower end, because together they exceed what there is: p 50.1%, q 50.0%")
}

// A fault of no place in the file is of the file.
func TestFaultNamesTheFile(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "cut off": `{"companies": [`, "half a character": `{"companies": [{"id": "a\ud800"}]}`} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "odd.json")
			require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
			status, out, complaints := inspected("-json", file)
			require.Equal(t, 1, status)
			require.Empty(t, out)
			require.True(t, strings.HasPrefix(complaints, file+": "), complaints)
			require.Equal(t, 1, strings.Count(complaints, "\n"), complaints)
		})
	}
}

// Every fault is one line, whatever is in a name.
func TestOneLineForEachFault(t *testing.T) {
	file := filepath.Join(t.TempDir(), "odd.json")
	require.NoError(t, os.WriteFile(file, []byte(`{"companies": [{"id": "a\nb"}, {"id": "c\u2028d"}], "stakes": [{"holder": "a\nb", "issuer": "x\ny", "shares": 1}], "k\ney": 1}`), 0o600))
	status, _, complaints := inspected(file)
	require.Equal(t, 1, status)
	for _, line := range strings.Split(strings.TrimSuffix(complaints, "\n"), "\n") {
		require.Contains(t, line, ": ", complaints)
	}
	require.NotContains(t, complaints, "a\nb")
	require.NotContains(t, complaints, "x\ny")
	require.NotContains(t, complaints, "k\ney")
}

func TestUsageExits2(t *testing.T) {
	for name, args := range map[string][]string{
		"nothing":     {},
		"two books":   {"a.json", "b.json"},
		"odd flag":    {"-yaml", "a.json"},
		"no scenario": {"-scenario"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, complaints := inspected(args...)
			require.Equal(t, 2, status)
			require.Empty(t, out)
			require.NotEmpty(t, complaints)
		})
	}
}

func TestHelpExits0(t *testing.T) {
	status, _, help := inspected("-h")
	require.Zero(t, status)
	require.Contains(t, help, "-scenario")
}

// What cannot be written is told, not swallowed.
func TestBrokenPipe(t *testing.T) {
	for _, args := range [][]string{{"testdata/small.json"}, {"-json", "testdata/small.json"}, {"-scenario", "testdata/steps.json", "testdata/small.json"}} {
		var complaints bytes.Buffer
		require.Equal(t, 1, run(t.Context(), args, broken{}, &complaints))
		require.Contains(t, complaints.String(), "pipe")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
