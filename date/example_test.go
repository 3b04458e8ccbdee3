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
