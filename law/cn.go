package law

import "github.com/crossholding/crossholding/ratio"

var china = Jurisdiction{
	Country: "CN", Name: "China",
	Statutes: []Statute{
		{
			ID: "CN-141", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)",
			From: "2024-07-01", Verified: "read",
			Listed: true, Kind: TestControls, Threshold: ratio.Of(1, 2),
			Note: "Fewer votes control too if they weigh heavily on resolutions (art. 265(2)). The rule does not look at this, because a book does not say which votes do.",
		},
		{
			ID: "CN-141-shares", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)",
			From: "2024-07-01", Verified: "read",
			Listed: true, Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2),
			Treasury: true, CountsSuspended: true, Group: true,
			Note: "More than half of the share capital is enough, without a majority of the votes. The rule counts the shares of subsidiaries, which the article's words do not say.",
		},
	},
}
