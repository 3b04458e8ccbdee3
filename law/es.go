package law

import "github.com/crossholding/crossholding/ratio"

var spain = Jurisdiction{
	Country: "ES", Name: "Spain",
	Statutes: []Statute{
		{
			ID: "ES-148", Country: "ES", Citation: "art. 148 LSC",
			From: "2010-09-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byVotesOrBoard,
			Note: "Control is that of art. 18 LSC with art. 42 of the commercial code, read in a commentary: the power to appoint or remove most of the board, and agreements on most of the votes. Its general clause on other control was read too; the rule does not look at this.",
		},
		{
			ID: "ES-148-own", Country: "ES", Citation: "art. 148 LSC",
			From: "2010-09-01", Verified: "read",
			Kind: TestOwnShares, Treasury: true,
			Note: "Own shares stay in the capital on which quorum and majorities are counted.",
		},
		Statute{
			ID: "ES-151", Country: "ES", Citation: "arts. 151 a 155 LSC",
			From: "2010-09-01", Verified: "read",
			Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 10),
			Treasury: true, CountsSuspended: true, Group: true, NotWithinGroup: true, Facts: byVotesOrBoard,
			Effect: EffectSecondToCross, SellWithin: 12,
			Exceptions: "Shares acquired without payment and in some other cases may be sold within three years. The rule does not look at this.",
			Note:       "The whole stake is suspended if the excess was not sold within one year (art. 152; read in a note of a law firm). The law looks at who is notified first (art. 153). The rule takes the dates of the lots instead: it limits the company that crossed the threshold later, and both companies if the lots do not tell.",
		}.orNone("the other company was notified first (art. 153)"),
	},
	Thresholds: []Threshold{
		{
			ID: "ES-23", Kind: DisclosureThreshold, Country: "ES", Citation: "RD 1362/2007, art. 23",
			From: "2007-12-20", Verified: "read",
			Listed: true, Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 75, 80, 90), AtLeast: true,
			Bases: []ThresholdBase{OfTheoretical}, Counts: transparency, Rights: toExisting,
			Note: "Votes whose exercise is suspended stay in the base (art. 23.2). That contracts which only pay count from the first day is not verified: Directive 2013/50/EU made them count in all member states.",
		},
		{
			ID: "ES-4", Kind: BidThreshold, Country: "ES", Citation: "RD 1066/2007, art. 4, 5.3",
			From: "2007-08-13", Verified: "read",
			Listed: true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Counts: votesInConcert,
			Exceptions: "A smaller stake requires a bid too, with more than half of the board appointed within 24 months. The rule does not look at this.",
			Note:       "Suspended votes stay in the base, the company's own shares do not (art. 5.3).",
		},
		{
			ID: "ES-201", Kind: BlockingThreshold, Country: "ES", Citation: "arts. 194, 201.2 LSC",
			From: "2010-09-01", Verified: "not verified",
			Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Exceptions: "The majority of two thirds is needed where less than half of the capital is present. Where more is present, an absolute majority is enough. The rule does not look at this.",
		},
	},
}
