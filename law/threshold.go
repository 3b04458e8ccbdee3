package law

import (
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Threshold is a rule about the size of a holder's stake, as data. It is a plain value.
// Write a Threshold to add a rule that the built-in law does not have, for a country or
// for the articles of one issuer.
type Threshold struct {
	ID       string        `json:"id"`
	Kind     ThresholdKind `json:"kind"`
	Citation string        `json:"citation"`           // as a lawyer writes it
	Country  string        `json:"country,omitempty"`  // of the issuer, ISO 3166-1; without it and Issuer: everywhere
	Issuer   string        `json:"issuer,omitempty"`   // one company instead of a country: a rule of its articles
	Listed   bool          `json:"listed,omitempty"`   // reaches listed issuers only
	From     date.Date     `json:"from,omitempty"`     // first day in force
	To       date.Date     `json:"to,omitempty"`       // last day in force; a rule with a last day does not reach an undated book
	Verified string        `json:"verified,omitempty"` // "read": the article was read; "secondary": a text about it was read; or "not verified"

	Limits  []ratio.Ratio   `json:"limits"`             // fractions 0..1, ascending
	AtLeast bool            `json:"at_least,omitempty"` // reaching a limit is enough; default: it must be passed
	Bases   []ThresholdBase `json:"bases"`              // each base is tested by itself
	Cast    bool            `json:"cast,omitempty"`     // counts the stakes whose votes the holder casts; default: those held for its money

	Exceptions string `json:"exceptions,omitempty"` // the article's exceptions and additions, and whether the rule uses them
	Note       string `json:"note,omitempty"`       // doubts, and how the article was read
}

// ThresholdKind says what happens at a threshold.
type ThresholdKind string

// The kinds of threshold.
const (
	BidThreshold         ThresholdKind = "bid"                   // a takeover bid must be made
	DisclosureThreshold  ThresholdKind = "disclosure"            // the stake must be made public
	BlockingThreshold    ThresholdKind = "blocking minority"     // special resolutions can be stopped
	ReciprocityThreshold ThresholdKind = "reciprocity"           // votes that the issuer has in the holder are suspended
	InfluenceThreshold   ThresholdKind = "significant influence" // presumed; the equity method
	MajorityThreshold    ThresholdKind = "majority"              // ordinary resolutions can be passed
)

// ThresholdBase says what a limit is a fraction of.
type ThresholdBase string

// These are the bases. [Threshold].Cast says which shares of a holder count.
const (
	OfCapital     ThresholdBase = "capital"     // shares, of all issued ones
	OfShares      ThresholdBase = "shares"      // shares, of all shares without treasury shares
	OfTheoretical ThresholdBase = "theoretical" // votes, of all votes with those of treasury shares and suspended votes
	OfVoting      ThresholdBase = "voting"      // votes, of all votes without those of treasury shares; suspended votes count
	OfExercisable ThresholdBase = "exercisable" // votes that the law leaves, of all such votes
)

// Reaches reports whether the rule is law for the issuer on the given day. The day of
// an undated book is empty, see [InForce].
func (t *Threshold) Reaches(issuer *Company, day date.Date) bool {
	if !InForce(day, t.From, t.To) || t.Listed && !issuer.Listed {
		return false
	}
	if t.Issuer != "" {
		return t.Issuer == issuer.ID
	}
	return t.Country == "" || partOf(issuer.law(), t.Country)
}

// Passed reports whether a share is enough for one of the rule's limits.
func (t *Threshold) Passed(share, limit ratio.Ratio) bool { return share.Reaches(limit, t.AtLeast) }

// limits returns n/d for each n.
func limits(d int64, ns ...int64) []ratio.Ratio {
	out := make([]ratio.Ratio, len(ns))
	for i, n := range ns {
		out[i] = ratio.Of(n, d)
	}
	return out
}

// everyPercent returns the limits from, from+1 … to percent.
func everyPercent(from, to int64) []ratio.Ratio {
	var out []ratio.Ratio
	for n := from; n <= to; n++ {
		out = append(out, ratio.Of(n, 100))
	}
	return out
}
