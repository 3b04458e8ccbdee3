package crossholding

import (
	"fmt"
	"slices"
)

// Statute is a law that decides which votes count, as data. It is a plain
// value; write one to state a rule that the built-in table does not have, for
// a country or for one issuer, and give it in [VotingOptions].
//
// The issuer is the company whose meeting it is, the holder the company whose
// votes may be silent there.
type Statute struct {
	ID       string     `json:"id"`
	Citation string     `json:"citation"`           // as a lawyer writes it
	Country  string     `json:"country,omitempty"`  // of the issuer, ISO 3166-1 or 3166-2
	Issuer   string     `json:"issuer,omitempty"`   // one company instead of a country
	From     Date       `json:"from,omitempty"`     // first day in force
	To       Date       `json:"to,omitempty"`       // last day in force
	Verified string     `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Listed   bool       `json:"listed,omitempty"`   // reaches listed issuers only
	Domestic bool       `json:"domestic,omitempty"` // reaches holders of the issuer's country only
	Kind     TestKind   `json:"kind"`
	Measure  Measure    `json:"measure,omitempty"`   // what the threshold is a fraction of, default votes
	Limit    Ratio      `json:"threshold,omitempty"` // fraction 0..1
	OrMore   bool       `json:"or_more,omitempty"`   // reaching the threshold is enough; default: it must be passed
	Presumed Ratio      `json:"presumed,omitempty"`  // TestControls: more than this controls too if nobody else holds as much
	Treasury bool       `json:"treasury,omitempty"`  // treasury shares stay in the base (TestOwnShares: of every count at the issuer); default: out
	Silent   bool       `json:"silent,omitempty"`    // votes silenced by law stay in the figures; default: out
	Group    bool       `json:"group,omitempty"`     // holdings of companies that the party controls count as its own
	Apart    bool       `json:"apart,omitempty"`     // does not apply where one of the two controls the other
	Effect   EffectKind `json:"effect,omitempty"`    // default EffectAll
	Keep     Ratio      `json:"keep,omitempty"`      // for EffectCap and EffectPart
	Note     string     `json:"note,omitempty"`
}

// TestKind says what a statute looks at.
type TestKind string

// The tests.
const (
	TestOwnShares TestKind = "own shares" // the issuer's own shares: always silent
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
	EffectAll    EffectKind = "all"    // none of its votes counts
	EffectExcess EffectKind = "excess" // votes of what it holds above Limit do not count
	EffectLater  EffectKind = "later"  // EffectExcess, but only for the one of the two that passed Limit later (by its lots' dates; both if that cannot be told)
	EffectCap    EffectKind = "cap"    // it casts at most Keep of the issuer's votes
	EffectPart   EffectKind = "part"   // it casts at most Keep of its own votes

	// The smaller of two cross-holders is silent; if the two hold the same
	// fraction of each other, EffectExcess for both.
	EffectSmaller EffectKind = "smaller"
)

// Statutes returns the built-in table, sorted by country. Each rule says how
// well its text could be checked.
func Statutes() []Statute { return slices.Clone(statutes[:]) }

// reaches reports whether s is law for meetings of c on the given day.
func (s *Statute) reaches(c *companyRec, day Date) bool {
	if !inForce(day, s.From, s.To) || s.Listed && !c.Listed {
		return false
	}
	if s.Issuer != "" {
		return s.Issuer == c.ID
	}
	law := c.Law
	if law == "" {
		law = c.Country
	}
	return law != "" && (law == s.Country || len(law) > 2 && law[:2] == s.Country)
}

// passed reports whether have is enough of base.
func (s *Statute) passed(have, base Ratio) bool {
	c := have.Cmp(base.mul(s.Limit))
	return base.Sign() > 0 && (c > 0 || c == 0 && s.OrMore)
}

// margin says the threshold in words: "at least 25%", "more than 1/3".
func (s *Statute) margin(t Ratio) string {
	if s.OrMore {
		return "at least " + percentText(t)
	}
	return "more than " + percentText(t)
}

// percentText writes a fraction as a percentage if that ends, else as it is.
func percentText(t Ratio) string {
	if _, ends := decimalsOf(t.rat().Denom()); ends {
		return t.mul(Int(100)).String() + "%"
	}
	return t.String()
}

// checkStatutes reports what is wrong with a user's rules.
func checkStatutes(list []Statute) error {
	var p parser
	seen := map[string]bool{}
	for i := range list {
		s := &list[i]
		at := fmt.Sprintf("statutes[%d]", i)
		switch {
		case s.ID == "":
			p.add(at+".id", ErrStatute, "a rule without id")
		case seen[s.ID]:
			p.add(at+".id", ErrStatute, "rule %q twice", s.ID)
		}
		seen[s.ID] = true
		if s.Citation == "" {
			p.add(at+".citation", ErrStatute, "rule %q without citation", s.ID)
		}
		if (s.Country == "") == (s.Issuer == "") {
			p.add(at, ErrStatute, "rule %q wants either a country or an issuer", s.ID)
		}
		p.country(at+".country", s.Country)
		p.period(at, s.From, s.To)
		switch s.Kind {
		case TestOwnShares, TestControls, TestHolds, TestMutual:
		default:
			p.add(at+".kind", ErrStatute, "rule %q: %q is no kind of test", s.ID, s.Kind)
		}
		switch s.Measure {
		case "", MeasureVotes, MeasureShares:
		default:
			p.add(at+".measure", ErrStatute, "rule %q: %q is not votes or shares", s.ID, s.Measure)
		}
		switch s.Effect {
		case "", EffectAll, EffectExcess, EffectLater, EffectCap, EffectPart, EffectSmaller:
		default:
			p.add(at+".effect", ErrStatute, "rule %q: %q is no effect", s.ID, s.Effect)
		}
		for _, t := range []struct {
			name string
			r    Ratio
		}{{"threshold", s.Limit}, {"presumed", s.Presumed}, {"keep", s.Keep}} {
			if t.r.Sign() < 0 || Int(1).Less(t.r) {
				p.add(at+"."+t.name, ErrStatute, "rule %q: %s %s is not within 0 and 1", s.ID, t.name, t.r)
			}
		}
		if s.Kind == TestControls && s.Limit.Less(ratioOf(1, 2)) {
			p.add(at+".threshold", ErrStatute, "rule %q: control at %s: use TestHolds below one half", s.ID, s.Limit)
		}
	}
	return p.err()
}
