package majority

import (
	"cmp"
	"context"
	"errors"
	"math/bits"
	"sync"

	"github.com/crossholding/crossholding/internal/memory"
)

// Pair is a controller and a node below it. Its high half is the controller, so pairs are in order
// of controller, then node.
type Pair uint64

// NewPair returns the pair of controller x and node y.
func NewPair(x, y int32) Pair { return Pair(x)<<32 | Pair(y) }

// Controller returns the node that controls.
func (p Pair) Controller() int32 { return int32(p >> 32) }

// Node returns the node that is controlled.
func (p Pair) Node() int32 { return int32(p) }

// foundPairs keeps the pairs that a worker finds by part, in the order in which they are added.
type foundPairs struct {
	shift  int        // see partShift
	left   int        // pairs for which memory may still be taken
	many   bool       // there was no room
	parts  []pairPart // by the controller
	memory []Pair     // where parts get their next runs
	block  int        // runs of the next block of memory
}

// pairPart has the pairs of a part in runs.
type pairPart struct {
	last []Pair   // the run that is being filled
	full [][]Pair // the runs before it
}

const (
	pairParts = 1 << 8  // parts at most, so that one part after the other fits into the cache
	pairRun   = 1 << 8  // pairs of a run
	pairBlock = 1 << 11 // runs of a block of memory at most, which is made of large pages
)

// newFoundPairs returns memory for about a limit of pairs of n nodes.
func newFoundPairs(n, limit int) foundPairs {
	shift := partShift(n)
	parts := (n-1)>>shift + 1
	return foundPairs{shift: shift, left: limit, parts: make([]pairPart, parts), block: parts}
}

// partShift returns how many low bits of a node's number do not tell its part, among n nodes.
func partShift(n int) int { return max(bits.Len(uint(n))-bits.Len(pairParts-1), 10) }

// add adds a pair, and reports whether there is room.
func (f *foundPairs) add(x, y int32) bool {
	p := &f.parts[x>>(f.shift&31)]
	if len(p.last) == cap(p.last) && !f.grow(p) {
		return false
	}
	p.last = append(p.last, NewPair(x, y))
	return true
}

// grow begins the next run of a part, unless too much memory would be taken.
func (f *foundPairs) grow(p *pairPart) bool {
	if f.many = f.left <= 0; f.many {
		return false
	}
	f.left -= pairRun
	if len(f.memory) == 0 {
		f.memory = memory.MakeUnset[Pair](f.block * pairRun)
		f.block = min(2*f.block, pairBlock)
	}
	if p.last != nil {
		p.full = append(p.full, p.last)
	}
	p.last, f.memory = f.memory[:0:pairRun], f.memory[pairRun:]
	return true
}

// len returns the number of pairs.
func (p *pairPart) len() int { return len(p.full)*pairRun + len(p.last) }

// runs yields the pairs of the part in runs.
func (p *pairPart) runs(yield func([]Pair) bool) {
	for _, run := range p.full {
		if !yield(run) {
			return
		}
	}
	yield(p.last)
}

// errMany says that there are more pairs than can be kept.
var errMany = errors.New("many pairs")

// sortPairs returns in order the pairs that a function adds for ranges of their lower nodes, in
// order of these. It fails with errMany if there are more pairs than limit.
func (h *Hierarchy) sortPairs(ctx context.Context, workers, limit int, find func(ctx context.Context, from, to int32, found *foundPairs) error) ([]Pair, error) {
	n := h.Len()
	if n == 0 {
		return nil, stopped(ctx)
	}
	found := make([]foundPairs, workers)
	err := together(workers, func(w int) error {
		f := newFoundPairs(n, limit)
		err := find(ctx, int32(n*w/workers), int32(n*(w+1)/workers), &f)
		if found[w] = f; f.many {
			return errMany
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ends := make([]int, len(found[0].parts)+1)
	for part := range found[0].parts {
		ends[part+1] = ends[part]
		for w := range found {
			ends[part+1] += found[w].parts[part].len()
		}
	}
	total := ends[len(ends)-1]
	if total > limit {
		return nil, errMany
	}
	out, shift := memory.MakeUnset[Pair](total), found[0].shift
	return out, parallel(ctx, nil, len(found[0].parts), 1, func(next *[]int32, part, _ int32) {
		if *next == nil {
			*next = make([]int32, min(1<<shift, n))
		}
		sortPart(out[ends[part]:ends[part+1]], found, int(part), *next)
	})
}

// sortPart brings the pairs of a part into order by controller. It uses next for the place of each
// controller's next pair.
func sortPart(out []Pair, found []foundPairs, part int, next []int32) {
	clear(next)
	from := int32(part << found[0].shift)
	for w := range found {
		for run := range found[w].parts[part].runs {
			for _, k := range run {
				next[k.Controller()-from]++
			}
		}
	}
	at := int32(0)
	for i, count := range next {
		next[i] = at
		at += count
	}
	for w := range found {
		for run := range found[w].parts[part].runs {
			for _, k := range run {
				i := k.Controller() - from
				out[next[i]] = k
				next[i]++
			}
		}
	}
}

// together runs work for each worker, the last on the caller's goroutine, and returns the
// first worker's error.
func together(workers int, work func(w int) error) error {
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers - 1 {
		wait.Go(func() { errs[w] = work(w) })
	}
	errs[workers-1] = work(workers - 1)
	wait.Wait()
	return cmp.Or(errs...)
}

// climbAhead is the number of nodes whose chains are loaded into the cache together.
const climbAhead = 1 << 10

// climbAll adds the nodes from one to another with all their controllers by votes, while there is
// room.
func (h *Hierarchy) climbAll(ctx context.Context, from, to int32, found *foundPairs) error {
	nodes := make([]int32, 0, climbAhead)
	at := make([]int32, climbAhead)
	for start := from &^ 63; start < to; start += climbAhead {
		if err := stopped(ctx); err != nil {
			return err
		}
		nodes = nodes[:0]
		for w := start >> 6; w < min(start+climbAhead, to+63)>>6; w++ {
			for word := h.below[w]; word != 0; word &= word - 1 {
				if y := w<<6 + int32(bits.TrailingZeros64(word)); y >= from && y < to {
					nodes = append(nodes, y)
				}
			}
		}
		h.fetchChains(at[:copy(at, nodes)])
		for _, y := range nodes {
			if !h.climbFrom(y, found) {
				return nil
			}
		}
	}
	return nil
}

// fetchChains loads the chains of nodes into the processor's cache. It waits for all of them at
// once, and has no branch that the processor must guess. It changes the list.
func (h *Hierarchy) fetchChains(at []int32) {
	for step := 0; step < maxClimb && len(at) > 0; step++ {
		rest := 0
		for _, y := range at {
			x := h.forest.nodes[y].parent
			at[rest] = x
			rest += h.controlled(x)
		}
		at = at[:rest]
	}
}

// controlled returns 1 if somebody controls x by votes, and 0 if not or if x is not a node.
func (h *Hierarchy) controlled(x int32) int {
	none := x >> 31 // -1 if x is not a node
	x &^= none
	return int(h.below[x>>6]>>(x&63)) & 1 &^ int(none)
}

// climbFrom adds y with all its controllers by votes, and reports whether there is room. It does
// not read a node that nobody controls, because that is seldom in the cache.
func (h *Hierarchy) climbFrom(y int32, found *foundPairs) bool {
	x := h.forest.nodes[y].parent
	for x >= 0 {
		up := int32(None)
		if h.below.has(x) {
			up = h.forest.nodes[x].parent
		}
		if isRing(up) {
			x = up
			break
		}
		if !found.add(x, y) {
			return false
		}
		x = up
	}
	if isRing(x) {
		for _, x := range h.forest.rings[ringOf(x)] {
			if x != y && !found.add(x, y) {
				return false
			}
		}
	}
	return true
}

// eachParentOf adds the nodes from one to another with their parents, while there is room. See
// [Hierarchy.eachParent].
func (h *Hierarchy) eachParentOf(ctx context.Context, from, to int32, found *foundPairs) error {
	for y := from; y < to; y++ {
		if y%checkEvery == 0 {
			if err := stopped(ctx); err != nil {
				return err
			}
		}
		more := true
		h.eachParent(y, func(x int32) bool {
			more = found.add(x, y)
			return more
		})
		if !more {
			return nil
		}
	}
	return nil
}
