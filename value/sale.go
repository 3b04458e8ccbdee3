package value

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Pick names the lots of a specific sale. It is plain data.
type Pick struct {
	Date   date.Date    `json:"date,omitempty"`   // the day of purchase; default: any
	Price  ratio.Number `json:"price,omitempty"`  // the cost per share without fees; default: any
	Shares ratio.Number `json:"shares,omitempty"` // default: all
}

// Sale is a sale of shares. It is plain data.
type Sale struct {
	Trade
	Picks []Pick `json:"picks,omitempty"` // for MethodSpecific
}

// taken is a part of a lot that a sale takes.
type taken struct {
	lot    int
	shares ratio.Ratio
}

// Sell sells shares, and returns the account after the sale and the gain of each lot, in the
// order in which the lots were taken. Each lot gives up its cost in proportion to its shares.
//
// It fails with a [*crossholding.InputError] for a bad trade; with [crossholding.ErrMissing]
// if it has neither a price nor a total; with [crossholding.ErrNotEnough] if there are not
// enough shares; with [crossholding.ErrDate] if a lot that it takes was bought later; with
// [ErrAmbiguous] if a pick fits lots that differ and does not take all of them; and with
// [crossholding.ErrNoCost] for MethodAverage or MethodHIFO if a cost is not known.
func (a Account) Sell(s Sale) (Account, Result, error) {
	var f input.Faults
	f.About = a.about()
	d := a.read(&f, "sale", s.Trade)
	if !d.known {
		f.Add("sale", crossholding.ErrMissing, "a sale of %s shares without a price or a total", string(s.Shares))
	}
	if a.method != MethodSpecific && len(s.Picks) > 0 {
		f.Add("sale.picks", crossholding.ErrRange, "lots are named, but the method is %s", string(a.method))
	}
	if err := faultsError(&f); err != nil {
		return Account{}, Result{}, err
	}
	if left := a.Shares(); left.Less(d.shares) {
		return Account{}, Result{}, fail(crossholding.ErrNotEnough, "%s: a sale of %s shares on %s, of %s that there are", a.about(), d.shares.GroupedDecimal(6), d.day, left.GroupedDecimal(6))
	}
	take, err := a.choose(d, s.Picks)
	if err != nil {
		return Account{}, Result{}, err
	}
	for _, t := range take {
		if lot := a.lots[t.lot]; lot.day > d.day && d.day != "" {
			return Account{}, Result{}, fail(crossholding.ErrDate, "%s: a sale on %s takes %s shares that were bought on %s", a.about(), d.day, t.shares.GroupedDecimal(6), lot.day)
		}
	}
	r := Result{Account: a.name, Currency: a.currency}
	for _, t := range take {
		r.Gains = append(r.Gains, a.gain(a.lots[t.lot].part(t.shares), d.part(t.shares)))
	}
	a.lots = a.without(take)
	a.flows = append(slices.Clone(a.flows), flow{d.day, d.proceeds().Mul(d.rate), d.noRate})
	return a, r, nil
}

// proceeds is what a sale brought, less fees.
func (d *deal) proceeds() ratio.Ratio { return d.money.Sub(d.fees) }

// part returns the part of a deal that n of its shares have.
func (d deal) part(n ratio.Ratio) deal {
	f := n.Div(d.shares)
	d.shares, d.money, d.fees = n, d.money.Mul(f), d.fees.Mul(f)
	return d
}

// without returns the lots that are left.
func (a Account) without(take []taken) []deal {
	lots := slices.Clone(a.lots)
	for _, t := range take {
		if left := lots[t.lot].shares.Sub(t.shares); !left.IsZero() {
			lots[t.lot] = lots[t.lot].part(left)
		} else {
			lots[t.lot] = deal{}
		}
	}
	return slices.DeleteFunc(lots, func(d deal) bool { return d.shares.IsZero() })
}

// choose returns what a sale takes of which lots, each lot once.
func (a Account) choose(d deal, picks []Pick) ([]taken, error) {
	switch a.method {
	case MethodSpecific:
		return a.pick(d, picks)
	case MethodAverage, MethodHIFO:
		if _, err := a.Cost(); err != nil {
			return nil, fmt.Errorf("%w (a sale by the method %s)", err, a.method)
		}
	}
	order := make([]int, len(a.lots))
	for i := range order {
		order[i] = i
	}
	if a.method == MethodAverage {
		return a.drain(order, d.shares, d.shares.Div(a.Shares())), nil
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := a.lots[i], a.lots[j]
		switch a.method {
		case MethodLIFO:
			return cmp.Compare(y.day, x.day)
		case MethodHIFO:
			return cmp.Or(y.perShare().Cmp(x.perShare()), cmp.Compare(x.day, y.day))
		}
		return cmp.Compare(x.day, y.day)
	})
	return a.drain(order, d.shares, one), nil
}

// perShare is the cost of a share in the account's currency.
func (d deal) perShare() ratio.Ratio { return d.cost().Mul(d.rate).Div(d.shares) }

// drain takes n shares out of lots in order, of each lot at most a fraction.
func (a Account) drain(order []int, n, fraction ratio.Ratio) []taken {
	var out []taken
	for _, i := range order {
		t := ratio.Min(a.lots[i].shares.Mul(fraction), n)
		if !t.IsZero() {
			out = append(out, taken{i, t})
			n = n.Sub(t)
		}
	}
	return out
}

// pick finds the lots that a specific sale names.
func (a Account) pick(d deal, picks []Pick) ([]taken, error) {
	var out []taken
	var faults []error
	open := d.shares
	for i, p := range picks {
		t, err := a.match(placed("sale.picks", i), p, out)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		for _, x := range t {
			open = open.Sub(x.shares)
		}
		out = append(out, t...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	if !open.IsZero() {
		return nil, fail(crossholding.ErrNotEnough, "%s: the lots named have %s shares, and the sale %s", a.about(), d.shares.Sub(open).GroupedDecimal(6), d.shares.GroupedDecimal(6))
	}
	return out, nil
}

// match returns what one pick takes. Lots in used are taken already.
func (a Account) match(place string, p Pick, used []taken) ([]taken, error) {
	var f input.Faults
	f.About = a.about()
	f.Date(place+".date", p.Date)
	price, err := p.Price.Ratio()
	f.Check(place+".price", err)
	n, err := p.Shares.Ratio()
	f.Check(place+".shares", err)
	if err := faultsError(&f); err != nil {
		return nil, err
	}
	var fit []int
	total := ratio.Ratio{}
	for i, lot := range a.lots {
		if p.Date != "" && lot.day != p.Date || p.Price != "" && (!lot.known || !lot.money.Div(lot.shares).Equal(price)) ||
			slices.ContainsFunc(used, func(t taken) bool { return t.lot == i }) {
			continue
		}
		fit, total = append(fit, i), total.Add(lot.shares)
	}
	if p.Shares == "" {
		n = total
	}
	if len(fit) == 0 || n.Sign() <= 0 || total.Less(n) {
		return nil, fail(crossholding.ErrNotEnough, "%s: %s names %s shares%s, and there are %s", a.about(), place, n.GroupedDecimal(6), p.words(), total.GroupedDecimal(6))
	}
	if n.Less(total) && slices.ContainsFunc(fit[1:], func(i int) bool { return !alike(a.lots[fit[0]], a.lots[i]) }) {
		return nil, fail(ErrAmbiguous, "%s: %s names %s of %s shares%s, which were bought in %d lots that differ; name the day and the price of a lot, or all of them",
			a.about(), place, n.GroupedDecimal(6), total.GroupedDecimal(6), p.words(), len(fit))
	}
	return a.drain(fit, n, one), nil
}

func (p Pick) words() string {
	out := ""
	if p.Date != "" {
		out += " of " + p.Date.String()
	}
	if p.Price != "" {
		out += " at " + string(p.Price)
	}
	return out
}

// alike reports whether shares of two lots are the same for a sale.
func alike(x, y deal) bool {
	return x.day == y.day && x.known == y.known && x.currency == y.currency && x.rate.Equal(y.rate) &&
		x.cost().Div(x.shares).Equal(y.cost().Div(y.shares))
}

// SellAll makes one sale in several sets of books of one position. It returns the accounts
// after it and the result of each, in the order given. It fails with the errors of
// [Account.Sell] of all accounts in which it is not possible, and then changes none.
func SellAll(accounts []Account, s Sale) ([]Account, []Result, error) {
	after, results := make([]Account, len(accounts)), make([]Result, len(accounts))
	errs := make([]error, len(accounts))
	for i, a := range accounts {
		after[i], results[i], errs[i] = a.Sell(s)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	return after, results, nil
}
