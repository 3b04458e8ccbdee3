package compliance

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/interest"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/ratio"
)

// facts adds everyone who controls the company by a fact, directly or through companies
// under its control: by the right to appoint the board, or by other means.
func (b *ownerRun) facts(ctx context.Context) error {
	if !b.tests(TestBoard) && !b.tests(TestOtherMeans) {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		g, err := b.Group(ctx, b.Votes(), x)
		if err != nil {
			return err
		}
		for _, ground := range b.meansOf(g, x) {
			if !b.tests(ground.Test) {
				continue
			}
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// meansOf returns the grounds of control of x by facts about the company. If there are
// none, it returns the ground of control by facts and votes on different levels. Where a
// majority stake passes the whole stake of a company, that is an interest and no ground of
// its own.
func (b *ownerRun) meansOf(g *interest.Group, x int32) []Ground {
	var out []Ground
	for _, f := range b.factsOf(g) {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.Votes().HeldBy(g))
		if f.Fact.By == crossholding.ControlByAppointment {
			ground = b.controlGround(TestBoard, BasisBoard, f.Fact.Seats)
			ground.Threshold, ground.Agreement = ratio.Of(1, 2), f.Fact.Agreement
		}
		for _, n := range f.Controllers {
			if n != x && g.Controls(n) {
				ground.Through = append(ground.Through, b.G.ID(n))
				ground.Facts = append(ground.Facts, g.Evidence(n)...)
			}
		}
		slices.Sort(ground.Through)
		ground.Facts = append(ground.Facts, f.Fact)
		out = append(out, ground)
	}
	if facts := g.Evidence(b.Company); len(out) == 0 && len(facts) > 0 && !b.rule.ControlByVotes {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.Votes().HeldBy(g))
		ground.Facts = facts
		steps := g.Proof(b.Company).Steps
		for _, s := range steps[:len(steps)-1] {
			ground.Through = append(ground.Through, s.Company)
		}
		slices.Sort(ground.Through)
		out = append(out, ground)
	}
	return out
}

// factsOf returns the facts by which a group controls the company. With joint rights these
// are also the facts of which it has a part.
func (b *ownerRun) factsOf(g *interest.Group) []crossholding.NodeFact {
	out := g.Facts(b.Company)
	if !b.rule.JointInterests {
		return out
	}
	for _, f := range b.Facts[b.Company] {
		if _, alone := together.Had(b.G, f, g.Has, false); alone {
			continue // it is among the facts of the group
		}
		if part, ok := together.Had(b.G, f, g.Has, true); ok {
			out = append(out, part)
		}
	}
	return out
}
