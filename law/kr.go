package law

import "github.com/crossholding/crossholding/ratio"

var korea = Jurisdiction{
	Country: "KR", Name: "South Korea",
	Statutes: []Statute{
		{
			ID: "KR-369-2", Country: "KR", Citation: "Commercial Act (Korea), art. 369(2)",
			From: "1963-01-01", Verified: "read",
			Kind: TestOwnShares,
		},
		{
			ID: "KR-369-3", Country: "KR", Citation: "Commercial Act (Korea), art. 369(3)",
			From: "1984-09-01", Verified: "read",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 10),
			Treasury: true, CountsSuspended: true, Group: true, GroupBy: MeasureShares,
			Note: "A subsidiary is a company of whose issued shares more than half are held, also through subsidiaries (art. 342-2).",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "KR-147", Kind: DisclosureThreshold, Country: "KR", Citation: "Financial Investment Services and Capital Markets Act (Korea), art. 147(1)",
			From: "2009-02-04", Verified: "secondary",
			Listed: true, Rising: true, Limits: limits(20, 1), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: relevantInterest, Rights: ownInBase,
			Note: "A fall below the limit is no duty of its own: a change of 1% is. The article was read in notes of the supervisor (FSS) and of a custodian. " + koreanRights,
		},
		{
			ID: "KR-147-change", Kind: DisclosureThreshold, Country: "KR", Citation: "Financial Investment Services and Capital Markets Act (Korea), art. 147(1)",
			From: "2009-02-04", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Step: ratio.Of(1, 100), FromKnown: true}, AtLeast: true, AtMost: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: relevantInterest, Rights: ownInBase,
			Note: koreanRights,
		},
	},
	Omitted: []string{
		"Monopoly Regulation and Fair Trade Act, art. 23: it turns on a list of groups and on the days on which their circular holdings closed, and a book has neither.",
	},
}

// koreanRights is the source of the rule on rights to shares.
const koreanRights = "That convertible bonds, bonds with warrants and options count, and that what the holder has of them is added to the total, is not verified."
