package crossholding

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// boundContracts holds what agreements about votes do in a book with bands.
//
// An agreement that says who casts the votes, or that they are neutral, names voters and no
// figures. So it gives each stake one voter in every completion. What a cap takes away depends
// on figures, and so does an agreement that is in force only while votes are suspended.
type boundContracts struct {
	voter map[int32]int32   // by stake: who casts its votes after contracts, where that differs from before
	casts map[int32][]int32 // by voter: the stakes whose votes it casts by a contract
	open  map[int32]bool    // the companies in whose meetings a contract depends on figures

	exact map[int32]tally.Column // of the open ones: the meetings that are the same in every completion
}

// newBoundContracts reads the agreements in force.
func newBoundContracts(a *Alliance) *boundContracts {
	k := &boundContracts{voter: map[int32]int32{}, casts: map[int32][]int32{}, open: map[int32]bool{}}
	var fixed, caps []*agreementRecord
	for ag := range a.ledger.agreementsOnVotes() {
		if ag.Kind == AgreementCap || ag.WhileSuspended != "" {
			caps = append(caps, ag)
		} else {
			fixed = append(fixed, ag)
		}
	}
	v := &Votes{a: a}
	for _, c := range v.indexAgreements(caps).meetings {
		k.open[c] = true
	}
	t := v.indexAgreements(fixed)
	g := &a.graph
	for _, c := range t.meetings {
		from, to := g.Column(c)
		for e := from; e < to; e++ {
			who := t.lastLeader(c, g.Voter[e])
			if firstAt(c, t.neutral[who]) != nil {
				who = graph.None
			}
			if who != g.Voter[e] {
				k.voter[e] = who
				k.casts[who] = append(k.casts[who], e)
			}
		}
	}
	return k
}

// voterOf returns who casts the votes of a stake after contracts.
func (k *boundContracts) voterOf(g *graph.Graph, e int32) int32 {
	if k != nil {
		if who, ok := k.voter[e]; ok {
			return who
		}
	}
	return g.Voter[e]
}

// castsOf returns the stakes whose votes a node casts by a contract.
func (k *boundContracts) castsOf(who int32) []int32 {
	if k == nil {
		return nil
	}
	return k.casts[who]
}

// openAt reports whether a contract in the meeting of a company depends on figures.
func (k *boundContracts) openAt(c int32) bool { return k != nil && k.open[c] }

// settle counts, once, the open meetings of which all figures are known and in which no statute
// can suspend votes. They are the same in every completion.
func (b *Bounds) settle(ctx context.Context) error {
	k := b.contracts
	if k == nil || len(k.open) == 0 {
		return nil
	}
	if b.mutex.Lock(ctx) != nil {
		return stopped(ctx)
	}
	defer b.mutex.Unlock()
	if k.exact != nil {
		return nil
	}
	exact := map[int32]tally.Column{}
	var some *tally.Tally // of one completion
	for c := range k.open {
		from, to := b.a.graph.Column(c)
		known := b.stakesIn(c).IsExact()
		for e := from; e < to; e++ {
			known = known && b.suspended[e] == neverSuspended
		}
		if !known {
			continue
		}
		if some == nil {
			a, err := b.a.WithBandsAt(ratio.Ratio{})
			if err != nil {
				return err
			}
			voting := b.opt.Control.Voting
			voting.NoLaw = true
			v, err := a.Votes(ctx, voting)
			if err != nil {
				return err
			}
			v.law = b.law // which says whether treasury shares count
			some = v.countFor(b.opt.Control.Basis)
		}
		m := tally.Column{Base: some.Base(c)}
		for _, h := range tally.HoldingsOf[Holding](some, c) {
			m.Voter, m.Units = append(m.Voter, h.Node), append(m.Units, h.Amount)
		}
		exact[c] = m
	}
	k.exact = exact
	return nil
}

// passesOpen reports whether the votes of the members pass in an open meeting. Where its
// figures are not known, they never pass surely, and always possibly.
func (b *Bounds) passesOpen(g *boundGroup, y int32, how mode) bool {
	m, known := b.contracts.exact[y]
	if !known {
		g.contracts = true
		return how == possibly
	}
	var have ratio.Ratio
	for i, who := range m.Voter {
		if g.in[who] {
			have = have.Add(m.Units[i])
		}
	}
	return m.Base.Sign() > 0 && have.Div(m.Base).Reaches(ratio.Of(b.rule.Num, b.rule.Den), !b.rule.Strict)
}

// touches returns the stakes whose votes a node may cast, or shares that it has, in the order in
// which they were entered.
func (b *Bounds) touches(node int32) []int32 {
	g := &b.a.graph
	if b.opt.Control.Basis == BasisCapital {
		return g.ByBeneficiary.Of(node)
	}
	own := g.ByVoter.Of(node)
	if more := b.contracts.castsOf(node); len(more) > 0 {
		return slices.Concat(own, more)
	}
	return own
}
