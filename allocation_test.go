package crossholding_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
)

// Stakes of a company in itself, which registers list, are its treasury.
func TestOwnShares(t *testing.T) {
	ctx := t.Context()
	book := func(stakes ...crossholding.Stake) crossholding.Book {
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "a"}, {ID: "b", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: "50"}}}},
			Parties:   []crossholding.Party{{ID: "p"}},
			Stakes:    append(stakes, crossholding.Stake{Holder: "p", Issuer: "a", Percent: "40"}, crossholding.Stake{Holder: "p", Issuer: "b", Shares: "450"}),
		}
	}
	for name, c := range map[string]struct {
		own      []crossholding.Stake
		inA, inB string // p's interest
		warnings string
	}{
		"none":                      {nil, "2/5", "9/19", "[]"},
		"a fifth, known in percent": {[]crossholding.Stake{{Holder: "a", Issuer: "a", Percent: "20"}}, "1/2", "9/19", "[a in itself: 20%, taken as its treasury]"},
		"more than the treasury": {[]crossholding.Stake{{Holder: "b", Issuer: "b", Shares: "60"}, {Holder: "b", Issuer: "b", Percent: "4", Voter: "b", Adds: true}}, "2/5", "1/2",
			"[b in itself: 60 shares, taken as its treasury b in itself: 40 shares, taken as its treasury]"},
		"the treasury itself": {[]crossholding.Stake{{Holder: "b", Issuer: "b", Shares: "50", Lots: []crossholding.Lot{{Shares: "1", Price: "1 EUR"}}}}, "2/5", "9/19",
			"[b in itself: 50 shares, taken as its treasury; its lots are left out]"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, book(c.own...))
			require.Equal(t, c.warnings, fmt.Sprint(a.Warnings()))
			o := ownership(t, a)
			for issuer, want := range map[string]string{"a": c.inA, "b": c.inB} {
				y, err := o.Integrated(ctx, "p", issuer)
				require.NoError(t, err)
				booktest.RequireRatio(t, want, y)
			}
			again := booktest.New(t, a.Book())
			require.Empty(t, again.Warnings())
			require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, again))
		})
	}
	_, err := crossholding.New(book(crossholding.Stake{Holder: "b", Issuer: "b", Shares: "1001"}))
	require.ErrorIs(t, err, crossholding.ErrOverAllocated)
	require.ErrorContains(t, err, "b (ordinary) holds 1001 of its own 1000 issued shares")

	// Own shares are a figure without a day.
	for _, s := range []crossholding.Stake{{Holder: "b", Issuer: "b", Percent: "1", Rounded: true}, {Holder: "b", Issuer: "b", Percent: "1", To: "2020-01-01"}} {
		day := book(s)
		day.AsOf = "2020-01-01"
		_, err := crossholding.New(day)
		require.ErrorIs(t, err, crossholding.ErrSelfStake)
	}

	r, err := readRegister(t, "top,top,100\nanna,top,450\ntop,top,0.5\n", crossholding.RegisterOptions{})
	require.NoError(t, err)
	require.Equal(t, "[top in itself: 100.5 shares, counted in its treasury]", fmt.Sprint(r.Warnings()))
	y, err := ownership(t, r).Integrated(ctx, "anna", "top")
	require.NoError(t, err)
	booktest.RequireRatio(t, "900/1799", y)
}
