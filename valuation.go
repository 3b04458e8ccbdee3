package crossholding

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/iso4217"
	"github.com/crossholding/crossholding/ratio"
)

// ValuationOptions says how stakes are valued. The zero value is the default.
type ValuationOptions struct {
	// Currency is the currency of every figure. Default: the market's currency. If the
	// market has none, each stake is in its issuer's currency, or in the currency of the
	// issuer's price.
	Currency string
	// LotFX has exchange rates by day, each as in [Market.FX]. If it is not nil, the cost of
	// a lot in another currency is converted at the rates of the day of the lot. A lot of a
	// day without rates then has no cost, see [StakeValue.Cost]. The rates of lots without a
	// date have an empty date. By default, all costs are converted at the market's rates.
	LotFX map[date.Date]map[string]ratio.Number
}

// Valuation computes the cost and the value of stakes on one market. [Alliance.Value]
// makes it. It is immutable and safe for concurrent use. The zero value has no stakes.
type Valuation struct {
	a        *Alliance
	market   marketRecord
	currency string
	lotFX    map[date.Date]marketRecord // only rates; nil if the market's rates hold for every lot
	units    *unitValues                // of a register; nil for a book, whose companies can have classes and lots
}

// Market returns a copy of the market in the book. It is empty if the book has none.
func (a *Alliance) Market() Market {
	if a.ledger == nil {
		return Market{}
	}
	if m := a.ledger.market.toBook(); m != nil {
		return *m
	}
	return Market{}
}

// Value values the alliance's stakes on market m. Use [Alliance.Market] for the book's own
// market. Value keeps no reference to m. It fails with an [*InputError] if m has a price
// for an unknown company, a bad price or a bad rate, and with a [*BandsError] if the book
// has bands.
//
// All costs are converted at m's exchange rates, also those of purchases on earlier days,
// unless the options have LotFX. A conversion uses the rate of the pair, the inverse rate,
// or two rates through a third currency.
func (a *Alliance) Value(m Market, opt ValuationOptions) (*Valuation, error) {
	if err := a.requireExact(""); err != nil {
		return nil, err
	}
	var l ledger
	if a.ledger != nil {
		l = *a.ledger
	}
	p := parser{l: &l}
	if a.register != nil {
		p.find = a.findCompany
	}
	p.currency("options.currency", opt.Currency)
	p.market("market", &m)
	lotFX := p.lotFX("options.lotfx", opt.LotFX)
	if err := p.err(); err != nil {
		return nil, err
	}
	v := a.valueOn(l.market, opt.Currency)
	v.lotFX = lotFX
	return v, nil
}

// valueOn is Value for a market that was read and checked. Without a currency, values are in that
// of the market.
func (a *Alliance) valueOn(m marketRecord, currency string) *Valuation {
	v := &Valuation{a: a, market: m, currency: cmp.Or(currency, m.currency)}
	if a.register != nil {
		v.units = v.readUnits()
	}
	return v
}

// valueOwn is Value for the book's own market.
func (a *Alliance) valueOwn() (*Valuation, error) {
	if err := a.requireExact(""); err != nil {
		return nil, err
	}
	if a.ledger == nil {
		return a.valueOn(marketRecord{}, ""), nil
	}
	return a.valueOn(a.ledger.market, ""), nil
}

// findCompany returns a company of a register, or nil.
func (a *Alliance) findCompany(id string) *companyRecord {
	c, ok := a.node(id)
	if !ok {
		return nil
	}
	if _, unissued := slices.BinarySearch(a.register.unissued, c); !unissued && !a.graph.IssuesShares(c) {
		return nil
	}
	return a.companyRecord(c)
}

// Convert converts m to another currency at the market's rates. It fails with [ErrNoPrice]
// if there is no rate, direct, inverse or through a third currency.
func (v *Valuation) Convert(m Money, currency string) (Money, error) {
	r, err := v.market.convert(m, currency)
	if err != nil {
		return Money{}, err
	}
	return Money{r, currency}, nil
}

// StakeValue is the cost and the value of one holder's shares of one issuer, over all
// classes. It counts the shares whose beneficiary is the holder: shares that a trust holds
// for the holder count, and shares that the holder holds for others do not. It is an
// immutable value. The zero value has no shares.
type StakeValue struct {
	Holder   string
	Issuer   string
	Currency string      // of Value, Cost and Gain
	Shares   ratio.Ratio // shares whose beneficiary the holder is
	Covered  ratio.Ratio // the part of Shares whose cost is in lots
	Paid     []Money     // the cost of the covered shares as it was paid, sorted by currency

	value, coveredValue, cost ratio.Ratio
	noValue, noRate           error
}

// Uncovered returns the number of shares whose cost is not known.
func (s StakeValue) Uncovered() ratio.Ratio { return s.Shares.Sub(s.Covered) }

// Value returns the value of the stake. It fails with [ErrNoPrice] if a price or an
// exchange rate is missing.
func (s StakeValue) Value() (Money, error) {
	if s.noValue != nil {
		return Money{}, fmt.Errorf("%w (value of %s in %s)", s.noValue, s.Holder, s.Issuer)
	}
	return Money{s.value, s.Currency}, nil
}

// Cost returns the cost of the whole stake. It fails with [ErrNoCost] if lots do not cover
// all shares; the error says how many are not covered. It fails with [ErrNoPrice] if an
// exchange rate is missing. A cost in another currency is converted at the rate of
// the market given to [Alliance.Value], or at the rate of the day of the purchase if
// [ValuationOptions] has LotFX. See [StakeValue.KnownCost] for the covered part.
func (s StakeValue) Cost() (Money, error) {
	if u := s.Uncovered(); !u.IsZero() {
		return Money{}, fmt.Errorf("crossholding: cost of %s in %s: no lot covers %s of %s shares: %w",
			s.Holder, s.Issuer, u.GroupedDecimal(6), s.Shares.GroupedDecimal(6), ErrNoCost)
	}
	if s.noRate != nil {
		return Money{}, fmt.Errorf("%w (cost of %s in %s)", s.noRate, s.Holder, s.Issuer)
	}
	return Money{s.cost, s.Currency}, nil
}

// Gain returns the unrealized gain: value minus cost. Its errors are those of Value and
// Cost. With [ValuationOptions].LotFX it is the gain in Currency with the effect of
// exchange rates; without it, both are at the rates of one market.
func (s StakeValue) Gain() (Money, error) {
	value, cost, err := s.valueAndCost()
	if err != nil {
		return Money{}, err
	}
	return Money{value.Sub(cost), s.Currency}, nil
}

// Ratio returns value divided by cost. 1/2 means that half of the cost is lost. Its errors
// are those of Value and Cost, [ErrNoCost] if there are no shares, and
// [ratio.ErrDivisionByZero] if the cost is 0.
func (s StakeValue) Ratio() (ratio.Ratio, error) {
	value, cost, err := s.valueAndCost()
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

func (s StakeValue) valueAndCost() (value, cost ratio.Ratio, err error) {
	v, err1 := s.Value()
	c, err2 := s.Cost()
	return v.Amount, c.Amount, errors.Join(err1, err2)
}

// KnownCost returns the part of the stake whose cost is known.
func (s StakeValue) KnownCost() StakeValue {
	s.Shares, s.value = s.Covered, s.coveredValue
	return s
}

// Stake returns the value of holder's shares of issuer, which may be 0 shares. A float has
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
	s := v.newStakeValue(holder, c)
	if i == c {
		for _, k := range v.a.companyRecord(c).classes {
			s.add(v, &stakeRecord{stakeKey: stakeKey{issuer: issuer, class: k.name}, shares: v.a.floatShares(c, &k)})
		}
	}
	return s, nil
}

// Stakes returns all stakes of the book, sorted by holder, then issuer.
func (v *Valuation) Stakes() iter.Seq[StakeValue] {
	return func(yield func(StakeValue) bool) {
		if v.a == nil {
			return
		}
		g := &v.a.graph
		if v.units != nil {
			v.registerStakes(yield)
			return
		}
		for i := range int32(g.IDs.Len()) {
			all := g.ByBeneficiary.Of(i) // sorted by issuer
			for from, to := 0, 0; from < len(all); from = to {
				c := g.Issuer[all[from]]
				for to = from + 1; to < len(all) && g.Issuer[all[to]] == c; {
					to++
				}
				if !yield(v.entries(i, c, all[from:to])) {
					return
				}
			}
		}
	}
}

// Portfolio holds all stakes whose beneficiary is one holder. It is an immutable value.
type Portfolio struct {
	Holder   string
	Currency string       // of the totals
	Stakes   []StakeValue // sorted by issuer
}

// Portfolio returns the value of all stakes of holder. It fails with [ErrUnknown]. It
// fails with [ErrCurrency] if neither the options nor the market name a currency and the
// stakes are in different currencies.
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
		issuer := v.a.graph.IDs.At(i)
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

// Value returns the total value of the stakes. If prices or rates are missing, the error
// has the reason of every such stake.
func (p Portfolio) Value() (Money, error) { return p.sum(StakeValue.Value) }

// Cost returns the total cost of the stakes. If costs are not known in full, the error has
// the reason of every such stake.
func (p Portfolio) Cost() (Money, error) { return p.sum(StakeValue.Cost) }

// Gain returns the unrealized gain: value minus cost, as [StakeValue.Gain] does. Its errors
// are those of Value and Cost.
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

// stake adds up the stakes in company c whose beneficiary is node i.
func (v *Valuation) stake(i, c int32) StakeValue {
	g := &v.a.graph
	all := g.ByBeneficiary.Of(i) // sorted by issuer
	from := sort.Search(len(all), func(k int) bool { return g.Issuer[all[k]] >= c })
	to := from + sort.Search(len(all)-from, func(k int) bool { return g.Issuer[all[from+k]] > c })
	return v.entries(i, c, all[from:to])
}

// entries adds up stakes of node i in company c.
func (v *Valuation) entries(i, c int32, list []int32) StakeValue {
	g := &v.a.graph
	if v.units == nil {
		s := v.newStakeValue(g.IDs.At(i), c)
		for _, e := range list {
			s.add(v, v.a.stakeRecord(e))
		}
		return s
	}
	u := &v.units.of[c]
	s := StakeValue{Holder: g.IDs.At(i), Issuer: g.IDs.At(c), Currency: v.units.currencies[u.currency]}
	for _, e := range list {
		s.Shares = s.Shares.Add(g.Stake(&g.Capital, e))
	}
	s.setValue(v, c, u)
	return s
}

// floatShares returns the shares of a class that nobody in the book holds.
func (a *Alliance) floatShares(c int32, k *classRecord) ratio.Ratio {
	rest := k.outstanding()
	from, to := a.graph.Column(c)
	for e := from; e < to; e++ {
		if s := a.stakeRecord(e); s.class == k.name {
			rest = rest.Sub(s.shares)
		}
	}
	return rest
}

func (v *Valuation) newStakeValue(holder string, c int32) StakeValue {
	s := StakeValue{Holder: holder, Issuer: v.a.graph.IDs.At(c), Currency: v.currency}
	if s.Currency == "" {
		s.Currency = v.a.companyRecord(c).Currency
	}
	if s.Currency == "" {
		s.Currency = v.market.prices[s.Issuer].Currency
	}
	return s
}

// add adds one record of the ledger.
func (s *StakeValue) add(v *Valuation, rec *stakeRecord) {
	if rec.shares.IsZero() {
		return
	}
	s.Shares = s.Shares.Add(rec.shares)
	unit, err := v.market.price(rec.issuer, rec.class)
	if err == nil {
		unit.Amount, err = v.market.convert(unit, s.Currency)
	}
	s.noValue = cmp.Or(s.noValue, err)
	s.value = s.value.Add(unit.Amount.Mul(rec.shares))
	if len(rec.lots) == 0 {
		return
	}
	paid := make(map[string]ratio.Ratio, 1)
	for _, lot := range rec.lots {
		s.Covered = s.Covered.Add(lot.Shares)
		s.coveredValue = s.coveredValue.Add(unit.Amount.Mul(lot.Shares))
		cost := lot.Shares.Mul(lot.Price)
		paid[lot.Currency] = paid[lot.Currency].Add(cost)
		if v.lotFX != nil {
			s.spend(v.convertOn(lot.Date, Money{cost, lot.Currency}, s.Currency))
		}
	}
	for _, currency := range slices.Sorted(maps.Keys(paid)) {
		m := Money{paid[currency], currency}
		if v.lotFX == nil {
			s.spend(v.market.convert(m, s.Currency))
		}
		s.pay(m)
	}
}

// spend adds a cost in the currency of the stake.
func (s *StakeValue) spend(cost ratio.Ratio, err error) {
	s.noRate = cmp.Or(s.noRate, err)
	s.cost = s.cost.Add(cost)
}

// convertOn converts the cost of a lot at the rates of its day.
func (v *Valuation) convertOn(day date.Date, paid Money, currency string) (ratio.Ratio, error) {
	r, err := v.lotFX[day].convert(paid, currency)
	if err != nil && day == "" {
		return r, fmt.Errorf("%w for lots without a date", err)
	} else if err != nil {
		return r, fmt.Errorf("%w on %s", err, day)
	}
	return r, nil
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

// totalsJSON is the value, cost and gain of a stake or a portfolio, as JSON.
type totalsJSON struct {
	Value *amountJSON `json:"value,omitempty"`
	Cost  *amountJSON `json:"cost,omitempty"`
	Gain  *amountJSON `json:"gain,omitempty"`
}

// amountJSON is an amount rounded to the smallest unit of its currency, and the exact
// amount.
type amountJSON struct {
	Amount string      `json:"amount"`
	Exact  ratio.Ratio `json:"exact"`
}

func roundedJSON(m Money, err error) *amountJSON {
	if err != nil {
		return nil
	}
	n := iso4217.MinorUnits(m.Currency)
	return &amountJSON{m.Amount.Decimal(n).StringFixed(int32(n)), m.Amount}
}

// MarshalJSON writes the stake with its value, cost and gain. Each has a rounded and an
// exact amount. Figures that are not known are left out.
func (s StakeValue) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Holder   string      `json:"holder"`
		Issuer   string      `json:"issuer"`
		Currency string      `json:"currency"`
		Shares   ratio.Ratio `json:"shares"`
		Covered  ratio.Ratio `json:"covered"`
		Paid     []Money     `json:"paid"`
		totalsJSON
	}{s.Holder, s.Issuer, s.Currency, s.Shares, s.Covered, append([]Money{}, s.Paid...), totalsJSON{roundedJSON(s.Value()), roundedJSON(s.Cost()), roundedJSON(s.Gain())}})
}

// MarshalJSON writes the portfolio with its total value, cost and gain, as
// [StakeValue.MarshalJSON] does.
func (p Portfolio) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Holder   string       `json:"holder"`
		Currency string       `json:"currency"`
		Stakes   []StakeValue `json:"stakes"`
		totalsJSON
	}{p.Holder, p.Currency, append([]StakeValue{}, p.Stakes...), totalsJSON{roundedJSON(p.Value()), roundedJSON(p.Cost()), roundedJSON(p.Gain())}})
}
