// Package law holds rules of law on votes and stakes, as data.
//
// There are two kinds of rule. A [Statute] says which votes one company may not
// cast in another: the votes are suspended. A [Threshold] says at which size of a
// stake something happens: a bid must be made, the stake must be disclosed.
//
// The built-in rules stand by country, one country in one file: [Jurisdictions]
// returns them, and [Statutes] and [Thresholds] return the rules alone, in the
// form in which package crossholding takes them. Each rule has its citation, the
// days on which it is in force, how well its text was checked, and what it does
// not look at. They are data to be checked by a lawyer, who reads them in
// docs/LAW.md with the cases that they are tested by.
//
// A rule that is missing or wrong needs no change here: write a Statute or a
// Threshold and give it to package crossholding beside the built-in ones, or
// change a copy of those and give it in their place.
//
// The package knows what a rule says by itself: which companies it reaches, on
// which day, and when its threshold is passed. It counts no votes. Package
// crossholding does that, for a whole network of companies.
package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
)

// Jurisdiction is the law of one country, or of one part of a country: its rules,
// and what they leave out. It is a plain value.
type Jurisdiction struct {
	Country    string // ISO 3166-1, or 3166-2 for a part of a country; empty for rules of no country
	Name       string // in English
	Statutes   []Statute
	Thresholds []Threshold
	Omitted    []string // what has no rule here, with the article and the reason
}

// jurisdictions is the built-in law, sorted by country. It is never changed.
//
// Within a jurisdiction the order of rules matters: of several statutes on own
// shares that reach an issuer, the last one holds.
var jurisdictions = [...]*Jurisdiction{
	&general, &brazil, &china, &germany, &spain, &france, &britain, &india, &italy,
	&japan, &korea, &turkey, &taiwan, &california, &delaware,
}

// Jurisdictions returns the built-in law, sorted by country. The rules of no
// country come first. The caller may change what it gets: it is a copy.
func Jurisdictions() []Jurisdiction {
	out := make([]Jurisdiction, len(jurisdictions))
	for i, j := range jurisdictions {
		out[i] = *j
		out[i].Statutes = slices.Clone(j.Statutes)
		out[i].Thresholds = slices.Clone(j.Thresholds)
		for k := range out[i].Thresholds {
			t := &out[i].Thresholds[k]
			t.Limits, t.Bases = slices.Clone(t.Limits), slices.Clone(t.Bases)
		}
		out[i].Omitted = slices.Clone(j.Omitted)
	}
	return out
}

// Statutes returns the statutes of all jurisdictions, sorted by country. The
// caller may change what it gets: it is a copy.
func Statutes() []Statute {
	var out []Statute
	for _, j := range Jurisdictions() {
		out = append(out, j.Statutes...)
	}
	return out
}

// Thresholds returns the thresholds of all jurisdictions, sorted by country. The
// caller may change what it gets: it is a copy.
//
// The thresholds of reciprocity are not among them. They are those of the statutes
// that suspend votes, see [Statutes].
func Thresholds() []Threshold {
	var out []Threshold
	for _, j := range Jurisdictions() {
		out = append(out, j.Thresholds...)
	}
	return out
}

// Company is what a rule looks at in an issuer or a holder. It is a plain value.
type Company struct {
	ID      string
	Country string // of its seat, ISO 3166-1 or 3166-2
	Law     string // the country whose law its meetings are under, or "none"; default: Country
	Listed  bool
}

// law returns the country, or part of one, whose law the company's meetings are
// under.
func (c *Company) law() string {
	if c.Law != "" {
		return c.Law
	}
	return c.Country
}

// home returns the country of a company: that of its law or, where the book takes
// it out of all laws, that of its seat.
func (c *Company) home() string {
	if c.Law != "" && c.Law != "none" {
		return c.Law
	}
	return c.Country
}

// InForce reports whether a rule with the given first and last day is in force on
// day. Either may be empty. Where day is empty, a rule is in force if it has no
// last day: an undated book is under today's law, and not under an article's
// earlier version too.
func InForce(day, from, to date.Date) bool {
	if day == "" {
		return to == ""
	}
	return date.Within(day, from, to)
}

// partOf reports whether law is that of country or of a part of it.
func partOf(law, country string) bool {
	return law != "" && (law == country || len(law) > 2 && law[:2] == country)
}
