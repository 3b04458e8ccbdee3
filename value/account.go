package value

import (
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Method says which lots a sale takes.
type Method string

// These are the methods. The zero value is FIFO.
const (
	MethodFIFO     Method = "fifo"     // the oldest first; lots without a date count as the oldest
	MethodLIFO     Method = "lifo"     // the newest first
	MethodHIFO     Method = "hifo"     // the highest cost per share in the account's currency first
	MethodAverage  Method = "average"  // the same fraction of every lot, which is the average cost
	MethodSpecific Method = "specific" // the lots that the sale names
)

// AccountOptions says how an account is kept. The zero value is the default.
type AccountOptions struct {
	Method Method // default: MethodFIFO
	Rates  *Rates // for trades that state no rate of their own
	Terms  Terms  // how amounts are converted at Rates
}

// Account is one set of books of one position in the shares of one class: its lots with their
// cost, and what was paid and received. [NewAccount] makes it. It is immutable: each method
// that changes something returns a new account. It is safe for concurrent use.
//
// The same position can have several accounts: one at the cost that was paid, as the law on
// annual accounts wants it, and one at the carrying value by the equity method. See [SellAll].
type Account struct {
	name, currency string
	method         Method
	rates          *Rates
	terms          Terms
	lots           []deal // in order of purchase
	flows          []flow
}

// flow is an amount that was received, or paid if it is negative, in the account's currency.
type flow struct {
	day    date.Date
	amount ratio.Ratio
	err    error // why the amount is not known
}

// NewAccount returns an account without shares. The name is for results and errors. It fails
// with [crossholding.ErrCurrency] if currency is not a currency, and with
// [crossholding.ErrUnknown] for an unknown method.
func NewAccount(name, currency string, opt AccountOptions) (Account, error) {
	if !input.IsCurrency(currency) {
		return Account{}, fail(crossholding.ErrCurrency, "account %q: %q is not a currency such as EUR", input.Abbreviate(name), input.Abbreviate(currency))
	}
	if opt.Method == "" {
		opt.Method = MethodFIFO
	}
	methods := []Method{MethodFIFO, MethodLIFO, MethodHIFO, MethodAverage, MethodSpecific}
	if !slices.Contains(methods, opt.Method) {
		return Account{}, fail(crossholding.ErrUnknown, "account %q: method %q, which can be fifo, lifo, hifo, average or specific", input.Abbreviate(name), input.Abbreviate(string(opt.Method)))
	}
	return Account{name: name, currency: currency, method: opt.Method, rates: opt.Rates, terms: opt.Terms}, nil
}

// Name returns the name.
func (a Account) Name() string { return a.name }

// Currency returns the currency of the account.
func (a Account) Currency() string { return a.currency }

// Buy adds purchases, each as a lot. It fails with a [*crossholding.InputError] that has all
// faults. A missing exchange rate is no fault yet: figures that need it fail then.
func (a Account) Buy(trades ...Trade) (Account, error) {
	var f input.Faults
	f.About = a.about()
	lots, flows := slices.Clone(a.lots), slices.Clone(a.flows)
	for i, t := range trades {
		d := a.read(&f, placed("purchases", i), t)
		lots = append(lots, d)
		flows = append(flows, flow{d.day, d.cost().Mul(d.rate).Neg(), a.unknownCost(d)})
	}
	if err := faultsError(&f); err != nil {
		return Account{}, err
	}
	a.lots, a.flows = lots, flows
	return a, nil
}

func (a Account) about() string { return "account " + input.Abbreviate(a.name) }

// cost is what was paid for a lot, fees included.
func (d *deal) cost() ratio.Ratio { return d.money.Add(d.fees) }

// unknownCost says why the cost of a lot in the account's currency is not known, or nil.
func (a Account) unknownCost(d deal) error {
	if !d.known {
		return fail(crossholding.ErrNoCost, "%s: the cost of %s shares of %s is not known", a.about(), d.shares.GroupedDecimal(6), d.day)
	}
	return d.noRate
}

// Shares returns the number of shares.
func (a Account) Shares() ratio.Ratio {
	var sum ratio.Ratio
	for _, d := range a.lots {
		sum = sum.Add(d.shares)
	}
	return sum
}

// Cost returns the cost of all lots in the account's currency, each at the rate of its day,
// with fees. It fails with [crossholding.ErrNoCost] or [crossholding.ErrNoPrice] if a cost or
// a rate is not known.
func (a Account) Cost() (crossholding.Money, error) {
	sum := ratio.Ratio{}
	for _, d := range a.lots {
		if err := a.unknownCost(d); err != nil {
			return crossholding.Money{}, err
		}
		sum = sum.Add(d.cost().Mul(d.rate))
	}
	return money(sum, a.currency), nil
}

// Lot is shares that were bought together. It is plain data.
type Lot struct {
	Date   date.Date          `json:"date,omitempty"`
	Shares ratio.Ratio        `json:"shares"`
	Cost   crossholding.Money `json:"cost"` // as paid, with fees; without a currency if it is not known
	Rate   ratio.Ratio        `json:"rate"` // units of the account's currency for one unit of the cost's; 0 if not known
}

// Lots returns the lots in order of purchase.
func (a Account) Lots() []Lot {
	out := make([]Lot, 0, len(a.lots))
	for _, d := range a.lots {
		l := Lot{Date: d.day, Shares: d.shares, Rate: d.rate}
		if d.known {
			l.Cost = money(d.cost(), d.currency)
		}
		out = append(out, l)
	}
	return out
}

// Carry returns the account with all shares as one lot of a stated carrying value, such as
// the value by the equity method, or the value after an impairment. The value is in the
// account's currency. What was paid and received stays. It fails with
// [crossholding.ErrCurrency] for another currency, with [crossholding.ErrRange] for a negative
// value, with [crossholding.ErrDate] for a bad day, and with [crossholding.ErrNotEnough] if
// there are no shares.
func (a Account) Carry(day date.Date, value crossholding.Money) (Account, error) {
	var f input.Faults
	f.About = a.about()
	f.Date("day", day)
	if err := faultsError(&f); err != nil {
		return Account{}, err
	}
	shares := a.Shares()
	switch {
	case value.Currency != a.currency:
		return Account{}, fail(crossholding.ErrCurrency, "%s is in %s: a carrying value of %s", a.about(), a.currency, value)
	case value.Amount.Sign() < 0:
		return Account{}, fail(crossholding.ErrRange, "%s: a carrying value of %s", a.about(), value)
	case shares.IsZero():
		return Account{}, fail(crossholding.ErrNotEnough, "%s has no shares to carry", a.about())
	}
	a.lots = []deal{{day: day, shares: shares, money: value.Amount, known: true, currency: a.currency, rate: one}}
	return a, nil
}
