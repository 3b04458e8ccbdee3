package graph

import (
	"slices"
	"sync"

	"github.com/crossholding/crossholding/internal/intern"
)

// New returns a graph of nodes and stakes. The ids must be sorted and all different;
// holder and issuer give the nodes of each stake. Stakes of one holder in one issuer keep
// their order. Record gives the position of each stake in the arguments. Beneficiaries and
// voters are the holders.
//
// The graph keeps none of the arguments. Its weightings and rows are empty: the
// caller fills the weightings and calls [Graph.ListRows].
func New(ids []string, holder, issuer []int32) Graph {
	n, m := len(ids), len(holder)
	words := make([]int32, n+1+2*m)
	g := Graph{IDs: intern.NewNames(ids), Scratch: new(sync.Pool), Columns: words[: n+1 : n+1]}
	g.Issuer, g.Holder = words[n+1:n+1+m:n+1+m], words[n+1+m:]
	g.Record = make([]int32, m) // an array of its own, because a register drops it
	for _, c := range issuer {
		g.Columns[c+1]++
	}
	for c := range n {
		g.Columns[c+1] += g.Columns[c]
	}
	next := slices.Clone(g.Columns[:n])
	for i, c := range issuer {
		e := next[c]
		next[c]++
		g.Issuer[e], g.Holder[e], g.Record[e] = c, holder[i], int32(i)
	}
	var sorter ColumnSorter[int32]
	for c := range int32(n) {
		from, to := g.Column(c)
		sorter.Sort(g.Holder[from:to], g.Record[from:to])
	}
	g.Beneficiary, g.Voter = g.Holder, g.Holder
	return g
}

// A ColumnSorter sorts the stakes of one company after another. It keeps the memory that this
// needs. The zero value is ready. It belongs to one goroutine.
type ColumnSorter[T any] struct {
	keys   []uint64 // holder and place
	values []T
}

// Sort sorts the stakes in one company by holder, and takes along the value of each. Stakes of
// one holder keep their order.
func (s *ColumnSorter[T]) Sort(holder []int32, value []T) {
	const short = 24 // most columns are short and need no memory
	if len(holder) <= short {
		for i := 1; i < len(holder); i++ {
			h, v, k := holder[i], value[i], i
			for ; k > 0 && holder[k-1] > h; k-- {
				holder[k], value[k] = holder[k-1], value[k-1]
			}
			holder[k], value[k] = h, v
		}
		return
	}
	if slices.IsSorted(holder) {
		return
	}
	s.keys = s.keys[:0]
	for i, h := range holder {
		s.keys = append(s.keys, uint64(h)<<32|uint64(i))
	}
	slices.Sort(s.keys)
	s.values = append(s.values[:0], value...)
	for i, k := range s.keys {
		holder[i], value[i] = int32(k>>32), s.values[uint32(k)]
	}
}
