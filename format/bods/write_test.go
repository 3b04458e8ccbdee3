package bods_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/bods"
	"github.com/crossholding/crossholding/ratio"
)

// roundTrip writes a book, checks it against the schema, and reads it.
func roundTrip(t *testing.T, b crossholding.Book) crossholding.Book {
	t.Helper()
	var file bytes.Buffer
	report, err := bods.Write(&file, b, bods.WriteOptions{Date: "2024-01-31", Publisher: "a publisher"})
	require.NoError(t, err)
	require.Zero(t, report.Dropped.Len(), report.Dropped.List)
	require.Empty(t, loadSchemas(t).check(t, file.Bytes()))
	back, read, err := bods.Read(t.Context(), bytes.NewReader(file.Bytes()), bods.Options{AsOf: b.AsOf})
	require.NoError(t, err)
	require.Equal(t, report.Lines, read.Lines)
	require.Zero(t, read.Conflicts.Len(), read.Conflicts.List)
	var again bytes.Buffer
	_, err = bods.Write(&again, back, bods.WriteOptions{Date: "2024-01-31", Publisher: "a publisher"})
	require.NoError(t, err)
	require.Equal(t, file.String(), again.String())
	return back
}

func everything() crossholding.Book {
	return crossholding.Book{
		AsOf: "2024-01-31",
		Companies: []crossholding.Company{
			{ID: "c", Name: "C \"<&>\" Söhne", Country: "DE", Listed: true, Shares: []crossholding.ShareClass{{Issued: "800"}}}, {ID: "d"},
			{ID: "dual", Country: "US-DE", Shares: []crossholding.ShareClass{{Class: "a", Issued: "20", Votes: "4"}, {Class: "b", Issued: "80"}}},
		},
		Parties: []crossholding.Party{{ID: "arrangement", Kind: crossholding.KindJoint, Members: []string{"p", "q"}}, {ID: "p", Name: "P", Kind: crossholding.KindPerson}, {ID: "q", Kind: crossholding.KindPerson}, {ID: "fund", Kind: crossholding.KindFund, Country: "LU"},
			{ID: "trust", Kind: crossholding.KindTrust}, {ID: "state", Kind: crossholding.KindState, Country: "FR"}, {ID: "public", Kind: crossholding.KindPublic}, {ID: "firm", Kind: crossholding.KindCompany}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "c", Shares: "100"}, {Holder: "fund", Issuer: "c", Shares: "40", Beneficiary: "firm", Voter: "firm"},
			{Holder: "c", Issuer: "d", Percent: "33.3333"}, {Holder: "trust", Issuer: "d", Between: "(25%,50%]"}, {Holder: "state", Issuer: "d", Between: "[1%,5%)"},
			{Holder: "p", Issuer: "dual", Class: "a", Shares: "20"}, {Holder: "public", Issuer: "dual", Class: "b", Shares: "80"},
			{Holder: "arrangement", Issuer: "c", Shares: "240"},
		},
		Agreements: []crossholding.Agreement{{ID: "joint:arrangement", Kind: crossholding.AgreementConcert, Holders: []string{"p", "q"}}},
		Controls: []crossholding.ControlFact{
			{Controller: "p", Company: "d", By: crossholding.ControlByAppointment, Source: "art. 4: of the statutes", From: "2020-01-01", To: "2030-12-31"},
			{Controller: "p", Company: "trust", By: crossholding.ControlByTrust}, {Controller: "state", Company: "c", By: crossholding.ControlByState, Source: "decree"},
			{Controller: "firm", Company: "fund", By: crossholding.ControlByManagement}, {Controller: "q", Company: "d", By: crossholding.ControlByVoting},
			{Controller: "q", Company: "d", By: crossholding.ControlByNominee}, {Controller: "q", Company: "d", By: crossholding.ControlByIndirect},
			{Controller: "q", Company: "d", By: crossholding.ControlByContractual},
		},
	}
}

func TestWriteAndRead(t *testing.T) {
	b := everything()
	back := roundTrip(t, b)
	require.Equal(t, map[string]string{
		"p>c": "12.5%", "fund for firm, voted by firm>c": "5%", "arrangement>c": "30%", "c>d": "33.3333%", "trust>d": "(25%,50%]", "state>d": "[1%,5%)",
		"p>dual capital": "20%", "p>dual votes": "50%", "public>dual capital": "80%", "public>dual votes": "50%",
	}, stakes(back))
	a, err := crossholding.New(b)
	require.NoError(t, err)
	want, got := a.Book(), back
	require.ElementsMatch(t, want.Controls, got.Controls)
	require.ElementsMatch(t, want.Parties, got.Parties)
	require.Equal(t, want.Agreements, got.Agreements)
	require.Len(t, got.Companies, len(want.Companies))
	for i := range want.Companies {
		want.Companies[i].Shares, got.Companies[i].Shares = nil, nil
		require.Equal(t, want.Companies[i], got.Companies[i])
	}
}

// Random books in percent come back with every figure.
func TestRandomBooksKeepEveryFigure(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 7))
		var b crossholding.Book
		n := 2 + r.IntN(6)
		for i := range n {
			b.Companies = append(b.Companies, crossholding.Company{ID: fmt.Sprintf("c%d", i)})
			b.Parties = append(b.Parties, crossholding.Party{ID: fmt.Sprintf("p%d", i), Kind: crossholding.KindPerson})
		}
		for i := range n {
			for j := range n {
				part := ratio.Of(int64(r.IntN(100_000/n)), 1000)
				switch r.IntN(3) {
				case 0:
					b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("p%d", j), Issuer: fmt.Sprintf("c%d", i), Percent: part.Number()})
				case 1:
					if i != j {
						b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("c%d", j), Issuer: fmt.Sprintf("c%d", i), Between: "[" + part.String() + "%,100%)"})
					}
				}
			}
		}
		a, err := crossholding.New(b)
		require.NoError(t, err)
		again, err := crossholding.New(roundTrip(t, b))
		require.NoError(t, err)
		require.Equal(t, a.Book().Stakes, again.Book().Stakes, "seed %d", seed)
	}
}

func TestWriteErrors(t *testing.T) {
	book := crossholding.Book{Parties: []crossholding.Party{{ID: "p"}}}
	_, err := bods.Write(io.Discard, book, bods.WriteOptions{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	_, err = bods.Write(io.Discard, book, bods.WriteOptions{Date: "2024-02-30"})
	require.ErrorIs(t, err, crossholding.ErrDate)
	_, err = bods.Write(io.Discard, crossholding.Book{Stakes: []crossholding.Stake{{Holder: "x"}}}, bods.WriteOptions{Date: "2024-01-01"})
	require.Error(t, err)
	_, err = bods.Write(brokenWriter{}, book, bods.WriteOptions{Date: "2024-01-01"})
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// What is lost is in the report.
func TestWriteReportsLosses(t *testing.T) {
	b := everything()
	b.Market = &crossholding.Market{Currency: "EUR"}
	b.Parties[1].Country = "FR" // of a person
	b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "other", Kind: crossholding.AgreementNeutral, Holders: []string{"p"}})
	b.Stakes[1].Voter = crossholding.Neutral
	b.Companies[2].Shares[0].Votes = "10" // 200 of 280 votes
	var file bytes.Buffer
	report, err := bods.Write(&file, b, bods.WriteOptions{})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"market": 1, "country": 1, "agreement": 1, "beneficiary": 1, "digits": 2}, report.Dropped.Counts)
	require.Empty(t, loadSchemas(t).check(t, file.Bytes()))
	require.NotContains(t, strings.ToLower(file.String()), "neutral")
}
