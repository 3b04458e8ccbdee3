package register

import (
	"runtime"
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/intern"
	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
)

// manyStakes is the number of stakes from which memory that is free must be used again.
const manyStakes = 1 << 20

// clean lets the memory of many rows that is free now be used again at once. Without it, the
// collector would wait until the memory has doubled. It takes some milliseconds, because rows
// and ids have no pointers.
func (r *reader) clean() {
	if len(r.units)+r.stakes.Len >= manyStakes {
		runtime.GC()
	}
}

// renumber replaces the numbers of the stakes' holders and issuers by nodes.
func (r *reader) renumber(ranks *intern.Ranks) {
	blocks := r.stakes.Blocks
	parallel.Parts(r.workers, len(blocks)*parallel.MinPart, func(from, to int) {
		for _, b := range blocks[from/parallel.MinPart : to/parallel.MinPart] {
			for i := range b {
				b[i].holder, b[i].issuer = ranks.Of(b[i].holder), ranks.Of(b[i].issuer)
			}
		}
	})
}

// placeStakes makes the graph of the stakes, and puts their units in its order. Each
// goroutine places the stakes in a range of issuers, so that the order of rows is kept.
func (r *reader) placeStakes(g *graph.Graph, ids intern.Names) {
	n, m := ids.Len(), r.stakes.Len
	words := memory.Make[int32](n + 1 + 2*m)
	*g = graph.Graph{IDs: ids, Columns: words[: n+1 : n+1], Issuer: words[n+1 : n+1+m : n+1+m], Holder: words[n+1+m:]}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	r.units = memory.Make[int64](m)
	for _, b := range r.stakes.Blocks {
		for i := range b {
			g.Columns[b[i].issuer+1]++
		}
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	var parts [][2]int32 // ranges of companies with about as many stakes
	for w := range r.workers {
		parts = append(parts, [2]int32{columnAt(g, m*w/r.workers), columnAt(g, m*(w+1)/r.workers)})
	}
	parts[0][0] = 0
	var wait sync.WaitGroup
	for _, part := range parts {
		wait.Go(func() { r.placeIn(g, g.Columns[:n], part[0], part[1]) })
	}
	wait.Wait()
	copy(g.Columns[1:], g.Columns[:n])
	g.Columns[0] = 0
	for _, part := range parts {
		wait.Go(func() { r.sortColumns(g, part[0], part[1]) })
	}
	wait.Wait()
	r.stakes = intern.List[stake]{}
}

// placeIn places the stakes in companies from first to before last. The argument next
// has where the next stake in each company belongs; at the end, this is the column's end.
func (r *reader) placeIn(g *graph.Graph, next []int32, first, last int32) {
	for _, b := range r.stakes.Blocks {
		for i := range b {
			if c := b[i].issuer; first <= c && c < last {
				e := next[c]
				next[c]++
				g.Issuer[e], g.Holder[e], r.units[e] = c, b[i].holder, b[i].units
			}
		}
	}
}

// sortColumns sorts the stakes in companies from first to before last by holder.
func (r *reader) sortColumns(g *graph.Graph, first, last int32) {
	var sorter graph.ColumnSorter[int64]
	for c := first; c < last; c++ {
		from, to := g.Column(c)
		sorter.Sort(g.Holder[from:to], r.units[from:to])
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
