package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

func TestPayOut(t *testing.T) {
	dollars := func(year int, shares, price int64) ledger.Lot {
		out := lot(year, shares, price)
		out.Currency = "USD"
		return out
	}
	against := func(l *ledger.Ledger, c []*ledger.Class) error {
		l.Rate = func(m ledger.Money, currency string) (ratio.Ratio, error) { // 1.5 USD for 1 EUR
			if m.Currency != "EUR" || currency != "USD" {
				return ratio.Ratio{}, ledger.ErrCurrency
			}
			return m.Amount.Mul(ratio.Of(3, 2)), nil
		}
		return l.AgainstCost(c[0], eur(2))
	}
	run(t, []operation{
		{"to beneficiaries", []*ledger.Class{class("x", 5, 11, in("h", 7), in("k/b", 2))}, func(l *ledger.Ledger, c []*ledger.Class) error {
			l.PayOut(c[0], "y", eur(3))
			return nil
		}, []string{
			"pay y -> h 21 EUR",
			"pay y -> b 6 EUR",
			"pay y -> float:x 33 EUR",
			"x/ordinary 5 treasury, 11 float: h 7, k/b 2",
		}},
		// 2 EUR for each of 4 at 5, and of 6 at 1, which pays 1 too much for each.
		{"against cost", []*ledger.Class{class("x", 0, 0, in("h", 12, lot(2020, 4, 5), lot(2021, 6, 1)), in("k", 1))}, against, []string{
			"set cost of h in x (ordinary): 14 EUR less",
			"gain h x 2021 6: 12 EUR - 6 EUR",
			"x/ordinary 0 treasury, 0 float: h 12 [2020 4@3, 2021 6@0], k 1",
		}},
		// 2 EUR are 3 USD.
		{"against cost in two currencies", []*ledger.Class{class("x", 0, 0, in("h", 8, lot(2020, 4, 5), dollars(2020, 2, 4), dollars(2021, 2, 1)))}, against, []string{
			"set cost of h in x (ordinary): 8 EUR less",
			"set cost of h in x (ordinary): 8 USD less",
			"gain h x 2021 2: 6 USD - 2 USD",
			"x/ordinary 0 treasury, 0 float: h 8 [2020 4@3, 2020 2@1 USD, 2021 2@0 USD]",
		}},
	})
	pound := lot(2020, 4, 5)
	pound.Currency = "GBP"
	l := &ledger.Ledger{}
	err := against(l, []*ledger.Class{class("x", 0, 0, in("h", 4, pound))})
	require.ErrorIs(t, err, ledger.ErrCurrency)
	require.ErrorContains(t, err, "payment to h against its cost in x")
}

func TestSubscribe(t *testing.T) {
	subscribe := func(price ledger.Money) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error {
			names := ledger.Names(c, nil)
			for i := range names {
				l.Subscribe(c[0], &names[i], n(3), price)
			}
			return nil
		}
	}
	one := func() []*ledger.Class { return []*ledger.Class{class("x", 0, 5, in("h*2", 4), in("h/b", 2))} }
	run(t, []operation{
		{"paid", one(), subscribe(eur(7)), []string{ // 4 and 2 give 2 and 1; own votes stay with the old shares
			"create x/ordinary  -> h: 2 [2024 2@7]",
			"pay h -> x 14 EUR",
			"create x/ordinary  -> h/b: 1 [2024 1@7]",
			"pay b -> x 7 EUR",
			"create x/ordinary  -> float:x: 3",
			"pay float:x -> x 21 EUR",
			"x/ordinary 0 treasury, 8 float: h 2 [2024 2@7], h*2 4, h/b 3 [2024 1@7]",
		}},
		{"for nothing", one(), subscribe(ledger.Money{}), []string{
			"create x/ordinary  -> h: 2",
			"create x/ordinary  -> h/b: 1",
			"create x/ordinary  -> float:x: 3",
			"x/ordinary 0 treasury, 8 float: h 2, h*2 4, h/b 3",
		}},
	})
}

func TestEarners(t *testing.T) {
	// 2 of h, 4 of k for h, and 3 of k that count twice are 12. So are 8 of the float, and 2 that count
	// twice. The treasury earns nothing.
	got := ledger.Earners([]*ledger.Class{class("x", 9, 8, in("h", 2), in("k/h", 4)), preferred(class("x", 0, 2, in("k", 3)))})
	require.Equal(t, []ledger.Share{
		{Party: "h", Part: ratio.Of(1, 4)}, {Party: "k", Part: ratio.Of(1, 4)}, {Party: "float:x", Part: ratio.Of(1, 2)},
	}, got)
}
