package law

import "github.com/crossholding/crossholding/ratio"

var britain = Jurisdiction{
	Country: "GB", Name: "United Kingdom",
	Statutes: []Statute{
		{
			ID: "GB-136", Country: "GB", Citation: "Companies Act 2006, ss. 136, 137, 138, 1159, sch. 6 para. 5",
			From: "2009-10-01", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), HolderFacts: byVotesOrBoard, OwnVotes: true, Fiduciary: FiduciaryExempt,
			Note: "Rights that are held in a fiduciary capacity are taken not to be held (sch. 6 para. 5; its words were read in the Act of 1989). A holding that a company acquires as a subsidiary is void. One that s. 137 tolerates has no votes. A member also controls by the right to appoint or remove most of the board, and by an agreement with other members on most of the votes (s. 1159(1)(b), (c), read). By a contract without votes it does not.",
		},
		{
			ID: "GB-726", Country: "GB", Citation: "Companies Act 2006, s. 726(2)",
			From: "2009-10-01", Verified: "read",
			Kind: TestOwnShares,
		},
	},
	Thresholds: []Threshold{
		{
			ID: "GB-5.1.2", Kind: DisclosureThreshold, Country: "GB", Citation: "DTR 5.1.2R",
			From: "2009-06-01", Verified: "read",
			Listed: true, Limits: everyPercent(3, 100), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: transparency, Rights: toExisting,
			Exceptions: "A company from abroad has fewer thresholds. The rule does not look at this.",
			Note:       "The words were read as another source quotes them. That shares are those already issued was read (DTR 5.1.1R). That own shares leave the base is not verified. Contracts for differences count since 2009-06-01 (FSA, PS09/3, read in notes of law firms).",
		},
		{
			ID: "GB-5.1.2-2007", Kind: DisclosureThreshold, Country: "GB", Citation: "DTR 5.1.2R",
			From: "2007-01-20", To: "2009-05-31", Verified: "secondary",
			Listed: true, Limits: everyPercent(3, 100), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: with(votesInConcert, RightsToShares), Rights: toExisting,
			Exceptions: "A company from abroad has fewer thresholds. The rule does not look at this.",
			Note:       "Contracts for differences did not count. The first day is not verified.",
		},
		{
			ID: "GB-9.1", Kind: BidThreshold, Country: "GB", Citation: "Takeover Code, Rule 9.1",
			Verified: "secondary",
			Listed:   true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: transparency, Rights: toExisting,
			Note: takeoverCodeRights,
		},
		{
			ID: "GB-9.1-creep", Kind: BidThreshold, Country: "GB", Citation: "Takeover Code, Rule 9.1(b)",
			Verified: "secondary",
			Listed:   true, Ladder: &Ladder{From: ratio.Of(3, 10), To: ratio.Of(1, 2), Rising: true}, Bases: []ThresholdBase{OfVoting}, Counts: transparency, Rights: toExisting,
			Note: "Any increase requires a bid. " + takeoverCodeRights,
		},
		{
			ID: "GB-283", Kind: BlockingThreshold, Country: "GB", Citation: "Companies Act 2006, s. 283",
			From: "2007-10-01", Verified: "not verified",
			Limits: limits(4, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Note: "A special resolution needs at least 75% of the votes cast.",
		},
	},
}

// takeoverCodeRights is the source of the rule on rights to shares.
const takeoverCodeRights = "The Code's definition of interests in securities, which was read, counts options to acquire shares and long exposure to their price. That rights to subscribe for new shares do not count is not verified."
