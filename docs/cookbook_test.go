// Package docs_test holds the programs of COOKBOOK.md, and tests that the page
// shows them with their output.
package docs_test

import (
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/format/psc"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/merge"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/sharing"
	"github.com/crossholding/crossholding/value"
	"github.com/crossholding/crossholding/whatif"
)

var ctx = context.Background()

// must returns v. It stops the program if there is an error.
func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// alliance reads the book of Renault, Nissan and Mitsubishi Motors at the end of 2022.
func alliance() *crossholding.Alliance {
	f := must(os.Open("../testdata/alliance/before.json"))
	defer f.Close()
	return must(crossholding.ReadBook(f))
}

// rebalancing makes the steps by which the alliance changed in 2023 and 2024.
func rebalancing() *scenario.Outcome {
	f := must(os.Open("../testdata/alliance/rebalancing.json"))
	defer f.Close()
	return must(scenario.Run(ctx, alliance(), must(scenario.Read(f))))
}

// crossHoldings lists what companies hold of one another, as fractions of the shares that are
// outstanding.
func crossHoldings(a *crossholding.Alliance) (out []clearing.Holding) {
	g := a.Graph()
	for company := range int32(g.Len()) {
		issued, treasury := g.Issued(company)
		from, to := g.Stakes(company)
		for e := from; e < to; e++ {
			if holder := g.Stake(e).Beneficiary; holder != company && g.HasShares(holder) {
				share := g.Shares(e).Div(issued.Sub(treasury))
				out = append(out, clearing.Holding{Holder: g.ID(holder), Issuer: g.ID(company), Share: share})
			}
		}
	}
	return out
}

// percents makes a book of stakes such as "ines 60 holding". Whoever is held is a company
// under German law. All others are persons.
func percents(stakes ...string) *crossholding.Alliance {
	var b crossholding.Book
	isCompany := map[string]bool{}
	for _, text := range stakes {
		var s crossholding.Stake
		must(fmt.Sscan(text, &s.Holder, &s.Percent, &s.Issuer))
		b.Stakes = append(b.Stakes, s)
		isCompany[s.Issuer] = true
		if !isCompany[s.Holder] {
			isCompany[s.Holder] = false // known, and a person so far
		}
	}
	for id, company := range isCompany {
		if company {
			b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: "DE"})
		} else {
			b.Parties = append(b.Parties, crossholding.Party{ID: id})
		}
	}
	return must(crossholding.New(b))
}

// A bank.

func Example_closeLinks() {
	a := alliance()
	for _, link := range must(compliance.CloseLinks(ctx, a, compliance.CloseLinkOptions{Of: "mitsubishi"})) {
		fmt.Println(link.WithNames(a.Name))
	}
	// Output:
	// Mitsubishi Motors and Nissan Finance are closely linked: Nissan Motor has 34.07% and 100% of them
	// Mitsubishi Corporation and Mitsubishi Motors are closely linked: Mitsubishi Corporation has 20.04% of Mitsubishi Motors: Mitsubishi Corporation > Mitsubishi Motors 20.04%
	// Nissan Motor and Mitsubishi Motors are closely linked: Nissan Motor has 34.07% of Mitsubishi Motors: Nissan Motor > Mitsubishi Motors 34.07%
}

func Example_beneficialOwners() {
	a := percents("ines 60 holding", "omar 40 holding", "holding 55 works", "ana 24.9 works")
	report := must(compliance.BeneficialOwners(ctx, a, "works", compliance.BeneficialOwnerOptions{}))
	for _, owner := range report.Owners {
		fmt.Println(owner.ID, "has", owner.Shares.PercentString(), "of the shares")
		for _, ground := range owner.Grounds {
			if ground.Basis == compliance.BasisShares {
				fmt.Println(" ", ground)
			}
		}
	}
	// Output:
	// ines has 33% of the shares
	//   has 33% of the shares, chains multiplied, at least 25% (Regulation (EU) 2024/1624, art. 52(1))
	//   controls it on every level by 55% of the shares through holding (Regulation (EU) 2024/1624, art. 53(2))
	//   controls companies that, with its own stake, hold 55% of the shares directly through holding, at least 25% (Regulation (EU) 2024/1624, art. 54(a))
	//   has 60% of the shares of holding, which controls it (Regulation (EU) 2024/1624, art. 54(b))
	// omar has 22% of the shares
	//   has 40% of the shares of holding, which controls it (Regulation (EU) 2024/1624, art. 54(b))
}

func Example_connectedClients() {
	a := percents("ines 60 holding", "holding 55 works", "holding 51 shop", "ana 70 bakery", "shop 30 bakery")
	c := must(a.Control(ctx, crossholding.ControlOptions{}))
	clients := map[string][]string{}
	for pair, err := range c.Ultimates(ctx) {
		pair = must(pair, err)
		clients[pair.Controller] = append(clients[pair.Controller], pair.Company)
	}
	for _, head := range slices.Sorted(maps.Keys(clients)) {
		fmt.Println(head, "with", strings.Join(clients[head], ", "))
	}
	// Output:
	// ana with bakery
	// ines with holding, shop, works
}

func Example_stakeThroughChain() {
	o := must(alliance().Ownership(ctx, crossholding.OwnershipOptions{}))
	why := must(o.Explain(ctx, "french-state", "nissan"))
	fmt.Printf("in all %s%%, exactly %s\n", why.Integrated.Percent(4), why.Integrated)
	fmt.Printf("its own stake %s%%\n", why.Direct.Percent(4))
	for _, via := range why.Through {
		fmt.Printf("through %s %s%%\n", via.Name, via.Figure.Percent(4))
	}
	fmt.Printf("round the loops %s%%\n", why.Loops.Percent(4))
	// Output:
	// in all 7.1374%, exactly 1478389568151431/20713281303879413
	// its own stake 0%
	// through renault 6.6622%
	// round the loops 0.4752%
}

// A sanctions desk.

func Example_fiftyPercentRule() {
	a := percents("x 25 works", "y 25 works", "works 50 shop")
	for _, regime := range []string{compliance.RegimeOFAC, compliance.RegimeEU, compliance.RegimeUK} {
		report := must(compliance.Sanctions(ctx, a, []string{"x", "y"}, compliance.SanctionsOptions{Regime: regime}))
		fmt.Println(report.Regime.ID, "blocks", report.Blocked(), "by", report.Regime.Citation)
	}
	// Output:
	// OFAC-2014 blocks [shop works] by OFAC, FAQ 398, 399 and 401 (13 August 2014)
	// EU-2024 blocks [shop works] by EU Best Practices for the effective implementation of restrictive measures, 3 July 2024
	// UK-2019 blocks [] by Russia (Sanctions) (EU Exit) Regulations 2019, reg. 7 and Sch. 1; OFSI, UK Financial Sanctions General Guidance, para. 4.1.4
}

func Example_nearFiftyPercent() {
	a := alliance()
	report := must(compliance.Sanctions(ctx, a, []string{"renault", "mitsubishi-corporation"}, compliance.SanctionsOptions{}))
	for _, c := range report.Companies {
		missing := c.Threshold.Sub(c.Fraction)
		if !c.Blocked && missing.Less(ratio.MustParse("10%")) {
			fmt.Println(c.WithNames(a.Name))
			fmt.Printf("  %s%% of the company is missing\n", missing.Percent(2))
		}
	}
	// Output:
	// Nissan Motor is not owned by Mitsubishi Corporation with Renault SA: 43.7% of its shares (Renault SA 43.7%), where at least 50% is needed
	//   6.3% of the company is missing
}

// A merger lawyer.

func Example_whoControls() {
	a := alliance()
	c := must(a.Control(ctx, crossholding.ControlOptions{Presumed: ratio.MustParse("40%")}))
	for _, controller := range []string{"renault", "french-state"} {
		why := must(c.Why(ctx, controller, "nissan"))
		fmt.Println(why.WithNames(a.Name))
	}
	// Output:
	// Renault SA controls Nissan Motor: Renault SA casts 1,831,837,027 of 4,191,815,112 votes in Nissan Motor (43.7%), more than 40% and nobody else has as many
	// French State (APE) does not control Nissan Motor: it has 0 of 4,191,815,112 votes (0%) and lacks 1,831,837,028; Renault SA has 1,831,837,027
}

func Example_controlByFact() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}},
		Parties:   []crossholding.Party{{ID: "family"}, {ID: "land", Kind: crossholding.KindState}, {ID: "foundation", Kind: crossholding.KindTrust}},
		Stakes:    []crossholding.Stake{{Holder: "foundation", Issuer: "works", Percent: "60"}},
		Controls: []crossholding.ControlFact{
			{Controller: "family", Company: "foundation", By: crossholding.ControlByAppointment, Source: "statutes, art. 4"},
			{Controller: "land", Company: "works", By: crossholding.ControlByState, Source: "works act, s. 2"},
		},
	}))
	c := must(a.Control(ctx, crossholding.ControlOptions{}))
	for _, x := range must(c.Ultimate(ctx, "works")) {
		fmt.Println(must(c.Why(ctx, x, "works")))
	}
	s := must(compliance.Sanctions(ctx, a, []string{"land"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK}))
	fmt.Println(s.Companies[0])
	// Output:
	// family controls works: family controls foundation by fact (appointment: statutes, art. 4); foundation casts 60 of 100 votes in works (60%)
	// land controls works: land controls works by fact (state: works act, s. 2)
	// works is controlled by land: land controls works by fact (state: works act, s. 2)
}

func Example_suspendedVotes() {
	a := alliance()
	v := must(a.Votes(ctx, crossholding.VotingOptions{}))
	for row := range v.Rows() {
		for _, r := range row.Reasons {
			fmt.Printf("%s loses %s votes in %s: %s\n", a.Name(r.Holder), r.Votes.Grouped(), a.Name(r.Issuer), r.WithNames(a.Name).Because())
			if r.Citation != "" {
				fmt.Println("  article:", r.Citation)
			}
		}
	}
	// Output:
	// French State (APE) loses 33,749,023 votes in Renault SA: state-governance: at most 17.9% of exercisable votes: 55,026,807 of 88,775,830
	// Mitsubishi Motors loses 3,300,000 votes in Mitsubishi Motors: Mitsubishi Motors's own shares do not vote
	//   article: Companies Act (Japan), art. 308(2)
	// Nissan Motor loses 28,900,000 votes in Nissan Motor: Nissan Motor's own shares do not vote
	//   article: Companies Act (Japan), art. 308(2)
	// Nissan Finance loses 88,716,686 votes in Renault SA: Renault SA controls Nissan Finance: Renault SA casts 1,831,837,027 of 4,191,815,112 votes in Nissan Motor (43.7%), more than 40% and nobody else has as many; Nissan Motor casts 100 of 100 votes in Nissan Finance (100%)
	//   article: C. com., art. L.233-31, L.233-3
	// Renault SA loses 4,562,561 votes in Renault SA: Renault SA's own shares do not vote
	//   article: C. com., art. L.225-111, L.225-210
}

func Example_whatIfSharesMove() {
	a := alliance()
	out := must(scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "renault", To: crossholding.FloatOf("nissan"), Issuer: "nissan", DownTo: "35%"},
	}}))
	for _, step := range out.Steps {
		fmt.Println(step)
	}
	diff := must(out.Before.Differences(ctx, out.After, crossholding.ControlOptions{Presumed: ratio.MustParse("40%")}))
	for _, sentence := range diff.Sentences(a.Name) {
		fmt.Println(sentence)
	}
	// Output:
	// renault passes 354,586,800 nissan shares to float:nissan (62.2 shares from the exact amount)
	// Renault SA loses control of Nissan Motor
	// Renault SA loses control of Nissan Finance
	// 88,716,686 votes of Nissan Finance in Renault SA are no longer suspended (C. com., art. L.233-31, L.233-3)
}

func Example_whatIfAStakeWereZero() {
	a := percents("alpha 26 beta", "beta 30 alpha", "family 55 alpha", "family 30 beta")
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	none := must(o.WithChanges(ctx, crossholding.Stake{Holder: "beta", Issuer: "alpha", Shares: "0"}))
	for _, x := range []*crossholding.Ownership{o, none} {
		fmt.Printf("the family owns %s%% of beta\n", must(x.Integrated(ctx, "family", "beta")).Percent(2))
	}
	out := must(scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "alpha", To: crossholding.FloatOf("beta"), Issuer: "beta", DownTo: "0%"},
	}}))
	for _, x := range []*crossholding.Alliance{out.Before, out.After} {
		c := must(x.Control(ctx, crossholding.ControlOptions{}))
		fmt.Println(must(c.Why(ctx, "family", "beta")))
	}
	// Output:
	// the family owns 48.05% of beta
	// the family owns 44.3% of beta
	// family controls beta: family casts 55 of 95 votes in alpha (57.89%); alpha casts 25 and family casts 30 of 99 votes in beta, together 55 (55.56%)
	// family does not control beta: it has 30 of 100 votes (30%) and lacks more than 20
}

func Example_lawForOneCompany() {
	a := percents("alpha 30 beta", "beta 30 alpha")
	table := law.Statutes() // a copy
	for i := range table {
		if table[i].ID == "DE-328" { // alpha gave notice first: § 328 Abs. 2 AktG
			table[i].Country, table[i].Issuer = "", "alpha"
		}
	}
	for _, opt := range []crossholding.VotingOptions{{}, {Statutes: table}} {
		v := must(a.Votes(ctx, opt))
		fmt.Printf("alpha casts %s votes in beta, and beta %s in alpha\n",
			must(v.Of("alpha", "beta")).Free, must(v.Of("beta", "alpha")).Free)
	}
	// Output:
	// alpha casts 25 votes in beta, and beta 25 in alpha
	// alpha casts 30 votes in beta, and beta 25 in alpha
}

func Example_thresholdsToday() {
	a := alliance()
	for _, p := range must(compliance.Thresholds(ctx, a, compliance.ThresholdOptions{Holder: "renault", Issuer: "nissan"})) {
		fmt.Println(p.WithNames(a.Name))
	}
	// Output:
	// Renault SA in Nissan Motor has 43.7003% of exercisable, reciprocity: more than 40% unless it loses 155,110,983 votes, more than 50% if it gains 264,070,530 votes (C. com., art. L.233-31, L.233-3)
	// Renault SA in Nissan Motor has 43.7003% of exercisable, significant influence: at least 20% unless it loses 993,474,005 votes (IAS 28.5)
	// Renault SA in Nissan Motor has 43.7003% of voting, bid: more than 5% unless it loses 1,622,246,272 votes (FIEA, art. 27-2(1)(i))
	// Renault SA in Nissan Motor has 43.7003% of voting, bid: more than 1/3 unless it loses 434,565,323 votes (FIEA, art. 27-2(1))
	// Renault SA in Nissan Motor has 43.4011% of capital, disclosure: more than 5% (FIEA, art. 27-23(1))
	// Renault SA in Nissan Motor has 43.4011% of capital, disclosure: 1% less if it loses 42,207,152 shares, 1% more if it gains 42,207,152 shares (FIEA, art. 27-25(1))
	// Renault SA in Nissan Motor has 43.7003% of exercisable, blocking minority: more than 1/3 unless it loses 434,565,323 votes (Companies Act, art. 309(2))
	// Renault SA in Nissan Motor has 43.7003% of exercisable, majority: more than 50% if it gains 264,070,530 votes (company law: more than one half of the votes)
}

func Example_thresholdsCrossed() {
	out := rebalancing()
	for _, c := range must(compliance.Crossings(ctx, out, compliance.ThresholdOptions{Issuer: "mitsubishi"})) {
		fmt.Println(out.Steps[c.Step])
		fmt.Println("  ", c.WithNames(out.After.Name))
	}
	// Output:
	// mitsubishi buys back 149,028,300 mitsubishi shares from nissan for 68,642,434,980 JPY
	//    Nissan Motor in Mitsubishi Motors falls to 26.7268% of voting, from 34.0704%: bid at 1/3 (FIEA, art. 27-2(1))
	// mitsubishi buys back 149,028,300 mitsubishi shares from nissan for 68,642,434,980 JPY
	//    Nissan Motor in Mitsubishi Motors falls to 23.9949% of capital, from 33.9949%: disclosure at a change of 1% (FIEA, art. 27-25(1))
	// mitsubishi buys back 149,028,300 mitsubishi shares from nissan for 68,642,434,980 JPY
	//    Nissan Motor in Mitsubishi Motors falls to 26.7268% of exercisable, from 34.0704%: blocking minority at 1/3 (Companies Act, art. 309(2))
}

func Example_whoCanBlock() {
	a := percents("porsche 53.3 volkswagen", "lower-saxony 20 volkswagen", "qatar 17 volkswagen")
	v := must(a.Votes(ctx, crossholding.VotingOptions{}))
	articles := crossholding.Rule{Name: "articles", Threshold: ratio.MustParse("4/5")} // more than four fifths
	for _, resolution := range must(v.Resolutions(ctx, "volkswagen", articles)) {
		for _, voter := range resolution.Voters {
			fmt.Println(voter)
		}
	}
	// Output:
	// porsche, with 53.3% of the votes, can pass it with lower-saxony, qatar and can block it alone
	// lower-saxony, with 20% of the votes, can pass it with porsche, qatar and can block it alone
	// qatar, with 17% of the votes, can pass it with porsche, lower-saxony and can block it with porsche
}

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

// An investor.

func Example_worthAgainstCost() {
	a := rebalancing().After
	value := must(a.Value(a.Market(), crossholding.ValuationOptions{Currency: "JPY"}))
	for stake := range value.Stakes() {
		if percent, err := stake.Ratio(); err == nil { // the cost and the price are known
			fmt.Printf("%s in %s: cost %s, worth %s, %s%% of cost\n", a.Name(stake.Holder), a.Name(stake.Issuer),
				must(stake.Cost()), must(stake.Value()), percent.Percent(1))
		}
	}
	// Output:
	// Nissan Motor in Mitsubishi Motors: cost 167539133620.04 JPY, worth 164707002786.2 JPY, 98.3% of cost
	// Renault SA in Nissan Motor: cost 530492530800 JPY, worth 541765497079.5 JPY, 102.1% of cost
}

func Example_costAtTheRatesOfTheDay() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "ana"}},
		Stakes: []crossholding.Stake{{Holder: "ana", Issuer: "works", Shares: "80", Lots: []crossholding.Lot{
			{Date: "2020-05-04", Shares: "30", Price: "100 USD"}, {Date: "2022-09-01", Shares: "20", Price: "110 USD"},
		}}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"works": "120 EUR"}},
	}))
	value := must(a.Value(a.Market(), crossholding.ValuationOptions{LotFX: map[date.Date]map[string]ratio.Number{
		"2020-05-04": {"EUR/USD": "1.25"}, "2022-09-01": {"EUR/USD": "1.1"},
	}}))
	stake := must(value.Stake("ana", "works"))
	_, err := stake.Cost()
	fmt.Println(err)
	known := stake.KnownCost()
	fmt.Println(known.Shares, "shares cost", must(known.Cost()), "and are worth", must(known.Value()))
	// Output:
	// crossholding: cost of ana in works: no lot covers 30 of 80 shares: no known cost
	// 50 shares cost 4400 EUR and are worth 6000 EUR
}

func Example_afterABuyback() {
	a := alliance()
	out := must(scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepBuyback, From: crossholding.FloatOf("nissan"), Issuer: "nissan", Percent: "5", Price: "568.5 JPY", Cancel: true},
	}}))
	for _, step := range out.Steps {
		fmt.Println(step)
	}
	for _, b := range []*crossholding.Alliance{out.Before, out.After} {
		o := must(b.Ownership(ctx, crossholding.OwnershipOptions{}))
		fmt.Printf("renault has %s%% of the shares and %s%% in the end\n",
			must(o.Capital("renault", "nissan")).Percent(2), must(o.FirstPassage(ctx, "renault", "nissan")).Percent(2))
	}
	// Output:
	// nissan buys back 211,035,800 nissan shares from float:nissan and cancels them for 119,973,852,300 JPY (44.4 shares from the exact amount)
	// renault has 43.4% of the shares and 43.7% in the end
	// renault has 45.69% of the shares and 46.02% in the end
}

func Example_largestSale() {
	s := must(whatif.Solve(ctx, alliance(),
		whatif.Goal{Figure: whatif.Figure{Kind: whatif.Capital, Holder: "renault", Issuer: "nissan"}, Is: whatif.AtLeast, Limit: ratio.Of(15, 100)},
		whatif.Lever{Greatest: true, Steps: []scenario.Step{{Step: scenario.StepBuyback, From: "renault", Issuer: "nissan", Cancel: true}}},
		whatif.Options{}))
	for _, p := range []whatif.Point{s.At, *s.Beside} {
		fmt.Println(p.Amount.Grouped(), "sold back and cancelled leave", p.Figure.Percent(7), "percent")
	}
	// Output:
	// 1,410,270,300 sold back and cancelled leave 15.0000002 percent
	// 1,410,270,400 sold back and cancelled leave 14.9999972 percent
}

func Example_cheapestControl() {
	b := alliance().Book()
	b.Market.Prices = map[string]string{"nissan": "418 JPY", "renault": "31 EUR"} // assumed
	a := must(crossholding.New(b))
	t := must(whatif.CheapestControl(ctx, a, whatif.Acquisition{Buyer: "mitsubishi-corporation", Targets: []string{"nissan"}}, whatif.Options{}))
	for _, p := range t.Purchases {
		fmt.Println(p.Shares.Grouped(), "shares of", p.Offer.Issuer, "from", p.Offer.Seller)
	}
	fmt.Println(t.Cost.Round(ratio.HalfEven), "is the least:", t.Optimal)
	fmt.Println(t.Control[0])
	// Output:
	// 264,070,600 shares of nissan from float:nissan
	// 61,407,690 shares of renault from float:renault
	// 44,387,915 shares of renault from french-state
	// 2,764,097 shares of renault from nissan-finance
	// 16,223,037 shares of renault from registered-holders
	// 4653004783.88 EUR is the least: true
	// mitsubishi-corporation controls nissan: mitsubishi-corporation casts 124,782,739 of 249,565,477 votes in renault (50.0000002%); mitsubishi-corporation casts 264,070,600 and renault casts 1,831,837,027 of 4,191,815,112 votes in nissan, together 2,095,907,627 (50.000002%)
}

func Example_lossOfHalf() {
	stake := whatif.Figure{Kind: whatif.ValueOverCost, Holder: "renault", Issuer: "nissan"}
	s := must(whatif.Simulate(ctx, rebalancing().After, whatif.Simulation{
		Figures: []whatif.Figure{stake},
		Goals:   []whatif.Goal{{Figure: stake, Is: whatif.LessThan, Limit: ratio.Of(1, 2)}},
		Factors: []whatif.Factor{{Key: "prices.nissan", Volatility: 0.4}}, // an assumption
		Seed:    1, Draws: 100_000,
	}, whatif.Options{}))
	low, high, err := s.Estimates[0].Quantile(ratio.Of(1, 2))
	fmt.Printf("half is lost: %.4f, standard error %.4f\n", s.Goals[0].Probability().Float64(), s.Goals[0].StandardError())
	fmt.Printf("the median of value over cost is between %.3f and %.3f %v\n", low, high, err)
	// Output:
	// half is lost: 0.0371, standard error 0.0006
	// the median of value over cost is between 1.020 and 1.021 <nil>
}

func Example_lookAtAFloat() {
	a := alliance()
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	for _, holding := range must(o.Holdings(ctx, crossholding.FloatOf("renault"))) {
		fmt.Printf("%s: directly %s%%, in the end %s%%\n", a.Name(holding.Issuer), holding.Economic.Percent(2), holding.Integrated.Percent(2))
	}
	// Output:
	// Mitsubishi Motors: directly 0%, in the end 10.2%
	// Nissan Motor: directly 0%, in the end 29.94%
	// Nissan Finance: directly 0%, in the end 29.94%
	// Renault SA: directly 63.95%, in the end 68.51%
}

func Example_whoPaysForADefault() {
	a := alliance()
	in := clearing.Input{Holdings: crossHoldings(a)}
	for _, id := range []string{"mitsubishi", "nissan", "nissan-finance", "renault"} { // assumed: 1,000 each, and debts of 700
		in.Firms = append(in.Firms, clearing.Firm{Name: id, Assets: ratio.Int(1000)})
		in.Debts = append(in.Debts, clearing.Debt{Debtor: id, Amount: ratio.Int(700)})
	}
	before := must(must(clearing.New(in)).Clear(ctx, clearing.Options{}))
	in.Firms[1].Assets = ratio.Int(200) // Nissan's own business fails
	after := must(must(clearing.New(in)).Clear(ctx, clearing.Options{}))
	for i, f := range after.Greatest.Firms {
		was := before.Greatest.Firms[i]
		fmt.Printf("%s: shares worth %s, before %s; creditors get %s\n", a.Name(f.Name), f.Equity.Decimal(2), was.Equity.Decimal(2), f.Paid().Decimal(2))
	}
	fmt.Println("in default:", after.Greatest.Defaults(), "unique:", after.Unique)
	// Output:
	// Mitsubishi Motors: shares worth 300, before 300; creditors get 700
	// Nissan Motor: shares worth 0, before 801.26; creditors get 647.92
	// Nissan Finance: shares worth 345.71, before 399.05; creditors get 700
	// Renault SA: shares worth 300, before 650.15; creditors get 700
	// in default: [nissan] unique: true
}

// Partners.

func Example_fairShares() {
	g := must(sharing.New(sharing.Problem{
		Members: []string{"Renault", "Nissan", "Mitsubishi"},
		Ventures: []sharing.Venture{
			{Name: "platform", Fixed: "900", Uses: []sharing.Use{{Member: "Renault"}, {Member: "Nissan"}, {Member: "Mitsubishi"}}},
			{Name: "engine", Fixed: "600", Uses: []sharing.Use{{Member: "Renault"}, {Member: "Nissan"}}},
		},
	}))
	for _, d := range []sharing.Division{must(g.Shapley(ctx)), must(g.Nucleolus(ctx)), must(g.Equal())} {
		fmt.Println(d.Rule, d.Shares)
	}
	proposed := sharing.Division{Shares: []sharing.Share{
		{Member: "Renault", Amount: ratio.Int(200)}, {Member: "Nissan", Amount: ratio.Int(350)}, {Member: "Mitsubishi", Amount: ratio.Int(950)},
	}}
	for _, o := range must(g.Objections(ctx, proposed)).List {
		fmt.Println(o.Members, "would do better to leave, by", o.Gain)
	}
	// Output:
	// Shapley value [{Renault 600} {Nissan 600} {Mitsubishi 300}]
	// nucleolus [{Renault 525} {Nissan 525} {Mitsubishi 450}]
	// equal [{Renault 500} {Nissan 500} {Mitsubishi 500}]
	// [Mitsubishi] would do better to leave, by 50
}

func Example_withheldTechnology() {
	p := sharing.Problem{
		Members: []string{"Renault", "Nissan", "Mitsubishi"},
		Ventures: []sharing.Venture{
			{Name: "Horse", Fixed: "700", Uses: []sharing.Use{{Member: "Renault"}}},
			{Name: "Mitsubishi's hybrids", Fixed: "400", Uses: []sharing.Use{{Member: "Mitsubishi"}}},
		},
		Assets: []sharing.Asset{{Name: "e-Power", Owners: []string{"Nissan"}, Effects: []sharing.Effect{
			{Venture: "Horse", Fixed: "300"}, {Venture: "Mitsubishi's hybrids", Fixed: "200"},
		}}},
	}
	brought, withheld := must(sharing.New(p)), must(sharing.New(must(p.Withhold("e-Power", "Horse"))))
	for _, c := range must(sharing.Compare(must(brought.Shapley(ctx)), must(withheld.Shapley(ctx)))) {
		fmt.Println(c.Member, "pays", c.After, "instead of", c.Before)
	}
	// Output:
	// Renault pays 700 instead of 550
	// Nissan pays -100 instead of -250
	// Mitsubishi pays 300 instead of 300
}

func Example_stubValue() {
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{
			{ID: "3com", Shares: []crossholding.ShareClass{{Issued: "351000000"}}},
			{ID: "palm", Shares: []crossholding.ShareClass{{Issued: "562258065"}}},
		},
		Stakes: []crossholding.Stake{{Holder: "3com", Issuer: "palm", Shares: "532000000"}},
	}))
	prices := map[string]string{"3com": "81.81 USD", "palm": "95.06 USD"}
	l := must(value.NewLookThrough(ctx, a, value.Figures{Market: crossholding.Market{Currency: "USD", Prices: prices}}))
	parent := must(l.Of("3com"))
	stub := must(parent.Own())
	fmt.Println("market value", must(parent.Gross()), "less stakes", must(parent.Stakes()))
	fmt.Println("is", stub, "or", must(parent.PerShare(stub)), "a share")
	totals := must(l.Totals())
	fmt.Println("counted twice", totals.DoubleCounted, "so outsiders own", totals.External)
	// Output:
	// market value 28715310000 USD less stakes 50571920000 USD
	// is -21856610000 USD or -62.27 USD a share
	// counted twice 50571920000 USD so outsiders own 31591641658.9 USD
}

func Example_gainByCurrency() {
	rates := must(value.NewRates([]value.Rate{
		{Day: "1999-03-29", Pair: "EUR/JPY", Mid: "128.78"},
		{Day: "2024-03-28", Pair: "EUR/JPY", Mid: "163.45"},
	}, value.RateOptions{}))
	a := must(value.NewAccount("Renault in Nissan", "EUR", value.AccountOptions{Rates: rates}))
	a = must(a.Buy(value.Trade{Date: "1999-03-29", Shares: "99132100", Price: "400 JPY"}))
	_, result, err := a.Sell(value.Sale{Trade: value.Trade{Date: "2024-03-28", Shares: "99132100", Price: "593.4 JPY"}})
	if err != nil {
		log.Fatal(err)
	}
	gain := must(result.Sum())
	fmt.Println(result.Gains[0].Local, "are", gain.Total)
	fmt.Println("by price", gain.Price, "by currency", gain.Currency, "by both together", gain.Joint)
	// Output:
	// 19172148140 JPY are 51984443.16 EUR
	// by price 148875199.10 EUR by currency -65312272.29 EUR by both together -31578483.65 EUR
}
