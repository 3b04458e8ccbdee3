package law

import (
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Statute is a rule that decides which votes count, as data. It is a plain value:
// write one to state a rule that the built-in law does not have, for a country or
// for one issuer.
//
// The issuer is the company whose meeting it is. The holder is the company whose
// votes in that meeting may be suspended.
type Statute struct {
	ID       string    `json:"id"`
	Citation string    `json:"citation"`           // as a lawyer writes it
	Country  string    `json:"country,omitempty"`  // of the issuer, ISO 3166-1 or 3166-2
	Issuer   string    `json:"issuer,omitempty"`   // one company instead of a country
	From     date.Date `json:"from,omitempty"`     // first day in force
	To       date.Date `json:"to,omitempty"`       // last day in force; a rule that has one does not reach an undated book
	Verified string    `json:"verified,omitempty"` // "read": the article's words were; "secondary": another's account of them; or "not verified"

	Listed   bool `json:"listed,omitempty"`   // reaches listed issuers only; of TestMutual both are issuers to one another
	Domestic bool `json:"domestic,omitempty"` // reaches holders of the issuer's country only

	Kind            TestKind    `json:"kind"`
	Measure         Measure     `json:"measure,omitempty"`          // what the threshold is a fraction of, default votes
	Threshold       ratio.Ratio `json:"threshold,omitempty"`        // fraction 0..1; of TestControls at least 1/2
	AtLeast         bool        `json:"at_least,omitempty"`         // reaching the threshold is enough; default: it must be passed
	Presumed        ratio.Ratio `json:"presumed,omitempty"`         // TestControls: more than this controls too if nobody else holds as much
	Treasury        bool        `json:"treasury,omitempty"`         // treasury shares stay in the base (TestOwnShares: of every count at the issuer); default: out
	CountsSuspended bool        `json:"counts_suspended,omitempty"` // suspended votes stay in all figures, those of control too; default: out

	// Group counts what the companies that a party controls hold as its own.
	// With TestMutual, the votes of those companies are suspended too. One of the two
	// parties must hold shares of the other directly.
	Group          bool `json:"group,omitempty"`
	NotWithinGroup bool `json:"not_within_group,omitempty"` // does not apply where one of the two controls the other
	Fiduciary      bool `json:"fiduciary,omitempty"`        // leaves shares alone that are held for another's money

	Effect      EffectKind  `json:"effect,omitempty"`       // default EffectAll
	MaxFraction ratio.Ratio `json:"max_fraction,omitempty"` // for EffectCap and EffectPart

	Exceptions string `json:"exceptions,omitempty"` // what the article excepts or adds, and whether the rule looks at it
	Note       string `json:"note,omitempty"`       // what is doubtful, and how the article was read
}

// TestKind says what a statute looks at.
type TestKind string

// The tests.
const (
	TestOwnShares TestKind = "own shares" // the issuer's own shares: always suspended; of several rules the last holds
	TestControls  TestKind = "controls"   // the issuer controls the holder: majority of votes along any chain, or Presumed
	TestHolds     TestKind = "holds"      // the issuer holds Threshold of the holder
	TestMutual    TestKind = "mutual"     // each holds Threshold of the other
)

// Measure says what a statute counts.
type Measure string

// The measures.
const (
	MeasureVotes  Measure = "votes"  // votes after the law, by who casts them
	MeasureShares Measure = "shares" // issued shares, by whose money they are
)

// EffectKind says what happens to the holder's votes at the issuer.
type EffectKind string

// The effects.
const (
	EffectAll           EffectKind = "all"             // none of its votes counts
	EffectExcess        EffectKind = "excess"          // votes of what it holds above Threshold do not count
	EffectSecondToCross EffectKind = "second to cross" // EffectExcess, but only for the one of the two that passed Threshold later (by its lots' dates; both if that cannot be told)
	EffectCap           EffectKind = "cap"             // it casts at most MaxFraction of the issuer's votes
	EffectPart          EffectKind = "part"            // it casts at most MaxFraction of its own votes

	// The votes of the smaller of two cross-holders are suspended; if the two hold
	// the same fraction of each other, EffectExcess for both.
	EffectSmaller EffectKind = "smaller"
)

// Reaches reports whether the rule is law for the issuer's meetings on the given
// day. An empty day is that of an undated book, see [InForce].
func (s *Statute) Reaches(issuer *Company, day date.Date) bool {
	if !InForce(day, s.From, s.To) || s.Listed && !issuer.Listed {
		return false
	}
	if s.Issuer != "" {
		return s.Issuer == issuer.ID
	}
	return partOf(issuer.law(), s.Country)
}

// ReachesHolder reports whether the rule, which is law for the issuer's meetings,
// is about this holder. The holder is nil if it is no company.
func (s *Statute) ReachesHolder(issuer *Company, holder *Company) bool {
	if s.Domestic && !s.domestic(issuer, holder) {
		return false
	}
	return !s.BothListed() || holder != nil && holder.Listed
}

// domestic reports whether holder, which may be nil, is a company of the
// issuer's country.
func (s *Statute) domestic(issuer *Company, holder *Company) bool {
	country := s.Country
	if country == "" {
		country = issuer.home()
	}
	return holder != nil && partOf(holder.home(), country)
}

// BothListed reports whether the rule asks that the holder be listed as well as
// the issuer.
func (s *Statute) BothListed() bool { return s.Listed && s.Kind == TestMutual }

// SelectsHolders reports whether the rule reaches some holders and not others.
func (s *Statute) SelectsHolders() bool { return s.Domestic || s.BothListed() }

// Passed reports whether have, out of base, is enough for the rule's threshold.
// Nothing is enough of a base of 0.
func (s *Statute) Passed(have, base ratio.Ratio) bool {
	return base.Sign() > 0 && have.Reaches(base.Mul(s.Threshold), s.AtLeast)
}
