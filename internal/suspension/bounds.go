package suspension

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// bounds bounds every state of the law that the statutes confirm: least is
// silent in each, and nothing beyond most is. Where the two are the same there
// is one reading. It reads tests with the votes that speak least, or most, for
// them, and narrows until nothing more follows.
type bounds struct {
	search       *Search
	lower, upper []ratio.Ratio
	tallies      [2]*tally.Tally
	groups       map[boundsKey]*majority.Group
}

type boundsKey struct {
	node     int32
	num, den int64
	side     int
	strict   bool
}

// The two sides: what holds in every state within the bracket, and in some.
const (
	inEvery = iota
	inSome
)

// maxFurther bounds the search for readings that neither end led to, in stakes
// read, for all circles together.
const maxFurther = 2_000_000

// otherReadings looks for readings other than the one that both ends of the search
// led to, where a bracket leaves room for any. It returns a trace that spans
// all that it found and the stakes on which they differ; none where there is
// but one, or where there is too much to try.
func (l *Search) otherReadings(ctx context.Context, low *iteration) (*iteration, []int, error) {
	most, err := l.upperBound(ctx)
	if err != nil || l.unique(most) {
		return nil, nil, err
	}
	open, err := l.ambiguous(ctx, most)
	if err != nil || len(open) == 0 {
		return nil, nil, err
	}
	if l.sub.number == nil { // what a precinct dismisses narrows the bracket
		l.sub = l.partSubgraph()
		l.prune(ctx)
		if most, err = l.upperBound(ctx); err == nil {
			open, err = l.ambiguous(ctx, most)
		}
		if err != nil || len(open) == 0 {
			return nil, nil, err
		}
	}
	span := &iteration{state: slices.Clone(low.state), fixed: true, least: slices.Clone(low.state), most: slices.Clone(low.state)}
	searches, err := l.enumerate(ctx, low, low, open, maxFurther)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range searches {
		span.merge(s)
	}
	return span, low.differences(span), nil
}

// merge widens the trace by the readings of one circle, and takes over the
// last that is not its own.
func (t *iteration) merge(s *enumerator) {
	for k, state := range s.found {
		differs := false
		for n, i := range s.places {
			v := state[n]
			if v.Less(t.least[i]) {
				t.least[i] = v
			} else if t.most[i].Less(v) {
				t.most[i] = v
			}
			differs = differs || !v.Equal(t.state[i])
		}
		if differs {
			s.assign(t.state, k)
		}
	}
}

// unique reports whether there is but one stake to suspend, and that all or
// nothing: both states were looked at.
func (l *Search) unique(most []ratio.Ratio) bool {
	n := 0
	for i, v := range most {
		if v.IsZero() {
			continue
		}
		if n++; n > 1 || !v.Equal(l.g.Stake(&l.g.Votes, l.stakes[i])) {
			return false
		}
	}
	return true
}

// maxNarrowings bounds the rounds, and maxBracket what they read, in stakes;
// stopping early leaves a wider bracket.
const (
	maxNarrowings = 32
	maxBracket    = 20_000_000
)

// rounds returns how many narrowings are within bounds: each may read all stakes
// of the precinct for every case that has an open test.
func (l *Search) rounds() int {
	open := 1
	for _, i := range l.undecided {
		k := &l.candidates[i]
		for n, r := range k.Rules {
			if !independent(&l.rules[r]) && k.never&(1<<n) == 0 {
				open++
				break
			}
		}
	}
	return min(maxNarrowings, maxBracket/(open*(len(l.sub.g.Issuer)+1)))
}

// ambiguous lists the stakes on which states that the statutes confirm may
// differ, as far as a bracket can tell; none where it would take too long to
// tell anything.
func (l *Search) ambiguous(ctx context.Context, most []ratio.Ratio) ([]int, error) {
	b := &bounds{search: l, lower: make([]ratio.Ratio, len(most)), upper: most}
	rounds := l.rounds()
	if rounds == 0 {
		return nil, nil
	}
	for range rounds {
		if equal(b.lower, b.upper) {
			return nil, nil
		}
		if ctx.Err() != nil {
			return nil, stopped(ctx)
		}
		least, most, err := b.tighten(ctx)
		if err != nil {
			return nil, err
		}
		if equal(least, b.lower) && equal(most, b.upper) {
			break
		}
		b.lower, b.upper = least, most
	}
	var out []int
	for i := range b.lower {
		if !b.lower[i].Equal(b.upper[i]) {
			out = append(out, i)
		}
	}
	return out, nil
}

// tighten judges once with what is known so far.
func (b *bounds) tighten(ctx context.Context) (least, most []ratio.Ratio, err error) {
	b.tallies, b.groups = [2]*tally.Tally{}, map[boundsKey]*majority.Group{}
	l := b.search
	least, most = make([]ratio.Ratio, len(b.upper)), make([]ratio.Ratio, len(b.upper))
	j := &evaluation{search: l, state: make([]ratio.Ratio, len(b.upper))}
	raise := func(state []ratio.Ratio, within []ratio.Ratio) func(int32, ratio.Ratio) {
		return func(at int32, votes ratio.Ratio) {
			if within != nil && within[at].Less(votes) {
				votes = within[at]
			}
			if state[at].Less(votes) {
				state[at] = votes
			}
		}
	}
	for _, i := range l.undecided {
		k := &l.candidates[i]
		silent, err := b.wholly(ctx, j, k)
		if err != nil {
			return nil, nil, err
		}
		for n, r := range k.Rules {
			s, bit := &l.rules[r], uint64(1)<<n
			if k.never&bit != 0 || silent && k.always&bit == 0 && !(s.Kind == law.TestMutual && s.Group) {
				continue
			}
			every, some := k.always&bit != 0, true
			if !every {
				if every, some, err = b.applies(ctx, s, k); err != nil {
					return nil, nil, err
				}
			}
			if some {
				if err = l.raise(ctx, j, s, k, raise(most, b.upper)); err != nil {
					return nil, nil, err
				}
			}
			if every && constant(s) {
				if err = j.suspend(ctx, s, k, raise(least, nil)); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return least, most, nil
}

// constant reports whether s takes the same votes in every state in which it bites.
func constant(s *law.Statute) bool {
	switch {
	case s.CountsSuspended, s.Kind == law.TestControls:
		return true
	case s.Kind == law.TestMutual && s.Group:
		return false
	}
	return s.Effect == "" || s.Effect == law.EffectAll
}

// wholly reports whether some rule that bites in every state of the law takes
// all votes of case k, so that others have nothing to take.
func (b *bounds) wholly(ctx context.Context, j *evaluation, k *Candidate) (bool, error) {
	l := b.search
	for n, r := range k.Rules {
		s := &l.rules[r]
		if k.always&(1<<n) == 0 || s.Kind == law.TestMutual || s.Fiduciary || s.Effect != "" && s.Effect != law.EffectAll {
			continue
		}
		all := true
		err := j.suspend(ctx, s, k, func(at int32, votes ratio.Ratio) {
			all = all && votes.Equal(l.g.Stake(&l.g.Votes, l.stakes[at]))
		})
		if err != nil || all {
			return all, err
		}
	}
	return false, nil
}

// applies reports whether s suspends the holder of case k in every state within
// the bracket, and in some.
func (b *bounds) applies(ctx context.Context, s *law.Statute, k *Candidate) (every, some bool, err error) {
	every, some = true, true
	and := func(e, m bool) { every, some = every && e, some && m }
	if s.NotWithinGroup {
		for _, pair := range [][2]int32{{k.Issuer, k.Holder}, {k.Holder, k.Issuer}} {
			e, m, err := b.controls(ctx, pair[0], pair[1], s)
			if err != nil {
				return false, false, err
			}
			and(!m, !e)
		}
	}
	if s.Kind == law.TestControls {
		e, m, err := b.controls(ctx, k.Issuer, k.Holder, s)
		and(e, m)
		return every, some, err
	}
	e, m, err := b.passes(ctx, s, k.Issuer, k.Holder)
	if err != nil {
		return false, false, err
	}
	and(e, m)
	switch {
	case s.Effect == law.EffectSmaller:
		and(false, true)
	case s.Kind == law.TestMutual:
		e, m, err = b.passes(ctx, s, k.Holder, k.Issuer)
		and(e, m)
		if s.Effect == law.EffectSecondToCross && b.search.earlier(s, k) {
			and(false, false)
		}
	}
	return every, some, err
}

// controls reports whether x controls y by s's idea of control in every state
// within the bracket, and in some. A presumption is taken to hold in some
// wherever its votes may be there, and in every one only with a majority.
func (b *bounds) controls(ctx context.Context, x, y int32, s *law.Statute) (every, some bool, err error) {
	p := b.search.sub
	if p.number != nil && !(p.mayControl(x) && p.mayBeControlled(y)) {
		return false, false, nil
	}
	g, err := b.group(ctx, x, s, inSome)
	if err != nil || !g.Controls(p.node(y)) {
		return false, false, err
	}
	if g, err = b.group(ctx, x, s, inEvery); err != nil {
		return false, false, err
	}
	return g.Controls(p.node(y)), true, nil
}

// group returns x with all that it controls on one side of the bracket.
func (b *bounds) group(ctx context.Context, x int32, s *law.Statute, side int) (*majority.Group, error) {
	rule := controlRule(s)
	if pr := rule.Presume; pr != nil {
		if rule.Presume = nil; side == inSome {
			rule = majority.Rule{Num: pr.Num, Den: pr.Den, Strict: pr.Strict}
		}
	}
	p := b.search.sub
	key := boundsKey{p.node(x), rule.Num, rule.Den, side, rule.Strict}
	if s.CountsSuspended {
		key.side += 2 // all votes count on either side
	}
	if g := b.groups[key]; g != nil {
		return g, nil
	}
	votes := p.untouched()
	if !s.CountsSuspended {
		if b.tallies[side] == nil {
			taken, fromBase := b.upper, b.lower // for inEvery
			if side == inSome {
				taken, fromBase = b.lower, b.upper
			}
			b.tallies[side] = p.tallyOf(taken, fromBase)
		}
		votes = b.tallies[side]
	}
	g, err := votes.Engine.Group(ctx, rule, key.node)
	if err != nil {
		return nil, fmt.Errorf("crossholding: control by %s: %w", p.g.IDs[key.node], err)
	}
	b.groups[key] = g
	return g, nil
}

// passes reports whether x has enough of y for s in every state within the
// bracket, and in some.
func (b *bounds) passes(ctx context.Context, s *law.Statute, x, y int32) (every, some bool, err error) {
	l, g := b.search, b.search.g
	m, who, base := measured(g, s, y)
	mine := [2]func(int32) bool{}
	for side := range mine {
		if mine[side], err = b.members(ctx, s, x, side); err != nil {
			return false, false, err
		}
	}
	suspended := excludesSuspended(s)
	var sure, possible, silent, maybe ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		has := g.Stake(m, e)
		few, many := has, has
		if at, ok := l.place(e); ok && suspended {
			few, many = has.Sub(b.upper[at]), has.Sub(b.lower[at])
			silent, maybe = silent.Add(b.lower[at]), maybe.Add(b.upper[at])
		}
		if mine[inEvery](who[e]) {
			sure = sure.Add(few)
		}
		if mine[inSome](who[e]) {
			possible = possible.Add(many)
		}
	}
	wide, narrow := base.Sub(silent), base.Sub(maybe)
	some = s.Passed(possible, narrow) || narrow.Less(possible)
	return s.Passed(sure, wide), some, nil
}

// members returns a test for x and what it controls, on one side of the bracket.
func (b *bounds) members(ctx context.Context, s *law.Statute, x int32, side int) (func(int32) bool, error) {
	p := b.search.sub
	if !s.Group || p.number != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	g, err := b.group(ctx, x, s, side)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who == x || who != graph.None && g.Has(p.node(who)) }, nil
}
