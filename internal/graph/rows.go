package graph

import (
	"runtime"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/parallel"
)

// Rows lists stakes by the node that has them. The stakes of node i are
// Stakes[First[i]:First[i+1]].
type Rows struct {
	First, Stakes []int32
}

// Of returns the stakes of node i.
func (r Rows) Of(i int32) []int32 { return r.Stakes[r.First[i]:r.First[i+1]] }

// RowsOf lists stakes by the node that has them, in the order of stakes. The argument who
// gives the node of each stake, or None, and n is the number of nodes.
func RowsOf(who []int32, n int) Rows {
	words := memory.Make[int32](n + 1 + len(who))
	r := Rows{First: words[: n+1 : n+1], Stakes: words[n+1:]}
	if len(who) < manyStakes || n < groups {
		r.list(who)
	} else {
		r.listGroups(who, runtime.GOMAXPROCS(0))
	}
	r.Stakes = r.Stakes[:r.First[n]]
	return r
}

// list fills in the rows.
func (r Rows) list(who []int32) {
	n := len(r.First) - 1
	for _, i := range who {
		if i != None {
			r.First[i+1]++
		}
	}
	for i := range n {
		r.First[i+1] += r.First[i]
	}
	next := r.First[:n] // moves each begin to the begin after it
	for e, i := range who {
		if i != None {
			r.Stakes[next[i]] = int32(e)
			next[i]++
		}
	}
	copy(r.First[1:], next)
	r.First[0] = 0
}

const (
	manyStakes = 1 << 18 // from which rows are listed in groups
	groups     = 1 << 8  // of nodes, about
)

// listGroups fills in the rows on some goroutines. It puts the stakes into groups of nodes that
// follow one another. The rows of one group fit into the cache of a core, and those of all nodes
// do not.
func (r Rows) listGroups(who []int32, workers int) {
	n, shift := len(r.First)-1, 0
	for n>>shift >= groups {
		shift++
	}
	count := n>>shift + 1
	pairs := memory.MakeUnset[uint64](len(who)) // a node and a stake
	shares := make([][]int, workers)            // of each goroutine: by group, the stakes and then where the next goes
	each := func(work func(next []int, from, to int)) {
		var wait sync.WaitGroup
		for w := range workers {
			wait.Go(func() { work(shares[w], len(who)*w/workers, len(who)*(w+1)/workers) })
		}
		wait.Wait()
	}
	for w := range shares {
		shares[w] = make([]int, count)
	}
	each(func(next []int, from, to int) {
		for _, i := range who[from:to] {
			if i != None {
				next[i>>shift]++
			}
		}
	})
	begin, at := make([]int, count+1), 0
	for g := range count {
		begin[g] = at
		for _, next := range shares {
			at, next[g] = at+next[g], at
		}
	}
	begin[count] = at
	each(func(next []int, from, to int) {
		for e, i := range who[from:to] {
			if i != None {
				g := i >> shift
				pairs[next[g]] = uint64(i)<<32 | uint64(from+e)
				next[g]++
			}
		}
	})
	parallel.Each(workers, count, func(_ *struct{}, g int) {
		r.listGroup(g<<shift, min((g+1)<<shift, n), begin[g], pairs[begin[g]:begin[g+1]])
	})
	r.First[n] = int32(at)
}

// listGroup fills in the rows of the nodes from one to before another. The pairs are their stakes,
// and the first is at a place of Stakes.
func (r Rows) listGroup(from, to, at int, pairs []uint64) {
	next := r.First[from:to] // moves each begin to the begin after it
	for _, p := range pairs {
		next[int(p>>32)-from]++
	}
	for i, n := range next {
		next[i], at = int32(at), at+int(n)
	}
	for _, p := range pairs {
		i := int(p>>32) - from
		r.Stakes[next[i]] = int32(uint32(p))
		next[i]++
	}
	for i := len(next) - 1; i > 0; i-- {
		next[i] = next[i-1]
	}
	if len(next) > 0 {
		next[0] = int32(at - len(pairs))
	}
}

// ListRows fills ByBeneficiary and ByVoter. The two share memory if beneficiaries and
// voters do.
func (g *Graph) ListRows() {
	g.ByBeneficiary = RowsOf(g.Beneficiary, g.IDs.Len())
	g.ByVoter = g.ByBeneficiary
	if !SameArray(g.Beneficiary, g.Voter) {
		g.ByVoter = RowsOf(g.Voter, g.IDs.Len())
	}
}
