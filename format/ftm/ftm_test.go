package ftm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format"
	"github.com/crossholding/crossholding/format/ftm"
	"github.com/crossholding/crossholding/format/internal/bounded"
)

func lines(l ...string) string { return strings.Join(l, "\n") }

// sizes returns the stakes of a book as "holder>issuer" to percent or band.
func sizes(b crossholding.Book) map[string]string {
	out := map[string]string{}
	for _, s := range b.Stakes {
		text := s.Between
		if s.Percent != "" {
			text = string(s.Percent) + "%"
		}
		if s.Rounded {
			text += " rounded"
		}
		out[s.Holder+">"+s.Issuer+s.Class] = text
	}
	return out
}

func facts(b crossholding.Book) []string {
	out := []string{}
	for _, c := range b.Controls {
		text := fmt.Sprintf("%s>%s %s", c.Controller, c.Company, c.By)
		if c.To != "" {
			text += " to " + string(c.To)
		}
		out = append(out, text)
	}
	return out
}

func rules(r format.Report) []string {
	out := []string{}
	for _, n := range []format.Notes{r.Guessed, r.Dropped, r.Conflicts} {
		for _, note := range n.List {
			out = append(out, note.Rule)
		}
	}
	slices.Sort(out)
	return out
}

func TestCases(t *testing.T) {
	var file struct {
		Cases []struct {
			Name     string            `json:"name"`
			AsOf     date.Date         `json:"as_of"`
			Lines    []json.RawMessage `json:"lines"`
			Capital  map[string]string `json:"capital"`
			Controls []string          `json:"controls"`
			Rules    []string          `json:"rules"`
		} `json:"cases"`
	}
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &file))
	require.NotEmpty(t, file.Cases)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var in []string
			for _, l := range c.Lines {
				in = append(in, string(l))
			}
			b, report, err := ftm.Read(t.Context(), strings.NewReader(lines(in...)), ftm.Options{AsOf: c.AsOf})
			require.NoError(t, err)
			require.Equal(t, c.Capital, sizes(b))
			require.Equal(t, c.Controls, facts(b))
			require.Equal(t, c.Rules, rules(report.Report))
			require.Equal(t, len(in), report.Lines)
			_, err = crossholding.New(b)
			require.NoError(t, err)

			slices.Reverse(in)
			reversed, _, err := ftm.Read(t.Context(), strings.NewReader(lines(in...)), ftm.Options{AsOf: c.AsOf})
			require.NoError(t, err)
			require.Equal(t, b, reversed, "the order of the lines matters")
		})
	}
}

func TestFaultsHaveLines(t *testing.T) {
	in := lines(`{"id":"p","schema":"Person","properties":{}}`, `{"id":"x","schema":"Ownership","properties":{"owner":["p"]}}`,
		`{"id":`, `{"id":"y","schema":"Ownership","properties":{"owner":["p"],"asset":["c"],"percentage":["105"]}}`,
		`{"id":" q","schema":"Person","properties":{}}`, `{"id":"z"}`, `{"id":"w","schema":"Control","properties":{"controller":["p"],"controlled":["c"],"startDate":["soon"]}}`)
	_, _, err := ftm.Read(t.Context(), strings.NewReader(in), ftm.Options{})
	var bad *crossholding.InputError
	require.ErrorAs(t, err, &bad)
	var places []string
	for _, f := range bad.Faults {
		places = append(places, f.Place)
	}
	require.Equal(t, []string{"line 2", "line 3", "line 4", "line 5", "line 6", "line 7"}, places)
	for _, kind := range []error{crossholding.ErrMissing, crossholding.ErrSyntax, crossholding.ErrRange, crossholding.ErrDate} {
		require.ErrorIs(t, err, kind)
	}

	b, report, err := ftm.Read(t.Context(), strings.NewReader(in), ftm.Options{DropFaults: true})
	require.NoError(t, err)
	require.Equal(t, 6, report.Dropped.Counts["fault"])
	require.Equal(t, "p", b.Parties[0].ID)
}

// An entity that says a thing twice has two meanings.
func TestKeysTwice(t *testing.T) {
	for _, line := range []string{
		`{"id":"a","id":"a","schema":"Person"}`, `{"id":"a","schema":"Person","sch\u0065ma":"Company"}`, `{"id":"a","schema":"Person","properties":{"name":["A"],"name":["B"]}}`,
		`{"id":"a","schema":"Ownership","properties":{"owner":[{"id":"b","id":"c"}],"asset":["d"]}}`, `{"id":"a","schema":"Person","properties":{},"properties":{}}`,
	} {
		_, _, err := ftm.Read(t.Context(), strings.NewReader(line), ftm.Options{})
		require.ErrorIs(t, err, crossholding.ErrSyntax, line)
		require.ErrorContains(t, err, "line 1: a second key with the meaning of", line)
	}
	_, _, err := ftm.Read(t.Context(), strings.NewReader(`{"id":"a","x":1,"x":2,"schema":"Person","properties":{"address":["A"],"address":["B"]}}`), ftm.Options{})
	require.NoError(t, err, "keys that are not read")
}

func TestBadSources(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat(`"x",`, 100_000), ",")
	_, _, err := ftm.Read(t.Context(), strings.NewReader(`{"id":"o","schema":"Ownership","properties":{"owner":[`+many+`],"asset":[`+many+`]}}`), ftm.Options{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	_, _, err = ftm.Read(t.Context(), iotest.ErrReader(io.ErrUnexpectedEOF), ftm.Options{})
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	_, _, err = ftm.Read(t.Context(), strings.NewReader(""), ftm.Options{AsOf: "2023-02-30"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, _, err = ftm.Read(t.Context(), strings.NewReader(strings.Repeat("x\n", 100_000)), ftm.Options{})
	var bad *crossholding.InputError
	require.True(t, errors.As(err, &bad))
	require.Len(t, bad.Faults, 1000)
	require.Equal(t, 99_000, bad.More)
}

// What is written comes back with the same percentages and facts.
func TestWriteAndRead(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "c", Name: "C <&> Söhne", Country: "DE", Shares: []crossholding.ShareClass{{Issued: "800"}}}, {ID: "d"}},
		Parties:   []crossholding.Party{{ID: "p", Name: "P", Kind: crossholding.KindPerson}, {ID: "t", Kind: crossholding.KindTrust}, {ID: "s", Kind: crossholding.KindState, Country: "FR"}},
		Stakes: []crossholding.Stake{{Holder: "p", Issuer: "c", Shares: "100"}, {Holder: "c", Issuer: "d", Percent: "33.333"}, {Holder: "t", Issuer: "d", Between: "[25%,50%]"},
			{Holder: "s", Issuer: "d", Between: "(0%,5%)"}},
		Controls: []crossholding.ControlFact{{Controller: "s", Company: "c", By: crossholding.ControlByState, Source: "decree 1", From: "2020-01-01"}},
	}
	var first, second bytes.Buffer
	report, err := ftm.Write(&first, book, ftm.WriteOptions{Sanctioned: []string{"p"}})
	require.NoError(t, err)
	require.Zero(t, report.Dropped.Len(), report.Dropped.List)
	back, read, err := ftm.Read(t.Context(), bytes.NewReader(first.Bytes()), ftm.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"p"}, read.Sanctioned)
	require.Equal(t, map[string]string{"p>c": "12.5%", "c>d": "33.333%", "t>d": "[25%,50%]", "s>d": "(0%,5%)"}, sizes(back))
	require.Equal(t, book.Controls, back.Controls)
	require.Equal(t, book.Parties[0], back.Parties[0])
	require.Equal(t, 0, read.Guessed.Len()+read.Dropped.Len()+read.Conflicts.Len())
	_, err = ftm.Write(&second, back, ftm.WriteOptions{Sanctioned: []string{"p"}})
	require.NoError(t, err)
	require.Equal(t, first.String(), second.String())

	_, err = ftm.Write(io.Discard, book, ftm.WriteOptions{Sanctioned: []string{"nobody"}})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = ftm.Write(io.Discard, crossholding.Book{Stakes: []crossholding.Stake{{Holder: "x"}}}, ftm.WriteOptions{})
	require.Error(t, err)
}

// What is lost is in the report.
func TestWriteReportsLosses(t *testing.T) {
	book := crossholding.Book{
		Companies:  []crossholding.Company{{ID: "c", Shares: []crossholding.ShareClass{{Class: "a", Issued: "3", Votes: "10"}, {Class: "b", Issued: "6"}}}},
		Parties:    []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes:     []crossholding.Stake{{Holder: "p", Issuer: "c", Class: "a", Shares: "3"}, {Holder: "q", Issuer: "c", Class: "b", Shares: "6", Beneficiary: "p"}},
		Agreements: []crossholding.Agreement{{ID: "g", Kind: crossholding.AgreementConcert, Holders: []string{"p", "q"}}},
	}
	report, err := ftm.Write(io.Discard, book, ftm.WriteOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"votes": 2, "beneficiary": 1, "agreement": 1, "digits": 2}, report.Dropped.Counts)
}

func FuzzRead(f *testing.F) {
	text, err := os.ReadFile("testdata/cases.json")
	require.NoError(f, err)
	for _, l := range strings.Split(string(text), "\n") {
		f.Add(strings.Trim(strings.ReplaceAll(l, "}, {\"id", "}\n{\"id"), " ,]"))
	}
	f.Add("{\x00\"\x00") // as UTF-16 begins
	f.Fuzz(func(t *testing.T, in string) {
		b, report, err := ftm.Read(t.Context(), strings.NewReader(in), ftm.Options{DropFaults: true})
		_, refused := bounded.Open(strings.NewReader(in), &format.Faults{})
		require.Equal(t, refused, err) // a file in another encoding is the only one that is not read
		if err != nil {
			return
		}
		a, err := crossholding.New(b)
		require.NoError(t, err)
		if len(report.Sanctioned) > 0 {
			_, err = compliance.Sanctions(t.Context(), a, report.Sanctioned, compliance.SanctionsOptions{})
			require.NotErrorIs(t, err, crossholding.ErrUnknown)
		}
		_, err = ftm.Write(io.Discard, b, ftm.WriteOptions{Sanctioned: report.Sanctioned})
		require.NoError(t, err)
	})
}
