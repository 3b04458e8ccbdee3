package crossholding

import (
	"cmp"
	"fmt"

	"github.com/crossholding/crossholding/ratio"
)

// unitValues has what one share of each company of a register is worth. A company of a
// register has one class and no lots.
type unitValues struct {
	of         []unitValue // by node
	currencies []string
}

// unitValue is what one share is worth. There is one for each of millions of nodes, so the
// currency is a number and an error is made where it is needed.
type unitValue struct {
	amount   ratio.Ratio
	currency uint16 // in unitValues.currencies
	missing  bool   // there is no price, or no rate to the currency
	whole    bool   // the company's figures are whole shares in machine integers
}

// readUnits returns what a share of each company of a register is worth.
func (v *Valuation) readUnits() *unitValues {
	g := &v.a.graph
	out := &unitValues{of: make([]unitValue, g.IDs.Len()), currencies: []string{""}}
	at := map[string]uint16{"": 0} // a market has few currencies: each is three letters
	for c := range out.of {
		if !g.IssuesShares(int32(c)) {
			continue
		}
		amount, currency, err := v.unit(int32(c))
		k, ok := at[currency]
		if !ok {
			k = uint16(len(out.currencies))
			at[currency] = k
			out.currencies = append(out.currencies, currency)
		}
		out.of[c] = unitValue{amount, k, err != nil, g.Capital.Big[int32(c)] == nil && g.Capital.Scale[c] == 0}
	}
	return out
}

// unit returns what a share of a company of a register is worth, and the currency of its
// stakes, which holds also if there is an error.
func (v *Valuation) unit(c int32) (ratio.Ratio, string, error) {
	price, err := v.market.price(v.a.graph.IDs.At(c), DefaultClass)
	currency := cmp.Or(v.currency, price.Currency)
	if err != nil {
		return ratio.Ratio{}, currency, err
	}
	amount, err := v.market.convert(price, currency)
	return amount, currency, err
}

// unitError says why a share of a company of a register has no value.
func (v *Valuation) unitError(c int32) error {
	_, _, err := v.unit(c)
	return err
}

// stakeBlock has the figures of successive stakes in the order of holders. Stakes lie in the
// order of issuers, so each figure of a holder's next stake is somewhere else in memory.
// Reading one kind of figure for many stakes lets the processor fetch them side by side.
type stakeBlock struct {
	issuer [256]int32
	units  [256]int64
	id     [256]string
	unit   [256]unitValue
}

// read fills b with the first stakes of a list.
func (b *stakeBlock) read(v *Valuation, list []int32) {
	g := &v.a.graph
	list = list[:min(len(list), len(b.issuer))]
	for k, e := range list {
		b.issuer[k] = g.Issuer[e]
	}
	for k, e := range list {
		b.units[k] = g.Capital.Units[e]
	}
	for k := range list {
		b.unit[k] = v.units.of[b.issuer[k]]
	}
	for k := range list {
		b.id[k] = g.IDs.At(b.issuer[k])
	}
}

// registerStakes yields all stakes of a register.
func (v *Valuation) registerStakes(yield func(StakeValue) bool) {
	g := &v.a.graph
	all, first := g.ByBeneficiary.Stakes, g.ByBeneficiary.First
	var b stakeBlock
	at, holder := len(b.issuer), int32(0)
	for k := 0; k < len(all); k++ {
		if at >= len(b.issuer) {
			b.read(v, all[k:])
			at = 0
		}
		for int(first[holder+1]) <= k {
			holder++
		}
		same := v.sameStake(all[k:first[holder+1]])
		s := StakeValue{Holder: g.IDs.At(holder), Issuer: b.id[at], Currency: v.units.currencies[b.unit[at].currency]}
		if same > 1 || !b.unit[at].whole {
			s = v.entries(holder, b.issuer[at], all[k:k+same])
		} else {
			s.Shares = ratio.Int(b.units[at])
			s.setValue(v, b.issuer[at], &b.unit[at])
		}
		if !yield(s) {
			return
		}
		at += same
		k += same - 1
	}
}

// sameStake returns how many stakes at the begin of a list of one holder are in one issuer.
// Such stakes have successive numbers.
func (v *Valuation) sameStake(list []int32) int {
	n := 1
	for n < len(list) && list[n] == list[0]+int32(n) && v.a.graph.Issuer[list[n]] == v.a.graph.Issuer[list[0]] {
		n++
	}
	return n
}

// setValue values the shares at what one of them is worth.
func (s *StakeValue) setValue(v *Valuation, c int32, u *unitValue) {
	switch {
	case s.Shares.IsZero():
	case u.missing:
		s.noValue = v.unitError(c)
	default:
		s.value = u.amount.Mul(s.Shares)
	}
}

// Amount returns the value of one stake by its number in the alliance's [Graph]. It is the
// way to value millions of stakes: loop over the numbers of [Graph.Stakes].
//
// A holder can have several stakes in one issuer, for example one of each class; their
// amounts add up to the Value of the [StakeValue] of the stakes' beneficiary. The currency is
// that of the StakeValue.
//
// It fails with [ErrNoPrice] if a price or an exchange rate is missing and the stake has
// shares, and with [ErrUnknown] if there is no stake of that number.
func (v *Valuation) Amount(stake int32) (Money, error) {
	if v.a == nil || stake < 0 || int(stake) >= len(v.a.graph.Issuer) {
		return Money{}, fmt.Errorf("crossholding: stake %d: %w", stake, ErrUnknown)
	}
	g := &v.a.graph
	if v.units == nil {
		return v.recordAmount(stake)
	}
	c := g.Issuer[stake]
	u := &v.units.of[c]
	if u.missing {
		return v.noAmount(stake, v.unitError(c))
	}
	shares := ratio.Int(g.Capital.Units[stake])
	if !u.whole {
		shares = g.Stake(&g.Capital, stake)
	}
	return Money{shares.Mul(u.amount), v.units.currencies[u.currency]}, nil
}

// recordAmount returns the value of one stake of a book.
func (v *Valuation) recordAmount(stake int32) (Money, error) {
	g := &v.a.graph
	s := v.newStakeValue(g.IDs.At(g.Beneficiary[stake]), g.Issuer[stake])
	rec := v.a.stakeRecord(stake)
	unit, err := v.market.price(rec.issuer, rec.class)
	if err == nil {
		unit.Amount, err = v.market.convert(unit, s.Currency)
	}
	if err != nil {
		return v.noAmount(stake, err)
	}
	return Money{unit.Amount.Mul(rec.shares), s.Currency}, nil
}

// noAmount is the value of a stake in a company without a value: 0 if it has no shares.
func (v *Valuation) noAmount(stake int32, err error) (Money, error) {
	g := &v.a.graph
	c := g.Issuer[stake]
	if shares := g.Stake(&g.Capital, stake); !shares.IsZero() {
		return Money{}, fmt.Errorf("%w (value of %s in %s)", err, g.IDs.At(g.Beneficiary[stake]), g.IDs.At(c))
	}
	return Money{Currency: v.newStakeValue("", c).Currency}, nil
}
