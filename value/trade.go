package value

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Trade is a number of shares against money: a purchase or a sale. It is plain data.
//
// The money is Price × Shares, or Total, which is exact where no price with an end is: 150
// for 0.118776 shares. If both are given, Total counts, and Price must agree with it within
// its digits. A purchase with neither has no known cost. Fees make a purchase dearer and a
// sale bring less.
type Trade struct {
	Date     date.Date    `json:"date,omitempty"`
	Shares   ratio.Number `json:"shares"`
	Price    ratio.Number `json:"price,omitempty"` // of one share: "568.5 JPY", or "568.5" with Currency
	Total    ratio.Number `json:"total,omitempty"` // of all shares, without fees
	Fees     ratio.Number `json:"fees,omitempty"`
	Currency string       `json:"currency,omitempty"` // default: the account's
	// Rate is the exchange rate of the day: units of the account's currency for one unit of
	// Currency. Without one, the account's table of rates is asked.
	Rate   ratio.Number `json:"rate,omitempty"`
	Source string       `json:"source,omitempty"`
}

// deal is a trade that was read.
type deal struct {
	day      date.Date
	shares   ratio.Ratio
	money    ratio.Ratio // without fees
	fees     ratio.Ratio
	known    bool // money is given
	currency string
	rate     ratio.Ratio // to the account's currency; 0 if noRate
	noRate   error
}

// read reads a trade for an account, and adds its faults.
func (a Account) read(f *input.Faults, place string, t Trade) deal {
	f.LotPrice(input.Join(place, "price"), &t.Price, &t.Currency)
	d := deal{day: t.Date, currency: t.Currency, known: t.Price != "" || t.Total != ""}
	f.Date(input.Join(place, "date"), t.Date)
	figure := func(name string, n ratio.Number) ratio.Ratio {
		r, err := n.Ratio()
		f.Check(input.Join(place, name), err)
		if err == nil && r.Sign() < 0 {
			f.Add(input.Join(place, name), crossholding.ErrRange, "%s %s is below 0", name, string(n))
		}
		return r
	}
	before := f.Count()
	d.shares, d.money, d.fees = figure("shares", t.Shares), figure("total", t.Total), figure("fees", t.Fees)
	if d.shares.IsZero() && f.Count() == before {
		f.Add(input.Join(place, "shares"), crossholding.ErrMissing, "no number of shares")
	}
	if price := figure("price", t.Price); t.Price != "" && f.Count() == before {
		product := price.Mul(d.shares)
		if t.Total == "" {
			d.money = product
		} else if within := unit(t.Price).Mul(d.shares); within.Less(size(product.Sub(d.money))) {
			f.Add(input.Join(place, "total"), crossholding.ErrRange, "%s shares at %s come to %s, but the total is %s",
				d.shares.GroupedDecimal(6), string(t.Price), product.GroupedDecimal(6), d.money.GroupedDecimal(6))
		}
	}
	if d.currency == "" {
		d.currency = a.currency
	}
	if !input.IsCurrency(d.currency) {
		f.Add(input.Join(place, "currency"), crossholding.ErrCurrency, "%q is not a currency such as EUR", input.Abbreviate(d.currency))
	}
	given := figure("rate", t.Rate)
	if t.Rate != "" && given.IsZero() {
		f.Add(input.Join(place, "rate"), crossholding.ErrRange, "a rate of 0")
	}
	if d.currency == a.currency && t.Rate != "" && !given.Equal(one) {
		f.Add(input.Join(place, "rate"), crossholding.ErrRange, "a rate of %s from %s to itself", string(t.Rate), d.currency)
	}
	if f.Count() == before {
		d.rate, d.noRate = a.rateOf(d.currency, d.day, given)
	}
	return d
}

// rateOf returns the units of the account's currency for one unit of a currency on a day.
func (a Account) rateOf(currency string, day date.Date, given ratio.Ratio) (ratio.Ratio, error) {
	switch {
	case currency == a.currency:
		return one, nil
	case !given.IsZero():
		return given, nil
	}
	c, err := a.rates.Convert(money(one, currency), a.currency, day, a.terms)
	return c.Rate, err
}
