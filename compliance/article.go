package compliance

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// tests reports whether the rule has a test.
func (b *ownerRun) tests(t OwnerTest) bool {
	return slices.ContainsFunc(b.rule.Tests, func(l OwnerLimb) bool { return l.Test == t })
}

// ground returns a ground with the article of its test.
func (b *ownerRun) ground(test OwnerTest, basis Basis, fraction ratio.Ratio) Ground {
	g := Ground{Test: test, Basis: basis, Fraction: fraction, Threshold: b.rule.Threshold, AtLeast: b.rule.AtLeast}
	for _, l := range b.rule.Tests {
		if l.Test == test {
			g.Citation = l.Citation
		}
	}
	return g
}

// controlGround returns a ground of control.
func (b *ownerRun) controlGround(test OwnerTest, basis Basis, fraction ratio.Ratio) Ground {
	g := b.ground(test, basis, fraction)
	g.Threshold, g.AtLeast = b.rule.ControlThreshold, false
	return g
}

// counted returns the interests that the rule counts.
func (b *ownerRun) counted() []*interest {
	var out []*interest
	for _, m := range b.by {
		if slices.Contains(b.rule.Bases, m.basis) {
			out = append(out, m)
		}
	}
	return out
}

// votes returns the interest by votes.
func (b *ownerRun) votes() *interest { return b.by[1] }

// interest adds everyone who has enough of the company by products along chains.
func (b *ownerRun) interest(ctx context.Context) error {
	if !b.tests(TestInterest) {
		return nil
	}
	return b.interests(ctx, TestInterest, b.company, nil)
}

// interests adds everyone who has enough of company c, by each basis.
func (b *ownerRun) interests(ctx context.Context, test OwnerTest, c int32, through []string) error {
	for _, m := range b.counted() {
		list, err := b.owners(ctx, m, c)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !s.Amount.Reaches(b.rule.Threshold, b.rule.AtLeast) {
				continue
			}
			ground := b.ground(test, m.basis, s.Amount)
			ground.Through = through
			if err := b.add(ctx, owner{s.Node, s.Float}, ground); err != nil {
				return err
			}
		}
	}
	return nil
}

// outsiders calls visit for every node behind the company that issues no shares.
func (b *ownerRun) outsiders(ctx context.Context, visit func(int32) error) error {
	stage := progress.Start(ctx, "beneficial owners", len(b.above), 1)
	for i, x := range b.above {
		stage.At(i)
		if b.g.HasShares(x) {
			continue
		}
		if err := visit(x); err != nil {
			return err
		}
	}
	stage.End()
	return nil
}

// control adds everyone who controls the company on every level by more than half.
func (b *ownerRun) control(ctx context.Context) error {
	if !b.tests(TestControl) {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.counted() {
			g, err := b.byShares(ctx, m, x)
			if err != nil {
				return err
			}
			if !g.Controls(b.company) {
				continue
			}
			ground := b.controlGround(TestControl, m.basis, m.heldBy(g))
			steps := g.Proof(b.company).Steps
			for _, s := range steps[:len(steps)-1] {
				ground.Through = append(ground.Through, s.Company)
			}
			slices.Sort(ground.Through)
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// outvotes reports whether what a group has of the company is enough to control it,
// whether or not it also controls it by a fact.
func (b *ownerRun) outvotes(m *interest, g *crossholding.NodeGroup) bool {
	m = b.deciding(m)
	base := m.tally.Base(b.company)
	return !base.IsZero() && g.Votes(b.company).Div(base).Reaches(b.rule.ControlThreshold, false)
}

// through returns the companies under a group's control that have some of the company.
func (b *ownerRun) through(m *interest, g *crossholding.NodeGroup) []string {
	var out []string
	for _, h := range m.held {
		if g.Controls(h.Node) && h.Node != b.company {
			out = append(out, b.g.ID(h.Node))
		}
	}
	return out
}

// ownersInConcert adds the members of every concert that controls the company: a majority of the
// votes shared by persons acting in concert.
func (b *ownerRun) ownersInConcert(ctx context.Context) error {
	if !b.tests(TestConcert) {
		return nil
	}
	for _, p := range b.concerts {
		share, controls, err := b.concertControls(ctx, &p)
		if err != nil {
			return err
		}
		for _, x := range p.Members {
			if b.g.HasShares(x) || !controls {
				continue
			}
			ground := b.controlGround(TestConcert, BasisVotes, share)
			ground.Agreement = p.Agreement
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
	}
	return nil
}

// concertControls reports whether the members of a concert control the company together by
// votes, and the fraction of its votes that they have. If the concert is about one company,
// they act together only there, and what that company controls is under their control.
func (b *ownerRun) concertControls(ctx context.Context, p *crossholding.Concert) (share ratio.Ratio, controls bool, err error) {
	m := b.votes()
	if p.Over == crossholding.NoNode {
		g, err := m.tally.Group(ctx, b.majority(), p.Members...)
		if err != nil {
			return share, false, err
		}
		return m.heldBy(g), b.outvotes(m, g), nil
	}
	union, err := b.union(ctx, m, p.Members)
	if err != nil {
		return share, false, err
	}
	share = sumIn(m.tally.Fractions(p.Over), union)
	if p.Over == b.company || !share.Reaches(b.rule.ControlThreshold, false) {
		return share, p.Over == b.company && share.Reaches(b.rule.ControlThreshold, false), nil
	}
	g, err := b.group(ctx, m, p.Over)
	if err != nil {
		return share, false, err
	}
	return m.heldBy(g), b.outvotes(m, g), nil
}

// union returns the nodes of the groups of several parties, each by itself.
func (b *ownerRun) union(ctx context.Context, m *interest, nodes []int32) (map[int32]bool, error) {
	out := map[int32]bool{}
	for _, x := range nodes {
		g, err := b.group(ctx, m, x)
		if err != nil {
			return nil, err
		}
		for y := range g.Nodes() {
			out[y] = true
		}
	}
	return out, nil
}

// sumIn adds up the amounts of some nodes.
func sumIn(list []crossholding.Holding, nodes map[int32]bool) ratio.Ratio {
	var sum ratio.Ratio
	for _, h := range list {
		if nodes[h.Node] {
			sum = sum.Add(h.Amount)
		}
	}
	return sum
}

// heldBy returns the fraction of the company that the members of a group have directly.
func (m *interest) heldBy(g *crossholding.NodeGroup) ratio.Ratio {
	var sum ratio.Ratio
	for _, h := range m.held {
		if g.Has(h.Node) {
			sum = sum.Add(h.Amount)
		}
	}
	return sum
}

// directInterest tests the direct interests of a party together with those of the
// companies under its control. It multiplies nothing.
func (b *ownerRun) directInterest(ctx context.Context) error {
	return b.directInterests(ctx, TestDirectInterest)
}

// controlledInterest tests the same for parties that control a company with an interest.
func (b *ownerRun) controlledInterest(ctx context.Context) error {
	return b.directInterests(ctx, TestControlledInterest)
}

func (b *ownerRun) directInterests(ctx context.Context, test OwnerTest) error {
	if !b.tests(test) {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.counted() {
			g, err := b.group(ctx, m, x)
			if err != nil {
				return err
			}
			ground := b.ground(test, m.basis, m.heldBy(g))
			if !ground.Fraction.Reaches(ground.Threshold, ground.AtLeast) {
				continue
			}
			ground.Through = b.through(m, g)
			if test == TestControlledInterest && len(ground.Through) == 0 {
				continue // article 52 covers its own stake alone
			}
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// interestInController adds everyone who has enough of a company that controls the
// company.
func (b *ownerRun) interestInController(ctx context.Context) error {
	if !b.tests(TestInterestInController) {
		return nil
	}
	for _, h := range b.above {
		if !b.g.HasShares(h) {
			continue
		}
		controls, err := b.controls(ctx, h)
		if err != nil {
			return err
		}
		if !controls {
			continue
		}
		if err := b.interests(ctx, TestInterestInController, h, []string{b.g.ID(h)}); err != nil {
			return err
		}
	}
	return nil
}

// controls reports whether h controls the company by any basis or by a fact.
func (b *ownerRun) controls(ctx context.Context, h int32) (bool, error) {
	for _, m := range b.counted() {
		g, err := b.group(ctx, m, h)
		if err != nil || g.Controls(b.company) {
			return err == nil, err
		}
	}
	return false, nil
}
