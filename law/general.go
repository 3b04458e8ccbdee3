package law

// general holds the rules that belong to no country and reach every issuer.
var general = Jurisdiction{
	Name: "Everywhere",
	Thresholds: []Threshold{
		{
			ID: "majority", Kind: MajorityThreshold, Citation: "company law: more than one half of the votes",
			Verified: "not verified",
			Limits:   limits(2, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Exceptions: "The law or the articles may ask for more. The rule does not look at this.",
		},
		{
			ID: "IAS-28", Kind: InfluenceThreshold, Citation: "IAS 28.5",
			Verified: "read",
			Limits:   limits(5, 1), AtLeast: true, Bases: []ThresholdBase{OfExercisable}, Counts: with(castVotes, RightsToShares), Rights: RightsRule{Now: true, InBase: true},
			Exceptions: "The presumption can be rebutted. The rule does not look at this.",
			Note:       "The rule takes votes that the law suspends to be no voting power. Potential votes count if they can be used now (IAS 28.7, not verified); that they count in the total too is a reading.",
		},
	},
	Omitted: []string{
		"Directive (EU) 2017/1132: it speaks to states, not to companies.",
	},
}
