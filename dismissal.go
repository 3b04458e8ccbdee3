package crossholding

import (
	"context"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// dismiss marks the rules that bite in no state of the law, so that they are
// asked once and not in every state, and lists the cases that have others. An
// alliance that is its own precinct is too small to gain by it.
func (l *lawSearch) dismiss(ctx context.Context) {
	l.open = make([]int32, 0, len(l.cases))
	for i := range l.cases {
		if i&0xff == 0xff && ctx.Err() != nil {
			return // the caller sees it
		}
		k := &l.cases[i]
		open := l.within.local == nil || len(k.rules) > 64
		for n, r := range k.rules[:min(64, len(k.rules))] {
			if l.within.local != nil && l.never(&l.rules[r], k) {
				k.no |= 1 << n
			} else {
				open = true
			}
		}
		if open {
			l.open = append(l.open, int32(i))
		}
	}
}

// never reports whether s silences the holder of case k in no state of the law,
// as far as can be told beforehand.
func (l *lawSearch) never(s *law.Statute, k *lawCase) bool {
	if s.Kind == law.TestControls {
		return !l.within.mayControl(k.issuer) || !l.within.mayBeControlled(k.holder)
	}
	return l.neverHolds(s, k.issuer, k.holder) || s.Kind == law.TestMutual && l.neverHolds(s, k.holder, k.issuer)
}

// neverHolds reports whether x's part of y, as s measures it, passes the limit in
// no state of the law. In any state x has at most the votes of all that its
// circle might control, less those of them that are silent; that is the greatest
// part of the base when none of these is silent and all others are that may be.
func (l *lawSearch) neverHolds(s *law.Statute, x, y int32) bool {
	g, circle := l.g, l.circle
	m, who, base := measured(g, s, y)
	silenced := excludesSuspended(s)
	inside := func(x int32) bool { return x != graph.None && circle[x] == circle[y] }
	group := s.Group && l.within.mayControl(x)
	var have ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		switch z := who[e]; {
		case z == x, group && inside(z) && l.within.mayBeControlled(z):
			have = have.Add(g.Stake(m, e))
		case silenced && (inside(g.Holder[e]) || inside(g.Beneficiary[e]) || inside(g.Voter[e])):
			base = base.Sub(g.Stake(m, e))
		}
	}
	return !base.Less(have) && !s.Passed(have, base)
}
