package majority

import (
	"context"
	"errors"
	"iter"
	"math"
	"math/bits"
	"runtime"
	"slices"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/progress"
)

// Pairs calls visit with all pairs of a controller and a node that it controls, in order, some at a
// time, until visit returns false. The list is only valid during the call.
//
// The time is proportional to the number of nodes and pairs, and the memory to the number of
// nodes. Pairs fails with [ErrCap] at the controller whose nodes would make more than limit
// pairs, and with ctx's cause when ctx is done.
func (h *Hierarchy) Pairs(ctx context.Context, limit int, visit func([]Pair) bool) error {
	few := min(2*h.Len(), math.MaxInt32) // as many pairs are kept
	return h.list(ctx, max(1, min(runtime.GOMAXPROCS(0), h.Len()>>14)), few, limit, visit)
}

// list is Pairs with a number of workers, and of pairs that are kept. If there are few pairs, it
// finds them from the controllers of each node. Otherwise, or if there are facts, it finds
// the nodes right below each node, and follows them.
func (h *Hierarchy) list(ctx context.Context, workers, few, limit int, visit func([]Pair) bool) error {
	stage := progress.Start(ctx, "groups", h.Len(), checkEvery)
	d := descent{ctx: ctx, limit: limit, stage: &stage, visit: visit}
	var pairs []Pair
	err := errMany
	if h.nodes == nil {
		if pairs, err = h.sortPairs(ctx, workers, min(few, limit), h.climbAll); err == nil {
			err = d.yield(pairs)
		}
	}
	if errors.Is(err, errMany) {
		if pairs, err = h.sortPairs(ctx, workers, math.MaxInt, h.eachParentOf); err == nil {
			err = d.yieldAll(pairs, h.Len())
		}
	}
	switch {
	case errors.Is(err, errEnough):
		return nil
	case err == nil:
		stage.End()
	}
	return err
}

// errEnough says that the caller wants no more pairs.
var errEnough = errors.New("enough pairs")

// pairBatch is the number of pairs that are yielded together.
const pairBatch = 1 << 14

// descent finds all nodes below one node after another, from pairs with the nodes right below.
type descent struct {
	ctx   context.Context
	stage *progress.Stage
	visit func([]Pair) bool
	limit int

	pairs []Pair
	first []int32 // the pairs of x are pairs[first[x]:first[x+1]]
	heads bitSet  // the nodes with pairs
	found bitSet  // the nodes of the list
	list  []Pair
	out   []Pair // a batch
	left  int    // pairs that may still be found
	work  int    // nodes since the last check of the context
}

// yield calls visit with pairs, a batch at a time.
func (d *descent) yield(pairs []Pair) error {
	for len(pairs) > 0 {
		next := pairs[:min(len(pairs), pairBatch)]
		pairs = pairs[len(next):]
		d.stage.At(int(next[0].Controller()))
		if err := stopped(d.ctx); err != nil {
			return err
		}
		if !d.visit(next) {
			return errEnough
		}
	}
	return nil
}

// yieldAll yields the pairs of all of n nodes. It gets those with the nodes right below.
func (d *descent) yieldAll(pairs []Pair, n int) error {
	d.index(pairs, n)
	d.left = d.limit
	for x := range d.heads.all() {
		below := d.of(x)
		if d.deep(below) {
			if err := d.search(x); err != nil {
				return err
			}
			below = d.list
		}
		d.left -= len(below)
		if d.left < 0 || len(d.out)+len(below) > pairBatch {
			if err := d.yield(d.out); err != nil {
				return err
			}
			d.out = d.out[:0]
		}
		if d.left < 0 {
			return &CapError{d.limit}
		}
		if len(below) < pairBatch {
			d.out = append(d.out, below...)
		} else if err := d.yield(below); err != nil {
			return err
		}
	}
	return d.yield(d.out)
}

// index makes the pairs of n nodes ready to be read in any order.
func (d *descent) index(pairs []Pair, n int) {
	d.pairs, d.first = pairs, memory.MakeUnset[int32](n+1)
	d.heads, d.found = newBitSet(n), newBitSet(n)
	next := int32(0)
	for i, k := range pairs {
		for x := k.Controller(); next <= x; next++ {
			d.first[next] = int32(i)
		}
		d.heads.include(k.Controller())
	}
	for ; int(next) <= n; next++ {
		d.first[next] = int32(len(pairs))
	}
}

// of returns the pairs of x with the nodes right below it.
func (d *descent) of(x int32) []Pair { return d.pairs[d.first[x]:d.first[x+1]] }

// deep reports whether the pairs with the nodes right below one node are not yet the pairs with all
// nodes below it, each once. A node is there twice if a fact says what votes say too.
func (d *descent) deep(below []Pair) bool {
	for i, k := range below {
		if d.heads.has(k.Node()) || i > 0 && k == below[i-1] {
			return true
		}
	}
	return false
}

// search makes a list of the pairs of x with all nodes below it, in order, or of more than are left.
func (d *descent) search(x int32) error {
	list := d.list[:0]
	d.found.include(x)
	for i, y := 0, x; ; i++ {
		below := d.of(y)
		for _, k := range below {
			if z := k.Node(); !d.found.has(z) {
				d.found.include(z)
				list = append(list, NewPair(x, z))
			}
		}
		if d.work += 1 + len(below); d.work >= checkEvery {
			d.work = 0
			if err := stopped(d.ctx); err != nil {
				return err
			}
		}
		for i < len(list) && !d.heads.has(list[i].Node()) {
			i++
		}
		if i == len(list) || len(list) > d.left {
			break
		}
		y = list[i].Node()
	}
	d.list = list
	d.found.exclude(x)
	d.found.take(list)
	return nil
}

// all yields the nodes of the set, in order.
func (s bitSet) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(64*i + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// take sorts the pairs of one controller with the nodes in the set, and empties the set. It reads a
// long list from the set, which is faster than to compare its pairs.
func (s bitSet) take(list []Pair) {
	if len(list) < len(s)/8 {
		slices.Sort(list)
		for _, k := range list {
			s.exclude(k.Node())
		}
		return
	}
	x := list[0].Controller()
	list = list[:0]
	for y := range s.all() {
		list = append(list, NewPair(x, y))
	}
	clear(s)
}
