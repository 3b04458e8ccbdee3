package suspension

import (
	"context"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// prune marks the rules that bite in no state of the law, so that they are
// asked once and not in every state, and lists the cases that have others. An
// alliance that is its own precinct is too small to gain by it.
func (l *Search) prune(ctx context.Context) {
	l.undecided = make([]int32, 0, len(l.candidates))
	for i := range l.candidates {
		if i&0xff == 0xff && ctx.Err() != nil {
			return // the caller sees it
		}
		k := &l.candidates[i]
		open := l.sub.number == nil || len(k.Rules) > 64
		for n, r := range k.Rules[:min(64, len(k.Rules))] {
			if l.sub.number != nil && l.cannotApply(&l.rules[r], k) {
				k.never |= 1 << n
			} else {
				open = true
			}
		}
		if open {
			l.undecided = append(l.undecided, int32(i))
		}
	}
}

// cannotApply reports whether s suspends the holder of case k in no state of the law,
// as far as can be told beforehand.
func (l *Search) cannotApply(s *law.Statute, k *Candidate) bool {
	if s.Kind == law.TestControls {
		return !l.sub.mayControl(k.Issuer) || !l.sub.mayBeControlled(k.Holder)
	}
	return l.cannotReach(s, k.Issuer, k.Holder) || s.Kind == law.TestMutual && l.cannotReach(s, k.Holder, k.Issuer)
}

// cannotReach reports whether x's part of y, as s measures it, passes the limit in
// no state of the law. In any state x has at most the votes of all that its
// circle might control, less those of them that are suspended; that is the greatest
// part of the base when none of these is suspended and all others are that may be.
func (l *Search) cannotReach(s *law.Statute, x, y int32) bool {
	g, circle := l.g, l.component
	m, who, base := measured(g, s, y)
	suspended := excludesSuspended(s)
	inside := func(x int32) bool { return x != graph.None && circle[x] == circle[y] }
	group := s.Group && l.sub.mayControl(x)
	var have ratio.Ratio
	from, to := g.Column(y)
	for e := from; e < to; e++ {
		switch z := who[e]; {
		case z == x, group && inside(z) && l.sub.mayBeControlled(z):
			have = have.Add(g.Stake(m, e))
		case suspended && (inside(g.Holder[e]) || inside(g.Beneficiary[e]) || inside(g.Voter[e])):
			base = base.Sub(g.Stake(m, e))
		}
	}
	return !base.Less(have) && !s.Passed(have, base)
}
