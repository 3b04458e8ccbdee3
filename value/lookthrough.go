package value

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// Figures is what is known of the companies of a book. It is plain data.
type Figures struct {
	// Market has the prices of shares, as [crossholding.Alliance.Value] takes them, and the
	// exchange rates. A company with a price is worth what its outstanding shares are worth.
	Market crossholding.Market `json:"market"`
	// Own has the value of a company's own business, without its stakes in companies of the
	// book: "150 EUR", or "-4.2" in Currency. It is for companies whose shares have no price.
	// It can be negative, such as for a company with net debt.
	Own map[string]string `json:"own,omitempty"`
	// Currency is the currency of every result. Default: the market's.
	Currency string `json:"currency,omitempty"`
}

// LookThrough has the values of all companies of an alliance: of their own business, and of
// their shares. [NewLookThrough] makes it. It is immutable and safe for concurrent use. The
// zero value has no companies.
type LookThrough struct {
	a        *crossholding.Alliance
	currency string
	companies
	equity []Equity
	at     map[string]int
}

// companies is the graph of the companies that have shares, and the stakes that they have in
// one another.
type companies struct {
	g        crossholding.Graph
	held     map[int32][]crossholding.Holding // by company held: the fraction of its value that each company has
	holds    map[int32][]crossholding.Holding // the same by holder; Node is then the company held
	others   map[int32][]crossholding.Holding // by company held: what parties outside have, floats left out
	stakes   map[[2]int32]ratio.Ratio         // holder, company: the value of the stake
	gross    map[int32]ratio.Ratio            // where it is known
	own      map[int32]ratio.Ratio
	unknown  map[int32]error  // why gross is not known
	byClass  map[int32]bool   // classes have prices of their own
	priceKey map[int32]string // of companies with a price, its key in the market
}

// Equity is what one company is worth. It is an immutable value. Its figures are in Currency.
type Equity struct {
	Company  string
	Currency string
	Priced   bool        // the gross value comes from the price of the shares
	Held     ratio.Ratio // the fraction of the gross value that companies of the book hold
	Shares   ratio.Ratio // outstanding, of all classes; 0 if the book knows only percentages

	own, gross   ratio.Ratio
	noOwn, noVal error
}

// Own returns the value of the company's own business, which is the gross value less its
// stakes in companies of the book. It is also called the stub value. It is negative if the
// market pays less for the company than for its stakes. It fails with
// [crossholding.ErrNoPrice] if a figure is missing, and names the companies.
func (e Equity) Own() (crossholding.Money, error) { return e.figure(e.own, e.noOwn) }

// Gross returns the value of all outstanding shares: the own business and the stakes. It
// fails with [crossholding.ErrNoPrice] if a figure is missing.
func (e Equity) Gross() (crossholding.Money, error) { return e.figure(e.gross, e.noVal) }

// Stakes returns the value of the company's stakes in companies of the book. It fails with
// [crossholding.ErrNoPrice] if a figure is missing.
func (e Equity) Stakes() (crossholding.Money, error) {
	if e.noVal != nil {
		return e.figure(ratio.Ratio{}, e.noVal)
	}
	return e.figure(e.gross.Sub(e.own), e.noOwn)
}

// External returns the part of the gross value that belongs to owners who are not companies
// of the book. It fails with [crossholding.ErrNoPrice] if a figure is missing.
func (e Equity) External() (crossholding.Money, error) {
	return e.figure(e.gross.Mul(one.Sub(e.Held)), e.noVal)
}

// Condition returns by how many percent the value of the own business changes at most if
// prices change by one percent, each in its own direction: (gross + stakes) / |own|, for a
// company whose gross value comes from a price. It is large where the two nearly cancel. It
// fails with [ratio.ErrDivisionByZero] if the own business is worth 0.
func (e Equity) Condition() (ratio.Ratio, error) {
	if _, err := e.Own(); err != nil {
		return ratio.Ratio{}, err
	}
	if e.own.IsZero() {
		return ratio.Ratio{}, fail(ratio.ErrDivisionByZero, "the own business of %s is worth 0", e.Company)
	}
	return size(e.gross).Add(size(e.gross.Sub(e.own))).Div(size(e.own)), nil
}

// PerShare returns an amount divided by the outstanding shares of all classes. It fails with
// [crossholding.ErrMissing] if the book does not know them.
func (e Equity) PerShare(m crossholding.Money) (crossholding.Money, error) {
	if e.Shares.IsZero() {
		return crossholding.Money{}, fail(crossholding.ErrMissing, "the number of shares of %s is not known", e.Company)
	}
	return money(m.Amount.Div(e.Shares), m.Currency), nil
}

func (e Equity) figure(r ratio.Ratio, err error) (crossholding.Money, error) {
	if err != nil {
		return crossholding.Money{}, err
	}
	return money(r, e.Currency), nil
}

// NewLookThrough computes the values of all companies with shares.
//
// A company with a price has v = the value of its outstanding shares, and p = v less its
// stakes. A company with a value of its own business has p, and v = p plus its stakes. The
// unknown values solve the linear equations v = p + C·v exactly. A stake in a company with a
// price counts at the prices of its classes; one in a company without a price counts at its
// part of the dividends. A negative value is passed on as it is: debt and default are the
// subject of package clearing.
//
// A company with neither is no error here: those figures that need it fail, and name it.
//
// It fails with a [*crossholding.InputError] if a figure is bad or a company has both; with
// [crossholding.ErrCurrency] if no currency is stated; with a
// [*crossholding.NoOutsideOwnerError] if companies without a price own one another
// completely; with a [*crossholding.BandsError] if the book has bands; and with the context's
// error when it ends.
func NewLookThrough(ctx context.Context, a *crossholding.Alliance, fig Figures) (*LookThrough, error) {
	ctx = progress.OrBackground(ctx)
	if err := stopped(ctx); err != nil {
		return nil, err
	}
	if fig.Currency == "" {
		fig.Currency = fig.Market.Currency
	}
	if fig.Currency == "" {
		return nil, fail(crossholding.ErrCurrency, "neither the figures nor the market state a currency")
	}
	v, err := a.Value(fig.Market, crossholding.ValuationOptions{Currency: fig.Currency})
	if err != nil {
		return nil, err
	}
	c := companies{
		g: a.Graph(), held: map[int32][]crossholding.Holding{}, holds: map[int32][]crossholding.Holding{}, others: map[int32][]crossholding.Holding{},
		stakes: map[[2]int32]ratio.Ratio{}, gross: map[int32]ratio.Ratio{}, own: map[int32]ratio.Ratio{}, unknown: map[int32]error{},
		priceKey: map[int32]string{}, byClass: map[int32]bool{},
	}
	c.findPrices(fig.Market)
	if err := c.read(fig, v); err != nil {
		return nil, err
	}
	if err := c.value(ctx, v); err != nil {
		return nil, err
	}
	return c.result(a, fig), nil
}

// read reads the values of own businesses.
func (c *companies) read(fig Figures, v *crossholding.Valuation) error {
	var f input.Faults
	for _, id := range sortedKeys(fig.Own) {
		place := "own." + id
		i, err := c.g.Company(id)
		if err != nil {
			f.Add(place, crossholding.ErrUnknown, "%q is not a company of the book that has shares", input.Abbreviate(id))
			continue
		}
		if key, priced := c.priceKey[i]; priced {
			f.Add(place, crossholding.ErrDuplicate, "%s has a value of its own business, %s, and a price of its shares, %s; give one of them", id, fig.Own[id], fig.Market.Prices[key])
			continue
		}
		m, ok := readMoney(&f, place, fig.Own[id], fig.Currency)
		if !ok {
			continue
		}
		converted, err := v.Convert(m, fig.Currency)
		if err != nil {
			f.Add(place, crossholding.ErrNoPrice, "%v", err)
		}
		c.own[i] = converted.Amount
	}
	return faultsError(&f)
}

// findPrices finds the companies that have a price, and the first key of each. A key is the
// id of a company, or an id and a class; ids can contain slashes.
func (c *companies) findPrices(m crossholding.Market) {
	for _, key := range sortedKeys(m.Prices) {
		j, err := c.g.Company(key)
		for end := len(key) - 1; err != nil && end > 0; end-- {
			if key[end] == '/' {
				j, err = c.g.Company(key[:end])
			}
		}
		if err != nil {
			continue
		}
		if _, found := c.priceKey[j]; !found {
			c.priceKey[j] = key
		}
		c.byClass[j] = c.byClass[j] || key != c.g.ID(j)
	}
}

// readMoney reads an amount such as "-4.2 EUR".
func readMoney(f *input.Faults, place, text, def string) (crossholding.Money, bool) {
	amount, currency, ok := strings.Cut(text, " ")
	if !ok {
		currency = def
	}
	r, err := ratio.Number(amount).Ratio()
	if f.Check(place, err); err == nil && (amount == "" || !input.IsCurrency(currency)) {
		f.Add(place, crossholding.ErrCurrency, "%q is not an amount such as \"150 EUR\"", input.Abbreviate(text))
		return crossholding.Money{}, false
	}
	return money(r, currency), err == nil
}

// list yields the companies that have shares.
func (c *companies) list(yield func(int32) bool) {
	for i := range int32(c.g.Len()) {
		if c.g.HasShares(i) && !yield(i) {
			return
		}
	}
}

// result makes the figures of each company.
func (c *companies) result(a *crossholding.Alliance, fig Figures) *LookThrough {
	l := &LookThrough{a: a, currency: fig.Currency, companies: *c, at: map[string]int{}}
	for i := range c.list {
		e := Equity{Company: c.g.ID(i), Currency: fig.Currency, own: c.own[i], gross: c.gross[i], noVal: c.unknown[i]}
		_, e.Priced = c.priceKey[i]
		if issued, treasury := c.g.Issued(i); !c.g.InPercent(i) {
			e.Shares = issued.Sub(treasury)
		}
		for _, h := range c.held[i] {
			e.Held = e.Held.Add(h.Amount)
		}
		if _, given := c.own[i]; !given {
			if e.noOwn = e.noVal; e.noVal == nil {
				e.own, e.noOwn = c.rest(i)
			}
		}
		l.at[e.Company] = len(l.equity)
		l.equity = append(l.equity, e)
	}
	return l
}

// rest returns the gross value of a company less its stakes.
func (c *companies) rest(i int32) (ratio.Ratio, error) {
	own, missing := c.gross[i], []string{}
	for _, h := range c.holds[i] {
		if c.unknown[h.Node] != nil {
			missing = append(missing, c.g.ID(h.Node))
		}
		own = own.Sub(c.stakes[[2]int32{i, h.Node}])
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return ratio.Ratio{}, noPrice("the own business of "+c.g.ID(i), missing)
	}
	return own, nil
}

// noPrice says which companies lack a figure.
func noPrice(what string, missing []string) error {
	return fail(crossholding.ErrNoPrice, "%s is not known, because there is neither a price of the shares of %s nor a value of its own business",
		what, strings.Join(missing, ", of "))
}

// Currency returns the currency of the figures.
func (l *LookThrough) Currency() string { return l.currency }

// Companies returns what each company is worth, sorted by id.
func (l *LookThrough) Companies() []Equity { return slices.Clone(l.equity) }

// Of returns what a company is worth. It fails with [crossholding.ErrUnknown] if it is not a
// company of the book that has shares.
func (l *LookThrough) Of(company string) (Equity, error) {
	i, ok := l.at[company]
	if !ok {
		return Equity{}, fail(crossholding.ErrUnknown, "company %q", input.Abbreviate(company))
	}
	return l.equity[i], nil
}

// Totals is the reconciliation of the values of all companies. External equals Own exactly,
// and Gross is External + DoubleCounted. It is plain data.
type Totals struct {
	Own           crossholding.Money `json:"own"`            // of all own businesses
	Gross         crossholding.Money `json:"gross"`          // of all outstanding shares
	DoubleCounted crossholding.Money `json:"double_counted"` // of the stakes that companies have in one another
	External      crossholding.Money `json:"external"`       // of what owners outside hold
}

// Totals adds up the values of all companies. It fails with [crossholding.ErrNoPrice] if a
// figure is missing, and names the companies.
func (l *LookThrough) Totals() (Totals, error) {
	var t Totals
	var err error
	for _, sum := range []struct {
		to     *crossholding.Money
		figure func(Equity) (crossholding.Money, error)
	}{{&t.Own, Equity.Own}, {&t.Gross, Equity.Gross}, {&t.DoubleCounted, Equity.Stakes}, {&t.External, Equity.External}} {
		if *sum.to, err = l.sum(sum.figure); err != nil {
			return Totals{}, err
		}
	}
	return t, nil
}

func (l *LookThrough) sum(figure func(Equity) (crossholding.Money, error)) (crossholding.Money, error) {
	total := money(ratio.Ratio{}, l.currency)
	var missing []string
	var first error
	for _, e := range l.equity {
		m, err := figure(e)
		if err != nil {
			missing, first = append(missing, e.Company), cmp.Or(first, err)
		}
		total.Amount = total.Amount.Add(m.Amount)
	}
	if first != nil {
		const most = 20
		more := ""
		if len(missing) > most {
			more = fmt.Sprintf(" and %d more", len(missing)-most)
		}
		return crossholding.Money{}, fmt.Errorf("value: no total, because figures are missing for %s%s: %w", strings.Join(missing[:min(most, len(missing))], ", "), more, first)
	}
	return total, nil
}
