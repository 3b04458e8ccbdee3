package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Loyalty is a rule that gives shares more votes after one holder has had them for some
// time, as data. It is a plain value.
//
// Package crossholding applies the built-in rules to shares that a dated book tells nothing
// else of. The dates of lots tell since when the holder has had them.
type Loyalty struct {
	ID       string    `json:"id"`
	Citation string    `json:"citation"`           // as a lawyer writes it
	Country  string    `json:"country"`            // of the issuer, ISO 3166-1
	Listed   bool      `json:"listed,omitempty"`   // reaches listed issuers only
	From     date.Date `json:"from,omitempty"`     // first day in force
	To       date.Date `json:"to,omitempty"`       // last day in force
	Verified string    `json:"verified,omitempty"` // "read": the article was read; "secondary": a text about it was read; or "not verified"

	Months int         `json:"months"` // how long the shares must have been in one name
	Times  ratio.Ratio `json:"times"`  // their votes are multiplied by this

	Exceptions string `json:"exceptions,omitempty"` // the article's exceptions and additions, and whether the rule uses them
	Note       string `json:"note,omitempty"`       // doubts, and how the article was read
}

// Reaches reports whether the rule is law for the issuer's meetings on the given day. It
// returns false for an undated book, in which no time passes.
func (l *Loyalty) Reaches(issuer *Company, day date.Date) bool {
	return day != "" && date.Within(day, l.From, l.To) && (issuer.Listed || !l.Listed) && partOf(issuer.law(), l.Country)
}

// Earned reports whether shares that one holder has had since a day have their additional
// votes on another.
func (l *Loyalty) Earned(since, day date.Date) bool {
	return since != "" && day >= since.AddMonths(l.Months)
}

// Loyalties returns the rules of all jurisdictions, sorted by country. The result is a copy,
// and the caller may change it.
func Loyalties() []Loyalty {
	var out []Loyalty
	for _, j := range jurisdictions {
		out = append(out, slices.Clone(j.Loyalties)...)
	}
	return out
}
