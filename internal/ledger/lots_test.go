package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// sale sells shares of h to the treasury at 10 by a method.
func sale(shares int64, how ledger.Draw) func(*ledger.Ledger, []*ledger.Class) error {
	return func(l *ledger.Ledger, c []*ledger.Class) error {
		from, err := c[0].Source("h", "")
		if err != nil {
			return err
		}
		return l.Transfer(c[0], ledger.Transfer{From: from, To: ledger.Target{Treasury: true}, Shares: n(shares), How: how, Price: eur(10), Payer: "x"})
	}
}

func picks(list ...ledger.Pick) ledger.Draw { return ledger.Draw{Method: ledger.Specific, Picks: list} }

func number(x int64) *ratio.Ratio {
	r := n(x)
	return &r
}

// TestMethods sells shares of h, by default out of 2 of unknown cost, 3 at 4 of 2020, 1 at 9 of 2021
// and 2 at 4 of 2022.
func TestMethods(t *testing.T) {
	one := func() []*ledger.Class {
		return []*ledger.Class{class("x", 0, 0, in("h", 8, lot(2020, 3, 4), lot(2021, 1, 9), lot(2022, 2, 4)))}
	}
	known := func() []*ledger.Class {
		return []*ledger.Class{class("x", 0, 0, in("h", 4, lot(2020, 3, 4), lot(2021, 1, 8)), in("h^v", 1, lot(2019, 1, 5)))}
	}
	run(t, []operation{
		{"first in, first out", one(), sale(6, ledger.Draw{}), []string{
			"move x/ordinary h -> x: 6",
			"pay x -> h 60 EUR",
			"gain h x 2020 3: 30 EUR - 12 EUR",
			"gain h x 2021 1: 10 EUR - 9 EUR",
			"gain h x  2: 20 EUR - 0",
			"x/ordinary 6 treasury, 0 float: h 2 [2022 2@4]",
		}},
		{"last in, first out", one(), sale(4, ledger.Draw{Method: ledger.LIFO}), []string{
			"move x/ordinary h -> x: 4",
			"pay x -> h 40 EUR",
			"gain h x 2020 1: 10 EUR - 4 EUR",
			"gain h x 2021 1: 10 EUR - 9 EUR",
			"gain h x 2022 2: 20 EUR - 8 EUR",
			"x/ordinary 4 treasury, 0 float: h 4 [2020 2@4]",
		}},
		{"the highest cost first, then the oldest", one(), sale(3, ledger.Draw{Method: ledger.HIFO}), []string{
			"move x/ordinary h -> x: 3",
			"pay x -> h 30 EUR",
			"gain h x 2020 2: 20 EUR - 8 EUR",
			"gain h x 2021 1: 10 EUR - 9 EUR",
			"x/ordinary 3 treasury, 0 float: h 5 [2020 1@4, 2022 2@4]",
		}},
		{"the highest cost first, unknown cost last", one(), sale(7, ledger.Draw{Method: ledger.HIFO}), []string{
			"move x/ordinary h -> x: 7",
			"pay x -> h 70 EUR",
			"gain h x 2020 3: 30 EUR - 12 EUR",
			"gain h x 2021 1: 10 EUR - 9 EUR",
			"gain h x 2022 2: 20 EUR - 8 EUR",
			"gain h x  1: 10 EUR - 0",
			"x/ordinary 7 treasury, 0 float: h 1",
		}},
		// 3*4 + 8 + 5 = 25 over 5 shares. All become lots of the oldest date. Those that h votes go first.
		{"average", known(), sale(2, ledger.Draw{Method: ledger.Average}), []string{
			"move x/ordinary h -> x: 2",
			"pay x -> h 20 EUR",
			"gain h x 2019 2: 20 EUR - 10 EUR",
			"x/ordinary 2 treasury, 0 float: h 2 [2019 2@5], h^v 1 [2019 1@5]",
		}},
		{"lots that are named, and the rest of unknown cost", one(),
			sale(4, picks(ledger.Pick{Date: "2021-01-01"}, ledger.Pick{Date: "2022-01-01", Price: number(4), Currency: "EUR", Shares: number(1)})), []string{
				"move x/ordinary h -> x: 4",
				"pay x -> h 40 EUR",
				"gain h x 2021 1: 10 EUR - 9 EUR",
				"gain h x 2022 1: 10 EUR - 4 EUR",
				"gain h x  2: 20 EUR - 0",
				"x/ordinary 4 treasury, 0 float: h 4 [2020 3@4, 2022 1@4]",
			}},
		// The accounts are alike, so 4 and 2 give 4/6 and 2/6 of 4, in whole shares: 2 2/3 and 1 1/3.
		{"lots that are alike give pro rata", []*ledger.Class{class("x", 0, 0, in("h^u", 4, lot(2020, 4, 4)), in("h^v", 2, lot(2020, 2, 4)))}, sale(4, ledger.Draw{}), []string{
			"move x/ordinary h^u -> x: 3",
			"move x/ordinary h^v -> x: 1",
			"pay x -> h 40 EUR",
			"gain h x 2020 3: 30 EUR - 12 EUR",
			"gain h x 2020 1: 10 EUR - 4 EUR",
			"x/ordinary 4 treasury, 0 float: h^u 1 [2020 1@4], h^v 1 [2020 1@4]",
		}},
		{"own votes last, then the holder's own first", []*ledger.Class{class("x", 0, 0, in("h", 2, lot(2020, 2, 3)), in("h*2", 2, lot(2018, 2, 1)), in("h^v", 2, lot(2020, 2, 3)))},
			sale(3, ledger.Draw{}), []string{
				"move x/ordinary h -> x: 2",
				"move x/ordinary h^v -> x: 1",
				"pay x -> h 30 EUR",
				"gain h x 2020 2: 20 EUR - 6 EUR",
				"gain h x 2020 1: 10 EUR - 3 EUR",
				"x/ordinary 3 treasury, 0 float: h*2 2 [2018 2@1], h^v 1 [2020 1@3]",
			}},
	})
}

func TestMethodsFail(t *testing.T) {
	dollar := lot(2022, 1, 4)
	dollar.Currency = "USD"
	for _, tt := range []struct {
		name string
		how  ledger.Draw
		kind error
		text string
	}{
		{"highest cost in two currencies", ledger.Draw{Method: ledger.HIFO}, ledger.ErrCurrency, "h in x: highest cost: lots in EUR and in USD"},
		{"average cost in two currencies", ledger.Draw{Method: ledger.Average}, ledger.ErrCurrency, "h in x: average cost: lots in EUR and in USD"},
		{"no such lot", picks(ledger.Pick{Date: "2019-01-01"}), ledger.ErrNotEnough, "no lot of 2019-01-01 is there or left"},
		{"no lot at that price", picks(ledger.Pick{Date: "2020-01-01", Price: number(7), Currency: "EUR"}), ledger.ErrNotEnough, "no lot of 2020-01-01 at 7 EUR is there or left"},
		{"no lot in that currency", picks(ledger.Pick{Date: "2020-01-01", Currency: "USD"}), ledger.ErrNotEnough, "no lot of 2020-01-01 USD is there or left"},
		{"a lot twice", picks(ledger.Pick{Date: "2022-01-01"}, ledger.Pick{Date: "2022-01-01"}), ledger.ErrNotEnough, "no lot of 2022-01-01 is there or left"},
		{"more of a lot than there is", picks(ledger.Pick{Date: "2022-01-01", Shares: number(2)}), ledger.ErrNotEnough, "2 shares of the lot of 2022-01-01 named, 1 there"},
		{"a part of one of two lots", picks(ledger.Pick{Date: "2020-01-01", Shares: number(1)}), ledger.ErrMissing, "1 shares of the lots of 2020-01-01 at 4 EUR and at 5 EUR: of which one?"},
		{"more named than sold", picks(ledger.Pick{Date: "2020-01-01"}, ledger.Pick{Date: "2022-01-01"}), ledger.ErrNotEnough, "more shares named than the 0 left to move"},
		{"fewer named than sold", picks(ledger.Pick{Date: "2022-01-01"}), ledger.ErrNotEnough, "the lots named leave 3 shares open"},
		{"all faults", picks(ledger.Pick{Date: "2018-01-01"}, ledger.Pick{Date: "2019-01-01"}), ledger.ErrNotEnough,
			"no lot of 2018-01-01 is there or left: not enough shares; no lot of 2019-01-01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := class("x", 0, 0, in("h", 5, lot(2020, 1, 4), lot(2020, 3, 5), dollar))
			err := sale(4, tt.how)(ledgerOf(c), []*ledger.Class{c})
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.text)
		})
	}
}

func TestJoinLots(t *testing.T) {
	a, b := []ledger.Lot{lot(2020, 1, 4), lot(2021, 2, 5)}, []ledger.Lot{lot(2020, 2, 4), lot(2020, 1, 3), lot(2022, 0, 1)}
	require.Equal(t, " [2020 1@3, 2020 3@4, 2021 2@5]", lots(ledger.JoinLots(a, b)))
	require.Equal(t, lots(a), lots(ledger.JoinLots(a, nil)))
	require.Equal(t, lots(a), lots(ledger.JoinLots(nil, a)))
	require.Equal(t, " [2020 1@4]", lots(a[:1])) // the lists stay as they were
}
