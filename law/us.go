package law

import "github.com/crossholding/crossholding/ratio"

// beneficialOwner is 17 CFR 240.13d-3 and 13d-5: whoever has a say in the votes or in the
// sale of shares, alone or in a group.
var beneficialOwner = []Attribution{ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, RightsToShares}

var unitedStates = Jurisdiction{
	Country: "US", Name: "United States, federal law and the states after the Model Business Corporation Act",
	Statutes: []Statute{
		{
			ID: "US-MBCA-721", Country: "US", Citation: "Model Business Corporation Act § 7.21(b), (c), as enacted by the states",
			Parts: []string{
				"US-AL", "US-AZ", "US-AR", "US-CO", "US-CT", "US-DC", "US-FL", "US-GA", "US-HI", "US-IA", "US-ID", "US-IN",
				"US-KY", "US-LA", "US-MA", "US-ME", "US-MS", "US-MT", "US-NC", "US-NE", "US-NH", "US-NM", "US-OR",
				"US-RI", "US-SC", "US-SD", "US-TN", "US-UT", "US-VA", "US-VT", "US-WA", "US-WI", "US-WV", "US-WY",
			},
			Verified: "secondary",
			Kind:     TestControls, Threshold: ratio.Of(1, 2), PerShare: true, Fiduciary: FiduciaryExempt,
			Exceptions: "A court may allow the votes in special circumstances. The rule does not look at this.",
			Note:       "The sections of DC (§ 29-305.21), Hawaii (§ 414-142), Iowa (§ 490.721), Massachusetts (ch. 156D § 7.21) and Washington (23B.07.210) were read. Those of the other states were not: the list is not verified, and neither is the first day in any state.",
		},
		{
			ID: "US-MI-1447a", Country: "US", Citation: "Mich. Comp. Laws § 450.1447a",
			Parts: []string{"US-MI"}, From: "1989-10-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), PerShare: true,
			Exceptions: "A court may allow the votes in special circumstances. The rule does not look at this.",
			Note:       "The section has no exception for shares that are held for another's money.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "US-13d", Kind: DisclosureThreshold, Country: "US", Citation: "Exchange Act § 13(d), 13(g); 17 CFR 240.13d-1",
			From: "1970-12-22", Verified: "read",
			Listed: true, Limits: limits(20, 1), AtMost: true, Classes: EachVotingClass, Bases: []ThresholdBase{OfVoting}, Counts: beneficialOwner, Rights: withinSixtyDays,
			Note: "The first day is not verified. Rule 13d-1 was read in the text of 1978 to 2010.",
		},
		{
			ID: "US-13d-2", Kind: DisclosureThreshold, Country: "US", Citation: "Exchange Act § 13(d)(2); 17 CFR 240.13d-2",
			From: "1978-04-28", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(1, 20), Over: true, Step: ratio.Of(1, 100)}, AtLeast: true, AtMost: true,
			Classes: EachVotingClass, Bases: []ThresholdBase{OfVoting}, Counts: beneficialOwner, Rights: withinSixtyDays,
			Exceptions: "A smaller change can be material too, and Schedule 13G has other limits. The rule does not look at this.",
			Note:       "A change of 1% of the class is deemed material. The first day is not verified.",
		},
		{
			ID: "US-16", Kind: DisclosureThreshold, Country: "US", Citation: "Exchange Act § 16(a); 17 CFR 240.16a-1",
			From: "1934-07-01", Verified: "secondary",
			Listed: true, Limits: limits(10, 1), AtMost: true, Classes: EachClass, Bases: []ThresholdBase{OfVoting}, Counts: beneficialOwner, Rights: withinSixtyDays,
			Note: "The first day is not verified.",
		},
	},
	Omitted: []string{
		"States that are not listed, except California, Delaware and New York: their statutes were not read.",
	},
}

var california = Jurisdiction{
	Country: "US-CA", Name: "United States, California",
	Statutes: []Statute{
		Statute{
			ID: "US-CA-703", Country: "US-CA", Citation: "Cal. Corp. Code §§ 703(b), 703(c), 189(b)",
			From: "1977-01-01", Verified: "read",
			Kind: TestHolds, Threshold: ratio.Of(1, 4), Group: true, Domestic: true, Fiduciary: FiduciaryUninstructed,
			Exceptions: "Cotrustees whom the article does not reach may vote the shares (703(c)(2)). The rule does not look at this.",
			Note:       "Shares that the subsidiary holds in a fiduciary capacity vote only as the settlor or beneficial owner instructs (703(c)(1)). The rule reaches a domestic holder only. This is the literal reading of § 162.",
		}.or("the article reaches foreign subsidiaries", func(s *Statute) { s.Domestic = false }),
	},
}

var delaware = Jurisdiction{
	Country: "US-DE", Name: "United States, Delaware",
	Statutes: []Statute{
		{
			ID: "US-DE-160c", Country: "US-DE", Citation: "8 Del. C. § 160(c)",
			From: "1970-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), PerShare: true, Fiduciary: FiduciaryExempt,
			Note: "The text of 1970 was read. Its extension to holders that are not corporations was not, and neither was the first day.",
		},
		{
			ID: "US-DE-160c-own", Country: "US-DE", Citation: "8 Del. C. § 160(c)",
			From: "1970-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
}

var newYork = Jurisdiction{
	Country: "US-NY", Name: "United States, New York",
	Statutes: []Statute{
		Statute{
			ID: "US-NY-612b", Country: "US-NY", Citation: "N.Y. Bus. Corp. Law § 612(b)",
			From: "1963-09-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), PerShare: true,
			Note: "The section speaks of a majority held by the corporation. The rule reads this to include what its subsidiaries hold. The first day is not verified.",
		}.or("what subsidiaries of the issuer hold does not count", func(s *Statute) { s.Kind = TestHolds }),
		{
			ID: "US-NY-612b-own", Country: "US-NY", Citation: "N.Y. Bus. Corp. Law § 612(b)",
			From: "1963-09-01", Verified: "read",
			Kind: TestOwnShares,
			Note: "The first day is not verified.",
		},
	},
}
