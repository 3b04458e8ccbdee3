package compliance

import (
	"context"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
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
		g, err := b.group(ctx, b.votes(), x)
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
func (b *ownerRun) meansOf(g *crossholding.NodeGroup, x int32) []Ground {
	var out []Ground
	for _, f := range b.factsOf(g) {
		ground := b.controlGround(TestOtherMeans, BasisVotes, b.votes().heldBy(g))
		if f.Fact.By == crossholding.ControlByAppointment {
			ground = b.controlGround(TestBoard, BasisBoard, f.Fact.Seats)
			ground.Threshold, ground.Agreement = ratio.Of(1, 2), f.Fact.Agreement
		}
		for _, n := range f.Controllers {
			if n != x && g.Controls(n) {
				ground.Through = append(ground.Through, b.g.ID(n))
				ground.Facts = append(ground.Facts, proofFacts(g.Proof(n))...)
			}
		}
		slices.Sort(ground.Through)
		ground.Facts = append(ground.Facts, f.Fact)
		out = append(out, ground)
	}
	proof := g.Proof(b.company)
	if facts := proofFacts(proof); len(out) == 0 && len(facts) > 0 && !b.rule.ControlByVotes {
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

// proofFacts returns the facts of a proof.
func proofFacts(p crossholding.Proof) []crossholding.Fact {
	var out []crossholding.Fact
	for _, s := range p.Steps {
		if s.Fact != nil {
			out = append(out, *s.Fact)
		}
	}
	return out
}

// factsOf returns the facts by which a group controls the company. With joint rights these
// are also the facts of which it has a part.
func (b *ownerRun) factsOf(g *crossholding.NodeGroup) []crossholding.NodeFact {
	out := g.Facts(b.company)
	if !b.rule.JointInterests {
		return out
	}
	for _, f := range b.shared {
		if _, alone := together.Had(b.g, f, g.Has, false); alone {
			continue // it is among the facts of the group
		}
		if f, ok := together.Had(b.g, f, g.Has, true); ok {
			out = append(out, f)
		}
	}
	return out
}

// jointInterest tests what each party holds together with its partners in concerts. It
// adds those who reach the threshold so, each with the sum.
func (b *ownerRun) jointInterest(ctx context.Context) error {
	if !b.tests(TestJointInterest) || len(b.concerts) == 0 {
		return nil
	}
	return b.outsiders(ctx, func(x int32) error {
		for _, m := range b.counted() {
			j := jointHolder{b: b, m: b.deciding(m), seeds: []int32{x}}
			own, err := b.group(ctx, m, x)
			if err != nil {
				return err
			}
			if err := j.grow(ctx); err != nil {
				return err
			}
			ground := b.ground(TestJointInterest, m.basis, sumIn(m.held, j.nodes))
			if !m.heldBy(own).Less(ground.Fraction) || !ground.Fraction.Reaches(ground.Threshold, ground.AtLeast) {
				continue
			}
			ground.Agreement = j.agreements()
			for _, h := range m.held {
				if j.nodes[h.Node] && b.g.HasShares(h.Node) && h.Node != b.company {
					ground.Through = append(ground.Through, b.g.ID(h.Node))
				}
			}
			if err := b.add(ctx, owner{node: x}, ground); err != nil {
				return err
			}
		}
		return nil
	})
}

// jointHolder is a party that is treated as having what its partners in concerts have. Two
// concerts are not chained: the partners of a partner do not count.
type jointHolder struct {
	b     *ownerRun
	m     *interest // decides control
	seeds []int32   // the party, and companies that it controls with its partners
	nodes map[int32]bool
	used  []string // concerts that add something
}

// grow finds the nodes whose holdings of the company count for the party. A concert about
// another company counts there: the party then has a majority stake in that company if the
// sum is a majority.
func (j *jointHolder) grow(ctx context.Context) error {
	for {
		own, err := j.m.tally.Group(ctx, j.b.majority(), j.seeds...)
		if err != nil {
			return err
		}
		if err := j.combine(ctx, own); err != nil {
			return err
		}
		gained, err := j.gained(ctx, own)
		if err != nil || gained == crossholding.NoNode {
			return err
		}
		j.seeds = append(j.seeds, gained)
	}
}

// combine collects the nodes that count in the company.
func (j *jointHolder) combine(ctx context.Context, own *crossholding.NodeGroup) error {
	b := j.b
	seeds, about := slices.Clone(j.seeds), []int32{}
	for _, p := range b.concerts {
		if !slices.ContainsFunc(p.Members, own.Has) {
			continue
		}
		switch p.Over {
		case crossholding.NoNode:
			seeds = append(seeds, p.Members...)
		case b.company:
			about = append(about, p.Members...)
		default:
			continue
		}
		j.used = append(j.used, p.Agreement)
	}
	g, err := j.m.tally.Group(ctx, b.majority(), seeds...)
	if err != nil {
		return err
	}
	if j.nodes, err = b.union(ctx, j.m, about); err != nil {
		return err
	}
	for y := range g.Nodes() {
		j.nodes[y] = true
	}
	return nil
}

// gained returns a company in which the party has a majority only by a concert about it,
// or no node.
func (j *jointHolder) gained(ctx context.Context, own *crossholding.NodeGroup) (int32, error) {
	b := j.b
	for _, p := range b.concerts {
		if p.Over == crossholding.NoNode || p.Over == b.company || own.Has(p.Over) || !slices.ContainsFunc(p.Members, own.Has) {
			continue
		}
		partners, err := b.union(ctx, j.m, p.Members)
		if err != nil {
			return 0, err
		}
		for y := range own.Nodes() {
			partners[y] = true
		}
		if sumIn(j.m.tally.Fractions(p.Over), partners).Reaches(b.rule.ControlThreshold, false) {
			j.used = append(j.used, p.Agreement)
			return p.Over, nil
		}
	}
	return crossholding.NoNode, nil
}

// agreements returns the ids of the concerts that were used.
func (j *jointHolder) agreements() string {
	slices.Sort(j.used)
	return strings.Join(slices.Compact(j.used), ", ")
}
