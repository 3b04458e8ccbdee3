package crossholding_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// Renault's stake in Nissan before and after it entrusted 28.4% on 8 November 2023.
func ExampleAlliance_On() {
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-01-01",
		Companies: []crossholding.Company{{ID: "renault"}, {ID: "nissan"}},
		Parties:   []crossholding.Party{{ID: "trust", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Percent: "43.4", To: "2023-11-07"},
			{Holder: "renault", Issuer: "nissan", Percent: "15", From: "2023-11-08"},
			{Holder: "trust", Issuer: "nissan", Percent: "28.4", Beneficiary: "renault", Voter: crossholding.Neutral, From: "2023-11-08"},
		},
	})
	check(err)
	for _, day := range []date.Date{"2023-11-07", "2023-11-08"} {
		then, err := a.On(day)
		check(err)
		v, err := then.Votes(context.Background(), crossholding.VotingOptions{})
		check(err)
		count, err := v.Of("renault", "nissan")
		check(err)
		fmt.Println(day, count.Free)
	}
	// Output:
	// 2023-11-07 43.4
	// 2023-11-08 15
}

func history() crossholding.Book {
	return crossholding.Book{
		AsOf: "2022-06-01", Source: "register",
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "999"}}}, {ID: "y"}},
		Parties:   []crossholding.Party{{ID: "p"}, {ID: "q"}},
		Stakes: []crossholding.Stake{
			{Holder: "p", Issuer: "x", Percent: "60", To: "2021-12-31"},
			{Holder: "p", Issuer: "x", Percent: "30", From: "2022-01-01", To: "2022-12-31", Source: "annual report"},
			{Holder: "p", Issuer: "x", Percent: "10.10", From: "2023-01-01", Beneficiary: "p"},
			{Holder: "q", Issuer: "x", Between: "up to 50%", From: "2023-01-01", Lots: nil},
			{Holder: "q", Issuer: "x", Percent: "60", From: "2022-01-01", To: "2022-12-31"},
			{Holder: "q", Issuer: "y", Percent: "33.30", Rounded: true, From: "2023-01-01"},
			{Holder: "q", Issuer: "y", Shares: "5.0", To: "2021-01-01", Lots: []crossholding.Lot{{Date: "2020-01-01", Shares: "5", Price: "1.0", Currency: "EUR"}}},
		},
	}
}

// Stakes of other days are no part of an answer, and stay in the book.
func TestPeriods(t *testing.T) {
	a := booktest.New(t, history())
	direct := func(a *crossholding.Alliance, who string) string {
		o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
		require.NoError(t, err)
		y, err := o.Direct(who, "x")
		require.NoError(t, err)
		return y.String()
	}
	require.Equal(t, "100/333", direct(a, "p"), "30% of 999 are 300 whole shares")
	require.Equal(t, "599/999", direct(a, "q"), "60% are 599.4")
	early, err := a.On("2021-12-31")
	require.NoError(t, err)
	require.Equal(t, "599/999", direct(early, "p"))
	late, err := a.On("2023-01-01")
	require.NoError(t, err)
	require.Len(t, late.Banded(), 2)
	var stakes []string
	for _, s := range strings.Split(booktest.Bytes(t, a), "\n") {
		if strings.Contains(s, "holder") {
			stakes = append(stakes, s)
		}
	}
	text := strings.Join(stakes, "\n")
	for _, part := range []string{`"percent":"60"`, `"percent":"10.1"`, `"shares":"300"`, `"source":"annual report"`, `"between":"[0%,50%]"`, `"percent":"33.30","rounded":true`, `"percent":"5"`} {
		require.Contains(t, text, part)
	}
	require.NotContains(t, text, `"source":"register"`)
	back, err := late.On("2022-06-01")
	require.NoError(t, err)
	require.Equal(t, strings.Replace(booktest.Bytes(t, a), `"percent":"10.1"`, `"shares":"101"`, 1), booktest.Bytes(t, back), "which became whole shares on its day")
}

func TestPeriodFaults(t *testing.T) {
	book := func(asOf, from, to date.Date) crossholding.Book {
		return crossholding.Book{AsOf: asOf, Companies: []crossholding.Company{{ID: "x"}}, Parties: []crossholding.Party{{ID: "p"}},
			Stakes: []crossholding.Stake{{Holder: "p", Issuer: "x", Percent: "5", From: from, To: to}}}
	}
	for name, tc := range map[string]struct {
		book crossholding.Book
		want string
	}{
		"undated book": {book("", "2020-01-01", ""), "stakes[0]: p in x: exists only for a time, and the book has no as_of"},
		"backwards":    {book("2020-01-01", "2020-01-02", "2020-01-01"), "ends on 2020-01-01, before it begins on 2020-01-02"},
		"no day":       {book("2020-01-01", "2020-01-32", ""), `stakes[0].from: p in x: "2020-01-32" is not a date`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.New(tc.book)
			require.ErrorContains(t, err, tc.want)
		})
	}
	a := booktest.New(t, history())
	_, err := a.On("then")
	require.ErrorIs(t, err, crossholding.ErrDate)
	// A fault of another day does not stop this day, and is found on that day.
	b := history()
	b.Stakes[0].Percent = "110"
	over := booktest.New(t, b)
	_, err = over.On("2021-01-02")
	require.ErrorIs(t, err, crossholding.ErrOverAllocated)
}

// A scenario does not pass a day on which stakes of the book begin or end, because only steps
// move shares.
func TestScenarioWithinPeriods(t *testing.T) {
	run := func(day date.Date) (*scenario.Outcome, error) {
		return scenario.Run(t.Context(), booktest.New(t, history()), scenario.Scenario{Steps: []scenario.Step{
			{Date: day, Step: scenario.StepTrade, From: "p", To: "q", Issuer: "x", Shares: "100"}}})
	}
	out, err := run("2022-12-31")
	require.NoError(t, err)
	require.Equal(t, booktest.Bytes(t, out.After), booktest.Bytes(t, booktest.New(t, out.After.Book())))
	_, err = run("2023-01-01")
	require.ErrorIs(t, err, crossholding.ErrDate)
	require.ErrorContains(t, err, "p in x ends on 2022-12-31, q in x ends on 2022-12-31, p in x begins on 2023-01-01, q in x begins on 2023-01-01, q in y begins on 2023-01-01")
}

// A register has the same stakes on each day.
func TestRegisterOnAnotherDay(t *testing.T) {
	a, err := crossholding.ReadRegister(t.Context(), strings.NewReader("id,issued,treasury,votes\nx,100,,\n"),
		strings.NewReader("holder,issuer,shares\nana,x,60\n"), crossholding.RegisterOptions{AsOf: "2020-01-01",
			Agreements: []crossholding.Agreement{{ID: "n", Kind: crossholding.AgreementNeutral, Holders: []string{"ana"}, To: "2020-12-31"}}})
	require.NoError(t, err)
	for day, want := range map[date.Date]string{"2020-12-31": "0", "2021-01-01": "60"} {
		b, err := a.On(day)
		require.NoError(t, err)
		require.Equal(t, day, b.AsOf())
		v, err := b.Votes(t.Context(), crossholding.VotingOptions{})
		require.NoError(t, err)
		n, err := v.Of("ana", "x")
		require.NoError(t, err)
		require.Equal(t, want, n.Free.String())
	}
}
