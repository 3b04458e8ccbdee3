// Package limit holds the limits on the size of a stake as rules ask about them: the fixed
// limits and ladders of thresholds, and the tests of statutes on reciprocity.
//
// A [Book] of rules lists the [Look]s at the stakes in a company, each a rule with its base and
// with the way in which it counts. [Ladders] follow stakes from step to step.
package limit

import (
	"slices"
	"sync"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/attribution"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/span"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// These are the built-in tables. They are made once and never changed.
var (
	builtinThresholds = law.Thresholds()
	builtinStatutes   = law.Statutes()
)

// Book holds the rules about the size of a stake. It is immutable.
type Book struct {
	thresholds []law.Threshold
	statutes   []law.Statute       // for reciprocity
	tests      []statuteTest       // of each statute
	Reaches    []attribution.Reach // every way of counting that a rule uses
	of         []Place             // of each threshold
	alone      bool
}

// builtinBooks are the books of the built-in tables, by whether the stakes of others are ignored.
var builtinBooks = sync.OnceValue(func() (books map[bool]*Book) {
	books = map[bool]*Book{}
	for _, alone := range []bool{false, true} {
		b := &Book{thresholds: builtinThresholds, statutes: builtinStatutes, alone: alone}
		b.listReaches()
		books[alone] = b
	}
	return books
})

// New returns a book of thresholds, nil for the built-in ones, of extra ones, and of the
// statutes of the way in which votes are counted. It checks thresholds that are the user's.
func New(thresholds, extra []law.Threshold, voting *crossholding.VotingOptions, alone bool) (*Book, error) {
	if thresholds == nil && len(extra) == 0 && !voting.NoLaw && voting.Statutes == nil && len(voting.Extra) == 0 {
		return builtinBooks()[alone], nil
	}
	b := &Book{thresholds: thresholds, alone: alone}
	if b.thresholds == nil {
		b.thresholds = builtinThresholds
	}
	b.thresholds = slices.Concat(b.thresholds, extra)
	if thresholds != nil || len(extra) > 0 {
		if err := ruleFaults(law.CheckThresholds(b.thresholds)); err != nil {
			return nil, err
		}
	}
	if !voting.NoLaw {
		if b.statutes = voting.Statutes; b.statutes == nil {
			b.statutes = builtinStatutes
		}
		b.statutes = slices.Concat(b.statutes, voting.Extra)
	}
	b.listReaches()
	return b, nil
}

// Deem makes a state count shares through stakes where a rule does.
func (b *Book) Deem(s *attribution.State) {
	if !b.alone {
		s.Deem(b.thresholds)
	}
}

// listReaches lists the ways of counting.
func (b *Book) listReaches() {
	place := func(r attribution.Reach) int {
		i := slices.Index(b.Reaches, r)
		if i < 0 {
			i, b.Reaches = len(b.Reaches), append(b.Reaches, r)
		}
		return i
	}
	b.of = make([]Place, len(b.thresholds))
	for i := range b.thresholds {
		r := attribution.ReachOf(&b.thresholds[i], b.alone)
		if b.of[i] = (Place{Reach: place(r)}); b.thresholds[i].Aggregate {
			stakes, instruments := r.Kinds()
			b.of[i].kinds = [2]int{place(stakes), place(instruments)}
		}
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
	reach int // in Reaches
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

// Span returns the time around a day in which the same rules are in force.
func (b *Book) Span(day date.Date) span.Span {
	around := span.Around(day)
	for i := range b.statutes { // rules are large: none is copied
		around.Add(b.statutes[i].From, b.statutes[i].To)
	}
	for i := range b.thresholds {
		around.Add(b.thresholds[i].From, b.thresholds[i].To)
	}
	return around
}

// Place says where the Reaches of a book have a rule's way of counting.
type Place struct {
	Reach int
	kinds [2]int // of a rule that adds up kinds: the ways that count one kind alone
}

// Look is one way in which a rule measures a stake.
type Look struct {
	Rule *law.Threshold
	Base law.ThresholdBase
	Place
}

// Silent reports whether the rule adds up two kinds and does not reach a holder, because the sum
// is not more than either kind alone. It asks for the figures of a way of counting.
func (l *Look) Silent(figures func(reach int) *attribution.Figures) bool {
	if !l.Rule.Aggregate {
		return false
	}
	sum := figures(l.Reach).On(l.Base)
	return !figures(l.kinds[0]).On(l.Base).Less(sum) || !figures(l.kinds[1]).On(l.Base).Less(sum)
}

// Measure returns what a holder has by the rule before and after a step, or nil if the rule does
// not reach it.
func (l *Look) Measure(k *attribution.Measures) *attribution.Measure {
	if !k.Reaches(l.Reach) || k.Plain && l.Rule.Aggregate {
		return nil
	}
	was := func(reach int) *attribution.Figures { return &k.In(reach).Was }
	is := func(reach int) *attribution.Figures { return &k.In(reach).Is }
	if l.Silent(was) && l.Silent(is) {
		return nil
	}
	return k.In(l.Reach)
}

// Meeting is one company with the controllers of its holders, on one day.
type Meeting struct {
	Graph   crossholding.Graph
	Company int32
	Day     date.Date
	above   *crossholding.Chains
}

// At returns the meeting of a company.
func At(s *attribution.State, company int32) *Meeting {
	return &Meeting{s.Graph, company, s.Day(), s.Above}
}

// Looks appends the ways in which the thresholds in force measure stakes in the company.
func (b *Book) Looks(out []Look, m *Meeting) []Look {
	issuer, _ := m.Graph.Law(m.Company)
	for t := range b.thresholds {
		rule := &b.thresholds[t]
		if !rule.Reaches(&issuer, m.Day) {
			continue
		}
		for _, base := range rule.Bases {
			out = append(out, Look{rule, base, b.of[t]})
		}
	}
	return out
}

// Reciprocity appends the ways in which statutes on reciprocity measure a holder's stake in
// the company. Such a statute suspends, in the holder's meeting, the votes of the company
// or of companies under it.
func (b *Book) Reciprocity(out []Look, m *Meeting, who int32) []Look {
	if len(b.statutes) == 0 || !m.Graph.HasShares(who) {
		return out
	}
	held := m.heldIn(who)
	if held == notHeld {
		return out
	}
	issuer, _ := m.Graph.Law(m.Company)
	holder, _ := m.Graph.Law(who)
	for i := range b.statutes {
		s := &b.statutes[i]
		if s.Kind == law.TestOwnShares || !s.Reaches(&holder, m.Day) || !s.ReachesHolder(&holder, &issuer) {
			continue
		}
		if held == heldThrough && s.Kind != law.TestControls && (s.Kind != law.TestMutual || !s.Group) {
			continue // the rule tests the holder itself
		}
		t := &b.tests[i]
		out = append(out, Look{t.rule, t.base, Place{Reach: t.reach}})
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
func (m *Meeting) heldIn(other int32) int {
	held := notHeld
	from, to := m.Graph.Stakes(other)
	for e := from; e < to; e++ {
		s := m.Graph.Stake(e)
		for _, y := range [...]int32{s.Holder, s.Beneficiary, s.Voter} {
			switch {
			case y == m.Company:
				return heldItself
			case y != crossholding.NoNode && m.above.Controls(m.Company, y):
				held = heldThrough
			}
		}
	}
	return held
}
