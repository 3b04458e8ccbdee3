package law

import "github.com/crossholding/crossholding/ratio"

var turkey = Jurisdiction{
	Country: "TR", Name: "Turkey",
	Statutes: []Statute{
		{
			ID: "TR-201", Country: "TR", Citation: "TTK m. 197, 201",
			From: "2012-07-01", Verified: "secondary",
			Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4), AtLeast: true,
			CountsSuspended: true, NotWithinGroup: true, Domestic: true,
			Effect: EffectPart, MaxFraction: ratio.Of(1, 4),
			Exceptions: "The article reaches only the company that knowingly entered the mutual holding. The rule does not look at this, because a book does not say which one did: it limits both.",
		},
		{
			ID: "TR-389", Country: "TR", Citation: "TTK m. 389, 379",
			From: "2012-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true,
			Note: "Where two companies hold majorities of each other, the votes of both are suspended (art. 197).",
		},
		{
			ID: "TR-389-own", Country: "TR", Citation: "TTK m. 389",
			From: "2012-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
}
