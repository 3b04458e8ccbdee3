package date_test

import (
	"fmt"

	"github.com/crossholding/crossholding/date"
)

func ExampleDate_Valid() {
	fmt.Println(date.Date("2023-11-08").Valid(), date.Date("2023-11-31").Valid())
	// Output: true false
}

// An article that came into force on 1 March 2022 and has no last day.
func ExampleWithin() {
	fmt.Println(date.Within("2023-11-08", "2022-03-01", ""), date.Within("2022-02-28", "2022-03-01", ""))
	// Output: true false
}

// A year to sell what was bought on a leap day, and a month that has no such day.
func ExampleDate_AddDays() {
	fmt.Println(date.Date("2024-01-01").AddDays(60), date.Date("2024-03-01").AddDays(-1), date.Date("").AddDays(3))
	// Output: 2024-03-01 2024-02-29 undated
}

func ExampleDate_AddMonths() {
	fmt.Println(date.Date("2024-02-29").AddMonths(12), date.Date("2024-03-31").AddMonths(-1), date.Date("").AddMonths(3))
	// Output: 2025-02-28 2024-02-29 undated
}
