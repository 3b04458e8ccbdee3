package law

import "github.com/crossholding/crossholding/ratio"

var turkey = Jurisdiction{
	Country: "TR", Name: "Turkey",
	Statutes: []Statute{
		Statute{
			ID: "TR-201", Country: "TR", Citation: "TTK m. 195, 196, 197, 201",
			From: "2012-07-01", Verified: "secondary",
			Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4), AtLeast: true,
			CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: AllControlMeans(), Domestic: true,
			Effect: EffectPart, MaxFraction: ratio.Of(1, 4),
			Exceptions: "The article reaches only the company that knowingly entered the mutual holding. The rule does not look at this, because a book does not say which one did: it limits both.",
			Note:       "Shares of dependent companies count with the holder's, and own shares leave the capital (art. 196(1), (3), read).",
		}.orNone("the holder did not enter the mutual holding knowingly"),
		{
			ID: "TR-389", Country: "TR", Citation: "TTK m. 389, 379, 195, 196",
			From: "2012-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: AllControlMeans(),
			Note: "Only votes that can be used count (art. 196(2), read). A company also controls by the right to elect most of the board, by an agreement on most of the votes, and by a contract or in another way (art. 195(1), read). Every fact counts.",
		},
		{
			ID: "TR-389-197", Country: "TR", Citation: "TTK m. 389, 197",
			From: "2012-07-01", Verified: "secondary",
			Kind: TestMutual, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true, Facts: AllControlMeans(),
			Effect: EffectAll,
			Note:   "Where two companies have majorities of each other, each is taken to depend on the other, and the votes of both are suspended.",
		},
		{
			ID: "TR-389-own", Country: "TR", Citation: "TTK m. 389",
			From: "2012-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
	Thresholds: []Threshold{
		{
			ID: "TR-12", Kind: DisclosureThreshold, Country: "TR", Citation: "SPK, II-15.1 sayılı Özel Durumlar Tebliği, m. 12",
			From: "2014-01-23", Verified: "read",
			Listed: true, Limits: limits(100, 5, 10, 15, 20, 25, 33, 50, 67, 95), AtLeast: true,
			Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: votesInConcert,
			Note: "The central registry makes the notice for stakes that are held directly.",
		},
		{
			ID: "TR-26", Kind: BidThreshold, Country: "TR", Citation: "Sermaye Piyasası Kanunu m. 26; SPK, II-26.1 sayılı Pay Alım Teklifi Tebliği, m. 11, 12",
			From: "2014-01-23", Verified: "not verified",
			Listed: true, Limits: limits(2, 1), AtMost: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "Control of the management is more than half of the votes, or the power to appoint the board. The rule looks at votes only.",
		},
	},
}
