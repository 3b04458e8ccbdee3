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
		Statute{
			ID: "BE-7-224", Country: "BE", Citation: "CSA, art. 7:224, 1:14 à 1:16",
			From: "2019-05-01", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: AllControlMeans(), CountsSuspended: true, OwnVotes: true,
			Exceptions: belgianControl,
			Note:       "Art. 1:14 was read: control is any power, of right or in fact, over the appointment of most of the board or over the management. A shareholder has it of right by most of the votes or of the board, the articles or a contract; other means give it in fact. So every fact counts. Art. 7:224 itself was not read, but art. 631 of the former code was, which suspends all votes of subsidiaries. That suspended votes count where one asks who controls whom, and that an intermediary's power is its principal's alone, was read in its art. 7.",
		}.or("votes of a company's own subsidiaries leave the base of the test (as art. 7 of the former code says)", func(s *Statute) { s.CountsSuspended = false }),
		Statute{
			ID: "BE-631", Country: "BE", Citation: "C. soc., art. 631, 5 à 7",
			From: "2001-02-06", To: "2019-04-30", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: AllControlMeans(), CountsSuspended: true, OwnVotes: true,
			Exceptions: belgianControl,
			Note:       "The first day is not verified.",
		}.or("votes of a company's own subsidiaries leave the base of the test (as art. 7 of the former code says)", func(s *Statute) { s.CountsSuspended = false }),
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

// belgianControl says how the rules on subsidiaries differ from art. 7 of the former code.
const belgianControl = "Votes of shares that a company's own subsidiaries have of it leave the base of the test, and those that an intermediary has count as its principal's. The rule leaves the former in, and counts the latter for nobody, unless the principal casts them itself."
