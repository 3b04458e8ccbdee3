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

	Limits []ratio.Ratio `json:"limits,omitempty"` // fractions 0..1, ascending
	Ladder *Ladder       `json:"ladder,omitempty"` // changes of a stake, in place of Limits

	// AtLeast is about the way up: reaching a limit, or a ladder's step, is enough. By
	// default it must be passed. AtMost is about the way down: coming down to a limit is
	// enough. By default the stake must fall below it.
	//
	// Most laws on disclosure speak of stakes that reach, pass or fall below a limit: that
	// is AtLeast without AtMost. French law speaks of stakes that pass or fall below it:
	// that is neither. A power that one has above a limit, such as a majority, is lost at
	// the limit: that is AtMost without AtLeast.
	AtLeast bool `json:"at_least,omitempty"`
	AtMost  bool `json:"at_most,omitempty"`
	// Rising says that only the way up matters: whoever comes to have the stake has the duty,
	// and a fall causes none. A [Ladder] beside the rule can be about falls.
	Rising bool `json:"rising,omitempty"`

	// Classes says that the law tests each class of shares by itself. The rule counts the shares or
	// votes of all classes together. The warnings of thresholds name the issuers where this matters.
	Classes ClassTest `json:"classes,omitempty"`

	Bases  []ThresholdBase `json:"bases"`            // each base is tested by itself
	Counts []Attribution   `json:"counts,omitempty"` // whose shares count as the holder's; default: [ByDefault]
	Rights RightsRule      `json:"rights,omitzero"`  // which rights to shares count, if Counts lists them

	Deemed DeemedRule `json:"deemed,omitzero"` // through which companies shares count, if Counts lists ThroughStakes

	// Aggregate says that the rule is about the sum of two kinds: votes or shares on the grounds
	// [InOwnName], [ForOwnMoney] and [CastAtWill], and instruments, which are [RightsToShares] and
	// [CashSettled] contracts. The rule reaches a holder only if the sum is more than either kind
	// alone. A limit is crossed if this is so before or after. The source of such rules is
	// Directive 2004/109/EC, art. 13a, as ESMA_QA_2036 explains it.
	Aggregate bool `json:"aggregate,omitempty"`

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

// ClassTest says which classes of shares a law tests by themselves. The empty value is none.
type ClassTest string

// The tests.
const (
	EachClass       ClassTest = "each class"        // of shares with votes and without
	EachVotingClass ClassTest = "each voting class" // of shares with votes
)

// ThresholdBase says what a limit is a fraction of.
type ThresholdBase string

// These are the bases. [Threshold].Counts says which shares count as a holder's.
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
	if t.Listed && !issuer.Listed {
		return false
	}
	if t.Issuer != "" {
		return t.Issuer == issuer.ID && InForce(day, t.From, t.To)
	}
	return (t.Country == "" || partOf(issuer.law(), t.Country)) && InForce(day, t.From, t.To)
}

// Rises reports whether a stake that grows from was to is comes to reach or pass limit.
func (t *Threshold) Rises(was, is, limit ratio.Ratio) bool {
	return t.Passed(is, limit) && !t.Passed(was, limit)
}

// Falls reports whether a stake that shrinks from was to is comes down to limit or falls
// below it. It returns false if the rule counts increases only.
func (t *Threshold) Falls(was, is, limit ratio.Ratio) bool {
	return t.CanFall(was, limit) && t.Lost(is, limit)
}

// CanFall reports whether a smaller stake than share crosses limit downwards.
func (t *Threshold) CanFall(share, limit ratio.Ratio) bool {
	return !t.Rising && !t.Lost(share, limit)
}

// Passed reports whether a stake is high enough for one of the rule's limits.
func (t *Threshold) Passed(share, limit ratio.Ratio) bool { return share.Reaches(limit, t.AtLeast) }

// Lost reports whether a stake is so low that it has fallen through one of the rule's
// limits. At a limit itself, a stake of a rule without AtLeast and AtMost is neither
// passed nor lost.
func (t *Threshold) Lost(share, limit ratio.Ratio) bool { return limit.Reaches(share, t.AtMost) }

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

// everyFive returns the limits from, from+5 … to percent.
func everyFive(from, to int64) []ratio.Ratio {
	var out []ratio.Ratio
	for n := from; n <= to; n += 5 {
		out = append(out, ratio.Of(n, 100))
	}
	return out
}
