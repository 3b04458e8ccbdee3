package compliance

import (
	"errors"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/attribution"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// ThresholdOptions says which thresholds are tested. The zero value is the built-in
// law.
type ThresholdOptions struct {
	// Thresholds replaces the built-in table. Nil means [law.Thresholds].
	Thresholds []law.Threshold
	// Extra adds rules to the table, such as those of a company's own articles.
	Extra []law.Threshold
	// Voting says how votes are counted. Its statutes give the thresholds of
	// reciprocity.
	Voting crossholding.VotingOptions
	// Alone ignores the stakes of others: of companies under the holder, and of those who
	// act in concert with it.
	Alone bool
	// Holder, if not empty, is the only holder whose stakes are tested. Issuer, if not
	// empty, is the only company in which stakes are tested.
	Holder, Issuer string
}

// These are the built-in tables. They are made once and never changed.
var (
	builtinThresholds = law.Thresholds()
	builtinStatutes   = law.Statutes()
)

// ruleBook holds the rules about the size of a stake.
type ruleBook struct {
	thresholds []law.Threshold
	statutes   []law.Statute       // for reciprocity
	tests      []statuteTest       // of each statute
	reaches    []attribution.Reach // every way of counting that a rule uses
	of         []int               // of each threshold: its place in reaches
	alone      bool
	rights     bool // a rule counts rights to shares

	holder, issuer int32 // the nodes of the options Holder and Issuer, or no node
}

// newRuleBook returns the rules of the options. It checks them if any are the user's.
func newRuleBook(g crossholding.Graph, o *ThresholdOptions) (*ruleBook, error) {
	b := &ruleBook{thresholds: o.Thresholds, alone: o.Alone, holder: crossholding.NoNode, issuer: crossholding.NoNode}
	if b.thresholds == nil {
		b.thresholds = builtinThresholds
	}
	b.thresholds = slices.Concat(b.thresholds, o.Extra)
	if o.Thresholds != nil || len(o.Extra) > 0 {
		if err := ruleFaults(law.CheckThresholds(b.thresholds)); err != nil {
			return nil, err
		}
	}
	if !o.Voting.NoLaw {
		if b.statutes = o.Voting.Statutes; b.statutes == nil {
			b.statutes = builtinStatutes
		}
		b.statutes = slices.Concat(b.statutes, o.Voting.Extra)
	}
	b.listReaches()
	var err, err2 error
	if o.Holder != "" {
		b.holder, err = g.Node(o.Holder)
	}
	if o.Issuer != "" {
		b.issuer, err2 = g.Company(o.Issuer)
	}
	if err = errors.Join(err, err2); err != nil {
		return nil, err
	}
	return b, nil
}

// listReaches lists the ways of counting.
func (b *ruleBook) listReaches() {
	place := func(r attribution.Reach) int {
		i := slices.Index(b.reaches, r)
		if i < 0 {
			i, b.reaches = len(b.reaches), append(b.reaches, r)
		}
		return i
	}
	b.of = make([]int, len(b.thresholds))
	for i := range b.thresholds {
		r := attribution.ReachOf(&b.thresholds[i], b.alone)
		b.of[i], b.rights = place(r), b.rights || r.CountsRights()
	}
	b.tests = make([]statuteTest, len(b.statutes))
	for i := range b.statutes {
		rule, base := thresholdOf(&b.statutes[i])
		b.tests[i] = statuteTest{rule, base, place(attribution.ReachOfStatute(&b.statutes[i], b.alone))}
	}
}

// statuteTest is the test of a statute as a threshold.
type statuteTest struct {
	rule  *law.Threshold
	base  law.ThresholdBase
	reach int // in reaches
}

// aim looks up the holder and the issuer of the options in a graph with other nodes.
func (b *ruleBook) aim(g crossholding.Graph, o *ThresholdOptions) {
	const nobody = crossholding.NoNode - 1
	find := func(node *int32, id string) {
		if id == "" {
			return
		}
		var err error
		if *node, err = g.Node(id); err != nil {
			*node = nobody
		}
	}
	find(&b.holder, o.Holder)
	find(&b.issuer, o.Issuer)
}

// ruleFaults returns the faults of rules of law as a [crossholding.InputError].
func ruleFaults(list []law.Fault) error {
	if len(list) == 0 {
		return nil
	}
	var e crossholding.InputError
	for _, f := range list {
		kind := f.Kind
		switch kind {
		case law.ErrCountry:
			kind = crossholding.ErrUnknown
		case law.ErrDay:
			kind = crossholding.ErrDate
		}
		e.Faults = append(e.Faults, crossholding.Fault{Place: f.Place, Reason: f.Reason, Kind: kind})
	}
	return &e
}

// turns reports whether the rules in force on day differ from those on before.
func (b *ruleBook) turns(day, before date.Date) bool {
	amended := func(from, to date.Date) bool { return law.InForce(day, from, to) != law.InForce(before, from, to) }
	return day != before && (slices.ContainsFunc(b.statutes, func(s law.Statute) bool { return amended(s.From, s.To) }) ||
		slices.ContainsFunc(b.thresholds, func(t law.Threshold) bool { return amended(t.From, t.To) }))
}

// asksOf reports whether stakes in a company are tested.
func (b *ruleBook) asksOf(company int32) bool {
	return b.issuer == crossholding.NoNode || b.issuer == company
}

// look is one way in which a rule measures a stake.
type look struct {
	rule  *law.Threshold
	base  law.ThresholdBase
	reach int // in the rule book's reaches
}

// meeting is one company with the controllers of its holders, on one day.
type meeting struct {
	g       crossholding.Graph
	company int32
	day     date.Date
	above   *crossholding.Chains
}

// meetingAt returns the meeting of a company.
func meetingAt(s *attribution.State, company int32) *meeting {
	return &meeting{s.Graph, company, s.Day(), s.Above}
}

// looksAt appends the ways in which the thresholds in force measure stakes in the company.
func (b *ruleBook) looksAt(out []look, m *meeting) []look {
	issuer, _ := m.g.Law(m.company)
	for t := range b.thresholds {
		rule := &b.thresholds[t]
		if !rule.Reaches(&issuer, m.day) {
			continue
		}
		for _, base := range rule.Bases {
			out = append(out, look{rule, base, b.of[t]})
		}
	}
	return out
}

// reciprocity appends the ways in which statutes on reciprocity measure a holder's stake in
// the company. Such a statute suspends, in the holder's meeting, the votes of the company
// or of companies under it.
func (b *ruleBook) reciprocity(out []look, m *meeting, who int32) []look {
	if len(b.statutes) == 0 || !m.g.HasShares(who) {
		return out
	}
	held := m.heldIn(who)
	if held == notHeld {
		return out
	}
	issuer, _ := m.g.Law(m.company)
	holder, _ := m.g.Law(who)
	for i := range b.statutes {
		s := &b.statutes[i]
		if s.Kind == law.TestOwnShares || !s.Reaches(&holder, m.day) || !s.ReachesHolder(&holder, &issuer) {
			continue
		}
		if held == heldThrough && s.Kind != law.TestControls && (s.Kind != law.TestMutual || !s.Group) {
			continue // the rule tests the holder itself
		}
		t := &b.tests[i]
		out = append(out, look{t.rule, t.base, t.reach})
	}
	return out
}

// thresholdOf returns the test of a statute as a threshold, and the base of its limits.
func thresholdOf(s *law.Statute) (*law.Threshold, law.ThresholdBase) {
	rule := &law.Threshold{
		ID: s.ID, Kind: law.ReciprocityThreshold, Citation: s.Citation, Verified: s.Verified,
		AtLeast: s.AtLeast, AtMost: !s.AtLeast, Limits: []ratio.Ratio{s.Threshold},
	}
	if !s.Presumed.IsZero() {
		rule.Limits = []ratio.Ratio{s.Presumed, s.Threshold}
	}
	switch {
	case s.Measure == law.MeasureShares && s.Treasury:
		return rule, law.OfCapital
	case s.Measure == law.MeasureShares:
		return rule, law.OfShares
	case s.CountsSuspended && s.Treasury:
		return rule, law.OfTheoretical
	case s.CountsSuspended:
		return rule, law.OfVoting
	}
	return rule, law.OfExercisable
}

// These are the ways in which the meeting's company holds shares of another company.
const (
	notHeld     = iota
	heldThrough // only through companies that it controls
	heldItself  // in its name, for its money or with its vote
)

// heldIn returns how the company holds shares of another company.
func (m *meeting) heldIn(other int32) int {
	held := notHeld
	from, to := m.g.Stakes(other)
	for e := from; e < to; e++ {
		s := m.g.Stake(e)
		for _, y := range [...]int32{s.Holder, s.Beneficiary, s.Voter} {
			switch {
			case y == m.company:
				return heldItself
			case y != crossholding.NoNode && m.above.Controls(m.company, y):
				held = heldThrough
			}
		}
	}
	return held
}
