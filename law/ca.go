package law

import "github.com/crossholding/crossholding/ratio"

var canada = Jurisdiction{
	Country: "CA", Name: "Canada",
	Statutes: []Statute{
		{
			ID: "CA-33", Country: "CA", Citation: "Canada Business Corporations Act, ss. 2(3) to (5), 33",
			From: "2001-11-24", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Fiduciary: FiduciaryExempt,
			Exceptions: "A legal representative must ask the owners for instructions (s. 153). The rule does not look at this.",
			Note:       "Section 33 was read in its version of 2003, s. 2 was not, but a Quebec act of like words: votes for the board, held by or for the benefit of the other company, that are enough to elect most of it. The first day is not verified. The provinces have acts of their own: those of New Brunswick (s. 30) and Quebec (ss. 86, 87) were read and say the same. The rule reaches all provinces.",
		},
		{
			ID: "CA-33-own", Country: "CA", Citation: "Canada Business Corporations Act, s. 33(1)",
			From: "2001-11-24", Verified: "read",
			Kind: TestOwnShares,
			Note: "The first day is not verified.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "CA-5.2", Kind: DisclosureThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 5.2(1)",
			From: "2016-05-09", Verified: "secondary",
			Listed: true, Limits: limits(10, 1), AtLeast: true, Classes: EachClass, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Exceptions: "The limit is 5% while a bid is open, and institutions may report monthly. The rule does not look at this.",
			Note:       "The first day is that of the adoption in all provinces.",
		},
		{
			ID: "CA-5.2-2", Kind: DisclosureThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 5.2(2)",
			From: "2016-05-09", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 10), Step: ratio.Of(1, 50)}, AtLeast: true, AtMost: true,
			Classes: EachClass, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Note: "That a decrease of 2% must be reported too is not verified.",
		},
		{
			ID: "CA-1.1", Kind: BidThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 1.1 \"take-over bid\"",
			From: "2016-05-09", Verified: "read",
			Listed: true, Limits: limits(5, 1), AtLeast: true, Classes: EachClass, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Exceptions: "Purchases of up to 5% within twelve months on a market are exempt. The rule does not look at this.",
		},
	},
}
