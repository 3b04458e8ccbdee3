package law

import "github.com/crossholding/crossholding/ratio"

var china = Jurisdiction{
	Country: "CN", Name: "China",
	Statutes: []Statute{
		{
			ID: "CN-141", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)",
			From: "2024-07-01", Verified: "read",
			Listed: true, Kind: TestControls, Threshold: ratio.Of(1, 2), HolderFacts: []ControlMeans{ControlByVoting},
			Note: "Fewer votes of a shareholder control too if they weigh heavily on resolutions (art. 265(2)). Figures do not say which votes do. A fact of control by voting says it.",
		},
		Statute{
			ID: "CN-141-shares", Country: "CN", Citation: "Company Law of the PRC (2023), art. 141, 265(2)",
			From: "2024-07-01", Verified: "read",
			Listed: true, Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2),
			Treasury: true, CountsSuspended: true, Group: true,
			Note: "More than half of the share capital is enough, without a majority of the votes. The rule counts the shares of subsidiaries, which the article's words do not say.",
		}.or("what subsidiaries of the issuer hold does not count", func(s *Statute) { s.Group = false }),
	},
	Thresholds: []Threshold{
		{
			ID: "CN-63", Kind: DisclosureThreshold, Country: "CN", Citation: "Securities Law of the PRC (2019), art. 63(1), (2)",
			From: "2020-03-01", Verified: "secondary",
			Listed: true, Limits: everyFive(5, 95), AtLeast: true, AtMost: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "Art. 86 of the law of 2005 was read, art. 63 was not. Each 5% is a multiple of 5%, and reaching one from above is enough (CSRC, Securities and Futures Law Application Opinion No. 19, of which a summary was read). The opinion has no duty of a holder whose part changes by what others do.",
		},
		{
			ID: "CN-86", Kind: DisclosureThreshold, Country: "CN", Citation: "Securities Law of the PRC (2005), art. 86",
			From: "2006-01-01", To: "2020-02-29", Verified: "read",
			Listed: true, Limits: everyFive(5, 95), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "The days are not verified. The law counts issued shares; the rule counts their votes, as CN-63 does.",
		},
		{
			ID: "CN-63-3", Kind: DisclosureThreshold, Country: "CN", Citation: "Securities Law of the PRC (2019), art. 63(3)",
			From: "2020-03-01", Verified: "secondary",
			Listed: true, Limits: everyPercent(6, 99), AtLeast: true, AtMost: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "Each 1% above 5% is a whole percent, and reaching one from above is enough (CSRC, Securities and Futures Law Application Opinion No. 19, of which a summary was read).",
		},
		{
			ID: "CN-65", Kind: BidThreshold, Country: "CN", Citation: "Securities Law of the PRC (2019), art. 65",
			From: "2020-03-01", Verified: "not verified",
			Listed: true, Limits: limits(10, 3), AtMost: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "Whoever has 30% must make an offer to acquire more.",
		},
	},
}
