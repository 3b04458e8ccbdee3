package law

import "github.com/crossholding/crossholding/ratio"

var australia = Jurisdiction{
	Country: "AU", Name: "Australia",
	Statutes: []Statute{
		{
			ID: "AU-259D", Country: "AU", Citation: "Corporations Act 2001 (Cth), ss. 259D(3), 259D(5), 259E",
			From: "2001-07-15", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: AllControlMeans(), Fiduciary: FiduciaryExempt,
			Note: "The section asks who can decide the entity's financial and operating policies in fact (s. 259E). The rule takes this to be a majority of the votes, and every fact of control.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "AU-671B", Kind: DisclosureThreshold, Country: "AU", Citation: "Corporations Act 2001 (Cth), ss. 9, 671B(1)(a)",
			From: "2001-07-15", Verified: "read",
			Listed: true, Limits: limits(20, 1), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: with(relevantInterest, ThroughStakes), Deemed: aboveAFifth, Rights: toExisting,
			Exceptions: "What parents and sister companies have of the issuer counts too (ss. 12(2)(a), 610). The rule does not look at this.",
			Note:       "The words of s. 9 (5% or more) were read in a commentary, ss. 12(2) and 610 in full. " + australianRights,
		},
		{
			ID: "AU-671B-1", Kind: DisclosureThreshold, Country: "AU", Citation: "Corporations Act 2001 (Cth), s. 671B(1)(b), (2)",
			From: "2001-07-15", Verified: "read",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100)}, AtLeast: true, AtMost: true,
			Bases: []ThresholdBase{OfVoting}, Counts: with(relevantInterest, ThroughStakes), Deemed: aboveAFifth, Rights: toExisting,
			Exceptions: "What parents and sister companies have of the issuer counts too (ss. 12(2)(a), 610). The rule does not look at this.",
			Note:       australianRights,
		},
		{
			ID: "AU-606", Kind: BidThreshold, Country: "AU", Citation: "Corporations Act 2001 (Cth), s. 606(1)(c)(i)",
			From: "2001-07-15", Verified: "read",
			Listed: true, Limits: limits(5, 1), AtMost: true, Bases: []ThresholdBase{OfVoting}, Counts: with(relevantInterest, ThroughStakes), Deemed: aboveAFifth, Rights: toExisting,
			Exceptions: "Unlisted companies with more than 50 members are reached too. The rule does not look at this. What parents and sister companies have of the issuer counts too (ss. 12(2)(a), 610). The rule does not look at this.",
			Note:       "The section forbids to go above 20% in another way than by a bid or another exception of s. 611. " + australianRights,
		},
		{
			ID: "AU-611-9", Kind: BidThreshold, Country: "AU", Citation: "Corporations Act 2001 (Cth), ss. 606(1)(c)(ii), 611 item 9",
			From: "2001-07-15", Verified: "not verified",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 5), Over: true, To: ratio.Of(9, 10), Step: ratio.Of(3, 100), Months: 6},
			Bases: []ThresholdBase{OfVoting}, Counts: with(relevantInterest, ThroughStakes), Deemed: aboveAFifth, Rights: toExisting,
			Note:       australianRights,
			Exceptions: "The item asks for at least 19% throughout the six months. The rule looks at increases from more than 20% only. What parents and sister companies have of the issuer counts too (ss. 12(2)(a), 610). The rule does not look at this.",
		},
	},
}

// relevantInterest is s. 608 of the Corporations Act: whoever holds, or has power over the
// votes or the sale of, a security, with associates.
var relevantInterest = []Attribution{InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares}

// aboveAFifth is s. 608(3)(a): what a body corporate has in which the person's voting power is above
// 20%. Voting power counts what associates have: for a body corporate, those that control it and
// others under its controllers, and whoever acts in concert about the body (ss. 12(2), 610). It does
// not reach what that body has only by the same paragraph in relation to another. That both were so
// before 2001 was read in the Corporations Law.
var aboveAFifth = DeemedRule{Share: ratio.Of(1, 5), Once: true, Associates: true}

// australianRights is the source of the rule on rights to shares.
const australianRights = "That an option to subscribe for new shares is no relevant interest was read in a quotation of ASIC Regulatory Guide 5, on the law before 2001. Section 608(8), on options over issued shares, is not verified."
