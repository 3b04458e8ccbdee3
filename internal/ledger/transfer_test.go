package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/ledger"
)

func TestTransfer(t *testing.T) {
	// give transfers 4 shares of h for b, of which h has 6 that v votes, in the way of a transfer.
	give := func(name string, w ledger.Transfer) func(*ledger.Ledger, []*ledger.Class) error {
		return func(l *ledger.Ledger, c []*ledger.Class) (err error) {
			if w.Shares = n(4); name == "" {
				w.From = ledger.NewShares(c[0])
			} else if w.From, err = c[0].Source(name, ""); err != nil {
				return err
			}
			return l.Transfer(c[0], w)
		}
	}
	one := func() []*ledger.Class { return []*ledger.Class{class("x", 5, 11, in("h/b^v*2", 6, lot(2020, 6, 3)))} }
	run(t, []operation{
		{"to another name", one(), give("h", ledger.Transfer{To: ledger.Target{Holder: "k"}}), []string{ // beneficiary, voter and cost stay
			"move x/ordinary h/b^v -> k/b^v: 4 [2020 4@3]",
			"x/ordinary 5 treasury, 11 float: h/b^v*2 2 [2020 2@3], k/b^v 4 [2020 4@3]",
		}},
		{"to another voter, with votes", one(), give("h", ledger.Transfer{To: ledger.Target{Voter: "h", KeepVotes: true}}), []string{
			"move x/ordinary h/b^v -> h/b: 4 [2020 4@3]",
			"x/ordinary 5 treasury, 11 float: h/b*2 4 [2020 4@3], h/b^v*2 2 [2020 2@3]",
		}},
		{"with other votes", one(), give("h", ledger.Transfer{To: ledger.Target{KeepVotes: true, Votes: ledger.Votes{VotesText: "3", Number: n(3)}}}), []string{
			"move x/ordinary h/b^v -> h/b^v: 4 [2020 4@3]",
			"x/ordinary 5 treasury, 11 float: h/b^v*2 2 [2020 2@3], h/b^v*3 4 [2020 4@3]",
		}},
		{"to the float", one(), give("h", ledger.Transfer{To: ledger.Target{Float: true}}), []string{
			"move x/ordinary h/b^v -> float:x: 4",
			"dropped b x 2020 4: 12 EUR",
			"x/ordinary 5 treasury, 15 float: h/b^v*2 2 [2020 2@3]",
		}},
		{"bought back", one(), give("h", ledger.Transfer{To: ledger.Target{Treasury: true}, Price: eur(10), Payer: "x"}), []string{
			"move x/ordinary h/b^v -> x: 4",
			"pay x -> b 40 EUR",
			"gain b x 2020 4: 40 EUR - 12 EUR",
			"x/ordinary 9 treasury, 11 float: h/b^v*2 2 [2020 2@3]",
		}},
		{"cancelled", one(), give("h", ledger.Transfer{To: ledger.Target{Gone: true}}), []string{
			"destroy x/ordinary h/b^v -> : 4",
			"dropped b x 2020 4: 12 EUR",
			"x/ordinary 5 treasury, 11 float: h/b^v*2 2 [2020 2@3]",
		}},
		{"out of the float", one(), give("float:x", ledger.Transfer{To: ledger.Target{Holder: "k", Beneficiary: "k"}, Price: eur(10), Payer: "k"}), []string{
			"move x/ordinary float:x -> k: 4 [2024 4@10]",
			"pay k -> float:x 40 EUR",
			"x/ordinary 5 treasury, 7 float: h/b^v*2 6 [2020 6@3], k 4 [2024 4@10]",
		}},
		{"out of the treasury", one(), give("x", ledger.Transfer{To: ledger.Target{Holder: "k", Beneficiary: "k"}}), []string{
			"move x/ordinary x -> k: 4",
			"x/ordinary 1 treasury, 11 float: h/b^v*2 6 [2020 6@3], k 4",
		}},
		{"new, not paid in cash", one(), give("", ledger.Transfer{To: ledger.Target{Holder: "k", Beneficiary: "k"}, Cost: eur(20)}), []string{
			"create x/ordinary  -> k: 4 [2024 4@5]",
			"x/ordinary 5 treasury, 11 float: h/b^v*2 6 [2020 6@3], k 4 [2024 4@5]",
		}},
		// Of 6 in the name of h, 3 are its own and 3 are for b: 2 each of 4. What h votes for b goes first.
		{"of all beneficiaries of a name", []*ledger.Class{class("x", 0, 0, in("h", 3), in("h/b", 1), in("h/b^v", 2))}, func(l *ledger.Ledger, c []*ledger.Class) error {
			return l.Give(c[0], &ledger.Names(c, nil)[0], n(4), ledger.Transfer{To: ledger.Target{Holder: "k", Beneficiary: "k", Voter: "k"}, Price: eur(1), Payer: "k"})
		}, []string{
			"move x/ordinary h -> k: 2 [2024 2@1]",
			"pay k -> h 2 EUR",
			"move x/ordinary h/b -> k: 1 [2024 1@1]",
			"move x/ordinary h/b^v -> k: 1 [2024 1@1]",
			"pay k -> b 2 EUR",
			"gain h x  2: 2 EUR - 0",
			"gain b x  1: 1 EUR - 0",
			"gain b x  1: 1 EUR - 0",
			"x/ordinary 0 treasury, 0 float: h 1, h/b^v 1, k 4 [2024 4@1]",
		}},
		{"without one beneficiary", []*ledger.Class{class("x", 0, 0, in("h", 3), in("h/b", 1))}, func(l *ledger.Ledger, c []*ledger.Class) error {
			name := ledger.Names(c, nil)[0]
			name = name.Without("h")
			return l.Give(c[0], &name, name.Due, ledger.Transfer{To: ledger.Target{Treasury: true}})
		}, []string{
			"move x/ordinary h/b -> x: 1",
			"x/ordinary 1 treasury, 0 float: h 3",
		}},
		{"one account as a name", one(), func(l *ledger.Ledger, c []*ledger.Class) error {
			for _, id := range []string{"h", "float:x"} {
				from, err := c[0].Source(id, "")
				if err != nil {
					return err
				}
				name := from.One(c[0])
				require.Equal(t, id == "float:x", name.Float)
				if err := l.Give(c[0], &name, n(2), ledger.Transfer{To: ledger.Target{Gone: true}}); err != nil {
					return err
				}
			}
			return nil
		}, []string{
			"destroy x/ordinary h/b^v -> : 2",
			"destroy x/ordinary float:x -> : 2",
			"dropped b x 2020 2: 6 EUR",
			"x/ordinary 5 treasury, 9 float: h/b^v*2 4 [2020 4@3]",
		}},
	})
	c := one()
	err := give("h", ledger.Transfer{To: ledger.Target{Holder: "k"}, Price: eur(1), Payer: "b"})(ledgerOf(c...), c)
	require.ErrorIs(t, err, ledger.ErrRange)
	require.ErrorContains(t, err, "4 shares of x (ordinary) in the name of h belong to b, which would buy them from itself")
}

func TestSource(t *testing.T) {
	c := class("x", 5, 11, in("h", 3), in("h/b", 1), in("h/b^v", 2))
	for _, tt := range []struct {
		name, beneficiary, text     string
		available                   int64
		inName, inFloat, inTreasury bool
	}{
		{"h", "h", "h", 3, true, false, false},
		{"h", "b", "h for b", 3, true, false, false},
		{"float:x", "", "float:x", 11, false, true, false},
		{"x", "", "x", 5, false, false, true},
		{"k", "", "k", 0, true, false, false},
	} {
		s, err := c.Source(tt.name, tt.beneficiary)
		require.NoError(t, err)
		require.Equal(t, tt.text, s.String())
		require.True(t, s.Available.Equal(n(tt.available)), s.Available)
		require.Equal(t, []bool{tt.inName, tt.inFloat, tt.inTreasury}, []bool{s.InName(), s.InFloat(), s.InTreasury()})
	}
	_, err := c.Source("h", "")
	require.ErrorIs(t, err, ledger.ErrMissing)
	require.ErrorContains(t, err, "h holds shares of x for h and for b: whose are these?")
	fresh := ledger.NewShares(c)
	require.False(t, fresh.InName())
	require.True(t, c.For("b").Equal(n(3)))
}

func TestNames(t *testing.T) {
	x, p := class("x", 9, 5, in("k", 3)), preferred(class("x", 0, 0, in("h", 2), in("k/h", 4)))
	var got []string
	for _, n := range ledger.Names([]*ledger.Class{x, p}, ledger.ByWeight) {
		got = append(got, n.ID+" "+n.Due.String())
	}
	require.Equal(t, []string{"h 4", "k 11", "float:x 5"}, got) // 2*2, 3 + 2*4
	p.Dividend = n(0)
	names := ledger.Names([]*ledger.Class{x, p}, ledger.ByWeight)
	require.Len(t, names, 2) // h has nothing that counts
	parts := ledger.Apportion(n(4), names, true)
	require.Equal(t, "2 2", parts[0].String()+" "+parts[1].String()) // 1.5 and 2.5: k comes first
	parts = ledger.Apportion(n(4), names, false)
	require.Equal(t, "1.5 2.5", parts[0].String()+" "+parts[1].String())
}
