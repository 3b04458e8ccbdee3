package law

import "github.com/crossholding/crossholding/ratio"

var india = Jurisdiction{
	Country: "IN", Name: "India",
	Statutes: []Statute{
		{
			ID: "IN-19", Country: "IN", Citation: "Companies Act 2013, s. 19 with s. 2(87)",
			From: "2013-09-12", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), CountsSuspended: true, Fiduciary: true,
		},
	},
}
