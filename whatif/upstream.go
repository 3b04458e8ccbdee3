package whatif

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// maxMeetings is the largest number of companies through which targets can be controlled.
const maxMeetings = 10_000

// contracts is what agreements on votes can do in one book.
type contracts struct {
	g    crossholding.Graph
	list []crossholding.Agreement
	opt  crossholding.VotingOptions
}

// voters returns who may come to cast the votes of a stake, and whether an agreement can
// take its votes out of the total.
func (c *contracts) voters(e, voter int32) (out []int32, leaves bool) {
	s := c.g.Stake(e)
	ids := []string{c.g.ID(s.Holder), c.g.ID(s.Beneficiary)}
	if voter != crossholding.NoNode {
		out = append(out, voter)
		ids = append(ids, c.g.ID(voter))
	}
	leaders, leaves := c.leaders(c.g.ID(s.Issuer), ids)
	return append(out, leaders...), leaves
}

// leaders returns who may come to cast votes of some holders in a company by agreement, and
// whether an agreement can take their votes out of the total.
func (c *contracts) leaders(issuer string, holders []string) (out []int32, leaves bool) {
	if c.opt.NoContracts {
		return nil, false
	}
	ids := slices.Clone(holders)
	for again := true; again; {
		again = false
		for i := range c.list {
			ag := &c.list[i]
			if ag.Issuer != "" && ag.Issuer != issuer || len(ag.Holders) > 0 && !slices.ContainsFunc(ag.Holders, func(h string) bool { return slices.Contains(ids, h) }) {
				continue
			}
			switch ag.Kind {
			case crossholding.AgreementFollow, crossholding.AgreementProxy:
				leaves = true
				if n, err := c.g.Node(ag.Leader); err == nil && !slices.Contains(out, n) {
					out, ids, again = append(out, n), append(ids, ag.Leader), true
				}
			case crossholding.AgreementNeutral:
				leaves = true
			case crossholding.AgreementCap:
				leaves = leaves || ag.Excess == crossholding.CapExcessLeaves || ag.Excess == "" && c.opt.CapExcess == crossholding.CapExcessLeaves
			}
		}
	}
	return out, leaves
}

// facts returns who controls what by other means than votes, now or as soon as an agreement
// is in force.
func (b *buyout) facts(t *crossholding.Tally) []crossholding.NodeFact {
	if b.opt.Control.NoFacts {
		return nil
	}
	boards := map[int32]*crossholding.NodeFact{}
	g := b.a.Graph()
	for ag := range g.Agreements() {
		if ag.Kind != crossholding.AgreementDirectors {
			continue
		}
		y, err := g.Node(ag.Issuer)
		if err != nil {
			continue
		}
		f := boards[y]
		if f == nil {
			f = &crossholding.NodeFact{Company: y}
			boards[y] = f
		}
		seats := crossholding.NodeSeats{Agreement: ag.ID}
		for _, h := range ag.Holders {
			if n, err := g.Node(h); err == nil {
				seats.Holders = append(seats.Holders, n)
			}
		}
		if seats.Seats, err = ratio.Parse(ag.Max); err == nil {
			f.Seats = append(f.Seats, seats)
			f.Controllers = append(f.Controllers, seats.Holders...)
		}
	}
	out := slices.Collect(t.Facts())
	for _, y := range slices.Sorted(maps.Keys(boards)) {
		out = append(out, *boards[y])
	}
	return out
}

// upstream returns the companies through which the targets can be controlled, with the targets and
// the issuers of the offers, in order of node. The function visit, if there is one, is called with
// each stake in them and its possible voters.
func (b *buyout) upstream(ctx context.Context, visit func(e int32, voters []int32, leaves bool)) ([]int32, error) {
	c, err := b.a.Control(ctx, b.plainly())
	if err != nil {
		return nil, err
	}
	t, g := c.Tally(), b.a.Graph()
	deals := contracts{g, slices.Collect(g.Agreements()), b.opt.Control.Voting}
	behind := map[int32][]int32{}
	for _, f := range b.facts(t) {
		behind[f.Company] = append(behind[f.Company], f.Controllers...)
	}
	var out []int32
	seen := map[int32]bool{}
	add := func(list ...int32) {
		for _, n := range list {
			if !seen[n] && g.HasShares(n) {
				seen[n] = true
				out = append(out, n)
			}
		}
	}
	for _, id := range b.q.Targets {
		n, err := g.Company(id)
		if err != nil {
			return nil, err
		}
		add(n)
	}
	for i := range b.offers {
		n, err := g.Company(b.offers[i].Issuer)
		if err != nil {
			return nil, err
		}
		add(n)
	}
	for next := 0; next < len(out); next++ {
		if err := progress.Stopped(ctx, "whatif"); err != nil {
			return nil, err
		}
		if len(out) > maxMeetings {
			return nil, fmt.Errorf("more than %d companies through which %v can be controlled: %w", maxMeetings, b.q.Targets, crossholding.ErrTooLarge)
		}
		add(behind[out[next]]...)
		leaders, _ := deals.leaders(g.ID(out[next]), []string{b.q.Buyer}) // of the shares to be bought
		add(leaders...)
		from, to := g.Stakes(out[next])
		for e := from; e < to; e++ {
			node, _ := t.Stake(e)
			voters, leaves := deals.voters(e, node)
			add(voters...)
			if visit != nil {
				visit(e, voters, leaves)
			}
		}
	}
	slices.Sort(out)
	return out, nil
}
