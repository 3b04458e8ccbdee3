// Package date is a calendar day as text, and whether it lies in a period.
package date

import "time"

// Date is a calendar day as text, "2023-11-08". The empty string means that no
// date was given. Dates compare as strings do.
type Date string

// Valid reports whether d is a day of the calendar.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil && len(d) == len(time.DateOnly)
}

// Within reports whether day lies from the first day from to the last day to. An
// empty from or to is no bound, and a day that was not given lies in every period.
func Within(day, from, to Date) bool {
	return day == "" || (from == "" || day >= from) && (to == "" || day <= to)
}

// String returns the day, or "undated".
func (d Date) String() string {
	if d == "" {
		return "undated"
	}
	return string(d)
}
