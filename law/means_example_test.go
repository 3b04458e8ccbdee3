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
