package scenario_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func numberOf(r *big.Rat) ratio.Number { return ratio.Number(r.RatString()) }

func day(n int) date.Date { return date.Date(fmt.Sprintf("20%02d-01-%02d", n/28, 1+n%28)) }

// random returns a random step in company x.
func (l *smallLedger) random(rng *rand.Rand, names []string) scenario.Step {
	who, other := names[rng.IntN(3)], names[rng.IntN(3)]
	n := numberOf(rat(int64(1 + rng.IntN(60))))
	price := fmt.Sprintf("%d EUR", 1+rng.IntN(30))
	terms := fmt.Sprintf("%d:%d", 1+rng.IntN(5), 1+rng.IntN(4))
	s := scenario.Step{Issuer: "x"}
	switch rng.IntN(12) {
	case 0, 1:
		s.Step, s.From, s.To, s.Shares = "trade", who, other, n
		if rng.IntN(2) == 0 {
			s.Price, s.Method = price, []scenario.LotMethod{"", "fifo", "lifo", "hifo", "average"}[rng.IntN(5)]
		}
	case 2:
		s.Step, s.From, s.To, s.Shares = "trade", who, "float:x", n
	case 3:
		s.Step, s.From, s.Shares, s.Cancel = "buyback", who, n, rng.IntN(2) == 0
		if rng.IntN(2) == 0 {
			s.Price = price
		}
	case 4:
		s.Step, s.Shares = "cancel", n
	case 5:
		s.Step, s.To, s.Shares, s.Price = "issue", who, n, price
	case 6, 7:
		s.Step, s.Ratio, s.Fractions = "split", terms, []scenario.FractionRule{"down", "up", "keep", "cash"}[rng.IntN(4)]
		if s.Fractions == "cash" {
			s.Price = price
		}
	case 8:
		s.Step, s.In, s.Ratio = "dividend", "shares", terms
	case 9:
		s.Step, s.PerShare, s.Against = "dividend", price, []scenario.AgainstRule{"", "income", "cost"}[rng.IntN(3)]
	case 10:
		s.Step, s.Ratio, s.Price, s.Takes, s.To = "rights", "1:3", price, map[string]string{who: "all", other: "50%"}, "c"
	case 11:
		s.Step, s.From, s.To, s.Percent, s.Price = "trade", "*", who, "50", price
	}
	return s
}

func amountOf(text string) *big.Rat {
	var n int64
	if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
		return rat(0)
	}
	return rat(n)
}

// make makes a step. It returns false if the step is not possible.
func (l *smallLedger) make(s *scenario.Step) bool {
	n, price := rat(0), amountOf(s.Price)
	if s.Shares != "" {
		n.SetString(string(s.Shares))
	}
	switch s.Step {
	case "trade", "buyback":
		if s.From == "*" {
			return l.squeeze(s.To, price)
		}
		return l.trade(s, n, price)
	case "cancel":
		if l.treasury.Cmp(n) < 0 {
			return false
		}
		l.treasury, l.issued = minus(l.treasury, n), minus(l.issued, n)
	case "issue":
		l.issue(s.To, n, price)
		l.pay(s.To, "x", times(n, price))
	case "split":
		l.split(termsOf(s.Ratio), string(s.Fractions), price)
	case "dividend":
		if s.In == "shares" {
			l.bonus(termsOf(s.Ratio))
			return true
		}
		l.dividend(amountOf(s.PerShare), s.Against == "cost")
	case "rights":
		l.rights(s, price)
	}
	return true
}

func (l *smallLedger) issue(to string, n, price *big.Rat) {
	if n.Sign() == 0 {
		return
	}
	l.issued = plus(l.issued, n)
	l.pos[to] = append(l.pos[to], smallLot{day: l.day, n: n, cost: times(n, price)})
}

func (l *smallLedger) trade(s *scenario.Step, n, price *big.Rat) bool {
	if s.From == s.To || l.has(s.From).Cmp(n) < 0 || s.Method == "average" && !l.known(s.From) {
		return false
	}
	lots := l.take(s.From, n, string(s.Method))
	buyer := s.To
	if s.Step == "buyback" {
		buyer = "x"
	}
	if s.Price != "" {
		l.sell(s.From, lots, price)
		l.pay(buyer, s.From, times(n, price))
		lots = []smallLot{{day: l.day, n: n, cost: times(n, price)}}
	}
	switch {
	case s.Step == "buyback" && s.Cancel:
		l.issued = minus(l.issued, n)
	case s.Step == "buyback":
		l.treasury = plus(l.treasury, n)
	case s.To != "float:x":
		l.pos[s.To] = append(l.pos[s.To], lots...)
		return true
	}
	if s.Price == "" {
		l.drop(lots)
	}
	return true
}

// squeeze buys half of everyone's shares, rounded up.
func (l *smallLedger) squeeze(buyer string, price *big.Rat) bool {
	half := func(n *big.Rat) *big.Rat {
		x := over(n, rat(2))
		if !n.IsInt() || !l.issued.IsInt() {
			return nil // rounded to parts of a share: not modelled
		}
		if !x.IsInt() {
			x = plus(wholeOf(x), rat(1))
		}
		return x
	}
	sum := rat(0)
	float := l.float()
	for _, who := range []string{"a", "b", "c"} {
		if who != buyer && half(l.has(who)) == nil || half(float) == nil {
			return false
		}
	}
	for _, who := range []string{"a", "b", "c"} {
		if n := l.has(who); who != buyer && n.Sign() > 0 {
			n = half(n)
			l.sell(who, l.take(who, n, ""), price)
			l.pay(buyer, who, times(n, price))
			sum = plus(sum, n)
		}
	}
	n := half(float)
	l.pay(buyer, "float:x", times(n, price))
	if sum = plus(sum, n); sum.Sign() > 0 {
		l.pos[buyer] = append(l.pos[buyer], smallLot{day: l.day, n: sum, cost: times(sum, price)})
	}
	return true
}

func termsOf(text string) *big.Rat {
	var n, d int64
	if _, err := fmt.Sscanf(text, "%d:%d", &n, &d); err != nil {
		panic(err)
	}
	return rat(n, d)
}

func made(due *big.Rat, fractions string) *big.Rat {
	if fractions == "keep" || due.IsInt() {
		return due
	}
	if fractions == "up" {
		return plus(wholeOf(due), rat(1))
	}
	return wholeOf(due)
}

func (l *smallLedger) split(r *big.Rat, fractions string, price *big.Rat) {
	float := times(l.float(), r)
	sum := made(float, fractions)
	if fractions == "cash" {
		l.pay("x", "float:x", times(minus(float, sum), price))
	}
	for _, who := range []string{"a", "b", "c"} {
		had := l.has(who)
		if had.Sign() == 0 {
			continue
		}
		due := times(had, r)
		get := made(due, fractions)
		sum = plus(sum, get)
		if fractions != "cash" {
			l.scale(who, over(get, had))
			continue
		}
		l.scale(who, r)
		rest := minus(due, get)
		l.sell(who, l.take(who, rest, ""), price)
		l.pay("x", who, times(rest, price))
	}
	if fractions == "cash" {
		fractions = "down"
	}
	l.treasury = made(times(l.treasury, r), fractions)
	l.issued = plus(sum, l.treasury)
}

func (l *smallLedger) bonus(r *big.Rat) {
	l.issued = plus(l.issued, wholeOf(times(l.float(), r)))
	for _, who := range []string{"a", "b", "c"} {
		if had := l.has(who); had.Sign() > 0 {
			get := wholeOf(times(had, r))
			l.issued = plus(l.issued, get)
			l.scale(who, over(plus(had, get), had))
		}
	}
}

func (l *smallLedger) dividend(perShare *big.Rat, against bool) {
	l.pay("x", "float:x", times(l.float(), perShare))
	for _, who := range []string{"a", "b", "c"} {
		l.pay("x", who, times(l.has(who), perShare))
		if !against {
			continue
		}
		for i := range l.pos[who] {
			lot := &l.pos[who][i]
			if lot.cost == nil {
				continue
			}
			if left := minus(lot.cost, times(lot.n, perShare)); left.Sign() >= 0 {
				lot.cost = left
			} else {
				if l.gain[who] == nil {
					l.gain[who] = rat(0)
				}
				l.gain[who], lot.cost = minus(l.gain[who], left), rat(0)
			}
		}
	}
}

func (l *smallLedger) rights(s *scenario.Step, price *big.Rat) {
	left := wholeOf(over(l.float(), rat(3)))
	taken := map[string]*big.Rat{}
	for _, who := range []string{"a", "b", "c"} {
		due := wholeOf(over(l.has(who), rat(3)))
		switch s.Takes[who] {
		case "all":
			taken[who] = due
		case "50%":
			taken[who] = wholeOf(over(due, rat(2)))
		default:
			taken[who] = rat(0)
		}
		left = plus(left, minus(due, taken[who]))
	}
	taken[s.To] = plus(taken[s.To], left)
	for who, n := range taken {
		l.issue(who, n, price)
		l.pay(who, "x", times(n, price))
	}
}

// require compares the ledger with the outcome of the step.
func (l *smallLedger) require(t *testing.T, out *scenario.Outcome, note string) {
	t.Helper()
	b := out.After.Book()
	k := b.Companies[0].Shares[0]
	require.Equal(t, l.issued.RatString(), number(t, k.Issued).Rat().RatString(), note)
	require.Equal(t, l.treasury.RatString(), number(t, k.Treasury).Rat().RatString(), note)
	shares, cost := map[string]*big.Rat{}, map[string]*big.Rat{}
	for _, s := range b.Stakes {
		shares[s.Holder], cost[s.Holder] = number(t, s.Shares).Rat(), rat(0)
		for _, lot := range s.Lots {
			cost[s.Holder] = plus(cost[s.Holder], number(t, lot.Shares).Mul(number(t, lot.Price)).Rat())
		}
	}
	for _, who := range []string{"a", "b", "c"} {
		if shares[who] == nil {
			shares[who], cost[who] = rat(0), rat(0)
		}
		want := rat(0)
		for _, lot := range l.pos[who] {
			if lot.cost != nil {
				want = plus(want, lot.cost)
			}
		}
		require.Equal(t, l.has(who).RatString(), shares[who].RatString(), "%s: shares of %s", note, who)
		require.Equal(t, want.RatString(), cost[who].RatString(), "%s: cost of %s", note, who)
	}
	cash, gain, dropped := map[string]*big.Rat{}, map[string]*big.Rat{}, rat(0)
	for _, c := range out.Cash {
		cash[c.Party] = c.Amount.Rat()
	}
	for _, g := range out.Gains {
		if g.Unknown == nil {
			if gain[g.Holder] == nil {
				gain[g.Holder] = rat(0)
			}
			gain[g.Holder] = plus(gain[g.Holder], g.Gain.Amount.Rat())
		}
	}
	for _, d := range out.Dropped {
		dropped = plus(dropped, d.Cost.Amount.Rat())
	}
	requireRats(t, l.cash, cash, note+": cash")
	requireRats(t, l.gain, gain, note+": gains")
	require.Equal(t, l.dropped.RatString(), dropped.RatString(), note+": dropped")
}

func requireRats(t *testing.T, want, got map[string]*big.Rat, note string) {
	t.Helper()
	text := func(m map[string]*big.Rat) map[string]string {
		out := map[string]string{}
		for who, r := range m {
			if r.Sign() != 0 {
				out[who] = r.RatString()
			}
		}
		return out
	}
	require.Equal(t, text(want), text(got), note)
}
