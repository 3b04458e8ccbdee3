package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Threshold is a rule of law that looks at the size of a holder's stake, as
// data. It is a plain value; write one to state a rule that the built-in table
// does not have, and give it in [CrossingOptions].
type Threshold struct {
	ID       string          `json:"id"`
	Kind     ThresholdKind   `json:"kind"`
	Citation string          `json:"citation"`           // as a lawyer writes it
	Country  string          `json:"country,omitempty"`  // of the issuer, ISO 3166-1; empty: everywhere
	Listed   bool            `json:"listed,omitempty"`   // reaches listed issuers only
	From     date.Date       `json:"from,omitempty"`     // first day in force
	To       date.Date       `json:"to,omitempty"`       // last day in force; a rule that has one does not reach an undated book
	Limits   []ratio.Ratio   `json:"limits"`             // fractions 0..1, ascending
	AtLeast  bool            `json:"at_least,omitempty"` // reaching a limit is enough; default: it must be passed
	Bases    []ThresholdBase `json:"bases"`              // each is looked at by itself
	Cast     bool            `json:"cast,omitempty"`     // counts what the holder casts; default: what is held for its money
	Verified string          `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Note     string          `json:"note,omitempty"`
}

// ThresholdKind says what a threshold brings.
type ThresholdKind string

// The kinds of threshold.
const (
	BidThreshold         ThresholdKind = "bid"                   // a takeover bid must be made
	DisclosureThreshold  ThresholdKind = "disclosure"            // the stake must be made known
	BlockingThreshold    ThresholdKind = "blocking minority"     // special resolutions can be stopped
	ReciprocityThreshold ThresholdKind = "reciprocity"           // votes that the issuer has in the holder fall silent
	InfluenceThreshold   ThresholdKind = "significant influence" // presumed; the equity method
	MajorityThreshold    ThresholdKind = "majority"              // ordinary resolutions can be passed
)

// ThresholdBase says what a limit is a fraction of.
type ThresholdBase string

// The bases. Which shares of a holder count is for [Threshold].Cast to say.
const (
	OfCapital     ThresholdBase = "capital"     // shares, of all issued ones
	OfShares      ThresholdBase = "shares"      // shares, of all but the treasury's
	OfTheoretical ThresholdBase = "theoretical" // votes, of all votes, treasury and silenced ones too
	OfVoting      ThresholdBase = "voting"      // votes, of all but the treasury's; silenced ones count
	OfExercisable ThresholdBase = "exercisable" // votes that the law leaves, of all such votes
)

// Thresholds returns the built-in table, sorted by country. Each rule says how
// well its text could be checked. The thresholds of reciprocity are not in it:
// they are those of the statutes that silence votes, see [Statutes].
func Thresholds() []Threshold {
	out := slices.Clone(thresholds[:])
	for i := range out {
		out[i].Limits = slices.Clone(out[i].Limits)
		out[i].Bases = slices.Clone(out[i].Bases)
	}
	return out
}

// Reaches reports whether t is law for the issuer on the given day.
func (t *Threshold) Reaches(issuer *Company, day date.Date) bool {
	return InForce(day, t.From, t.To) && (!t.Listed || issuer.Listed) && (t.Country == "" || partOf(issuer.law(), t.Country))
}

// Passed reports whether a share is enough for one of t's limits.
func (t *Threshold) Passed(share, limit ratio.Ratio) bool { return reaches(share, limit, t.AtLeast) }

// limits returns n/d for each n.
func limits(d int64, ns ...int64) []ratio.Ratio {
	out := make([]ratio.Ratio, len(ns))
	for i, n := range ns {
		out[i] = ratio.Of(n, d)
	}
	return out
}

func everyPercent(from, to int64) []ratio.Ratio {
	var out []ratio.Ratio
	for n := from; n <= to; n++ {
		out = append(out, ratio.Of(n, 100))
	}
	return out
}

// thresholds is the built-in table. It is never changed.
var thresholds = [...]Threshold{
	{
		ID: "majority", Kind: MajorityThreshold, Citation: "company law: more than one half of the votes",
		Limits: limits(2, 1), Bases: []ThresholdBase{OfExercisable}, Cast: true, Verified: "not verified",
		Note: "where law or articles ask for no more",
	},
	{
		ID: "IAS-28", Kind: InfluenceThreshold, Citation: "IAS 28.5",
		Limits: limits(5, 1), AtLeast: true, Bases: []ThresholdBase{OfExercisable}, Cast: true, Verified: "read",
		Note: "presumed, and rebuttable; votes that the law silences are taken to be no voting power",
	},
	{
		ID: "DE-33", Kind: DisclosureThreshold, Country: "DE", Listed: true, Citation: "§ 33 Abs. 1 WpHG", From: "2018-01-03",
		Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 50, 75), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Verified: "read",
		Note: "§ 21 WpHG until 2018-01-02; 3% since 2007-01-20 and the days are not verified",
	},
	{
		ID: "DE-179", Kind: BlockingThreshold, Country: "DE", Citation: "§ 179 Abs. 2 AktG", From: "1966-01-01",
		Limits: limits(4, 1), Bases: []ThresholdBase{OfExercisable}, Cast: true, Verified: "read",
		Note: "three quarters of the capital represented are needed; the statutes may ask for another majority",
	},
	{
		ID: "DE-29", Kind: BidThreshold, Country: "DE", Listed: true, Citation: "§ 29 Abs. 2, § 35 WpÜG", From: "2002-01-01",
		Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfTheoretical}, Verified: "read",
		Note: "that silent votes and own shares stay in the base is a commentary's word (Haufe)",
	},
	{
		ID: "ES-23", Kind: DisclosureThreshold, Country: "ES", Listed: true, Citation: "RD 1362/2007, art. 23", From: "2007-12-20",
		Limits: limits(100, 3, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 70, 75, 80, 90), AtLeast: true,
		Bases: []ThresholdBase{OfTheoretical}, Verified: "read",
		Note: "votes whose exercise is suspended stay in the base (art. 23.2)",
	},
	{
		ID: "ES-4", Kind: BidThreshold, Country: "ES", Listed: true, Citation: "RD 1066/2007, art. 4, 5.3", From: "2007-08-13",
		Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Verified: "read",
		Note: "silent votes stay in the base, the company's own shares do not (art. 5.3); or less, with more than half of the board appointed within 24 months",
	},
	{
		ID: "FR-233-7", Kind: DisclosureThreshold, Country: "FR", Listed: true, Citation: "C. com., art. L.233-7, I", From: "2011-02-01",
		Limits: []ratio.Ratio{ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4), ratio.Of(3, 10), ratio.Of(1, 3), ratio.Of(1, 2), ratio.Of(2, 3), ratio.Of(9, 10), ratio.Of(19, 20)},
		Bases:  []ThresholdBase{OfCapital, OfTheoretical}, Verified: "secondary",
		Note: "that a threshold must be passed was read in the text of 2000, today's list in a guide; shares held by others for a person's account count as that person's (art. L.233-9)",
	},
	{
		ID: "FR-225-96", Kind: BlockingThreshold, Country: "FR", Citation: "C. com., art. L.225-96", From: "2000-09-21",
		Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, Cast: true, Verified: "read",
		Note: "two thirds of the votes of those present or represented, of the votes cast since 2019-07-21",
	},
	{
		ID: "FR-433-3", Kind: BidThreshold, Country: "FR", Listed: true, Citation: "C. mon. fin., art. L.433-3, I; RG AMF, art. 234-2", From: "2011-02-01",
		Limits: limits(10, 3), Bases: []ThresholdBase{OfCapital, OfTheoretical}, Verified: "read",
		Note: "the day is not verified; one third before; between 30% and one half, 1% within 12 months too (art. 234-5), which is not looked at",
	},
	{
		ID: "FR-433-3-third", Kind: BidThreshold, Country: "FR", Listed: true, Citation: "C. mon. fin., art. L.433-3, I; RG AMF, art. 234-2", To: "2011-01-31",
		Limits: limits(3, 1), Bases: []ThresholdBase{OfCapital, OfTheoretical}, Verified: "secondary",
	},
	{
		ID: "GB-5.1.2", Kind: DisclosureThreshold, Country: "GB", Listed: true, Citation: "DTR 5.1.2R", From: "2007-01-20",
		Limits: everyPercent(3, 100), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Verified: "read",
		Note: "the words as another quotes them; that own shares leave the base is not verified; a company from abroad has fewer thresholds, which are not looked at",
	},
	{
		ID: "GB-9.1", Kind: BidThreshold, Country: "GB", Listed: true, Citation: "Takeover Code, Rule 9.1",
		Limits: limits(10, 3), AtLeast: true, Bases: []ThresholdBase{OfVoting}, Verified: "secondary",
		Note: "any increase between 30% and 50% too, which is not looked at",
	},
	{
		ID: "IT-120", Kind: DisclosureThreshold, Country: "IT", Listed: true, Citation: "art. 120, co. 2, TUF; art. 117 Reg. Consob 11971/1999", From: "2016-03-18",
		Limits: []ratio.Ratio{ratio.Of(3, 100), ratio.Of(1, 20), ratio.Of(1, 10), ratio.Of(3, 20), ratio.Of(1, 5), ratio.Of(1, 4), ratio.Of(3, 10), ratio.Of(1, 2), ratio.Of(2, 3), ratio.Of(9, 10)},
		Bases:  []ThresholdBase{OfTheoretical}, Verified: "secondary",
		Note: "the first limit was read, the day and the others were not; 5% is the first in a small company",
	},
	{
		ID: "IT-106", Kind: BidThreshold, Country: "IT", Listed: true, Citation: "art. 105, 106, co. 1, TUF",
		Limits: limits(10, 3), Bases: []ThresholdBase{OfTheoretical}, Verified: "read",
	},
	{
		ID: "IT-106-1-bis", Kind: BidThreshold, Country: "IT", Listed: true, Citation: "art. 106, co. 1-bis, TUF", From: "2014-08-21",
		Limits: limits(4, 1), Bases: []ThresholdBase{OfTheoretical}, Verified: "read",
		Note: "unless the company is small or another holder has more, which is not looked at",
	},
	{
		ID: "JP-27-23", Kind: DisclosureThreshold, Country: "JP", Listed: true, Citation: "FIEA, art. 27-23(1)", From: "1990-12-01",
		Limits: limits(20, 1), Bases: []ThresholdBase{OfCapital}, Verified: "read",
		Note: "of shares and what can become shares; each change of 1% beyond it too, which is not looked at",
	},
	{
		ID: "JP-309", Kind: BlockingThreshold, Country: "JP", Citation: "Companies Act, art. 309(2)", From: "2006-05-01",
		Limits: limits(3, 1), Bases: []ThresholdBase{OfExercisable}, Cast: true, Verified: "read",
		Note: "two thirds of the votes present are needed, more if the articles say so",
	},
	{
		ID: "JP-27-2-third", Kind: BidThreshold, Country: "JP", Listed: true, Citation: "FIEA, art. 27-2(1)", To: "2026-04-30",
		Limits: limits(3, 1), Bases: []ThresholdBase{OfVoting}, Verified: "secondary",
		Note: "off-market and ToSTNeT purchases",
	},
	{
		ID: "JP-27-2", Kind: BidThreshold, Country: "JP", Listed: true, Citation: "FIEA, art. 27-2(1), as amended by Act No. 32 of 2024", From: "2026-05-01",
		Limits: limits(10, 3), Bases: []ThresholdBase{OfVoting}, Verified: "secondary",
		Note: "on-market purchases too",
	},
}
