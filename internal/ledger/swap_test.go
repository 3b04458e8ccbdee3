package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
)

func TestGiveFor(t *testing.T) {
	toK := ledger.Target{Holder: "k", Beneficiary: "k", Voter: "k"}
	// swap gives shares of names of the first class for shares of the second. An empty payer means new
	// shares.
	swap := func(payer string, to ledger.Target, t ledger.Terms, shares int64, names ...string) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) (err error) {
			w := &ledger.Swap{To: to, For: c[1], Terms: t, Supply: ledger.NewShares(c[1])}
			if payer != "" {
				if w.Supply, err = c[1].Source(payer, payer); err != nil {
					return err
				}
			}
			w.Payer = w.Supply.Beneficiary
			before := *w
			for _, name := range names {
				for _, x := range ledger.Names(c[:1], nil) {
					if x.ID == name {
						if err := l.GiveFor(c[0], &x, n(shares), w); err != nil {
							return err
						}
					}
				}
			}
			if before.Supply != w.Supply || before.Payer != w.Payer {
				panic("the swap has changed")
			}
			return nil
		}
	}
	two := func() []*ledger.Class {
		return []*ledger.Class{class("x", 0, 5, in("h*2", 7, lot(2020, 7, 2)), in("y", 2, lot(2019, 2, 1))), class("y", 4, 0, in("k", 10, lot(2018, 10, 7)))}
	}
	run(t, []operation{
		// h gives 6, which cost 12, for 3. k gave 21 for these 3: that is the cost of the 6 that it gets.
		{"shares that the buyer holds", two(), swap("k", toK, terms(1, 2, ledger.Keep), 6, "h"), []string{
			"move y/ordinary k -> h: 3 [2020 3@4]",
			"move x/ordinary h -> k: 6 [2018 6@3.5]",
			"x/ordinary 0 treasury, 5 float: h*2 1 [2020 1@2], k 6 [2018 6@3.5], y 2 [2019 2@1]",
			"y/ordinary 4 treasury, 0 float: h 3 [2020 3@4], k 7 [2018 7@7]",
		}},
		{"new shares, a fraction dropped", two(), swap("", toK, terms(1, 2, ledger.Down), 7, "h"), []string{ // 14 over 3
			"create y/ordinary  -> h: 3 [2020 3@14/3]",
			"move x/ordinary h -> k: 7",
			"fraction h y/ordinary 3.5 -> 3",
			"x/ordinary 0 treasury, 5 float: k 7, y 2 [2019 2@1]",
			"y/ordinary 4 treasury, 0 float: h 3 [2020 3@14/3], k 10 [2018 10@7]",
		}},
		{"new shares, a fraction paid", two(), swap("", toK, terms(1, 2, ledger.Cash), 7, "h"), []string{ // 3.5 at 4, of which 0.5 are sold
			"pay y -> h 5 EUR",
			"create y/ordinary  -> h: 3 [2020 3@4]",
			"move x/ordinary h -> k: 7",
			"gain h y 2020 0.5: 5 EUR - 2 EUR",
			"fraction h y/ordinary 3.5 -> 3",
			"x/ordinary 0 treasury, 5 float: k 7, y 2 [2019 2@1]",
			"y/ordinary 4 treasury, 0 float: h 3 [2020 3@4], k 10 [2018 10@7]",
		}},
		{"nothing is due", two(), swap("k", toK, terms(1, 9, ledger.Down), 7, "h"), []string{
			"move x/ordinary h -> k: 7",
			"dropped h x 2020 7: 14 EUR",
			"fraction h y/ordinary 7/9 -> 0",
			"x/ordinary 0 treasury, 5 float: k 7, y 2 [2019 2@1]",
			"y/ordinary 4 treasury, 0 float: k 10 [2018 10@7]",
		}},
		{"the float gives", two(), swap("", toK, terms(1, 2, ledger.Cash), 5, "float:x"), []string{
			"pay y -> float:x 5 EUR",
			"create y/ordinary  -> float:y: 2",
			"move x/ordinary float:x -> k: 5",
			"fraction float:x y/ordinary 2.5 -> 2",
			"x/ordinary 0 treasury, 0 float: h*2 7 [2020 7@2], k 5, y 2 [2019 2@1]",
			"y/ordinary 4 treasury, 2 float: k 10 [2018 10@7]",
		}},
		// 6 are due 1.5, which is 1: 2/3 for h and 1/3 for b. The costs of 4*2 and 2*5 are over these.
		{"one name for two", []*ledger.Class{class("x", 0, 0, in("h", 4, lot(2020, 4, 2)), in("h/b", 2, lot(2021, 2, 5))), class("y", 0, 0)},
			swap("", toK, terms(1, 4, ledger.Down), 6, "h"), []string{
				"create y/ordinary  -> h: 2/3 [2020 2/3@12]",
				"move x/ordinary h -> k: 4",
				"create y/ordinary  -> h/b: 1/3 [2021 1/3@30]",
				"move x/ordinary h/b -> k: 2",
				"fraction h y/ordinary 1.5 -> 1",
				"x/ordinary 0 treasury, 0 float: k 6",
				"y/ordinary 0 treasury, 0 float: h 2/3 [2020 2/3@12], h/b 1/3 [2021 1/3@30]",
			}},
		// 2 of h and 4 of h^v are one pool. k paid 3 at 7 = 21 for 6: 3.5 each.
		{"two accounts of one owner", []*ledger.Class{class("x", 0, 0, in("h", 2, lot(2020, 2, 3)), in("h^v", 4, lot(2021, 4, 1))), class("y", 0, 0, in("k", 10, lot(2018, 10, 7)))},
			swap("k", toK, terms(1, 2, ledger.Keep), 6, "h"), []string{
				"move y/ordinary k -> h: 1 [2020 1@6]",
				"move y/ordinary k -> h^v: 2 [2021 2@2]",
				"move x/ordinary h -> k: 2 [2018 2@3.5]",
				"move x/ordinary h^v -> k: 4 [2018 4@3.5]",
				"x/ordinary 0 treasury, 0 float: k 6 [2018 6@3.5]",
				"y/ordinary 0 treasury, 0 float: h 1 [2020 1@6], h^v 2 [2021 2@2], k 7 [2018 7@7]",
			}},
		// The treasury has no lots: the 21 that 3 shares of y cost are dropped.
		{"the issuer buys back", []*ledger.Class{class("x", 0, 0, in("h", 7, lot(2020, 7, 2))), class("y", 0, 0, in("x", 10, lot(2018, 10, 7)))},
			swap("x", ledger.Target{Treasury: true}, terms(1, 2, ledger.Keep), 6, "h"), []string{
				"move y/ordinary x -> h: 3 [2020 3@4]",
				"move x/ordinary h -> x: 6",
				"dropped x y 2018 3: 21 EUR",
				"x/ordinary 6 treasury, 0 float: h 1 [2020 1@2]",
				"y/ordinary 0 treasury, 0 float: h 3 [2020 3@4], x 7 [2018 7@7]",
			}},
		{"and cancels", []*ledger.Class{class("x", 0, 0, in("h", 6)), class("y", 3, 0)}, swap("y", ledger.Target{Gone: true}, terms(1, 2, ledger.Keep), 6, "h"), []string{
			"move y/ordinary y -> h: 3",
			"destroy x/ordinary h -> : 6",
			"x/ordinary 0 treasury, 0 float:",
			"y/ordinary 0 treasury, 0 float: h 3",
		}},
		// y pays itself 4, all of its treasury. They are back there when h is to get 4.
		{"treasury shares that come back pay again", two(), swap("y", toK, terms(2, 1, ledger.Keep), 2, "y", "h"), []string{
			"move y/ordinary y -> y: 4",
			"move x/ordinary y -> k: 2",
			"move y/ordinary y -> h: 4 [2020 4@1]",
			"move x/ordinary h -> k: 2",
			"dropped y y 2019 4: 2 EUR",
			"x/ordinary 0 treasury, 5 float: h*2 5 [2020 5@2], k 4",
			"y/ordinary 0 treasury, 0 float: h 4 [2020 4@1], k 10 [2018 10@7]",
		}},
	})
	for _, tt := range []struct {
		name string
		do   func(*ledger.Ledger, []*ledger.Class) error
		kind error
		text string
	}{
		{"too few to give", swap("", toK, terms(1, 1, ledger.Keep), 8, "h"), ledger.ErrNotEnough, "h has 7 shares of x (ordinary), and 8 are to move"},
		{"too few to pay", swap("y", toK, terms(1, 1, ledger.Keep), 5, "h"), ledger.ErrNotEnough, "y has 4 shares of y (ordinary), and 5 are to move"},
		{"too few to pay a second time", swap("y", toK, terms(1, 1, ledger.Keep), 3, "h", "h"), ledger.ErrNotEnough, "y has 1 shares of y (ordinary), and 3 are to move"},
		{"from itself", swap("", ledger.Target{Holder: "h", Beneficiary: "h"}, terms(1, 1, ledger.Keep), 5, "h"), ledger.ErrRange,
			"5 shares of x (ordinary) in the name of h belong to h, which would buy them from itself"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := two()
			err := tt.do(ledgerOf(c...), c)
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.text)
		})
	}
}
