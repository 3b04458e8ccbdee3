package law

import "github.com/crossholding/crossholding/ratio"

var germany = Jurisdiction{
	Country: "DE", Name: "Germany",
	Statutes: []Statute{
		{
			ID: "DE-71b", Country: "DE", Citation: "§ 71b AktG",
			From: "1979-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
		{
			ID: "DE-71d", Country: "DE", Citation: "§ 71d S. 2, 4 AktG mit § 16 Abs. 2",
			From: "1979-07-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byInfluence, CountsSuspended: true,
			Note: "The rule does not presume that a company is dependent without a majority (§ 17). A fact makes it dependent if it rests on the law of companies: votes, the board, or a contract of domination (§ 17, § 18 Abs. 1; that economic power alone is not enough is not verified). Where two companies hold majorities of each other, the votes of both are suspended (§ 19 Abs. 3).",
		},
		{
			ID: "DE-71d-shares", Country: "DE", Citation: "§ 71d S. 2, 4 AktG mit § 16 Abs. 1, 2, 4",
			From: "1979-07-01", Verified: "read",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 2), CountsSuspended: true, Group: true, Facts: byInfluence,
			Note: "A majority of the shares is enough, without a majority of the votes.",
		},
		Statute{
			ID: "DE-328", Country: "DE", Citation: "§§ 19, 328 AktG",
			From: "1966-01-01", Verified: "read",
			Kind: TestMutual, Measure: MeasureShares, Threshold: ratio.Of(1, 4),
			Treasury: true, CountsSuspended: true, Group: true, Domestic: true, NotWithinGroup: true, Facts: byInfluence,
			Effect:     EffectExcess,
			Exceptions: "The company that gave notice first keeps its votes (§ 328 Abs. 2). The rule does not look at this, because a book does not say who gave notice first. In a listed company the holder may not vote for the supervisory board (§ 328 Abs. 3). The rule does not look at this, because it does not change how many votes count.",
			Note:       "Whether one of the two controls the other is decided by votes and by the facts of DE-71d.",
		}.orNone("the holder gave notice first (§ 328 Abs. 2)"),
	},
	Thresholds: []Threshold{
		{
			ID: "DE-33", Kind: DisclosureThreshold, Country: "DE", Citation: "§ 33 Abs. 1 WpHG",
			From: "2018-01-03", Verified: "read",
			Listed: true, Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Exceptions: "Shares that a holder acquires by its declaration alone count too (§ 34 Abs. 1 Nr. 5), and so do those that must be delivered to it at once (§ 33 Abs. 3). The rule does not look at this: rights to shares are instruments of DE-38.",
			Note:       "Until 2018-01-02 the rule stood in § 21 WpHG. That the limit of 3% dates from 2007-01-20 is not verified, and neither are the days.",
		},
		{
			ID: "DE-38", Kind: DisclosureThreshold, Country: "DE", Citation: "§ 38 Abs. 1 WpHG",
			From: "2018-01-03", Verified: "read",
			Listed: true, Limits: limits(100, 5, 10, 15, 20, 25, 30, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: instruments, Rights: toExisting,
			Note: "The limits are those of § 33 without 3%. An instrument that is settled in cash only counts by its delta (§ 38 Abs. 3). The book gives the shares after this.",
		},
		{
			ID: "DE-39", Kind: DisclosureThreshold, Country: "DE", Citation: "§ 39 Abs. 1 WpHG",
			From: "2018-01-03", Verified: "read",
			Listed: true, Limits: limits(100, 5, 10, 15, 20, 25, 30, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: transparency, Rights: toExisting, Aggregate: true,
			Note: "The limits are those of § 33 without 3%. The supervisor (BaFin) calls the rule one of aggregation only. A share that counts as a vote and as an instrument counts once.",
		},
		{
			ID: "DE-21", Kind: DisclosureThreshold, Country: "DE", Citation: "§ 21 Abs. 1, § 22 WpHG a.F.",
			From: "2007-01-20", To: "2018-01-02", Verified: "secondary",
			Listed: true, Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Exceptions: "Instruments had rules of their own (§§ 25, 25a a.F.). The rule does not look at them.",
			Note:       "The section was read in a copy, and that the limits date from 2007 on the page of an exchange. The days are not verified.",
		},
		{
			ID: "DE-21-1995", Kind: DisclosureThreshold, Country: "DE", Citation: "§ 21 Abs. 1, § 22 WpHG a.F.",
			From: "1995-01-01", To: "2007-01-19", Verified: "not verified",
			Listed: true, Limits: limits(100, 5, 10, 25, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
		},
		{
			ID: "DE-179", Kind: BlockingThreshold, Country: "DE", Citation: "§ 179 Abs. 2 AktG",
			From: "1966-01-01", Verified: "read",
			Limits: limits(4, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Exceptions: "The articles of association may ask for another majority. The rule does not look at this.",
			Note:       "A resolution needs three quarters of the capital represented.",
		},
		{
			ID: "DE-29", Kind: BidThreshold, Country: "DE", Citation: "§ 29 Abs. 2, § 35 WpÜG",
			From: "2002-01-01", Verified: "read",
			Listed: true, Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Note: "A commentary (Haufe) says that suspended votes and own shares stay in the base. § 30 Abs. 1 Satz 1 Nr. 5 counts shares that a declaration of one's own makes one's own. A claim to be given shares is not enough (BGH, 29 July 2014, II ZR 353/12), and rights to shares in a book are such claims.",
		},
	},
	Omitted: []string{
		"§ 20 Abs. 7 AktG: it suspends votes because a notice was not given, and a book does not say who gave notice.",
	},
}
