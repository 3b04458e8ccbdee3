package law

import "github.com/crossholding/crossholding/ratio"

var hongKong = Jurisdiction{
	Country: "HK", Name: "Hong Kong",
	Statutes: []Statute{
		{
			ID: "HK-113", Country: "HK", Citation: "Companies Ordinance (Cap. 622), ss. 13 to 15, 113, 114",
			From: "2014-03-03", Verified: "not verified",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrBoard, OwnVotes: true, Fiduciary: FiduciaryExempt,
			Note: "That fiduciary holdings do not count in the test was read in the former ordinance (Cap. 32, s. 2(6)). A company of which another controls the board or most of the votes is its subsidiary: this was read of the board in the former ordinance, and of both in the Securities Ordinance (Cap. 333, s. 4(2)). Sections 13 to 15 were not read.",
		},
		{
			ID: "HK-113-shares", Country: "HK", Citation: "Companies Ordinance (Cap. 622), ss. 13 to 15, 113, 114",
			From: "2014-03-03", Verified: "not verified",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true, Facts: byVotesOrBoard, Fiduciary: FiduciaryExempt,
			Exceptions: "Shares that have a right to a specified amount only do not count. The rule does not look at this: it counts all shares.",
			Note:       "More than half of the issued share capital is enough, without a majority of the votes. This was read in the Securities Ordinance (Cap. 333, s. 4(2)(a)(iii)).",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "HK-310", Kind: DisclosureThreshold, Country: "HK", Citation: "Securities and Futures Ordinance (Cap. 571), ss. 308, 310, 313, 315",
			From: "2003-04-01", Verified: "not verified",
			Listed: true, Limits: everyPercent(5, 100), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: with(transparency, ThroughStakes),
			Deemed: DeemedRule{Share: ratio.Of(1, 3), AtLeast: true},
			Note:   "What a corporation has counts for who controls one third or more of its votes, directly or indirectly (s. 316; read in notes of a law firm, the section itself was not). The rule passes this through as many corporations as there are: the votes of each count as one's own. Above 5%, each whole percent that is reached or lost must be disclosed.",
		},
		{
			ID: "HK-26.1", Kind: BidThreshold, Country: "HK", Citation: "Code on Takeovers and Mergers, Rule 26.1(a), (b)",
			Verified: "not verified",
			Listed:   true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
		{
			ID: "HK-26.1-creep", Kind: BidThreshold, Country: "HK", Citation: "Code on Takeovers and Mergers, Rule 26.1(c), (d)",
			Verified: "not verified",
			Listed:   true, Ladder: &Ladder{From: ratio.Of(3, 10), To: ratio.Of(1, 2), Step: ratio.Of(1, 50), Months: 12},
			Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
	},
}
