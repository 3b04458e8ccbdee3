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

// bounds bounds the suspended votes of every reading: at least lower and at most upper. If
// the two are equal, there is one reading. tighten evaluates each test with the votes that
// favor it least and with those that favor it most; the bounds tighten until nothing
// changes.
type bounds struct {
	search       *Search
	lower, upper []ratio.Ratio
	loose        bool            // there was no time to tighten
	votes        [2]*tally.Tally // by side
	ownVotes     [2]*tally.Tally // the same without votes cast for another's money
	groups       map[boundsKey]*majority.Group
}

// boundsKey identifies a group of controlled companies in [bounds]: of which node, by which
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

// openBounds bounds all readings. It also lists the open stakes of components in which the
// two runs of the iteration agree: readings other than theirs may differ there. It lists
// nothing if there is only one reading, or if the bounds would take too long to compute.
func (l *Search) openBounds(ctx context.Context, differing []int) (*bounds, []int, error) {
	known := make(map[int32]bool)
	for _, i := range differing {
		known[l.componentOf(i)] = true
	}
	most, err := l.upperBound(ctx)
	if err != nil || len(known) == 0 && l.unique(most) {
		return nil, nil, err
	}
	b, err := l.bound(ctx, most)
	if err == nil && len(known)+len(b.open(known)) > 0 && l.sub.number == nil { // a part of the graph allows more pruning, which tightens the bounds
		l.sub = l.partSubgraph()
		l.prune(ctx)
		if most, err = l.upperBound(ctx); err == nil {
			b, err = l.bound(ctx, most)
		}
	}
	if err != nil || b.loose {
		return b, nil, err
	}
	return b, b.open(known), nil
}

// open lists the stakes between whose bounds there is room, outside some components.
func (b *bounds) open(except map[int32]bool) []int {
	var out []int
	for i := range b.lower {
		if !b.lower[i].Equal(b.upper[i]) && !except[b.search.componentOf(i)] {
			out = append(out, i)
		}
	}
	return out
}

// componentOf returns the number of the strongly connected component of stake i's issuer.
func (l *Search) componentOf(i int) int32 { return l.component[l.g.Issuer[l.stakes[i]]] }

// unique reports whether the law can suspend votes of at most one stake, and then only all
// of them. Both assignments have then been evaluated, and no other reading is possible.
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

// Limits of the tightening of bounds, in rounds and in stakes read. If it stops early, the
// bounds are wider than necessary.
const (
	maxTightenings = 32
	maxTightenWork = 20_000_000
)

// rounds returns the number of times that the bounds may be tightened. Each time may read
// all stakes of the subgraph for every candidate whose test is undecided.
func (l *Search) rounds() int {
	undecided := 1
	for _, i := range l.undecided {
		k := &l.candidates[i]
		for n, r := range k.Rules {
			if !independent(&l.rules[r]) && k.never&(1<<n) == 0 {
				undecided++
				break
			}
		}
	}
	return min(maxTightenings, maxTightenWork/(undecided*(len(l.sub.g.Issuer)+1)))
}

// bound bounds the suspended votes of all readings, from the most that the law could
// suspend.
func (l *Search) bound(ctx context.Context, most []ratio.Ratio) (*bounds, error) {
	b := &bounds{search: l, lower: make([]ratio.Ratio, len(most)), upper: most}
	rounds := l.rounds()
	b.loose = rounds == 0
	for range rounds {
		if equal(b.lower, b.upper) {
			break
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
	return b, nil
}

// tighten evaluates all rules once under the present bounds and returns new ones.
func (b *bounds) tighten(ctx context.Context) (least, most []ratio.Ratio, err error) {
	b.votes, b.ownVotes, b.groups = [2]*tally.Tally{}, [2]*tally.Tally{}, nil
	l := b.search
	least, most = make([]ratio.Ratio, len(b.upper)), make([]ratio.Ratio, len(b.upper))
	j := &evaluation{search: l, assignment: make([]ratio.Ratio, len(b.upper))}
	raise := func(assignment []ratio.Ratio, within []ratio.Ratio) func(int32, ratio.Ratio) {
		return func(at int32, votes ratio.Ratio) {
			if within != nil && within[at].Less(votes) {
				votes = within[at]
			}
			assignment[at] = ratio.Max(assignment[at], votes)
		}
	}
	for _, i := range l.undecided {
		k := &l.candidates[i]
		allSuspended, err := b.suspendsAll(ctx, j, k)
		if err != nil {
			return nil, nil, err
		}
		for n, r := range k.Rules {
			s, bit := &l.rules[r], uint64(1)<<n
			if k.never&bit != 0 || allSuspended && k.always&bit == 0 && !(s.Kind == law.TestMutual && s.Group) {
				continue
			}
			every, some := k.always&bit != 0, true
			if !every {
				if every, some, err = b.applies(ctx, s, k); err != nil {
					return nil, nil, err
				}
			}
			if some {
				if err = l.suspendMost(ctx, j, s, k, raise(most, b.upper)); err != nil {
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
func (b *bounds) suspendsAll(ctx context.Context, j *evaluation, k *Candidate) (bool, error) {
	l := b.search
	for n, r := range k.Rules {
		s := &l.rules[r]
		if k.always&(1<<n) == 0 || s.Kind == law.TestMutual || s.Fiduciary != "" || s.Effect != "" && s.Effect != law.EffectAll {
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

// applies reports whether s suspends the holder of candidate k in every assignment within
// the bounds, and in some.
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
	if s.Tiers && !e {
		_, found, err := (&evaluation{search: b.search}).tier(ctx, s, k.Issuer, k.Holder)
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
		if s.Effect == law.EffectSecondToCross && b.search.earlier(s, k) {
			and(false, false)
		}
	}
	return every, some, err
}

// controls reports whether x controls y by s's definition of control in every assignment
// within the bounds, and in some. A presumption is assumed to hold in some assignment if x
// can have its votes there, and in every assignment only if x has a majority.
func (b *bounds) controls(ctx context.Context, x, y int32, s *law.Statute) (every, some bool, err error) {
	if byShares(s) { // the same in every assignment
		every, err = (&evaluation{search: b.search}).controls(ctx, x, y, s)
		return every, every, err
	}
	p := b.search.sub
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
func (b *bounds) group(ctx context.Context, x int32, s *law.Statute, in side) (*majority.Group, error) {
	p := b.search.sub
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
func (b *bounds) votesOf(key boundsKey) *tally.Tally {
	p := b.search.sub
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
func (b *bounds) passes(ctx context.Context, s *law.Statute, x, y int32) (every, some bool, err error) {
	l, g := b.search, b.search.g
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
		if at, ok := l.place(e); ok && suspended {
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
func (b *bounds) members(ctx context.Context, s *law.Statute, x int32, in side) (func(int32) bool, error) {
	if byShares(s) && s.Group { // the same in every assignment
		return (&evaluation{search: b.search}).members(ctx, x, s)
	}
	p := b.search.sub
	if !s.Group || p.number != nil && !p.mayControl(x) {
		return func(who int32) bool { return who == x }, nil
	}
	g, err := b.group(ctx, x, s, in)
	if err != nil {
		return nil, err
	}
	return func(who int32) bool { return who == x || who != graph.None && g.Has(p.localIndex(who)) }, nil
}
