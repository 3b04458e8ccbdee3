package law

import "github.com/crossholding/crossholding/ratio"

var japan = Jurisdiction{
	Country: "JP", Name: "Japan",
	Statutes: []Statute{
		Statute{
			ID: "JP-308-1", Country: "JP", Citation: "Companies Act (Japan), art. 308(1); Ordinance for Enforcement, art. 67",
			From: "2006-05-01", Verified: "read",
			Kind: TestHolds, Threshold: ratio.Of(1, 4), AtLeast: true, CountsSuspended: true, Group: true,
			Exceptions: "The holder may vote on an item on which nobody else can. The rule does not look at this.",
			Note:       "No authority was found on shares that the holder has for another's account. The rule reaches them. To leave them out, set Fiduciary to exempt in a copy of the rule.",
		}.or("the article does not reach shares held for another's account", func(s *Statute) { s.Fiduciary = FiduciaryExempt }),
		{
			ID: "JP-308-2", Country: "JP", Citation: "Companies Act (Japan), art. 308(2)",
			From: "2006-05-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
	Thresholds: []Threshold{
		{
			ID: "JP-27-23", Kind: DisclosureThreshold, Country: "JP", Citation: "FIEA, art. 27-23(1)",
			From: "1990-12-01", Verified: "read",
			Listed: true, Rising: true, Limits: limits(20, 1), Bases: []ThresholdBase{OfCapital}, Counts: []Attribution{ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares}, Rights: ownInBase,
			Note: "A fall below the limit is no duty of its own: a change of 1% is (art. 27-25). The article counts shares and what can become shares. Shares that a trustee holds without a say are taken not to be the trustee's (art. 27-23(4), not verified).",
		},
		{
			ID: "JP-27-25", Kind: DisclosureThreshold, Country: "JP", Citation: "FIEA, art. 27-25(1)",
			From: "1990-12-01", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100), FromKnown: true}, AtLeast: true, AtMost: true,
			Bases: []ThresholdBase{OfCapital}, Counts: []Attribution{ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares}, Rights: ownInBase,
			Note: "The rule was read on the pages of the supervisor (FSA).",
		},
		{
			ID: "JP-309", Kind: BlockingThreshold, Country: "JP", Citation: "Companies Act, art. 309(2)",
			From: "2006-05-01", Verified: "read",
			Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Exceptions: "The articles may ask for more. The rule does not look at this.",
			Note:       "A resolution needs two thirds of the votes present.",
		},
		{
			ID: "JP-27-2-third", Kind: BidThreshold, Country: "JP", Citation: "FIEA, art. 27-2(1)",
			To: "2026-04-30", Verified: "secondary",
			Listed: true, Limits: limits(3, 1), Bases: []ThresholdBase{OfVoting}, AtMost: true, Counts: []Attribution{ForOwnMoney, OfSubsidiaries, InConcert, RightsToShares}, Rights: ownInBase,
			Note: "The article is about off-market and ToSTNeT purchases.",
		},
		{
			ID: "JP-27-2", Kind: BidThreshold, Country: "JP", Citation: "FIEA, art. 27-2(1), as amended by Act No. 32 of 2024",
			From: "2026-05-01", Verified: "secondary",
			Listed: true, Limits: limits(10, 3), Bases: []ThresholdBase{OfVoting}, AtMost: true, Counts: []Attribution{ForOwnMoney, OfSubsidiaries, InConcert, RightsToShares}, Rights: ownInBase,
			Note: "The article is about on-market purchases too.",
		},
		{
			ID: "JP-27-2-five", Kind: BidThreshold, Country: "JP", Citation: "FIEA, art. 27-2(1)(i)",
			From: "2006-12-13", Verified: "secondary",
			Listed: true, Limits: limits(20, 1), AtMost: true, Bases: []ThresholdBase{OfVoting}, Counts: []Attribution{ForOwnMoney, OfSubsidiaries, InConcert, RightsToShares}, Rights: ownInBase,
			Exceptions: "The article is about purchases off market from more than ten sellers within 61 days. The rule does not look at this, because a book does not say how many sellers there were: it warns of every purchase.",
			Note:       "The first day is not verified.",
		},
	},
}
