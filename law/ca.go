package law

import "github.com/crossholding/crossholding/ratio"

var canada = Jurisdiction{
	Country: "CA", Name: "Canada",
	Thresholds: []Threshold{
		{
			ID: "CA-5.2", Kind: DisclosureThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 5.2(1)",
			From: "2016-05-09", Verified: "secondary",
			Listed: true, Limits: limits(10, 1), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Exceptions: "The limit is 5% while a bid is open, and institutions may report monthly. The rule does not look at this.",
			Note:       "The instrument tests each class by itself. The first day is that of the adoption in all provinces.",
		},
		{
			ID: "CA-5.2-2", Kind: DisclosureThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 5.2(2)",
			From: "2016-05-09", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 10), Step: ratio.Of(1, 50)}, AtLeast: true, AtMost: true,
			Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Note: "That a decrease of 2% must be reported too is not verified.",
		},
		{
			ID: "CA-1.1", Kind: BidThreshold, Country: "CA", Citation: "National Instrument 62-104, s. 1.1 \"take-over bid\"",
			From: "2016-05-09", Verified: "not verified",
			Listed: true, Limits: limits(5, 1), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest, Rights: withinSixtyDays,
			Exceptions: "Purchases of up to 5% within twelve months on a market are exempt. The rule does not look at this.",
		},
	},
	Omitted: []string{
		"Canada Business Corporations Act, ss. 30 to 33: shares that a subsidiary holds in its parent. The text was not read.",
	},
}
