package chart

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// bracket prepares the bounds of a book with bands. Agreements about votes are left out, because
// the figures of what is held have no room for them.
func (b *builder) bracket(ctx context.Context) error {
	opt := crossholding.BoundsOptions{}
	for range b.g.Agreements() {
		opt.Control.Voting.NoContracts, b.out.agreements = true, true
	}
	var err error
	if b.bounds, err = b.a.Bounds(ctx, opt); err != nil {
		return err
	}
	if b.floor, err = b.a.WithBandsAt(ratio.Ratio{}); err != nil {
		return err
	}
	b.tally, err = b.floor.Tally(ctx, crossholding.BasisCapital, crossholding.VotingOptions{})
	return err
}

// holdings returns what is held in a company directly, if bounds say more of it than the number
// of shares does.
func (b *builder) holdings(ctx context.Context, c int32) (map[part]crossholding.HoldingBound, error) {
	if !b.out.bands && !b.g.VotesApart(c) {
		return nil, nil
	}
	list, err := b.bounds.Holdings(ctx, b.g.ID(c))
	if err != nil {
		return nil, err
	}
	out := make(map[part]crossholding.HoldingBound, len(list))
	for _, h := range list {
		k := part{voter: crossholding.NoNode}
		for _, x := range []struct {
			to *int32
			id string
		}{{&k.holder, h.Holder}, {&k.beneficiary, h.Beneficiary}, {&k.voter, h.Voter}} {
			if x.id == crossholding.Neutral {
				continue
			}
			if *x.to, err = b.g.Node(x.id); err != nil {
				return nil, err
			}
		}
		out[k] = h
	}
	return out, nil
}

// bound writes the figures of an edge from bounds: of the capital, and for a book with bands of
// the votes.
func (b *builder) bound(e *edge, c int32, h crossholding.HoldingBound) {
	capital := h.Capital
	if b.g.VotesApart(c) {
		capital = h.Economic
	}
	e.capital, e.size = capital.ShortPercent(), capital.Lo.Add(capital.Hi).Div(ratio.Int(2))
	if !b.out.bands {
		return
	}
	e.dashed = e.dashed || !capital.IsExact() || !h.Votes.IsExact()
	if votes := h.Votes.ShortPercent(); votes != e.capital && h.Voter != crossholding.Neutral {
		e.votes = votes
	}
	if h.Law && !h.Votes.Hi.IsZero() {
		e.notes = append(e.notes, "votes may be suspended")
	}
}

// certainties notes who controls companies whatever the figures in bands are, and who may.
func (b *builder) certainties(ctx context.Context) error {
	sure, maybe := map[string][]string{}, map[string][]string{}
	for _, x := range b.upstream() {
		list, err := b.bounds.Controlled(ctx, b.g.ID(x))
		if err != nil {
			return err
		}
		for _, v := range list {
			if v.Answer == crossholding.CertaintyYes {
				sure[v.Company] = append(sure[v.Company], v.Controller)
			} else {
				maybe[v.Company] = append(maybe[v.Company], v.Controller)
			}
		}
	}
	for i := range b.out.edges {
		e := &b.out.edges[i]
		from, to := b.out.nodes[e.from].id, b.out.nodes[e.to].id
		switch {
		case e.fact || from == "":
		case slices.Contains(sure[to], from):
			e.control = crossholding.CertaintyYes
		case slices.Contains(maybe[to], from):
			e.control = crossholding.CertaintyDepends
		}
	}
	for i := range b.out.nodes {
		n := &b.out.nodes[i]
		b.controlled(n, ultimate(sure[n.id], sure))
		// Who surely controls one that may control it is named in the place of that one.
		if list := ultimate(maybe[n.id], sure); len(list) > 0 && len(sure[n.id]) == 0 {
			n.perhaps = b.names(list, "or")
		}
	}
	return nil
}

// ultimate returns those of a list whom no other of the list surely controls.
func ultimate(list []string, sure map[string][]string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool {
		return slices.ContainsFunc(sure[x], func(y string) bool { return y != x && slices.Contains(list, y) })
	})
}

// upstream returns the nodes that are shown and those above them, which may control them, in
// the order of ids.
func (b *builder) upstream() []int32 {
	above := map[int32][]int32{}
	for f := range b.tally.Facts() {
		above[f.Company] = append(above[f.Company], f.Controllers...)
	}
	seen := map[int32]bool{}
	var list []int32
	add := func(x int32) {
		if x != crossholding.NoNode && !seen[x] {
			seen[x] = true
			list = append(list, x)
		}
	}
	for i := range b.out.nodes {
		if x, err := b.g.Node(b.out.nodes[i].id); err == nil {
			add(x)
		}
	}
	for i := 0; i < len(list); i++ {
		x := list[i]
		for _, y := range above[x] {
			add(y)
		}
		if !b.g.HasShares(x) {
			continue
		}
		from, to := b.g.Stakes(x)
		for e := from; e < to; e++ {
			s := b.g.Stake(e)
			add(s.Voter)
		}
	}
	slices.Sort(list)
	return list
}
