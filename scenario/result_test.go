package scenario_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// TestZeroShares: a step about 0 shares leaves the book as it was, posts no shares and says so.
func TestZeroShares(t *testing.T) {
	b := eventBook()
	b.AsOf = "2024-02-02" // the right can be exercised
	before := booktest.Bytes(t, booktest.New(t, b))
	for _, s := range []event{
		{Step: "trade", From: "h", To: "u", Issuer: "t", Shares: "0"},
		{Step: "trade", From: "h", To: "u", Issuer: "t", Shares: "0", Price: "3 EUR"},
		{Step: "trade", From: "h", To: "u", Issuer: "t", Percent: "0"},
		{Step: "trade", From: "h", To: "u", Issuer: "t", DownTo: "50%"}, // it has 150 of 300
		{Step: "trade", From: "k", To: "u", Issuer: "t", Shares: "0"},   // it has none
		{Step: "trade", From: "*", To: "u", Issuer: "t", Percent: "0"},
		{Step: "trade", From: "h", To: "u", Issuer: "t", Shares: "0", For: &scenario.SharePayment{Issuer: "a", Class: "ordinary", Ratio: "1:1"}},
		{Step: "trade", ID: "o1", To: "u", Shares: "0", Price: "3 EUR"},
		{Step: "entrust", From: "h", To: "trust", Issuer: "t", Shares: "0"},
		{Step: "release", From: "trust", To: "h", Issuer: "a", Class: "ordinary", Shares: "0"},
		{Step: "buyback", From: "h", Issuer: "t", Shares: "0", Price: "3 EUR"},
		{Step: "cancel", Issuer: "t", Shares: "0"},
		{Step: "issue", To: "u", Issuer: "t", Shares: "0", Price: "3 EUR"},
		{Step: "restate", From: "h", Issuer: "t", Voter: "k", Shares: "0"},
		{Step: "convert", From: "h", Issuer: "a", Class: "ordinary", ToClass: "pref", Ratio: "1:1", Shares: "0"},
		{Step: "offer", To: "u", Issuer: "t", Shares: "0", Price: "3 EUR", Tendered: map[string]string{"h": "all"}},
		{Step: "exercise", ID: "o1", Shares: "0"},
		{Step: "lapse", ID: "o1", Shares: "0"},
	} {
		t.Run(string(s.Step), func(t *testing.T) {
			out := booktest.Run(t, b, s)
			require.Equal(t, before, booktest.Bytes(t, out.After))
			booktest.RequireRatio(t, "0", out.Steps[0].Shares)
			require.Contains(t, out.Steps[0].String(), " 0 ")
			require.Empty(t, out.Cash)
			require.Empty(t, out.Gains)
			for _, p := range out.Steps[0].Postings {
				require.Contains(t, []string{"pay 0 EUR: u to h", "pay 0 EUR: u to k", "pay 0 EUR: t to h", "pay 0 EUR: u to t", "pay 0 EUR: k to a", "set right o1: 9 shares left"}, p.String())
			}
			out = booktest.Run(t, b, event{Step: "advance_date", Date: "2024-03-01"})
			s.Date = "2024-03-01"
			require.Equal(t, booktest.Bytes(t, out.After), booktest.Bytes(t, booktest.Run(t, b, s).After), "its day counts")
		})
	}
}

// TestPaid is about what each kind of step pays, as the result and its sentence say it.
func TestPaid(t *testing.T) {
	book := crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{
			{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: "100"}}},
			{ID: "t", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "60"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "k"}, {ID: "u"}},
		Stakes: []crossholding.Stake{
			{Holder: "h", Issuer: "x", Shares: "305"},
			{Holder: "k", Issuer: "t", Shares: "50"},
			{Holder: "x", Issuer: "t", Shares: "10"},
		},
		Rights: []crossholding.Right{{ID: "r", Holder: "k", Issuer: "x", Class: "ordinary", Shares: "40", Price: "5 EUR", Kind: crossholding.RightWarrant}},
	}
	company := &crossholding.Company{ID: "z", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "10"}}}
	founders := func(second string) []scenario.Founder {
		return []scenario.Founder{{Holder: "h", Shares: "6", Price: "2 EUR"}, {Holder: "k", Shares: "4", Price: second}}
	}
	for _, tc := range []struct {
		name     string
		step     event
		paid     string
		sentence string
	}{
		{"trade", event{Step: "trade", From: "h", To: "u", Issuer: "x", Shares: "5", Price: "2"}, "10 EUR", "h passes 5 x shares to u for 10 EUR"},
		{"gift", event{Step: "trade", From: "h", To: "u", Issuer: "x", Shares: "5"}, "", "h passes 5 x shares to u"},
		{"trade from everyone", event{Step: "trade", From: "*", To: "u", Issuer: "x", Percent: "1", Price: "2"}, "20 EUR",
			"everyone passes 10 x shares to u for 20 EUR (1 shares from the exact amount)"}, // 3.05 and 5.95
		{"trade of a right", event{Step: "trade", ID: "r", To: "u", Shares: "10", Price: "0.5 EUR"}, "5 EUR", "right r to 10 shares passes to u for 5 EUR"},
		{"buyback from everyone", event{Step: "buyback", From: "*", Issuer: "x", Percent: "1", Price: "2", Round: "short"}, "16 EUR",
			"x buys back 8 x shares from everyone for 16 EUR (-1 shares from the exact amount)"},
		{"issue", event{Step: "issue", To: "u", Issuer: "x", Shares: "5", Price: "2"}, "10 EUR", "x issues 5 x shares to u for 10 EUR"},
		{"restate", event{Step: "restate", From: "h", Issuer: "x", Shares: "5", Beneficiary: "u", Price: "2"}, "10 EUR", "h restates 5 x shares for 10 EUR"},
		{"exercise", event{Step: "exercise", ID: "r", Shares: "10"}, "50 EUR", "right r becomes 10 shares for 50 EUR"},
		{"rights", event{Step: "rights", Issuer: "x", Ratio: "1:10", Price: "2", Takes: map[string]string{"h": "all"}, To: "u"}, "178 EUR",
			"x issues 89 shares to its holders for 178 EUR"},
		{"offer of a fraction", event{Step: "offer", To: "u", Issuer: "x", Percent: "1.05", Price: "2", Tendered: map[string]string{"h": "all"}}, "22 EUR",
			"u buys 11 x shares that are tendered for 22 EUR (0.5 shares from the exact amount)"},
		{"offer for which too few are tendered", event{Step: "offer", To: "u", Issuer: "x", Percent: "1.05", Price: "2", Tendered: map[string]string{"h": "7"}}, "14 EUR",
			"u buys 7 x shares that are tendered for 14 EUR"},
		{"dividend", event{Step: "dividend", Issuer: "t", PerShare: "1", PassOn: map[string]string{"x": "100%"}}, "60 EUR", "t pays a dividend of 60 EUR"},
		{"dividend in shares", event{Step: "dividend", Issuer: "x", In: "shares", Ratio: "1:10", Fractions: "cash", Price: "8"}, "8 EUR",
			"x pays a dividend of 89 shares, with 8 EUR for fractions of a share"},
		{"split", event{Step: "split", Issuer: "x", Ratio: "1:10", Fractions: "cash", Price: "8"}, "8 EUR",
			"x splits its shares 1:10, into 99, with 8 EUR for fractions of a share"},
		{"merger for shares and cash", event{Step: "merge", Issuer: "t", Into: "x", Ratio: "1:5", Cash: "3"}, "150 EUR", "t merges into x for 10 x shares and 150 EUR"},
		{"merger for cash", event{Step: "merge", Issuer: "t", Into: "x", Cash: "3"}, "150 EUR", "t merges into x for 150 EUR"},
		{"merger for cash against income", event{Step: "merge", Issuer: "t", Into: "x", Cash: "3", Against: "income"}, "150 EUR", "t merges into x for 150 EUR"},
		{"merger for shares", event{Step: "merge", Issuer: "t", Into: "x", Ratio: "1:5"}, "", "t merges into x for 10 x shares"},
		{"merger in two currencies", event{Step: "merge", Issuer: "t", Into: "x", Ratio: "1:3", Cash: "3", Fractions: "cash", Price: "30 JPY"}, "",
			"t merges into x for 16 x shares"},
		{"found", event{Step: "found", Company: company, Founders: founders("3 EUR")}, "24 EUR", "z is founded with 10 shares for 24 EUR"},
		{"found in two currencies", event{Step: "found", Company: company, Founders: founders("3 USD")}, "", "z is founded with 10 shares"},
		{"pay", event{Step: "pay", From: "h", To: "k", Amount: "7 USD"}, "7 USD", "h makes a payment to k of 7 USD"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := booktest.Run(t, book, tc.step).Steps[0]
			paid := ""
			if got.Paid.Currency != "" {
				paid = got.Paid.String()
			}
			require.Equal(t, tc.paid, paid)
			require.Equal(t, tc.sentence, got.String())
		})
	}
}
