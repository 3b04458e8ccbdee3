package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

func TestDeliver(t *testing.T) {
	// deliver gives shares of the last class, which x holds, to the holders of the others.
	deliver := func(cost ratio.Ratio, t ledger.Terms, from ...string) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error {
			asset := c[len(c)-1]
			var sources []ledger.Source
			for _, name := range append(from, "x") {
				s, err := asset.Source(name, "x")
				if err != nil {
					return err
				}
				sources = append(sources, s)
			}
			return l.Deliver(asset, sources, l.Distribution(asset, ledger.Names(c[:len(c)-1], ledger.ByWeight), cost, t))
		}
	}
	two := func() []*ledger.Class {
		return []*ledger.Class{class("x", 2, 3, in("h*2", 8, lot(2020, 8, 5)), in("k", 4)), class("z", 0, 0, in("h", 1), in("x", 10, lot(2015, 10, 2)))}
	}
	run(t, []operation{
		// x gives 4, 2 and 1 of its 10 at 2, and their cost of 14 is dropped. 10 of the 40 that the stake of
		// h cost go with 4 shares, and 30 stay.
		{"a quarter of the cost", two(), deliver(ratio.Of(1, 4), terms(1, 2, ledger.Down)), []string{
			"move z/ordinary x -> h: 4 [2020 4@2.5]",
			"move z/ordinary x -> k: 2",
			"move z/ordinary x -> float:z: 1",
			"dropped x z 2015 7: 14 EUR",
			"fraction float:x z/ordinary 1.5 -> 1",
			"x/ordinary 2 treasury, 3 float: h*2 8 [2020 8@3.75], k 4",
			"z/ordinary 0 treasury, 1 float: h 5 [2020 4@2.5], k 2, x 3 [2015 3@2]",
		}},
		// 8, 4 and 3 give 2 2/3, 1 1/3 and 1. All of the cost of 40 goes with 8/3 at 15, of which 2/3 are sold.
		{"fractions paid", two(), deliver(n(1), terms(1, 3, ledger.Cash)), []string{
			"pay x -> h 20/3 EUR",
			"move z/ordinary x -> h: 2 [2020 2@15]",
			"pay x -> k 10/3 EUR",
			"move z/ordinary x -> k: 1",
			"move z/ordinary x -> float:z: 1",
			"gain h z 2020 2/3: 20/3 EUR - 10 EUR",
			"gain k z  1/3: 10/3 EUR - 0",
			"dropped x z 2015 4: 8 EUR",
			"fraction h z/ordinary 8/3 -> 2",
			"fraction k z/ordinary 4/3 -> 1",
			"x/ordinary 2 treasury, 3 float: h*2 8 [2020 8@0], k 4",
			"z/ordinary 0 treasury, 1 float: h 3 [2020 2@15], k 1, x 6 [2015 6@2]",
		}},
		{"who gets no share keeps the cost", two(), deliver(n(1), terms(1, 9, ledger.Down)), []string{
			"fraction h z/ordinary 8/9 -> 0",
			"fraction k z/ordinary 4/9 -> 0",
			"fraction float:x z/ordinary 1/3 -> 0",
			"x/ordinary 2 treasury, 3 float: h*2 8 [2020 8@5], k 4",
			"z/ordinary 0 treasury, 0 float: h 1, x 10 [2015 10@2]",
		}},
		{"the float is paid", two(), deliver(n(0), terms(1, 4, ledger.Cash)), []string{ // 2, 1 and 0.75
			"move z/ordinary x -> h: 2",
			"move z/ordinary x -> k: 1",
			"pay x -> float:x 7.5 EUR",
			"dropped x z 2015 3: 6 EUR",
			"fraction float:x z/ordinary 0.75 -> 0",
			"x/ordinary 2 treasury, 3 float: h*2 8 [2020 8@5], k 4",
			"z/ordinary 0 treasury, 0 float: h 3, k 1, x 7 [2015 7@2]",
		}},
		// A preferred share counts twice: h has 2 + 2*3 = 8 and gets 4, of which 1 and 3. The costs of 2*4
		// and 3*6 halve: 4 over 1 share, and 9 over 3. z gets its own share back, and its cost of 2 is dropped.
		{"two classes, and two names that give", []*ledger.Class{
			class("x", 0, 0, in("h", 2, lot(2020, 2, 4)), in("z", 2, lot(2021, 2, 2))), preferred(class("x", 0, 0, in("h", 3, lot(2021, 3, 6)))),
			class("z", 0, 0, in("k/x", 2, lot(2014, 2, 1)), in("x", 3)),
		}, deliver(ratio.Of(1, 2), terms(1, 2, ledger.Keep), "k"), []string{
			"move z/ordinary k/x -> h: 1 [2020 1@4]",
			"move z/ordinary k/x -> h: 1 [2021 1@3]",
			"move z/ordinary x -> h: 2 [2021 2@3]",
			"move z/ordinary x -> z: 1",
			"dropped x z 2014 2: 2 EUR",
			"dropped z z 2021 1: 2 EUR",
			"x/ordinary 0 treasury, 0 float: h 2 [2020 2@2], z 2 [2021 2@1]",
			"x/preferred 0 treasury, 0 float: h 3 [2021 3@3]",
			"z/ordinary 1 treasury, 0 float: h 4 [2020 1@4, 2021 3@3]",
		}},
	})
	c := two()
	l := ledgerOf(c...)
	err := deliver(n(0), terms(1, 1, ledger.Keep))(l, c)
	require.ErrorIs(t, err, ledger.ErrNotEnough)
	require.EqualError(t, err, "x holds 10 shares of z (ordinary), and 15 are to be distributed: not enough: 15 of 10: not enough shares")
	specific := terms(1, 3, ledger.Cash)
	specific.How.Method = ledger.HIFO
	c[1].Stakes[1].Lots = []ledger.Lot{lot(2015, 1, 2), {Date: "2016-01-01", Shares: n(1), Price: n(2), Currency: "USD"}}
	require.ErrorContains(t, deliver(n(0), specific)(l, c), "x in z: highest cost: lots in EUR and in USD")
}

func TestCancel(t *testing.T) {
	one := func() []*ledger.Class {
		return []*ledger.Class{class("x", 5, 11, in("h", 7, lot(2020, 4, 3)), in("k/y", 2, lot(2021, 2, 1)))}
	}
	run(t, []operation{
		{"one account", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			l.Cancel(c[0], func(k ledger.Key) bool { return k.Owner() == "y" })
			return nil
		}, []string{
			"destroy x/ordinary k/y -> : 2",
			"dropped y x 2021 2: 2 EUR",
			"x/ordinary 5 treasury, 11 float: h 7 [2020 4@3]",
		}},
		{"the float and the treasury", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			l.Empty(c[0])
			return nil
		}, []string{
			"destroy x/ordinary float:x -> : 11",
			"destroy x/ordinary x -> : 5",
			"x/ordinary 0 treasury, 0 float: h 7 [2020 4@3], k/y 2 [2021 2@1]",
		}},
		{"two treasury shares", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			l.CancelTreasury(c[0], n(2))
			return nil
		}, []string{
			"destroy x/ordinary x -> : 2",
			"x/ordinary 3 treasury, 11 float: h 7 [2020 4@3], k/y 2 [2021 2@1]",
		}},
		// y pays 10 for each share. Of the 7 of h, 4 cost 12, and the cost of 3 is not known.
		{"all are paid for, and the class is removed", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			l.SellOut(c[0], "y", eur(10))
			l.Remove(c[0])
			l.Remove(c[0]) // changes nothing
			require.Empty(t, l.Classes())
			require.Empty(t, l.Of("x"))
			return nil
		}, []string{
			"pay y -> h 70 EUR",
			"pay y -> y 20 EUR",
			"pay y -> float:x 110 EUR",
			"destroy x/ordinary h -> : 7",
			"destroy x/ordinary k/y -> : 2",
			"destroy x/ordinary float:x -> : 11",
			"destroy x/ordinary x -> : 5",
			"gain h x 2020 4: 40 EUR - 12 EUR",
			"gain h x  3: 30 EUR - 0",
			"gain y x 2021 2: 20 EUR - 2 EUR",
			"x/ordinary 0 treasury, 0 float:",
		}},
		{"cost alone", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			l.DropCost(c[0])
			return nil
		}, []string{
			"dropped h x 2020 4: 12 EUR",
			"dropped y x 2021 2: 2 EUR",
			"x/ordinary 5 treasury, 11 float: h 7, k/y 2",
		}},
	})
}
