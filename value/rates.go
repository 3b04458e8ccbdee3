package value

import (
	"cmp"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Rate is the exchange rate of a pair on a day. It is plain data. It has Mid, or Bid and Ask,
// or all three, each above 0 and with Bid ≤ Mid ≤ Ask. Without Mid, the middle is
// (Bid + Ask)/2.
type Rate struct {
	Day    date.Date    `json:"day,omitempty"`
	Pair   string       `json:"pair"`          // "EUR/JPY": yen for one euro
	Mid    ratio.Number `json:"mid,omitempty"` // a reference rate or a middle rate
	Bid    ratio.Number `json:"bid,omitempty"` // what one who sells euros gets
	Ask    ratio.Number `json:"ask,omitempty"` // what one who buys euros pays
	Source string       `json:"source,omitempty"`
}

// RateOptions says when rates contradict one another. The zero value is the default.
type RateOptions struct {
	// Spread is how far going round two or more currencies may lead away from 1, beyond
	// what bids, asks and the digits of the rates explain: 1/1000 for 0.1%. Default: 0.
	Spread ratio.Ratio
}

// maxRates is the largest number of rates of a table, and maxRatesOfDay that of one day.
const (
	maxRates      = 1_000_000
	maxRatesOfDay = 1000
)

// Rates is a table of exchange rates by day and pair. [NewRates] makes it. It is immutable
// and safe for concurrent use. A nil table and the zero value have no rates.
type Rates struct {
	days map[date.Date]map[string]*quote // by pair
	list map[string][]date.Date          // the days of each pair, ascending
}

// quote is a rate that was read. The true rate lies within lo and hi.
type quote struct {
	Rate
	bid, mid, ask ratio.Ratio
	sided         bool // bid and ask are given
	lo, hi        ratio.Ratio
}

// NewRates checks a table of rates. It fails with a [*crossholding.InputError] that names
// all bad and repeated rates, and with faults of kind [ErrContradiction] for two rates of
// a pair, such as EUR/JPY 140.66 and JPY/EUR 0.5, and for triangles of currencies that
// contradict one another on one day by more than the spread.
//
// A rate stands for all rates that it can be rounded from, though for no more than 0.5% to
// either side. A bid and an ask stand for all rates between them. Rates contradict one
// another if no choice of such rates leads round within the spread: with s the spread, all
// products lie above 1+s, or all below 1/(1+s). Longer loops, of up to ten currencies, are
// tested if one rate closes them beside the fewest steps that connect the currencies.
func NewRates(list []Rate, opt RateOptions) (*Rates, error) {
	var f input.Faults
	if opt.Spread.Sign() < 0 {
		f.Add("options.spread", crossholding.ErrRange, "spread %s is below 0", opt.Spread)
	}
	if len(list) > maxRates {
		f.Add("rates", crossholding.ErrTooLarge, "%d rates; at most %d are read", len(list), maxRates)
		return nil, faultsError(&f)
	}
	r := &Rates{days: map[date.Date]map[string]*quote{}, list: map[string][]date.Date{}}
	for i, rate := range list {
		if q := readQuote(&f, placed("rates", i), rate); q != nil {
			r.add(&f, placed("rates", i), q)
		}
	}
	for _, days := range r.list {
		slices.Sort(days)
	}
	for _, day := range sortedKeys(r.days) {
		checkDay(&f, day, r.days[day], opt.Spread)
	}
	if err := faultsError(&f); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Rates) add(f *input.Faults, place string, q *quote) {
	day := r.days[q.Day]
	if day == nil {
		day = map[string]*quote{}
		r.days[q.Day] = day
	}
	switch first := day[q.Pair]; {
	case first != nil:
		f.Add(place, crossholding.ErrDuplicate, "%s of %s is given twice: %s and %s", q.Pair, q.Day, first.text(), q.text())
	case len(day) == maxRatesOfDay:
		f.Add(place, crossholding.ErrTooLarge, "%s has more than %d rates", q.Day, maxRatesOfDay)
	default:
		day[q.Pair] = q
		r.list[q.Pair] = append(r.list[q.Pair], q.Day)
	}
}

// readQuote reads a rate, and returns nil if it has a fault.
func readQuote(f *input.Faults, place string, rate Rate) *quote {
	before := f.Count()
	f.Date(place+".day", rate.Day)
	if from, to, ok := strings.Cut(rate.Pair, "/"); !ok || !input.IsCurrency(from) || !input.IsCurrency(to) || from == to {
		f.Add(place+".pair", crossholding.ErrCurrency, "%q is not a pair of currencies such as EUR/JPY", input.Abbreviate(rate.Pair))
	}
	q := &quote{Rate: rate, sided: rate.Bid != "" && rate.Ask != ""}
	for _, x := range []struct {
		name string
		n    ratio.Number
		to   *ratio.Ratio
	}{{"mid", rate.Mid, &q.mid}, {"bid", rate.Bid, &q.bid}, {"ask", rate.Ask, &q.ask}} {
		if x.n == "" {
			continue
		}
		r, err := x.n.Ratio()
		f.Check(place+"."+x.name, err)
		if *x.to = r; err == nil && r.Sign() <= 0 {
			f.Add(place+"."+x.name, crossholding.ErrRange, "%s of %s is %s, which is not above 0", x.name, rate.Pair, string(x.n))
		}
	}
	switch {
	case rate.Mid == "" && !q.sided:
		f.Add(place, crossholding.ErrMissing, "%s of %s has no mid, and not both of bid and ask", input.Abbreviate(rate.Pair), rate.Day)
	case (rate.Bid == "") != (rate.Ask == ""):
		f.Add(place, crossholding.ErrMissing, "%s of %s has a bid or an ask without the other", input.Abbreviate(rate.Pair), rate.Day)
	case f.Count() == before:
		q.complete(f, place)
	}
	if f.Count() > before {
		return nil
	}
	return q
}

// complete fills in the middle and what the rate stands for.
func (q *quote) complete(f *input.Faults, place string) {
	if q.Mid == "" {
		q.mid = q.bid.Add(q.ask).Div(ratio.Int(2))
	}
	if q.sided && (q.ask.Less(q.bid) || q.mid.Less(q.bid) || q.ask.Less(q.mid)) {
		f.Add(place, crossholding.ErrRange, "%s of %s: %s: a bid is at most the middle, and the middle at most the ask", q.Pair, q.Day, q.text())
	}
	if q.sided {
		q.lo, q.hi = q.bid.Sub(slack(q.Bid, q.bid)), q.ask.Add(slack(q.Ask, q.ask))
		return
	}
	d := slack(q.Mid, q.mid)
	q.lo, q.hi = q.mid.Sub(d), q.mid.Add(d)
}

// slack is half a unit of the last digit of n, which is r, and at most 0.5% of r.
func slack(n ratio.Number, r ratio.Ratio) ratio.Ratio {
	half := unit(n).Mul(ratio.Of(1, 2))
	if most := r.Mul(ratio.Of(1, 200)); most.Less(half) {
		return most
	}
	return half
}

// unit is one unit of the last digit of a number, or 0 for a number that hides it.
func unit(n ratio.Number) ratio.Ratio {
	if strings.ContainsAny(string(n), "eE/") {
		return ratio.Ratio{}
	}
	_, decimals, _ := strings.Cut(string(n), ".")
	u := one
	for range len(decimals) {
		u = u.Mul(ratio.Of(1, 10))
	}
	return u
}

// text shows the figures as they were given.
func (q *quote) text() string {
	var parts []string
	if q.Mid != "" {
		parts = append(parts, string(q.Mid))
	}
	if q.sided {
		parts = append(parts, "bid "+string(q.Bid)+", ask "+string(q.Ask))
	}
	return strings.Join(parts, ", ")
}

// RatesOf returns the exchange rates of a market as rates of a day, sorted by pair, for
// [NewRates].
func RatesOf(m crossholding.Market, day date.Date) []Rate {
	out := make([]Rate, 0, len(m.FX))
	for _, pair := range sortedKeys(m.FX) {
		out = append(out, Rate{Day: day, Pair: pair, Mid: m.FX[pair]})
	}
	return out
}

// ByDay returns the middle rates by day and pair, in the form of [crossholding.Market.FX]
// and of [crossholding.ValuationOptions.LotFX].
func (r *Rates) ByDay() map[date.Date]map[string]ratio.Number {
	out := map[date.Date]map[string]ratio.Number{}
	if r == nil {
		return out
	}
	for day, quotes := range r.days {
		out[day] = make(map[string]ratio.Number, len(quotes))
		for pair, q := range quotes {
			out[day][pair] = q.mid.Number()
		}
	}
	return out
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
