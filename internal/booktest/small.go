package booktest

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// SmallBook is the alliance's core in round figures, with every kind of account that a step
// can draw on.
func SmallBook() crossholding.Book {
	return crossholding.Book{
		AsOf: "2023-11-01",
		Companies: []crossholding.Company{
			{ID: "nissan", Country: "JP", Currency: "JPY", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: "50"}}},
			{ID: "renault", Country: "FR", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "300"}}},
			{ID: "venture"},
		},
		Parties: []crossholding.Party{
			{ID: "fund", Kind: crossholding.KindFund},
			{ID: "state", Kind: crossholding.KindState},
			{ID: "trust", Kind: crossholding.KindTrust},
		},
		Stakes: []crossholding.Stake{
			{Holder: "renault", Issuer: "nissan", Shares: "434", Lots: []crossholding.Lot{
				{Date: "1999-05-28", Shares: "200", Price: "400"},
				{Date: "2002-03-01", Shares: "134", Price: "500"},
			}},
			{Holder: "fund", Issuer: "nissan", Shares: "100", Lots: []crossholding.Lot{
				{Date: "2010-01-05", Shares: "30", Price: "9", Currency: "EUR"},
				{Date: "2011-01-05", Shares: "70", Price: "10", Currency: "EUR"},
			}},
			{Holder: "nissan", Issuer: "renault", Shares: "45"},
			{Holder: "state", Issuer: "renault", Shares: "45", Votes: "2", VotesSince: "2016-04-02"},
			{Holder: "state", Issuer: "renault", Shares: "5"},
			{Holder: "renault", Issuer: "venture", Percent: "60"},
			{Holder: "nissan", Issuer: "venture", Percent: "40"},
		},
		Market: &crossholding.Market{
			Currency: "EUR",
			Prices:   map[string]string{"nissan": "600", "renault": "40"},
			FX:       map[string]ratio.Number{"EUR/JPY": "160"},
		},
	}
}

// Shares returns the issued shares and the treasury of a company's first class.
func Shares(t testing.TB, a *crossholding.Alliance, id string) (issued, treasury ratio.Ratio) {
	t.Helper()
	for _, c := range a.Book().Companies {
		if c.ID == id {
			i, err := c.Shares[0].Issued.Ratio()
			require.NoError(t, err)
			tr, err := c.Shares[0].Treasury.Ratio()
			require.NoError(t, err)
			return i, tr
		}
	}
	t.Fatalf("no company %s", id)
	return
}

// Stock is a book in which a fund holds n of the 1,000 shares of a company, with the lots.
func Stock(n ratio.Number, lots ...crossholding.Lot) crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "stock", Currency: "USD", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "fund"}},
		Stakes:    []crossholding.Stake{{Holder: "fund", Issuer: "stock", Shares: n, Lots: lots}},
	}
}

// Bytes returns the book of an alliance in canonical form.
func Bytes(t testing.TB, a *crossholding.Alliance) string {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, a.WriteBook(&buf))
	return buf.String()
}
