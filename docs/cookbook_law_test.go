package docs_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

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
