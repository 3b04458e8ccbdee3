package crossholding

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// VotesWithin is Votes with the law's questions of control answered in the
// whole network, the straightforward way, or in the part that matters, however
// small the book is.
func (a *Alliance) VotesWithin(ctx context.Context, opt VotingOptions, whole bool) (*Votes, error) {
	if err := opt.check(ctx); err != nil {
		return nil, err
	}
	l, err := newLaw(ctx, a, opt)
	if err != nil {
		return nil, err
	}
	v := &Votes{a: a, opt: opt, law: l}
	if v.law.within = v.law.wholePrecinct(); !whole {
		v.law.within = v.law.partPrecinct()
	}
	if err := v.law.settle(ctx); err != nil {
		return nil, err
	}
	v.silence()
	v.contracts()
	return v, nil
}

// CirclesByTrial finds the readings of each circle in which law and control lead
// in a circle by trying all votes and none for every stake of the circle, in the
// whole network. It is for statutes that take all votes or none.
func (a *Alliance) CirclesByTrial(ctx context.Context, opt VotingOptions) ([]Circle, error) {
	l, low, high, err := a.lawOfAll(ctx, opt)
	if err != nil {
		return nil, err
	}
	g := &a.graph
	byCircle, order := map[int32][]int32{}, []int32{}
	for _, i := range low.against(high) {
		c := l.circle[g.Issuer[l.stakes[i]]]
		if byCircle[c] == nil {
			order = append(order, c)
			for i, e := range l.stakes {
				if l.circle[g.Issuer[e]] == c {
					byCircle[c] = append(byCircle[c], int32(i))
				}
			}
		}
	}
	var out []Circle
	for _, c := range order {
		var k Circle
		for choice := range 1 << len(byCircle[c]) {
			state := slices.Clone(low.state)
			for n, i := range byCircle[c] {
				if state[i] = (ratio.Ratio{}); choice>>n&1 != 0 {
					state[i] = g.Stake(&g.Votes, l.stakes[i])
				}
			}
			next, err := l.judge(ctx, state)
			if err != nil {
				return nil, err
			}
			same := func(i int32) bool { return next[i].Equal(state[i]) }
			if !slices.ContainsFunc(byCircle[c], func(i int32) bool { return !same(i) }) {
				var taken []ratio.Ratio
				for _, i := range byCircle[c] {
					taken = append(taken, state[i])
				}
				k.Readings = append(k.Readings, l.reading(taken, byCircle[c]))
			}
		}
		out = append(out, k)
	}
	return out, nil
}

// lawOfAll returns the law with the whole network as its precinct, and both ends
// of its search.
func (a *Alliance) lawOfAll(ctx context.Context, opt VotingOptions) (l *lawSearch, low, high *trace, err error) {
	if err = opt.check(ctx); err != nil {
		return
	}
	if l, err = newLaw(ctx, a, opt); err != nil {
		return
	}
	l.within = l.wholePrecinct()
	n := len(l.stakes)
	l.by, l.could = make([]taker, n), make([]taker, n)
	l.dismiss(ctx)
	if low, err = l.iterate(ctx, make([]ratio.Ratio, n), nil); err != nil {
		return
	}
	all := make([]ratio.Ratio, n)
	for i, e := range l.stakes {
		all[i] = a.graph.Stake(&a.graph.Votes, e)
	}
	high, err = l.iterate(ctx, all, low)
	return
}
