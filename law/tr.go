package law

import "github.com/crossholding/crossholding/ratio"

var turkey = Jurisdiction{
	Country: "TR", Name: "Turkey",
	Statutes: []Statute{
		{
			ID: "TR-201", Country: "TR", Citation: "TTK m. 195, 196, 197, 201",
			From: "2012-07-01", Verified: "secondary",
			Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4), AtLeast: true,
			CountsSuspended: true, Group: true, NotWithinGroup: true, Domestic: true,
			Effect: EffectPart, MaxFraction: ratio.Of(1, 4),
			Exceptions: "The article reaches only the company that knowingly entered the mutual holding. The rule does not look at this, because a book does not say which one did: it limits both.",
			Note:       "Shares of dependent companies count with the holder's (art. 196(3), not verified).",
		},
		{
			ID: "TR-389", Country: "TR", Citation: "TTK m. 389, 379, 195, 196",
			From: "2012-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2),
			Note: "Only votes that can be used count (art. 196(2), not verified).",
		},
		{
			ID: "TR-389-197", Country: "TR", Citation: "TTK m. 389, 197",
			From: "2012-07-01", Verified: "secondary",
			Kind: TestMutual, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true,
			Effect: EffectAll,
			Note:   "Where two companies have majorities of each other, each is taken to depend on the other, and the votes of both are suspended.",
		},
		{
			ID: "TR-389-own", Country: "TR", Citation: "TTK m. 389",
			From: "2012-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
}
