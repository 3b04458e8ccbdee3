package law

import "github.com/crossholding/crossholding/ratio"

var taiwan = Jurisdiction{
	Country: "TW", Name: "Taiwan",
	Statutes: []Statute{
		{
			ID: "TW-179", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)",
			From: "2005-06-24", Verified: "read",
			Kind: TestHolds, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true, Tiers: true,
			Exceptions: "The rule finds the third tier only where issuer and holder hold shares of each other, directly or through others. It does not look at two companies of one parent that hold shares one way.",
			Note:       "The start date is not verified. A company of which a parent and its subordinates hold more than half has no votes in the parent, nor in the subordinates (art. 179(2)(3)).",
		},
		{
			ID: "TW-179-own", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)(1)",
			From: "2005-06-24", Verified: "read",
			Kind: TestOwnShares,
		},
		Statute{
			ID: "TW-369-10", Country: "TW", Citation: "Company Act (Taiwan), art. 369-9, 369-10",
			From: "1997-06-27", Verified: "read",
			Kind: TestMutual, Threshold: ratio.Of(1, 3), AtLeast: true,
			CountsSuspended: true, Group: true, NotWithinGroup: true,
			Effect: EffectCap, MaxFraction: ratio.Of(1, 3),
			Exceptions: "Art. 179 prevails for a holder that is majority-owned. The rule looks at this: it does not apply where one of the two controls the other. The company that gave notice and received none is not limited (art. 369-10(2)). The rule does not look at this, because a book does not say who gave notice.",
		}.orNone("the holder gave notice and received none (art. 369-10(2))"),
	},
	Thresholds: []Threshold{
		{
			ID: "TW-43-1", Kind: DisclosureThreshold, Country: "TW", Citation: "Securities and Exchange Act (Taiwan), art. 43-1(1)",
			From: "2024-05-10", Verified: "secondary",
			Listed: true, Rising: true, Limits: limits(20, 1), Bases: []ThresholdBase{OfCapital}, Counts: votesInConcert,
			Exceptions: "Every public company is reached, also an unlisted one. The rule does not look at this.",
			Note:       "The limit and the day were read on pages of the exchange and of law firms. The grounds of attribution are not verified.",
		},
		{
			ID: "TW-43-1-tenth", Kind: DisclosureThreshold, Country: "TW", Citation: "Securities and Exchange Act (Taiwan), art. 43-1(1)",
			To: "2024-05-09", Verified: "secondary",
			Listed: true, Rising: true, Limits: limits(10, 1), Bases: []ThresholdBase{OfCapital}, Counts: votesInConcert,
			Exceptions: "Every public company is reached, also an unlisted one. The rule does not look at this.",
			Note:       "The rule of the exchange was read, as of 2019. The first day is not verified.",
		},
		{
			ID: "TW-43-1-change", Kind: DisclosureThreshold, Country: "TW", Citation: "Regulations Governing the Declaration of Acquisition of Shares in Accordance with Article 43-1, Paragraph 1",
			From: "2024-05-10", Verified: "not verified",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100), FromKnown: true}, AtLeast: true, AtMost: true,
			Bases: []ThresholdBase{OfCapital}, Counts: votesInConcert,
			Note: "That any change must be declared was read. That a change of 1% is the measure was not.",
		},
	},
}
