package law

import "github.com/crossholding/crossholding/ratio"

var austria = Jurisdiction{
	Country: "AT", Name: "Austria",
	Statutes: []Statute{
		{
			ID: "AT-65", Country: "AT", Citation: "§ 65 Abs. 5 AktG",
			From: "1999-08-20", Verified: "secondary",
			Kind: TestOwnShares,
			Note: "Abs. 5 was read as it was until 1996: the company has no rights from its own shares, nor from those that another has acquired for its account. The first day is not verified.",
		},
		{
			ID: "AT-66", Country: "AT", Citation: "§ 65 Abs. 5, § 66 AktG mit § 189a Z 7 UGB",
			From: "1999-08-20", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: []ControlMeans{ControlByVoting, ControlByContractual}, HolderFacts: []ControlMeans{ControlByAppointment}, CountsSuspended: true,
			Note: "§ 66 was read, § 65 Abs. 5 only as it was until 1996. The first day is not verified. The rule follows the German one. Most of the board gives control to who holds shares, the right to a dominant influence to everybody, and so does a contract with other shareholders on most of the votes (§ 244 Abs. 2 Z 2 to 4 UGB, read).",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "AT-130", Kind: DisclosureThreshold, Country: "AT", Citation: "§ 130, § 133 BörseG 2018",
			From: "2018-01-03", Verified: "secondary",
			Listed: true, Limits: limits(100, 4, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 75, 90), AtLeast: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "§ 133 on attribution was read, the list of limits was not.",
		},
		{
			ID: "AT-131", Kind: DisclosureThreshold, Country: "AT", Citation: "§ 131 BörseG 2018",
			From: "2018-01-03", Verified: "secondary",
			Listed: true, Limits: limits(100, 4, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 75, 90), AtLeast: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: instruments, Rights: toExisting,
			Note: "§ 131 was read, the list of limits in § 130 was not. An instrument that is settled in cash only counts by its delta (§ 131 Abs. 2). The book gives the shares after this.",
		},
		{
			ID: "AT-132", Kind: DisclosureThreshold, Country: "AT", Citation: "§ 132 Abs. 1 BörseG 2018",
			From: "2018-01-03", Verified: "secondary",
			Listed: true, Limits: limits(100, 4, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 75, 90), AtLeast: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: transparency, Rights: toExisting, Aggregate: true,
			Note: "§ 132 was read, the list of limits in § 130 was not.",
		},
		{
			ID: "AT-91", Kind: DisclosureThreshold, Country: "AT", Citation: "§§ 91, 91a, 92 BörseG 1989",
			From: "2013-01-01", To: "2018-01-02", Verified: "not verified",
			Listed: true, Limits: limits(100, 4, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 75, 90), AtLeast: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: transparency, Rights: toExisting,
		},
		{
			ID: "AT-22", Kind: BidThreshold, Country: "AT", Citation: "§ 22 Abs. 2 ÜbG",
			From: "2006-05-20", Verified: "read",
			Listed: true, Limits: limits(10, 3), AtMost: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
			Note: "The first day is not verified.",
		},
		{
			ID: "AT-22b", Kind: BidThreshold, Country: "AT", Citation: "§ 22b ÜbG",
			From: "2006-05-20", Verified: "not verified",
			Listed: true, Ladder: &Ladder{From: ratio.Of(3, 10), Over: true, To: ratio.Of(1, 2), Step: ratio.Of(1, 50), Months: 12}, AtLeast: true,
			Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
		},
	},
	Omitted: []string{
		"§ 26a ÜbG: votes above 26% are suspended up to 30%. The text was not read, and its exceptions turn on what other holders have.",
	},
}
