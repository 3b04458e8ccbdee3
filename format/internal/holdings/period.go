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
