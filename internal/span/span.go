// Package span finds the time around a day in which the same rules are in force.
package span

import "github.com/crossholding/crossholding/date"

// Span is the time around a day in which the same of some periods go on. Until a period is
// added, it is all time. It has its own day alone if that is empty, because a book without a day
// is under rules that no day has.
type Span struct {
	day           date.Date
	from, last    date.Date // the last day on which a period began, the first on which one ends; empty if none
	after, before date.Date // the last day on which a period ended, the first on which one begins; empty if none
}

// Around returns the span of no periods around a day.
func Around(day date.Date) Span { return Span{day: day} }

// Add adds a period from a first to a last day. An empty one is no bound.
func (s *Span) Add(from, to date.Date) {
	if from > s.day {
		s.before = earliest(s.before, from)
	} else {
		s.from = max(s.from, from)
	}
	switch {
	case to == "":
	case to < s.day:
		s.after = max(s.after, to)
	default:
		s.last = earliest(s.last, to)
	}
}

// earliest returns the earlier of two days. An empty one is none.
func earliest(a, b date.Date) date.Date {
	if a == "" || b < a {
		return b
	}
	return a
}

// Has reports whether a day lies in the span.
func (s *Span) Has(day date.Date) bool {
	if day == s.day || day == "" || s.day == "" {
		return day == s.day
	}
	return day >= s.from && day > s.after && (s.last == "" || day <= s.last) && (s.before == "" || day < s.before)
}
