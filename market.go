package crossholding

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// maxRates is the largest number of exchange rates of a market. A conversion by two rates
// searches all of them.
const maxRates = 1000

func (p *parser) market(place string, in *Market) {
	p.currency(input.Join(place, "currency"), in.Currency)
	m := marketRecord{currency: in.Currency, prices: map[string]Money{}}
	for _, key := range input.Keys(in.Prices) {
		at := input.Join(place, "prices."+key)
		c := p.priced(at, key)
		def := ""
		if c != nil {
			def = c.Currency
		}
		m.prices[key] = Money(p.Price(at, in.Prices[key], def))
	}
	m.fx = p.rates(input.Join(place, "fx"), in.FX)
	p.l.market = m
}

// rates reads exchange rates.
func (f *faults) rates(place string, in map[string]ratio.Number) map[string]ratio.Ratio {
	out := make(map[string]ratio.Ratio, min(len(in), maxRates))
	if len(in) > maxRates {
		f.Add(place, ErrTooLarge, "%d rates; at most %d are read", len(in), maxRates)
		return out
	}
	keys := input.Keys(in)
	for _, key := range keys {
		out[key] = f.Rate(place+"."+key, key, in[key])
	}
	for _, pair := range keys {
		a, b, _ := strings.Cut(pair, "/")
		back := b + "/" + a
		if r, ok := out[back]; ok && pair < back && out[pair].Sign() > 0 && r.Sign() > 0 && !inverse(in[pair], in[back]) {
			f.Add(place+"."+back, ErrRange, "%s %s and %s %s contradict each other: the inverse of %s is %s; give one of them",
				pair, in[pair], back, in[back], in[pair], ratio.Int(1).Div(out[pair]).GroupedDecimal(6))
		}
	}
	return out
}

// inverse reports whether two rates, which are positive, are inverses of one another within
// the digits given: both can be rounded from figures whose product is 1. However few the
// digits, the product of the two is within 1% of 1.
func inverse(a, b ratio.Number) bool {
	x, y := must(a.Ratio()), must(b.Ratio())
	dx, dy := lastDigit(a).Div(ratio.Int(2)), lastDigit(b).Div(ratio.Int(2))
	one, percent := ratio.Int(1), ratio.Of(1, 100)
	within := func(low, high ratio.Ratio) bool { return !one.Less(low) && !high.Less(one) }
	return within(x.Sub(dx).Mul(y.Sub(dy)), x.Add(dx).Mul(y.Add(dy))) &&
		within(x.Mul(y).Sub(percent), x.Mul(y).Add(percent))
}

// lastDigit returns what 1 in the last digit of a number stands for: 0.01 for "157.13". It
// returns 0 if that is less than a number can state.
func lastDigit(n ratio.Number) ratio.Ratio {
	end := len(n)
	if i := strings.IndexAny(string(n), "eE"); i >= 0 {
		end = i
	}
	digits := []byte(n)
	for i := range end {
		if digits[i] != '.' {
			digits[i] = '0'
		}
	}
	digits[end-1] = '1'
	if r, err := ratio.Number(digits).Ratio(); err == nil {
		return r
	}
	return ratio.Ratio{}
}

// lotFX reads the exchange rates of the days of lots.
func (p *parser) lotFX(place string, in map[date.Date]map[string]ratio.Number) map[date.Date]marketRecord {
	if in == nil {
		return nil
	}
	out := make(map[date.Date]marketRecord, len(in))
	for _, day := range slices.Sorted(maps.Keys(in)) {
		p.Date(place, day)
		out[day] = marketRecord{fx: p.rates(place+"."+string(day), in[day])}
	}
	return out
}

// priced returns the company of a price's key. The key is a company's id, or an id and a
// class as in "nissan/preferred". Ids and classes may contain slashes.
func (p *parser) priced(place, key string) *companyRecord {
	find := p.l.company
	if p.find != nil {
		find = p.find
	}
	c, as := find(key), key
	var nearest *companyRecord
	for i := range len(key) {
		if key[i] != '/' {
			continue
		}
		other := find(key[:i])
		if other == nil {
			continue
		}
		if nearest = other; other.class(key[i+1:]) == nil {
			continue
		}
		if c != nil {
			p.Add(place, ErrDuplicate, "a price for %q can mean %s and class %q of %s", key, as, key[i+1:], key[:i])
			return c
		}
		c, as = other, fmt.Sprintf("class %q of %s", key[i+1:], key[:i])
	}
	switch {
	case c != nil:
	case nearest != nil:
		p.Add(place, ErrUnknown, "%s has no class %q", nearest.ID, key[len(nearest.ID)+1:])
	default:
		id, _, _ := strings.Cut(key, "/")
		p.Add(place, ErrUnknown, "a price for %q, which is not a company of the book", id)
	}
	return c
}

// convert converts amount to currency: by the rate of the pair, by the inverse rate, or by
// two rates through a third currency. If there are several third currencies, it uses the
// alphabetically first.
func (m marketRecord) convert(amount Money, currency string) (ratio.Ratio, error) {
	if amount.Currency == currency {
		return amount.Amount, nil
	}
	if r, ok := m.rate(amount.Currency, currency); ok {
		return amount.Amount.Mul(r), nil
	}
	first := ""
	for pair := range m.fx {
		via, b, _ := strings.Cut(pair, "/")
		if via == amount.Currency {
			via = b
		} else if b != amount.Currency {
			continue
		}
		if _, ok := m.rate(via, currency); ok && (first == "" || via < first) {
			first = via
		}
	}
	if first != "" {
		r1, _ := m.rate(amount.Currency, first)
		r2, _ := m.rate(first, currency)
		return amount.Amount.Mul(r1).Mul(r2), nil
	}
	return ratio.Ratio{}, fmt.Errorf("crossholding: %s in %s: %w: no rate %s/%s",
		amount, currency, ErrNoPrice, amount.Currency, currency)
}

// rate returns the units of b for one unit of a.
func (m marketRecord) rate(a, b string) (ratio.Ratio, bool) {
	if r, ok := m.fx[a+"/"+b]; ok {
		return r, true
	}
	if r, ok := m.fx[b+"/"+a]; ok && !r.IsZero() {
		return ratio.Int(1).Div(r), true
	}
	return ratio.Ratio{}, false
}

// price returns the price of a share of one class.
func (m marketRecord) price(issuer, class string) (Money, error) {
	if p, ok := m.prices[issuer+"/"+class]; ok {
		return p, nil
	}
	if p, ok := m.prices[issuer]; ok {
		return p, nil
	}
	return Money{}, &noPriceError{issuer, class}
}

// noPriceError is an [ErrNoPrice]. Many are found and never shown, so it makes its text when it is
// asked.
type noPriceError struct{ issuer, class string }

func (e *noPriceError) Error() string {
	return fmt.Sprintf("crossholding: %s (%s): %s", e.issuer, e.class, ErrNoPrice)
}

func (e *noPriceError) Unwrap() error { return ErrNoPrice }
