package crossholding

import (
	"cmp"
	"fmt"
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
	ID       string      `json:"id"`
	Citation string      `json:"citation"`           // as a lawyer writes it
	Country  string      `json:"country,omitempty"`  // of the issuer, ISO 3166-1 or 3166-2
	Issuer   string      `json:"issuer,omitempty"`   // one company instead of a country
	From     date.Date   `json:"from,omitempty"`     // first day in force
	To       date.Date   `json:"to,omitempty"`       // last day in force; a rule that has one does not reach an undated book
	Verified string      `json:"verified,omitempty"` // "read", "secondary" or "not verified"
	Listed   bool        `json:"listed,omitempty"`   // reaches listed issuers only; of TestMutual both are issuers to one another
	Domestic bool        `json:"domestic,omitempty"` // reaches holders of the issuer's country only
	Kind     TestKind    `json:"kind"`
	Measure  Measure     `json:"measure,omitempty"`   // what the threshold is a fraction of, default votes
	Limit    ratio.Ratio `json:"threshold,omitempty"` // fraction 0..1; of TestControls at least 1/2
	OrMore   bool        `json:"or_more,omitempty"`   // reaching the threshold is enough; default: it must be passed
	Presumed ratio.Ratio `json:"presumed,omitempty"`  // TestControls: more than this controls too if nobody else holds as much
	Treasury bool        `json:"treasury,omitempty"`  // treasury shares stay in the base (TestOwnShares: of every count at the issuer); default: out
	Silent   bool        `json:"silent,omitempty"`    // votes silenced by law stay in all figures, those of control too; default: out
	// Group counts what the companies that a party controls hold as its own.
	// Of TestMutual the effect is then on the holder with those companies; one of
	// the two must hold of the other itself.
	Group     bool        `json:"group,omitempty"`
	Apart     bool        `json:"apart,omitempty"`     // does not apply where one of the two controls the other
	Fiduciary bool        `json:"fiduciary,omitempty"` // leaves shares alone that are held for another's money
	Effect    EffectKind  `json:"effect,omitempty"`    // default EffectAll
	Keep      ratio.Ratio `json:"keep,omitempty"`      // for EffectCap and EffectPart
	Note      string      `json:"note,omitempty"`
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
//
// It leaves out what a book cannot decide: France's L.233-30 turns on a
// company's legal form, Germany's § 20 Abs. 7 AktG on a notice that was not
// given, art. 23 of Korea's Monopoly Regulation and Fair Trade Act on a list of
// groups and the days on which their circles closed, and Directive (EU)
// 2017/1132 speaks to states. France's double votes are a matter of the stake
// that has them.
func Statutes() []Statute { return slices.Clone(statutes[:]) }

// subject is what decides which law a company's meetings are under.
type subject struct {
	id, law string // law: a country, or part of one
	listed  bool
}

// subject returns that of node c, or false if it is no company.
func (a *Alliance) subject(c int32) (subject, bool) {
	if a.register != nil {
		return subject{id: a.graph.ids[c], law: a.register.country}, true
	}
	rec := a.ledger.company(a.graph.ids[c])
	if rec == nil {
		return subject{}, false
	}
	return rec.subject(), true
}

func (c *companyRec) subject() subject {
	return subject{c.ID, cmp.Or(c.Law, c.Country), c.Listed}
}

// reaches reports whether s is law for a company's meetings on the given day.
func (s *Statute) reaches(c subject, day date.Date) bool {
	if !lawInForce(day, s.From, s.To) || s.Listed && !c.listed {
		return false
	}
	if s.Issuer != "" {
		return s.Issuer == c.id
	}
	return partOf(c.law, s.Country)
}

// partOf reports whether law is that of country or of a part of it.
func partOf(law, country string) bool {
	return law != "" && (law == country || len(law) > 2 && law[:2] == country)
}

// domestic reports whether holder, which may be nil, is a company of the
// issuer's country: of that of the law it is under or, where the book takes it
// out of all laws, of its seat.
func (s *Statute) domestic(issuer, holder *companyRec) bool {
	home := func(c *companyRec) string {
		if c.Law != "" && c.Law != "none" {
			return c.Law
		}
		return c.Country
	}
	country := s.Country
	if country == "" {
		country = home(issuer)
	}
	return holder != nil && partOf(home(holder), country)
}

// reachesHolder reports whether s, which is law for the issuer's meetings, is
// about this holder, which may be nil.
func (s *Statute) reachesHolder(issuer, holder *companyRec) bool {
	if s.Domestic && !s.domestic(issuer, holder) {
		return false
	}
	return !s.bothListed() || holder != nil && holder.Listed
}

// bothListed reports whether the holder must be listed too.
func (s *Statute) bothListed() bool { return s.Listed && s.Kind == TestMutual }

// passed reports whether have is enough of base.
func (s *Statute) passed(have, base ratio.Ratio) bool {
	return base.Sign() > 0 && enough(have, base.Mul(s.Limit), !s.OrMore)
}

// measured returns what s counts in company y, by whom, and all of it: what the
// threshold is a fraction of while nothing is silent.
func (g *graph) measured(s *Statute, y int32) (m *measure, who []int32, base ratio.Ratio) {
	m, who = &g.votes, g.caster
	if s.Measure == MeasureShares {
		m, who = &g.capital, g.owner
	}
	if s.Treasury {
		return m, who, m.issued(y)
	}
	return m, who, m.outstanding(y)
}

// heedsSilence reports whether s leaves votes that a statute silences out of
// what it counts.
func (s *Statute) heedsSilence() bool { return s.Measure != MeasureShares && !s.Silent }

// independent reports whether the rule's test looks at no votes that a statute
// can silence, so that its answer is the same in every state of the law.
func (s *Statute) independent() bool {
	return s.Silent || s.Kind != TestControls && !s.Group && !s.Apart && s.Measure == MeasureShares
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
		p.statuteWords(at, s)
		p.statuteFigures(at, s)
	}
	return p.err()
}

// statuteWords checks the names that a rule uses.
func (p *parser) statuteWords(at string, s *Statute) {
	switch s.Verified {
	case "", "read", "secondary", "not verified":
	default:
		p.add(at+".verified", ErrStatute, "rule %q: %q is not read, secondary or not verified", s.ID, s.Verified)
	}
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
}

// statuteFigures checks a rule's fractions, and that it says nothing that its
// test or effect would pass over.
func (p *parser) statuteFigures(at string, s *Statute) {
	for _, t := range []struct {
		name string
		r    ratio.Ratio
	}{{"threshold", s.Limit}, {"presumed", s.Presumed}, {"keep", s.Keep}} {
		if t.r.Sign() < 0 || ratio.Int(1).Less(t.r) {
			p.add(at+"."+t.name, ErrStatute, "rule %q: %s %s is not within 0 and 1", s.ID, t.name, t.r)
		} else if _, _, small := t.r.Small(); !small {
			p.add(at+"."+t.name, ErrStatute, "rule %q: %s %s is finer than 64 bits", s.ID, t.name, t.r)
		}
	}
	controls := s.Kind == TestControls
	for _, t := range []struct {
		wrong      bool
		name, what string
	}{
		{controls && s.Limit.Less(ratio.Of(1, 2)), "threshold", "control below one half: use holds"},
		{controls && !s.Presumed.IsZero() && !s.Presumed.Less(s.Limit), "presumed", "presumed is not below the threshold"},
		{!controls && !s.Presumed.IsZero(), "presumed", "only control is presumed"},
		{controls && (s.Measure == MeasureShares || s.Treasury || s.Apart), "kind", "control is by votes that can be cast, of companies that are not apart"},
		{(s.Kind == TestHolds || s.Kind == TestMutual) && s.OrMore && s.Limit.IsZero(), "threshold", "whoever holds nothing reaches 0"},
		{!s.Keep.IsZero() && s.Effect != EffectCap && s.Effect != EffectPart, "keep", "keep belongs to cap and part"},
		{s.Effect == EffectLater && s.Kind != TestMutual, "effect", "later belongs to mutual"},
		{s.Effect == EffectSmaller && s.Kind != TestHolds, "effect", "smaller belongs to holds"},
		{s.Effect == EffectExcess && s.Kind != TestMutual && s.Kind != TestHolds, "effect", "excess belongs to holds and mutual"},
		{s.Kind == TestOwnShares && s.Effect != "" && s.Effect != EffectAll, "effect", "own shares are silent altogether"},
	} {
		if t.wrong {
			p.add(at+"."+t.name, ErrStatute, "rule %q: %s", s.ID, t.what)
		}
	}
}

// lawInForce is inForce for rules of law, of which an undated book is under
// those that have no end: today's, and not an article's earlier version too.
func lawInForce(day, from, to date.Date) bool {
	if day == "" {
		return to == ""
	}
	return date.Within(day, from, to)
}
