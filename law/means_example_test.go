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

// The limit of art. 121 TUF is 5% where the issuer is a small or medium enterprise, which a book
// does not say.
func ExampleDoubt_Apply() {
	rule := find("IT-121")
	doubt := rule.Doubts[0]
	for _, s := range doubt.Apply([]law.Statute{*rule}, "IT-121") {
		fmt.Printf("%s instead of %s, if %s\n", s.Threshold.PercentString(), rule.Threshold.PercentString(), doubt.If)
	}
	// Output: 5% instead of 3%, if the issuer is a small or medium enterprise, whose limit is 5%
}

// Vietnam has no threshold of its own in the table; the majority is a rule of no country.
func ExampleCoversThresholds() {
	fmt.Println(law.CoversThresholds(law.Thresholds(), &law.Company{ID: "x", Country: "VN"}))
	fmt.Println(law.CoversThresholds(law.Thresholds(), &law.Company{ID: "x", Country: "KR"}))
	// Output:
	// false
	// true
}

// The table has no French law on disclosure of before 2005, nor on creeping bids of before 2014.
func ExampleThresholdsBefore() {
	for _, t := range law.ThresholdsBefore(law.Thresholds(), &law.Company{ID: "x", Country: "FR", Listed: true}, "2002-03-01") {
		fmt.Println(t.ID, t.From)
	}
	// Output:
	// FR-233-7-2005 2005-07-27
	// FR-234-5 2014-04-01
}

// Of how many votes of a company one is deemed to have what the company has: the rules that count
// shares through stakes.
func ExampleDeemedRule() {
	for _, id := range []string{"AU-671B", "FR-233-7", "HK-310", "SG-135"} {
		t := findThreshold(id)
		fmt.Printf("%s: %s of the votes, reaching is enough: %t, once: %t, with associates: %t, and nobody has as many: %t\n", t.ID,
			t.Deemed.Share.PercentString(), t.Deemed.AtLeast, t.Deemed.Once, t.Deemed.Associates, t.Deemed.Largest)
	}
	// Output:
	// AU-671B: 20% of the votes, reaching is enough: false, once: true, with associates: true, and nobody has as many: false
	// FR-233-7: 40% of the votes, reaching is enough: false, once: false, with associates: false, and nobody has as many: true
	// HK-310: 1/3 of the votes, reaching is enough: true, once: false, with associates: false, and nobody has as many: false
	// SG-135: 20% of the votes, reaching is enough: true, once: true, with associates: false, and nobody has as many: false
}
