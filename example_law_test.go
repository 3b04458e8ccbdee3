package crossholding_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// before2023 is the alliance before its rebalancing: Renault's votes as
// published for 31 October 2022, the stakes as disclosed.
func before2023() crossholding.Book {
	return crossholding.Book{
		AsOf: "2022-12-31",
		Companies: []crossholding.Company{
			{ID: "renault", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "295722284", Treasury: "4562561"}}},
			{ID: "nissan", Country: "JP", Listed: true, Shares: []crossholding.ShareClass{{Issued: "4220715112", Treasury: "28900000"}}},
			{ID: "nissan-finance", Country: "JP"},
			{ID: "mitsubishi", Country: "JP", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1490282496", Treasury: "3300000"}}},
		},
		Parties: []crossholding.Party{
			{ID: "french-state", Kind: crossholding.KindState},
			{ID: "registered", Kind: crossholding.KindPublic}, // others with double votes
			{ID: "mitsubishi-corporation", Kind: crossholding.KindCompany},
		},
		Stakes: []crossholding.Stake{
			{Holder: "french-state", Issuer: "renault", Shares: "44387915", Votes: "2", VotesSince: "2016-04-02"},
			{Holder: "nissan-finance", Issuer: "renault", Shares: "44358343", Votes: "2", VotesSince: "2016-04-02"},
			{Holder: "registered", Issuer: "renault", Shares: "16223037", Votes: "2", VotesSince: "2016-04-02"},
			{Holder: "nissan", Issuer: "nissan-finance", Percent: "100"},
			{Holder: "renault", Issuer: "nissan", Shares: "1831837027"},
			{Holder: "nissan", Issuer: "mitsubishi", Shares: "506620577"},
			{Holder: "mitsubishi-corporation", Issuer: "mitsubishi", Shares: "298012214"},
		},
	}
}

// after2023 is Renault's meeting under the New Alliance Agreement, with the
// votes published for 30 April 2024.
func after2023() crossholding.Book {
	return crossholding.Book{
		AsOf: "2024-04-30",
		Companies: []crossholding.Company{
			{ID: "renault", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "295722284", Treasury: "3933088"}}},
			{ID: "nissan", Country: "JP", Shares: []crossholding.ShareClass{{Issued: "4220715112", Treasury: "25000000"}}},
			{ID: "nissan-finance", Country: "JP"},
		},
		Parties: []crossholding.Party{{ID: "french-state"}, {ID: "registered"}, {ID: "natixis", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "french-state", Issuer: "renault", Shares: "44387915", Votes: "2"},
			{Holder: "nissan-finance", Issuer: "renault", Shares: "44358343", Votes: "2"},
			{Holder: "registered", Issuer: "renault", Shares: "16145575", Votes: "2"},
			{Holder: "nissan", Issuer: "nissan-finance", Percent: "100"},
			{Holder: "renault", Issuer: "nissan", Shares: "633107267"},
			{Holder: "natixis", Issuer: "nissan", Shares: "1198729760", Beneficiary: "renault", Voter: crossholding.Neutral},
		},
		Agreements: []crossholding.Agreement{
			{ID: "new-alliance", Kind: crossholding.AgreementCap, Holders: []string{"nissan-finance"}, Issuer: "renault", Max: "15%", From: "2023-11-08"},
		},
	}
}

func votes(b crossholding.Book, opt crossholding.VotingOptions) *crossholding.Votes {
	a, err := crossholding.New(b)
	if err != nil {
		log.Fatal(err)
	}
	v, err := a.Votes(context.Background(), opt)
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func control(b crossholding.Book, opt crossholding.ControlOptions) *crossholding.Control {
	a, err := crossholding.New(b)
	if err != nil {
		log.Fatal(err)
	}
	c, err := a.Control(context.Background(), opt)
	if err != nil {
		log.Fatal(err)
	}
	return c
}

// Nissan's votes in Renault before 2023: many on paper, none that count.
func ExampleAlliance_Votes() {
	ctx := context.Background()
	a, err := crossholding.New(before2023())
	if err != nil {
		log.Fatal(err)
	}
	for _, noLaw := range []bool{true, false} {
		v, err := a.Votes(ctx, crossholding.VotingOptions{NoLaw: noLaw})
		if err != nil {
			log.Fatal(err)
		}
		n, err := v.Of("nissan-finance", "renault")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s votes, %s%%\n", n.Exercisable, n.ExercisableShare.Percent(2))
	}
	// Output:
	// 88716686 votes, 22.4%
	// 0 votes, 0%
}

// The same votes under the contract of 2023, which caps them at 15%. The
// wording leaves open whether the votes above the cap stay in the base.
func ExampleVotes_Of() {
	for _, reading := range []crossholding.CapExcess{crossholding.CapExcessStays, crossholding.CapExcessLeaves} {
		n, err := votes(after2023(), crossholding.VotingOptions{CapExcess: reading}).Of("nissan-finance", "renault")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("excess %s: %s of %s votes are free, %s%%\n", reading, n.Free, n.Exercisable, n.FreeShare.Percent(2))
	}
	// Output:
	// excess stays: 59502154 of 88716686 votes are free, 15%
	// excess leaves: 54346648 of 88716686 votes are free, 15%
}

func ExampleVotes_Meeting() {
	m, err := votes(before2023(), crossholding.VotingOptions{}).Meeting("renault")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("theoretical", m.Theoretical)
	fmt.Println("treasury   ", m.Treasury)
	fmt.Println("suspended   ", m.Suspended)
	fmt.Println("exercisable", m.Exercisable)
	// Output:
	// theoretical 400691579
	// treasury    4562561
	// suspended    88716686
	// exercisable 307412332
}

func ExampleVotes_Rows() {
	for n := range votes(after2023(), crossholding.VotingOptions{}).Rows() {
		if n.Issuer == "nissan" {
			fmt.Printf("%-12s free %10s, neutral %10s, %s%% of what decides\n", n.Holder, n.Free, n.Neutral, n.FreeShare.Percent(2))
		}
	}
	// Output:
	// float:nissan free 2363878085, neutral          0, 78.88% of what decides
	// natixis      free          0, neutral 1198729760, 0% of what decides
	// nissan       free          0, neutral          0, 0% of what decides
	// renault      free  633107267, neutral          0, 21.12% of what decides
}

func ExampleReason_Because() {
	n, err := votes(before2023(), crossholding.VotingOptions{}).Of("nissan-finance", "renault")
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range n.Reasons {
		fmt.Printf("%s votes, %s: %s\n", r.Votes, r.Citation, r.Because())
	}
	// Output:
	// 88716686 votes, C. com., art. L.233-31, L.233-3: renault controls nissan-finance: renault casts 1,831,837,027 of 4,191,815,112 votes in nissan (43.7%), more than 40% and nobody else has as many; nissan casts 100 of 100 votes in nissan-finance (100%)
}

// By majority Renault does not control Nissan; by France's presumption it does.
func ExampleAlliance_Control() {
	ctx := context.Background()
	a, err := crossholding.New(before2023())
	if err != nil {
		log.Fatal(err)
	}
	for _, presumed := range []string{"0", "2/5"} {
		c, err := a.Control(ctx, crossholding.ControlOptions{Presumed: ratio.MustParse(presumed)})
		if err != nil {
			log.Fatal(err)
		}
		yes, err := c.Controls(ctx, "renault", "nissan")
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(yes)
	}
	// Output:
	// false
	// true
}

func ExampleControl_Why() {
	ctx := context.Background()
	c := control(before2023(), crossholding.ControlOptions{})
	for _, pair := range [][2]string{{"nissan", "nissan-finance"}, {"renault", "nissan"}} {
		why, err := c.Why(ctx, pair[0], pair[1])
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(why)
	}
	// Output:
	// nissan controls nissan-finance: nissan casts 100 of 100 votes in nissan-finance (100%)
	// renault does not control nissan: it has 1,831,837,027 of 4,191,815,112 votes (43.7%) and lacks 264,070,530
}

// Two holders that act in concert.
func ExampleControl_Group() {
	ctx := context.Background()
	g, err := control(before2023(), crossholding.ControlOptions{}).Group(ctx, "nissan", "mitsubishi-corporation")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(g.Companies())
	why, err := g.Why("mitsubishi")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(why)
	// Output:
	// [mitsubishi nissan-finance]
	// nissan with mitsubishi-corporation controls mitsubishi: mitsubishi-corporation casts 298,012,214 and nissan casts 506,620,577 of 1,486,982,496 votes in mitsubishi, together 804,632,791 (54.11%)
}

func ExampleGroup_Why() {
	ctx := context.Background()
	g, err := control(before2023(), crossholding.ControlOptions{}).Group(ctx, "mitsubishi-corporation")
	if err != nil {
		log.Fatal(err)
	}
	why, err := g.Why("mitsubishi")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(why.Votes, "of", why.Base, "votes,", why.Needed, "needed")
	// Output:
	// 298012214 of 1486982496 votes, 743491249 needed
}

func ExampleControl_Controlled() {
	ctx := context.Background()
	c := control(before2023(), crossholding.ControlOptions{Presumed: ratio.MustParse("2/5")})
	companies, err := c.Controlled(ctx, "renault")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(companies)
	// Output:
	// [nissan nissan-finance]
}

func ExampleControl_Pairs() {
	ctx := context.Background()
	c := control(before2023(), crossholding.ControlOptions{Presumed: ratio.MustParse("2/5")})
	for p, err := range c.Pairs(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(p.Controller, "controls", p.Company)
	}
	// Output:
	// nissan controls nissan-finance
	// renault controls nissan
	// renault controls nissan-finance
}

// A rule of one's own: suppose Renault's articles suspended every company in
// which Renault holds a tenth.
func ExampleStatute() {
	rule := law.Statute{
		ID: "renault-articles", Citation: "articles of association, art. 99 (supposed)", Issuer: "renault",
		Kind: law.TestHolds, Threshold: ratio.MustParse("10%"), AtLeast: true, Group: true,
	}
	book := after2023()
	book.Stakes = append(book.Stakes, crossholding.Stake{Holder: "nissan", Issuer: "renault", Shares: "1000"})
	n, err := votes(book, crossholding.VotingOptions{Extra: []law.Statute{rule}}).Of("nissan", "renault")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n.Theoretical, "votes,", n.Exercisable, "count")
	fmt.Println(n.Reasons[0].Because())
	// Output:
	// 1000 votes, 0 count
	// renault has 633,107,267 of 4,195,715,112 votes of nissan, 15.09%: at least 10%
}

// A policy chooses one of the readings of the law. North holds 60 votes of South, and South
// holds 70 of North; a reading suspends one or the other.
func ExampleVotes_Choices() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "north", Country: "US-DE"}, {ID: "south", Country: "US-DE"}},
		Stakes: []crossholding.Stake{
			{Holder: "north", Issuer: "south", Percent: "60"},
			{Holder: "south", Issuer: "north", Percent: "70"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	v, err := a.Votes(context.Background(), crossholding.VotingOptions{Circular: crossholding.PolicyFewest})
	if err != nil {
		log.Fatal(err)
	}
	for _, c := range v.Choices() {
		for i, r := range c.Readings {
			fmt.Println(i+1, r)
		}
		fmt.Println("chosen:", c.Chosen)
	}
	n, err := v.Of("south", "north")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(n.Exercisable, "of", n.Theoretical, "count")
	fmt.Println(n.Doubtful[0])
	// Output:
	// 1 suspended: south's 70 votes in north (8 Del. C. § 160(c))
	// 2 suspended: north's 60 votes in south (8 Del. C. § 160(c))
	// chosen: 2
	// 70 of 70 count
	// 70 votes of south in north are in doubt: the law has 2 readings here, and policy "fewest" chose reading 2 (8 Del. C. § 160(c))
}

// Two Delaware corporations that hold 60% of each other: whoever's votes count
// controls the other, whose votes then do not.
func ExampleReadingsError() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "north", Country: "US-DE"}, {ID: "south", Country: "US-DE"}},
		Stakes: []crossholding.Stake{
			{Holder: "north", Issuer: "south", Percent: "60"},
			{Holder: "south", Issuer: "north", Percent: "60"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = a.Votes(ctx, crossholding.VotingOptions{})
	var circle *crossholding.ReadingsError
	if !errors.As(err, &circle) {
		log.Fatal(err)
	}
	for i, r := range circle.Readings {
		fmt.Printf("%d. %s\n", i+1, r)
	}
	v, err := a.Votes(ctx, crossholding.VotingOptions{Circular: crossholding.PolicyMost})
	if err != nil {
		log.Fatal(err)
	}
	n, err := v.Of("north", "south")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("by policy:", n.Exercisable, "of", n.Theoretical)
	// Output:
	// 1. suspended: south's 60 votes in north (8 Del. C. § 160(c))
	// 2. suspended: north's 60 votes in south (8 Del. C. § 160(c))
	// by policy: 60 of 60
}

// The table has no rule for Viet Nam.
func ExampleVotes_Warnings() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "airports", Country: "VN"}},
		Parties:   []crossholding.Party{{ID: "ministry", Kind: crossholding.KindState}},
		Stakes:    []crossholding.Stake{{Holder: "ministry", Issuer: "airports", Percent: "95.4"}},
	})
	check(err)
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	list, err := v.Warnings(ctx)
	check(err)
	for _, w := range list {
		fmt.Println(w)
	}
	// Output: airports: no built-in statute is law in VN: no votes are suspended there
}
