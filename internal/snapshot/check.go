package snapshot

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/register"
)

// rangeNodes is the number of nodes that are checked at a time.
const rangeNodes = 1 << 12

// checkNodes checks all nodes with their stakes, fills the issuers, and makes the votes of all
// stakes from their shares.
func (b *builder) checkNodes() error {
	g, n, m := b.g, b.g.IDs.Len(), int32(len(b.g.Holder))
	for _, first := range [][]int32{g.Columns, g.ByVoter.First} {
		if first[0] != 0 || first[n] != m {
			return fault("the stakes of its nodes are not 0 to %d", m)
		}
	}
	b.mark.key = rand.Uint64()
	err := b.eachRange(func(from, to int32) error {
		if err := b.checkColumns(from, to); err != nil {
			return err
		}
		b.copyVotes(from, to)
		return b.checkRows(from, to)
	})
	if err == nil && b.mark.columns.Load() != b.mark.rows.Load() {
		err = fault("its held stakes are not those of their holders")
	}
	g.Beneficiary, g.Voter, g.ByBeneficiary = g.Holder, g.Holder, g.ByVoter
	if err == nil {
		g.Capital.Big, err = b.bigOf(b.facts.CapitalBig)
	}
	for c := range g.Capital.Big {
		if !rightFigures(g, &g.Capital, c) {
			return b.badFigures(c)
		}
	}
	return err
}

// marks are sums over all stakes, of a random function of each with its holder: once by
// company and once by holder. They are equal if every stake is in the row of its holder, and
// otherwise only by a chance of about 1 in 2^64. So no stake's holder is looked up, which
// would read memory in a random order.
type marks struct {
	key           uint64
	columns, rows atomic.Uint64
}

// markOf returns the function of one stake and its holder.
func markOf(key uint64, e, holder int32) uint64 {
	x := uint64(uint32(e))<<32 | uint64(uint32(holder))
	x = (x ^ key) * 0x9e3779b97f4a7c15
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	return x ^ x>>32
}

// ranges returns the number of ranges of n nodes.
func ranges(n int) int { return (n + rangeNodes - 1) / rangeNodes }

// eachRange checks ranges of nodes with all processors.
func (b *builder) eachRange(check func(from, to int32) error) error {
	n := b.g.IDs.Len()
	return share(b.ctx, ranges(n), b.count, func(i int) error {
		return check(int32(i*rangeNodes), int32(min((i+1)*rangeNodes, n)))
	})
}

// stakesIn returns the stakes of one node in a list of first stakes. It returns false if they
// are no stakes.
func (b *builder) stakesIn(first []int32, x int32) (from, to int32, ok bool) {
	from, to = first[x], first[x+1]
	return from, to, 0 <= from && from <= to && int(to) <= len(b.g.Holder)
}

// checkColumns checks the stakes in some companies and their figures, and fills the issuers
// of these stakes: the holders are nodes in order, no figure is negative, and those of the
// stakes and the treasury are together at most those that the company has issued.
func (b *builder) checkColumns(first, end int32) error {
	g, key, mark := b.g, b.mark.key, uint64(0)
	n, w := int64(g.IDs.Len()), &g.Capital
	for c := first; c < end; c++ {
		from, to, ok := b.stakesIn(g.Columns, c)
		if !ok {
			return fault("node %d has the stakes %d to %d", c, from, to)
		}
		left := w.TotalUnits[c] - w.TreasuryUnits[c]
		last, wrong, short := int64(0), int64(0), left // negative if something is wrong
		issuer, units := g.Issuer[from:to], w.Units[from:to]
		for i, h := range g.Holder[from:to] {
			h64 := int64(h)
			wrong |= h64 | (h64 - last) | (n - 1 - h64) | (h64 ^ int64(c) - 1)
			left -= units[i]
			short |= units[i] | left
			issuer[i], last = c, h64
			mark += markOf(key, from+int32(i), h)
		}
		if wrong < 0 {
			return b.badHolder(c)
		}
		if short < 0 || !rightTotal(w, c) {
			return b.badFigures(c)
		}
	}
	b.mark.columns.Add(mark)
	return nil
}

// badHolder returns the error of a company that has a wrong holder.
func (b *builder) badHolder(c int32) error {
	last, n := int32(0), int32(b.g.IDs.Len())
	from, to := b.g.Column(c)
	for e := from; e < to; e++ {
		h := b.g.Holder[e]
		if h < last || h >= n || h == c {
			return fault("stake %d has the holder %d, which is not a node in order", e, h)
		}
		last = h
	}
	return fault("the holders of node %d are not nodes in order", c)
}

func (b *builder) badFigures(c int32) error {
	return fault("the figures of %s do not fit together", b.g.IDs.At(c))
}

// checkRows checks that the stakes of some holders are in order. All rows together have as
// many places as there are stakes.
func (b *builder) checkRows(first, end int32) error {
	rows, key, mark := &b.g.ByVoter, b.mark.key, uint64(0)
	m := int64(len(b.g.Holder))
	for x := first; x < end; x++ {
		from, to, ok := b.stakesIn(rows.First, x)
		if !ok {
			return fault("node %d holds the stakes at %d to %d", x, from, to)
		}
		last, wrong := int64(-1), int64(0)
		for _, e := range rows.Stakes[from:to] {
			wrong |= (int64(e) - last - 1) | (m - 1 - int64(e))
			last = int64(e)
			mark += markOf(key, e, x)
		}
		if wrong < 0 {
			return fault("node %d holds stakes that are not stakes in order", x)
		}
	}
	b.mark.rows.Add(mark)
	return nil
}

// bigOf returns columns of fractions by company.
func (b *builder) bigOf(columns []bigColumn) (map[int32]*graph.BigColumn, error) {
	if len(columns) == 0 {
		return nil, nil
	}
	big := make(map[int32]*graph.BigColumn, len(columns))
	for _, x := range columns {
		if x.Company < 0 || int(x.Company) >= b.g.IDs.Len() || big[x.Company] != nil {
			return nil, fault("it has fractions of %d, which is not a node, or twice", x.Company)
		}
		if from, to, ok := b.stakesIn(b.g.Columns, x.Company); !ok || len(x.Units) != int(to-from) {
			return nil, fault("it has %d fractions for %d stakes in node %d", len(x.Units), to-from, x.Company)
		}
		big[x.Company] = &graph.BigColumn{Units: x.Units, Total: x.Total, Treasury: x.Treasury}
	}
	return big, nil
}

// rightTotal reports whether the figures of company c apart from its stakes are right.
func rightTotal(m *graph.Weighting, c int32) bool {
	total, own := m.TotalUnits[c], m.TreasuryUnits[c]
	return total < graph.MaxUnits && 0 <= own && own <= total && int(m.Scale[c]) < len(graph.PowersOfTen)
}

// rightFigures reports whether the figures of company c, whose column is right, are right: see
// checkColumns. Those of a company with fractions are 0 beside these.
func rightFigures(g *graph.Graph, m *graph.Weighting, c int32) bool {
	from, to := g.Column(c)
	left := m.TotalUnits[c] - m.TreasuryUnits[c]
	ok := rightTotal(m, c)
	for _, u := range m.Units[from:to] {
		ok = ok && 0 <= u && u <= left
		left -= u
	}
	if w := m.Big[c]; w != nil {
		return ok && m.TotalUnits[c] == 0 && m.Scale[c] == 0 && fits(w)
	}
	return ok
}

// fits does for fractions what rightFigures does.
func fits(w *graph.BigColumn) bool {
	ok := w.Treasury.Sign() >= 0
	left := w.Total.Sub(w.Treasury)
	for _, u := range w.Units {
		ok = ok && u.Sign() >= 0
		left = left.Sub(u)
	}
	return ok && left.Sign() >= 0
}

// checkFacts checks the last section and fills the register from it.
func (b *builder) checkFacts() error {
	r, t := b.Register, &b.facts
	b.Policy = t.Policy
	r.OverAllocated, r.Joined, r.Own, r.Unissued = t.OverAllocated, t.Joined, t.Own, t.Unissued
	known := func(id string) bool {
		_, ok := b.g.IDs.Find(id)
		return ok
	}
	ok := slices.IsSortedFunc(r.OverAllocated, func(x, y register.OverAllocation) int { return strings.Compare(x.Company, y.Company) })
	for _, x := range r.OverAllocated {
		ok = ok && known(x.Company) && x.Outstanding.Sign() >= 0 && x.Outstanding.Less(x.Held)
	}
	rows := 0
	for _, x := range r.Joined.First {
		ok = ok && known(x.Holder) && known(x.Issuer) && x.Rows >= 2 && x.Shares.Sign() >= 0
		rows += x.Rows - 1
	}
	ok = ok && rows >= 0 && rows <= r.Joined.Rows && r.Joined.Rows <= len(b.g.Holder)
	for _, x := range r.Own {
		ok = ok && known(x.Company) && x.Shares.Sign() >= 0
	}
	last := int32(-1)
	for _, c := range r.Unissued {
		ok = ok && c > last && int(c) < b.g.IDs.Len() && !b.g.IssuesShares(c)
		last = c
	}
	if !ok {
		return fault("its facts do not fit the register")
	}
	return nil
}
