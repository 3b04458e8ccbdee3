package crossholding

import (
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// index turns a checked ledger into an alliance.
func index(l *ledger) *Alliance {
	a := &Alliance{ledger: l}
	g := &a.graph
	g.IDs = make([]string, 0, len(l.companies)+len(l.parties))
	for i := range l.companies {
		g.IDs = append(g.IDs, l.companies[i].ID)
	}
	for i := range l.parties {
		g.IDs = append(g.IDs, l.parties[i].ID)
	}
	slices.Sort(g.IDs)
	node := make(map[string]int32, len(g.IDs))
	for i, id := range g.IDs {
		node[id] = int32(i)
	}
	placeStakes(g, l, node)
	weigh(g, l, node)
	g.ByBeneficiary = graph.RowsOf(g.Beneficiary, len(g.IDs))
	if graph.SameArray(g.Beneficiary, g.Voter) {
		g.ByVoter = g.ByBeneficiary
	} else {
		g.ByVoter = graph.RowsOf(g.Voter, len(g.IDs))
	}
	return a
}

// placeStakes numbers the stakes by issuer; the ledger has them by holder.
func placeStakes(g *graph.Graph, l *ledger, node map[string]int32) {
	n, m := len(g.IDs), len(l.stakes)
	words := make([]int32, n+1+3*m)
	g.Columns, words = words[:n+1:n+1], words[n+1:]
	g.Issuer, words = words[:m:m], words[m:]
	g.Holder, g.Record = words[:m:m], words[m:]
	plainOwner, plainCaster := true, true
	for i := range l.stakes {
		s := &l.stakes[i]
		g.Columns[node[s.issuer]+1]++
		plainOwner = plainOwner && s.beneficiary == ""
		plainCaster = plainCaster && s.voter == ""
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	next := slices.Clone(g.Columns[:n])
	for i := range l.stakes {
		c := node[l.stakes[i].issuer]
		e := next[c]
		next[c]++
		g.Issuer[e], g.Holder[e], g.Record[e] = c, node[l.stakes[i].holder], int32(i)
	}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	if !plainOwner {
		g.Beneficiary = slices.Clone(g.Holder)
	}
	if !plainCaster {
		g.Voter = slices.Clone(g.Holder)
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

// weigh fills the three measures, sharing one where they do not differ.
func weigh(g *graph.Graph, l *ledger, node map[string]int32) {
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
	g.Capital = countShares(g, l, node, func(*classRec) ratio.Ratio { return one }, nil)
	g.Dividends, g.Votes = g.Capital, g.Capital
	if !plainDividends {
		g.Dividends = countShares(g, l, node, func(k *classRec) ratio.Ratio { return k.dividend }, nil)
	}
	if !plainVotes {
		g.Votes = countShares(g, l, node, func(k *classRec) ratio.Ratio { return k.votes }, func(s *stakeRec) (ratio.Ratio, bool) {
			return s.votes, s.votesText != "" && date.Within(l.asOf, s.since, "")
		})
	}
}

// countShares counts every stake by its class's weight, or the stake's own.
func countShares(g *graph.Graph, l *ledger, node map[string]int32, weight func(*classRec) ratio.Ratio, own func(*stakeRec) (ratio.Ratio, bool)) graph.Weighting {
	n := len(g.IDs)
	words := make([]int64, 2*n+len(g.Issuer))
	m := graph.Weighting{TotalUnits: words[:n:n], TreasuryUnits: words[n : 2*n : 2*n], Units: words[2*n:], Scale: make([]uint8, n)}
	var column []ratio.Ratio
	for i := range l.companies {
		rec := &l.companies[i]
		if len(rec.classes) == 0 {
			continue
		}
		c := node[rec.ID]
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
			w := weight(k)
			if own != nil {
				if v, ok := own(s); ok {
					total = total.Add(s.shares.Mul(v.Sub(w)))
					w = v
				}
			}
			column = append(column, s.shares.Mul(w))
		}
		m.Store(c, from, column, total, treasury)
	}
	return m
}
