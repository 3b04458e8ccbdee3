package graph

import (
	"slices"

	"github.com/crossholding/crossholding/internal/intern"
)

// Subgraph returns a graph of the votes in some companies, which must be in ascending
// order. Its nodes are these companies and all who vote in them. Local must be 0 for all
// nodes except the given companies, and not 0 for these; Subgraph sets it to the number of
// each node in the result, counted from 1. The result has only ids, stakes and votes.
func (g *Graph) Subgraph(companies, local []int32) *Graph {
	nodes := slices.Clone(companies)
	for _, c := range companies {
		from, to := g.Column(c)
		for _, x := range g.Voter[from:to] {
			if x != None && local[x] == 0 {
				local[x] = 1
				nodes = append(nodes, x)
			}
		}
	}
	slices.Sort(nodes)
	out := &Graph{IDs: intern.NewNames(g.Names(nodes)), Columns: make([]int32, 1, len(nodes)+1)}
	for i, x := range nodes {
		local[x] = int32(i) + 1
	}
	m := Weighting{TotalUnits: make([]int64, len(nodes)), TreasuryUnits: make([]int64, len(nodes)), Scale: make([]uint8, len(nodes))}
	next := 0
	for i, x := range nodes {
		if next < len(companies) && companies[next] == x {
			next++
			g.copyColumn(out, &m, x, int32(i), local)
		}
		out.Columns = append(out.Columns, int32(len(out.Voter)))
	}
	out.Votes = m
	out.Holder, out.Beneficiary = out.Voter, out.Voter
	return out
}

// copyColumn appends the votes in company c to out, where c is node i.
func (g *Graph) copyColumn(out *Graph, m *Weighting, c, i int32, local []int32) {
	v := &g.Votes
	from, to := g.Column(c)
	for _, x := range g.Voter[from:to] {
		if x != None {
			x = local[x] - 1
		}
		out.Voter, out.Issuer = append(out.Voter, x), append(out.Issuer, i)
	}
	m.Units = append(m.Units, v.Units[from:to]...)
	m.TotalUnits[i], m.TreasuryUnits[i], m.Scale[i] = v.TotalUnits[c], v.TreasuryUnits[c], v.Scale[c]
	if w := v.Big[c]; w != nil {
		if m.Big == nil {
			m.Big = map[int32]*BigColumn{}
		}
		m.Big[i] = w
	}
}
