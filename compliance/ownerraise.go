package compliance

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/banded"
	"github.com/crossholding/crossholding/ratio"
)

// possible looks for a completion in which a party is a beneficial owner. It reports
// whether there may be one although none was found.
func (q *ownerBoundsRun) possible(ctx context.Context, id string) (best *tried, maybe bool, err error) {
	t, contested, err := q.raiseControl(ctx, id)
	if err != nil || t.of(id) != nil {
		return t, true, err
	}
	for _, basis := range q.rule.Bases {
		if t, err = q.raiseProduct(ctx, id, slices.Index(ownerBases, basis)); err != nil {
			return nil, false, err
		}
		if t.of(id) != nil {
			return t, true, nil
		}
	}
	return nil, contested, nil
}

// raiseControl gives what a party and its group can have to them. The group only grows. It
// reports whether stakes that do not all count for the same group compete for one class.
func (q *ownerBoundsRun) raiseControl(ctx context.Context, id string) (*tried, bool, error) {
	contested := false
	next := func(t *tried) (c banded.Completion, err error) {
		mine, err := t.run.circle(ctx, id)
		if err == nil {
			c, contested = q.fill(mine)
		}
		return c, err
	}
	t, err := banded.Raise(q.banded, q.low, next, func(c banded.Completion) (*tried, error) { return q.try(ctx, c) })
	return t, contested, err
}

// fill returns the completion in which the stakes of some parties are as large as they can
// be, and then those with neutral votes, which make the votes that count fewer.
func (q *ownerBoundsRun) fill(mine map[string]bool) (c banded.Completion, contested bool) {
	rank := func(s *crossholding.Stake) ratio.Ratio {
		switch {
		case mine[cmp.Or(s.Beneficiary, s.Holder)] && mine[cmp.Or(s.Voter, s.Holder)]:
			return ratio.Int(3)
		case mine[cmp.Or(s.Beneficiary, s.Holder)] || mine[cmp.Or(s.Voter, s.Holder)]:
			return ratio.Int(2)
		case s.Voter == crossholding.Neutral:
			return ratio.Int(1)
		}
		return ratio.Ratio{}
	}
	c = q.banded.Filled(rank)
	return c, q.contested(c, rank)
}

// contested reports whether a stake of less than the highest rank is smaller than it could
// be, or whether concerts make it unclear whose stakes count.
func (q *ownerBoundsRun) contested(c banded.Completion, rank func(s *crossholding.Stake) ratio.Ratio) bool {
	for i := range q.banded.Len() {
		r := rank(q.banded.Stake(i))
		if r.Sign() > 0 && !q.banded.Full(c, i) && (r.Less(ratio.Int(3)) || len(q.low.run.Concerts) > 0) {
			return true
		}
	}
	return false
}

// circle returns a party with all that it controls by any basis, and with its partners in
// concerts if the rule counts these.
func (b *ownerRun) circle(ctx context.Context, id string) (map[string]bool, error) {
	out := map[string]bool{id: true}
	x, err := b.G.Node(id)
	if err != nil {
		return nil, err
	}
	seeds := []int32{x}
	for size := 0; size < len(seeds); {
		size = len(seeds)
		for _, m := range b.By {
			g, err := b.GroupOf(ctx, m, seeds...)
			if err != nil {
				return nil, err
			}
			for y := range g.Nodes() {
				if !slices.Contains(seeds, y) {
					seeds = append(seeds, y)
				}
			}
		}
		for _, p := range b.Concerts {
			if !b.tests(TestConcert) && !b.tests(TestJointInterest) || !slices.ContainsFunc(p.Members, func(y int32) bool { return slices.Contains(seeds, y) }) {
				continue
			}
			for _, y := range p.Members {
				if !slices.Contains(seeds, y) {
					seeds = append(seeds, y)
				}
			}
		}
	}
	for _, y := range seeds {
		out[b.G.ID(y)] = true
	}
	return out, nil
}

// raiseProduct gives shares to those of whom the party has most, until nothing changes.
func (q *ownerBoundsRun) raiseProduct(ctx context.Context, id string, basis int) (*tried, error) {
	next := func(t *tried) (banded.Completion, error) {
		worth, err := t.run.units(ctx, id, basis)
		if err != nil {
			return nil, err
		}
		return q.banded.Filled(func(s *crossholding.Stake) ratio.Ratio {
			if basis == 1 {
				return worth[cmp.Or(s.Voter, s.Holder)]
			}
			return worth[cmp.Or(s.Beneficiary, s.Holder)]
		}), nil
	}
	return banded.Raise(q.banded, q.low, next, func(c banded.Completion) (*tried, error) { return q.try(ctx, c) })
}

// units returns what one unit of a holder is worth to a party by a basis.
func (b *ownerRun) units(ctx context.Context, id string, basis int) (map[string]ratio.Ratio, error) {
	x, err := b.G.Node(id)
	if err != nil {
		return nil, err
	}
	worth, err := b.Worth(ctx, b.By[basis], x)
	out := make(map[string]ratio.Ratio, len(worth))
	for node, amount := range worth {
		out[b.G.ID(node)] = amount
	}
	return out, err
}

// interestInController returns the parties that may have enough of a company that may
// control the company.
func (q *ownerBoundsRun) interestInController(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	if !q.low.run.tests(TestInterestInController) || q.banded.Len() == 0 {
		return out, nil
	}
	for _, c := range q.wide.run.Above {
		g := q.wide.run.G
		if !g.HasShares(c) {
			continue
		}
		t, _, err := q.raiseControl(ctx, g.ID(c))
		if err != nil {
			return nil, err
		}
		h, err := t.run.G.Node(g.ID(c))
		if err != nil {
			return nil, err
		}
		controls, err := t.run.controls(ctx, h)
		if err != nil {
			return nil, err
		}
		if !controls {
			continue
		}
		for i, basis := range ownerBases {
			if !slices.Contains(q.rule.Bases, basis) || q.bounds.By[i] == nil {
				continue
			}
			list, err := q.bounds.By[i].Owners(ctx, g.ID(c))
			if err != nil {
				return nil, err
			}
			for _, o := range list {
				out[o.Holder] = out[o.Holder] || q.mayReach(&o.FirstPassage)
			}
		}
	}
	return out, nil
}

// decide finds the stakes that decide an answer, from a completion in which it is yes.
func (q *ownerBoundsRun) decide(ctx context.Context, o *BeneficialOwnerBound, best *tried) (err error) {
	d := banded.Decider{Book: q.banded, Behind: q.behind(), Is: func(c banded.Completion) (bool, error) {
		t, err := q.try(ctx, c)
		if err != nil || t.of(o.ID) == nil {
			return false, err
		}
		best = t
		return true, nil
	}, Never: func(a *crossholding.Alliance) (bool, error) { return q.never(ctx, a, o.ID) }}
	o.Yes, o.No, err = d.Decide(best.at)
	o.Grounds = best.of(o.ID)
	return err
}

// behind returns the bands of stakes in the company and in companies behind it.
func (q *ownerBoundsRun) behind() []int {
	g := q.wide.run.G
	var out []int
	for i := range q.banded.Len() {
		n, err := g.Node(q.banded.Stake(i).Issuer)
		if err == nil && (n == q.wide.run.Company || slices.Contains(q.wide.run.Above, n)) {
			out = append(out, i)
		}
	}
	return out
}

// never reports whether a party is no beneficial owner in any completion of a book, which has
// figures for some of the bands.
func (q *ownerBoundsRun) never(ctx context.Context, a *crossholding.Alliance, id string) (bool, error) {
	r, err := newOwnerBoundsRun(ctx, a, q.company, q.opt)
	if err != nil {
		return false, err
	}
	byController, err := r.interestInController(ctx)
	if err != nil || byController[id] || r.low.of(id) != nil {
		return false, err
	}
	o := BeneficialOwnerBound{ID: id}
	if err := r.intervals(ctx, &o); err != nil || r.reaches(&o) {
		return false, err
	}
	best, maybe, err := r.possible(ctx, id)
	return err == nil && best == nil && !maybe, err
}
