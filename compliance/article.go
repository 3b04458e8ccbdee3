package compliance

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// art52 applies article 52: the products along chains.
func (b *ownerRun) art52(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingProduct {
		return nil
	}
	return b.interests(ctx, TestInterest, b.company, nil)
}

// ground returns a ground with the article of its test.
func (b *ownerRun) ground(test OwnerTest, basis Basis, fraction ratio.Ratio) Ground {
	return Ground{Test: test, Citation: testArticle[test], Basis: basis, Fraction: fraction, Threshold: b.opt.Threshold, AtLeast: !b.opt.Exceed}
}

// controlGround returns a ground of control.
func (b *ownerRun) controlGround(test OwnerTest, basis Basis, fraction ratio.Ratio) Ground {
	g := b.ground(test, basis, fraction)
	g.Threshold, g.AtLeast = b.opt.ControlThreshold, false
	return g
}

// interests adds everyone who has enough of company c, by each basis.
func (b *ownerRun) interests(ctx context.Context, test OwnerTest, c int32, through []string) error {
	for _, m := range b.by {
		list, err := b.owners(ctx, m, c)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !s.Amount.Reaches(b.opt.Threshold, !b.opt.Exceed) {
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

// outsiders calls visit for every node above the company that issues no shares.
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

// art53 applies article 53(2): more than half on every level.
func (b *ownerRun) art53(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingControl {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.by {
			g, err := m.tally.Group(ctx, b.rule(), x)
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

// art53Agreements applies article 53(3)(a): a majority of the votes shared by persons
// acting in concert. It reads the concerts from the book's agreements.
func (b *ownerRun) art53Agreements(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR && b.opt.Reading != ReadingControl {
		return nil
	}
	for ag := range b.g.Agreements() {
		if ag.Kind != crossholding.AgreementConcert || ag.Issuer != "" && ag.Issuer != b.g.ID(b.company) {
			continue
		}
		nodes := make([]int32, len(ag.Holders))
		for i, h := range ag.Holders {
			var err error
			if nodes[i], err = b.g.Node(h); err != nil {
				return err
			}
		}
		if err := b.concert(ctx, &ag, nodes); err != nil {
			return err
		}
	}
	return nil
}

// votes returns the interest by votes.
func (b *ownerRun) votes() *interest { return b.by[1] }

// concert adds the members of a concert that controls the company together.
func (b *ownerRun) concert(ctx context.Context, ag *crossholding.Agreement, members []int32) error {
	m := b.votes()
	g, err := m.tally.Group(ctx, b.rule(), members...)
	if err != nil {
		return err
	}
	if !g.Controls(b.company) {
		return nil
	}
	for _, x := range members {
		if b.g.HasShares(x) {
			continue
		}
		ground := b.controlGround(TestConcert, m.basis, m.heldBy(g))
		ground.Agreement = ag.ID
		if err := b.add(ctx, owner{node: x}, ground); err != nil {
			return err
		}
	}
	return nil
}

// directiveMeans is the article of other means of control in the directive.
const directiveMeans = "Directive (EU) 2015/849, art. 3(6)(a)(i)"

// otherMeans applies article 53(3) and (4), or the words of the directive on control via
// other means: it adds whoever controls the company by a fact, or by facts and votes on
// different levels.
func (b *ownerRun) otherMeans(ctx context.Context) error {
	if b.opt.Reading == ReadingProduct {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		g, err := b.group(ctx, b.votes(), x)
		if err != nil || !g.Controls(b.company) {
			return err
		}
		for _, ground := range b.meansOf(g, x) {
			if b.opt.Reading == ReadingDirective {
				ground.Citation = directiveMeans
			}
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// meansOf returns the grounds of control by other means of x, whose group controls the
// company.
func (b *ownerRun) meansOf(g *crossholding.NodeGroup, x int32) []Ground {
	var out []Ground
	for _, f := range g.Facts(b.company) {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.votes().heldBy(g))
		if f.Fact.Agreement != "" {
			ground = b.controlGround(TestBoard, BasisBoard, f.Fact.Seats)
			ground.Threshold, ground.Agreement = ratio.Of(1, 2), f.Fact.Agreement
		}
		for _, n := range f.Controllers {
			if n != x {
				ground.Through = append(ground.Through, b.g.ID(n))
				ground.Facts = append(ground.Facts, factsOf(g.Proof(n))...)
			}
		}
		ground.Facts = append(ground.Facts, f.Fact)
		out = append(out, ground)
	}
	proof := g.Proof(b.company)
	if facts := factsOf(proof); len(out) == 0 && len(facts) > 0 {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.votes().heldBy(g))
		ground.Facts = facts
		for _, s := range proof.Steps[:len(proof.Steps)-1] {
			ground.Through = append(ground.Through, s.Company)
		}
		slices.Sort(ground.Through)
		out = append(out, ground)
	}
	return out
}

// factsOf returns the facts of a proof.
func factsOf(p crossholding.Proof) []crossholding.Fact {
	var out []crossholding.Fact
	for _, s := range p.Steps {
		if s.Fact != nil {
			out = append(out, *s.Fact)
		}
	}
	return out
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

// directInterests tests the direct interests of a party together with those of the
// companies under its control. It multiplies nothing.
func (b *ownerRun) directInterests(ctx context.Context, test OwnerTest) error {
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.by {
			g, err := b.group(ctx, m, x)
			if err != nil {
				return err
			}
			ground := b.ground(test, m.basis, m.heldBy(g))
			if test == TestDirectInterest {
				ground.AtLeast = false
			}
			if !ground.Fraction.Reaches(ground.Threshold, ground.AtLeast) {
				continue
			}
			for _, h := range m.held {
				if g.Controls(h.Node) {
					ground.Through = append(ground.Through, b.g.ID(h.Node))
				}
			}
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

// art54 applies article 54: control of a company that has an interest (a), and an
// interest in a company that has control (b).
func (b *ownerRun) art54(ctx context.Context) error {
	if b.opt.Reading != ReadingAMLR {
		return nil
	}
	if err := b.directInterests(ctx, TestControlledInterest); err != nil {
		return err
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

// controls reports whether h controls the company by any basis.
func (b *ownerRun) controls(ctx context.Context, h int32) (bool, error) {
	for _, m := range b.by {
		g, err := b.group(ctx, m, h)
		if err != nil || g.Controls(b.company) {
			return err == nil, err
		}
	}
	return false, nil
}

// directive applies the older rule: more than the threshold, held directly or by
// companies under control.
func (b *ownerRun) directive(ctx context.Context) error {
	if b.opt.Reading != ReadingDirective {
		return nil
	}
	return b.directInterests(ctx, TestDirectInterest)
}
