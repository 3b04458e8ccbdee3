package bods_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/format/internal/bounded"
	"github.com/crossholding/crossholding/internal/testkit"
)

// stakes returns the stakes of a book as "holder for beneficiary>issuer class" to percent or
// band.
func stakes(b crossholding.Book) map[string]string {
	out := map[string]string{}
	for _, s := range b.Stakes {
		text := s.Between
		if s.Percent != "" {
			text = string(s.Percent) + "%"
		}
		who := s.Holder
		if s.Beneficiary != "" {
			who += " for " + s.Beneficiary + ", voted by " + s.Voter
		}
		out[strings.TrimSpace(who+">"+s.Issuer+" "+s.Class)] = text
	}
	return out
}

func facts(b crossholding.Book) []string {
	out := []string{}
	for _, c := range b.Controls {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s>%s %s %s", c.Controller, c.Company, c.By, c.Source)))
	}
	return out
}

func concerts(b crossholding.Book) map[string]string {
	out := map[string]string{}
	for _, g := range b.Agreements {
		out[g.ID] = strings.Join(g.Holders, ",")
	}
	return out
}

// notes returns the rules and the texts of a report.
func notes(r format.Report) (rules []string, text string) {
	rules = []string{}
	for _, n := range []format.Notes{r.Guessed, r.Dropped, r.Conflicts} {
		for _, note := range n.List {
			rules = append(rules, note.Rule)
			text += note.String() + "\n"
		}
	}
	slices.Sort(rules)
	return rules, text
}

type testCase struct {
	Name       string            `json:"name"`
	AsOf       date.Date         `json:"as_of"`
	Statements []json.RawMessage `json:"statements"`
	Stakes     map[string]string `json:"stakes"`
	Controls   []string          `json:"controls"`
	Concerts   map[string]string `json:"concerts"`
	Rules      []string          `json:"rules"`
	Text       string            `json:"text"`
	Names      map[string]string `json:"names"`
}

func cases(t testing.TB) []testCase {
	var file struct {
		Cases []testCase `json:"cases"`
	}
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	return file.Cases
}

func TestCases(t *testing.T) {
	for _, c := range cases(t) {
		t.Run(c.Name, func(t *testing.T) {
			var in []string
			for _, s := range c.Statements {
				in = append(in, string(s))
			}
			b, report, err := bods.Read(t.Context(), strings.NewReader(strings.Join(in, "\n")), bods.Options{AsOf: c.AsOf})
			require.NoError(t, err)
			rules, text := notes(report)
			require.Equal(t, c.Stakes, stakes(b), text)
			require.Equal(t, c.Controls, facts(b))
			require.Equal(t, c.Concerts, concerts(b))
			require.Equal(t, c.Rules, rules, text)
			require.Contains(t, text, c.Text)
			require.Equal(t, len(in), report.Lines)
			a, err := crossholding.New(b)
			require.NoError(t, err)
			for id, name := range c.Names {
				require.Equal(t, name, a.Name(id))
			}

			slices.Reverse(in)
			list, _, err := bods.Read(t.Context(), strings.NewReader(" [ "+strings.Join(in, " , \n")+"]\n"), bods.Options{AsOf: c.AsOf})
			require.NoError(t, err)
			require.Equal(t, b, list, "the order of the statements or the form of the file matters")
		})
	}
}

// The chain of the case carries 30% exactly.
func TestIndirectIsNotCountedTwice(t *testing.T) {
	for _, c := range cases(t) {
		if c.Name != "indirect beside its chain" {
			continue
		}
		var in []string
		for _, s := range c.Statements {
			in = append(in, string(s))
		}
		b, _, err := bods.Read(t.Context(), strings.NewReader("["+strings.Join(in, ",")+"]"), bods.Options{})
		require.NoError(t, err)
		a, err := crossholding.New(b)
		require.NoError(t, err)
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		y, err := o.Integrated(t.Context(), "person", "b")
		require.NoError(t, err)
		require.Equal(t, "0.3", y.String())
		return
	}
	t.Fatal("no such case")
}

func TestFaultsHaveLines(t *testing.T) {
	in := `[
{"recordId": "c", "recordType": "entity", "recordDetails": {}},
{"recordId": "p", "recordType": "ghost"},
{"recordId": "", "recordType": "person"},
{"recordId": "r", "recordType": "relationship", "recordDetails": {"subject": "c", "interestedParty": "c2", "interests": [{"type": "shareholding", "share": {"exact": 101}}]}},
{"recordId": "r", "recordType": "relationship", "recordDetails": {"subject": "c", "interestedParty": "c2", "interests": [{"type": "shareholding", "share": {"minimum": 50, "maximum": 25}}]}},
nonsense
{"recordId": "q", "recordType": "person", "statementDate": "soon"},
{"recordId": "s", "recordType": "person", "recordDetails": []},
{"recordId": "t", "recordType": "person", "recordDetails": {"name": "` + "\xff" + `"}},
{"recordId": "u", "recordType": "relationship", "recordDetails": {"subject": "c", "interestedParty": "c", "interests": [{"type": "shareholding", "startDate": "x"}]}},
{"recordId": "v"`
	_, _, err := bods.Read(t.Context(), strings.NewReader(in), bods.Options{})
	var bad *crossholding.InputError
	require.ErrorAs(t, err, &bad)
	var places []string
	for _, f := range bad.Faults {
		places = append(places, f.Place)
	}
	slices.Sort(places)
	require.Equal(t, []string{"line 10", "line 11", "line 12", "line 3", "line 4", "line 5", "line 6", "line 7", "line 8", "line 9"}, places, err)
	b, report, err := bods.Read(t.Context(), strings.NewReader(in), bods.Options{DropFaults: true})
	require.NoError(t, err)
	require.Equal(t, 10, report.Dropped.Counts["fault"])
	require.Equal(t, "c", b.Companies[0].ID)
}

// A statement that says a thing twice has two meanings, also by keys of two versions.
func TestKeysTwice(t *testing.T) {
	const entity, relation = `{"statementId":"a","recordId":"a","recordType":"entity",%s"recordDetails":{"name":"A",%s"isComponent":false}}`, `{"statementId":"r","recordType":"relationship",
"recordDetails":{"subject":"a","interestedParty":"b","interests":[{"type":"shareholding",%s"share":{"exact":5,%s"maximum":7}}]}}`
	for _, c := range []struct{ text, first, second string }{
		{entity, `"recordId":"b",`, ""}, {entity, `"statementID":"b",`, ""}, {entity, `"recordDetails":{},`, ""}, {entity, "", `"name":"B",`}, {entity, "", `"names":[{"fullName":"x","fullName":"y"}],`},
		{relation, `"type":"votingRights",`, ""}, {relation, "", `"exact":6,`}, {relation, "", `"m\u0061ximum":6,`},
	} {
		_, _, err := bods.Read(t.Context(), strings.NewReader(fmt.Sprintf(c.text, c.first, c.second)), bods.Options{})
		require.ErrorIs(t, err, crossholding.ErrSyntax, c)
		require.ErrorContains(t, err, "line 1: a second key with the meaning of", c)
	}
	for _, text := range []string{fmt.Sprintf(entity, `"name":"B","x":1,"x":2,`, ""), fmt.Sprintf(relation, "", "")} {
		_, _, err := bods.Read(t.Context(), strings.NewReader(text), bods.Options{})
		require.NoError(t, err)
	}
}

// A statement is the same however the file is laid out, and however its bytes arrive.
func TestStatementsAreObjects(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range testkit.Cases(300) {
		var list []any
		for i := range 1 + rng.IntN(30) {
			name := ""
			for range rng.IntN(12) {
				name += []string{"{", "}", "[", "]", `"`, `\`, ",", "é", "\n", "x"}[rng.IntN(10)]
			}
			list = append(list, map[string]any{"statementId": fmt.Sprint("s", i), "recordId": fmt.Sprint("s", i), "recordType": "entity",
				"recordDetails": map[string]any{"name": name, "x": []any{map[string]any{name: 1}, "", 1.5}}})
		}
		var want crossholding.Book
		for layout := range 5 {
			var text bytes.Buffer
			switch layout {
			case 0: // pretty
				e := json.NewEncoder(&text)
				e.SetIndent("", "  ")
				require.NoError(t, e.Encode(list))
			case 1: // one line
				line, err := json.Marshal(list)
				require.NoError(t, err)
				text.Write(line)
			default: // a line each, with commas within a list, or two in a line
				ends := [][]string{2: {" \r\n"}, 3: {" , \n"}, 4: {"", "\n"}}[layout]
				for i, st := range list {
					line, err := json.Marshal(st)
					require.NoError(t, err)
					text.Write(line)
					text.WriteString(ends[i%len(ends)])
				}
				if layout == 3 {
					list := "[ " + strings.TrimSuffix(text.String(), ends[0]) + "]\n"
					text.Reset()
					text.WriteString(list)
				}
			}
			for _, r := range []io.Reader{bytes.NewReader(text.Bytes()), iotest.OneByteReader(bytes.NewReader(text.Bytes())), iotest.HalfReader(bytes.NewReader(text.Bytes()))} {
				got, report, err := bods.Read(t.Context(), r, bods.Options{})
				require.NoError(t, err, text.String())
				require.Equal(t, len(list), report.Read)
				if want.Companies == nil {
					want = got
				}
				require.Equal(t, want, got, text.String())
			}
		}
	}
}

func TestBadSources(t *testing.T) {
	_, _, err := bods.Read(t.Context(), iotest.ErrReader(io.ErrUnexpectedEOF), bods.Options{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, _, err = bods.Read(t.Context(), strings.NewReader(""), bods.Options{AsOf: "yesterday"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	var bad *crossholding.InputError
	_, _, err = bods.Read(t.Context(), strings.NewReader("["+strings.Repeat("x\n", 100_000)), bods.Options{})
	require.ErrorAs(t, err, &bad)
	require.Equal(t, 100_001, len(bad.Faults)+bad.More)
	_, _, err = bods.Read(t.Context(), strings.NewReader(`{"a":"`+strings.Repeat("x", 2<<20)+`"}`), bods.Options{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	_, _, err = bods.Read(t.Context(), strings.NewReader(strings.Repeat("[", 1<<20)), bods.Options{})
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = bods.Read(ctx, strings.NewReader(strings.Repeat("{}\n", 5000)), bods.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

func FuzzRead(f *testing.F) {
	for _, c := range cases(f) {
		var in []string
		for _, s := range c.Statements {
			in = append(in, string(s))
		}
		f.Add(strings.Join(in, "\n"))
		f.Add("[" + strings.Join(in, ",") + "]")
	}
	f.Add("[\x00{\x00") // as UTF-16 begins
	f.Fuzz(func(t *testing.T, in string) {
		b, _, err := bods.Read(t.Context(), strings.NewReader(in), bods.Options{DropFaults: true})
		_, refused := bounded.Open(strings.NewReader(in), &format.Faults{})
		require.Equal(t, refused, err) // a file in another encoding is the only one that is not read
		if err != nil {
			return
		}
		_, err = crossholding.New(b)
		require.NoError(t, err)
		_, err = bods.Write(io.Discard, b, bods.WriteOptions{Date: "2024-01-01"})
		require.NoError(t, err)
	})
}

// A nomination that no stake is held through is not left out in silence.
func TestIdleNomination(t *testing.T) {
	b, report, err := bods.Read(t.Context(), strings.NewReader(`{"recordId":"c","recordType":"entity","recordDetails":{"entityType":{"type":"registeredEntity"}}}
{"recordId":"x","recordType":"entity","recordDetails":{"entityType":{"type":"registeredEntity"}}}
{"recordId":"n","recordType":"entity","recordDetails":{"entityType":{"type":"arrangement","subtype":"nomination"}}}
{"recordId":"p","recordType":"person","recordDetails":{}}
{"recordId":"r1","recordType":"relationship","recordDetails":{"subject":"c","interestedParty":"x","interests":[{"type":"shareholding","share":{"exact":25}}]}}
{"recordId":"r2","recordType":"relationship","recordDetails":{"subject":"n","interestedParty":"x","interests":[{"type":"nominee"}]}}
{"recordId":"r3","recordType":"relationship","recordDetails":{"subject":"n","interestedParty":"p","interests":[{"type":"nominator"}]}}`), bods.Options{})
	require.NoError(t, err)
	require.Len(t, b.Stakes, 1)
	require.Empty(t, b.Stakes[0].Beneficiary)
	require.Equal(t, "line 6: n is a nominee or a nomination, and has no stake in the file: for whom it would hold is left out", report.Dropped.List[0].String())
}
