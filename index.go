package crossholding

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// index turns a checked ledger into an alliance.
func index(l *ledger) *Alliance {
	ids := make([]string, 0, len(l.companies)+len(l.parties))
	for i := range l.companies {
		ids = append(ids, l.companies[i].ID)
	}
	for i := range l.parties {
		ids = append(ids, l.parties[i].ID)
	}
	slices.Sort(ids)
	node := make(map[string]int32, len(ids))
	for i, id := range ids {
		node[id] = int32(i)
	}
	ends := make([]int32, 2*len(l.stakes))
	holder, issuer := ends[:len(l.stakes)], ends[len(l.stakes):]
	for i := range l.stakes {
		holder[i], issuer[i] = node[l.stakes[i].holder], node[l.stakes[i].issuer]
	}
	a := &Alliance{ledger: l, graph: graph.New(ids, holder, issuer)}
	nameOthers(&a.graph, l, node)
	weigh(&a.graph, l)
	a.graph.ListRows()
	return a
}

// indexAfter is index for a ledger that comes from that of another alliance. If both have
// the same companies, parties and stakes, and only figures and terms differ, the alliances
// share what does not depend on these.
func indexAfter(before *Alliance, l *ledger) *Alliance {
	if before == nil || before.register != nil || !sameStakes(before.ledger, l) {
		return index(l)
	}
	a := &Alliance{ledger: l, graph: before.graph}
	weigh(&a.graph, l)
	if before.cache.parts.Lock(context.Background()) == nil {
		a.cache.part = before.cache.part
		before.cache.parts.Unlock()
	}
	return a
}

// sameStakes reports whether two ledgers have the same ids, and the same stakes but for
// their figures and terms.
func sameStakes(l, m *ledger) bool {
	return l != nil && slices.EqualFunc(l.companies, m.companies, func(a, b companyRecord) bool { return a.ID == b.ID }) &&
		slices.EqualFunc(l.parties, m.parties, func(a, b Party) bool { return a.ID == b.ID }) &&
		slices.EqualFunc(l.stakes, m.stakes, func(a, b stakeRecord) bool {
			return a.holder == b.holder && a.issuer == b.issuer && a.beneficiary == b.beneficiary && a.voter == b.voter
		})
}

// nameOthers sets the beneficiaries and voters of stakes that differ from the holders.
func nameOthers(g *graph.Graph, l *ledger, node map[string]int32) {
	for i := range l.stakes {
		if l.stakes[i].beneficiary != "" && graph.SameArray(g.Beneficiary, g.Holder) {
			g.Beneficiary = slices.Clone(g.Holder)
		}
		if l.stakes[i].voter != "" && graph.SameArray(g.Voter, g.Holder) {
			g.Voter = slices.Clone(g.Holder)
		}
	}
	for e, i := range g.Record {
		s := &l.stakes[i]
		if s.beneficiary != "" {
			g.Beneficiary[e] = node[s.beneficiary]
		}
		switch s.voter {
		case "":
		case Neutral:
			g.Voter[e] = graph.None
		default:
			g.Voter[e] = node[s.voter]
		}
	}
}

// weigh fills the three weightings. Weightings that do not differ share their arrays.
func weigh(g *graph.Graph, l *ledger) {
	plainVotes, plainDividends := true, true
	one := ratio.Int(1)
	for i := range l.companies {
		for _, k := range l.companies[i].classes {
			plainVotes = plainVotes && k.votes.Equal(one)
			plainDividends = plainDividends && k.dividend.Equal(one)
		}
	}
	for i := range l.stakes {
		plainVotes = plainVotes && l.stakes[i].votesText == ""
	}
	plainVotes = plainVotes && !l.hasLoyalVotes()
	g.Capital = countShares(g, l, func(*classRecord) ratio.Ratio { return one }, nil)
	g.Dividends, g.Votes = g.Capital, g.Capital
	if !plainDividends {
		g.Dividends = countShares(g, l, func(k *classRecord) ratio.Ratio { return k.dividend }, nil)
	}
	if !plainVotes {
		g.Votes = countShares(g, l, func(k *classRecord) ratio.Ratio { return k.votes }, l.votesOf)
	}
}

// longest returns the largest number of stakes in one company.
func longest(columns []int32) int32 {
	var n int32
	for c := 1; c < len(columns); c++ {
		n = max(n, columns[c]-columns[c-1])
	}
	return n
}

// countShares counts every stake by its class's weight, or as own says.
func countShares(g *graph.Graph, l *ledger, weight func(*classRecord) ratio.Ratio,
	own func(*companyRecord, *classRecord, *stakeRecord) (figure ratio.Ratio, plain bool)) graph.Weighting {
	n := g.IDs.Len()
	words := make([]int64, 2*n+len(g.Issuer))
	m := graph.Weighting{TotalUnits: words[:n:n], TreasuryUnits: words[n : 2*n : 2*n], Units: words[2*n:], Scale: make([]uint8, n)}
	column := make([]ratio.Ratio, 0, longest(g.Columns))
	for i := range l.companies {
		rec := &l.companies[i]
		if len(rec.classes) == 0 {
			continue
		}
		at, _ := g.IDs.Find(rec.ID)
		c := int32(at)
		var total, treasury ratio.Ratio
		for j := range rec.classes {
			k := &rec.classes[j]
			total = total.Add(k.issued.Mul(weight(k)))
			treasury = treasury.Add(k.treasury.Mul(weight(k)))
		}
		from, to := g.Column(c)
		column = column[:0]
		for e := from; e < to; e++ {
			s := &l.stakes[g.Record[e]]
			k := rec.class(s.class)
			figure := s.shares.Mul(weight(k))
			if own != nil {
				if v, plain := own(rec, k, s); !plain {
					total = total.Add(v.Sub(figure))
					figure = v
				}
			}
			column = append(column, figure)
		}
		m.Store(c, from, column, total, treasury)
	}
	return m
}
