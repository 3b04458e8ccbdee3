package law

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
)

// Statute is a law that decides which votes count, as data. It is a plain
// value; write one to state a rule that the built-in table does not have, for
// a country or for one issuer, and give it in [VotingOptions].
//
// The issuer is the company whose meeting it is, the holder the company whose
// votes may be silent there.
type Statute struct {
	ID              string      `json:"id"`
	Citation        string      `json:"citation"`           // as a lawyer writes it
	Country         string      `json:"country,omitempty"`  // of the issuer, ISO 3166-1 or 3166-2
	Issuer          string      `json:"issuer,omitempty"`   // one company instead of a country
	From            date.Date   `json:"from,omitempty"`     // first day in force
	To              date.Date   `json:"to,omitempty"`       // last day in force; a rule that has one does not reach an undated book
	Verified        string      `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Listed          bool        `json:"listed,omitempty"`   // reaches listed issuers only; of TestMutual both are issuers to one another
	Domestic        bool        `json:"domestic,omitempty"` // reaches holders of the issuer's country only
	Kind            TestKind    `json:"kind"`
	Measure         Measure     `json:"measure,omitempty"`          // what the threshold is a fraction of, default votes
	Threshold       ratio.Ratio `json:"threshold,omitempty"`        // fraction 0..1; of TestControls at least 1/2
	AtLeast         bool        `json:"at_least,omitempty"`         // reaching the threshold is enough; default: it must be passed
	Presumed        ratio.Ratio `json:"presumed,omitempty"`         // TestControls: more than this controls too if nobody else holds as much
	Treasury        bool        `json:"treasury,omitempty"`         // treasury shares stay in the base (TestOwnShares: of every count at the issuer); default: out
	CountsSuspended bool        `json:"counts_suspended,omitempty"` // votes silenced by law stay in all figures, those of control too; default: out
	// Group counts what the companies that a party controls hold as its own.
	// Of TestMutual the effect is then on the holder with those companies; one of
	// the two must hold of the other itself.
	Group          bool        `json:"group,omitempty"`
	NotWithinGroup bool        `json:"not_within_group,omitempty"` // does not apply where one of the two controls the other
	Fiduciary      bool        `json:"fiduciary,omitempty"`        // leaves shares alone that are held for another's money
	Effect         EffectKind  `json:"effect,omitempty"`           // default EffectAll
	MaxFraction    ratio.Ratio `json:"max_fraction,omitempty"`     // for EffectCap and EffectPart
	Note           string      `json:"note,omitempty"`
}

// TestKind says what a statute looks at.
type TestKind string

// The tests.
const (
	TestOwnShares TestKind = "own shares" // the issuer's own shares: always silent; of several rules the last holds
	TestControls  TestKind = "controls"   // the issuer controls the holder: majority of votes along any chain, or Presumed
	TestHolds     TestKind = "holds"      // the issuer holds Limit of the holder
	TestMutual    TestKind = "mutual"     // each holds Limit of the other
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
	EffectExcess        EffectKind = "excess"          // votes of what it holds above Limit do not count
	EffectSecondToCross EffectKind = "second to cross" // EffectExcess, but only for the one of the two that passed Limit later (by its lots' dates; both if that cannot be told)
	EffectCap           EffectKind = "cap"             // it casts at most Keep of the issuer's votes
	EffectPart          EffectKind = "part"            // it casts at most Keep of its own votes

	// The smaller of two cross-holders is silent; if the two hold the same
	// fraction of each other, EffectExcess for both.
	EffectSmaller EffectKind = "smaller"
)

// Statutes returns the built-in table, sorted by country. Each rule says how
// well its text could be checked.
//
// It leaves out what a book cannot decide: France's L.233-30 turns on a
// company's legal form, Germany's § 20 Abs. 7 AktG on a notice that was not
// given, art. 23 of Korea's Monopoly Regulation and Fair Trade Act on a list of
// groups and the days on which their circles closed, and Directive (EU)
// 2017/1132 speaks to states. France's double votes are a matter of the stake
// that has them.
func Statutes() []Statute { return slices.Clone(statutes[:]) }

// Company is what the law looks at in an issuer or a holder: which law its
// meetings are under, and whether it is listed. Plain data.
type Company struct {
	ID      string
	Country string // of its seat, ISO 3166-1 or 3166-2
	Law     string // statutes of another country, or "none"; default: Country
	Listed  bool
}

// law returns the country, or part of one, whose statutes its meetings are under.
func (c *Company) law() string {
	if c.Law != "" {
		return c.Law
	}
	return c.Country
}

// home returns the country of a company: that of its law or, where the book takes
// it out of all laws, that of its seat.
func (c *Company) home() string {
	if c.Law != "" && c.Law != "none" {
		return c.Law
	}
	return c.Country
}

// InForce reports whether day lies from the first day from to the last day to. An
// undated book is under the rules that have no last day: those of today, and not
// an article's earlier version too.
func InForce(day, from, to date.Date) bool {
	if day == "" {
		return to == ""
	}
	return date.Within(day, from, to)
}

// Reaches reports whether s is law for the issuer's meetings on the given day.
func (s *Statute) Reaches(issuer *Company, day date.Date) bool {
	if !InForce(day, s.From, s.To) || s.Listed && !issuer.Listed {
		return false
	}
	if s.Issuer != "" {
		return s.Issuer == issuer.ID
	}
	return partOf(issuer.law(), s.Country)
}

// partOf reports whether law is that of country or of a part of it.
func partOf(law, country string) bool {
	return law != "" && (law == country || len(law) > 2 && law[:2] == country)
}

// ReachesHolder reports whether s, which is law for the issuer's meetings, is
// about this holder. The holder is nil if it is no company.
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

// BothListed reports whether the holder must be listed too.
func (s *Statute) BothListed() bool { return s.Listed && s.Kind == TestMutual }

// SelectsHolders reports whether s reaches some holders and not others.
func (s *Statute) SelectsHolders() bool { return s.Domestic || s.BothListed() }

// Passed reports whether have is enough of base.
func (s *Statute) Passed(have, base ratio.Ratio) bool {
	return base.Sign() > 0 && reaches(have, base.Mul(s.Threshold), s.AtLeast)
}

// reaches reports whether a figure is above a threshold or, where atLeast says
// that this is enough, equals it.
func reaches(figure, threshold ratio.Ratio, atLeast bool) bool {
	c := figure.Cmp(threshold)
	return c > 0 || c == 0 && atLeast
}
