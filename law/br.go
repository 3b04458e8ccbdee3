package law

import "github.com/crossholding/crossholding/ratio"

var brazil = Jurisdiction{
	Country: "BR", Name: "Brazil",
	Statutes: []Statute{
		{
			ID: "BR-244", Country: "BR", Citation: "Lei nº 6.404/1976, art. 244 §2",
			From: "1977-02-15", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), HolderFacts: byVotesOrBoard,
			Note: "The start date is not verified. The ban on holdings among associated companies (20%) suspends no votes. The rights of a shareholder give control, also through others, if they decide in the meeting and elect most of the directors (art. 243 §2, read). A contract without shares does not.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "BR-12", Kind: DisclosureThreshold, Country: "BR", Citation: "Resolução CVM nº 44/2021, art. 12",
			From: "2021-09-01", Verified: "secondary",
			Listed: true, Limits: everyFive(5, 95), Classes: EachClass, Bases: []ThresholdBase{OfCapital}, Counts: transparency,
			Note: "Notes of law firms were read: a trade that passes a limit upwards or downwards, of one kind or class of shares.",
		},
	},
	Omitted: []string{
		"Lei nº 6.404/1976, art. 254-A: a bid is due when control is sold, and not at a size of a stake.",
	},
}
