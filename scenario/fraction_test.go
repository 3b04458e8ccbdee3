package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// fractionBook is a company x with holders h and k, and a company a of which x holds shares.
func fractionBook() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100", Treasury: "7"}, {Class: "pref", Issued: "0"}}},
			{ID: "a", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "50"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "k"}},
		Stakes:  []crossholding.Stake{{Holder: "h", Issuer: "x", Shares: "31"}, {Holder: "k", Issuer: "x", Shares: "5"}, {Holder: "x", Issuer: "a", Shares: "40"}},
		Rights: []crossholding.Right{
			{ID: "free", Holder: "k", Issuer: "x", Shares: "9"},
			{ID: "option", Holder: "h", Issuer: "x", Shares: "10", Price: "4 EUR"},
			{ID: "other", Holder: "h", Issuer: "a", Shares: "10", Price: "4 EUR"},
		},
	}
}

// TestStepsThatLeaveNoShare: a ratio that rounds every stake away fails and names the
// holders and figures, in every step with a ratio.
func TestStepsThatLeaveNoShare(t *testing.T) {
	tiny := "1:1" + strings.Repeat("0", 40)
	for name, s := range map[string]scenario.Step{
		"split":          {Step: "split", Issuer: "x", Class: "ordinary", Ratio: tiny},
		"split for cash": {Step: "split", Issuer: "x", Class: "ordinary", Ratio: "1:1000", Fractions: "cash", Price: "5 EUR"},
		"convert":        {Step: "convert", Issuer: "x", Class: "ordinary", ToClass: "pref", Ratio: tiny},
		"convert some":   {Step: "convert", Issuer: "x", Class: "ordinary", ToClass: "pref", Ratio: "1:10", From: "h", Shares: "9"},
		"merge":          {Step: "merge", Issuer: "x", Into: "a", Ratio: tiny},
		"bonus":          {Step: "dividend", Issuer: "x", Class: "ordinary", In: "shares", Ratio: "1:100"},
		"distribute":     {Step: "distribute", Issuer: "x", Asset: "a", Ratio: tiny},
		"rights":         {Step: "rights", Issuer: "x", Class: "ordinary", Ratio: tiny, Price: "1 EUR", To: "k"},
		"shares for shares": {Step: "trade", From: "h", To: "k", Issuer: "x", Class: "ordinary", Shares: "3",
			For: &scenario.SharePayment{Issuer: "a", Ratio: "1:10"}},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, fractionBook())
			before := booktest.Bytes(t, a)
			_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{s}})
			require.ErrorIs(t, err, crossholding.ErrRange)
			require.ErrorContains(t, err, "no whole share is left for anybody: ")
			require.ErrorContains(t, err, "h is due ")
			require.Equal(t, before, booktest.Bytes(t, a))
		})
	}
}

// TestFractionsAreReported: what each holder was due and what it got.
func TestFractionsAreReported(t *testing.T) {
	a := booktest.New(t, fractionBook())
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{{Step: "split", Issuer: "x", Class: "ordinary", Ratio: "1:10"}}})
	require.NoError(t, err)
	var lines []string
	for _, f := range out.Steps[0].Fractions {
		lines = append(lines, f.String())
	}
	require.Equal(t, []string{
		"h is due 3.1 shares of x (ordinary) and gets 3", "k is due 0.5 shares of x (ordinary) and gets 0",
		"float:x is due 5.7 shares of x (ordinary) and gets 5", "x is due 0.7 shares of x (ordinary) and gets 0",
	}, lines)
}

// TestSplitAdjustsRights: shares times the ratio and price over it, exactly; the inverse split
// restores the bytes. A right to another company's shares stays.
func TestSplitAdjustsRights(t *testing.T) {
	for _, r := range [][2]string{{"3:1", "1:3"}, {"1:7", "7:1"}, {"2:3", "3:2"}} {
		t.Run(r[0], func(t *testing.T) {
			a := booktest.New(t, fractionBook())
			split := func(ratio string) scenario.Step {
				return scenario.Step{Step: "split", Issuer: "x", Class: "ordinary", Ratio: ratio, Fractions: "keep"}
			}
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{split(r[0]), split(r[1])}})
			require.NoError(t, err)
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, out.After))
		})
	}
	out := booktest.Run(t, fractionBook(), scenario.Step{Step: "split", Issuer: "x", Class: "ordinary", Ratio: "3:1"})
	rights := out.After.Book().Rights
	require.Equal(t, "27", string(rights[0].Shares))
	require.Equal(t, "30", string(rights[1].Shares))
	require.Equal(t, "4/3 EUR", rights[1].Price)
	require.Equal(t, "10", string(rights[2].Shares))
	out = booktest.Run(t, fractionBook(), scenario.Step{Step: "dividend", Issuer: "x", Class: "ordinary", In: "shares", Ratio: "1:4"})
	require.Equal(t, "12.5", string(out.After.Book().Rights[1].Shares), "a bonus of 1 for 4 makes 4 shares 5")
	require.Equal(t, "3.2 EUR", out.After.Book().Rights[1].Price)
	out = booktest.Run(t, out.After.Book(), scenario.Step{Step: "exercise", ID: "option"})
	booktest.RequireRatio(t, "12", out.Steps[0].Shares)
	require.Equal(t, "h is due 12.5 shares of x (ordinary) and gets 12", out.Steps[0].Fractions[0].String())
}

// TestExerciseOfAWrittenRight: the writer delivers and is paid, and nothing is issued.
func TestExerciseOfAWrittenRight(t *testing.T) {
	b := fractionBook()
	b.Rights = []crossholding.Right{{ID: "call", Holder: "h", Issuer: "x", Shares: "6", Price: "4 EUR", Writer: "k"}}
	out := booktest.Run(t, b, scenario.Step{Step: "exercise", ID: "call", Shares: "5"})
	booktest.RequireRatio(t, "36", booktest.SharesOf(t, out.After, "h", "x"))
	booktest.RequireRatio(t, "0", booktest.SharesOf(t, out.After, "k", "x"))
	require.Equal(t, "h -20 EUR", out.Cash[0].String())
	require.Equal(t, "k 20 EUR", out.Cash[1].String())
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{{Step: "exercise", ID: "call"}}})
	require.ErrorIs(t, err, crossholding.ErrNotEnough)
	require.ErrorContains(t, err, "right call: k must deliver 6 shares of x and has 5")
	b.Rights[0].Writer = "h"
	_, err = crossholding.New(b)
	require.ErrorIs(t, err, crossholding.ErrSelfStake)
	b.Rights[0].Writer = "nobody"
	_, err = crossholding.New(b)
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// TestFractionSoldFromOneStake: the new shares come to both stakes of h, and the fraction leaves
// the older lots, which are in the stake that k votes.
func TestFractionSoldFromOneStake(t *testing.T) {
	lots := func(day date.Date, shares, price ratio.Number) []crossholding.Lot {
		return []crossholding.Lot{{Date: day, Shares: shares, Price: price, Currency: "EUR"}}
	}
	out := booktest.Run(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "100"}}}},
		Parties:   []crossholding.Party{{ID: "h"}, {ID: "k"}},
		Stakes: []crossholding.Stake{
			{Holder: "h", Issuer: "x", Shares: "10", Voter: "k", Lots: lots("2020-01-01", "10", "1")},
			{Holder: "h", Issuer: "x", Shares: "30", Lots: lots("2021-01-01", "30", "2")},
		},
	}, scenario.Step{Step: "dividend", Issuer: "x", In: "shares", Ratio: "1:50", Fractions: "cash", Price: "7 EUR"})
	held := map[string]string{}
	for _, s := range out.After.Book().Stakes {
		held[s.Voter] = string(s.Shares)
	}
	require.Equal(t, map[string]string{"k": "9.4", "": "30.6"}, held) // 10 and 30 by 51/50, less 0.8
	require.Len(t, out.Gains, 1)
	require.Equal(t, "0.8", out.Gains[0].Shares.String())
	require.Equal(t, "101", string(out.After.Book().Companies[0].Shares[0].Issued), "60 in the float get 1.2, and 1 whole")
}

// TestPaidForFractionsAlone: shares are paid in shares, and cash only for the part of a share.
func TestPaidForFractionsAlone(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "t", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "300"}}}, {ID: "a", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "h"}, {ID: "bid"}},
		Stakes:    []crossholding.Stake{{Holder: "h", Issuer: "t", Shares: "100"}, {Holder: "bid", Issuer: "a", Shares: "80"}},
	}
	for _, s := range []scenario.Step{
		{Step: "trade", Issuer: "t", From: "h", To: "bid", Shares: "70"},
		{Step: "offer", Issuer: "t", To: "bid", Shares: "70", Tendered: map[string]string{"h": "70"}},
	} {
		s.For = &scenario.SharePayment{Issuer: "a", Ratio: "2:3", Source: scenario.SupplyOwn} // 46 2/3
		s.Fractions, s.Price = scenario.FractionsCash, "9 EUR"
		out := booktest.Run(t, book, s)
		require.Equal(t, "6", out.Steps[0].Paid.Amount.String())
		require.Contains(t, out.Steps[0].String(), "for 6 EUR")
	}
}
