package law

import "github.com/crossholding/crossholding/ratio"

var taiwan = Jurisdiction{
	Country: "TW", Name: "Taiwan",
	Statutes: []Statute{
		{
			ID: "TW-179", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)",
			From: "2005-06-24", Verified: "read",
			Kind: TestHolds, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true,
			Note: "The start date is not verified. The third tier also loses its votes in its direct parent; the rule leaves this out.",
		},
		{
			ID: "TW-179-own", Country: "TW", Citation: "Company Act (Taiwan), art. 179(2)(1)",
			From: "2005-06-24", Verified: "read",
			Kind: TestOwnShares,
		},
		{
			ID: "TW-369-10", Country: "TW", Citation: "Company Act (Taiwan), art. 369-9, 369-10",
			From: "1997-06-27", Verified: "read",
			Kind: TestMutual, Threshold: ratio.Of(1, 3), AtLeast: true,
			CountsSuspended: true, Group: true, NotWithinGroup: true,
			Effect: EffectCap, MaxFraction: ratio.Of(1, 3),
			Exceptions: "Art. 179 prevails for a holder that is majority-owned. The rule looks at this: it does not apply where one of the two controls the other. The company that gave notice and received none is not limited (art. 369-10(2)). The rule does not look at this, because a book does not say who gave notice.",
		},
	},
}
