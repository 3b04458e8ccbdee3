package crossholding

import (
	"fmt"
	"github.com/crossholding/crossholding/ratio"
	"time"
)

// Date is a calendar day as text, "2023-11-08". The empty string means that no
// date was given. Dates compare as strings do.
type Date string

// valid reports whether d is a day of the calendar.
func (d Date) valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil && len(d) == len(time.DateOnly)
}

func (f *faults) date(place string, d Date) {
	if d != "" && !d.valid() {
		f.add(place, ErrDate, "%q is not a date of the form 2006-01-02", string(d))
	}
}

// inForce reports whether day lies in [from, to], where empty ends are open
// and an undated book is inside every period.
func inForce(day, from, to Date) bool {
	return day == "" || (from == "" || day >= from) && (to == "" || day <= to)
}

// lawInForce is inForce for rules of law, of which an undated book is under
// those that have no end: today's, and not an article's earlier version too.
func lawInForce(day, from, to Date) bool {
	if day == "" {
		return to == ""
	}
	return inForce(day, from, to)
}

func (d Date) String() string {
	if d == "" {
		return "undated"
	}
	return string(d)
}

func (f *faults) period(place string, from, to Date) {
	f.date(place+".from", from)
	f.date(place+".to", to)
	if from.valid() && to.valid() && to < from {
		f.add(place, ErrDate, "ends on %s, before it begins on %s", to, from)
	}
}

// money is an amount in a currency.
type money struct {
	amount   ratio.Ratio
	currency string
}

func (m money) String() string { return fmt.Sprintf("%s %s", m.amount, m.currency) }
