package ledger_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

func n(x int64) ratio.Ratio { return ratio.Int(x) }

// company is a class of 100 shares, of which h has 40 in two accounts and the issuer 10.
func company() (*ledger.Ledger, *ledger.Class) {
	c := &ledger.Class{Issuer: "x", Name: "ordinary", FloatName: "float:x", Issued: n(100), Treasury: n(10), Dividend: n(1), Stakes: []ledger.Stake{
		{Key: ledger.Key{Holder: "h"}, Shares: n(30), Lots: []ledger.Lot{{Date: "2021-01-01", Shares: n(20), Price: n(5), Currency: "EUR"}}},
		{Key: ledger.Key{Holder: "h", Voter: "v"}, Shares: n(10), Lots: []ledger.Lot{{Date: "2020-01-01", Shares: n(10), Price: n(2), Currency: "EUR"}}},
	}}
	l := ledgerOf(c)
	l.Begin()
	return l, c
}

// sell sells shares of h to k.
func sell(t *testing.T, l *ledger.Ledger, c *ledger.Class, shares int64, how ledger.Draw) error {
	t.Helper()
	from, err := c.Source("h", "")
	require.NoError(t, err)
	return l.Transfer(c, ledger.Transfer{From: from, To: ledger.Target{Holder: "k", Beneficiary: "k", Voter: "k"}, Shares: n(shares), How: how,
		Price: ledger.Money{Amount: n(7), Currency: "EUR"}, Payer: "k"})
}

func TestLotsOfAllAccounts(t *testing.T) {
	for _, tc := range []struct {
		name   string
		method ledger.Method
		cost   int64 // of the 25 shares sold, as far as it is known
	}{
		{"first in, first out", ledger.FIFO, 10*2 + 5*5}, // 10 of unknown cost, then 2020, then 2021
		{"last in, first out", ledger.LIFO, 20*5 + 5*2},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l, c := company()
			require.NoError(t, sell(t, l, c, 25, ledger.Draw{Method: tc.method}))
			require.NoError(t, l.Check())
			var cost ratio.Ratio
			for _, g := range l.Gains {
				cost = cost.Add(g.Cost.Amount)
			}
			require.True(t, cost.Equal(n(tc.cost)), cost)
			require.Equal(t, []ledger.Balance{
				{Party: "h", Money: ledger.Money{Amount: n(175), Currency: "EUR"}},
				{Party: "k", Money: ledger.Money{Amount: n(-175), Currency: "EUR"}},
			}, l.Cash())
		})
	}
	l, c := company()
	require.ErrorIs(t, sell(t, l, c, 25, ledger.Draw{Method: ledger.Average}), ledger.ErrNoCost)
	require.ErrorIs(t, sell(t, l, c, 41, ledger.Draw{}), ledger.ErrNotEnough)
}

// TestCheckFinds changes a ledger behind its back: the check finds every kind of fault.
func TestCheckFinds(t *testing.T) {
	for name, spoil := range map[string]func(l *ledger.Ledger, c *ledger.Class){
		"a share from nowhere":  func(_ *ledger.Ledger, c *ledger.Class) { c.Stakes[0].Shares = c.Stakes[0].Shares.Add(n(1)) },
		"more lots than shares": func(_ *ledger.Ledger, c *ledger.Class) { c.Stakes[0].Lots[0].Shares = n(500) },
		"a negative float": func(_ *ledger.Ledger, c *ledger.Class) {
			c.Float, c.Treasury = n(-1), c.Treasury.Add(c.Float).Add(n(1))
		},
		"issued without a posting": func(_ *ledger.Ledger, c *ledger.Class) { c.Issued, c.Float = c.Issued.Add(n(3)), c.Float.Add(n(3)) },
		"cost that disappears":     func(_ *ledger.Ledger, c *ledger.Class) { c.Stakes[0].Lots[0].Price = n(1) },
		"a posting that was not":   func(l *ledger.Ledger, _ *ledger.Class) { l.Postings[0].Kind = ledger.Create },
		"a negative cost dropped": func(l *ledger.Ledger, _ *ledger.Class) {
			l.Dropped = append(l.Dropped, ledger.Dropped{Holder: "h", Issuer: "x", Shares: n(1), Cost: ledger.Money{Amount: n(-40), Currency: "EUR"}})
		},
		"a negative move": func(l *ledger.Ledger, _ *ledger.Class) {
			l.Postings = append(l.Postings, ledger.Posting{Kind: ledger.Move, Issuer: "x", Class: "ordinary", Shares: n(-1)})
		},
		"a negative payment": func(l *ledger.Ledger, _ *ledger.Class) { l.Pay("h", "k", ledger.Money{Amount: n(-1), Currency: "EUR"}) },
		"a negative lot": func(_ *ledger.Ledger, c *ledger.Class) {
			c.Stakes[0].Lots = []ledger.Lot{{Shares: n(1), Price: n(-1), Currency: "EUR"}}
		},
		"cash from nowhere": func(l *ledger.Ledger, _ *ledger.Class) { l.Cash()[0].Amount = n(1) },
	} {
		t.Run(name, func(t *testing.T) {
			l, c := company()
			require.NoError(t, sell(t, l, c, 5, ledger.Draw{}))
			spoil(l, c)
			require.ErrorIs(t, l.Check(), ledger.ErrBalance)
		})
	}
}

// TestDividendRoundALoop pays 90 to y (40%) and h. y passes on all of what it receives, x
// half of it, and x has half of y.
func TestDividendRoundALoop(t *testing.T) {
	of := func(parts ...ledger.Share) []ledger.Share { return parts }
	half, x := ratio.Of(1, 2), of(ledger.Share{Party: "h", Part: ratio.Of(3, 5)}, ledger.Share{Party: "y", Part: ratio.Of(2, 5)})
	passers := []ledger.Passer{{Company: "x", Part: half, To: x}, {Company: "y", Part: n(1), To: of(ledger.Share{Party: "k", Part: half}, ledger.Share{Party: "x", Part: half})}}
	l := &ledger.Ledger{}
	require.NoError(t, l.Dividend("x", x, ledger.Money{Amount: n(90), Currency: "EUR"}, passers))
	require.NoError(t, l.Check())
	got := map[string]string{}
	for _, b := range l.Cash() {
		got[b.Party] = b.Amount.String()
	}
	require.Equal(t, map[string]string{"h": "60", "k": "20", "x": "-80", "y": "0"}, got)

	passers[0].Part, passers[1].To = n(1), of(ledger.Share{Party: "x", Part: n(1)})
	passers[0].To = of(ledger.Share{Party: "y", Part: n(1)})
	err := l.Dividend("w", x, ledger.Money{Amount: n(90), Currency: "EUR"}, passers)
	require.True(t, errors.Is(err, ledger.ErrNoOutsideOwner))
	require.ErrorContains(t, err, "x, y")
}

// Allot gives what is wanted, whatever the lots of the tenders.
func TestAllot(t *testing.T) {
	for _, tt := range []struct {
		name           string
		wanted, unit   int64
		tendered, want []int64
	}{
		{"pro rata", 30, 10, []int64{40, 20}, []int64{20, 10}},
		{"the rest by largest remainder", 40, 10, []int64{30, 30, 45}, []int64{10, 10, 20}},
		{"the first among equals", 30, 10, []int64{20, 20}, []int64{20, 10}},
		{"fewer are tendered", 30, 10, []int64{4, 20}, []int64{4, 20}},
		{"not a multiple of the lot", 15, 10, []int64{10, 10}, []int64{10, 5}},
		{"less than a lot", 5, 10, []int64{10, 10}, []int64{5, 0}},
		{"tenders of parts of a lot", 40, 10, []int64{5, 8, 12, 25}, []int64{2, 8, 10, 20}},
		{"no tender of a lot", 20, 10, []int64{5, 8, 25}, []int64{0, 8, 12}},
	} {
		var tendered []ratio.Ratio
		for _, n := range tt.tendered {
			tendered = append(tendered, ratio.Int(n))
		}
		var got []int64
		for _, n := range ledger.Allot(ratio.Int(tt.wanted), tendered, ratio.Int(tt.unit)) {
			got = append(got, n.Num().Int64())
		}
		require.Equal(t, tt.want, got, tt.name)
	}
}
