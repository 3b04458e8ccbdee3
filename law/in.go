package law

import "github.com/crossholding/crossholding/ratio"

var india = Jurisdiction{
	Country: "IN", Name: "India",
	Statutes: []Statute{
		{
			ID: "IN-19", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87)",
			From: "2018-05-07", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true, Fiduciary: FiduciaryExempt,
			Note: "Since the Companies (Amendment) Act 2017 the test is of voting power.",
		},
		{
			ID: "IN-19-capital", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87) as first enacted",
			From: "2013-09-12", To: "2018-05-06", Verified: "secondary",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2),
			Treasury: true, CountsSuspended: true, Group: true, GroupBy: MeasureShares, Fiduciary: FiduciaryExempt,
			Note: "The test was of total share capital: equity and convertible preference shares. The rule counts all shares.",
		},
	},
}
