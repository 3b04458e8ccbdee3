package accounting_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
)

// randomGroup makes a group whose members hold one another at random, the parent too. Each
// member is owned outside for 10% or more.
func randomGroup(rng *rand.Rand) accounting.Group {
	n := 2 + rng.IntN(5)
	g := accounting.Group{Parent: "m0"}
	amount := func() ratio.Ratio { return ratio.Of(int64(rng.IntN(20_000)-5_000), 1+int64(rng.IntN(3))) }
	positive := func() ratio.Ratio { return ratio.Int(int64(rng.IntN(5_000))) }
	name := func(i int) string { return fmt.Sprintf("m%d", i) }
	for i := range n {
		g.Members = append(g.Members, accounting.Member{Name: name(i), Equity: amount(), Profit: amount(), Dividends: positive()})
		left := 90
		for range rng.IntN(4) {
			share := rng.IntN(left + 1)
			if h := rng.IntN(n); h != i {
				left -= share
				g.Holdings = append(g.Holdings, accounting.Holding{Holder: name(h), Issuer: name(i), Share: ratio.Of(int64(share), 100), Carrying: positive(), Acquired: amount()})
			}
		}
		if j := rng.IntN(n); j != i {
			kind := []accounting.DealingKind{accounting.Balance, accounting.UnrealisedProfit}[rng.IntN(2)]
			g.Dealings = append(g.Dealings, accounting.Dealing{Kind: kind, From: name(i), To: name(j), Amount: positive().Add(ratio.Int(1)), Earlier: kind != accounting.Balance && rng.IntN(2) == 0})
		}
	}
	return g
}

// totals solves T = own + C T by Gauss elimination, without the shares of one member.
func totals(g accounting.Group, own []*big.Rat, without string) []*big.Rat {
	n := len(g.Members)
	at := map[string]int{}
	m := make([][]*big.Rat, n)
	for i := range m {
		at[g.Members[i].Name] = i
		m[i] = make([]*big.Rat, n+1)
		for j := range m[i] {
			m[i][j] = new(big.Rat)
		}
		m[i][i].SetInt64(1)
		m[i][n].Set(own[i])
	}
	for _, h := range g.Holdings {
		if h.Issuer != without {
			x := m[at[h.Holder]][at[h.Issuer]]
			x.Sub(x, h.Share.Rat())
		}
	}
	for c := range n {
		p := c + slices.IndexFunc(m[c:], func(row []*big.Rat) bool { return row[c].Sign() != 0 })
		m[c], m[p] = m[p], m[c]
		inv := new(big.Rat).Inv(m[c][c])
		for j := range m[c] {
			m[c][j].Mul(m[c][j], inv)
		}
		for r := range n {
			if f := new(big.Rat).Set(m[r][c]); r != c && f.Sign() != 0 {
				for j := range m[r] {
					m[r][j].Sub(m[r][j], new(big.Rat).Mul(f, m[c][j]))
				}
			}
		}
	}
	out := make([]*big.Rat, n)
	for i := range out {
		out[i] = m[i][n]
	}
	return out
}

func TestAttributionAgainstGaussElimination(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 4))
	mutual := 0
	for range testkit.Cases(2000) {
		g := randomGroup(rng)
		own, amounts := make([]*big.Rat, len(g.Members)), map[string]ratio.Ratio{}
		var whole ratio.Ratio
		for i, m := range g.Members {
			own[i], amounts[m.Name] = m.Profit.Rat(), m.Profit
			whole = whole.Add(m.Profit)
		}
		got, err := accounting.Attribute(t.Context(), g, amounts)
		require.NoError(t, err)
		equal(t, whole, got.Whole)
		for _, x := range []struct {
			division accounting.Division
			totals   []*big.Rat
		}{{got.Simultaneous, totals(g, own, "")}, {got.Treasury, totals(g, own, g.Parent)}} {
			equal(t, whole, x.division.Parent.Add(x.division.NonControlling), "the parts are not the whole")
			var byInterest ratio.Ratio
			for i, p := range x.division.Parts {
				equal(t, ratio.FromRat(x.totals[i]), p.Total)
				byInterest = byInterest.Add(p.Interest.Mul(p.Own))
			}
			equal(t, x.division.Parent, byInterest)
		}
		// A parent's share is worth the same by both methods, once loops are counted.
		unit := make([]*big.Rat, len(own))
		for i := range unit {
			unit[i] = new(big.Rat)
		}
		unit[0].SetInt64(1)
		multiplier := ratio.FromRat(totals(g, unit, "")[0])
		equal(t, got.Simultaneous.Parts[0].Total, got.Treasury.Parts[0].Total.Mul(multiplier))
		if got.Mutual {
			mutual++
		} else {
			equal(t, got.Simultaneous.Parent, got.Treasury.Parent)
		}
	}
	require.Positive(t, mutual)
}

// Every entry balances, and the equity that is left is what the parent's owners have.
func TestEliminationsBalance(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 5))
	for i := range testkit.Cases(2000) {
		g := randomGroup(rng)
		method := []accounting.Method{accounting.SimultaneousEquations, accounting.TreasuryStock}[i%2]
		c, err := accounting.Consolidate(t.Context(), g, accounting.ConsolidateOptions{Method: method})
		require.NoError(t, err)
		accounts := map[accounting.Account]ratio.Ratio{} // debits less credits
		for _, e := range c.Entries {
			var sum ratio.Ratio
			require.NotEmpty(t, e.Because)
			for _, l := range e.Lines {
				require.NotEqual(t, l.Debit.IsZero(), l.Credit.IsZero())
				require.False(t, l.Debit.Sign() < 0 || l.Credit.Sign() < 0)
				sum = sum.Add(l.Debit).Sub(l.Credit)
				accounts[l.Account] = accounts[l.Account].Add(l.Debit).Sub(l.Credit)
			}
			require.True(t, sum.IsZero(), "%v", e)
		}
		var equity, carried ratio.Ratio
		for _, m := range g.Members {
			equity = equity.Add(m.Equity)
		}
		for _, h := range g.Holdings {
			carried = carried.Add(h.Carrying)
		}
		division := c.Equity.Of(method)
		for _, a := range []accounting.Account{accounting.AccountEquity, accounting.AccountRetainedEarnings, accounting.AccountTreasuryShares, accounting.AccountProfit, accounting.AccountProfitAttributed} {
			equity = equity.Sub(accounts[a])
		}
		equal(t, division.Parent, equity, "equity after elimination")
		equal(t, division.NonControlling, accounts[accounting.AccountNonControlling].Neg())
		equal(t, c.Goodwill, accounts[accounting.AccountGoodwill])
		equal(t, carried.Neg(), accounts[accounting.AccountInvestment], "investments are gone")
		equal(t, c.Profit.Of(method).NonControlling, accounts[accounting.AccountProfitAttributed].Neg())
	}
}

// randomEvents makes events that a position can have.
func randomEvents(rng *rand.Rand, p accounting.Position) []accounting.Event {
	kinds := []accounting.EventKind{accounting.Purchase, accounting.Profit, accounting.OtherIncome, accounting.EquityChange, accounting.Dividend,
		accounting.Disposal, accounting.Issue, accounting.Buyback, accounting.Impairment, accounting.Reversal}
	var out []accounting.Event
	for range rng.IntN(12) {
		e := accounting.Event{Kind: kinds[rng.IntN(len(kinds))], Amount: ratio.Int(int64(rng.IntN(3000)))}
		switch e.Kind {
		case accounting.Profit, accounting.OtherIncome, accounting.EquityChange:
			e.Amount, e.Own = e.Amount.Sub(ratio.Int(2000)), rng.IntN(2) == 0
		case accounting.Purchase, accounting.Disposal, accounting.Issue, accounting.Buyback:
			e.Shares = ratio.Int(1 + int64(rng.IntN(5)))
			if e.Kind == accounting.Issue {
				e.Taken = e.Shares.Mul(ratio.Of(int64(rng.IntN(3)), 2))
			}
			if e.Kind == accounting.Buyback && rng.IntN(2) == 0 {
				e.NetAssets = ratio.Int(int64(rng.IntN(5000)))
			}
		}
		out = append(out, e)
	}
	return out
}

func TestMovementsBalance(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 6))
	fine, kinds := 0, map[accounting.EventKind]int{}
	for range testkit.Cases(20_000) {
		start := accounting.Position{Shares: ratio.Int(int64(5 + rng.IntN(40))), Outstanding: ratio.Int(100), Carrying: ratio.Int(int64(rng.IntN(2000))), OtherIncome: ratio.Int(int64(rng.IntN(200) - 100))}
		events := randomEvents(rng, start)
		r, err := accounting.RollForward(t.Context(), start, events)
		if err != nil {
			continue // such as an impairment of more than the carrying amount
		}
		fine++
		for _, m := range r.Movements {
			kinds[m.Event.Kind]++
			equal(t, m.Change.Add(m.Cash), m.Profit.Add(m.OtherIncome).Add(m.Equity), m)
			equal(t, m.Closing, m.Opening.Add(m.Change))
			require.GreaterOrEqual(t, m.Closing.Sign(), 0)
			require.NotEmpty(t, m.Because)
		}
		equal(t, r.Closing.Carrying.Sub(start.Carrying).Add(r.Total.Cash), r.Total.Profit.Add(r.Total.OtherIncome).Add(r.Total.Equity))
		require.False(t, r.Closing.Outstanding.Less(r.Closing.Shares))
		require.GreaterOrEqual(t, r.Closing.Unrecognised.Sign(), 0)
		// The history in two parts is the history in one.
		cut := rng.IntN(len(events) + 1)
		first, err := accounting.RollForward(t.Context(), start, events[:cut])
		require.NoError(t, err)
		second, err := accounting.RollForward(t.Context(), first.Closing, events[cut:])
		require.NoError(t, err)
		require.Equal(t, r.Movements, append(first.Movements, second.Movements...))
		// When all is sold, the carrying amount and all that belongs to it are gone, and
		// all other income has gone to profit.
		if !r.Closing.Shares.IsZero() {
			sold, err := accounting.RollForward(t.Context(), r.Closing, []accounting.Event{{Kind: accounting.Disposal, Shares: r.Closing.Shares, Amount: ratio.Int(1)}})
			require.NoError(t, err)
			equal(t, ratio.Ratio{}, sold.Closing.Carrying)
			equal(t, ratio.Ratio{}, sold.Closing.OtherIncome)
			equal(t, ratio.Int(1).Sub(r.Closing.Carrying).Add(r.Closing.OtherIncome), sold.Total.Profit)
		}
	}
	require.Positive(t, fine)
	require.Len(t, kinds, 10)
}

// An investor that holds exactly its part of net assets still does after an issue to others.
func TestAnIssueKeepsThePartOfNetAssets(t *testing.T) {
	net, in := ratio.Int(1000), ratio.Int(600)
	start := accounting.Position{Shares: ratio.Int(40), Outstanding: ratio.Int(100), Carrying: ratio.Int(400)}
	for _, taken := range []int64{0, 5, 20} {
		r, err := accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.Issue, Shares: ratio.Int(50), Taken: ratio.Int(taken), Amount: in}})
		require.NoError(t, err)
		equal(t, r.Closing.Interest().Mul(net.Add(in)), r.Closing.Carrying, taken)
	}
	// Its part of what others bring, 26.67% of 600 = 160, less a third of 400.
	r, err := accounting.RollForward(t.Context(), start, []accounting.Event{{Kind: accounting.Issue, Shares: ratio.Int(50), Amount: in}})
	require.NoError(t, err)
	equal(t, ratio.Of(80, 3), r.Total.Profit)
}

// Losses beyond the carrying amount wait, and later profits make up for them first.
func TestLossesBeyondTheCarryingAmount(t *testing.T) {
	n := ratio.Int
	start := accounting.Position{Shares: n(25), Outstanding: n(100), Carrying: n(100)}
	r, err := accounting.RollForward(t.Context(), start, []accounting.Event{
		{Kind: accounting.Profit, Amount: n(-1000)}, {Kind: accounting.Profit, Amount: n(400)}, {Kind: accounting.Profit, Amount: n(400)}})
	require.NoError(t, err)
	for i, want := range []struct{ profit, closing int64 }{{-100, 0}, {0, 0}, {50, 50}} {
		equal(t, n(want.profit), r.Movements[i].Profit)
		equal(t, n(want.closing), r.Movements[i].Closing)
	}
	require.Equal(t, "25% of the investee's profit of -1000 is -250; -100 of it counts, and losses of 150 are unrecognised then", r.Movements[0].Because)
	equal(t, ratio.Ratio{}, r.Closing.Unrecognised)
}
