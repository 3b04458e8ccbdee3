package snapshot

import (
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/memory"
)

// allotVotes makes the arrays of votes, if these are not the shares.
func (b *builder) allotVotes() error {
	g := b.g
	if g.Votes = g.Capital; b.facts.OwnVotes {
		n, m := g.IDs.Len(), len(g.Holder)
		g.Votes = graph.Weighting{Units: memory.MakeUnset[int64](m), TotalUnits: memory.MakeUnset[int64](n), TreasuryUnits: memory.MakeUnset[int64](n), Scale: make([]uint8, n)}
	}
	return nil
}

// copyVotes makes the votes of some companies, whose columns are right, from their shares.
func (b *builder) copyVotes(first, end int32) {
	if !b.facts.OwnVotes {
		return
	}
	from, to := &b.g.Capital, &b.g.Votes
	a, z := b.g.Columns[first], b.g.Columns[end]
	copy(to.Units[a:z], from.Units[a:z])
	copy(to.TotalUnits[first:end], from.TotalUnits[first:end])
	copy(to.TreasuryUnits[first:end], from.TreasuryUnits[first:end])
	copy(to.Scale[first:end], from.Scale[first:end])
}

// fillVotes brings in what differs from the shares.
func (b *builder) fillVotes() error {
	g, v := b.g, &b.votes
	g.Dividends = g.Capital
	if !b.facts.OwnVotes {
		if g.Votes.Big = g.Capital.Big; len(v.companies)+len(v.units)+len(b.facts.VotesBig) > 0 {
			return fault("it has votes, and says that it has none")
		}
		return nil
	}
	var err error
	if g.Votes.Big, err = b.bigOf(b.facts.VotesBig); err != nil {
		return err
	}
	at, last := 0, int32(-1)
	for i, c := range v.companies {
		if c <= last || int(c) >= g.IDs.Len() {
			return fault("it has votes of %d, which is not a node in order", c)
		}
		last = c
		from, to := g.Column(c)
		if int(to-from) > len(v.units)-at {
			return fault("it has too few votes of %s", g.IDs.At(c))
		}
		g.Votes.TotalUnits[c], g.Votes.TreasuryUnits[c], g.Votes.Scale[c] = v.total[i], v.treasury[i], v.scale[i]
		at += copy(g.Votes.Units[from:to], v.units[at:])
	}
	if at != len(v.units) {
		return fault("it has votes of no company")
	}
	return nil
}

// checkVotes checks that each company has one number of votes for each of its shares, and that
// those with votes have others than their shares. The votes of most companies are a copy of their
// shares and need no check.
func (b *builder) checkVotes() error {
	if !b.facts.OwnVotes {
		return nil
	}
	other := slices.Clone(b.votes.companies)
	for _, columns := range [][]bigColumn{b.facts.CapitalBig, b.facts.VotesBig} {
		for _, x := range columns {
			other = append(other, x.Company)
		}
	}
	const piece = 1 << 10
	return share(b.ctx, (len(other)+piece-1)/piece, func() {}, func(i int) error {
		for k := i * piece; k < min((i+1)*piece, len(other)); k++ {
			c := other[k]
			if k < len(b.votes.companies) && sameVotes(b.g, c) {
				return fault("it has votes of %s, which are its shares", b.g.IDs.At(c))
			}
			if !rightFigures(b.g, &b.g.Votes, c) {
				return b.badFigures(c)
			}
			if !proportional(b.g, c) {
				return fault("the votes of %s are not proportional to its shares", b.g.IDs.At(c))
			}
		}
		return nil
	})
}

// proportional reports whether the votes of c are its shares times one number.
func proportional(g *graph.Graph, c int32) bool {
	from, to := g.Column(c)
	if g.Capital.Big[c] == nil && g.Votes.Big[c] == nil {
		shares, votes := g.Capital.TotalUnits[c], g.Votes.TotalUnits[c]
		ok := sameProduct(g.Capital.TreasuryUnits[c], votes, g.Votes.TreasuryUnits[c], shares)
		for e := from; e < to && ok; e++ {
			ok = sameProduct(g.Capital.Units[e], votes, g.Votes.Units[e], shares)
		}
		return ok && (shares > 0 || votes == 0)
	}
	issued, votes := g.Capital.Issued(c), g.Votes.Issued(c)
	if issued.IsZero() {
		return votes.IsZero()
	}
	per := votes.Div(issued)
	if !g.Votes.Treasury(c).Equal(g.Capital.Treasury(c).Mul(per)) {
		return false
	}
	for e := from; e < to; e++ {
		if !g.Stake(&g.Votes, e).Equal(g.Stake(&g.Capital, e).Mul(per)) {
			return false
		}
	}
	return true
}

// sameProduct reports whether a × b = c × d. None of them is negative.
func sameProduct(a, b, c, d int64) bool {
	high, low := bits.Mul64(uint64(a), uint64(b))
	high2, low2 := bits.Mul64(uint64(c), uint64(d))
	return high == high2 && low == low2
}
