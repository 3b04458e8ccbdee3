package law_test

import (
	"fmt"

	"github.com/crossholding/crossholding/law"
)

// C. com., art. L.233-3, I, 4°: a shareholder that appoints most of the board controls.
func ExampleStatute_CountsFact() {
	for _, s := range law.Statutes() {
		if s.ID == "FR-233-31" {
			fmt.Println("appointment, by a shareholder:", s.CountsFact(law.ControlByAppointment, true))
			fmt.Println("appointment, by another:", s.CountsFact(law.ControlByAppointment, false))
			fmt.Println("contract, by a shareholder:", s.CountsFact(law.ControlByContractual, true))
		}
	}
	// Output:
	// appointment, by a shareholder: true
	// appointment, by another: false
	// contract, by a shareholder: false
}

func ExampleAllControlMeans() {
	fmt.Println(law.AllControlMeans())
	// Output: [voting appointment management contractual trust nominee state indirect]
}

// The table has no French law of before the commercial code of 2000.
func ExampleBefore() {
	for _, s := range law.Before(law.Statutes(), &law.Company{ID: "x", Country: "FR"}, "1999-05-28") {
		fmt.Println(s.ID, s.From)
	}
	// Output:
	// FR-225-111 2000-09-21
	// FR-233-29 2000-09-21
	// FR-233-31-2000 2000-09-21
}
