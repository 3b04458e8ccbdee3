package law

import "github.com/crossholding/crossholding/ratio"

var italy = Jurisdiction{
	Country: "IT", Name: "Italy",
	Statutes: []Statute{
		{
			ID: "IT-121", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)",
			From: "2016-03-18", Verified: "read",
			Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(3, 100),
			Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: byVotesOrContract,
			Effect: EffectSecondToCross, SellWithin: 12,
			Exceptions: "The limit is 5% for a small or medium issuer, 5% after an agreement of both meetings, and 10% for both together. The rule does not look at this: override its threshold. The rule does not look at co. 3 (the holder's holder) and co. 5 (after a bid for 60%).",
			Note:       "The whole stake is suspended if the excess was not sold within twelve months of the day on which the limit was passed. The lots tell that day. Art. 120 co. 2 speaks of Italian listed issuers alone. The start date is not verified, and neither is that treasury shares stay in the base. Which facts give control is taken from art. 2359 c.c.; art. 93 TUF was not read.",
		},
		{
			ID: "IT-121-1998", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)",
			From: "1998-07-01", To: "2016-03-17", Verified: "read",
			Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(1, 50),
			Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: byVotesOrContract,
			Effect: EffectSecondToCross, SellWithin: 12,
			Exceptions: "The limit was 10% for an unlisted company (art. 120 co. 3), and 5% after an agreement of both meetings. The rule looks at neither.",
			Note:       "The first day and the last day are not verified, and neither is that treasury shares stay in the base. Which facts give control is taken from art. 2359 c.c.; art. 93 TUF was not read.",
		},
		{
			ID: "IT-2357-ter", Country: "IT", Citation: "art. 2357-ter co. 2 c.c.",
			From: "2010-12-01", Verified: "secondary",
			Kind: TestOwnShares, Treasury: true,
			Note: "The own shares of an unlisted company stay in the base (Cass. 23950/2018). The first day is doubtful.",
		},
		{
			ID: "IT-2357-ter-listed", Country: "IT", Citation: "art. 2357-ter co. 2, 2368 co. 3 c.c.",
			From: "2010-12-01", Verified: "secondary",
			Kind: TestOwnShares, Listed: true,
		},
		{
			ID: "IT-2359-bis", Country: "IT", Citation: "art. 2359-bis co. 5, 2359 c.c.",
			Verified: "not verified",
			Kind:     TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrContract,
			Note: "Art. 2359 was read, art. 2359-bis was not. Control is also a dominant influence by votes or by particular contracts (art. 2359, nos. 2, 3). The right to appoint the board alone is not among them.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "IT-120", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 120, co. 2, TUF; art. 117 Reg. Consob 11971/1999",
			From: "2016-03-18", Verified: "secondary",
			Listed: true,
			Limits: []ratio.Ratio{ratio.Of(3, 100), ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4), ratio.Of(3, 10), ratio.Of(1, 2), ratio.Of(2, 3), ratio.Of(9, 10)},
			Bases:  []ThresholdBase{OfTheoretical}, Counts: []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries},
			Exceptions: "In a small company the first limit is 5%. The rule does not look at this.",
			Note:       "The words of art. 120, co. 2, were read: more than 3% (and 5% in a small or medium issuer). Art. 117 of the regulation, which has the other limits, was not found, and neither was the day. Directive 2004/109/EC, art. 9(1), speaks of stakes that reach 5% and the limits above it. Whether the regulation does was not read: by the rule they must be passed.",
		},
		{
			ID: "IT-120-1998", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 120, co. 2, TUF",
			From: "1998-07-01", To: "2016-03-17", Verified: "secondary",
			Listed: true, Limits: limits(50, 1), Bases: []ThresholdBase{OfTheoretical}, Counts: []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries},
			Exceptions: "The regulation had further limits above it (in 2009: 5%, 7.5%, 10% and each 5% more). The rule does not look at them.",
			Note:       "The days are not verified.",
		},
		{
			ID: "IT-106", Kind: BidThreshold, Country: "IT", Citation: "art. 105, 106, co. 1, TUF",
			Verified: "read",
			Listed:   true, Limits: limits(10, 3), Bases: []ThresholdBase{OfVoting}, AtMost: true, Counts: votesInConcert,
			Note: "The company's own shares leave the base (art. 44-bis Reg. Consob 11971/1999, not verified).",
		},
		{
			ID: "IT-106-1-bis", Kind: BidThreshold, Country: "IT", Citation: "art. 106, co. 1-bis, TUF",
			From: "2014-08-21", Verified: "read",
			Listed: true, Limits: limits(4, 1), Bases: []ThresholdBase{OfVoting}, AtMost: true, Counts: votesInConcert,
			Exceptions: "The article does not apply if the company is small or if another holder has more. The rule does not look at this.",
		},
		{
			ID: "IT-106-3", Kind: BidThreshold, Country: "IT", Citation: "art. 106, co. 3, lett. b, TUF; art. 46 Reg. Consob 11971/1999",
			From: "1998-07-01", Verified: "not verified",
			Listed: true, Ladder: &Ladder{From: ratio.Of(3, 10), Over: true, To: ratio.Of(1, 2), Step: ratio.Of(1, 20), Months: 12},
			Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
			Exceptions: "Small companies may exclude the duty in their first years. The rule does not look at this.",
		},
		{
			ID: "IT-2368", Kind: BlockingThreshold, Country: "IT", Citation: "art. 2368 co. 2 c.c.",
			From: "2004-01-01", Verified: "read",
			Listed: true, Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Note: "The extraordinary meeting of a company that turns to the capital market needs two thirds of the capital represented. In other companies it needs more than half of the capital at the first call: the rule does not reach them.",
		},
	},
}
