package law

import (
	"errors"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/crossholding/crossholding/ratio"
)

// Fault is one thing that is wrong with a rule, with its place. It is a plain value.
type Fault struct {
	Place  string // "statutes[3].threshold"
	Reason string // in words, with the rule's id and the figures
	Kind   error  // [ErrRule], [ErrCountry] or [ErrDay]
}

// The kinds of fault.
var (
	ErrRule    = errors.New("bad rule of law") // a field is missing or contradicts another
	ErrCountry = errors.New("unknown country") // a code that ISO 3166 does not have
	ErrDay     = errors.New("bad date")        // a day that does not exist, or a period that ends before it begins
)

// ruleFaults collects the faults of a list of rules.
type ruleFaults []Fault

func (f *ruleFaults) add(place string, kind error, format string, args ...any) {
	*f = append(*f, Fault{place, fmt.Sprintf(format, args...), kind})
}

func (f *ruleFaults) country(place, code string) {
	if code != "" && !iso3166.Valid(code) {
		f.add(place, ErrCountry, "%q is no country of ISO 3166", code)
	}
}

func (f *ruleFaults) period(place string, from, to date.Date) {
	for _, end := range []struct {
		name string
		day  date.Date
	}{{".from", from}, {".to", to}} {
		if end.day != "" && !end.day.Valid() {
			f.add(place+end.name, ErrDay, "%q is not a date of the form 2006-01-02", string(end.day))
		}
	}
	if from.Valid() && to.Valid() && to < from {
		f.add(place, ErrDay, "ends on %s, before it begins on %s", to, from)
	}
}

// CheckStatutes returns all faults of a list of statutes: fields that are missing or
// unknown, fields that contradict each other, and two rules with one id. It returns
// nil if there are none.
func CheckStatutes(list []Statute) []Fault {
	var f ruleFaults
	seen := map[string]bool{}
	for i := range list {
		s := &list[i]
		at := fmt.Sprintf("statutes[%d]", i)
		switch {
		case s.ID == "":
			f.add(at+".id", ErrRule, "a rule without id")
		case seen[s.ID]:
			f.add(at+".id", ErrRule, "rule %q twice", s.ID)
		}
		seen[s.ID] = true
		if s.Citation == "" {
			f.add(at+".citation", ErrRule, "rule %q without citation", s.ID)
		}
		if (s.Country == "") == (s.Issuer == "") {
			f.add(at, ErrRule, "rule %q wants either a country or an issuer", s.ID)
		}
		f.country(at+".country", s.Country)
		for _, part := range s.Parts {
			if f.country(at+".parts", part); !partOf(part, s.Country) || part == s.Country {
				f.add(at+".parts", ErrRule, "rule %q: %q is no part of %q", s.ID, part, s.Country)
			}
		}
		f.period(at, s.From, s.To)
		f.statuteWords(at, s)
		f.statuteFigures(at, s)
		f.doubts(at, s)
	}
	return f
}

// doubts checks the rules that can be the law in place of a rule.
func (f *ruleFaults) doubts(at string, s *Statute) {
	for i := range s.Doubts {
		d, at := &s.Doubts[i], fmt.Sprintf("%s.doubts[%d]", at, i)
		if d.If == "" {
			f.add(at+".if", ErrRule, "rule %q: a doubt that does not say when the other rule is the law", s.ID)
		}
		if d.Rule == nil {
			continue
		}
		if len(d.Rule.Doubts) > 0 || d.Rule.ID != s.ID {
			f.add(at+".rule", ErrRule, "rule %q: the rule of a doubt has the same id, and no doubts", s.ID)
		}
		f.statuteWords(at+".rule", d.Rule)
		f.statuteFigures(at+".rule", d.Rule)
	}
}

// statuteWords checks the names that a rule uses.
func (f *ruleFaults) statuteWords(at string, s *Statute) {
	switch s.Verified {
	case "", "read", "secondary", "not verified":
	default:
		f.add(at+".verified", ErrRule, "rule %q: %q is not read, secondary or not verified", s.ID, s.Verified)
	}
	switch s.Kind {
	case TestOwnShares, TestControls, TestHolds, TestMutual:
	default:
		f.add(at+".kind", ErrRule, "rule %q: %q is no kind of test", s.ID, s.Kind)
	}
	for _, m := range []struct {
		name string
		of   Measure
	}{{"measure", s.Measure}, {"group_by", s.GroupBy}} {
		switch m.of {
		case "", MeasureVotes, MeasureShares:
		default:
			f.add(at+"."+m.name, ErrRule, "rule %q: %q is not votes or shares", s.ID, m.of)
		}
	}
	for _, means := range []struct {
		name string
		list []ControlMeans
	}{{"facts", s.Facts}, {"holder_facts", s.HolderFacts}} {
		for _, by := range means.list {
			if !slices.Contains(AllControlMeans(), by) {
				f.add(at+"."+means.name, ErrRule, "rule %q: %q is no means of control", s.ID, by)
			}
		}
		if len(means.list) > 0 && !s.asksForControl() {
			f.add(at+"."+means.name, ErrRule, "rule %q counts facts of control and does not ask who controls whom by votes", s.ID)
		}
	}
	switch s.Fiduciary {
	case "", FiduciaryExempt, FiduciaryUninstructed:
	default:
		f.add(at+".fiduciary", ErrRule, "rule %q: %q is not exempt or uninstructed", s.ID, s.Fiduciary)
	}
	switch s.Effect {
	case "", EffectAll, EffectExcess, EffectSecondToCross, EffectCap, EffectPart, EffectSmaller:
	default:
		f.add(at+".effect", ErrRule, "rule %q: %q is no effect", s.ID, s.Effect)
	}
}

// statuteFigures checks a rule's fractions. It also checks that the rule has no field
// that its test or effect does not use.
func (f *ruleFaults) statuteFigures(at string, s *Statute) {
	for _, t := range []struct {
		name string
		r    ratio.Ratio
	}{{"threshold", s.Threshold}, {"presumed", s.Presumed}, {"max_fraction", s.MaxFraction}} {
		if t.r.Sign() < 0 || ratio.Int(1).Less(t.r) {
			f.add(at+"."+t.name, ErrRule, "rule %q: %s %s is not within 0 and 1", s.ID, t.name, t.r)
		} else if _, _, small := t.r.Small(); !small {
			f.add(at+"."+t.name, ErrRule, "rule %q: %s %s is finer than 64 bits", s.ID, t.name, t.r)
		}
	}
	controls := s.Kind == TestControls
	for _, t := range []struct {
		wrong      bool
		name, what string
	}{
		{controls && s.Threshold.Less(ratio.Of(1, 2)), "threshold", "control below one half: use holds"},
		{controls && !s.Presumed.IsZero() && !s.Presumed.Less(s.Threshold), "presumed", "presumed is not below the threshold"},
		{!controls && !s.Presumed.IsZero(), "presumed", "only control is presumed"},
		{controls && (s.Measure == MeasureShares || s.Treasury || s.NotWithinGroup), "kind", "control is by votes that can be cast, without not_within_group"},
		{(s.Kind == TestHolds || s.Kind == TestMutual) && s.AtLeast && s.Threshold.IsZero(), "threshold", "whoever holds nothing reaches 0"},
		{!s.MaxFraction.IsZero() && s.Effect != EffectCap && s.Effect != EffectPart, "max_fraction", "max_fraction belongs to cap and part"},
		{s.Effect == EffectSecondToCross && s.Kind != TestMutual, "effect", "second to cross belongs to mutual"},
		{s.Effect == EffectSmaller && s.Kind != TestHolds, "effect", "smaller belongs to holds"},
		{s.Effect == EffectExcess && s.Kind != TestMutual && s.Kind != TestHolds, "effect", "excess belongs to holds and mutual"},
		{s.GroupBy == MeasureShares && !s.Group, "group_by", "group_by belongs to group"},
		{s.Tiers && s.Kind != TestHolds, "tiers", "tiers belongs to holds"},
		{s.OwnVotes && s.Measure == MeasureShares, "own_votes", "own_votes belongs to a test of votes"},
		{s.PerShare && (s.Kind == TestOwnShares || s.Measure == MeasureShares), "per_share", "per_share belongs to a test of votes"},
		{s.SellWithin != 0 && s.Effect != EffectSecondToCross, "sell_within", "sell_within belongs to second to cross"},
		{s.SellWithin < 0 || s.SellWithin > maxMonths, "sell_within", fmt.Sprintf("%d months are not within 0 and %d", s.SellWithin, maxMonths)},
		{s.Kind == TestOwnShares && s.Effect != "" && s.Effect != EffectAll, "effect", "all votes of own shares are suspended"},
	} {
		if t.wrong {
			f.add(at+"."+t.name, ErrRule, "rule %q: %s", s.ID, t.what)
		}
	}
}

// CheckThresholds returns all faults of a list of thresholds: fields that are missing
// or unknown, and two rules with one id. It returns nil if there are none.
func CheckThresholds(list []Threshold) []Fault {
	var f ruleFaults
	for i := range list {
		t := &list[i]
		at := fmt.Sprintf("thresholds[%d]", i)
		if t.ID == "" || t.Citation == "" {
			f.add(at, ErrRule, "threshold %q without id or citation", t.ID)
		}
		if slices.ContainsFunc(list[:i], func(o Threshold) bool { return o.ID == t.ID }) {
			f.add(at+".id", ErrRule, "threshold %q twice", t.ID)
		}
		if t.Country != "" && t.Issuer != "" {
			f.add(at, ErrRule, "threshold %q wants a country or an issuer, not both", t.ID)
		}
		f.country(at+".country", t.Country)
		f.period(at, t.From, t.To)
		f.thresholdFigures(at, t)
		f.thresholdWords(at, t)
	}
	return f
}

// thresholdFigures checks the limits and the ladder of a threshold.
func (f *ruleFaults) thresholdFigures(at string, t *Threshold) {
	if (len(t.Limits) == 0) == (t.Ladder == nil) || len(t.Bases) == 0 {
		f.add(at, ErrRule, "threshold %q without limits or bases, or with limits and a ladder", t.ID)
	}
	for _, limit := range t.Limits {
		if limit.Sign() <= 0 || ratio.Int(1).Less(limit) {
			f.add(at+".limits", ErrRule, "threshold %q: %s is not within 0 and 1", t.ID, limit)
		}
	}
	if t.Rising && (t.AtMost || t.Ladder != nil) {
		f.add(at+".rising", ErrRule, "threshold %q counts increases only: it wants no at_most, and a ladder says so itself", t.ID)
	}
	l := t.Ladder
	if l == nil {
		return
	}
	for _, figure := range []struct {
		name string
		r    ratio.Ratio
	}{{"from", l.From}, {"to", l.To}, {"step", l.Step}} {
		if figure.r.Sign() < 0 || ratio.Int(1).Less(figure.r) {
			f.add(at+".ladder."+figure.name, ErrRule, "threshold %q: %s %s is not within 0 and 1", t.ID, figure.name, figure.r)
		}
	}
	if !l.To.IsZero() && l.To.Less(l.From) {
		f.add(at+".ladder.to", ErrRule, "threshold %q: the ladder ends at %s, below its start %s", t.ID, l.To, l.From)
	}
	if l.Step.IsZero() && (t.AtLeast || !l.OnlyUp()) {
		f.add(at+".ladder.step", ErrRule, "threshold %q: a step of 0 is any increase: it wants rising or months, and no at_least", t.ID)
	}
	if l.FromKnown && l.OnlyUp() {
		f.add(at+".ladder.from_known", ErrRule, "threshold %q: from_known belongs to a ladder that counts decreases", t.ID)
	}
	if l.Months < 0 || l.Months > maxMonths {
		f.add(at+".ladder.months", ErrRule, "threshold %q: %d months are not within 0 and %d", t.ID, l.Months, maxMonths)
	}
}

// thresholdWords checks the names that a threshold uses.
func (f *ruleFaults) thresholdWords(at string, t *Threshold) {
	for _, base := range t.Bases {
		switch base {
		case OfCapital, OfShares, OfTheoretical, OfVoting, OfExercisable:
		default:
			f.add(at+".bases", ErrRule, "threshold %q: %q is no base", t.ID, base)
		}
	}
	for _, ground := range t.Counts {
		switch ground {
		case InOwnName, ForOwnMoney, CastAtWill, OfSubsidiaries, InConcert, ThroughStakes, OwnShares, RightsToShares, CashSettled:
		default:
			f.add(at+".counts", ErrRule, "threshold %q: %q is no ground of attribution", t.ID, ground)
		}
	}
	switch t.Classes {
	case "", EachClass, EachVotingClass:
	default:
		f.add(at+".classes", ErrRule, "threshold %q: %q is not each class or each voting class", t.ID, t.Classes)
	}
	f.thresholdRights(at, t)
	f.thresholdDeemed(at, t)
}

// thresholdDeemed checks through which companies shares count.
func (f *ruleFaults) thresholdDeemed(at string, t *Threshold) {
	d := &t.Deemed
	_, _, small := d.Share.Small()
	if slices.Contains(t.Counts, OwnShares) && !slices.Contains(t.Counts, OfSubsidiaries) {
		f.add(at+".counts", ErrRule, "threshold %q counts own shares of issuers that the holder controls, and no shares of subsidiaries", t.ID)
	}
	switch through := slices.Contains(t.Counts, ThroughStakes); {
	case d.Associates && !d.Once:
		f.add(at+".deemed", ErrRule, "threshold %q: votes of associates count where deeming passes through one company", t.ID)
	case d.Largest && (d.AtLeast || d.Once):
		f.add(at+".deemed", ErrRule, "threshold %q: a presumption of control is passed, and through any number of companies", t.ID)
	case !through && (d.AtLeast || d.Once || d.Associates || d.Largest || !d.Share.IsZero()):
		f.add(at+".deemed", ErrRule, "threshold %q does not count shares through stakes", t.ID)
	case through && (d.Share.Sign() <= 0 || !d.Share.Less(ratio.Int(1)) || !small):
		f.add(at+".deemed.share", ErrRule, "threshold %q: %s is not a fraction between 0 and 1", t.ID, d.Share)
	}
}

// thresholdRights checks which rights a threshold counts, and the kinds that it adds up.
func (f *ruleFaults) thresholdRights(at string, t *Threshold) {
	counts := func(grounds ...Attribution) bool {
		return slices.ContainsFunc(grounds, func(g Attribution) bool { return slices.Contains(t.Counts, g) })
	}
	if t.Aggregate && (!counts(InOwnName, ForOwnMoney, CastAtWill) || !counts(RightsToShares, CashSettled)) {
		f.add(at+".aggregate", ErrRule, "threshold %q adds up votes and instruments, and does not count both", t.ID)
	}
	if t.Aggregate && t.Ladder != nil {
		f.add(at+".aggregate", ErrRule, "threshold %q adds up votes and instruments: it wants limits, not a ladder", t.ID)
	}
	r := &t.Rights
	if *r != (RightsRule{}) && !slices.Contains(t.Counts, RightsToShares) {
		f.add(at+".rights", ErrRule, "threshold %q says which rights count, and does not count rights", t.ID)
	}
	switch r.Shares {
	case "", RightsToExisting, RightsToNew:
	default:
		f.add(at+".rights.shares", ErrRule, "threshold %q: %q is not existing or new", t.ID, r.Shares)
	}
	if r.Now && r.Within != 0 {
		f.add(at+".rights", ErrRule, "threshold %q: rights count now or within %d days, not both", t.ID, r.Within)
	}
	if r.Within < 0 || r.Within > maxDays {
		f.add(at+".rights.within", ErrRule, "threshold %q: %d days are not within 0 and %d", t.ID, r.Within, maxDays)
	}
}

// maxMonths bounds the windows and the periods of rules: a thousand years. maxDays does the
// same for days.
const (
	maxMonths = 12_000
	maxDays   = 366_000
)
