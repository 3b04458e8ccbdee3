package compliance

import (
	"context"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/interest"
	"github.com/crossholding/crossholding/ratio"
)

// jointInterest tests what each party has together with its partners in concerts. It adds those
// who reach the threshold so, each with the sum, and those who have a right over the company so.
func (b *ownerRun) jointInterest(ctx context.Context) error {
	if !b.tests(TestJointInterest) || len(b.Concerts) == 0 {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		var grounds []Ground
		for _, m := range b.counted() {
			a, err := b.Arrange(ctx, m, x)
			if err != nil {
				return err
			}
			if a != nil {
				grounds = append(grounds, b.jointShare(m, a)...)
			}
		}
		a, err := b.Arrange(ctx, b.Votes(), x)
		if err != nil {
			return err
		}
		if a != nil {
			grounds = append(grounds, b.jointRights(a)...)
		}
		for _, ground := range grounds {
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// jointShare returns the ground of enough of the company, if partners add to what the party has by
// itself.
func (b *ownerRun) jointShare(m *interest.Basis, a *interest.Arrangement) []Ground {
	ground := b.ground(TestJointInterest, ownerBases[m.Number], a.Held(m))
	if !m.HeldBy(a.Alone).Less(ground.Fraction) || !ground.reached() {
		return nil
	}
	ground.Agreement = a.Agreements()
	for _, h := range m.Held {
		if a.Nodes[h.Node] && b.G.HasShares(h.Node) && h.Node != b.Company {
			ground.Through = append(ground.Through, b.G.ID(h.Node))
		}
	}
	return []Ground{ground}
}

// jointRights returns the grounds of rights over the company that the party has with its partners:
// to appoint more than half of the board, and by other means those of companies that it controls
// only with them.
func (b *ownerRun) jointRights(a *interest.Arrangement) []Ground {
	var out []Ground
	if seats, facts, through, ok := a.Board(); ok && b.tests(TestBoard) {
		ground := b.ground(TestJointInterest, BasisBoard, seats)
		ground.Threshold, ground.AtLeast = ratio.Of(1, 2), false
		ground.Facts, ground.Through, ground.Agreement = facts, through, a.Agreements()
		out = append(out, ground)
	}
	if !b.tests(TestOtherMeans) {
		return out
	}
	for _, f := range a.Gained() {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.Votes().HeldBy(a.Own))
		ground.Facts, ground.Through, ground.Agreement = []crossholding.Fact{f.Fact}, a.Through(f.Controllers), a.Agreements()
		out = append(out, ground)
	}
	return out
}
