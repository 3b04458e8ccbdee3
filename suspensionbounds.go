package crossholding

import (
	"context"
	"maps"

	"github.com/crossholding/crossholding/internal/interval"
	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// suspendedIn is what statutes do to a stake's votes over all completions.
type suspendedIn uint8

const (
	neverSuspended  suspendedIn = iota
	maybeSuspended              // in part or wholly, in some completions
	alwaysSuspended             // wholly, in all
)

// suspensions judges the statutes for all completions at once, with every vote
// that some statute may take counted as suits the doubt. A statute that asks
// for control or for a holding that no completion has never bites; one that
// asks for what all completions have always does. The rest stays in doubt.
func (b *Bounds) suspensions(ctx context.Context) (map[int32]suspendedIn, error) {
	if err := b.judging.enter(ctx); err != nil {
		return nil, err
	}
	defer b.judging.leave()
	if b.judged || b.law == nil || len(b.law.Candidates()) == 0 {
		return b.suspended, nil
	}
	c := &suspensionBounds{Bounds: &Bounds{a: b.a, law: b.law, opt: b.opt}, groups: map[int32]reach{}}
	silent, err := c.evaluate(ctx)
	if err != nil {
		return nil, err
	}
	b.suspended, b.judged = silent, true
	return silent, nil
}

// suspensionBounds is bounds by the statutes' own idea of control: a majority of the
// votes that the law leaves.
type suspensionBounds struct {
	*Bounds
	groups map[int32]reach
}

// reach is what one company surely and possibly controls.
type reach struct{ sure, possible *boundGroup }

func (c *suspensionBounds) evaluate(ctx context.Context) (map[int32]suspendedIn, error) {
	c.rule.Num, c.rule.Den, c.rule.Strict = 1, 2, true
	c.opt.Control.Basis = BasisExercisable
	c.suspended = make(map[int32]suspendedIn, len(c.law.Stakes()))
	for _, e := range c.law.Stakes() {
		c.suspended[e] = maybeSuspended
	}
	c.judged = true
	// What is settled may settle more. Nothing becomes doubtful again, so the
	// rounds end.
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
			does, err := c.effect(ctx, s, k)
			if err != nil {
				return nil, err
			}
			mark(k, does)
			if does != neverSuspended && s.Group && s.Kind == law.TestMutual { // it reaches the holder's subsidiaries
				for j := k.First; j < k.End; j++ {
					mark(&c.law.Candidates()[j], maybeSuspended)
				}
			}
		}
	}
	return found, nil
}

// effect says what statute s does to the stakes of case k's holder.
func (c *suspensionBounds) effect(ctx context.Context, s *law.Statute, k *suspension.Candidate) (suspendedIn, error) {
	surely, possibly, err := c.applies(ctx, s, k)
	whole := s.Effect == "" || s.Effect == law.EffectAll
	switch {
	case err != nil || !possibly:
		return neverSuspended, err
	case surely && whole && !s.NotWithinGroup && !s.Fiduciary:
		return alwaysSuspended, nil
	}
	return maybeSuspended, nil
}

// applies says whether the test of statute s is met in every completion and in
// some; where that is not worked out, not in every one and in some.
func (c *suspensionBounds) applies(ctx context.Context, s *law.Statute, k *suspension.Candidate) (every, some bool, err error) {
	g, err := c.reach(ctx, k.Issuer)
	if err != nil {
		return false, false, err
	}
	half := s.Threshold.Equal(ratio.Of(1, 2))
	switch s.Kind {
	case law.TestControls: // more than one half is court's own test
		some = g.possible.has(k.Holder) || !s.Presumed.IsZero() || half && s.AtLeast
		return g.sure.has(k.Holder) && half, some, nil
	case law.TestMutual:
		back, err := c.reach(ctx, k.Holder)
		if err != nil {
			return false, false, err
		}
		_, some = c.holds(s, g, k.Holder)
		_, others := c.holds(s, back, k.Issuer)
		return false, some && others, nil
	}
	every, some = c.holds(s, g, k.Holder)
	return every && s.Effect != law.EffectSmaller, some, nil
}

func (c *suspensionBounds) reach(ctx context.Context, x int32) (reach, error) {
	if g, ok := c.groups[x]; ok {
		return g, nil
	}
	sure, possible, err := c.extremes(ctx, x)
	c.groups[x] = reach{sure, possible}
	return c.groups[x], err
}

// holds reports whether the seed of g holds as much of y as s asks for, in
// every completion and in some. Shares are counted by whose money they are; of
// tests of votes it only knows that a completion cannot meet them.
func (c *suspensionBounds) holds(s *law.Statute, g reach, y int32) (every, some bool) {
	sure, possible := map[int32]bool{g.sure.order[0]: true}, map[int32]bool{g.sure.order[0]: true}
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

// excess returns the shares by which a group passes the limit of s, as a
// function of the stakes in one company.
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
