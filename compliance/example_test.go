package compliance_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// alliance is the alliance of Renault, Nissan and Mitsubishi Motors at the end of 2022.
func alliance() *crossholding.Alliance {
	f, err := os.Open("../testdata/alliance/before.json")
	check(err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	check(err)
	return a
}

func ExampleSanctionsReport_Blocked() {
	ctx := context.Background()
	// OFAC's second example: two quarters through two halves.
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a"}, {ID: "b"}, {ID: "c"}},
		Parties:   []crossholding.Party{{ID: "x"}},
		Stakes: []crossholding.Stake{
			{Holder: "x", Issuer: "a", Percent: "50"}, {Holder: "x", Issuer: "b", Percent: "50"},
			{Holder: "a", Issuer: "c", Percent: "25"}, {Holder: "b", Issuer: "c", Percent: "25"},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := compliance.Sanctions(ctx, a, []string{"x"}, compliance.SanctionsOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Blocked())
	// Output: [a b c]
}

func ExampleSanctionsReport_Of() {
	ctx := context.Background()
	// If Renault were blocked at the end of 2022, would Nissan be?
	s, err := compliance.Sanctions(ctx, alliance(), []string{"renault"}, compliance.SanctionsOptions{Regime: compliance.RegimeEU})
	if err != nil {
		fmt.Println(err)
		return
	}
	nissan, err := s.Of("nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(nissan.Blocked)
	fmt.Println(nissan)
	// Output:
	// false
	// nissan is not owned by renault: 43.7% of its shares (renault 43.7%), where more than 50% is needed
}

func ExampleSanctionedCompany_WithNames() {
	ctx, a := context.Background(), alliance()
	s, err := compliance.Sanctions(ctx, a, []string{"renault"}, compliance.SanctionsOptions{})
	check(err)
	for _, c := range s.Companies {
		fmt.Println(c.WithNames(a.Name))
	}
	// Output: Nissan Motor is not owned by Renault SA: 43.7% of its shares (Renault SA 43.7%), where at least 50% is needed
}

// fundBook has two people behind a company, one of them through a holding company.
func fundBook() *crossholding.Alliance {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "t", Name: "Target Ltd"}, {ID: "h", Name: "Holding BV"}},
		Parties:   []crossholding.Party{{ID: "i", Name: "Ines"}},
		Stakes: []crossholding.Stake{
			{Holder: "i", Issuer: "h", Percent: "60"}, {Holder: "h", Issuer: "t", Percent: "55"},
		},
	})
	check(err)
	return a
}

func ExampleBeneficialOwner_WithNames() {
	ctx, a := context.Background(), fundBook()
	report, err := compliance.BeneficialOwners(ctx, a, "t", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
	check(err)
	for _, o := range report.Owners {
		o.Grounds = o.Grounds[:1]
		fmt.Println(o.WithNames(a.Name))
	}
	// Output:
	// Ines controls it on every level by 55% of the shares through Holding BV (Regulation (EU) 2024/1624, art. 53(2))
}

func ExampleGround_Because() {
	ctx, a := context.Background(), fundBook()
	report, err := compliance.BeneficialOwners(ctx, a, "t", compliance.BeneficialOwnerOptions{})
	check(err)
	for _, o := range report.Owners {
		for _, g := range o.Grounds {
			if g.Basis == compliance.BasisVotes {
				fmt.Printf("%s: %s\n", g.Test, g.WithNames(a.Name).Because())
			}
		}
	}
	// Output:
	// interest: has 33% of the votes, chains multiplied, at least 25%
	// control: controls it on every level by 55% of the votes through Holding BV
	// controlled interest: controls companies that, with its own stake, hold 55% of the votes directly through Holding BV, at least 25%
	// interest in controller: has 60% of the votes of Holding BV, which controls it
}

func ExampleCloseLink_WithNames() {
	ctx, a := context.Background(), fundBook()
	links, err := compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{Of: "t"})
	check(err)
	for _, l := range links {
		fmt.Println(l.WithNames(a.Name))
	}
	// Output:
	// Holding BV and Target Ltd are closely linked: Holding BV controls Target Ltd with 55% of it: Holding BV > Target Ltd 55%
	// Holding BV and Target Ltd are closely linked: Ines has 60% and 33% of them
	// Ines and Target Ltd are closely linked: Ines controls Target Ltd with 33% of it: Ines > Holding BV > Target Ltd 33%
}

func ExampleConsolidation_Of() {
	ctx := context.Background()
	group, err := compliance.Consolidate(ctx, alliance(), "nissan", compliance.ConsolidationOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(group.Of(compliance.Subsidiary), group.Of(compliance.Associate))
	// Output:
	// [nissan-finance] [mitsubishi]
}

func ExampleEntity_WithNames() {
	ctx, a := context.Background(), fundBook()
	group, err := compliance.Consolidate(ctx, a, "i", compliance.ConsolidationOptions{})
	check(err)
	for _, e := range group.Entities {
		fmt.Println(e.WithNames(a.Name))
	}
	// Output:
	// Holding BV: subsidiary (60% of the votes, 60% of the money): Ines casts 60 of 100 votes in Holding BV (60%)
	// Target Ltd: subsidiary (55% of the votes, 33% of the money): Ines casts 60 of 100 votes in Holding BV (60%); Holding BV casts 55 of 100 votes in Target Ltd (55%)
}

func ExampleEntity_Because() {
	ctx := context.Background()
	group, err := compliance.Consolidate(ctx, alliance(), "nissan", compliance.ConsolidationOptions{})
	check(err)
	for _, e := range group.Entities {
		fmt.Printf("%s: %s, %s\n", e.Company, e.Class, e.Because())
	}
	// Output:
	// mitsubishi: associate, 34.07% of the votes, at least 20%
	// nissan-finance: subsidiary, nissan casts 100 of 100 votes in nissan-finance (100%)
	// renault: investment, 0% of the votes, less than 20%
}

// rebalanced is what came of the story of 2023 and 2024.
func rebalanced() *scenario.Outcome {
	f, err := os.Open("../testdata/alliance/rebalancing.json")
	check(err)
	defer f.Close()
	s, err := scenario.Read(f)
	check(err)
	out, err := scenario.Run(context.Background(), alliance(), s)
	check(err)
	return out
}

// Renault's stake in Nissan comes down in steps, but its votes only once.
func ExampleCrossings() {
	ctx := context.Background()
	crossings, err := compliance.Crossings(ctx, rebalanced(), compliance.ThresholdOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range crossings {
		if c.Holder == "renault" {
			fmt.Println(c)
		}
	}
	// Output:
	// renault in nissan falls to 15.1034% of exercisable, from 43.7003%: reciprocity at 40% (C. com., art. L.233-31, L.233-3)
	// renault in nissan falls to 15.1034% of exercisable, from 43.7003%: significant influence at 20% (IAS 28.5)
	// renault in nissan falls to 15.1034% of exercisable, from 43.7003%: blocking minority at 1/3 (Companies Act, art. 309(2))
	// renault in nissan falls to 38.402% of capital, from 43.4011%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// renault in nissan rises passively to 40.4227% of capital, from 38.402%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// renault in nissan falls to 37.9504% of capital, from 40.4227%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// renault in nissan falls to 33.9235% of capital, from 38.9235%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// renault in nissan rises passively to 35.709% of capital, from 33.9235%: disclosure at a change of 1% (FIEA, art. 27-25(1))
}

func ExampleCrossing_WithNames() {
	ctx, out := context.Background(), rebalanced()
	crossings, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{Holder: "nissan", Issuer: "mitsubishi"})
	check(err)
	for _, c := range crossings {
		fmt.Println(c.WithNames(out.After.Name))
	}
	// Output:
	// Nissan Motor in Mitsubishi Motors falls to 26.7268% of voting, from 34.0704%: bid at 1/3 (FIEA, art. 27-2(1))
	// Nissan Motor in Mitsubishi Motors falls to 23.9949% of capital, from 33.9949%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// Nissan Motor in Mitsubishi Motors falls to 26.7268% of exercisable, from 34.0704%: blocking minority at 1/3 (Companies Act, art. 309(2))
}

// How many shares may a holder still buy before it must bid or disclose? The second
// rule is one of the company's own articles.
func ExampleThresholds() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{{ID: "works", Country: "DE", Listed: true,
			Shares: []crossholding.ShareClass{{Issued: "1000000"}}}},
		Parties: []crossholding.Party{{ID: "founder"}},
		Stakes:  []crossholding.Stake{{Holder: "founder", Issuer: "works", Shares: "260000"}},
	})
	check(err)
	list, err := compliance.Thresholds(ctx, a, compliance.ThresholdOptions{Extra: []law.Threshold{{
		ID: "works-9", Kind: law.DisclosureThreshold, Citation: "articles of works, § 9", Issuer: "works", AtLeast: true,
		Limits: []ratio.Ratio{ratio.MustParse("27%")}, Bases: []law.ThresholdBase{law.OfCapital},
	}}})
	check(err)
	for _, p := range list {
		if p.Kind == law.BidThreshold || p.Kind == law.DisclosureThreshold {
			fmt.Println(p)
		}
	}
	// Output:
	// founder in works has 26% of theoretical, bid: at least 30% if it gains 40,000 votes (§ 29 Abs. 2, § 35 WpÜG)
	// founder in works has 26% of theoretical, disclosure: at least 25% unless it loses 10,001 votes, at least 30% if it gains 40,000 votes (§ 33 Abs. 1 WpHG)
	// founder in works has 26% of capital, disclosure: at least 27% if it gains 10,000 shares (articles of works, § 9)
}

// How many votes does Renault need until it can pass ordinary resolutions of Nissan?
func ExamplePosition_WithNames() {
	ctx, a := context.Background(), alliance()
	list, err := compliance.Thresholds(ctx, a, compliance.ThresholdOptions{Holder: "renault", Issuer: "nissan"})
	check(err)
	for _, p := range list {
		if p.Kind == law.MajorityThreshold {
			fmt.Println(p.WithNames(a.Name))
			fmt.Println(p.Above.Limit, p.Above.Exact, p.Above.Fewest)
		}
	}
	// Output:
	// Renault SA in Nissan Motor has 43.7003% of exercisable, majority: more than 50% if it gains 264,070,530 votes (company law: more than one half of the votes)
	// 0.5 264070529 264070530
}

// Creeping thresholds: a holder of 34% of a French company buys 0.6% twice within a year,
// and a bid is due for 1% within twelve months. The same purchases two years apart ask for
// none. Lawyers know the first of the two as a creeping acquisition.
func ExampleCrossings_creeping() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-01-02",
		Companies: []crossholding.Company{{ID: "target", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "10000"}}}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "target", Shares: "3400"}},
	})
	check(err)
	buy := func(day date.Date) scenario.Step {
		return scenario.Step{Step: "trade", From: "float:target", To: "p", Issuer: "target", Shares: "60", Date: day}
	}
	for _, second := range []date.Date{"2024-09-01", "2026-02-01"} {
		out, err := scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{buy("2024-02-01"), buy(second)}})
		check(err)
		list, err := compliance.Crossings(ctx, out, compliance.ThresholdOptions{Holder: "p"})
		check(err)
		fmt.Println(second, len(list))
		for _, c := range list {
			fmt.Println(c)
		}
	}
	// Output:
	// 2024-09-01 2
	// p in target rises to 35.2% of capital, from 34.6%: bid at a change of 1% within 12 months (RG AMF, art. 234-5)
	// p in target rises to 35.2% of theoretical, from 34.6%: bid at a change of 1% within 12 months (RG AMF, art. 234-5)
	// 2026-02-01 0
}

// A rule of a user's own: each change of 2% above 10% in one company.
func ExampleThresholds_ladder() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "p"}},
		Stakes:    []crossholding.Stake{{Holder: "p", Issuer: "works", Shares: "125"}},
	})
	check(err)
	list, err := compliance.Thresholds(ctx, a, compliance.ThresholdOptions{Thresholds: []law.Threshold{{
		ID: "works-10", Kind: law.DisclosureThreshold, Citation: "articles of works, § 10", Issuer: "works",
		Ladder: &law.Ladder{From: ratio.MustParse("10%"), Step: ratio.MustParse("2%")}, AtLeast: true, AtMost: true,
		Bases: []law.ThresholdBase{law.OfCapital}, Counts: []law.Attribution{law.InOwnName, law.InConcert},
	}}})
	check(err)
	for _, p := range list {
		fmt.Println(p)
	}
	// Output:
	// p in works has 12.5% of capital, disclosure: 2% less if it loses 20 shares, 2% more if it gains 20 shares (articles of works, § 10)
}
