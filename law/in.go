package law

import "github.com/crossholding/crossholding/ratio"

var india = Jurisdiction{
	Country: "IN", Name: "India",
	Statutes: []Statute{
		{
			ID: "IN-19", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87)",
			From: "2018-05-07", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrBoard, CountsSuspended: true, Fiduciary: FiduciaryExempt,
			Note: "Since the Companies (Amendment) Act 2017 the test is of voting power. A company of which another controls the board or more than half of the voting power is its subsidiary (s. 2(87), read as first enacted).",
		},
		{
			ID: "IN-19-capital", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87) as first enacted",
			From: "2013-09-12", To: "2018-05-06", Verified: "secondary",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2),
			Treasury: true, CountsSuspended: true, Group: true, GroupBy: MeasureShares, Fiduciary: FiduciaryExempt,
			Note: "The test was of total share capital: equity and convertible preference shares. The rule counts all shares.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "IN-29", Kind: DisclosureThreshold, Country: "IN", Citation: "SEBI (SAST) Regulations 2011, reg. 29(1)",
			From: "2011-10-22", Verified: "read",
			Listed: true, Rising: true, Limits: limits(20, 1), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest,
			Exceptions: "On the Innovators Growth Platform the limit is 10%. The rule does not look at this.",
			Note:       "Whoever acquires has the duty. A fall below the limit is reported if it is a change of more than 2% (reg. 29(2)).",
		},
		{
			ID: "IN-29-2", Kind: DisclosureThreshold, Country: "IN", Citation: "SEBI (SAST) Regulations 2011, reg. 29(2)",
			From: "2011-10-22", Verified: "read",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 50)}, Bases: []ThresholdBase{OfVoting}, Counts: relevantInterest,
		},
		{
			ID: "IN-3", Kind: BidThreshold, Country: "IN", Citation: "SEBI (SAST) Regulations 2011, reg. 3(1)",
			From: "2011-10-22", Verified: "not verified",
			Listed: true, Limits: limits(4, 1), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
		{
			ID: "IN-3-2", Kind: BidThreshold, Country: "IN", Citation: "SEBI (SAST) Regulations 2011, reg. 3(2)",
			From: "2011-10-22", Verified: "not verified",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 4), To: ratio.Of(3, 4), Step: ratio.Of(1, 20), Months: 12}, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
			Note: "The regulation counts the increases of a financial year. The rule counts those of twelve months.",
		},
	},
}
