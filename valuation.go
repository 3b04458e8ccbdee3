package crossholding

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/crossholding/crossholding/internal/iso4217"
	"github.com/crossholding/crossholding/ratio"
)

// ValuationOptions says how stakes are valued. The zero value is the default.
type ValuationOptions struct {
	// Currency is what every figure is stated in. Default: the market's; if it
	// has none either, each stake is stated in its issuer's currency, or in
	// that of the issuer's price.
	Currency string
}

// Valuation answers what stakes cost and what they are worth on one market.
// Get one from [Alliance.Value]. It is immutable and safe for concurrent use;
// the zero value knows nobody.
type Valuation struct {
	a        *Alliance
	market   marketRecord
	currency string
}

// Market returns a copy of the market that the book carries; it is empty if
// the book carries none.
func (a *Alliance) Market() Market {
	if a.ledger == nil {
		return Market{}
	}
	if m := a.ledger.market.plain(); m != nil {
		return *m
	}
	return Market{}
}

// Value prices the alliance's stakes on market m; use [Alliance.Market] for
// the book's own. It keeps nothing of m. A market with a price for an unknown
// company, a bad price or a bad rate fails with one [*InputError], a book with
// bands with an [*BandsError].
//
// What was paid in one currency is stated in another at m's rates, so the
// caller says which day's rates a cost is converted at by giving that day's
// market. Rates are used directly, inverted, or in two legs through one other
// currency.
func (a *Alliance) Value(m Market, opt ValuationOptions) (*Valuation, error) {
	if err := a.requireExact(); err != nil {
		return nil, err
	}
	var l ledger
	if a.ledger != nil {
		l = *a.whole()
	}
	p := parser{l: &l}
	p.currency("options.currency", opt.Currency)
	p.market("market", &m)
	if err := p.err(); err != nil {
		return nil, err
	}
	v := &Valuation{a: a, market: l.market, currency: opt.Currency}
	if v.currency == "" {
		v.currency = m.Currency
	}
	return v, nil
}

// Convert states m in another currency at the valuation's rates. It fails with
// [ErrNoPrice] if they hold no way from the one to the other.
func (v *Valuation) Convert(m Money, currency string) (Money, error) {
	r, err := v.market.convert(Money{m.Amount, m.Currency}, currency)
	if err != nil {
		return Money{}, err
	}
	return Money{r, currency}, nil
}

// StakeValue is what one holder's shares of one issuer cost and are worth,
// over all classes and whoever's name they are in: shares held for the holder
// by a trust count, shares that it holds for others do not. It is an immutable
// value; the zero value is no shares.
type StakeValue struct {
	Holder   string
	Issuer   string
	Currency string      // that Value, Cost and Gain are stated in
	Shares   ratio.Ratio // shares whose beneficiary the holder is
	Covered  ratio.Ratio // shares, part of Shares, whose cost lots tell
	Paid     []Money     // what the covered shares cost as paid, by currency

	value, coveredValue, cost ratio.Ratio
	noValue, noRate           error
}

// Uncovered returns the number of shares whose cost is not known.
func (s StakeValue) Uncovered() ratio.Ratio { return s.Shares.Sub(s.Covered) }

// Value returns what the stake is worth. It fails with [ErrNoPrice] if a price
// or an exchange rate that it needs is missing.
func (s StakeValue) Value() (Money, error) {
	if s.noValue != nil {
		return Money{}, fmt.Errorf("%w (value of %s in %s)", s.noValue, s.Holder, s.Issuer)
	}
	return Money{s.value, s.Currency}, nil
}

// Cost returns what the whole stake cost. It fails with [ErrNoCost], and says
// of how many shares, if lots do not cover the stake, and with [ErrNoPrice] if
// an exchange rate is missing. See [StakeValue.KnownCost] for the covered part.
func (s StakeValue) Cost() (Money, error) {
	if u := s.Uncovered(); !u.IsZero() {
		return Money{}, fmt.Errorf("crossholding: cost of %s in %s: %s of %s shares: %w",
			s.Holder, s.Issuer, u.GroupedDecimal(6), s.Shares.GroupedDecimal(6), ErrNoCost)
	}
	if s.noRate != nil {
		return Money{}, fmt.Errorf("%w (cost of %s in %s)", s.noRate, s.Holder, s.Issuer)
	}
	return Money{s.cost, s.Currency}, nil
}

// Gain returns value less cost, unrealised. It fails as Value and Cost do.
func (s StakeValue) Gain() (Money, error) {
	value, cost, err := s.both()
	if err != nil {
		return Money{}, err
	}
	return Money{value.Sub(cost), s.Currency}, nil
}

// Ratio returns value to cost: 1/2 says that half the money is gone. It fails
// as Value and Cost do, with [ErrNoCost] if there are no shares, and with
// [ratio.ErrDivisionByZero] if they cost nothing.
func (s StakeValue) Ratio() (ratio.Ratio, error) {
	value, cost, err := s.both()
	switch {
	case err != nil:
		return ratio.Ratio{}, err
	case s.Shares.IsZero():
		return ratio.Ratio{}, fmt.Errorf("crossholding: %s holds no shares of %s: %w", s.Holder, s.Issuer, ErrNoCost)
	case cost.IsZero():
		return ratio.Ratio{}, fmt.Errorf("crossholding: %s in %s cost nothing: %w", s.Holder, s.Issuer, ratio.ErrDivisionByZero)
	}
	return value.Div(cost), nil
}

func (s StakeValue) both() (value, cost ratio.Ratio, err error) {
	v, err1 := s.Value()
	c, err2 := s.Cost()
	return v.Amount, c.Amount, errors.Join(err1, err2)
}

// KnownCost returns the part of the stake whose cost is known.
func (s StakeValue) KnownCost() StakeValue {
	s.Shares, s.value = s.Covered, s.coveredValue
	return s
}

// Stake values holder's shares of issuer, 0 shares if it has none. A float has
// no lots, so its cost is not known. It fails with [ErrUnknown].
func (v *Valuation) Stake(holder, issuer string) (StakeValue, error) {
	if v.a == nil {
		return StakeValue{}, unknown("holder", holder)
	}
	i, float, err := v.a.holder(holder)
	if err != nil {
		return StakeValue{}, err
	}
	c, err := v.a.company(issuer)
	if err != nil {
		return StakeValue{}, err
	}
	if !float {
		return v.stake(i, c), nil
	}
	s := v.open(holder, c)
	if i == c {
		for _, k := range v.a.companyRecord(c).classes {
			s.add(v, &stakeRecord{stakeKey: stakeKey{issuer: issuer, class: k.name}, shares: v.a.whole().float(issuer, k.name)})
		}
	}
	return s, nil
}

// Stakes returns every stake of the book, sorted by holder, then issuer.
func (v *Valuation) Stakes() iter.Seq[StakeValue] {
	return func(yield func(StakeValue) bool) {
		if v.a == nil {
			return
		}
		g := &v.a.graph
		for i := range int32(len(g.IDs)) {
			last := int32(-1)
			for _, e := range g.ByBeneficiary.Of(i) {
				if c := g.Issuer[e]; c != last {
					last = c
					if !yield(v.stake(i, c)) {
						return
					}
				}
			}
		}
	}
}

// Portfolio is all that one holder's money is in. It is an immutable value.
type Portfolio struct {
	Holder   string
	Currency string       // that the totals are stated in
	Stakes   []StakeValue // by issuer
}

// Portfolio values all stakes of holder. It fails with [ErrUnknown], and with
// [ErrCurrency] if no one currency is stated and the stakes differ in theirs.
func (v *Valuation) Portfolio(holder string) (Portfolio, error) {
	p := Portfolio{Holder: holder, Currency: v.currency}
	if v.a == nil {
		return p, unknown("holder", holder)
	}
	i, float, err := v.a.holder(holder)
	if err != nil {
		return p, err
	}
	if float {
		issuer := v.a.graph.IDs[i]
		s, err := v.Stake(holder, issuer)
		p.Stakes, p.Currency = []StakeValue{s}, s.Currency
		return p, err
	}
	g := &v.a.graph
	last := int32(-1)
	for _, e := range g.ByBeneficiary.Of(i) {
		if c := g.Issuer[e]; c != last {
			last = c
			p.Stakes = append(p.Stakes, v.stake(i, c))
		}
	}
	for _, s := range p.Stakes {
		if p.Currency == "" {
			p.Currency = s.Currency
		}
		if s.Currency != p.Currency {
			return p, fmt.Errorf("crossholding: stakes of %s are in %s and %s, and no currency is stated: %w",
				holder, p.Currency, s.Currency, ErrCurrency)
		}
	}
	return p, nil
}

// Value returns what the stakes are worth together. It fails with every
// stake's reason if one has no price.
func (p Portfolio) Value() (Money, error) { return p.sum(StakeValue.Value) }

// Cost returns what the stakes cost together. It fails with every stake's
// reason if the cost of one is not known in full.
func (p Portfolio) Cost() (Money, error) { return p.sum(StakeValue.Cost) }

// Gain returns value less cost, unrealised; it fails as they do.
func (p Portfolio) Gain() (Money, error) { return p.sum(StakeValue.Gain) }

func (p Portfolio) sum(figure func(StakeValue) (Money, error)) (Money, error) {
	total := Money{Currency: p.Currency}
	var errs []error
	for _, s := range p.Stakes {
		m, err := figure(s)
		errs = append(errs, err)
		total.Amount = total.Amount.Add(m.Amount)
	}
	if err := errors.Join(errs...); err != nil {
		return Money{}, err
	}
	return total, nil
}

// stake adds up the stakes in company c whose owner is node i.
func (v *Valuation) stake(i, c int32) StakeValue {
	g := &v.a.graph
	s := v.open(g.IDs[i], c)
	all := g.ByBeneficiary.Of(i) // by issuer
	for _, e := range all[sort.Search(len(all), func(k int) bool { return g.Issuer[all[k]] >= c }):] {
		if g.Issuer[e] != c {
			break
		}
		s.add(v, v.a.stakeRecord(e))
	}
	return s
}

func (v *Valuation) open(holder string, c int32) StakeValue {
	s := StakeValue{Holder: holder, Issuer: v.a.graph.IDs[c], Currency: v.currency}
	if s.Currency == "" {
		s.Currency = v.a.companyRecord(c).Currency
	}
	if s.Currency == "" {
		s.Currency = v.market.prices[s.Issuer].Currency
	}
	return s
}

// add counts one record of the ledger in.
func (s *StakeValue) add(v *Valuation, rec *stakeRecord) {
	if rec.shares.IsZero() {
		return
	}
	s.Shares = s.Shares.Add(rec.shares)
	unit, err := v.market.price(rec.issuer, rec.class)
	if err == nil {
		unit.Amount, err = v.market.convert(unit, s.Currency)
	}
	s.noValue = firstError(s.noValue, err)
	s.value = s.value.Add(unit.Amount.Mul(rec.shares))
	paid := make(map[string]ratio.Ratio, 1)
	for _, lot := range rec.lots {
		s.Covered = s.Covered.Add(lot.shares)
		s.coveredValue = s.coveredValue.Add(unit.Amount.Mul(lot.shares))
		paid[lot.currency] = paid[lot.currency].Add(lot.shares.Mul(lot.price))
	}
	for _, currency := range slices.Sorted(maps.Keys(paid)) {
		m := Money{paid[currency], currency}
		cost, err := v.market.convert(m, s.Currency)
		s.noRate = firstError(s.noRate, err)
		s.cost = s.cost.Add(cost)
		s.pay(m)
	}
}

func (s *StakeValue) pay(m Money) {
	i, found := slices.BinarySearchFunc(s.Paid, m.Currency, func(m Money, c string) int {
		return strings.Compare(m.Currency, c)
	})
	if found {
		s.Paid[i].Amount = s.Paid[i].Amount.Add(m.Amount)
		return
	}
	s.Paid = slices.Insert(s.Paid, i, m)
}

func firstError(first, next error) error {
	if first != nil {
		return first
	}
	return next
}

// worthJSON is what a stake, or a portfolio, is worth, as JSON.
type worthJSON struct {
	Value *ratedJSON `json:"value,omitempty"`
	Cost  *ratedJSON `json:"cost,omitempty"`
	Gain  *ratedJSON `json:"gain,omitempty"`
}

// ratedJSON is an amount in the smallest unit of its currency, and exactly.
type ratedJSON struct {
	Amount string      `json:"amount"`
	Exact  ratio.Ratio `json:"exact"`
}

func rated(m Money, err error) *ratedJSON {
	if err != nil {
		return nil
	}
	n := iso4217.MinorUnits(m.Currency)
	return &ratedJSON{m.Amount.Decimal(n).StringFixed(int32(n)), m.Amount}
}

// MarshalJSON writes the stake with its value, cost and gain, each in the smallest unit
// of the currency and exactly. What is not known is left out.
func (s StakeValue) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Holder   string      `json:"holder"`
		Issuer   string      `json:"issuer"`
		Currency string      `json:"currency"`
		Shares   ratio.Ratio `json:"shares"`
		Covered  ratio.Ratio `json:"covered"`
		Paid     []Money     `json:"paid,omitempty"`
		worthJSON
	}{s.Holder, s.Issuer, s.Currency, s.Shares, s.Covered, s.Paid, worthJSON{rated(s.Value()), rated(s.Cost()), rated(s.Gain())}})
}

// MarshalJSON writes the portfolio with its totals, as [StakeValue.MarshalJSON] does.
func (p Portfolio) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Holder   string       `json:"holder"`
		Currency string       `json:"currency"`
		Stakes   []StakeValue `json:"stakes,omitempty"`
		worthJSON
	}{p.Holder, p.Currency, p.Stakes, worthJSON{rated(p.Value()), rated(p.Cost()), rated(p.Gain())}})
}
