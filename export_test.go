package crossholding

import (
	"context"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/suspension"
	"github.com/crossholding/crossholding/ratio"
)

// VotesWithin is Votes with the law's questions of control answered in the
// whole network, the straightforward way, or in the part that matters, however
// small the book is.
func (a *Alliance) VotesWithin(ctx context.Context, opt VotingOptions, whole bool) (*Votes, error) {
	if err := opt.check(ctx, a); err != nil {
		return nil, err
	}
	v := &Votes{a: a, opt: opt}
	var err error
	if v.law, err = a.lawSearchWithin(ctx, &opt, whole); err != nil {
		return nil, err
	}
	if err = v.settle(ctx); err != nil {
		return nil, err
	}
	v.suspend(&keeper{v: v})
	v.listAgreements()
	v.contracts(&keeper{v: v})
	return v, nil
}

func (a *Alliance) lawSearchWithin(ctx context.Context, opt *VotingOptions, whole bool) (*suspension.Search, error) {
	in, err := a.lawInput(ctx, opt)
	if err != nil {
		return nil, err
	}
	if in.WholeBelow = -1; whole {
		in.WholeBelow = math.MaxInt
	}
	return suspension.New(ctx, in)
}

const maxTrial = 12

// ComponentsByTrial finds the readings of each component in which law and
// control lead in a circle by trying all votes and none for every stake of the
// component, in the whole network. It is for statutes that take all votes or none. It marks
// components of more than maxTrial stakes as incomplete.
func (a *Alliance) ComponentsByTrial(ctx context.Context, opt VotingOptions) ([]AmbiguousComponent, error) {
	if err := opt.check(ctx, a); err != nil {
		return nil, err
	}
	l, err := a.lawSearchWithin(ctx, &opt, true)
	if err != nil {
		return nil, err
	}
	doubt, err := l.Solve(ctx)
	if err != nil || doubt == nil {
		return nil, err
	}
	parts := doubt.Components()
	g := &a.graph
	component, err := a.components(ctx)
	if err != nil {
		return nil, err
	}
	start := l.Assignment()
	var out []AmbiguousComponent
	for _, p := range parts {
		c := component[g.Issuer[p.Ambiguous[0].Stake]]
		var places []int
		for i, e := range l.Stakes() {
			if component[g.Issuer[e]] == c {
				places = append(places, i)
			}
		}
		var k AmbiguousComponent
		if k.Incomplete = len(places) > maxTrial; k.Incomplete {
			out = append(out, k)
			continue
		}
		for choice := range 1 << len(places) {
			state := slices.Clone(start)
			for n, i := range places {
				if state[i] = (ratio.Ratio{}); choice>>n&1 != 0 {
					state[i] = g.Stake(&g.Votes, l.Stakes()[i])
				}
			}
			next, err := l.Evaluate(ctx, state)
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(places, func(i int) bool { return !next[i].Equal(state[i]) }) {
				continue
			}
			var r Reading
			for _, i := range places {
				if e := l.Stakes()[i]; !state[i].IsZero() {
					r.Suspended = append(r.Suspended, Reason{Holder: g.IDs.At(g.Holder[e]), Issuer: g.IDs.At(g.Issuer[e]), Votes: state[i]})
				}
			}
			k.Readings = append(k.Readings, r)
		}
		out = append(out, k)
	}
	return out, nil
}
