package law

import "github.com/crossholding/crossholding/ratio"

var singapore = Jurisdiction{
	Country: "SG", Name: "Singapore",
	Statutes: []Statute{
		Statute{
			ID: "SG-21", Country: "SG", Citation: "Companies Act 1967 (Singapore), ss. 5, 21",
			From: "1967-12-29", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrBoard, OwnVotes: true, Fiduciary: FiduciaryExempt,
			Exceptions: "A trustee's shares are reached if the holding company is beneficially interested under the trust. The rule does not look at this.",
			Note:       "Section 21(1) to (3) was read in a copy, s. 5(3) on fiduciary holdings in other acts of like words. A corporation of which another controls the board or more than half of the voting power is its subsidiary (s. 5(1), read in a copy).",
		}.or("the holding company is beneficially interested in shares that the subsidiary holds for another", func(s *Statute) { s.Fiduciary = "" }),
	},
	Thresholds: []Threshold{
		{
			ID: "SG-135", Kind: DisclosureThreshold, Country: "SG", Citation: "Securities and Futures Act 2001, ss. 135 to 137; Companies Act 1967, s. 81",
			From: "2012-11-19", Verified: "secondary",
			Listed: true, Limits: everyPercent(5, 100), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: with(relevantInterest, ThroughStakes),
			Deemed:     DeemedRule{Share: ratio.Of(1, 5), AtLeast: true, Once: true},
			Exceptions: "Associates who are accustomed to follow a person count with it where one asks who has 20% of a corporation's votes (s. 4(6)). The rule does not look at this: it counts subsidiaries.",
			Note:       "What a corporation has counts for who has 20% of its votes or more, and this does not pass through a second corporation: \"apart from this subsection\" (Securities and Futures Act 2001, s. 4(5), read in the like words of the Financial Advisers Act 2001, s. 4(5); s. 4(6) was read). Section 81 was read: 5% or more, without treasury shares. That each whole percent above must be notified is not verified, and neither is the first day.",
		},
		{
			ID: "SG-14.1", Kind: BidThreshold, Country: "SG", Citation: "Singapore Code on Take-overs and Mergers, Rule 14.1(a)",
			Verified: "not verified",
			Listed:   true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
		{
			ID: "SG-14.1-creep", Kind: BidThreshold, Country: "SG", Citation: "Singapore Code on Take-overs and Mergers, Rule 14.1(b)",
			Verified: "not verified",
			Listed:   true, Ladder: &Ladder{From: ratio.Of(3, 10), To: ratio.Of(1, 2), Step: ratio.Of(1, 100), Months: 6},
			Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
	},
}
