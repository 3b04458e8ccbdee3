package crossholding

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// marketRec is a market that was read and checked.
type marketRec struct {
	currency string
	prices   map[string]money // company, or company/class
	fx       map[string]Ratio // "EUR/JPY" to yen a euro
}

func (m marketRec) clone() marketRec {
	return marketRec{m.currency, maps.Clone(m.prices), maps.Clone(m.fx)}
}

func (m marketRec) plain() *Market {
	if m.currency == "" && len(m.prices) == 0 && len(m.fx) == 0 {
		return nil
	}
	out := &Market{Currency: m.currency}
	if len(m.prices) > 0 {
		out.Prices = make(map[string]string, len(m.prices))
		for k, v := range m.prices {
			out.Prices[k] = v.String()
		}
	}
	if len(m.fx) > 0 {
		out.FX = make(map[string]Number, len(m.fx))
		for k, v := range m.fx {
			out.FX[k] = v.number()
		}
	}
	return out
}

func (p *parser) market(place string, in *Market) {
	p.currency(place+".currency", in.Currency)
	m := marketRec{currency: in.Currency, prices: map[string]money{}, fx: map[string]Ratio{}}
	for _, key := range slices.Sorted(maps.Keys(in.Prices)) {
		at := place + ".prices." + key
		id, class, hasClass := strings.Cut(key, "/")
		if p.l.company(key) != nil {
			id, hasClass = key, false // the id itself holds a slash
		}
		c := p.l.company(id)
		if c == nil {
			p.add(at, ErrUnknown, "a price for %q, which is no company of the book", id)
		} else if hasClass && c.class(class) == nil {
			p.add(at, ErrUnknown, "%s has no class %q", id, class)
		}
		def := ""
		if c != nil {
			def = c.Currency
		}
		m.prices[key] = p.price(at, in.Prices[key], def)
	}
	for _, key := range slices.Sorted(maps.Keys(in.FX)) {
		m.fx[key] = p.rate(place+".fx."+key, key, in.FX[key])
	}
	p.l.market = m
}

// price reads "568.5 JPY"; the currency may be left out where def is known.
func (f *faults) price(place, text, def string) money {
	amount, currency, _ := strings.Cut(text, " ")
	if currency == "" {
		currency = def
	}
	r, err := Number(amount).ratio()
	f.check(place, err)
	if err == nil && r.Sign() < 0 {
		f.add(place, ErrRange, "price %s is negative", text)
	}
	if !currencyForm.MatchString(currency) {
		f.add(place, ErrCurrency, "price %q is not of the form \"568.5 JPY\"", abbreviate(text))
	}
	return money{r, currency}
}

func (f *faults) rate(place, pair string, n Number) Ratio {
	from, to, ok := strings.Cut(pair, "/")
	if !ok || !currencyForm.MatchString(from) || !currencyForm.MatchString(to) || from == to {
		f.add(place, ErrCurrency, "%q is not a pair of currencies such as EUR/JPY", abbreviate(pair))
	}
	r, err := n.ratio()
	f.check(place, err)
	if err == nil && r.Sign() <= 0 {
		f.add(place, ErrRange, "rate %s of %s is not above 0", n, abbreviate(pair))
	}
	return r
}

// convert states m in currency: by the pair, its inverse, or two legs through
// one other currency (the alphabetically first that serves).
func (m marketRec) convert(amount money, currency string) (Ratio, error) {
	if amount.currency == currency {
		return amount.amount, nil
	}
	if r, ok := m.rate(amount.currency, currency); ok {
		return amount.amount.mul(r), nil
	}
	for _, pair := range slices.Sorted(maps.Keys(m.fx)) {
		a, b, _ := strings.Cut(pair, "/")
		for _, via := range []string{a, b} {
			r1, ok1 := m.rate(amount.currency, via)
			r2, ok2 := m.rate(via, currency)
			if ok1 && ok2 {
				return amount.amount.mul(r1).mul(r2), nil
			}
		}
	}
	return Ratio{}, fmt.Errorf("crossholding: %s in %s: %w: no rate %s/%s",
		amount, currency, ErrNoPrice, amount.currency, currency)
}

// rate returns units of b for one unit of a.
func (m marketRec) rate(a, b string) (Ratio, bool) {
	if r, ok := m.fx[a+"/"+b]; ok {
		return r, true
	}
	if r, ok := m.fx[b+"/"+a]; ok && !r.IsZero() {
		return Int(1).quo(r), true
	}
	return Ratio{}, false
}

// price returns the price of a share of one class.
func (m marketRec) price(issuer, class string) (money, error) {
	if p, ok := m.prices[issuer+"/"+class]; ok {
		return p, nil
	}
	if p, ok := m.prices[issuer]; ok {
		return p, nil
	}
	return money{}, fmt.Errorf("crossholding: %s (%s): %w", issuer, class, ErrNoPrice)
}
