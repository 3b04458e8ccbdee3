package law

import "github.com/crossholding/crossholding/ratio"

var switzerland = Jurisdiction{
	Country: "CH", Name: "Switzerland",
	Statutes: []Statute{
		{
			ID: "CH-659a", Country: "CH", Citation: "Art. 659a Abs. 1 OR",
			From: "1992-07-01", Verified: "read",
			Kind: TestOwnShares,
		},
		Statute{
			ID: "CH-659b", Country: "CH", Citation: "Art. 659b Abs. 1, 659a Abs. 1, 963 OR",
			From: "2023-01-01", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2), Facts: byInfluence,
			Note: "Control is also the right to appoint or remove most of the board, and a dominant influence by the articles, a contract or the like (art. 963). That suspended votes do not count is not verified.",
		}.or("suspended votes count in the test", func(s *Statute) { s.CountsSuspended = true }),
		{
			ID: "CH-659b-1991", Country: "CH", Citation: "Art. 659b Abs. 1, 2 aOR",
			From: "1992-07-01", To: "2022-12-31", Verified: "read",
			Kind: TestControls, Threshold: ratio.Of(1, 2),
			Note: "The article spoke of a majority holding. The rule takes this to be a majority of the votes, and counts no facts.",
		},
	},
	Thresholds: []Threshold{
		{
			ID: "CH-120", Kind: DisclosureThreshold, Country: "CH", Citation: "Art. 120 FinfraG",
			From: "2016-01-01", Verified: "read",
			Listed: true, AtLeast: true,
			Limits: []ratio.Ratio{ratio.Of(3, 100), ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4), ratio.Of(1, 3), ratio.Of(1, 2), ratio.Of(2, 3)},
			Bases:  []ThresholdBase{OfTheoretical}, Counts: transparency,
			Note: "Votes count whether they can be used or not.",
		},
		{
			ID: "CH-135", Kind: BidThreshold, Country: "CH", Citation: "Art. 135 FinfraG",
			From: "2016-01-01", Verified: "not verified",
			Listed: true, Limits: limits(3, 1), AtMost: true, Bases: []ThresholdBase{OfTheoretical}, Counts: votesInConcert,
			Exceptions: "A company's articles may raise the limit to 49% or leave the duty out. The rule does not look at this: override it.",
		},
	},
}
