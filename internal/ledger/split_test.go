package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// terms returns terms under which x pays 10 EUR for a share.
func terms(shares, each int64, f ledger.Fractions) ledger.Terms {
	return ledger.Terms{Ratio: ratio.Of(shares, each), Fractions: f, Price: eur(10), Payer: "x"}
}

func TestExchange(t *testing.T) {
	seven := func() []*ledger.Class { return []*ledger.Class{class("x", 5, 11, in("h", 7, lot(2020, 7, 3)))} }
	split := func(t ledger.Terms) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error { return l.Split(c[0], t) }
	}
	exchange := func(t ledger.Terms) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error { return l.Exchange(c[0], c[1], t) }
	}
	run(t, []operation{
		{"two for one", seven(), split(terms(2, 1, ledger.Keep)), []string{ // 7 at 3 are 14 at 1.5
			"transform x/ordinary h 7 -> x/ordinary h 14 [2020 14@1.5]",
			"transform x/ordinary float:x 11 -> x/ordinary float:x 22",
			"transform x/ordinary x 5 -> x/ordinary x 10",
			"x/ordinary 10 treasury, 22 float: h 14 [2020 14@1.5]",
		}},
		{"one for two, fractions dropped", seven(), split(terms(1, 2, ledger.Down)), []string{ // 3.5, 5.5 and 2.5; the cost of 21 stays
			"transform x/ordinary h 7 -> x/ordinary h 3 [2020 3@7]",
			"transform x/ordinary float:x 11 -> x/ordinary float:x 5",
			"transform x/ordinary x 5 -> x/ordinary x 2",
			"fraction h x/ordinary 3.5 -> 3",
			"fraction float:x x/ordinary 5.5 -> 5",
			"fraction x x/ordinary 2.5 -> 2",
			"x/ordinary 2 treasury, 5 float: h 3 [2020 3@7]",
		}},
		{"one for two, fractions made whole", seven(), split(terms(1, 2, ledger.Up)), []string{ // 21 / 4
			"transform x/ordinary h 7 -> x/ordinary h 4 [2020 4@5.25]",
			"transform x/ordinary float:x 11 -> x/ordinary float:x 6",
			"transform x/ordinary x 5 -> x/ordinary x 3",
			"fraction h x/ordinary 3.5 -> 4",
			"fraction float:x x/ordinary 5.5 -> 6",
			"fraction x x/ordinary 2.5 -> 3",
			"x/ordinary 3 treasury, 6 float: h 4 [2020 4@5.25]",
		}},
		{"one for two, fractions paid", seven(), split(terms(1, 2, ledger.Cash)), []string{ // 3.5 at 6, of which 0.5 are sold at 10; the treasury is not paid
			"pay x -> h 5 EUR",
			"transform x/ordinary h 7 -> x/ordinary h 3 [2020 3@6]",
			"transform x/ordinary float:x 11 -> x/ordinary float:x 5",
			"pay x -> float:x 5 EUR",
			"transform x/ordinary x 5 -> x/ordinary x 2",
			"gain h x 2020 0.5: 5 EUR - 3 EUR",
			"fraction h x/ordinary 3.5 -> 3",
			"fraction float:x x/ordinary 5.5 -> 5",
			"fraction x x/ordinary 2.5 -> 2",
			"x/ordinary 2 treasury, 5 float: h 3 [2020 3@6]",
		}},
		{"one for ten leaves nothing", seven(), split(terms(1, 10, ledger.Down)), []string{
			"destroy x/ordinary h -> : 7",
			"transform x/ordinary float:x 11 -> x/ordinary float:x 1",
			"destroy x/ordinary x -> : 5",
			"dropped h x 2020 7: 21 EUR",
			"fraction h x/ordinary 0.7 -> 0",
			"fraction float:x x/ordinary 1.1 -> 1",
			"fraction x x/ordinary 0.5 -> 0",
			"x/ordinary 0 treasury, 1 float:",
		}},
		// 7 in the name of h give 3.5. Of the 0.5, h has 5/7 and b has 2/7. They keep 6/7 of 2.5 at 8 and
		// of 1 at 6.
		{"one name for two", []*ledger.Class{class("x", 0, 0, in("h", 5, lot(2021, 5, 4)), in("h/b", 2, lot(2020, 2, 3)))},
			split(terms(1, 2, ledger.Cash)), []string{
				"pay x -> h 25/7 EUR",
				"pay x -> b 10/7 EUR",
				"transform x/ordinary h 5 -> x/ordinary h 15/7 [2021 15/7@8]",
				"transform x/ordinary h/b 2 -> x/ordinary h/b 6/7 [2020 6/7@6]",
				"gain h x 2021 5/14: 25/7 EUR - 20/7 EUR",
				"gain b x 2020 1/7: 10/7 EUR - 6/7 EUR",
				"fraction h x/ordinary 3.5 -> 3",
				"x/ordinary 0 treasury, 0 float: h 15/7 [2021 15/7@8], h/b 6/7 [2020 6/7@6]",
			}},
		// Own votes are those of the old class. What y would have in itself is its treasury, whose cost is
		// dropped: 1 share at 2.
		{"into shares of another company", []*ledger.Class{class("x", 5, 0, in("h*2", 6, lot(2020, 6, 3)), in("y", 2, lot(2021, 2, 1))), class("y", 0, 10)},
			exchange(terms(1, 2, ledger.Keep)), []string{
				"transform x/ordinary h 6 -> y/ordinary h 3 [2020 3@6]",
				"transform x/ordinary y 2 -> y/ordinary y 1",
				"destroy x/ordinary x -> : 5",
				"dropped y x 2021 1: 2 EUR",
				"x/ordinary 0 treasury, 0 float:",
				"y/ordinary 1 treasury, 10 float: h 3 [2020 3@6]",
			}},
		{"into another class", []*ledger.Class{class("x", 4, 0, in("h*2", 6)), preferred(class("x", 1, 0))}, exchange(terms(1, 2, ledger.Keep)), []string{
			"transform x/ordinary h 6 -> x/preferred h 3",
			"transform x/ordinary x 4 -> x/preferred x 2",
			"x/ordinary 0 treasury, 0 float:",
			"x/preferred 3 treasury, 0 float: h 3",
		}},
		{"a split keeps votes", []*ledger.Class{class("x", 0, 0, in("h*2", 6))}, split(terms(1, 2, ledger.Keep)), []string{
			"transform x/ordinary h 6 -> x/ordinary h 3",
			"x/ordinary 0 treasury, 0 float: h*2 3",
		}},
	})
	c := class("x", 0, 0, in("h", 3))
	l := ledgerOf(c)
	l.Begin()
	average := terms(1, 2, ledger.Cash)
	average.How.Method = ledger.Average
	err := l.Split(c, average)
	require.ErrorIs(t, err, ledger.ErrNoCost)
	require.ErrorContains(t, err, "h in x: average cost: 1.5 of 1.5 shares")
}

func TestBonus(t *testing.T) {
	bonus := func(t ledger.Terms) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error { return l.Bonus(c[0], t) }
	}
	seven := func() []*ledger.Class { return []*ledger.Class{class("x", 5, 11, in("h", 7, lot(2020, 7, 3)))} }
	run(t, []operation{
		{"one for two, fractions dropped", seven(), bonus(terms(1, 2, ledger.Down)), []string{ // 21 over 10 shares
			"create x/ordinary  -> h: 3 [2020 10@2.1]",
			"create x/ordinary  -> float:x: 5",
			"fraction h x/ordinary 3.5 -> 3",
			"fraction float:x x/ordinary 5.5 -> 5",
			"x/ordinary 5 treasury, 16 float: h 10 [2020 10@2.1]",
		}},
		{"one for two, fractions paid", seven(), bonus(terms(1, 2, ledger.Cash)), []string{ // 21 over 10.5 shares
			"pay x -> h 5 EUR",
			"create x/ordinary  -> h: 3 [2020 10@2]",
			"create x/ordinary  -> float:x: 5",
			"pay x -> float:x 5 EUR",
			"gain h x 2020 0.5: 5 EUR - 1 EUR",
			"fraction h x/ordinary 3.5 -> 3",
			"fraction float:x x/ordinary 5.5 -> 5",
			"x/ordinary 5 treasury, 16 float: h 10 [2020 10@2]",
		}},
		// 7 shares give 0.5. It is sold out of the older lot, of 15/14 at 14/15, of which 8/14 are left: less
		// than there was. The other account has 6 * 15/14 = 45/7 at 28/15.
		{"a fraction out of one of two accounts", []*ledger.Class{class("x", 0, 0, in("h", 1, lot(2019, 1, 1)), in("h^v", 6, lot(2021, 6, 2)))},
			bonus(terms(1, 14, ledger.Cash)), []string{
				"pay x -> h 5 EUR",
				"destroy x/ordinary h -> : 3/7",
				"create x/ordinary  -> h^v: 3/7 [2021 45/7@28/15]",
				"gain h x 2019 0.5: 5 EUR - 7/15 EUR",
				"fraction h x/ordinary 0.5 -> 0",
				"x/ordinary 0 treasury, 0 float: h 4/7 [2019 4/7@14/15], h^v 45/7 [2021 45/7@28/15]",
			}},
	})
}

func TestConvert(t *testing.T) {
	two := func() []*ledger.Class {
		return []*ledger.Class{class("x", 5, 5, in("h*2", 7, lot(2020, 3, 2), lot(2021, 4, 5))), preferred(class("x", 0, 0))}
	}
	convert := func(name string, shares int64, t ledger.Terms) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error {
			from, err := c[0].Source(name, "")
			if err != nil {
				return err
			}
			return l.Convert(c[0], c[1], from, n(shares), t)
		}
	}
	lifo := terms(1, 2, ledger.Cash)
	lifo.How.Method = ledger.LIFO
	run(t, []operation{
		{"five of a holder, fractions dropped", two(), convert("h", 5, terms(1, 2, ledger.Down)), []string{ // 3 at 2 and 2 at 5, times 2/5
			"transform x/ordinary h 5 -> x/preferred h 2 [2020 1.2@5, 2021 0.8@12.5]",
			"fraction h x/preferred 2.5 -> 2",
			"x/ordinary 5 treasury, 5 float: h*2 2 [2021 2@5]",
			"x/preferred 0 treasury, 0 float: h 2 [2020 1.2@5, 2021 0.8@12.5]",
		}},
		{"fractions paid", two(), convert("h", 5, terms(1, 2, ledger.Cash)), []string{ // 1.5 at 4, of which 0.5 are sold, and 1 at 10
			"pay x -> h 5 EUR",
			"transform x/ordinary h 5 -> x/preferred h 2 [2020 1@4, 2021 1@10]",
			"gain h x 2020 0.5: 5 EUR - 2 EUR",
			"fraction h x/preferred 2.5 -> 2",
			"x/ordinary 5 treasury, 5 float: h*2 2 [2021 2@5]",
			"x/preferred 0 treasury, 0 float: h 2 [2020 1@4, 2021 1@10]",
		}},
		{"the last lots first", two(), convert("h", 5, lifo), []string{ // 4 at 5 and 1 at 2; of 2 at 10, 0.5 are sold
			"pay x -> h 5 EUR",
			"transform x/ordinary h 5 -> x/preferred h 2 [2020 0.5@4, 2021 1.5@10]",
			"gain h x 2021 0.5: 5 EUR - 5 EUR",
			"fraction h x/preferred 2.5 -> 2",
			"x/ordinary 5 treasury, 5 float: h*2 2 [2020 2@2]",
			"x/preferred 0 treasury, 0 float: h 2 [2020 0.5@4, 2021 1.5@10]",
		}},
		{"too few for a share", two(), convert("h", 1, terms(1, 2, ledger.Down)), []string{
			"destroy x/ordinary h -> : 1",
			"dropped h x 2020 1: 2 EUR",
			"fraction h x/preferred 0.5 -> 0",
			"x/ordinary 5 treasury, 5 float: h*2 6 [2020 2@2, 2021 4@5]",
			"x/preferred 0 treasury, 0 float:",
		}},
		{"of the float", two(), convert("float:x", 5, terms(1, 2, ledger.Cash)), []string{
			"pay x -> float:x 5 EUR",
			"transform x/ordinary float:x 5 -> x/preferred float:x 2",
			"fraction float:x x/preferred 2.5 -> 2",
			"x/ordinary 5 treasury, 0 float: h*2 7 [2020 3@2, 2021 4@5]",
			"x/preferred 0 treasury, 2 float:",
		}},
		{"of the treasury", two(), convert("x", 4, terms(1, 2, ledger.Down)), []string{
			"transform x/ordinary x 4 -> x/preferred x 2",
			"x/ordinary 1 treasury, 5 float: h*2 7 [2020 3@2, 2021 4@5]",
			"x/preferred 2 treasury, 0 float:",
		}},
	})
	c := two()
	l := ledgerOf(c...)
	err := convert("h", 8, terms(1, 2, ledger.Down))(l, c)
	require.ErrorIs(t, err, ledger.ErrNotEnough)
	require.ErrorContains(t, err, "h has 7 shares of x (ordinary), and 8 are to move, 1 too many")
}
