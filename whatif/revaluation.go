package whatif

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// A value is a sum of shares × price × rates, and a cost a sum of amounts paid × rates. So
// a figure of value is a sum of terms, each with the relative changes of a price and of
// rates as factors. The terms are found with the exact valuation: with the other prices of a
// company at 0, and with one rate doubled at a time.

// term is one part of a figure. Its amount is that of the market of the book.
type term struct {
	amount ratio.Ratio
	float  float64
	price  int   // index of the drawn price that multiplies it, or -1
	over   []int // indexes of drawn rates that multiply it
	under  []int // indexes of drawn rates that divide it
}

// at is the term on a market whose drawn prices and rates changed by factors.
func (t *term) at(factors []float64) float64 {
	x := t.float
	if t.price >= 0 {
		x *= factors[t.price]
	}
	for _, k := range t.over {
		x *= factors[k]
	}
	for _, k := range t.under {
		x /= factors[k]
	}
	return x
}

// linear is a figure of value as sums of terms.
type linear struct {
	kind        FigureKind
	value, cost []term
}

func sum(terms []term, factors []float64) (x float64) {
	for i := range terms {
		x += terms[i].at(factors)
	}
	return x
}

// at estimates the figure on a market whose drawn prices and rates changed by factors.
func (l *linear) at(factors []float64) float64 {
	switch l.kind {
	case Value:
		return sum(l.value, factors)
	case Cost:
		return sum(l.cost, factors)
	case Gain:
		return sum(l.value, factors) - sum(l.cost, factors)
	}
	return sum(l.value, factors) / sum(l.cost, factors)
}

// revaluation makes linear figures of one alliance.
type revaluation struct {
	a      *crossholding.Alliance
	opt    Options
	market crossholding.Market
	keys   []string // the drawn prices and rates, as "prices.nissan" or "fx.EUR/JPY"
	base   *crossholding.Valuation
	double map[int]*crossholding.Valuation // by index of a drawn rate: the rate doubled
	prices map[string][]string             // by company: the keys of its prices, ascending
	only   [][]priced                      // by place of a key in that list: with no other price of any company
}

// priced is a valuation with at most one price of each company. Rate is the index of the drawn rate
// that is doubled, or -1.
type priced struct {
	rate int
	v    *crossholding.Valuation
}

func newRevaluation(ctx context.Context, a *crossholding.Alliance, keys []string, opt Options) (*revaluation, error) {
	r := &revaluation{a: a, opt: opt, market: a.Market(), keys: keys, double: map[int]*crossholding.Valuation{}}
	if r.market.FX == nil {
		r.market.FX = map[string]ratio.Number{}
	}
	var bad faults
	for _, key := range keys {
		bad.wrap("", r.known(key))
	}
	err := bad.err()
	if err != nil {
		return nil, err
	}
	if r.base, err = a.Value(r.market, opt.Valuation); err != nil {
		return nil, err
	}
	markets := []crossholding.Market{r.market}
	rates := []int{-1}
	for i, key := range keys {
		if pair, ok := strings.CutPrefix(key, "fx."); ok {
			m, err := doubled(r.market, pair)
			if err != nil {
				return nil, err
			}
			if r.double[i], err = a.Value(m, opt.Valuation); err != nil {
				return nil, err
			}
			markets, rates = append(markets, m), append(rates, i)
		}
	}
	most := r.listPrices()
	for n := range most {
		prices := r.alone(n)
		var only []priced
		for i, m := range markets {
			if err := progress.Stopped(ctx, "whatif"); err != nil {
				return nil, err
			}
			m.Prices = prices
			v, err := a.Value(m, opt.Valuation)
			if err != nil {
				return nil, err
			}
			only = append(only, priced{rates[i], v})
		}
		r.only = append(r.only, only)
	}
	return r, nil
}

// listPrices lists the prices of each company, and returns the most that a company has.
func (r *revaluation) listPrices() (most int) {
	r.prices = map[string][]string{}
	g := r.a.Graph()
	for _, key := range slices.Sorted(maps.Keys(r.market.Prices)) {
		for end := range len(key) + 1 {
			if end < len(key) && key[end] != '/' { // "x/b" is the price of the class b of x
				continue
			}
			if _, err := g.Company(key[:end]); err == nil {
				r.prices[key[:end]] = append(r.prices[key[:end]], key)
				most = max(most, len(r.prices[key[:end]]))
			}
		}
	}
	return most
}

// known checks that the market has a price or a rate of a key. It makes the rate of a pair
// the only one of its two currencies, so that a change of it has no contradiction.
func (r *revaluation) known(key string) error {
	if name, ok := strings.CutPrefix(key, "prices."); ok {
		if _, ok := r.market.Prices[name]; ok {
			return nil
		}
		return fmt.Errorf("%s: the market of the book has no price of %s: %w", clip(key), clip(name), crossholding.ErrNoPrice)
	}
	pair, ok := strings.CutPrefix(key, "fx.")
	if !ok {
		return fmt.Errorf("%q is neither prices.COMPANY nor fx.EUR/JPY: %w", clip(key), crossholding.ErrUnknown)
	}
	if _, ok := r.market.FX[pair]; !ok {
		return fmt.Errorf("%s: the market of the book has no rate %s: %w", clip(key), clip(pair), crossholding.ErrNoPrice)
	}
	from, to, _ := strings.Cut(pair, "/")
	delete(r.market.FX, to+"/"+from)
	return nil
}

// doubled returns a market with one rate doubled.
func doubled(m crossholding.Market, pair string) (crossholding.Market, error) {
	m.FX = maps.Clone(m.FX)
	rate, err := m.FX[pair].Ratio()
	m.FX[pair] = rate.Mul(ratio.Int(2)).Number()
	return m, err
}

// alone returns the prices of the market, of which all but the one at a place are 0 for each company.
func (r *revaluation) alone(place int) map[string]string {
	out := maps.Clone(r.market.Prices)
	for _, keys := range r.prices {
		for i, k := range keys {
			if i != place {
				_, currency, _ := strings.Cut(r.market.Prices[k], " ")
				out[k] = strings.TrimSpace("0 " + currency)
			}
		}
	}
	return out
}

// linear returns a figure as sums of terms. It fails as [Figure.At] does.
func (r *revaluation) linear(f Figure) (linear, error) {
	out := linear{kind: f.Kind}
	if f.Kind.group() != ofValue {
		return out, fmt.Errorf("%s does not depend on prices: %w", f, crossholding.ErrUnknown)
	}
	stakes, err := r.stakes(f)
	if err != nil {
		return out, err
	}
	if f.Kind != Cost {
		for _, s := range stakes {
			rest, err := s.Value()
			if err != nil {
				return out, err
			}
			for n, key := range r.prices[s.Issuer] {
				t, err := r.priceTerm(s.Holder, s.Issuer, n, key)
				if err != nil {
					return out, err
				}
				if rest.Amount = rest.Amount.Sub(t.amount); !t.amount.IsZero() {
					out.value = append(out.value, t)
				}
			}
			if !rest.Amount.IsZero() {
				return out, fmt.Errorf("%s in %s: one price of the market is of several companies: %w", s.Holder, s.Issuer, crossholding.ErrDuplicate)
			}
		}
	}
	if f.Kind != Value {
		if out.cost, err = r.costTerms(stakes); err != nil {
			return out, err
		}
		if f.Kind == ValueOverCost && len(out.cost) == 0 {
			return out, fmt.Errorf("%s: the cost is 0: %w", f, ratio.ErrDivisionByZero)
		}
	}
	return out, nil
}

// stakes are the stakes that a figure of value adds up.
func (r *revaluation) stakes(f Figure) ([]crossholding.StakeValue, error) {
	if f.Issuer == "" {
		p, err := r.base.Portfolio(f.Holder)
		return p.Stakes, err
	}
	s, err := r.base.Stake(f.Holder, f.Issuer)
	return []crossholding.StakeValue{s}, err
}

// priceTerm is the part of a stake's value that one price of the issuer gives, the n-th.
func (r *revaluation) priceTerm(holder, issuer string, n int, key string) (term, error) {
	t := term{price: slices.Index(r.keys, "prices."+key)}
	for _, p := range r.only[n] {
		s, err := p.v.Stake(holder, issuer)
		if err != nil {
			return t, err
		}
		value, err := s.Value()
		if err != nil {
			return t, err
		}
		if p.rate < 0 {
			t.amount, t.float = value.Amount, value.Amount.Float64()
			continue
		}
		if err := t.rate(p.rate, value.Amount, r.keys[p.rate]); err != nil {
			return t, err
		}
	}
	return t, nil
}

// rate notes how a term changes with a rate, from its amount after the rate doubled.
func (t *term) rate(k int, after ratio.Ratio, key string) error {
	switch {
	case after.Equal(t.amount):
	case after.Equal(t.amount.Mul(ratio.Int(2))):
		t.over = append(t.over, k)
	case after.Mul(ratio.Int(2)).Equal(t.amount):
		t.under = append(t.under, k)
	default:
		return fmt.Errorf("%s: an amount of %s becomes %s when the rate doubles: %w", key, t.amount, after, crossholding.ErrCurrency)
	}
	return nil
}

// costTerms are the costs of stakes, by the currency in which they were paid.
func (r *revaluation) costTerms(stakes []crossholding.StakeValue) ([]term, error) {
	var out []term
	for _, s := range stakes {
		cost, err := s.Cost()
		if err != nil {
			return nil, err
		}
		if r.opt.Valuation.LotFX != nil { // at the rates of the days of purchase
			if !cost.Amount.IsZero() {
				out = append(out, term{amount: cost.Amount, float: cost.Amount.Float64(), price: -1})
			}
			continue
		}
		for _, paid := range s.Paid {
			if paid.Amount.IsZero() {
				continue
			}
			m, err := r.base.Convert(paid, cost.Currency)
			if err != nil {
				return nil, err
			}
			t := term{amount: m.Amount, float: m.Amount.Float64(), price: -1}
			for _, k := range slices.Sorted(maps.Keys(r.double)) {
				after, err := r.double[k].Convert(paid, cost.Currency)
				if err != nil {
					return nil, err
				}
				if err := t.rate(k, after.Amount, r.keys[k]); err != nil {
					return nil, err
				}
			}
			out = append(out, t)
		}
	}
	return out, nil
}
