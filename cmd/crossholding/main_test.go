package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	before = "../../testdata/alliance/before.json"
	moves  = "../../testdata/alliance/rebalancing.json"
)

// try runs the command and returns what it printed.
func try(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &out, &errs)
	return code, out.String(), errs.String()
}

const group = "holder;issuer;percent\nFamily;Holding;60\nHolding;Works;55\nWorks;Holding;10\n"

func TestInspect(t *testing.T) {
	code, out, errs := try(t, group, "inspect", "-")
	require.Zero(t, code, errs)
	require.Contains(t, out, "Family controls Works")
	require.Contains(t, errs, "table: 3 of 3 lines read")

	code, out, errs = try(t, "", "inspect", "--json", "--scenario", moves, before)
	require.Zero(t, code, errs)
	var form struct {
		Before, After struct{ Ownership []any }
		Outcome       struct{ Steps, Crossings []any }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &form))
	require.Len(t, form.Outcome.Steps, 27)
	require.NotEmpty(t, form.Outcome.Crossings)
	require.NotEmpty(t, form.After.Ownership)
}

// A table as people keep it: decimal commas, rounded percentages and a row twice.
func TestTableFlags(t *testing.T) {
	const list = "Aktionär;Gesellschaft;Anteil\nA;X;33,34 %\nB;X;66,67 %\nA;X;33,34 %\n"
	code, _, errs := try(t, list, "inspect", "-", "--rounded")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "line 4: A in X: line 2 has the same holder, issuer and class")
	code, out, errs := try(t, list, "inspect", "-", "--decimal-comma", "--rounded", "--duplicates", "once")
	require.Zero(t, code, errs)
	require.Contains(t, out, "B controls X")
	require.Contains(t, errs, "conflicts: 1 repeated")
	code, _, errs = try(t, list, "inspect", "-", "--duplicates", "once")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "100.01")
	code, _, errs = try(t, list, "inspect", "-", "--duplicates", "twice")
	require.Equal(t, 2, code)
	require.Contains(t, errs, `--duplicates "twice" is not once, add or newest`)
}

func TestConvert(t *testing.T) {
	dir := t.TempDir()
	book := filepath.Join(dir, "group.json")
	code, _, errs := try(t, group, "convert", "-", "--to", "book", "-o", book)
	require.Zero(t, code, errs)
	for _, to := range []string{"bods", "ftm", "table", "graphml", "dot", "mermaid"} {
		code, out, errs := try(t, "", "convert", book, "--to", to)
		if to == "bods" { // statements have a date, and a table has none
			require.Equal(t, 1, code)
			require.Contains(t, errs, "date")
			continue
		}
		require.Zero(t, code, errs)
		require.Contains(t, out, "Works")
	}
	code, out, errs := try(t, "", "convert", before, "--to", "bods")
	require.Zero(t, code, errs)
	require.Contains(t, out, "statementId")
	require.Contains(t, errs, "left out: ", "what is lost is told")

	code, _, errs = try(t, group, "convert", "-", "-o", filepath.Join(dir, "group.csv"))
	require.Zero(t, code, errs)
	text, err := os.ReadFile(filepath.Join(dir, "group.csv"))
	require.NoError(t, err)
	code, out, errs = try(t, string(text), "inspect", "-")
	require.Zero(t, code, errs)
	require.Contains(t, out, "Holding controls Works")
}

func TestWhatif(t *testing.T) {
	code, out, errs := try(t, "", "whatif", before, moves)
	require.Zero(t, code, errs)
	require.Contains(t, out, "Thresholds crossed\n  after step")
	require.Contains(t, out, "Renault SA in Nissan Motor: capital 17.05%, from 43.4%; deciding votes")
	require.Contains(t, out, "Gains\n")

	code, out, errs = try(t, `{"goal": {"figure": "capital", "holder": "renault", "issuer": "nissan", "is": "at most", "limit": "15%"},
		"lever": {"steps": [{"step": "trade", "from": "renault", "to": "float:nissan", "issuer": "nissan"}]}}`, "whatif", before, "-")
	require.Zero(t, code, errs)
	require.Contains(t, out, "1,198,729,", "43.4% less 15% of 4,220,715,112 shares, in whole lots")

	code, out, errs = try(t, `{"steps": [{"step": "trade", "from": "renault", "to": "float:nissan", "issuer": "nissan", "percent": "1"}]}`, "whatif", "--json", before, "-")
	require.Zero(t, code, errs)
	require.Contains(t, out, `"changes": []`)
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		args  []string
		stdin string
		code  int
		says  string
	}{
		{[]string{"inspect", "nowhere.json"}, "", 1, "nowhere.json"},
		{[]string{"inspect"}, "", 2, "0 files given, and 1 needed: usage: crossholding inspect FILE"},
		{[]string{"inspect", "--jason", before}, "", 2, "--jason"},
		{[]string{"wat"}, "", 2, `unknown command "wat"`},
		{[]string{"inspect", "-"}, "", 1, "-: detect: the file is empty"},
		{[]string{"inspect", "-"}, "holder;issuer;percent\nA;B;60\nC;B;70\n", 1, "add up to 130%"},
		{[]string{"inspect", "-"}, `{"companies": [{"id": ""}], "stakes": [{"holder": "x", "issuer": "y"}]}`, 1, "-: companies[0].id: no id\n-: stakes[0]"},
		{[]string{"inspect", "--as-of", "tomorrow", before}, "", 2, `--as-of "tomorrow"`},
		{[]string{"inspect", "--form", "xlsx", before}, "", 2, `--form "xlsx": which form? book, bods`},
		{[]string{"inspect", "--bands-at", "x", before}, "", 2, "--bands-at"},
		{[]string{"serve", "--port", "99999", before}, "", 2, "--port 99999"},
		{[]string{"chart", "--small", "-1", before}, "", 2, "--small -1"},
		{[]string{"convert", before}, "", 2, "which form? give --to book, bods"},
		{[]string{"convert", before, "--to", "xml"}, "", 2, `--to "xml": which form? book, bods`},
		{[]string{"convert", before, "--json", "--to", "book"}, "", 2, "give the output a file with -o"},
		{[]string{"chart", before, "-o", "x.pdf"}, "", 2, `an output ends in .svg, .png or .dot, and not in ".pdf"`},
		{[]string{"chart", before, "--small", "x"}, "", 2, `--small "x" is no whole number`},
		{[]string{"chart", before, "--font", "nowhere.ttf"}, "", 1, "nowhere.ttf: no such file"},
		{[]string{"chart", before, "--font", before, "-o", "x.png"}, "", 1, "the font cannot be read"},
		{[]string{"chart", before, "-o", "nowhere/x.svg"}, "", 1, "nowhere/x.svg: no such file"},
		{[]string{"chart", before, "--owners", "nobody"}, "", 1, `nobody has the id or the name "nobody"`},
		{[]string{"whatif", before, "nowhere.json"}, "", 1, "nowhere.json: no such file"},
		{[]string{"inspect", before, "--scenario", "nowhere.json"}, "", 1, "nowhere.json: no such file"},
		{[]string{"whatif", before, "-"}, `{"steps": [{"step": "trade"}]}`, 1, "-: steps[0]"},
		{[]string{"whatif", before, "-"}, `{"steps": [{"step": "buyback", "issuer": "nissan", "from": "renault", "percent": "99"}]}`, 1, "steps[0] (buyback)"},
		{[]string{"whatif", before, "-"}, `{"goal": {"figure": "capital"}, "lever": {}, "x": 1}`, 1, "-: x: unknown key"},
		{[]string{"whatif", before, "-"}, `{"goal": {"figure": "capital", "Limit": 1, "limit": "x"}, "lever": {}}`, 1, "-: goal.Limit: unknown key\n-: goal.limit: \"x\" is not a decimal number"},
		{[]string{"whatif", before, "-"}, `{"goal": {"figure": "capital", "holder": "renault", "issuer": "nissan", "is": "at most", "limit": 0.15}}`, 1, "-: lever: a question with a goal needs a lever"},
		{[]string{"whatif", before, "-"}, `{"Goal": {}}`, 1, "-: Goal: unknown key"},
		{[]string{"whatif", before, "-"}, `{"simulation": {"figures": [{"figure": "value", "holder": "renault"}], "factors": [{"key": "prices.nissan", "volatility": -1}], "draws": 1}}`, 1, "-: simulation.factors[0]: \"prices.nissan\" has a volatility of -1"},
	} {
		code, out, errs := try(t, c.stdin, c.args...)
		require.Equal(t, c.code, code, "%v: %s", c.args, errs)
		require.Contains(t, errs, c.says, c.args)
		require.NotContains(t, errs, "strconv")
		require.Empty(t, out)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	require.Equal(t, 1, run(ended, []string{"inspect", before}, nil, &out, &errs))
	require.Contains(t, errs.String(), "canceled")
}

// A file that cannot be written whole is not left behind.
func TestHalfAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "x.json")
	code, _, _ := try(t, group, "convert", "-", "--to", "bods", "-o", name)
	require.Equal(t, 1, code)
	require.NoFileExists(t, name)
}

// What was made of a file can be had as JSON and as lines, and holders by their names.
func TestRemarks(t *testing.T) {
	dir := t.TempDir()
	const file = "testdata/persons-with-significant-control.txt"
	for _, args := range [][]string{{"chart", file, "-o", dir + "/x.svg", "--holdings", "ms ada orchard"}, {"convert", file, "-o", dir + "/x.csv"}, {"report", file, "-o", dir + "/x.html"}} {
		code, out, errs := try(t, "", append(args, "-json")...)
		require.Zero(t, code, errs)
		var form struct {
			Form, Output string
			Report       struct{ Lines, Read int }
		}
		require.NoError(t, json.Unmarshal([]byte(out), &form), out)
		require.Equal(t, "psc", form.Form)
		require.Equal(t, 40, form.Report.Lines)
		require.FileExists(t, form.Output)
	}
	code, _, errs := try(t, "", "convert", file, "--remarks", "--to", "mermaid")
	require.Zero(t, code, errs)
	require.Contains(t, errs, "\ndropped: line ")
	code, out, errs := try(t, "", "--version")
	require.Zero(t, code, errs)
	require.True(t, strings.HasPrefix(out, "crossholding "), out)
	code, out, errs = try(t, "", "__complete", "inspect", "--form", "")
	require.Zero(t, code, errs)
	require.Contains(t, out, "book\nbods\nftm\ngleif\ngraphml\nocf\npsc\ntable\n")
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{nil, {"help"}, {"help", "report"}, {"completion", "bash"}, {"serve", "--help"}} {
		code, out, errs := try(t, "", args...)
		require.Zero(t, code, errs)
		require.Contains(t, out, "crossholding")
	}
}

func TestReport(t *testing.T) {
	code, out, errs := try(t, "", "report", before, "--title", "A <group>")
	require.Zero(t, code, errs)
	require.Contains(t, out, "<title>A &lt;group&gt;</title>")
	require.Contains(t, out, "Nissan Motor casts 100 of 100 votes in Nissan Finance")
	require.NotContains(t, out, "<script")
	again, same, _ := try(t, "", "report", before, "--title", "A <group>")
	require.Zero(t, again)
	require.Equal(t, out, same, "the same book gives the same bytes")

	code, out, errs = try(t, "", "report", before, "--scenario", moves)
	require.Zero(t, code, errs)
	require.Equal(t, 28, strings.Count(out, `<section class="state`))
	require.NotContains(t, out, `src="http`)
	require.NotContains(t, out, `href="http`)
}

func TestChart(t *testing.T) {
	dir := t.TempDir()
	for name, begins := range map[string]string{"x.svg": "<svg", "x.png": "\x89PNG", "x.dot": "digraph"} {
		code, _, errs := try(t, "", "chart", before, "--floats", "--owners", "renault", "-o", filepath.Join(dir, name))
		require.Zero(t, code, errs)
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), begins), name)
	}
	code, out, errs := try(t, "", "chart", before, "--scenario", moves)
	require.Zero(t, code, errs)
	require.Contains(t, out, ">before, 2022")

	bands := "holder;issuer;percent\nAnn;Works;25-50%\n"
	code, out, errs = try(t, bands, "chart", "-")
	require.Zero(t, code, errs)
	require.Contains(t, out, "25% to 50%")
	code, _, errs = try(t, bands, "inspect", "--bands-at", "1/2", "-")
	require.Zero(t, code, errs)

	code, _, errs = try(t, "", "chart", before, "-o", filepath.Join(dir, "x.jpg"))
	require.Equal(t, 2, code)
	require.Contains(t, errs, ".svg, .png or .dot")
}

// A cap table in the Open Cap Format is a folder, or one file of it.
func TestCapTable(t *testing.T) {
	const folder = "../../format/ocf/testdata"
	for _, name := range []string{folder, folder + "/manifest.json", folder + "/stakeholders.json"} {
		code, out, errs := try(t, "", "convert", name, "--to", "book", "--as-of", "2021-01-02")
		require.Zero(t, code, errs)
		require.Contains(t, out, `{"holder":"ann","issuer":"acme","class":"Common","shares":"12000"`)
		require.Contains(t, errs, name+": ocf: ")
	}
	code, out, errs := try(t, "", "chart", folder)
	require.Zero(t, code, errs)
	require.Contains(t, out, "Ann Founder has 33.9% of Acme Inc.")
	code, _, errs = try(t, "", "inspect", "..")
	require.Equal(t, 1, code)
	require.Contains(t, errs, "..: ocf: no file has")
}

// A file of a register has bands only. It gives a chart and a report by two commands of the
// README, and what needs exact figures says so.
func TestRegister(t *testing.T) {
	const file = "testdata/persons-with-significant-control.txt"
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.Equal(t, 40, strings.Count(string(text), "\n"))
	require.NoError(t, os.WriteFile(filepath.Base(file), text, 0o600))
	for command, says := range map[string][]string{
		"crossholding chart persons-with-significant-control.txt -o group.svg":   {"and may control it", "and controls it", "Thick: controls the company"},
		"crossholding report persons-with-significant-control.txt -o group.html": {"whatever the exact figures are", "perhaps Ms Ada Orchard", "over 50% to under 75%", "known only within bounds"},
	} {
		require.Contains(t, string(readme), "\n"+command+"\n")
		args := strings.Fields(command)[1:]
		code, _, errs := try(t, "", args...)
		require.Zero(t, code, errs)
		out, err := os.ReadFile(args[3])
		require.NoError(t, err)
		for _, s := range says {
			require.Contains(t, string(out), s, command)
		}
	}
	code, out, errs := try(t, "", "inspect", filepath.Base(file))
	require.Zero(t, code, errs)
	require.Contains(t, out, "Orchard Holdings Ltd controls 00000003\n")
	code, out, errs = try(t, "", "inspect", "--json", filepath.Base(file))
	require.Zero(t, code, errs)
	var form struct {
		Control []struct{ Controller, Company, Answer string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &form))
	require.NotEmpty(t, form.Control)

	require.NoError(t, os.WriteFile("steps.json", []byte(`{"steps": [{"step": "advance_date", "date": "2030-01-01"}]}`), 0o600))
	for _, args := range [][]string{{"whatif", filepath.Base(file), "steps.json"}, {"inspect", "--scenario", "steps.json", filepath.Base(file)}} {
		code, _, errs := try(t, "", args...)
		require.Equal(t, 1, code)
		require.Contains(t, errs, "--bands-at", args)
	}
	code, _, errs = try(t, "", "chart", "--scenario", "steps.json", filepath.Base(file), "-o", "changes.png")
	require.Zero(t, code, errs)
	code, out, errs = try(t, "", "report", "--scenario", "steps.json", filepath.Base(file))
	require.Zero(t, code, errs)
	require.Contains(t, out, `<section class="state`)
}

// A file that is there stays as it was if there is no answer, and is replaced as a whole if
// there is one.
func TestOutputReplacesAFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "old.json")
	old := strings.Repeat("old ", 10_000)
	require.NoError(t, os.WriteFile(name, []byte(old), 0o600))
	code, _, _ := try(t, "holder;issuer;percent\nA;B;60\nC;B;70\n", "report", "-", "-o", name)
	require.Equal(t, 1, code)
	code, _, _ = try(t, group, "convert", "-", "--to", "bods", "-o", name)
	require.Equal(t, 1, code, "without a day")
	code, _, _ = try(t, "", "chart", before, "--owners", "zoe", "-o", name+".svg")
	require.Equal(t, 1, code)
	require.NoFileExists(t, name+".svg")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, old, string(text))

	code, out, errs := try(t, group, "convert", "-", "--to", "book")
	require.Zero(t, code, errs)
	code, _, errs = try(t, group, "convert", "-", "--to", "book", "-o", name)
	require.Zero(t, code, errs)
	text, err = os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, out, string(text))
}

// Moves that change no control say so, and one input is not read as two files.
func TestWhatifOfNoChange(t *testing.T) {
	name := filepath.Join(t.TempDir(), "steps.json")
	require.NoError(t, os.WriteFile(name, []byte(`{"steps":[{"step":"trade","from":"Family","to":"float:Holding","issuer":"Holding","shares":"1"}]}`), 0o600))
	code, out, errs := try(t, group, "whatif", "-", name)
	require.Zero(t, code, errs)
	require.Contains(t, out, "What changes\n  nothing of control and of suspended votes\n")
	code, _, errs = try(t, group, "whatif", "-", "-")
	require.Equal(t, 2, code)
	require.Contains(t, errs, "cannot both be the standard input")
}
