package crossholding

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// SuspensionBound says whether statutes suspend the votes of a stake. It is a plain value.
type SuspensionBound struct {
	Holder string `json:"holder"`
	Issuer string `json:"issuer"`
	Class  string `json:"class"`
	// Answer is "yes" if all votes of the stake are suspended in every completion of the book
	// and in every reading of the law. It is "depends" if some may be suspended in some of them.
	Answer Certainty `json:"answer"`
}

// String returns the answer as a sentence.
func (s SuspensionBound) String() string {
	may := "may be"
	if s.Answer == CertaintyYes {
		may = "are"
	}
	return fmt.Sprintf("votes of %s in %s (%s) %s suspended", s.Holder, s.Issuer, s.Class, may)
}

// Suspended returns the stakes whose votes statutes suspend or may suspend, sorted by issuer,
// then holder. Votes of all other stakes are suspended in no completion of the book and in no
// reading of the law. A vote that may be suspended is counted in the way that leaves a test
// undecided. So "yes" is correct, but the exact law might decide a "depends". No stake is
// listed if control is by capital or if VotingOptions.NoLaw is set.
func (b *Bounds) Suspended(ctx context.Context) ([]SuspensionBound, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	b = b.orEmpty()
	suspended := b.exactlySuspended()
	if b.exact == nil {
		var err error
		if suspended, err = b.suspensions(ctx); err != nil {
			return nil, err
		}
	}
	out := []SuspensionBound{}
	for e, how := range suspended {
		if how == neverSuspended {
			continue
		}
		s := b.a.stakeRecord(e)
		row := SuspensionBound{Holder: s.holder, Issuer: s.issuer, Class: s.class, Answer: CertaintyDepends}
		if how == alwaysSuspended {
			row.Answer = CertaintyYes
		}
		out = append(out, row)
	}
	slices.SortFunc(out, func(x, y SuspensionBound) int {
		return cmp.Or(cmp.Compare(x.Issuer, y.Issuer), cmp.Compare(x.Holder, y.Holder), cmp.Compare(x.Class, y.Class), cmp.Compare(x.Answer, y.Answer))
	})
	return slices.Compact(out), nil
}

// exactlySuspended returns the stakes whose votes are suspended in a book without bands, in
// some reading of the law or completely in all.
func (b *Bounds) exactlySuspended() map[int32]suspendedIn {
	if b.exact == nil {
		return nil
	}
	whole, readings := map[int32]int{}, b.exact.readings()
	out := map[int32]suspendedIn{}
	for _, c := range readings {
		if c.votes == nil { // shares decide control
			continue
		}
		for _, m := range c.votes.special {
			for i, left := range m.votes {
				e := m.from + int32(i)
				switch all := b.a.graph.Stake(&b.a.graph.Votes, e); {
				case !left.Less(all):
					continue
				case left.IsZero():
					whole[e]++
				}
				if out[e] = maybeSuspended; whole[e] == len(readings) {
					out[e] = alwaysSuspended
				}
			}
		}
	}
	return out
}

// suspendedIn says whether statutes suspend a stake's votes, over all completions.
type suspendedIn uint8

const (
	neverSuspended  suspendedIn = iota
	maybeSuspended              // in part or completely, in some completions
	alwaysSuspended             // completely, in every completion
)

// suspensions evaluates the statutes for all completions at once. A vote that may be
// suspended is counted in the way that leaves a test undecided. A statute never applies if
// no completion meets its test, and always applies if every completion does. All other
// suspensions are undecided.
func (b *Bounds) suspensions(ctx context.Context) (map[int32]suspendedIn, error) {
	if b.mutex.Lock(ctx) != nil {
		return nil, stopped(ctx)
	}
	defer b.mutex.Unlock()
	if b.evaluated || b.law == nil || len(b.law.Candidates()) == 0 {
		return b.suspended, nil
	}
	c := &suspensionBounds{Bounds: &Bounds{a: b.a, law: b.law, opt: b.opt}, groups: map[boundsOf]controlBounds{}}
	suspended, err := c.evaluate(ctx)
	if err != nil {
		return nil, err
	}
	b.suspended, b.evaluated = suspended, true
	return suspended, nil
}

// suspensionBounds evaluates statutes with their own definition of control: a majority of
// the votes that the law leaves.
type suspensionBounds struct {
	*Bounds
	groups map[boundsOf]controlBounds
}

// boundsOf is a company and the facts of control that count.
type boundsOf struct {
	company int32
	facts   suspension.Counting // 0 if none counts
}

// controlBounds holds the companies that one company surely and possibly controls.
type controlBounds struct{ sure, possible *boundGroup }

func (c *suspensionBounds) evaluate(ctx context.Context) (map[int32]suspendedIn, error) {
	c.rule.Num, c.rule.Den, c.rule.Strict = 1, 2, true
	c.opt.Control.Basis = BasisExercisable
	c.suspended = make(map[int32]suspendedIn, len(c.law.Stakes()))
	for _, e := range c.law.Stakes() {
		c.suspended[e] = maybeSuspended
	}
	c.evaluated = true
	// A decided suspension may decide others. None becomes undecided again, so the
	// loop ends.
	for {
		found, err := c.evaluateOnce(ctx)
		if err != nil || maps.Equal(found, c.suspended) {
			return found, err
		}
		c.suspended = found
		clear(c.groups)
	}
}

func (c *suspensionBounds) evaluateOnce(ctx context.Context) (map[int32]suspendedIn, error) {
	found := make(map[int32]suspendedIn, len(c.law.Stakes()))
	mark := func(k *suspension.Candidate, s suspendedIn) {
		for _, at := range k.Stakes {
			e := c.law.Stakes()[at]
			found[e] = max(found[e], s)
		}
	}
	for i := range c.law.Candidates() {
		k := &c.law.Candidates()[i]
		for _, r := range k.Rules {
			s := &c.law.Rules()[r]
			effect, err := c.effect(ctx, s, k)
			if err != nil {
				return nil, err
			}
			mark(k, effect)
			if effect != neverSuspended && s.Group && s.Kind == law.TestMutual { // it also suspends votes of the holder's subsidiaries
				for j := k.First; j < k.End; j++ {
					mark(&c.law.Candidates()[j], maybeSuspended)
				}
			}
		}
	}
	return found, nil
}

// effect returns whether statute s suspends the stakes of candidate k's holder.
func (c *suspensionBounds) effect(ctx context.Context, s *law.Statute, k *suspension.Candidate) (suspendedIn, error) {
	surely, possibly, err := c.applies(ctx, s, k)
	whole := s.Effect == "" || s.Effect == law.EffectAll
	switch {
	case err != nil || !possibly:
		return neverSuspended, err
	case surely && whole && !s.NotWithinGroup && s.Fiduciary == "":
		return alwaysSuspended, nil
	}
	return maybeSuspended, nil
}

// applies reports whether the test of statute s is met in every completion, and in some.
// If this is not computed, it returns false for every and true for some.
func (c *suspensionBounds) applies(ctx context.Context, s *law.Statute, k *suspension.Candidate) (every, some bool, err error) {
	g, err := c.controlledBy(ctx, k.Issuer, s)
	if err != nil {
		return false, false, err
	}
	half := s.Threshold.Equal(ratio.Of(1, 2))
	switch s.Kind {
	case law.TestControls: // suspensionBounds knows only the test of more than one half
		some = g.possible.has(k.Holder) || !s.Presumed.IsZero() || half && s.AtLeast
		return g.sure.has(k.Holder) && half && !s.OwnVotes, some, nil
	case law.TestMutual:
		back, err := c.controlledBy(ctx, k.Holder, s)
		if err != nil {
			return false, false, err
		}
		_, some = c.holds(s, g, k.Holder)
		_, others := c.holds(s, back, k.Issuer)
		return false, some && others, nil
	}
	every, some = c.holds(s, g, k.Holder)
	some = some || s.Tiers
	return every && s.Effect != law.EffectSmaller, some, nil
}

// controlledBy returns what x surely and possibly controls, with the facts that a statute counts.
func (c *suspensionBounds) controlledBy(ctx context.Context, x int32, s *law.Statute) (controlBounds, error) {
	key := boundsOf{company: x}
	if len(c.law.FactsOf(s)) > 0 {
		key.facts = suspension.CountingOf(s)
	}
	if g, ok := c.groups[key]; ok {
		return g, nil
	}
	c.facts = c.law.AllFacts(s)
	sure, possible, err := c.extremes(ctx, x)
	c.groups[key] = controlBounds{sure, possible}
	return c.groups[key], err
}

// holds reports whether the company of g holds as much of y as s requires, in every
// completion and in some. Shares are counted by beneficiary. For tests of votes, every is
// always false.
func (c *suspensionBounds) holds(s *law.Statute, g controlBounds, y int32) (every, some bool) {
	sure, possible := map[int32]bool{g.sure.order[0]: true}, map[int32]bool{g.sure.order[0]: true}
	if s.Group && s.GroupBy == law.MeasureShares {
		return false, true
	}
	if s.Group {
		sure, possible = g.sure.in, g.possible.in
	}
	if s.Measure == law.MeasureShares {
		set := c.stakesIn(y)
		_, misses := set.Witness(c.excess(s, sure, set).Negated(), !s.AtLeast)
		_, some = set.Witness(c.excess(s, possible, set), s.AtLeast)
		return !misses, some
	}
	if s.Treasury {
		return false, true
	}
	test := &Bounds{a: c.a, law: c.law, opt: c.opt, suspended: c.suspended}
	test.rule = tally.Rule(s.Threshold, !s.AtLeast)
	_, some = test.passes(&boundGroup{in: possible}, y, possibly)
	return false, some
}

// excess returns the shares by which a group passes the threshold of s, as a function of
// the stakes in one company.
func (c *suspensionBounds) excess(s *law.Statute, in map[int32]bool, set *issuerStakes) interval.Linear {
	var f interval.Linear
	for i := range set.Classes {
		k := &set.Classes[i]
		base := k.Outstanding
		if s.Treasury {
			base = set.recs[i].issued
		}
		f.Constant = f.Constant.Sub(base.Mul(s.Threshold))
		for j := range k.Stakes {
			worth := ratio.Ratio{}
			if in[c.a.graph.Beneficiary[k.Stakes[j].ID]] {
				worth = ratio.Int(1)
			}
			f.Stakes = append(f.Stakes, worth)
		}
		f.Floats = append(f.Floats, ratio.Ratio{})
	}
	return f
}
