package law_test

import (
	"fmt"

	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// find returns one rule of the built-in law.
func find(id string) *law.Statute {
	for _, s := range law.Statutes() {
		if s.ID == id {
			return &s
		}
	}
	panic("no statute " + id)
}

func findThreshold(id string) *law.Threshold {
	for _, t := range law.Thresholds() {
		if t.ID == id {
			return &t
		}
	}
	panic("no threshold " + id)
}

func ExampleJurisdictions() {
	for _, j := range law.Jurisdictions() {
		if j.Country != "KR" {
			continue
		}
		fmt.Println(j.Name)
		for _, s := range j.Statutes {
			fmt.Printf("%s: %s (%s)\n", s.ID, s.Citation, s.Verified)
			if s.Note != "" {
				fmt.Println("  " + s.Note)
			}
		}
		for _, o := range j.Omitted {
			fmt.Println("left out:", o)
		}
	}
	// Output:
	// South Korea
	// KR-369-2: Commercial Act (Korea), art. 369(2) (read)
	// KR-369-3: Commercial Act (Korea), art. 369(3) (read)
	//   A subsidiary is a company of whose issued shares more than half are held, also through subsidiaries (art. 342-2).
	// left out: Monopoly Regulation and Fair Trade Act, art. 23: it turns on a list of groups and on the days on which their circular holdings closed, and a book has neither.
}

func ExampleStatutes() {
	for _, s := range law.Statutes() {
		if s.Country == "JP" || s.Country == "FR" {
			fmt.Printf("%s: %s, in force from %s (%s)\n", s.ID, s.Citation, s.From, s.Verified)
		}
	}
	// Output:
	// FR-225-111: C. com., art. L.225-111, L.225-210, in force from 2000-09-21 (read)
	// FR-233-29: C. com., art. L.233-29, in force from 2000-09-21 (read)
	// FR-233-31: C. com., art. L.233-31, L.233-3, in force from 2005-07-27 (read)
	// FR-233-31-2000: C. com., art. L.233-31, L.233-3, in force from 2000-09-21 (secondary)
	// JP-308-1: Companies Act (Japan), art. 308(1); Ordinance for Enforcement, art. 67, in force from 2006-05-01 (read)
	// JP-308-2: Companies Act (Japan), art. 308(2), in force from 2006-05-01 (read)
}

func ExampleThresholds() {
	for _, t := range law.Thresholds() {
		if t.Country == "JP" && t.Kind == law.BidThreshold {
			fmt.Printf("%s %s..%s: %s (%s)\n", t.ID, t.From, t.To, t.Limits[0], t.Verified)
		}
	}
	// Output:
	// JP-27-2-third undated..2026-04-30: 1/3 (secondary)
	// JP-27-2 2026-05-01..undated: 0.3 (secondary)
	// JP-27-2-five 2006-12-13..undated: 0.05 (secondary)
}

// The limit of a takeover bid in France was one third until the end of January
// 2011. A book without a date is under today's rule alone.
func ExampleInForce() {
	old := findThreshold("FR-433-3-third")
	fmt.Println(law.InForce("2011-01-31", old.From, old.To))
	fmt.Println(law.InForce("2011-02-01", old.From, old.To))
	fmt.Println(law.InForce("", old.From, old.To))
	// Output:
	// true
	// false
	// false
}

// A rule that controls by one third, which no such rule may, and whose first day
// is no day.
func ExampleCheckStatutes() {
	faults := law.CheckStatutes([]law.Statute{{
		ID: "x-9", Citation: "articles of x, art. 9", Issuer: "x", From: "2023-11-31",
		Kind: law.TestControls, Threshold: ratio.Of(1, 3),
	}})
	for _, f := range faults {
		fmt.Printf("%s: %s (%v)\n", f.Place, f.Reason, f.Kind)
	}
	// Output:
	// statutes[0].from: "2023-11-31" is not a date of the form 2006-01-02 (bad date)
	// statutes[0].threshold: rule "x-9": control below one half: use holds (bad rule of law)
}

// A limit in percent where a fraction is asked for.
func ExampleCheckThresholds() {
	faults := law.CheckThresholds([]law.Threshold{{
		ID: "x-9", Kind: law.DisclosureThreshold, Citation: "articles of x, art. 9",
		Limits: []ratio.Ratio{ratio.Int(5)}, Bases: []law.ThresholdBase{law.OfCapital},
	}})
	for _, f := range faults {
		fmt.Printf("%s: %s (%v)\n", f.Place, f.Reason, f.Kind)
	}
	// Output:
	// thresholds[0].limits: threshold "x-9": 5 is not within 0 and 1 (bad rule of law)
}

func ExampleStatute_Reaches() {
	rule := find("FR-233-31")
	renault := &law.Company{ID: "renault", Country: "FR", Listed: true}
	nissan := &law.Company{ID: "nissan", Country: "JP", Listed: true}
	fmt.Println(rule.Reaches(renault, "2023-11-08"), rule.Reaches(nissan, "2023-11-08"))
	// Output: true false
}

// California's rule leaves a holder from Delaware alone.
func ExampleStatute_ReachesHolder() {
	rule := find("US-CA-703")
	issuer := &law.Company{ID: "x", Country: "US-CA"}
	fmt.Println(rule.ReachesHolder(issuer, &law.Company{ID: "y", Country: "US-CA"}))
	fmt.Println(rule.ReachesHolder(issuer, &law.Company{ID: "z", Country: "US-DE"}))
	// Output:
	// true
	// false
}

// Italy's rule on mutual holdings looks at two listed companies, China's on
// control at a listed issuer.
func ExampleStatute_BothListed() {
	fmt.Println(find("IT-121").BothListed(), find("CN-141").BothListed())
	// Output: true false
}

func ExampleStatute_SelectsHolders() {
	for _, id := range []string{"DE-328", "IT-121", "JP-308-1"} {
		fmt.Println(id, find(id).SelectsHolders())
	}
	// Output:
	// DE-328 true
	// IT-121 true
	// JP-308-1 false
}

// Japan asks for a quarter of the votes or more, California for more than that.
func ExampleStatute_Passed() {
	have, base := ratio.Int(25), ratio.Int(100)
	fmt.Println(find("JP-308-1").Passed(have, base), find("US-CA-703").Passed(have, base))
	// Output: true false
}

// Britain asks to disclose stakes in listed companies only.
// A warrant for new shares from June on counts in the United States from 60 days before, and
// not in Germany.
func ExampleRightsRule_Counts() {
	for _, id := range []string{"US-13d", "DE-38"} {
		rule := findThreshold(id).Rights
		fmt.Println(id, rule.Counts(false, "2024-06-01", "2024-04-01"), rule.Counts(false, "2024-06-01", "2024-04-02"))
	}
	// Output:
	// US-13d false true
	// DE-38 false false
}

func ExampleThreshold_Reaches() {
	rule := findThreshold("GB-5.1.2")
	fmt.Println(rule.Reaches(&law.Company{Country: "GB", Listed: true}, "2024-01-01"))
	fmt.Println(rule.Reaches(&law.Company{Country: "GB"}, "2024-01-01"))
	// Output:
	// true
	// false
}

// A company's own articles ask for more than the law: a rule for one issuer.
func ExampleThreshold_Reaches_articles() {
	rule := law.Threshold{
		ID: "x-9", Kind: law.DisclosureThreshold, Citation: "articles of x, art. 9", Issuer: "x",
		Limits: []ratio.Ratio{ratio.MustParse("1%")}, Bases: []law.ThresholdBase{law.OfCapital},
	}
	fmt.Println(rule.Reaches(&law.Company{ID: "x", Country: "FR"}, "2024-01-01"))
	fmt.Println(rule.Reaches(&law.Company{ID: "y", Country: "FR"}, "2024-01-01"))
	// Output:
	// true
	// false
}

// A stake of exactly 30% requires a bid in Germany and none in France.
func ExampleThreshold_Passed() {
	share := ratio.MustParse("30%")
	for _, id := range []string{"DE-29", "FR-433-3"} {
		t := findThreshold(id)
		fmt.Println(id, t.Passed(share, t.Limits[0]))
	}
	// Output:
	// DE-29 true
	// FR-433-3 false
}

// The law of a company of Hawaii is in the table, as that of a state after the Model
// Business Corporation Act. That of a company of Nevada is not: silence would be a wrong
// answer.
func ExampleCovers() {
	table := law.Statutes()
	for _, state := range []string{"US-HI", "US-NV"} {
		fmt.Println(state, law.Covers(table, &law.Company{ID: "x", Country: state}))
	}
	// Output:
	// US-HI true
	// US-NV false
}

func ExampleByDefault() {
	fmt.Println(law.ByDefault())
	// Output: [for one's money of subsidiaries]
}

// At exactly 5%, a stake of a listed French company has neither passed the limit nor
// fallen below it. In Germany it has reached it.
func ExampleThreshold_Rises() {
	was, is := ratio.MustParse("4%"), ratio.MustParse("5%")
	for _, id := range []string{"FR-233-7", "DE-33"} {
		fmt.Println(id, findThreshold(id).Rises(was, is, is))
	}
	// Output:
	// FR-233-7 false
	// DE-33 true
}

// From 6% to exactly 5% nothing has fallen below 5%. A majority is lost at one half.
func ExampleThreshold_Falls() {
	for _, c := range []struct{ id, was, is, limit string }{
		{"FR-233-7", "6%", "5%", "5%"}, {"FR-233-7", "5%", "4.9%", "5%"}, {"majority", "51%", "50%", "50%"},
	} {
		fmt.Println(c.id, findThreshold(c.id).Falls(ratio.MustParse(c.was), ratio.MustParse(c.is), ratio.MustParse(c.limit)))
	}
	// Output:
	// FR-233-7 false
	// FR-233-7 true
	// majority true
}

// In India, a fall below 5% is made known only if it is a change of more than 2%.
func ExampleThreshold_CanFall() {
	have, limit := ratio.MustParse("5.5%"), ratio.MustParse("5%")
	fmt.Println(findThreshold("FR-233-7").CanFall(have, limit), findThreshold("IN-29").CanFall(have, limit))
	// Output: true false
}

func ExampleThreshold_Lost() {
	half := ratio.MustParse("50%")
	fmt.Println(findThreshold("majority").Lost(half, half), findThreshold("IAS-28").Lost(half, half))
	// Output: true false
}

// Japan asks to make known each change of 1% of whoever has more than 5%.
func ExampleLadder_Reaches() {
	l := findThreshold("JP-27-25").Ladder
	fmt.Println(l.Reaches(ratio.MustParse("5%")), l.Reaches(ratio.MustParse("5.1%")))
	// Output: false true
}

func ExampleLadder_Above() {
	l := findThreshold("JP-27-25").Ladder
	fmt.Println(l.Above(ratio.MustParse("7.2%")).PercentString())
	// Output: 8.2%
}

// A bid is due for increases only.
func ExampleLadder_Below() {
	for _, id := range []string{"JP-27-25", "FR-234-5"} {
		below, counts := findThreshold(id).Ladder.Below(ratio.MustParse("31%"))
		fmt.Println(id, below.PercentString(), counts)
	}
	// Output:
	// JP-27-25 30% true
	// FR-234-5 30% false
}

func ExampleLadder_OnlyUp() {
	fmt.Println(findThreshold("GB-9.1-creep").Ladder.OnlyUp(), findThreshold("KR-147-change").Ladder.OnlyUp())
	// Output: true false
}

// Shares of a listed French company that were bought on 1 March 2022 have two votes two
// years later, unless the book says otherwise.
func ExampleLoyalties() {
	for _, l := range law.Loyalties() {
		fmt.Println(l.ID, l.Months, "months,", l.Times, "times the votes:", l.Earned("2022-03-01", "2024-02-29"), l.Earned("2022-03-01", "2024-03-01"))
	}
	// Output: FR-22-10-46 24 months, 2 times the votes: false true
}

func ExampleLoyalty_Earned() {
	l := law.Loyalties()[0]
	fmt.Println(l.Earned("2022-03-01", "2024-03-01"), l.Earned("", "2024-03-01"))
	// Output: true false
}

func ExampleLoyalty_Reaches() {
	l := law.Loyalties()[0]
	renault := &law.Company{ID: "renault", Country: "FR", Listed: true}
	fmt.Println(l.Reaches(renault, "2023-11-08"), l.Reaches(renault, "2016-04-01"), l.Reaches(renault, ""))
	// Output: true false false
}
