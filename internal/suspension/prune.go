// The tests that have one result in every assignment.

package suspension

import (
	"context"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// prune marks the rules that apply in no assignment, so that they are not evaluated again.
// It lists the candidates that have other rules in l.undecided. It marks nothing if the
// subgraph is the whole graph, which is then too small to gain by it.
func (l *Search) prune(ctx context.Context) {
	l.undecided = make([]int32, 0, len(l.candidates))
	for i := range l.candidates {
		if i&0xff == 0xff && ctx.Err() != nil {
			return // the caller checks ctx
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

// decideFixed marks the rules whose tests depend on no suspended votes as those that always
// apply, or never.
func (l *Search) decideFixed(ctx context.Context) error {
	open := func(k *Candidate, n int, r int32) bool {
		return (k.always|k.never)&(1<<n) == 0 && independent(&l.rules[r])
	}
	j := &evaluation{search: l}
	return l.eachUndecided(ctx, func(i int32) error {
		k := &l.candidates[i]
		for n, r := range k.Rules[:min(64, len(k.Rules))] {
			if !open(k, n, r) {
				continue
			}
			met, err := j.applies(ctx, &l.rules[r], k)
			switch {
			case err != nil:
				return err
			case met:
				k.always |= 1 << n
			default:
				k.never |= 1 << n
			}
		}
		return nil
	})
}

// cannotApply reports whether s suspends the holder of candidate k in no assignment, as
// far as can be told beforehand.
func (l *Search) cannotApply(s *law.Statute, k *Candidate) bool {
	if s.Kind == law.TestControls {
		return !l.sub.mayControl(k.Issuer) || !l.sub.mayBeControlled(k.Holder)
	}
	return l.cannotReach(s, k.Issuer, k.Holder) || s.Kind == law.TestMutual && l.cannotReach(s, k.Holder, k.Issuer)
}

// cannotReach reports whether x's part of y, as s measures it, passes the threshold in no
// assignment. In any assignment x has at most the votes of all companies that its
// component might control, minus those that are suspended. The fraction is largest when
// none of these is suspended and all others that may be suspended are.
func (l *Search) cannotReach(s *law.Statute, x, y int32) bool {
	if byShares(s) || s.Tiers {
		return false // others than those of the component may count
	}
	g, component := l.g, l.component
	m, who, base := measured(g, s, y)
	suspended := excludesSuspended(s)
	inside := func(x int32) bool { return x != graph.None && component[x] == component[y] }
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
