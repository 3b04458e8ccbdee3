package ledger_test

import (
	"testing"

	"github.com/crossholding/crossholding/internal/ledger"
)

func TestRename(t *testing.T) {
	rename := func(to string, cancel bool) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) error {
			l.Rename(c[0], "t", to, cancel)
			return nil
		}
	}
	one := func() []*ledger.Class {
		return []*ledger.Class{class("x", 1, 0, in("h", 9), in("h^t", 3), in("h/t", 4, lot(2019, 4, 1)), in("t*2", 5, lot(2020, 5, 3)), in("t/h", 2, lot(2021, 2, 1)))}
	}
	run(t, []operation{
		{"all passes on", one(), rename("s", true), []string{
			"move x/ordinary h^t -> h^s: 3",
			"move x/ordinary h/t -> h/s: 4 [2019 4@1]",
			"move x/ordinary t -> s: 5 [2020 5@3]",
			"move x/ordinary t/h -> s/h: 2 [2021 2@1]",
			"x/ordinary 1 treasury, 0 float: h 9, h^s 3, h/s 4 [2019 4@1], s*2 5 [2020 5@3], s/h 2 [2021 2@1]",
		}},
		// What x would have in itself is its treasury. Its own name cannot hold the shares of h.
		{"to the issuer", one(), rename("x", false), []string{
			"move x/ordinary h^t -> h: 3",
			"move x/ordinary h/t -> x: 4",
			"move x/ordinary t -> x: 5",
			"move x/ordinary t/h -> h: 2 [2021 2@1]",
			"dropped t x 2019 4: 4 EUR",
			"dropped t x 2020 5: 15 EUR",
			"x/ordinary 10 treasury, 0 float: h 14 [2021 2@1]",
		}},
		{"to the issuer, which cancels", one(), rename("x", true), []string{
			"move x/ordinary h^t -> h: 3",
			"destroy x/ordinary h/t -> : 4",
			"destroy x/ordinary t -> : 5",
			"move x/ordinary t/h -> h: 2 [2021 2@1]",
			"dropped t x 2019 4: 4 EUR",
			"dropped t x 2020 5: 15 EUR",
			"x/ordinary 1 treasury, 0 float: h 14 [2021 2@1]",
		}},
		{"nothing to pass on", []*ledger.Class{class("x", 0, 0, in("h", 2))}, rename("s", false), []string{"x/ordinary 0 treasury, 0 float: h 2"}},
	})
}

func TestLeave(t *testing.T) {
	leave := func(l *ledger.Ledger, c []*ledger.Class) error {
		l.Leave(c[0], "t")
		return nil
	}
	run(t, []operation{
		{"a nominee and a voter", []*ledger.Class{class("x", 0, 0, in("h", 9), in("h^t*2", 3, lot(2020, 3, 4)), in("k", 1), in("t/h", 2, lot(2021, 2, 1)))}, leave, []string{
			"move x/ordinary h^t -> h: 3 [2020 3@4]",
			"move x/ordinary t/h -> h: 2 [2021 2@1]",
			"x/ordinary 0 treasury, 0 float: h 11 [2021 2@1], h*2 3 [2020 3@4], k 1",
		}},
		{"neither", []*ledger.Class{class("x", 0, 0, in("h", 9))}, leave, []string{"x/ordinary 0 treasury, 0 float: h 9"}},
	})
}
