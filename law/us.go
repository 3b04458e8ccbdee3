package law

import "github.com/crossholding/crossholding/ratio"

var california = Jurisdiction{
	Country: "US-CA", Name: "United States, California",
	Statutes: []Statute{
		{
			ID: "US-CA-703", Country: "US-CA", Citation: "Cal. Corp. Code §§ 703(b), 703(c), 189(b)",
			From: "1977-01-01", Verified: "read",
			Kind: TestHolds, Threshold: ratio.Of(1, 4), Group: true, Domestic: true, Fiduciary: FiduciaryUninstructed,
			Exceptions: "Cotrustees whom the article does not reach may vote the shares (703(c)(2)). The rule does not look at this.",
			Note:       "Shares that the subsidiary holds in a fiduciary capacity vote only as the settlor or beneficial owner instructs (703(c)(1)). The rule reaches a domestic holder only. This is the literal reading of § 162.",
		},
	},
}

var delaware = Jurisdiction{
	Country: "US-DE", Name: "United States, Delaware",
	Statutes: []Statute{
		{
			ID: "US-DE-160c", Country: "US-DE", Citation: "8 Del. C. § 160(c)",
			From: "1970-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Fiduciary: FiduciaryExempt,
			Note: "The text of 1970 was read. Its extension to holders that are not corporations was not, and neither was the first day.",
		},
		{
			ID: "US-DE-160c-own", Country: "US-DE", Citation: "8 Del. C. § 160(c)",
			From: "1970-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
}
