// Package date is a calendar day as text, and whether it lies in a period.
package date

import "time"

// Date is a calendar day as text, "2023-11-08". The empty string means that no
// date was given. Dates compare as strings do.
type Date string

// Valid reports whether d is a day of the calendar.
func (d Date) Valid() bool {
	if len(d) != len(time.DateOnly) {
		return false
	}
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Within reports whether day lies from the first day from to the last day to. An
// empty from or to is no bound, and a day that was not given lies in every period.
func Within(day, from, to Date) bool {
	return day == "" || (from == "" || day >= from) && (to == "" || day <= to)
}

// maxMonths is above the number of months in all years that a Date can have.
const maxMonths = 12 * 10_000

// AddMonths returns the day that is n months after d, or before d if n is negative. If the
// month has no such day, it is the last day of the month: one month after 31 January is
// 28 or 29 February. It returns d if d is not a valid day, or the result is not one.
func (d Date) AddMonths(n int) Date {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil || n < -maxMonths || n > maxMonths {
		return d
	}
	first := time.Date(day.Year(), day.Month(), 1, 0, 0, 0, 0, time.UTC).AddDate(0, n, 0)
	last := first.AddDate(0, 1, -1).Day()
	out := Date(first.AddDate(0, 0, min(day.Day(), last)-1).Format(time.DateOnly))
	if !out.Valid() {
		return d
	}
	return out
}

// AddDays returns the day that is n days after d, or before d if n is negative. It returns d if d
// is not a valid day, or the result is not one.
func (d Date) AddDays(n int) Date {
	day, err := time.Parse(time.DateOnly, string(d))
	if err != nil || n < -maxDays || n > maxDays {
		return d
	}
	out := Date(day.AddDate(0, 0, n).Format(time.DateOnly))
	if !out.Valid() {
		return d
	}
	return out
}

// maxDays is above the number of days in all years that a Date can have.
const maxDays = 366 * 10_000

// String returns the day, or "undated".
func (d Date) String() string {
	if d == "" {
		return "undated"
	}
	return string(d)
}
