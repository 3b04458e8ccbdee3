package law

import "github.com/crossholding/crossholding/ratio"

var brazil = Jurisdiction{
	Country: "BR", Name: "Brazil",
	Statutes: []Statute{
		{
			ID: "BR-244", Country: "BR", Citation: "Lei nº 6.404/1976, art. 244 §2",
			From: "1977-02-15", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2),
			Note: "The start date is not verified. The ban on holdings among associated companies (20%) suspends no votes.",
		},
	},
}
