// Bounds of all readings.

package suspension

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// bounds bound the suspended votes of every reading: at least lower and at most upper. If the
// two are equal, there is one reading.
type bounds struct {
	lower, upper []ratio.Ratio
	loose        bool // there was no time to tighten
}

// boundsKey identifies a group of controlled companies in a [tightening]: of which node, by which
// rule of control, and which votes count. The rule is num/den and strict.
type boundsKey struct {
	node                      int32
	num, den                  int64
	strict                    bool
	side                      side // inEvery if suspended votes count: both sides then count the same
	countsSuspended, ownVotes bool
	facts                     Counting
}

// side is one of the two sides of a bound.
type side uint8

const (
	inEvery side = iota // what is true in every assignment within the bounds
	inSome              // what is true in some of them
)

// maxOtherWork bounds the search for readings that neither run of the iteration found. It
// counts stakes read, over all components.
const maxOtherWork = 2_000_000

// bounds bounds all readings. It bounds nothing if there is only one. If a small book has open
// stakes, it answers the questions again in the part of the graph that matters: that allows more
// pruning, which tightens the bounds. It returns the scope in which it answered them.
func (sc *scope) bounds(ctx context.Context, r runs, none []ratio.Ratio) (*scope, bounds, error) {
	most, err := sc.upperBound(ctx, none)
	if err != nil {
		return nil, bounds{}, err
	}
	if len(r.differing) == 0 {
		only, err := sc.onlyReading(ctx, r, most, none)
		if err != nil || only {
			return sc, bounds{}, err
		}
	}
	b, err := sc.bound(ctx, most)
	if err != nil || sc.sub.number != nil || len(r.differing)+len(sc.open(b, r)) == 0 {
		return sc, b, err
	}
	part, err := sc.within(ctx, sc.partSubgraph())
	if err != nil {
		return nil, bounds{}, err
	}
	if most, err = part.upperBound(ctx, none); err != nil {
		return nil, bounds{}, err
	}
	b, err = part.bound(ctx, most)
	return part, b, err
}

// others lists the open stakes of components in which the two runs of the iteration agree:
// readings other than theirs may differ there. It lists nothing if the bounds would take too long
// to compute.
func (sc *scope) others(b bounds, r runs) []int {
	if b.loose {
		return nil
	}
	return sc.open(b, r)
}

// open lists the stakes between whose bounds there is room, outside the components in which the
// two runs of the iteration differ.
func (sc *scope) open(b bounds, r runs) []int {
	differ := make(map[int32]bool)
	for _, i := range r.differing {
		differ[sc.search.componentOf(i)] = true
	}
	var out []int
	for i := range b.lower {
		if !b.lower[i].Equal(b.upper[i]) && !differ[sc.search.componentOf(i)] {
			out = append(out, i)
		}
	}
	return out
}

// upperBound returns the votes that the law could suspend at most. It assumes that every
// test is met that is not known to fail in every assignment.
func (sc *scope) upperBound(ctx context.Context, none []ratio.Ratio) ([]ratio.Ratio, error) {
	all := make([]ratio.Ratio, len(none))
	j := &evaluation{scope: sc, assignment: none}
	raise := func(at int32, votes ratio.Ratio) {
		all[at] = ratio.Max(all[at], votes)
	}
	for _, i := range sc.undecided {
		k := &sc.candidates[i]
		for n, r := range k.Rules {
			if sc.decided[i].never&(1<<n) != 0 {
				continue
			}
			if err := sc.suspendMost(ctx, j, &sc.search.rules[r], k, raise); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// suspendMost calls raise with the most votes that s could suspend for candidate k in any
// assignment.
func (sc *scope) suspendMost(ctx context.Context, j *evaluation, s *law.Statute, k *Candidate, raise func(at int32, votes ratio.Ratio)) error {
	grouped := s.Kind == law.TestMutual && s.Group
	if s.CountsSuspended || !grouped && s.Effect != law.EffectSmaller {
		return j.suspend(ctx, s, k, raise)
	}
	of := [][]int32{k.Stakes}
	if grouped { // the assignment decides whose stakes are suspended
		for _, other := range sc.candidates[k.First:k.End] {
			of = append(of, other.Stakes)
		}
	}
	for _, stakes := range of {
		for _, at := range stakes {
			raise(at, sc.g.Stake(&sc.g.Votes, sc.stakes[at]))
		}
	}
	return nil
}

// onlyReading reports whether the reading in which both runs end is the only one, because the law
// can suspend votes of at most one stake, and then only all of them. The run from no suspended votes
// has tried none of the two assignments but where it began and ended.
func (sc *scope) onlyReading(ctx context.Context, r runs, most, none []ratio.Ratio) (bool, error) {
	if !sc.oneStake(most) {
		return false, nil
	}
	if found := r.low.last.votes; !equal(found, none) || equal(most, none) {
		return true, nil
	}
	v, err := sc.evaluate(ctx, most)
	return err == nil && !equal(v.votes, most), err
}

// oneStake reports whether the law can suspend votes of at most one stake, and then only all of
// them.
func (sc *scope) oneStake(most []ratio.Ratio) bool {
	n := 0
	for i, v := range most {
		if v.IsZero() {
			continue
		}
		if n++; n > 1 || !v.Equal(sc.g.Stake(&sc.g.Votes, sc.stakes[i])) {
			return false
		}
	}
	return true
}

// Limits of the tightening of bounds, in rounds and in stakes read. If it stops early, the
// bounds are wider than necessary.
const (
	maxTightenings = 32
	maxTightenWork = 20_000_000
)

// rounds returns the number of times that the bounds may be tightened. Each time may read
// all stakes of the subgraph for every candidate whose test is undecided.
func (sc *scope) rounds() int {
	undecided := 1
	for _, i := range sc.undecided {
		k := &sc.candidates[i]
		for n, r := range k.Rules {
			if !independent(&sc.search.rules[r]) && sc.decided[i].never&(1<<n) == 0 {
				undecided++
				break
			}
		}
	}
	return min(maxTightenings, maxTightenWork/(undecided*(len(sc.sub.g.Issuer)+1)))
}

// bound bounds the suspended votes of all readings, from the most that the law could
// suspend.
func (sc *scope) bound(ctx context.Context, most []ratio.Ratio) (bounds, error) {
	rounds := sc.rounds()
	b := bounds{make([]ratio.Ratio, len(most)), most, rounds == 0}
	for range rounds {
		if equal(b.lower, b.upper) {
			break
		}
		if ctx.Err() != nil {
			return bounds{}, stopped(ctx)
		}
		least, most, err := sc.tighten(ctx, b.lower, b.upper)
		if err != nil {
			return bounds{}, err
		}
		if equal(least, b.lower) && equal(most, b.upper) {
			break
		}
		b.lower, b.upper = least, most
	}
	return b, nil
}

// tightening evaluates each test within bounds: with the votes that favor it least and with
// those that favor it most. It keeps the answers on control that several tests need.
type tightening struct {
	scope        *scope
	lower, upper []ratio.Ratio
	votes        [2]*tally.Tally // by side
	ownVotes     [2]*tally.Tally // the same without votes cast for another's money
	groups       map[boundsKey]*majority.Group
}

// tighten evaluates all rules once within bounds and returns new ones.
func (sc *scope) tighten(ctx context.Context, lower, upper []ratio.Ratio) (least, most []ratio.Ratio, err error) {
	b := &tightening{scope: sc, lower: lower, upper: upper}
	least, most = make([]ratio.Ratio, len(upper)), make([]ratio.Ratio, len(upper))
	j := &evaluation{scope: sc, assignment: make([]ratio.Ratio, len(upper))}
	raise := func(assignment []ratio.Ratio, within []ratio.Ratio) func(int32, ratio.Ratio) {
		return func(at int32, votes ratio.Ratio) {
			if within != nil && within[at].Less(votes) {
				votes = within[at]
			}
			assignment[at] = ratio.Max(assignment[at], votes)
		}
	}
	for _, i := range sc.undecided {
		k, d := &sc.candidates[i], sc.decided[i]
		allSuspended, err := b.suspendsAll(ctx, j, k, d)
		if err != nil {
			return nil, nil, err
		}
		for n, r := range k.Rules {
			s, bit := &sc.search.rules[r], uint64(1)<<n
			if d.never&bit != 0 || allSuspended && d.always&bit == 0 && !(s.Kind == law.TestMutual && s.Group) {
				continue
			}
			every, some := d.always&bit != 0, true
			if !every {
				if every, some, err = b.applies(ctx, s, k); err != nil {
					return nil, nil, err
				}
			}
			if some {
				if err = sc.suspendMost(ctx, j, s, k, raise(most, upper)); err != nil {
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

// constant reports whether s suspends the same votes in every assignment in which it
// applies.
func constant(s *law.Statute) bool {
	switch {
	case s.CountsSuspended, s.Kind == law.TestControls:
		return true
	case s.Kind == law.TestMutual && s.Group:
		return false
	}
	return s.Effect == "" || s.Effect == law.EffectAll
}

// suspendsAll reports whether a rule that applies in every assignment suspends all votes
// of candidate k. Other rules then have nothing left to suspend.
func (b *tightening) suspendsAll(ctx context.Context, j *evaluation, k *Candidate, d decided) (bool, error) {
	c := b.scope
	for n, r := range k.Rules {
		s := &c.search.rules[r]
		if d.always&(1<<n) == 0 || s.Kind == law.TestMutual || s.Fiduciary != "" || s.Effect != "" && s.Effect != law.EffectAll {
			continue
		}
		all := true
		err := j.suspend(ctx, s, k, func(at int32, votes ratio.Ratio) {
			all = all && votes.Equal(c.g.Stake(&c.g.Votes, c.stakes[at]))
		})
		if err != nil || all {
			return all, err
		}
	}
	return false, nil
}

// applies reports whether s suspends the holder of candidate k in every assignment within
// the bounds, and in some.
func (b *tightening) applies(ctx context.Context, s *law.Statute, k *Candidate) (every, some bool, err error) {
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
	if s.Tiers && !e {
		_, found, err := (&evaluation{scope: b.scope}).tier(ctx, s, k.Issuer, k.Holder)
		if err != nil {
			return false, false, err
		}
		e, m = found, m || found
	}
	and(e, m)
	switch {
	case s.Effect == law.EffectSmaller:
		and(false, true)
	case s.Kind == law.TestMutual:
		e, m, err = b.passes(ctx, s, k.Holder, k.Issuer)
		and(e, m)
		if s.Effect == law.EffectSecondToCross && b.scope.search.earlier(s, k) {
			and(false, false)
		}
	}
	return every, some, err
}

// controls reports whether x controls y by s's definition of control in every assignment
// within the bounds, and in some. A presumption is assumed to hold in some assignment if x
// can have its votes there, and in every assignment only if x has a majority.
func (b *tightening) controls(ctx context.Context, x, y int32, s *law.Statute) (every, some bool, err error) {
	if byShares(s) { // the same in every assignment
		every, err = (&evaluation{scope: b.scope}).controls(ctx, x, y, s)
		return every, every, err
	}
	p := b.scope.sub
	if p.number != nil && !(p.mayControl(x) && p.mayBeControlled(y)) {
		return false, false, nil
	}
	g, err := b.group(ctx, x, s, inSome)
	if err != nil || !g.Controls(p.localIndex(y)) {
		return false, false, err
	}
	if g, err = b.group(ctx, x, s, inEvery); err != nil {
		return false, false, err
	}
	return g.Controls(p.localIndex(y)), true, nil
}

// group returns x with all that it controls, in every assignment or in some.
func (b *tightening) group(ctx context.Context, x int32, s *law.Statute, in side) (*majority.Group, error) {
	p := b.scope.sub
	rule := p.ruleWithFacts(s)
	if pr := rule.Presume; pr != nil {
		if rule.Presume = nil; in == inSome {
			rule = majority.Rule{Num: pr.Num, Den: pr.Den, Strict: pr.Strict, Facts: rule.Facts}
		}
	}
	key := boundsKey{
		node: p.localIndex(x), num: rule.Num, den: rule.Den, strict: rule.Strict,
		side: in, countsSuspended: s.CountsSuspended, ownVotes: s.OwnVotes && p.own != nil,
	}
	if s.CountsSuspended {
		key.side = inEvery
	}
	if rule.Facts != nil {
		key.facts = CountingOf(s)
	}
	if g := b.groups[key]; g != nil {
		return g, nil
	}
	g, err := b.votesOf(key).Engine.Group(ctx, rule, key.node)
	if err != nil {
		return nil, fmt.Errorf("crossholding: control by %s: %w", p.g.IDs.At(key.node), err)
	}
	if b.groups == nil {
		b.groups = make(map[boundsKey]*majority.Group)
	}
	b.groups[key] = g
	return g, nil
}

// votesOf returns the votes that count in a question of control.
func (b *tightening) votesOf(key boundsKey) *tally.Tally {
	p := b.scope.sub
	switch {
	case key.countsSuspended && key.ownVotes:
		return p.allOwnVotes()
	case key.countsSuspended:
		return p.allVotes()
	}
	votes, count := &b.votes, p.tallyOf
	if key.ownVotes {
		votes, count = &b.ownVotes, p.ownTallyOf
	}
	if votes[key.side] == nil {
		taken, fromBase := b.upper, b.lower // the votes that favor control least
		if key.side == inSome {
			taken, fromBase = b.lower, b.upper
		}
		votes[key.side] = count(taken, fromBase)
	}
	return votes[key.side]
}

// passes reports whether x holds enough of y for s in every assignment within the bounds,
// and in some.
func (b *tightening) passes(ctx context.Context, s *law.Statute, x, y int32) (every, some bool, err error) {
	g := b.scope.g
	m, who, base := measured(g, s, y)
	surely, err := b.members(ctx, s, x, inEvery)
	if err != nil {
		return false, false, err
	}
	perhaps, err := b.members(ctx, s, x, inSome)
	if err != nil {
		return false, false, err
	}
	suspended := excludesSuspended(s)
	var sure, possible, surelySuspended, possiblySuspended ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		has := g.Stake(m, e)
		least, most := has, has
		if at, ok := b.scope.place(e); ok && suspended {
			least, most = has.Sub(b.upper[at]), has.Sub(b.lower[at])
			surelySuspended, possiblySuspended = surelySuspended.Add(b.lower[at]), possiblySuspended.Add(b.upper[at])
		}
		if !countsFor(s, g, e) {
			continue
		}
		if surely(who[e]) {
			sure = sure.Add(least)
		}
		if perhaps(who[e]) {
			possible = possible.Add(most)
		}
	}
	maxBase, minBase := base.Sub(surelySuspended), base.Sub(possiblySuspended)
	some = s.Passed(possible, minBase) || minBase.Less(possible)
	return s.Passed(sure, maxBase), some, nil
}

// members returns a test for x and the companies that it controls, in every assignment or
// in some.
func (b *tightening) members(ctx context.Context, s *law.Statute, x int32, in side) (func(int32) bool, error) {
	if byShares(s) && s.Group { // the same in every assignment
		return (&evaluation{scope: b.scope}).members(ctx, x, s)
	}
	p := b.scope.sub
	if !s.Group || p.number != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	g, err := b.group(ctx, x, s, in)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who == x || who != graph.None && g.Has(p.localIndex(who)) }, nil
}
