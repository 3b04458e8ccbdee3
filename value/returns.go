package value

import (
	"cmp"
	"slices"
	"time"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Flow is a payment on a day: received, or paid if it is negative. It is plain data.
type Flow struct {
	Date   date.Date          `json:"date"`
	Amount crossholding.Money `json:"amount"`
}

// Flows returns what was paid for shares, with fees, and received for them and on them, in
// the account's currency at the rate of each day, in the order of the days. It fails with
// [crossholding.ErrNoCost] or [crossholding.ErrNoPrice] if an amount is not known.
func (a Account) Flows() ([]Flow, error) {
	out := make([]Flow, 0, len(a.flows))
	for _, f := range a.flows {
		if f.err != nil {
			return nil, f.err
		}
		out = append(out, Flow{f.day, money(f.amount, a.currency)})
	}
	slices.SortStableFunc(out, func(x, y Flow) int { return cmp.Compare(x.Date, y.Date) })
	return out, nil
}

// FlowsTo returns the flows of [Account.Flows] and, as the last one, what the shares are worth
// at a quote, if there are any. Its errors are those of [Account.Flows] and [Account.Value].
func (a Account) FlowsTo(q Quote) ([]Flow, error) {
	flows, err := a.Flows()
	if err != nil || a.Shares().IsZero() {
		return flows, err
	}
	worth, err := a.Value(q)
	if err != nil {
		return nil, err
	}
	return append(flows, Flow{q.Date, worth}), nil
}

// Multiple returns all that was received divided by all that was paid. 2 means that the money
// has doubled. It fails with [crossholding.ErrCurrency] for payments in several currencies,
// and with [ratio.ErrDivisionByZero] if nothing was paid.
func Multiple(flows []Flow) (ratio.Ratio, error) {
	var paid, received ratio.Ratio
	for _, f := range flows {
		if err := sameCurrency("multiple", flows[0].Amount, f.Amount); err != nil {
			return ratio.Ratio{}, err
		}
		if f.Amount.Amount.Sign() < 0 {
			paid = paid.Sub(f.Amount.Amount)
		} else {
			received = received.Add(f.Amount.Amount)
		}
	}
	if paid.IsZero() {
		return ratio.Ratio{}, fail(ratio.ErrDivisionByZero, "a multiple of %d payments, of which none was paid", len(flows))
	}
	return received.Div(paid), nil
}

// payments is the flows by day: the days from the first one, ascending, and the amounts,
// none of them 0.
type payments struct {
	days    []int
	amounts []ratio.Ratio
}

// maxFlows is the largest number of payments of a rate of return, and maxDays the longest
// time between them.
const (
	maxFlows = 1_000_000
	maxDays  = 200 * daysOfYear
)

// readFlows adds up the payments of each day.
func readFlows(flows []Flow) (payments, error) {
	var f input.Faults
	if len(flows) > maxFlows {
		return payments{}, fail(crossholding.ErrTooLarge, "%d payments; at most %d are read", len(flows), maxFlows)
	}
	type payment struct {
		day    int // since 1970
		amount ratio.Ratio
	}
	list := make([]payment, 0, len(flows))
	for i, x := range flows {
		at, err := time.Parse(time.DateOnly, string(x.Date))
		if err != nil {
			f.Add(placed("flows", i), crossholding.ErrDate, "%q is not a day; a rate of return needs the day of each payment", string(x.Date))
			continue
		}
		if x.Amount.Currency != flows[0].Amount.Currency {
			f.Add(placed("flows", i), crossholding.ErrCurrency, "%s is not in the currency of %s; convert one of them at a rate", x.Amount, flows[0].Amount)
		}
		list = append(list, payment{int(at.Unix() / 86400), x.Amount.Amount})
	}
	if err := faultsError(&f); err != nil {
		return payments{}, err
	}
	slices.SortStableFunc(list, func(x, y payment) int { return cmp.Compare(x.day, y.day) })
	var p payments
	first := 0
	for i := 0; i < len(list); {
		day, sum := list[i].day, list[i].amount
		for i++; i < len(list) && list[i].day == day; i++ {
			sum = sum.Add(list[i].amount)
		}
		if sum.IsZero() {
			continue
		}
		if len(p.days) == 0 {
			first = day
		}
		p.days, p.amounts = append(p.days, day-first), append(p.amounts, sum)
	}
	if n := len(p.days); n > 0 && p.days[n-1] > maxDays {
		return payments{}, fail(crossholding.ErrTooLarge, "payments over %d days; at most %d years are read", p.days[n-1], maxDays/daysOfYear)
	}
	return p, nil
}
