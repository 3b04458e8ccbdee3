package register

import (
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"strings"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
	"github.com/crossholding/crossholding/ratio"
)

// weigh fills the graph's weightings. The argument number has the company of each node. It treats
// over-allocated companies as excess says and returns them.
func (r *reader) weigh(g *graph.Graph, number []int32, excess Excess) []OverAllocation {
	n := len(number)
	m := graph.Weighting{TotalUnits: memory.MakeUnset[int64](n), TreasuryUnits: memory.MakeUnset[int64](n), Units: r.units, Scale: make([]uint8, n)}
	var over []OverAllocation
	exactly, allOne := r.inParts(g, func(c int32) (odd, plain bool) {
		m.TotalUnits[c], m.TreasuryUnits[c] = 0, 0
		i := number[c]
		if int(i) >= r.companies {
			return false, true
		}
		k := r.listed.At(i)
		from, to := g.Column(c)
		if sum, ok := countsTotal(m.Units[from:to]); ok && k.issued >= 0 && sum <= k.issued-k.treasury {
			m.TotalUnits[c], m.TreasuryUnits[c] = k.issued, k.treasury
		} else {
			odd = true
		}
		return odd, k.votes == 1 && k.issued >= 0
	})
	for _, c := range exactly {
		if x, ok := r.weighExactly(g, &m, c, r.figuresOf(number[c]), excess); ok {
			over = append(over, x)
		}
	}
	g.Capital, g.Dividends, g.Votes = m, m, m
	if !allOne {
		g.Votes = r.weighVotes(g, &m, number)
	}
	return over
}

// inParts calls work for each company, on some goroutines. It returns the companies that work
// calls odd, in order, and whether it calls all of them plain.
func (r *reader) inParts(g *graph.Graph, work func(c int32) (odd, plain bool)) (list []int32, allPlain bool) {
	parts := r.companyParts(g)
	lists, plain := make([][]int32, len(parts)), make([]bool, len(parts))
	var wait sync.WaitGroup
	for w, part := range parts {
		wait.Go(func() {
			all := true
			for c := part[0]; c < part[1]; c++ {
				isOdd, isPlain := work(c)
				if all = all && isPlain; isOdd {
					lists[w] = append(lists[w], c)
				}
			}
			plain[w] = all
		})
	}
	wait.Wait()
	return slices.Concat(lists...), !slices.Contains(plain, false)
}

// countOwn counts the shares that companies are listed to hold in themselves as their
// treasury, and returns them. If a company states a treasury, the larger of the two
// counts: both describe the same shares.
func (r *reader) countOwn() []OwnShares {
	var out []OwnShares
	for _, i := range slices.Sorted(maps.Keys(r.own)) {
		f, own := r.figuresOf(i), r.own[i]
		id, _ := r.idOf(i)
		out = append(out, OwnShares{id, own})
		if f.issued.Less(own) {
			r.add("companies."+id, OverAllocated, "%s holds %s of its own %s issued shares", id, own, f.issued)
			continue
		}
		if f.treasury.Less(own) {
			f.treasury = own
			k := r.listed.At(i)
			if n, den, ok := own.Small(); ok && den == 1 && k.issued >= 0 {
				k.treasury = n
				continue
			}
			k.issued, r.exact[i] = -1, f
		}
	}
	slices.SortFunc(out, func(a, b OwnShares) int { return strings.Compare(a.Company, b.Company) })
	return out
}

// countsTotal adds up the units of a column. It returns false if one of them
// stands for exact shares, or if the sum leaves no room for further sums.
func countsTotal(units []int64) (sum int64, ok bool) {
	ok = true
	for _, u := range units {
		sum += u
		ok = ok && u >= 0 && sum < graph.MaxUnits
	}
	return sum, ok
}

// figuresOf returns the figures of a company as fractions.
func (r *reader) figuresOf(i int32) figures {
	k := r.listed.At(i)
	if k.issued < 0 {
		return r.exact[i]
	}
	return figures{issued: ratio.Int(k.issued), treasury: ratio.Int(k.treasury), votes: ratio.Int(k.votes)}
}

// weighExactly stores the weights of company c as fractions. It is for companies
// whose figures are not all small whole numbers, and for over-allocated companies.
// It returns true in the second case.
func (r *reader) weighExactly(g *graph.Graph, m *graph.Weighting, c int32, f figures, excess Excess) (OverAllocation, bool) {
	from, to := g.Column(c)
	column := make([]ratio.Ratio, 0, to-from)
	var sum ratio.Ratio
	for e := from; e < to; e++ {
		x := r.shares(m.Units[e])
		column, sum = append(column, x), sum.Add(x)
		m.Units[e] = 0
	}
	over := OverAllocation{g.IDs.At(c), sum, f.outstanding()}
	tooMany := over.Outstanding.Less(sum)
	switch {
	case !tooMany:
	case excess == KeepOut:
		clear(column)
	case excess == Scale:
		for i := range column {
			column[i] = column[i].Mul(over.Outstanding).Div(sum)
		}
	default:
		holders := 1
		for e := from + 1; e < to; e++ {
			if g.Holder[e] != g.Holder[e-1] {
				holders++
			}
		}
		who := fmt.Sprintf("%d holders hold", holders)
		switch {
		case holders == 1 && len(column) == 1:
			who = "1 holder holds"
		case holders == 1:
			who = fmt.Sprintf("1 holder in %d rows holds", len(column))
		case holders < len(column):
			who = fmt.Sprintf("%d holders in %d rows hold", holders, len(column))
		}
		r.add("companies."+over.Company, OverAllocated, "%s %s of %s outstanding shares of %s, %s too many: see RegisterOptions.OverAllocated",
			who, sum.GroupedDecimal(6), over.Outstanding.GroupedDecimal(6), over.Company, sum.Sub(over.Outstanding).GroupedDecimal(6))
		return over, true
	}
	m.Store(c, from, column, f.issued, f.treasury)
	return over, tooMany
}

// weighVotes returns the weighting of shares by their votes.
func (r *reader) weighVotes(g *graph.Graph, shares *graph.Weighting, number []int32) graph.Weighting {
	n, stakes := len(number), len(shares.Units)
	m := graph.Weighting{TotalUnits: memory.MakeUnset[int64](n), TreasuryUnits: memory.MakeUnset[int64](n),
		Units: memory.MakeUnset[int64](stakes), Scale: slices.Clone(shares.Scale)}
	parallel.Parts(r.workers, stakes, func(from, to int) { copy(m.Units[from:to], shares.Units[from:to]) })
	parallel.Parts(r.workers, n, func(from, to int) {
		copy(m.TotalUnits[from:to], shares.TotalUnits[from:to])
		copy(m.TreasuryUnits[from:to], shares.TreasuryUnits[from:to])
	})
	exactly, _ := r.inParts(g, func(c int32) (odd, plain bool) { // most have one vote per share
		i := number[c]
		if int(i) >= r.companies {
			return false, false
		}
		if k := r.listed.At(i); k.votes == 1 && k.issued >= 0 && shares.Big[c] == nil {
			return false, false
		}
		votes, fits := wholeVotes(shares.TotalUnits[c], r.figuresOf(i).votes)
		if shares.Big[c] != nil || !fits {
			return true, false
		}
		m.TotalUnits[c], m.TreasuryUnits[c] = shares.TotalUnits[c]*votes, shares.TreasuryUnits[c]*votes
		from, to := g.Column(c)
		for e := from; e < to; e++ {
			m.Units[e] = shares.Units[e] * votes
		}
		return false, false
	})
	for _, c := range exactly {
		votes := r.figuresOf(number[c]).votes
		from, to := g.Column(c)
		column := make([]ratio.Ratio, 0, to-from)
		for e := from; e < to; e++ {
			column = append(column, g.Stake(shares, e).Mul(votes))
		}
		m.Store(c, from, column, shares.Issued(c).Mul(votes), shares.Treasury(c).Mul(votes))
	}
	return m
}

// wholeVotes returns the votes per share as a whole number. It returns false if
// they are not whole, or if all shares together have too many votes to count.
func wholeVotes(total int64, votes ratio.Ratio) (n int64, ok bool) {
	n, den, ok := votes.Small()
	if !ok || den != 1 {
		return 0, false
	}
	hi, lo := bits.Mul64(uint64(total), uint64(n))
	return n, hi == 0 && lo < graph.MaxUnits
}
