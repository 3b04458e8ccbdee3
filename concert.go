package crossholding

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
)

// Concert is a concert in force: its members act together in all companies, or in one. It is
// plain data.
type Concert struct {
	Agreement string  // id of the agreement
	Over      int32   // node of the one company, or [NoNode]
	Members   []int32 // nodes of the holders, in the order of their ids
}

func (p Concert) name() string { return ConcertOf(p.Agreement) }

// Concerts returns the concerts in force by id. A concert that waits until votes are
// suspended is in force while v suspends them.
func (v *Votes) Concerts() []Concert {
	if v.a == nil {
		return nil
	}
	return v.a.concertsUnder(v)
}

// concerts lists the concerts in force, by id. A concert that depends on suspended
// votes is left out on a capital basis, which counts no votes.
func (c *Control) concerts() []Concert { return c.a.concertsUnder(c.votes) }

// concertsUnder lists the concerts in force under a count of votes, which may be nil.
func (a *Alliance) concertsUnder(v *Votes) []Concert {
	if a.ledger == nil {
		return nil
	}
	var out []Concert
	for i := range a.ledger.agreements {
		ag := &a.ledger.agreements[i]
		waits := ag.WhileSuspended != "" && (v == nil || !v.conditionMet(ag))
		if ag.Kind != AgreementConcert || waits || !date.Within(a.ledger.asOf, ag.From, ag.To) {
			continue
		}
		p := Concert{Agreement: ag.ID, Over: NoNode}
		if ag.Issuer != "" {
			p.Over, _ = a.node(ag.Issuer)
		}
		for _, h := range ag.Holders {
			n, _ := a.node(h)
			p.Members = append(p.Members, n)
		}
		out = append(out, p)
	}
	return out
}

// concert returns the concert with a name of [ConcertOf].
func (c *Control) concert(name string) (Concert, error) {
	for _, p := range c.concerts() {
		if p.name() == name {
			return p, nil
		}
	}
	return Concert{}, unknown("concert in force", name)
}

// concertGroup returns the holders of a concert with the companies that they control
// together. If a concert is about one company and its holders have the votes, they
// control that company and all that it controls.
func (c *Control) concertGroup(ctx context.Context, p Concert) (*Group, error) {
	g, err := c.tally.Engine.Group(ctx, c.rule, p.Members...)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	out := &Group{c: c, g: g, holders: c.a.graph.Names(p.Members), over: p.Over}
	if p.Over == graph.None {
		return out, nil
	}
	var seeds []int32
	if g.Controls(p.Over) {
		seeds = []int32{p.Over}
	}
	if out.below, err = c.tally.Engine.Group(ctx, c.rule, seeds...); err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return out, nil
}

// controls reports whether the group controls y.
func (g *Group) controls(y int32) bool {
	if g.over == graph.None || y == g.over {
		return g.g.Controls(y)
	}
	return g.below.Controls(y)
}

// companies lists the companies that the group controls, by node.
func (g *Group) companies() []int32 {
	var nodes []int32
	of := g.g
	if g.over != graph.None {
		if of = g.below; g.g.Controls(g.over) {
			nodes = append(nodes, g.over)
		}
	}
	for m := range of.Controlled() {
		nodes = append(nodes, m.Node)
	}
	slices.Sort(nodes)
	return nodes
}

// proof returns the proof that the group controls y.
func (g *Group) proof(y int32) Proof {
	b, presumed := g.c.tally, g.c.opt.Presumed
	if g.over == graph.None || y == g.over {
		return proofOf(b, g.c.facts, g.g, y, presumed)
	}
	p, rest := proofOf(b, g.c.facts, g.g, g.over, presumed), proofOf(b, g.c.facts, g.below, y, presumed)
	p.Company, p.Steps = rest.Company, append(p.Steps, rest.Steps...)
	return p
}

// deciding returns the engine's group that casts g's votes in y.
func (g *Group) deciding(y int32) *majority.Group {
	if g.over == graph.None || y == g.over {
		return g.g
	}
	return g.below
}
