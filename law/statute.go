package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Statute is a rule that decides which votes count, as data. It is a plain value.
// Write a Statute to add a rule that the built-in law does not have, for a country or
// for one issuer.
//
// The issuer is the company whose meeting it is. The holder is the company whose
// votes in that meeting may be suspended.
type Statute struct {
	ID       string    `json:"id"`
	Citation string    `json:"citation"`           // as a lawyer writes it
	Country  string    `json:"country,omitempty"`  // of the issuer, ISO 3166-1 or 3166-2
	Parts    []string  `json:"parts,omitempty"`    // the parts of Country in which the rule is law, ISO 3166-2; default: all
	Issuer   string    `json:"issuer,omitempty"`   // one company instead of a country
	From     date.Date `json:"from,omitempty"`     // first day in force
	To       date.Date `json:"to,omitempty"`       // last day in force; a rule with a last day does not reach an undated book
	Verified string    `json:"verified,omitempty"` // "read": the article was read; "secondary": a text about it was read; or "not verified"

	Listed   bool `json:"listed,omitempty"`   // reaches listed issuers only; with TestMutual both companies must be listed
	Domestic bool `json:"domestic,omitempty"` // reaches holders of the issuer's country only

	Kind            TestKind    `json:"kind"`
	Measure         Measure     `json:"measure,omitempty"`          // what the threshold is a fraction of, default votes
	Threshold       ratio.Ratio `json:"threshold,omitempty"`        // fraction 0..1; with TestControls at least 1/2
	AtLeast         bool        `json:"at_least,omitempty"`         // reaching the threshold is enough; default: it must be passed
	Presumed        ratio.Ratio `json:"presumed,omitempty"`         // TestControls: more than this is also control if nobody else holds as much
	Treasury        bool        `json:"treasury,omitempty"`         // treasury shares count in the base (TestOwnShares: in every base at the issuer); default: they do not
	CountsSuspended bool        `json:"counts_suspended,omitempty"` // suspended votes count in all figures, also those of control; default: they do not

	// Group adds the holdings of the companies that a party controls to its own.
	// With TestMutual, the votes of those companies are suspended too. One of the two
	// parties must hold shares of the other directly.
	Group          bool    `json:"group,omitempty"`
	GroupBy        Measure `json:"group_by,omitempty"`         // what makes a company one of the group, more than half of it; default votes
	NotWithinGroup bool    `json:"not_within_group,omitempty"` // does not apply if one of the two controls the other
	// Facts are the means by which a fact of control of the book counts as control, where the
	// rule asks who controls whom. HolderFacts are those that count only if the controller
	// holds shares of the company that it controls. Other facts do not count.
	Facts       []ControlMeans `json:"facts,omitempty"`
	HolderFacts []ControlMeans `json:"holder_facts,omitempty"`
	// Tiers (TestHolds) also takes the place of the issuer by each company that controls
	// it: the rule reaches a holder of which that company, with the companies it controls,
	// holds Threshold.
	Tiers bool `json:"tiers,omitempty"`
	// PerShare says that the law counts shares that can vote, each once. The rule counts votes. The
	// warnings of the votes name companies of which the classes have different votes.
	PerShare  bool          `json:"per_share,omitempty"`
	OwnVotes  bool          `json:"own_votes,omitempty"` // in the test, votes cast for another's money count for nobody
	Fiduciary FiduciaryKind `json:"fiduciary,omitempty"` // about the holder's shares that it holds for another's money; default: reached

	Effect      EffectKind  `json:"effect,omitempty"`       // default EffectAll
	MaxFraction ratio.Ratio `json:"max_fraction,omitempty"` // for EffectCap and EffectPart
	SellWithin  int         `json:"sell_within,omitempty"`  // EffectSecondToCross: so many months after the threshold was passed, all votes are suspended; 0: never

	Exceptions string `json:"exceptions,omitempty"` // the article's exceptions and additions, and whether the rule uses them
	Note       string `json:"note,omitempty"`       // what is not sure, and how the article was read

	Doubts []Doubt `json:"doubts,omitempty"` // rules that can be the law in place of this one
}

// TestKind says what a statute tests.
type TestKind string

// The tests.
const (
	TestOwnShares TestKind = "own shares" // the issuer's own shares: always suspended; the last of several rules applies
	TestControls  TestKind = "controls"   // the issuer controls the holder: majority of votes along any chain, or Presumed
	TestHolds     TestKind = "holds"      // the issuer holds Threshold of the holder
	TestMutual    TestKind = "mutual"     // each holds Threshold of the other
)

// Measure says what a statute counts.
type Measure string

// The measures.
const (
	MeasureVotes  Measure = "votes"  // votes after the law, by who casts them
	MeasureShares Measure = "shares" // issued shares, by beneficiary
)

// EffectKind says what happens to the holder's votes at the issuer.
type EffectKind string

// The effects.
const (
	EffectAll           EffectKind = "all"             // none of its votes counts
	EffectExcess        EffectKind = "excess"          // votes of the shares above Threshold do not count
	EffectSecondToCross EffectKind = "second to cross" // EffectExcess, but only for the party that passed Threshold later, by the dates of its lots; for both if the dates do not tell
	EffectCap           EffectKind = "cap"             // it casts at most MaxFraction of the issuer's votes
	EffectPart          EffectKind = "part"            // it casts at most MaxFraction of its own votes

	// EffectSmaller suspends the votes of the smaller of two cross-holders. If the two
	// hold the same fraction of each other, it is EffectExcess for both.
	EffectSmaller EffectKind = "smaller"
)

// FiduciaryKind says whether a statute reaches shares that the holder holds for another's
// money.
type FiduciaryKind string

// The kinds. The empty kind reaches all shares that the holder holds, owns or casts.
const (
	FiduciaryExempt       FiduciaryKind = "exempt"       // they are not reached
	FiduciaryUninstructed FiduciaryKind = "uninstructed" // they are reached if the holder itself casts their votes
)

// Reaches reports whether the rule is law for the issuer's meetings on the given
// day. The day of an undated book is empty, see [InForce].
func (s *Statute) Reaches(issuer *Company, day date.Date) bool {
	if s.Listed && !issuer.Listed {
		return false
	}
	if s.Issuer != "" {
		return s.Issuer == issuer.ID && InForce(day, s.From, s.To)
	}
	return partOf(issuer.law(), s.Country) && (len(s.Parts) == 0 || slices.Contains(s.Parts, issuer.law())) && InForce(day, s.From, s.To)
}

// ReachesHolder reports whether the rule, which is law for the issuer's meetings,
// is about this holder. The holder is nil if it is not a company.
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

// BothListed reports whether the rule requires that both the holder and the issuer are
// listed.
func (s *Statute) BothListed() bool { return s.Listed && s.Kind == TestMutual }

// SelectsHolders reports whether the rule reaches some holders and not others.
func (s *Statute) SelectsHolders() bool { return s.Domestic || s.BothListed() }

// Passed reports whether have, as a fraction of base, is enough for the rule's
// threshold. It returns false if base is 0.
func (s *Statute) Passed(have, base ratio.Ratio) bool {
	return base.Sign() > 0 && have.Reaches(base.Mul(s.Threshold), s.AtLeast)
}
