package law

import (
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

var france = Jurisdiction{
	Country: "FR", Name: "France",
	Statutes: []Statute{
		{
			ID: "FR-225-111", Country: "FR", Citation: "C. com., art. L.225-111, L.225-210",
			From: "2000-09-21", Verified: "read",
			Kind: TestOwnShares,
			Note: "The text of L.225-210 was read, that of L.225-111 was not.",
		},
		Statute{
			ID: "FR-233-29", Country: "FR", Citation: "C. com., art. L.233-29",
			From: "2000-09-21", Verified: "read",
			Kind: TestHolds, Measure: MeasureShares, Threshold: ratio.Of(1, 10),
			Treasury: true, Domestic: true, Effect: EffectSmaller,
			Note: "It is doubtful whether the article reaches a foreign company. The rule does not apply it to one.",
		}.or("the article reaches foreign companies", func(s *Statute) { s.Domestic = false }),
		Statute{
			ID: "FR-233-31", Country: "FR", Citation: "C. com., art. L.233-31, L.233-3",
			From: "2005-07-27", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Presumed: ratio.Of(2, 5), HolderFacts: byVotesOrBoard,
			Exceptions: "The presumption of control above 40% can be rebutted. The rule does not look at this.",
			Note:       "Where two holders have the same share above 40%, the rule presumes that neither controls (CNCC EJ 2020-65). A shareholder also controls by an agreement with others on most of the votes, by votes that decide in fact, and by the right to appoint or remove most of the board (L.233-3, I, 2° to 4°). By a contract without votes it does not. Whether a shareholder of a shareholder that appoints the board controls is not said: the rule asks for shares of the controller itself.",
		}.or("the presumption of control above 40% is rebutted", func(s *Statute) { s.Presumed = ratio.Ratio{} }),
		Statute{
			ID: "FR-233-31-2000", Country: "FR", Citation: "C. com., art. L.233-31, L.233-3",
			From: "2000-09-21", To: "2005-07-26", Verified: "secondary",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Presumed: ratio.Of(2, 5), HolderFacts: []ControlMeans{ControlByVoting},
			Exceptions: "The presumption of control above 40% can be rebutted. The rule does not look at this.",
			Note:       "The right to appoint the board was added on 2005-07-27 (loi n° 2005-842, art. 33). The dates of the versions were read, the words of those before were not.",
		}.or("the presumption of control above 40% is rebutted", func(s *Statute) { s.Presumed = ratio.Ratio{} }),
	},
	Thresholds: []Threshold{
		{
			ID: "FR-233-7", Kind: DisclosureThreshold, Country: "FR", Citation: "C. com., art. L.233-7, I, L.233-9",
			From: "2012-10-01", Verified: "read",
			Listed: true, Limits: frenchLimits(true), Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: with(frenchVotes, RightsToShares, CashSettled), Deemed: presumedControl, Rights: toExisting,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
			Note:       "The text was read: a stake that comes to represent more than a limit, and one that becomes lower than it (devient inférieure). Exactly at a limit neither is the case. Shares that others hold for a person's account, those of companies that it controls and those of partners in a concert count as that person's (art. L.233-9, read). That a company controls itself no less, so that its own shares count, is a reading. Contracts that are settled in cash count since 2012-10-01 (loi n° 2012-387, art. 25, read in a note on the AMF's guidance).",
		},
		{
			ID: "FR-233-7-2011", Kind: DisclosureThreshold, Country: "FR", Citation: "C. com., art. L.233-7, I, L.233-9",
			From: "2011-02-01", To: "2012-09-30", Verified: "secondary",
			Listed: true, Limits: frenchLimits(true), Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: with(frenchVotes, RightsToShares), Deemed: presumedControl, Rights: toExisting,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
			Note:       "Contracts that are settled in cash did not count.",
		},
		{
			ID: "FR-233-7-2005", Kind: DisclosureThreshold, Country: "FR", Citation: "C. com., art. L.233-7, I, L.233-9",
			From: "2005-07-27", To: "2011-01-31", Verified: "not verified",
			Listed: true, Limits: frenchLimits(false), Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: with(frenchVotes, RightsToShares), Deemed: presumedControl, Rights: toExisting,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
			Note:       "The limit of 30% dates from 2011-02-01. The first day is that of the act which added 15%, 25%, 90% and 95% (loi n° 2005-842).",
		},
		{
			ID: "FR-225-96", Kind: BlockingThreshold, Country: "FR", Citation: "C. com., art. L.225-96",
			From: "2000-09-21", Verified: "read",
			Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, AtMost: true, Counts: castVotes,
			Note: "A resolution needs two thirds of the votes of those present or represented; since 2019-07-21, of the votes cast.",
		},
		{
			ID: "FR-433-3", Kind: BidThreshold, Country: "FR", Citation: "C. mon. fin., art. L.433-3, I; RG AMF, art. 234-2",
			From: "2011-02-01", Verified: "read",
			Listed: true, Limits: limits(10, 3), Bases: []ThresholdBase{OfCapital, OfTheoretical}, AtMost: true, Counts: frenchVotes, Deemed: presumedControl,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
			Note:       "The day is not verified. Before it the limit was one third.",
		},
		{
			ID: "FR-433-3-third", Kind: BidThreshold, Country: "FR", Citation: "C. mon. fin., art. L.433-3, I; RG AMF, art. 234-2",
			To: "2011-01-31", Verified: "secondary",
			Listed: true, Limits: limits(3, 1), Bases: []ThresholdBase{OfCapital, OfTheoretical}, AtMost: true, Counts: frenchVotes, Deemed: presumedControl,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
		},
		{
			ID: "FR-234-5", Kind: BidThreshold, Country: "FR", Citation: "RG AMF, art. 234-5",
			From: "2014-04-01", Verified: "secondary",
			Listed: true, Ladder: &Ladder{From: ratio.Of(3, 10), Over: true, To: ratio.Of(1, 2), Step: ratio.Of(1, 100), Months: 12}, AtLeast: true,
			Bases: []ThresholdBase{OfCapital, OfTheoretical}, Counts: frenchVotes, Deemed: presumedControl,
			Exceptions: "The presumption of control above 40% (art. L.233-3, II) can be rebutted. The rule does not look at this.",
			Note:       "The text of 2012 was read: at least 2% in less than twelve months, between one third and one half. Today's figures and the first day are not verified.",
		},
	},
	Loyalties: []Loyalty{
		{
			ID: "FR-22-10-46", Country: "FR", Citation: "C. com., art. L.22-10-46, L.225-123, L.225-124",
			From: "2016-04-02", Verified: "read",
			Listed: true, Months: 24, Times: ratio.Int(2),
			Exceptions: "A company's articles can exclude the double votes: the book then gives the votes of the class or of the stake. Only registered shares have them, and a transfer ends them; a book does not say which shares are registered. The rule takes the lots of shares that are held in the holder's own name for its own money to be registered since their dates.",
			Note:       "The two years were counted from 2014-04-02 at the earliest (Loi n° 2014-384; the day is not verified).",
		},
	},
	Omitted: []string{
		"C. com., art. L.233-30: it turns on a company's legal form, and a book does not say it.",
	},
}

// frenchLimits are the limits of art. L.233-7, I, with 30% or without.
func frenchLimits(thirty bool) []ratio.Ratio {
	out := limits(60, 3, 6, 9, 12, 15, 18, 20, 30, 40, 54, 57)
	if !thirty {
		out = slices.Delete(out, 5, 6)
	}
	return out
}
