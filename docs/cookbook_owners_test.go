package docs_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/merge"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

// An economist.

func Example_integratedOwnership() {
	o := must(alliance().Ownership(ctx, crossholding.OwnershipOptions{}))
	for _, owner := range must(o.Owners(ctx, "nissan")) {
		fmt.Printf("%-18s integrated %5s%%  first-passage %5s%%\n", owner.Holder, owner.Integrated.Percent(2), owner.FirstPassage.Percent(2))
	}
	fmt.Println("loop multiplier of nissan", must(o.LoopMultiplier(ctx, "nissan")).Decimal(6))
	// Output:
	// float:nissan       integrated 60.32%  first-passage 60.32%
	// float:renault      integrated 29.94%  first-passage 29.94%
	// french-state       integrated  7.14%  first-passage  7.14%
	// nissan             integrated  7.13%  first-passage  6.66%
	// nissan-finance     integrated  7.13%  first-passage  6.66%
	// registered-holders integrated  2.61%  first-passage  2.61%
	// renault            integrated 46.82%  first-passage  43.7%
	// loop multiplier of nissan 1.071326
}

func Example_showTheLoop() {
	d := must(alliance().Diagnose(ctx))
	for _, component := range d.Components {
		fmt.Println(component)
	}
	// Output:
	// 3 companies with 3 stakes in one another: nissan holds 100% of nissan-finance, nissan-finance holds 15.24% of renault, renault holds 43.7% of nissan
}

func Example_readARegister() {
	companies := strings.NewReader("id,issued,treasury,votes\nacme,1000,,\nbolt,500,20,\n")
	stakes := strings.NewReader("holder,issuer,shares\nana,acme,600\nacme,bolt,200\nana,acme,600\n")
	a := must(crossholding.ReadRegister(ctx, companies, stakes, crossholding.RegisterOptions{
		Country: "FR", OverAllocated: crossholding.OverAllocationScale,
	}))
	for _, w := range a.Warnings() {
		fmt.Println(w)
	}
	// Output:
	// acme: 1,200 shares are held of 1,000 outstanding ones: its stakes are scaled to these
	// ana in acme: listed 2 times, 1,200 shares together
}

func Example_networkControl() {
	c := must(network.NewControl(ctx, alliance(), network.ControlOptions{Model: network.ModelThresholdElseLinear}))
	for _, holder := range must(c.Rank(ctx)) {
		fmt.Println(holder)
	}
	// Output:
	// nissan controls a value of 1.3407: 34.07% of mitsubishi, 100% of nissan-finance
	// renault controls a value of 1.0229: 14.89% of mitsubishi, 43.7% of nissan, 43.7% of nissan-finance
	// french-state controls a value of 0.3621: 2.67% of mitsubishi, 7.82% of nissan, 7.82% of nissan-finance, 17.9% of renault
	// registered-holders controls a value of 0.2135: 1.57% of mitsubishi, 4.61% of nissan, 4.61% of nissan-finance, 10.55% of renault
	// mitsubishi-corporation controls a value of 0.2004: 20.04% of mitsubishi
	// mitsubishi-heavy controls a value of 0.0144: 1.44% of mitsubishi
	// mufg-bank controls a value of 0.0099: 0.99% of mitsubishi
}

func Example_weakestLink() {
	a := alliance()
	options := network.WeakestLinkOptions{Threshold: ratio.MustParse("10%"), CashFlow: true}
	for _, owner := range must(network.WeakestLinks(ctx, a, "nissan", options)) {
		fmt.Println(owner.WithNames(a.Name))
		fmt.Printf("cash-flow rights %s%%\n", owner.CashFlowRights.Percent(2))
	}
	// Output:
	// French State (APE) has 17.9% of Nissan Motor by the weakest link: French State (APE) 17.9% of Renault SA, Renault SA 43.7% of Nissan Motor
	// cash-flow rights 7.14%
}

func Example_votingPower() {
	v := must(alliance().Votes(ctx, crossholding.VotingOptions{}))
	meeting := must(network.MeetingPower(ctx, v, "mitsubishi", network.PowerOptions{}))
	for _, voter := range meeting.Voters {
		fmt.Printf("%-22s votes %5s%%  Shapley-Shubik %5s%%  Banzhaf %5s%%\n", voter.Name,
			voter.Share.Percent(2), voter.ShapleyShubik.Percent(2), voter.Banzhaf.Percent(2))
	}
	// Output:
	// float:mitsubishi       votes 43.46%  Shapley-Shubik 42.82%  Banzhaf     0%
	// mitsubishi-corporation votes 20.04%  Shapley-Shubik  12.1%  Banzhaf     0%
	// mitsubishi-heavy       votes  1.44%  Shapley-Shubik  1.46%  Banzhaf     0%
	// mufg-bank              votes  0.99%  Shapley-Shubik  0.99%  Banzhaf     0%
	// nissan                 votes 34.07%  Shapley-Shubik 42.63%  Banzhaf   100%
}

func Example_ultimateOwnersOfAll() {
	o := must(alliance().Ownership(ctx, crossholding.OwnershipOptions{}))
	certified := must(o.Certified(crossholding.CertifiedOptions{Places: 4}))
	for figure, err := range certified.OwnersAbove(ctx, ratio.MustParse("5%"), true) {
		figure = must(figure, err)
		fmt.Println(figure.Issuer, figure.Holder, figure.Integrated)
	}
	// Output:
	// nissan french-state 0.0714
	// nissan float:nissan 0.6032
	// nissan float:renault 0.2994
	// nissan-finance french-state 0.0714
	// nissan-finance float:nissan 0.6032
	// nissan-finance float:renault 0.2994
	// renault french-state 0.1633
	// renault registered-holders 0.0597
	// renault float:nissan 0.0919
	// renault float:renault 0.6851
	// mitsubishi mitsubishi-corporation 0.2004
	// mitsubishi float:mitsubishi 0.4346
	// mitsubishi float:nissan 0.2055
	// mitsubishi float:renault 0.102
}

// A journalist.

func Example_registerFile() {
	f := must(os.Open("../format/psc/testdata/snapshot.jsonl"))
	defer f.Close()
	book, report, err := psc.Read(ctx, f, psc.Options{AsOf: "2024-01-01"})
	a := must(crossholding.New(must(book, err)))
	fmt.Println(report.Read, "of", report.Lines, "lines read; dropped:", report.Dropped.Counts, "guessed:", report.Guessed.Counts)
	bounds := must(a.Bounds(ctx, crossholding.BoundsOptions{}))
	for _, party := range book.Parties {
		for _, c := range must(bounds.Controlled(ctx, party.ID)) {
			fmt.Printf("%s controls %s: %s\n", a.Name(c.Controller), a.Name(c.Company), c.Answer)
		}
	}
	// Output:
	// 6 of 8 lines read; dropped: map[ceased:1 statement:1] guessed: map[person:2 unknown:1 vehicle:1]
	// Mr Noah Reed controls SC000003: yes
	// Mr Noah Reed controls trust with an interest in SC000003: yes
	// Ms Ada ORCHARD controls 00000001: yes
	// Ms Ada ORCHARD controls Orchard Holdings Ltd: yes
	// Ms Ada ORCHARD controls SC000003: yes
	// trust with an interest in SC000003 controls SC000003: yes
	// unidentified person with significant control of 00000004 controls 00000004: depends
}

func Example_whoIsBehind() {
	a := alliance()
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	for _, owner := range must(o.Ultimate(ctx, "mitsubishi")) {
		fmt.Printf("%s owns %s%%\n", a.Name(owner.Holder), owner.Integrated.Percent(2))
	}
	// Output:
	// the float of Mitsubishi Motors owns 43.46%
	// the float of Nissan Motor owns 20.55%
	// the float of Renault SA owns 10.2%
	// French State (APE) owns 2.43%
	// Mitsubishi Corporation owns 20.04%
	// Mitsubishi Heavy Industries owns 1.44%
	// MUFG Bank owns 0.99%
	// Other registered holders with double votes owns 0.89%
}

func Example_chainOfControl() {
	a := percents("AT 70 PV", "AT 40 IN", "PV 10 IN", "PV 60 RCB", "RCB 10 IN", "RCB 30 GW",
		"GL 40 AC", "IN 40 AC", "IN 99 SO", "SO 30 GW")
	c := must(a.Control(ctx, crossholding.ControlOptions{}))
	fmt.Println("controllers of GW:", must(c.Controllers(ctx, "GW")))
	fmt.Println("ultimate:", strings.Join(must(c.Ultimate(ctx, "GW")), " and "))
	fmt.Println(must(c.Why(ctx, "AT", "GW")))
	fmt.Println(must(c.Why(ctx, "AT", "AC")))
	// Output:
	// controllers of GW: [AT]
	// ultimate: AT
	// AT controls GW: AT casts 70 of 100 votes in PV (70%); PV casts 60 of 100 votes in RCB (60%); AT casts 40 and PV casts 10 and RCB casts 10 of 100 votes in IN, together 60 (60%); IN casts 99 of 100 votes in SO (99%); RCB casts 30 and SO casts 30 of 100 votes in GW, together 60 (60%)
	// AT does not control AC: it has 40 of 100 votes (40%) and lacks more than 10
}

func Example_stakeInABand() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings"}, {ID: "trading"}},
		Parties:   []crossholding.Party{{ID: "ada"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "holdings", Between: "more than 50% but less than 75%"},
			{Holder: "holdings", Issuer: "trading", Between: "25-50%"}, {Holder: "ada", Issuer: "trading", Percent: "20"},
		},
	}))
	b := must(a.Bounds(ctx, crossholding.BoundsOptions{}))
	fmt.Println("ada owns", must(b.Integrated(ctx, "ada", "trading")), "of trading")
	fmt.Println(must(b.Controls(ctx, "ada", "trading")))
	// Output:
	// ada owns (32.5%,57.5%) of trading
	// ada may control trading; yes if holdings has 50% of trading; no if holdings has 25% of trading
}

func Example_ownersInBands() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings"}, {ID: "trading"}},
		Parties:   []crossholding.Party{{ID: "ada"}, {ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "holdings", Between: "more than 50% but less than 75%"},
			{Holder: "holdings", Issuer: "trading", Between: "(25%,50%]"}, {Holder: "ben", Issuer: "trading", Between: "20-30%"},
		},
	}))
	report := must(compliance.BoundBeneficialOwners(ctx, a, "trading", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC}))
	for _, owner := range report.Owners {
		fmt.Println(owner)
	}
	// Output:
	// ada is a beneficial owner
	// ben may be a beneficial owner; yes if ben has 27.5% of trading; no if ben has 25% of trading
}

func Example_roundedPercentages() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "paper"}},
		Parties:   []crossholding.Party{{ID: "ada"}, {ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "paper", Percent: "50.0", Rounded: true},
			{Holder: "ben", Issuer: "paper", Percent: "50.1", Rounded: true},
		},
	}))
	b := must(a.Bounds(ctx, crossholding.BoundsOptions{}))
	fmt.Println("ben owns", must(b.Integrated(ctx, "ben", "paper")))
	fmt.Println(must(b.Controls(ctx, "ben", "paper")))
	fmt.Println(must(b.Controls(ctx, "ada", "paper")))
	written := must(a.AsWritten())
	fmt.Println(written.Warnings()[1])
	// Output:
	// ben owns 50.05%
	// ben controls paper
	// ada does not control paper
	// paper (ordinary): rounded percentages are taken 100% of the way from the written figure to the lower end, because together they exceed what there is: ada 50.0%, ben 50.1%
}

func Example_twoSources() {
	companies, parties := []crossholding.Company{{ID: "paper"}}, []crossholding.Party{{ID: "ada"}, {ID: "ben"}}
	register := crossholding.Book{
		AsOf: "2023-12-31", Source: "register", Companies: companies, Parties: parties,
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "paper", Between: "25-50%"}, {Holder: "ben", Issuer: "paper", Percent: "20"},
		},
	}
	report := crossholding.Book{
		AsOf: "2024-06-30", Source: "annual report", Companies: companies, Parties: parties,
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "paper", Percent: "33.3", Rounded: true}, {Holder: "ben", Issuer: "paper", Percent: "18"},
		},
	}
	merged := must(merge.Books(merge.Options{}, register, report)) // the newest report counts
	for _, conflict := range merged.Conflicts {
		fmt.Println(conflict)
	}
	for _, stake := range merged.Book.Stakes {
		fmt.Println(stake.Holder, stake.Percent, stake.Source)
	}
	// Output:
	// stake of ben in paper (ordinary): 18% (annual report 2024-06-30) taken, not 20% (register 2023-12-31)
	// ada 33.3 annual report
	// ben 18 annual report
}

func Example_tableOfOwners() {
	a := alliance()
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	owners := must(o.Ultimate(ctx, "mitsubishi"))
	figures := make([]ratio.Ratio, len(owners))
	for i, owner := range owners {
		figures[i] = owner.Integrated
	}
	for i, figure := range must(ratio.LargestRemainder(figures, 3)) {
		fmt.Printf("%-42s %5s%%\n", a.Name(owners[i].Holder), figure.Percent(1).StringFixed(1))
	}
	// Output:
	// the float of Mitsubishi Motors              43.5%
	// the float of Nissan Motor                   20.6%
	// the float of Renault SA                     10.2%
	// French State (APE)                           2.4%
	// Mitsubishi Corporation                      20.0%
	// Mitsubishi Heavy Industries                  1.4%
	// MUFG Bank                                    1.0%
	// Other registered holders with double votes   0.9%
}
