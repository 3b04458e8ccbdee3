package compliance

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/compliance/internal/interest"
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
func (b *ownerRun) counted() []*interest.Basis {
	var out []*interest.Basis
	for _, m := range b.By {
		if slices.Contains(b.rule.Bases, ownerBases[m.Number]) {
			out = append(out, m)
		}
	}
	return out
}

// interest adds everyone who has enough of the company by products along chains.
func (b *ownerRun) interest(ctx context.Context) error {
	if !b.tests(TestInterest) {
		return nil
	}
	return b.interests(ctx, TestInterest, b.Company, nil)
}

// interests adds everyone who has enough of company c, by each basis.
func (b *ownerRun) interests(ctx context.Context, test OwnerTest, c int32, through []string) error {
	for _, m := range b.counted() {
		list, err := b.Owners(ctx, m, c)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !s.Amount.Reaches(b.rule.Threshold, b.rule.AtLeast) || s.Node == b.Company && !s.Float {
				continue // a company without shares has none of itself, but can have a controller
			}
			ground := b.ground(test, ownerBases[m.Number], s.Amount)
			ground.Through = through
			if err := b.add(ctx, owner{s.Node, s.Float}, ground); err != nil {
				return err
			}
		}
	}
	return nil
}

// outsiders calls visit for every node behind the company that can be an owner.
func (b *ownerRun) outsiders(ctx context.Context, visit func(int32) error) error {
	stage := progress.Start(ctx, "beneficial owners", len(b.Above), 1)
	for i, x := range b.Above {
		stage.At(i)
		if !b.Outside(x) {
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
			g, err := b.ByShares(ctx, m, x)
			if err != nil {
				return err
			}
			if !g.Controls(b.Company) {
				continue
			}
			ground := b.controlGround(TestControl, ownerBases[m.Number], m.HeldBy(g))
			steps := g.Proof(b.Company).Steps
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

// ownersInConcert adds the members of every concert that controls the company: by a majority of the
// votes shared by persons acting in concert, or by facts in the same way.
func (b *ownerRun) ownersInConcert(ctx context.Context) error {
	if !b.tests(TestConcert) {
		return nil
	}
	for _, p := range b.Concerts {
		together, err := b.ConcertControls(ctx, &p)
		if err != nil {
			return err
		}
		for _, x := range b.Partners(&p) {
			if !together.Controls {
				continue
			}
			ground := b.controlGround(TestConcert, BasisVotes, together.Share)
			ground.Agreement, ground.Facts = p.Agreement, together.Facts
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
	}
	return nil
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
			g, err := b.Group(ctx, m, x)
			if err != nil {
				return err
			}
			ground := b.ground(test, ownerBases[m.Number], m.HeldBy(g))
			ground.Through = b.Through(m, g)
			if test == TestControlledInterest && b.tests(TestConcert) && !ground.reached() {
				if err := b.throughPartners(ctx, &ground, m, x); err != nil {
					return err
				}
			}
			if !ground.reached() {
				continue
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

// throughPartners makes the ground one of the companies that a party controls in concert too.
func (b *ownerRun) throughPartners(ctx context.Context, ground *Ground, m *interest.Basis, x int32) error {
	a, err := b.Arrange(ctx, m, x)
	if err != nil || a == nil {
		return err
	}
	ground.Fraction, ground.Through = a.Controlled(m)
	ground.Agreement = a.Agreements()
	return nil
}

// interestInController adds everyone who has enough of a company that controls the
// company.
func (b *ownerRun) interestInController(ctx context.Context) error {
	if !b.tests(TestInterestInController) {
		return nil
	}
	for _, h := range b.Above {
		if !b.G.HasShares(h) {
			continue
		}
		controls, err := b.controls(ctx, h)
		if err != nil {
			return err
		}
		if !controls {
			continue
		}
		if err := b.interests(ctx, TestInterestInController, h, []string{b.G.ID(h)}); err != nil {
			return err
		}
	}
	return nil
}

// controls reports whether h controls the company by any basis or by a fact.
func (b *ownerRun) controls(ctx context.Context, h int32) (bool, error) {
	for _, m := range b.counted() {
		g, err := b.Group(ctx, m, h)
		if err != nil || g.Controls(b.Company) {
			return err == nil, err
		}
	}
	return false, nil
}
