package holdings

import (
	"time"

	"github.com/crossholding/crossholding/date"
)

// Period is when a statement holds, as a register states it.
type Period struct {
	From date.Date // the first day, or a month or a year
	End  date.Date // the day on which it has ended, or a month or a year
}

// Day returns the day, month or year at the start of a text such as "2020-01-02T10:00:00", or
// false if there is none. An empty text is no day.
func Day(text string) (date.Date, bool) {
	if text == "" {
		return "", true
	}
	if plainDay(text) {
		return date.Date(text[:len(time.DateOnly)]), true
	}
	for _, form := range []string{time.DateOnly, "2006-01", "2006"} {
		if len(text) < len(form) {
			continue
		}
		if _, err := time.Parse(form, text[:len(form)]); err == nil && (len(text) == len(form) || text[len(form)] == 'T' || text[len(form)] == ' ') {
			return date.Date(text[:len(form)]), true
		}
	}
	return "", false
}

// Days remembers the days of texts, so that each takes memory once. The zero value remembers none.
// It belongs to one goroutine.
type Days struct{ known map[string]date.Date }

// maxDays is the largest number of texts that are remembered: the days of a century.
const maxDays = 36525

// Day returns what the function [Day] does.
func (d *Days) Day(text []byte) (date.Date, bool) {
	if n := len(time.DateOnly); len(text) > n && (text[n] == 'T' || text[n] == ' ') {
		text = text[:n]
	}
	if day, ok := d.known[string(text)]; ok {
		return day, true
	}
	day, ok := Day(string(text))
	if ok && len(d.known) < maxDays {
		if d.known == nil {
			d.known = map[string]date.Date{}
		}
		d.known[string(text)] = day
	}
	return day, ok
}

// plainDay reports whether a text begins with a day that every month has. It is an answer for most
// days that takes little time.
func plainDay(s string) bool {
	const form = "2006-01-02"
	if len(s) < len(form) || s[4] != '-' || s[7] != '-' || len(s) > len(form) && s[len(form)] != 'T' && s[len(form)] != ' ' {
		return false
	}
	for _, i := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	month, day := s[5:7], s[8:10]
	return "01" <= month && month <= "12" && "01" <= day && day <= "28"
}

// certainlyBefore reports whether every day that a can stand for is before every day that b can
// stand for. A year or a month stands for any of its days, and no day for any day.
func certainlyBefore(a, b date.Date) bool {
	n := min(len(a), len(b))
	return a[:n] < b[:n]
}

// lasting returns that of two days, months or years that can stand for the later day.
func lasting(a, b date.Date) date.Date {
	n := min(len(a), len(b))
	if a[:n] > b[:n] || a[:n] == b[:n] && len(a) < len(b) {
		return a
	}
	return b
}

// Began reports whether the period has begun on a day, and whether that is a guess because
// the first day is only a month or a year. Every period has begun on no day.
func (p Period) Began(day date.Date) (began, guess bool) {
	if day == "" || p.From == "" {
		return true, false
	}
	unit := day[:len(p.From)]
	return p.From <= unit, p.From == unit && len(p.From) < len(day)
}

// Ended reports whether the period has ended on a day, and whether it is a guess that it has
// not. On no day, every period with an end has ended.
func (p Period) Ended(day date.Date) (ended, guess bool) {
	switch {
	case p.End == "":
		return false, false
	case day == "":
		return true, false
	}
	unit := day[:len(p.End)]
	partial := len(p.End) < len(day)
	return p.End < unit || p.End == unit && !partial, p.End == unit && partial
}

// Last returns the last day of the period, or no day if it is not known to the day.
func (p Period) Last() date.Date {
	t, err := time.Parse(time.DateOnly, string(p.End))
	if err != nil {
		return ""
	}
	return date.Date(t.AddDate(0, 0, -1).Format(time.DateOnly))
}

// First returns the first day of the period, or no day if it is not known to the day.
func (p Period) First() date.Date {
	if !p.From.Valid() {
		return ""
	}
	return p.From
}

// EndOf returns the day after the last day of something.
func EndOf(last date.Date) date.Date {
	t, err := time.Parse(time.DateOnly, string(last))
	if err != nil {
		return ""
	}
	return date.Date(t.AddDate(0, 0, 1).Format(time.DateOnly))
}
