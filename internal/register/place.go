package register

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
)

// manyStakes is the number of companies and stakes from which memory that is free must be used
// again.
const manyStakes = 1 << 20

// clean lets the memory of many rows that is free now be used again at once. Without it, the
// collector would wait until the memory has doubled. It takes some milliseconds, because rows
// and ids have no pointers.
func (r *reader) clean() {
	if r.companies+len(r.units)+r.stakes.len() >= manyStakes {
		runtime.GC()
	}
}

// placeStakes makes the graph of the stakes, and puts their units in its order.
func (r *reader) placeStakes(g *graph.Graph, ranks *intern.Ranks) {
	n, m := ranks.Names.Len(), r.stakes.len()
	words := memory.MakeUnset[int32](n + 1 + 2*m)
	*g = graph.Graph{IDs: ranks.Names, Columns: words[: n+1 : n+1], Issuer: words[n+1 : n+1+m : n+1+m], Holder: words[n+1+m:]}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	r.units = memory.MakeUnset[int64](m)
	if r.grouped() && ranks.Sorted() {
		r.placeInOrder(g, ranks)
	} else {
		r.placeAnyOrder(g, ranks)
	}
	var wait sync.WaitGroup
	for _, part := range r.companyParts(g) {
		wait.Go(func() { r.sortColumns(g, part[0], part[1]) })
	}
	wait.Wait()
	r.stakes = stakeList{}
}

// grouped reports whether the issuers of stakes are in the order of the companies' file.
func (r *reader) grouped() bool {
	var out atomic.Bool
	out.Store(true)
	blocks := r.stakes.issuer.Blocks
	parallel.Split(r.workers, len(blocks), func(from, to int) {
		last := int32(0)
		for k := from; k < to && out.Load(); k++ {
			if k > 0 {
				last = blocks[k-1][len(blocks[k-1])-1]
			}
			for _, c := range blocks[k] {
				if c < last {
					out.Store(false)
					break
				}
				last = c
			}
		}
	})
	return out.Load()
}

// placeInOrder places stakes whose rows are in the order of issuers already.
func (r *reader) placeInOrder(g *graph.Graph, ranks *intern.Ranks) {
	blocks := r.stakes.issuer.Blocks
	parallel.Split(r.workers, len(blocks), func(from, to int) {
		last, e := int32(-1), 0
		if from > 0 {
			last, e = ranks.Of(blocks[from-1][len(blocks[from-1])-1]), from*len(blocks[0])
		}
		for k := from; k < to; k++ {
			copy(r.units[e:], r.stakes.units.Blocks[k])
			holders := g.Holder[e : e+len(blocks[k])]
			for i, h := range r.stakes.holder.Blocks[k] { // by itself, so that many are looked up at a time
				holders[i] = ranks.Of(h)
			}
			number, node := int32(-1), int32(-1) // of the last issuer
			for _, c := range blocks[k] {
				if c != number {
					number, node = c, ranks.Of(c)
				}
				for ; last < node; last++ {
					g.Columns[last+1] = int32(e)
				}
				g.Issuer[e] = node
				e++
			}
		}
	})
	last := int32(-1)
	if m := len(g.Issuer); m > 0 {
		last = g.Issuer[m-1]
	}
	for c := int(last) + 1; c < len(g.Columns); c++ {
		g.Columns[c] = int32(len(g.Issuer))
	}
}

// placeAnyOrder places stakes whose rows are in any order. Each goroutine places the stakes in a
// range of issuers, so that the order of rows is kept.
func (r *reader) placeAnyOrder(g *graph.Graph, ranks *intern.Ranks) {
	for _, blocks := range [][][]int32{r.stakes.holder.Blocks, r.stakes.issuer.Blocks} {
		parallel.Split(r.workers, len(blocks), func(from, to int) {
			for _, b := range blocks[from:to] {
				for i := range b {
					b[i] = ranks.Of(b[i])
				}
			}
		})
	}
	n := g.IDs.Len()
	clear(g.Columns)
	for _, b := range r.stakes.issuer.Blocks {
		for _, c := range b {
			g.Columns[c+1]++
		}
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	var wait sync.WaitGroup
	for _, part := range r.companyParts(g) {
		wait.Go(func() { r.placeIn(g, g.Columns[:n], part[0], part[1]) })
	}
	wait.Wait()
	copy(g.Columns[1:], g.Columns[:n])
	g.Columns[0] = 0
}

// companyParts returns ranges of companies with about as many stakes, one for each worker.
func (r *reader) companyParts(g *graph.Graph) [][2]int32 {
	var parts [][2]int32
	m := len(g.Issuer)
	for w := range r.workers {
		parts = append(parts, [2]int32{columnAt(g, m*w/r.workers), columnAt(g, m*(w+1)/r.workers)})
	}
	parts[0][0] = 0
	return parts
}

// placeIn places the stakes in companies from first to before last. The argument next
// has where the next stake in each company belongs; at the end, this is the column's end.
func (r *reader) placeIn(g *graph.Graph, next []int32, first, last int32) {
	for k, b := range r.stakes.issuer.Blocks {
		holders, units := r.stakes.holder.Blocks[k], r.stakes.units.Blocks[k]
		for i, c := range b {
			if first <= c && c < last {
				e := next[c]
				next[c]++
				g.Issuer[e], g.Holder[e], r.units[e] = c, holders[i], units[i]
			}
		}
	}
}

// sortColumns sorts the stakes in companies from first to before last by holder, and those of one
// holder by shares.
func (r *reader) sortColumns(g *graph.Graph, first, last int32) {
	var sorter graph.ColumnSorter[int64]
	for c := first; c < last; c++ {
		from, to := g.Column(c)
		holders, units := g.Holder[from:to], r.units[from:to]
		sorter.Sort(holders, units)
		for e := 1; e < len(holders); e++ {
			if holders[e] != holders[e-1] {
				continue
			}
			begin := e - 1
			for e < len(holders) && holders[e] == holders[begin] {
				e++
			}
			slices.SortFunc(units[begin:e], func(a, b int64) int { return r.shares(a).Cmp(r.shares(b)) })
		}
	}
}

// columnAt returns the first company of which all stakes are at or after stake e. For the
// number of stakes it returns the number of nodes.
func columnAt(g *graph.Graph, e int) int32 {
	if e == len(g.Issuer) {
		return int32(g.IDs.Len())
	}
	c, _ := slices.BinarySearch(g.Columns, int32(e))
	return int32(c)
}
