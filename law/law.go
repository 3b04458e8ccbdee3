// Package law holds rules of law on votes and stakes, as data.
//
// There are three kinds of rule. A [Statute] says which votes one company may not
// cast in another: the votes are suspended. A [Threshold] says at which size of a
// stake something happens: a bid must be made, the stake must be disclosed. Its
// [Ladder], if it has one, says at which change. A [Loyalty] gives shares more votes
// after one holder has had them for some time.
//
// Each country has one file with its built-in rules. [Jurisdictions] returns them by
// country. [Statutes] and [Thresholds] return only the rules, in the form in which
// package crossholding takes them. Each rule has its citation, the days on which it is
// in force, how well its text was checked, and the facts that it ignores. A lawyer can
// check the rules in docs/LAW.md, with the cases that test them.
//
// A rule that is missing or wrong needs no change in this package. Write a Statute or
// a Threshold and give it to package crossholding in addition to the built-in rules.
// Or change a copy of these rules and give it instead of them.
//
// The package knows which companies a rule reaches, on which day, and when its
// threshold is passed. It does not count votes. Package crossholding does that, for a
// whole network of companies.
package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
)

// Jurisdiction is the law of one country, or of one part of a country: its rules, and
// the articles that have no rule here. It is a plain value.
type Jurisdiction struct {
	Country    string // ISO 3166-1, or 3166-2 for a part of a country; empty for rules of no country
	Name       string // in English
	Statutes   []Statute
	Thresholds []Threshold
	Loyalties  []Loyalty
	Omitted    []string // the parts of the law without a rule here, with the article and the reason
}

// jurisdictions is the built-in law, sorted by country. It is never changed.
//
// Within a jurisdiction the order of rules matters. If several statutes on own shares
// reach an issuer, the last one applies.
var jurisdictions = [...]*Jurisdiction{
	&general, &austria, &australia, &belgium, &brazil, &canada, &switzerland, &china, &germany, &spain,
	&france, &britain, &hongKong, &india, &italy, &japan, &korea, &netherlands, &sweden, &singapore,
	&turkey, &taiwan, &unitedStates, &california, &delaware, &newYork,
}

// Jurisdictions returns the built-in law, sorted by country. The rules without a
// country come first. The result is a copy, and the caller may change it.
func Jurisdictions() []Jurisdiction {
	out := make([]Jurisdiction, len(jurisdictions))
	for i, j := range jurisdictions {
		out[i] = *j
		out[i].Statutes = slices.Clone(j.Statutes)
		for k := range out[i].Statutes {
			s := &out[i].Statutes[k]
			s.Parts, s.Doubts = slices.Clone(s.Parts), cloneDoubts(s.Doubts)
		}
		out[i].Thresholds = slices.Clone(j.Thresholds)
		for k := range out[i].Thresholds {
			t := &out[i].Thresholds[k]
			t.Limits, t.Bases, t.Counts = slices.Clone(t.Limits), slices.Clone(t.Bases), slices.Clone(t.Counts)
			if t.Ladder != nil {
				ladder := *t.Ladder
				t.Ladder = &ladder
			}
		}
		out[i].Loyalties = slices.Clone(j.Loyalties)
		out[i].Omitted = slices.Clone(j.Omitted)
	}
	return out
}

// Statutes returns the statutes of all jurisdictions, sorted by country. The result
// is a copy, and the caller may change it.
func Statutes() []Statute {
	var out []Statute
	for _, j := range Jurisdictions() {
		out = append(out, j.Statutes...)
	}
	return out
}

// Thresholds returns the thresholds of all jurisdictions, sorted by country. The
// result is a copy, and the caller may change it.
//
// It does not contain the thresholds of reciprocity. These are part of the statutes
// that suspend votes, see [Statutes].
func Thresholds() []Threshold {
	var out []Threshold
	for _, j := range Jurisdictions() {
		out = append(out, j.Thresholds...)
	}
	return out
}

// Company holds the facts about an issuer or a holder that rules use. It is a plain
// value.
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

// home returns the country of a company's law. If the book says that no law applies to
// the company, home returns the country of its seat.
func (c *Company) home() string {
	if c.Law != "" && c.Law != "none" {
		return c.Law
	}
	return c.Country
}

// Covers reports whether a table has a rule for an issuer's meetings, on some day and
// whether the issuer is listed or not. Without such a rule no votes are suspended there,
// which need not be what the issuer's law says.
func Covers(table []Statute, issuer *Company) bool {
	return slices.ContainsFunc(table, func(s Statute) bool {
		s.From, s.To, s.Listed = "", "", false
		return s.Reaches(issuer, "")
	})
}

// Before returns the rules of a table whose first day is after the given day, where a test of
// their kind reaches an issuer's meetings on no earlier day: what the law was before is not in the
// table. Of each kind of test it returns the earliest rule, in the order of the table. It returns
// nil if the day is empty.
func Before(table []Statute, issuer *Company, day date.Date) []Statute {
	return before(table, day, func(s Statute) (TestKind, date.Date, bool) {
		from := s.From
		s.From, s.To, s.Listed = "", "", false
		return s.Kind, from, s.Reaches(issuer, "")
	})
}

// CoversThresholds reports whether a table of thresholds has a rule of an issuer's country, or of
// the issuer, on some day and whether the issuer is listed or not.
func CoversThresholds(table []Threshold, issuer *Company) bool {
	return slices.ContainsFunc(table, func(t Threshold) bool {
		t.From, t.To, t.Listed = "", "", false
		return (t.Country != "" || t.Issuer != "") && t.Reaches(issuer, "")
	})
}

// ThresholdsBefore returns the thresholds of a table whose first day is after the given day, where
// one of their kind reaches an issuer on no earlier day. Limits and ladders are kinds of their own.
// Of each kind it returns the earliest rule, in the order of the table. It returns nil if the day
// is empty.
func ThresholdsBefore(table []Threshold, issuer *Company, day date.Date) []Threshold {
	type kind struct {
		of     ThresholdKind
		ladder bool
	}
	return before(table, day, func(t Threshold) (kind, date.Date, bool) {
		from := t.From
		t.From, t.To = "", ""
		return kind{t.Kind, t.Ladder != nil}, from, t.Reaches(issuer, "")
	})
}

// before returns the earliest rule of each kind if its first day is after the given day. It asks
// for the kind of a rule, for its first day, and whether it reaches the issuer on any day.
func before[R any, K comparable](table []R, day date.Date, ask func(R) (K, date.Date, bool)) []R {
	if day == "" {
		return nil
	}
	type entry struct {
		rule R
		from date.Date
	}
	first, order := map[K]entry{}, []K{}
	for _, r := range table {
		kind, from, reaches := ask(r)
		if !reaches {
			continue
		}
		was, known := first[kind]
		if !known {
			order = append(order, kind)
		}
		if !known || from < was.from {
			first[kind] = entry{r, from}
		}
	}
	var out []R
	for _, kind := range order {
		if e := first[kind]; day < e.from {
			out = append(out, e.rule)
		}
	}
	return out
}

// InForce reports whether a rule with the given first and last day is in force on day.
// The first and the last day may be empty. If day is empty, a rule is in force if it
// has no last day, because today's law applies to an undated book.
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
