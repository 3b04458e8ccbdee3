package law

import "github.com/crossholding/crossholding/ratio"

var sweden = Jurisdiction{
	Country: "SE", Name: "Sweden",
	Statutes: []Statute{
		{
			ID: "SE-7-7", Country: "SE", Citation: "7 kap. 7 § aktiebolagslagen (2005:551)",
			From: "2006-01-01", Verified: "not verified",
			Kind: TestControls, Threshold: ratio.Of(1, 2), HolderFacts: byInfluence,
			Note: "A subsidiary is a company of which more than half of the votes are held, or whose shareholder decides by an agreement with others on the votes, by the right to appoint or remove more than half of the board, or alone by a contract or the articles (1 kap. 11 §, read in the like words of 1 kap. 4 § årsredovisningslagen).",
		},
		{
			ID: "SE-7-7-own", Country: "SE", Citation: "7 kap. 7 § aktiebolagslagen (2005:551)",
			From: "2006-01-01", Verified: "not verified",
			Kind: TestOwnShares,
		},
	},
	Thresholds: []Threshold{
		{
			ID: "SE-4-5", Kind: DisclosureThreshold, Country: "SE", Citation: "4 kap. 2, 4, 5 §§ lagen (1991:980) om handel med finansiella instrument",
			From: "2007-07-01", Verified: "not verified",
			Listed: true, AtLeast: true,
			Limits: []ratio.Ratio{ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4), ratio.Of(3, 10), ratio.Of(1, 2), ratio.Of(2, 3), ratio.Of(9, 10)},
			Bases:  []ThresholdBase{OfCapital, OfTheoretical}, Counts: transparency, Rights: toExisting,
			Note: "That contracts which only pay count from the first day is not verified: Directive 2013/50/EU made them count in all member states.",
		},
		{
			ID: "SE-3-1", Kind: BidThreshold, Country: "SE", Citation: "3 kap. 1, 5 §§ lagen (2006:451) om offentliga uppköpserbjudanden",
			From: "2006-07-01", Verified: "not verified",
			Listed: true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
		},
	},
}
