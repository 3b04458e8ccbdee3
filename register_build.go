package crossholding

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strings"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/ratio"
)

// build turns the gathered columns into an alliance.
func (r *registerReader) build(ctx context.Context) (*Register, error) {
	facts := &registerFacts{country: r.opt.Country}
	out := &Register{Alliance: &Alliance{register: facts}}
	g := &out.graph
	var old []int32
	passes := []func(){
		func() { old = r.sortIDs(g) },
		func() { r.renumber(old) },
		func() { r.placeStakes(g) },
		func() { out.OverAllocated = r.weigh(g, old) },
		func() { g.ByBeneficiary = graph.RowsOf(g.Holder, len(g.IDs)) },
	}
	heard := progress.Start(ctx, "index", len(passes), 1)
	for i, pass := range passes {
		heard.At(i)
		if err := aside(ctx, pass); err != nil {
			return nil, err
		}
		if err := r.err(); err != nil {
			return nil, err
		}
	}
	heard.End()
	g.ByVoter = g.ByBeneficiary
	for c := range int32(len(old)) {
		if int(old[c]) < r.firms && !g.IssuesShares(c) {
			if facts.idle == nil {
				facts.idle = map[int32]bool{}
			}
			facts.idle[c] = true
		}
	}
	out.ledger = r.named(out.Alliance)
	if err := r.err(); err != nil {
		return nil, err
	}
	return out, nil
}

// sortIDs numbers the nodes by id and returns the order of appearance of each.
func (r *registerReader) sortIDs(g *graph.Graph) (old []int32) {
	ids := r.ids.strings()
	r.ids = nil
	n := len(ids)
	old = make([]int32, n)
	for i := range old {
		old[i] = int32(i)
	}
	if slices.IsSorted(ids) {
		g.IDs = ids
		return old
	}
	slices.SortFunc(old, func(a, b int32) int { return strings.Compare(ids[a], ids[b]) })
	g.IDs = make([]string, n)
	for i, o := range old {
		g.IDs[i] = ids[o]
	}
	return old
}

// renumber gives the stakes' ends the numbers of the nodes.
func (r *registerReader) renumber(old []int32) {
	rank := make([]int32, len(old))
	for i, o := range old {
		rank[o] = int32(i)
	}
	for e := range r.units {
		r.holder[e], r.issuer[e] = rank[r.holder[e]], rank[r.issuer[e]]
	}
}

// placeStakes sorts the stakes by issuer, then holder, those of one holder in
// order of appearance. Registers come by issuer, so that the first sort moves
// little; the second is of columns, most of them short.
func (r *registerReader) placeStakes(g *graph.Graph) {
	n, m := len(g.IDs), len(r.units)
	g.Columns = make([]int32, n+1)
	for _, c := range r.issuer {
		g.Columns[c+1]++
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	next := slices.Clone(g.Columns[:n])
	g.Issuer, g.Holder = make([]int32, m), make([]int32, m)
	units := make([]int64, m)
	for e, c := range r.issuer {
		at := next[c]
		next[c]++
		g.Issuer[at], g.Holder[at], units[at] = c, r.holder[e], r.units[e]
	}
	var long []holderUnits
	for c := range int32(n) {
		from, to := g.Column(c)
		long = sortColumn(g.Holder[from:to], units[from:to], long)
	}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	r.units, r.holder, r.issuer = units, nil, nil
}

// holderUnits is a stake of a column that is being sorted.
type holderUnits struct {
	holder, at int32
	units      int64
}

// sortColumn sorts one company's stakes by holder, those of one holder as they
// are. It returns long, its scratch.
func sortColumn(holder []int32, units []int64, long []holderUnits) []holderUnits {
	const short = 24
	if len(holder) <= short {
		for i := 1; i < len(holder); i++ {
			h, u, k := holder[i], units[i], i
			for ; k > 0 && holder[k-1] > h; k-- {
				holder[k], units[k] = holder[k-1], units[k-1]
			}
			holder[k], units[k] = h, u
		}
		return long
	}
	if slices.IsSorted(holder) {
		return long
	}
	long = long[:0]
	for i, h := range holder {
		long = append(long, holderUnits{h, int32(i), units[i]})
	}
	slices.SortFunc(long, func(a, b holderUnits) int {
		return cmp.Or(cmp.Compare(a.holder, b.holder), cmp.Compare(a.at, b.at))
	})
	for i, s := range long {
		holder[i], units[i] = s.holder, s.units
	}
	return long
}

// weigh fills the measures and deals with companies over what is outstanding.
func (r *registerReader) weigh(g *graph.Graph, old []int32) []OverAllocation {
	n := len(old)
	m := graph.Weighting{TotalUnits: make([]int64, n), TreasuryUnits: make([]int64, n), Units: r.units, Scale: make([]uint8, n)}
	var over []OverAllocation
	plainVotes := true
	for c := range int32(n) {
		o := old[c]
		if int(o) >= r.firms {
			continue
		}
		from, to := g.Column(c)
		k, isOdd := r.oddFirms[o]
		var sum int64
		for _, u := range m.Units[from:to] {
			isOdd = isOdd || u < 0
			if sum += u; sum >= graph.MaxUnits {
				isOdd = true
			}
		}
		plainVotes = plainVotes && r.votes[o] == 1 && r.whole[o] >= 0
		if !isOdd && r.whole[o]-r.own[o] >= sum {
			m.TotalUnits[c], m.TreasuryUnits[c] = r.whole[o], r.own[o]
			continue
		}
		if r.whole[o] >= 0 {
			k = classRec{name: defaultClass, issued: ratio.Int(r.whole[o]), treasury: ratio.Int(r.own[o]), votes: ratio.Int(r.votes[o]), dividend: ratio.Int(1)}
		}
		if x, ok := r.weighOdd(g, &m, c, k); ok {
			over = append(over, x)
		}
	}
	g.Capital, g.Dividends, g.Votes = m, m, m
	if !plainVotes {
		g.Votes = r.votesOf(g, &m, old)
	}
	return over
}

// weighOdd stores a company whose figures are not plain, or of which too much
// is held.
func (r *registerReader) weighOdd(g *graph.Graph, m *graph.Weighting, c int32, k classRec) (OverAllocation, bool) {
	from, to := g.Column(c)
	column := make([]ratio.Ratio, 0, to-from)
	var sum ratio.Ratio
	for e := from; e < to; e++ {
		u := m.Units[e]
		x := ratio.Int(u)
		if u < 0 {
			x = r.odd[^u]
		}
		column, sum = append(column, x), sum.Add(x)
		m.Units[e] = 0
	}
	over := OverAllocation{g.IDs[c], sum, k.outstanding()}
	if over.Outstanding.Less(sum) {
		switch r.opt.OverAllocated {
		case ExcessKeepOut:
			clear(column)
		case ExcessScaleOff:
			for i := range column {
				column[i] = column[i].Mul(over.Outstanding).Div(sum)
			}
		default:
			r.add("companies."+over.Company, ErrOverAllocated, "%s: %d holders hold %s of %s outstanding shares: %s too many",
				over.Company, len(column), sum, over.Outstanding, sum.Sub(over.Outstanding))
			return over, true
		}
	}
	m.Store(c, from, column, k.issued, k.treasury)
	return over, over.Outstanding.Less(sum)
}

// votesOf counts shares by votes per share.
func (r *registerReader) votesOf(g *graph.Graph, shares *graph.Weighting, old []int32) graph.Weighting {
	m := graph.Weighting{TotalUnits: slices.Clone(shares.TotalUnits), TreasuryUnits: slices.Clone(shares.TreasuryUnits), Units: slices.Clone(shares.Units), Scale: slices.Clone(shares.Scale)}
	for c := range int32(len(old)) {
		o := old[c]
		if int(o) >= r.firms {
			continue
		}
		per := ratio.Int(r.votes[o])
		if k, ok := r.oddFirms[o]; ok {
			per = k.votes
		}
		n, fits := perFits(shares.TotalUnits[c], per)
		if shares.Big[c] != nil || !fits {
			from, to := g.Column(c)
			column := make([]ratio.Ratio, 0, to-from)
			for e := from; e < to; e++ {
				column = append(column, g.Stake(shares, e).Mul(per))
			}
			m.Store(c, from, column, shares.Issued(c).Mul(per), shares.Treasury(c).Mul(per))
			continue
		}
		if n == 1 {
			continue
		}
		m.TotalUnits[c], m.TreasuryUnits[c] = m.TotalUnits[c]*n, m.TreasuryUnits[c]*n
		from, to := g.Column(c)
		for e := from; e < to; e++ {
			m.Units[e] *= n
		}
	}
	return m
}

// perFits returns a whole number of votes per share if all of a company's shares
// together keep to the bounds of counts.
func perFits(total int64, per ratio.Ratio) (n int64, ok bool) {
	n, den, ok := per.Small()
	if !ok || den != 1 {
		return 0, false
	}
	hi, lo := bits.Mul64(uint64(total), uint64(n))
	return n, hi == 0 && lo < graph.MaxUnits
}
