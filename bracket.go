package crossholding

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

// bracket bounds every state of the law that the statutes confirm: least is
// silent in each, and nothing beyond most is. Where the two are the same there
// is one reading. It reads tests with the votes that speak least, or most, for
// them, and narrows until nothing more follows.
type bracket struct {
	l           *lawSearch
	least, most []ratio.Ratio
	ballots     [2]*tally.Tally
	groups      map[bracketKey]*majority.Group
}

type bracketKey struct {
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

// further looks for readings other than the one that both ends of the search
// led to, where a bracket leaves room for any. It returns a trace that spans
// all that it found and the stakes on which they differ; none where there is
// but one, or where there is too much to try.
func (l *lawSearch) further(ctx context.Context, low *trace) (*trace, []int, error) {
	most, err := l.utmost(ctx)
	if err != nil || l.single(most) {
		return nil, nil, err
	}
	open, err := l.unsettled(ctx, most)
	if err != nil || len(open) == 0 {
		return nil, nil, err
	}
	if l.within.local == nil { // what a precinct dismisses narrows the bracket
		l.within = l.partPrecinct()
		l.dismiss(ctx)
		if most, err = l.utmost(ctx); err == nil {
			open, err = l.unsettled(ctx, most)
		}
		if err != nil || len(open) == 0 {
			return nil, nil, err
		}
	}
	span := &trace{state: slices.Clone(low.state), settled: true, least: slices.Clone(low.state), most: slices.Clone(low.state)}
	searches, err := l.searches(ctx, low, low, open, maxFurther)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range searches {
		span.include(s)
	}
	return span, low.against(span), nil
}

// include widens the trace by the readings of one circle, and takes over the
// last that is not its own.
func (t *trace) include(s *circleSearch) {
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
			s.put(t.state, k)
		}
	}
}

// single reports whether there is but one stake to silence, and that all or
// nothing: both states were looked at.
func (l *lawSearch) single(most []ratio.Ratio) bool {
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
func (l *lawSearch) rounds() int {
	open := 1
	for _, i := range l.open {
		k := &l.cases[i]
		for n, r := range k.rules {
			if !independent(&l.rules[r]) && k.no&(1<<n) == 0 {
				open++
				break
			}
		}
	}
	return min(maxNarrowings, maxBracket/(open*(len(l.within.g.Issuer)+1)))
}

// unsettled lists the stakes on which states that the statutes confirm may
// differ, as far as a bracket can tell; none where it would take too long to
// tell anything.
func (l *lawSearch) unsettled(ctx context.Context, most []ratio.Ratio) ([]int, error) {
	b := &bracket{l: l, least: make([]ratio.Ratio, len(most)), most: most}
	rounds := l.rounds()
	if rounds == 0 {
		return nil, nil
	}
	for range rounds {
		if equalStates(b.least, b.most) {
			return nil, nil
		}
		if ctx.Err() != nil {
			return nil, ended(ctx)
		}
		least, most, err := b.narrow(ctx)
		if err != nil {
			return nil, err
		}
		if equalStates(least, b.least) && equalStates(most, b.most) {
			break
		}
		b.least, b.most = least, most
	}
	var out []int
	for i := range b.least {
		if !b.least[i].Equal(b.most[i]) {
			out = append(out, i)
		}
	}
	return out, nil
}

// narrow judges once with what is known so far.
func (b *bracket) narrow(ctx context.Context) (least, most []ratio.Ratio, err error) {
	b.ballots, b.groups = [2]*tally.Tally{}, map[bracketKey]*majority.Group{}
	l := b.l
	least, most = make([]ratio.Ratio, len(b.most)), make([]ratio.Ratio, len(b.most))
	j := &judgment{l: l, state: make([]ratio.Ratio, len(b.most))}
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
	for _, i := range l.open {
		k := &l.cases[i]
		silent, err := b.silent(ctx, j, k)
		if err != nil {
			return nil, nil, err
		}
		for n, r := range k.rules {
			s, bit := &l.rules[r], uint64(1)<<n
			if k.no&bit != 0 || silent && k.yes&bit == 0 && !(s.Kind == law.TestMutual && s.Group) {
				continue
			}
			every, some := k.yes&bit != 0, true
			if !every {
				if every, some, err = b.bites(ctx, s, k); err != nil {
					return nil, nil, err
				}
			}
			if some {
				if err = l.atMost(ctx, j, s, k, raise(most, b.most)); err != nil {
					return nil, nil, err
				}
			}
			if every && steady(s) {
				if err = j.take(ctx, s, k, raise(least, nil)); err != nil {
					return nil, nil, err
				}
			}
		}
	}
	return least, most, nil
}

// steady reports whether s takes the same votes in every state in which it bites.
func steady(s *law.Statute) bool {
	switch {
	case s.CountsSuspended, s.Kind == law.TestControls:
		return true
	case s.Kind == law.TestMutual && s.Group:
		return false
	}
	return s.Effect == "" || s.Effect == law.EffectAll
}

// silent reports whether some rule that bites in every state of the law takes
// all votes of case k, so that others have nothing to take.
func (b *bracket) silent(ctx context.Context, j *judgment, k *lawCase) (bool, error) {
	l := b.l
	for n, r := range k.rules {
		s := &l.rules[r]
		if k.yes&(1<<n) == 0 || s.Kind == law.TestMutual || s.Fiduciary || s.Effect != "" && s.Effect != law.EffectAll {
			continue
		}
		all := true
		err := j.take(ctx, s, k, func(at int32, votes ratio.Ratio) {
			all = all && votes.Equal(l.g.Stake(&l.g.Votes, l.stakes[at]))
		})
		if err != nil || all {
			return all, err
		}
	}
	return false, nil
}

// bites reports whether s silences the holder of case k in every state within
// the bracket, and in some.
func (b *bracket) bites(ctx context.Context, s *law.Statute, k *lawCase) (every, some bool, err error) {
	every, some = true, true
	and := func(e, m bool) { every, some = every && e, some && m }
	if s.NotWithinGroup {
		for _, pair := range [][2]int32{{k.issuer, k.holder}, {k.holder, k.issuer}} {
			e, m, err := b.controls(ctx, pair[0], pair[1], s)
			if err != nil {
				return false, false, err
			}
			and(!m, !e)
		}
	}
	if s.Kind == law.TestControls {
		e, m, err := b.controls(ctx, k.issuer, k.holder, s)
		and(e, m)
		return every, some, err
	}
	e, m, err := b.passes(ctx, s, k.issuer, k.holder)
	if err != nil {
		return false, false, err
	}
	and(e, m)
	switch {
	case s.Effect == law.EffectSmaller:
		and(false, true)
	case s.Kind == law.TestMutual:
		e, m, err = b.passes(ctx, s, k.holder, k.issuer)
		and(e, m)
		if s.Effect == law.EffectSecondToCross && b.l.earlier(s, k) {
			and(false, false)
		}
	}
	return every, some, err
}

// controls reports whether x controls y by s's idea of control in every state
// within the bracket, and in some. A presumption is taken to hold in some
// wherever its votes may be there, and in every one only with a majority.
func (b *bracket) controls(ctx context.Context, x, y int32, s *law.Statute) (every, some bool, err error) {
	p := b.l.within
	if p.local != nil && !(p.mayControl(x) && p.mayBeControlled(y)) {
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
func (b *bracket) group(ctx context.Context, x int32, s *law.Statute, side int) (*majority.Group, error) {
	rule := controlRule(s)
	if pr := rule.Presume; pr != nil {
		if rule.Presume = nil; side == inSome {
			rule = majority.Rule{Num: pr.Num, Den: pr.Den, Strict: pr.Strict}
		}
	}
	p := b.l.within
	key := bracketKey{p.node(x), rule.Num, rule.Den, side, rule.Strict}
	if s.CountsSuspended {
		key.side += 2 // all votes count on either side
	}
	if g := b.groups[key]; g != nil {
		return g, nil
	}
	votes := p.untouched()
	if !s.CountsSuspended {
		if b.ballots[side] == nil {
			taken, fromBase := b.most, b.least // for inEvery
			if side == inSome {
				taken, fromBase = b.least, b.most
			}
			b.ballots[side] = p.ballotOf(taken, fromBase)
		}
		votes = b.ballots[side]
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
func (b *bracket) passes(ctx context.Context, s *law.Statute, x, y int32) (every, some bool, err error) {
	l, g := b.l, b.l.g
	m, who, base := measured(g, s, y)
	mine := [2]func(int32) bool{}
	for side := range mine {
		if mine[side], err = b.members(ctx, s, x, side); err != nil {
			return false, false, err
		}
	}
	silenced := excludesSuspended(s)
	var sure, possible, silent, maybe ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		has := g.Stake(m, e)
		few, many := has, has
		if at, ok := l.place(e); ok && silenced {
			few, many = has.Sub(b.most[at]), has.Sub(b.least[at])
			silent, maybe = silent.Add(b.least[at]), maybe.Add(b.most[at])
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
func (b *bracket) members(ctx context.Context, s *law.Statute, x int32, side int) (func(int32) bool, error) {
	p := b.l.within
	if !s.Group || p.local != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	g, err := b.group(ctx, x, s, side)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who == x || who != graph.None && g.Has(p.node(who)) }, nil
}
