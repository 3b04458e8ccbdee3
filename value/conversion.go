package value

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/input"
	"github.com/crossholding/crossholding/ratio"
)

// Side says which rate of a pair is used.
type Side string

// These are the sides. The zero value is the middle.
const (
	SideMid  Side = ""     // the middle rate
	SideSell Side = "sell" // the amount is sold: its owner gets the bid at each step
	SideBuy  Side = "buy"  // the amount is bought: its buyer pays the ask at each step
)

// Terms says how an amount is converted. The zero value is the middle rate of the pair on
// the day itself. It is plain data.
type Terms struct {
	// Via is the route: the currencies between the two, in order. Without one, only the rate
	// of the pair itself or of its inverse is used.
	Via  []string `json:"via,omitempty"`
	Side Side     `json:"side,omitempty"`
	// MaxAge is how many days a rate can be older than the day asked for, because markets
	// are closed on some days. Each step takes the newest rate that is not too old.
	MaxAge int `json:"max_age,omitempty"`
}

// Leg is one step of a conversion. It is an immutable value.
type Leg struct {
	Pair    string      `json:"pair"` // as in the table
	Day     date.Date   `json:"day"`
	Quoted  ratio.Ratio `json:"quoted"`  // the rate of Pair that was used
	Inverse bool        `json:"inverse"` // the step divided by Quoted
	Source  string      `json:"source,omitempty"`
}

// String returns the step as in "÷ 104.945 (USD/JPY 2020-11-16)".
func (l Leg) String() string {
	sign := "×"
	if l.Inverse {
		sign = "÷"
	}
	return strings.TrimSuffix(fmt.Sprintf("%s %s (%s %s", sign, l.Quoted.GroupedDecimal(6), l.Pair, string(l.Day)), " ") + ")"
}

// Conversion is an amount in two currencies, with the rates between them. It is an immutable
// value.
type Conversion struct {
	From crossholding.Money `json:"from"`
	To   crossholding.Money `json:"to"`
	Rate ratio.Ratio        `json:"rate"` // units of To for one unit of From
	Legs []Leg              `json:"legs"`
}

// Convert converts an amount to another currency at the rates of a day. The result is exact.
// It fails with [crossholding.ErrNoPrice] if a rate of the route is missing, and the error
// says which routes the table has and which days are nearest. It fails with
// [crossholding.ErrCurrency] for a text that is no currency, or a route that comes twice to
// one currency, and with [crossholding.ErrRange] for other bad terms.
//
// If the table has both EUR/JPY and JPY/EUR, euros are converted at the former and yen at the
// latter.
func (r *Rates) Convert(m crossholding.Money, to string, day date.Date, how Terms) (Conversion, error) {
	out := Conversion{From: m, Rate: one}
	if err := how.check(m.Currency, to); err != nil {
		return Conversion{}, err
	}
	if m.Currency != to {
		route := append(append([]string{m.Currency}, how.Via...), to)
		for i, from := range route[:len(route)-1] {
			leg, err := r.leg(from, route[i+1], day, how)
			if err != nil {
				return Conversion{}, fmt.Errorf("%w (%s in %s)", err, m, to)
			}
			out.Legs = append(out.Legs, leg)
			if leg.Inverse {
				out.Rate = out.Rate.Div(leg.Quoted)
			} else {
				out.Rate = out.Rate.Mul(leg.Quoted)
			}
		}
	}
	out.To = money(m.Amount.Mul(out.Rate), to)
	return out, nil
}

func (t Terms) check(from, to string) error {
	seen := map[string]bool{}
	for _, c := range append([]string{from, to}, t.Via...) {
		if !input.IsCurrency(c) {
			return fail(crossholding.ErrCurrency, "%q is not a currency such as EUR", input.Abbreviate(c))
		}
		if seen[c] && from != to {
			return fail(crossholding.ErrCurrency, "the route from %s to %s by %s comes twice to %s", from, to, strings.Join(t.Via, ", "), c)
		}
		seen[c] = true
	}
	if t.Side != SideMid && t.Side != SideSell && t.Side != SideBuy {
		return fail(crossholding.ErrRange, "side %q, which can be sell, buy or nothing", input.Abbreviate(string(t.Side)))
	}
	if t.MaxAge < 0 || t.MaxAge > 36500 {
		return fail(crossholding.ErrRange, "rates at most %d days old; give 0 to 36500 days", t.MaxAge)
	}
	return nil
}

// leg finds the newest rate of a step.
func (r *Rates) leg(from, to string, day date.Date, how Terms) (Leg, error) {
	q, back := r.newest(from+"/"+to, day, how.MaxAge), false
	if p := r.newest(to+"/"+from, day, how.MaxAge); p != nil && (q == nil || q.Day < p.Day) {
		q, back = p, true
	}
	if q == nil {
		return Leg{}, r.missing(from, to, day, how)
	}
	leg := Leg{Pair: q.Pair, Day: q.Day, Quoted: q.mid, Inverse: back, Source: q.Source}
	if how.Side == SideMid {
		return leg, nil
	}
	if !q.sided {
		return Leg{}, fail(crossholding.ErrNoPrice, "%s of %s is %s, without a bid and an ask", q.Pair, q.Day, q.text())
	}
	// Who sells yen for euros buys euros, at the ask of EUR/JPY.
	if leg.Quoted = q.ask; (how.Side == SideSell) != back {
		leg.Quoted = q.bid
	}
	return leg, nil
}

// newest returns the rate of a pair on a day, or the newest that is at most age days older.
func (r *Rates) newest(pair string, day date.Date, age int) *quote {
	if r == nil {
		return nil
	}
	days := r.list[pair]
	i, found := slices.BinarySearch(days, day)
	if found {
		return r.days[day][pair]
	}
	if i == 0 || age == 0 || daysBetween(days[i-1], day) > age {
		return nil
	}
	return r.days[days[i-1]][pair]
}

// missing says that a rate is missing, and what the table has instead.
func (r *Rates) missing(from, to string, day date.Date, how Terms) error {
	var hints []string
	if r != nil {
		if near := r.nearest(from+"/"+to, to+"/"+from, day); near != "" {
			hints = append(hints, "the table has it on "+near)
		}
		if len(how.Via) == 0 {
			if via := r.between(from, to, day, how.MaxAge); len(via) > 0 {
				hints = append(hints, "state a route: the table leads through "+strings.Join(via, " or "))
			}
		}
	}
	text := fmt.Sprintf("no rate %s/%s on %s", from, to, day)
	if len(hints) > 0 {
		text += "; " + strings.Join(hints, "; ")
	}
	return fail(crossholding.ErrNoPrice, "%s", text)
}

// nearest names the last day before a day and the first day after it that have a rate.
func (r *Rates) nearest(pair, back string, day date.Date) string {
	var before, after date.Date
	for _, d := range append(slices.Clone(r.list[pair]), r.list[back]...) {
		if d < day && d > before {
			before = d
		}
		if d > day && (after == "" || d < after) {
			after = d
		}
	}
	var out []string
	for _, d := range []date.Date{before, after} {
		if d != "" {
			out = append(out, string(d))
		}
	}
	return strings.Join(out, " and ")
}

// between lists the currencies through which one step leads to another.
func (r *Rates) between(from, to string, day date.Date, age int) []string {
	var out []string
	for pair := range r.list {
		a, b, _ := strings.Cut(pair, "/")
		for _, ends := range [][2]string{{a, b}, {b, a}} {
			via := ends[1]
			if ends[0] != from || via == to || r.newest(pair, day, age) == nil {
				continue
			}
			if r.newest(via+"/"+to, day, age) != nil || r.newest(to+"/"+via, day, age) != nil {
				out = append(out, via)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// daysBetween returns the days from a to b, or a large number if one of them is no day.
func daysBetween(a, b date.Date) int {
	x, err1 := time.Parse(time.DateOnly, string(a))
	y, err2 := time.Parse(time.DateOnly, string(b))
	if err1 != nil || err2 != nil {
		return 1 << 30
	}
	return int(y.Sub(x).Hours() / 24)
}
