package scenario_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/scenario"
)

// smallLedger is an independent ledger of one company: maps and big.Rat, and no code of the
// library. It knows names, their lots and the cash. Everything is in one currency.
type smallLedger struct {
	issued, treasury *big.Rat
	pos              map[string][]smallLot // by holder, oldest first
	cash, gain       map[string]*big.Rat
	dropped          *big.Rat
	day              int
}

type smallLot struct {
	day  int // 0 for unknown cost
	n    *big.Rat
	cost *big.Rat // of all its shares; nil if it is not known
}

func rat(n int64, d ...int64) *big.Rat {
	if len(d) > 0 {
		return big.NewRat(n, d[0])
	}
	return big.NewRat(n, 1)
}
func plus(a, b *big.Rat) *big.Rat  { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }
func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }
func over(a, b *big.Rat) *big.Rat  { return new(big.Rat).Quo(a, b) }
func wholeOf(a *big.Rat) *big.Rat {
	return new(big.Rat).SetInt(new(big.Int).Div(a.Num(), a.Denom()))
}

func (l *smallLedger) has(who string) *big.Rat {
	sum := rat(0)
	for _, lot := range l.pos[who] {
		sum = plus(sum, lot.n)
	}
	return sum
}

func (l *smallLedger) float() *big.Rat {
	rest := minus(l.issued, l.treasury)
	for who := range l.pos {
		rest = minus(rest, l.has(who))
	}
	return rest
}

func (l *smallLedger) pay(from, to string, amount *big.Rat) {
	for who, x := range map[string]*big.Rat{from: new(big.Rat).Neg(amount), to: amount} {
		if l.cash[who] == nil {
			l.cash[who] = rat(0)
		}
		l.cash[who] = plus(l.cash[who], x)
	}
}

// take takes shares out of a holder's lots: the first, the last, the dearest, or all at their average.
func (l *smallLedger) take(who string, n *big.Rat, method string) []smallLot {
	lots := l.pos[who]
	sort.SliceStable(lots, func(i, j int) bool {
		if lots[i].day != lots[j].day {
			return lots[i].day < lots[j].day
		}
		return lots[i].cost != nil && lots[j].cost != nil && over(lots[i].cost, lots[i].n).Cmp(over(lots[j].cost, lots[j].n)) < 0
	})
	if method == "average" {
		all := smallLot{day: lots[0].day, n: rat(0), cost: rat(0)}
		for _, lot := range lots {
			all.n, all.cost = plus(all.n, lot.n), plus(all.cost, lot.cost)
		}
		lots = []smallLot{all}
	}
	if method == "hifo" {
		sort.SliceStable(lots, func(i, j int) bool {
			if lots[i].cost == nil || lots[j].cost == nil {
				return lots[i].cost != nil && lots[j].cost == nil
			}
			return over(lots[i].cost, lots[i].n).Cmp(over(lots[j].cost, lots[j].n)) > 0
		})
	}
	var out, kept []smallLot
	for k := range lots {
		i := k
		if method == "lifo" {
			i = len(lots) - 1 - k
		}
		lot := lots[i]
		part := lot.n
		if n.Cmp(part) < 0 {
			part = n
		}
		n = minus(n, part)
		a, b := smallLot{day: lot.day, n: part}, smallLot{day: lot.day, n: minus(lot.n, part)}
		if lot.cost != nil {
			a.cost = over(times(lot.cost, part), lot.n)
			b.cost = minus(lot.cost, a.cost)
		}
		if a.n.Sign() > 0 {
			out = append(out, a)
		}
		if b.n.Sign() > 0 {
			kept = append(kept, b)
		}
	}
	if l.pos[who] = kept; len(kept) == 0 {
		delete(l.pos, who)
	}
	return out
}

func (l *smallLedger) sell(who string, lots []smallLot, price *big.Rat) {
	for _, lot := range lots {
		if lot.cost != nil {
			if l.gain[who] == nil {
				l.gain[who] = rat(0)
			}
			l.gain[who] = plus(l.gain[who], minus(times(lot.n, price), lot.cost))
		}
	}
}

func (l *smallLedger) drop(lots []smallLot) {
	for _, lot := range lots {
		if lot.cost != nil {
			l.dropped = plus(l.dropped, lot.cost)
		}
	}
}

func (l *smallLedger) known(who string) bool {
	for _, lot := range l.pos[who] {
		if lot.cost == nil {
			return false
		}
	}
	return len(l.pos[who]) > 0
}

// scale gives a holder f times as many shares at the same cost.
func (l *smallLedger) scale(who string, f *big.Rat) {
	if f.Sign() == 0 {
		l.drop(l.pos[who])
		delete(l.pos, who)
		return
	}
	for i := range l.pos[who] {
		l.pos[who][i].n = times(l.pos[who][i].n, f)
	}
}

// TestSmallLedger compares random steps with an independent ledger.
func TestSmallLedger(t *testing.T) {
	steps := 0
	for seed := range uint64(testkit.Cases(1600)) {
		rng := rand.New(rand.NewPCG(seed, 11))
		l := &smallLedger{issued: rat(1000), treasury: rat(int64(rng.IntN(60))), pos: map[string][]smallLot{}, cash: map[string]*big.Rat{}, gain: map[string]*big.Rat{}, dropped: rat(0)}
		book := crossholding.Book{AsOf: "2001-01-01", Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: numberOf(l.treasury)}}}}}
		names := []string{"a", "b", "c"}
		for _, who := range names {
			book.Parties = append(book.Parties, crossholding.Party{ID: who})
			n := int64(20 + rng.IntN(200))
			s := crossholding.Stake{Holder: who, Issuer: "x", Shares: numberOf(rat(n))}
			for k := range rng.IntN(4) {
				part, price := rat(n/4), rat(int64(1+rng.IntN(20)))
				s.Lots = append(s.Lots, crossholding.Lot{Date: day(k + 1), Shares: numberOf(part), Price: numberOf(price)})
				l.pos[who] = append(l.pos[who], smallLot{day: k + 1, n: part, cost: times(part, price)})
			}
			if rest := minus(rat(n), l.has(who)); rest.Sign() > 0 {
				l.pos[who] = append(l.pos[who], smallLot{n: rest})
			}
			book.Stakes = append(book.Stakes, s)
		}
		a, err := crossholding.New(book)
		require.NoError(t, err)
		for k := range 10 {
			l.day = 500 + k
			s := l.random(rng, names)
			s.Date = day(l.day)
			l.cash, l.gain, l.dropped = map[string]*big.Rat{}, map[string]*big.Rat{}, rat(0)
			if !l.make(&s) {
				continue
			}
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{s}})
			require.NoError(t, err, "seed %d %+v", seed, s)
			l.require(t, out, fmt.Sprintf("seed %d, step %d: %s", seed, k, out.Steps[0]))
			a = out.After
			steps++
		}
	}
	require.Greater(t, steps, testkit.Cases(10_000))
}
