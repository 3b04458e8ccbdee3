package law

import "github.com/crossholding/crossholding/ratio"

var italy = Jurisdiction{
	Country: "IT", Name: "Italy",
	Statutes: []Statute{
		Statute{
			ID: "IT-121", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)",
			From: "2016-03-18", Verified: "read",
			Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(3, 100),
			Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: byVotesOrContract,
			Effect: EffectSecondToCross, SellWithin: 12,
			Exceptions: "The limit is 5% for a small or medium issuer, 5% after an agreement of both meetings, and 10% for both together. The rule does not look at this: override its threshold. The rule does not look at co. 3 (the holder's holder) and co. 5 (after a bid for 60%).",
			Note:       "The whole stake is suspended if the excess was not sold within twelve months of the day on which the limit was passed. The lots tell that day. Art. 120 co. 2 speaks of Italian listed issuers alone. The start date is not verified, and neither is that treasury shares stay in the base. Control is that of art. 2359 c.c., nos. 1 and 2, a right to a dominant influence by contract or the articles, and an agreement with other shareholders on enough votes (art. 93 TUF, read).",
		}.or("the issuer is a small or medium enterprise, whose limit is 5%", func(s *Statute) { s.Threshold = ratio.Of(1, 20) }).
			or("own shares leave the base of the test", func(s *Statute) { s.Treasury = false }),
		Statute{
			ID: "IT-121-1998", Country: "IT", Citation: "art. 121 co. 1, 120 co. 2, d.lgs. 58/1998 (TUF)",
			From: "1998-07-01", To: "2016-03-17", Verified: "read",
			Listed: true, Domestic: true, Kind: TestMutual, Threshold: ratio.Of(1, 50),
			Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: byVotesOrContract,
			Effect: EffectSecondToCross, SellWithin: 12,
			Exceptions: "The limit was 10% for an unlisted company (art. 120 co. 3), and 5% after an agreement of both meetings. The rule looks at neither.",
			Note:       "The first day and the last day are not verified, and neither is that treasury shares stay in the base. Control is that of art. 2359 c.c., nos. 1 and 2, a right to a dominant influence by contract or the articles, and an agreement with other shareholders on enough votes (art. 93 TUF, read).",
		}.or("own shares leave the base of the test", func(s *Statute) { s.Treasury = false }),
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
			Kind:     TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrContract, OwnVotes: true,
			Exceptions: "Votes that a trust company or another has for the company count as the company's. The rule counts them for nobody, unless the company casts them itself.",
			Note:       "Art. 2359 was read, art. 2359-bis was not. Votes that the company has for others' account do not count. Control is also a dominant influence by votes or by particular contracts (art. 2359, nos. 2, 3). The right to appoint the board alone is not among them.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "IT-120", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 120, co. 2, TUF",
			From: "2016-03-18", Verified: "read",
			Listed: true, Limits: limits(100, 3), Bases: []ThresholdBase{OfTheoretical}, Counts: italianVotes,
			Exceptions: "In a small company the first limit is 5%. The rule does not look at this.",
			Note:       "The words were read: more than 3% (and 5% in a small or medium issuer). The day is not verified, and neither is that a fall is one below the limit.",
		},
		{
			ID: "IT-117", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 117 Reg. Consob 11971/1999",
			From: "2016-03-18", Verified: "secondary",
			Listed: true, AtLeast: true, Limits: append(limits(100, 5, 10, 15, 20, 25, 30, 50), ratio.Of(333, 500), ratio.Of(9, 10)),
			Bases: []ThresholdBase{OfTheoretical}, Counts: italianVotes,
			Note: "That reaching a limit is enough was read in a note on the regulation of 2009, and so was 66.6%. The article itself was not found, and neither was the day.",
		},
		{
			ID: "IT-120-1998", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 120, co. 2, TUF",
			From: "1998-07-01", To: "2016-03-17", Verified: "secondary",
			Listed: true, Limits: limits(50, 1), Bases: []ThresholdBase{OfTheoretical}, Counts: italianVotes,
			Note: "The days are not verified.",
		},
		{
			ID: "IT-117-2009", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 117 Reg. Consob 11971/1999",
			From: "2009-04-24", To: "2016-03-17", Verified: "secondary",
			Listed: true, AtLeast: true, Limits: append(limits(100, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50), ratio.Of(333, 500), ratio.Of(3, 4), ratio.Of(9, 10), ratio.Of(19, 20)),
			Bases: []ThresholdBase{OfTheoretical}, Counts: italianVotes,
			Note: "The limits, and that reaching one is enough, were read in a note on Consob resolution 16850 of 1 April 2009. The last day is not verified.",
		},
		{
			ID: "IT-117-1999", Kind: DisclosureThreshold, Country: "IT", Citation: "art. 117 Reg. Consob 11971/1999",
			From: "1999-07-01", To: "2009-04-23", Verified: "secondary",
			Listed: true, Limits: append([]ratio.Ratio{ratio.Of(1, 20), ratio.Of(3, 40)}, everyFive(10, 95)...),
			Bases: []ThresholdBase{OfTheoretical}, Counts: italianVotes,
			Note: "The draft of the article was read: passing 5%, 7.5%, 10% and each 5% more, and a fall below them. The first day is not verified.",
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

// italianVotes is art. 118 of the Consob regulation, read in a draft: shares in one's name, those
// whose votes one has, and those of subsidiaries, trust companies and other persons.
var italianVotes = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries}
