package law

import "github.com/crossholding/crossholding/ratio"

var netherlands = Jurisdiction{
	Country: "NL", Name: "Netherlands",
	Statutes: []Statute{
		{
			ID: "NL-2-118", Country: "NL", Citation: "art. 2:118 lid 7, 2:228 lid 6, 2:24a BW",
			Verified: "not verified",
			Kind:     TestControls, Threshold: ratio.Of(1, 2), Facts: []ControlMeans{ControlByVoting}, HolderFacts: []ControlMeans{ControlByAppointment},
			Note: "Shares without a vote do not count (art. 2:24d, read in a bill of 2007). A subsidiary is also a company of which a shareholder can appoint or dismiss more than half of the directors or supervisory directors, and one in which others agree to give it most of the votes (art. 2:24a, read).",
		},
		{
			ID: "NL-2-118-own", Country: "NL", Citation: "art. 2:118 lid 7, 2:228 lid 6 BW",
			Verified: "not verified",
			Kind:     TestOwnShares,
		},
	},
	Thresholds: []Threshold{
		{
			ID: "NL-5-38", Kind: DisclosureThreshold, Country: "NL", Citation: "art. 5:38, 5:45 Wft",
			From: "2013-07-01", Verified: "secondary",
			Listed: true, Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 95), AtLeast: true,
			Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: transparency,
			Note: "The limits were read on the pages of the supervisor (AFM). The first day of the limit of 3% is not verified.",
		},
		{
			ID: "NL-5-38-2012", Kind: DisclosureThreshold, Country: "NL", Citation: "art. 5:38, 5:45 Wft",
			From: "2012-01-01", To: "2013-06-30", Verified: "not verified",
			Listed: true, Limits: limits(100, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 95), AtLeast: true,
			Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: transparency,
		},
		{
			ID: "NL-5-38-2007", Kind: DisclosureThreshold, Country: "NL", Citation: "art. 5:38, 5:45 Wft",
			From: "2007-01-01", To: "2011-12-31", Verified: "not verified",
			Listed: true, Limits: limits(100, 5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 95), AtLeast: true,
			Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: with(votesInConcert, RightsToShares),
			Note: "Contracts that are settled in cash count since 2012.",
		},
		{
			ID: "NL-5-70", Kind: BidThreshold, Country: "NL", Citation: "art. 1:1, 5:70 Wft",
			From: "2007-10-28", Verified: "not verified",
			Listed: true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
	},
}
