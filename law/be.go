package law

import "github.com/crossholding/crossholding/ratio"

var belgium = Jurisdiction{
	Country: "BE", Name: "Belgium",
	Statutes: []Statute{
		{
			ID: "BE-7-217", Country: "BE", Citation: "CSA, art. 7:217",
			From: "2019-05-01", Verified: "not verified",
			Kind: TestOwnShares,
		},
		{
			ID: "BE-7-224", Country: "BE", Citation: "CSA, art. 7:224, 1:14, 1:17",
			From: "2019-05-01", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byInfluence, CountsSuspended: true,
			Note: "That suspended votes count where one asks who controls whom was read in the former code (art. 7). Art. 7:224 itself was not read. That the right to appoint the board, the articles and contracts give control (art. 1:14) is not verified.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "BE-6", Kind: DisclosureThreshold, Country: "BE", Citation: "loi du 2 mai 2007, art. 6",
			From: "2008-09-01", Verified: "not verified",
			Listed: true, Limits: everyFive(5, 95), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: transparency, Rights: toExisting,
			Note: "That contracts which only pay count from the first day is not verified: Directive 2013/50/EU made them count in all member states.",
		},
		{
			ID: "BE-50", Kind: BidThreshold, Country: "BE", Citation: "arrêté royal du 27 avril 2007, art. 50",
			From: "2007-09-01", Verified: "not verified",
			Listed: true, Limits: limits(10, 3), AtMost: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
	},
	Omitted: []string{
		"CSA, art. 7:225: reciprocal holdings above 10%. The text was not read.",
	},
}
