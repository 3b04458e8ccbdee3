package value

import (
	"cmp"
	"encoding/json"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/told"
	"github.com/crossholding/crossholding/ratio"
)

// Split is a gain in the account's currency and its parts. With cost c, proceeds s in the
// currency of the lot, and the rates r₀ on the day of purchase and r₁ on the day of sale,
// Total = s·r₁ - c·r₀, and Price + Currency + Joint = Total exactly. It is plain data.
type Split struct {
	Total    crossholding.Money `json:"total,omitzero"`
	Price    crossholding.Money `json:"price,omitzero"`    // (s - c)·r₀: the gain in the lot's currency at the rate of purchase
	Currency crossholding.Money `json:"currency,omitzero"` // c·(r₁ - r₀): what the change of the rate adds to the cost
	Joint    crossholding.Money `json:"joint,omitzero"`    // (s - c)·(r₁ - r₀): what both changes add together
}

// Gain is what shares of one lot brought, or would bring, less what they cost. It is an
// immutable value. In JSON, amounts that are not known are left out, and the reasons are texts.
type Gain struct {
	Lot      date.Date          `json:"lot,omitempty"` // the day of purchase
	Shares   ratio.Ratio        `json:"shares"`
	Cost     crossholding.Money `json:"cost,omitzero"`     // as paid, with fees
	Proceeds crossholding.Money `json:"proceeds,omitzero"` // less fees; in the currency of Cost where both are known
	Local    crossholding.Money `json:"local,omitzero"`    // Proceeds - Cost, in the currency of the lot
	Split                       // in the currency of the account
	// Unknown says why Total is not known; it is nil if it is. It is [crossholding.ErrNoCost]
	// or [crossholding.ErrNoPrice].
	Unknown error `json:"-"`
	// Unsplit says why Local and the parts of Total are not known: of lots that were paid in
	// another currency than the sale, the table has no rate on the day of the sale. It is nil
	// if they are known.
	Unsplit error `json:"-"`
}

// MarshalJSON writes the gain with the reasons for what is not known.
func (g Gain) MarshalJSON() ([]byte, error) {
	type plain Gain
	return json.Marshal(struct {
		plain
		Unknown string `json:"unknown,omitempty"`
		Unsplit string `json:"unsplit,omitempty"`
	}{plain(g), told.Reason(g.Unknown), told.Reason(g.Unsplit)})
}

// Result is the gains of one account. It is an immutable value.
type Result struct {
	Account  string `json:"account"`
	Currency string `json:"currency"`
	Gains    []Gain `json:"gains"`
}

// Total adds up the gains. It fails with the reason of the first gain that is not known.
func (r Result) Total() (crossholding.Money, error) {
	sum := money(ratio.Ratio{}, r.Currency)
	for _, g := range r.Gains {
		if g.Unknown != nil {
			return crossholding.Money{}, g.Unknown
		}
		sum.Amount = sum.Amount.Add(g.Total.Amount)
	}
	return sum, nil
}

// Sum adds up the gains and each of their parts. It fails with the reason of the first gain
// or part that is not known.
func (r Result) Sum() (Split, error) {
	s := split(r.Currency, ratio.Ratio{}, ratio.Ratio{}, ratio.Ratio{})
	for _, g := range r.Gains {
		if err := cmp.Or(g.Unknown, g.Unsplit); err != nil {
			return Split{}, err
		}
		s = split(r.Currency, s.Price.Amount.Add(g.Price.Amount), s.Currency.Amount.Add(g.Currency.Amount), s.Joint.Amount.Add(g.Joint.Amount))
	}
	return s, nil
}

func split(currency string, price, effect, joint ratio.Ratio) Split {
	return Split{
		Total: money(price.Add(effect).Add(joint), currency), Price: money(price, currency),
		Currency: money(effect, currency), Joint: money(joint, currency),
	}
}

// gain computes the gain of a lot that is sold as a whole.
func (a Account) gain(lot, sale deal) Gain {
	g := Gain{Lot: lot.day, Shares: lot.shares, Proceeds: money(sale.proceeds(), sale.currency)}
	if lot.known {
		g.Cost = money(lot.cost(), lot.currency)
	}
	if g.Unknown = cmp.Or(a.unknownCost(lot), sale.noRate); g.Unknown != nil {
		return g
	}
	brought, cost := sale.proceeds().Mul(sale.rate), lot.cost()
	g.Total = money(brought.Sub(cost.Mul(lot.rate)), a.currency)
	now := sale.rate
	if lot.currency != sale.currency {
		if now, g.Unsplit = a.rateOf(lot.currency, sale.day, ratio.Ratio{}); g.Unsplit != nil {
			return g
		}
	}
	proceeds, drift := brought.Div(now), now.Sub(lot.rate)
	local := proceeds.Sub(cost)
	g.Proceeds, g.Local = money(proceeds, lot.currency), money(local, lot.currency)
	g.Split = split(a.currency, local.Mul(lot.rate), cost.Mul(drift), local.Mul(drift))
	return g
}

// Quote is the price of a share on a day. It is plain data.
type Quote struct {
	Date     date.Date    `json:"date,omitempty"`
	Price    ratio.Number `json:"price"`              // "568.5 JPY", or "568.5" with Currency
	Currency string       `json:"currency,omitempty"` // default: the account's
	Rate     ratio.Number `json:"rate,omitempty"`     // as in Trade
}

// quoted returns all shares at a quote, as a deal.
func (a Account) quoted(q Quote) (deal, error) {
	var f input.Faults
	f.About = a.about()
	d := a.read(&f, "quote", Trade{Date: q.Date, Shares: "1", Price: q.Price, Currency: q.Currency, Rate: q.Rate})
	if q.Price == "" {
		f.Add("quote.price", crossholding.ErrNoPrice, "no price")
	}
	if err := faultsError(&f); err != nil {
		return deal{}, err
	}
	d.money, d.shares = d.money.Mul(a.Shares()), a.Shares()
	return d, nil
}

// Unrealised returns the gain of each lot if its shares were sold at a quote, without fees.
// It fails with a [*crossholding.InputError] for a bad quote.
func (a Account) Unrealised(q Quote) (Result, error) {
	d, err := a.quoted(q)
	if err != nil {
		return Result{}, err
	}
	r := Result{Account: a.name, Currency: a.currency, Gains: []Gain{}}
	for _, lot := range a.lots {
		r.Gains = append(r.Gains, a.gain(lot, d.part(lot.shares)))
	}
	return r, nil
}

// Value returns the shares at a quote, in the account's currency. It fails with a
// [*crossholding.InputError] for a bad quote, and with [crossholding.ErrNoPrice] without an
// exchange rate.
func (a Account) Value(q Quote) (crossholding.Money, error) {
	d, err := a.quoted(q)
	if err == nil {
		err = d.noRate
	}
	return money(d.money.Mul(d.rate), a.currency), err
}

// Dividend is a payment on the shares. It has either PerShare or Total. It is plain data.
type Dividend struct {
	Date     date.Date    `json:"date,omitempty"`
	PerShare ratio.Number `json:"per_share,omitempty"` // on all shares of the account
	Total    ratio.Number `json:"total,omitempty"`     // of the whole payment
	Currency string       `json:"currency,omitempty"`  // default: the account's
	Rate     ratio.Number `json:"rate,omitempty"`      // as in Trade
}

// Receive adds a dividend, and returns it in the account's currency. It fails with a
// [*crossholding.InputError] for a bad dividend, for one with both or neither of PerShare and
// Total, and for one per share without shares; and with [crossholding.ErrNoPrice] without an
// exchange rate.
func (a Account) Receive(v Dividend) (Account, crossholding.Money, error) {
	var f input.Faults
	f.About = a.about()
	t := Trade{Date: v.Date, Shares: "1", Price: v.PerShare, Currency: v.Currency, Rate: v.Rate}
	shares := a.Shares()
	if v.PerShare == "" {
		t.Total, shares = v.Total, one
	}
	d := a.read(&f, "dividend", t)
	if (v.PerShare == "") == (v.Total == "") {
		f.Add("dividend", crossholding.ErrMissing, "per_share %q and total %q; give one of them", string(v.PerShare), string(v.Total))
	}
	if shares.IsZero() {
		f.Add("dividend", crossholding.ErrNotEnough, "a dividend of %s a share on no shares", string(v.PerShare))
	}
	if err := faultsError(&f); err != nil {
		return Account{}, crossholding.Money{}, err
	}
	if d.noRate != nil {
		return Account{}, crossholding.Money{}, d.noRate
	}
	paid := d.money.Mul(shares).Mul(d.rate)
	a.flows = append(slices.Clone(a.flows), flow{day: d.day, amount: paid})
	return a, money(paid, a.currency), nil
}
