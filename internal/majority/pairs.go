package majority

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/progress"
)

// Below calls visit for each node that controls others, in order, with the nodes that it
// controls, in order, until visit returns false. The list is only valid during the call.
//
// The time is proportional to the number of nodes and pairs, and the memory to the number of
// nodes. Below fails with [ErrCap] at the controller whose list would make more than limit
// pairs, and with ctx's cause when ctx is done.
func (h *Hierarchy) Below(ctx context.Context, limit int, visit func(x int32, below []int32) bool) error {
	few := min(2*h.Len(), math.MaxInt32) // as many pairs are kept
	return h.list(ctx, max(1, min(runtime.GOMAXPROCS(0), h.Len()>>14)), few, limit, visit)
}

// list is Below with a number of workers, and of pairs that are kept. If there are few
// pairs, it lists them from the controllers of each node. Otherwise, or if there are facts,
// it lists the nodes right below each node, and follows these lists.
func (h *Hierarchy) list(ctx context.Context, workers, few, limit int, visit func(x int32, below []int32) bool) error {
	search := h.nodes != nil
	var l lists
	err := errMany
	if !search {
		l, err = h.listLinks(ctx, workers, min(few, limit), h.climbAll)
		search = errors.Is(err, errMany)
	}
	if search {
		l, err = h.listLinks(ctx, workers, -1, h.eachLink)
	}
	if err != nil {
		return err
	}
	d := descent{lists: l, found: newBitSet(h.Len()), ctx: ctx, left: limit}
	stage := progress.Start(ctx, "groups", h.Len(), checkEvery)
	work := checkEvery
	for x := range l.heads.all() {
		stage.At(int(x))
		if work++; work >= checkEvery {
			work = 0
			if err := stopped(ctx); err != nil {
				return err
			}
		}
		below := l.of(x)
		work += len(below)
		if search && d.deep(below) {
			if below, err = d.search(x); err != nil {
				return err
			}
		}
		if d.left -= len(below); d.left < 0 {
			return &CapError{limit}
		}
		if len(below) > 0 && !visit(x, below) {
			return nil
		}
	}
	stage.End()
	return nil
}

// link is a node and one below it.
type link struct{ x, y int32 }

// lists has for each node a list of nodes below it, in order.
type lists struct {
	first, nodes []int32 // the list of x is nodes[first[x]:first[x+1]]
	heads        bitSet  // the nodes whose lists are not empty
}

func (l *lists) of(x int32) []int32 { return l.nodes[l.first[x]:l.first[x+1]] }

// linkBlocks keeps links in blocks, so that many of them grow without being copied.
type linkBlocks [][]link

const linkBlock = 1 << 14 // links of a block

// add adds a link, and reports whether there is room for more in the last block.
func (b *linkBlocks) add(k link) bool {
	last := len(*b) - 1
	if last < 0 || len((*b)[last]) == linkBlock {
		var block []link // the first block grows, because most networks are small
		if last >= 0 {
			block = make([]link, 0, linkBlock)
		}
		*b, last = append(*b, block), last+1
	}
	block := append((*b)[last], k)
	(*b)[last] = block
	return len(block) < linkBlock
}

func (b linkBlocks) len() int { return max(len(b)-1, 0)*linkBlock + len(b[len(b)-1]) }

// errMany says that there are more links than can be kept.
var errMany = errors.New("many links")

// linkParts is the number of parts into which links are divided.
const linkParts = 1 << 8

// listLinks makes lists of the links that a function yields for ranges of their lower nodes,
// in order of these. It brings the links into parts by their upper nodes, so that one part
// after the other fits into the processor's cache. It fails with errMany if there are more
// links than limit, unless that is negative.
func (h *Hierarchy) listLinks(ctx context.Context, workers, limit int, find func(ctx context.Context, from, to int32, yield func(link) bool) error) (lists, error) {
	n := h.Len()
	l := lists{first: make([]int32, n+1), heads: newBitSet(n)}
	shift := max(bits.Len(uint(n)), 14) - 8 // two parts never share a word of heads
	found := make([]linkBlocks, workers)
	next := make([][linkParts]int, workers) // of each worker and part: its next link's place
	err := together(workers, func(w int) error {
		count, many := &next[w], false
		err := find(ctx, int32(n*w/workers), int32(n*(w+1)/workers), func(k link) bool {
			count[k.x>>shift]++
			if found[w].add(k) {
				return true
			}
			many = limit >= 0 && found[w].len() > limit
			return !many
		})
		if many {
			return errMany
		}
		return err
	})
	if err != nil {
		return l, err
	}
	var ends [linkParts + 1]int
	total := 0
	for part := range linkParts {
		for w := range next {
			next[w][part], total = total, total+next[w][part]
		}
		ends[part+1] = total
	}
	if limit >= 0 && total > limit {
		return l, errMany
	}
	links := make([]link, total)
	l.nodes, l.first[n] = make([]int32, total), int32(total)
	_ = together(workers, func(w int) error {
		for _, block := range found[w] {
			for _, k := range block {
				at := &next[w][k.x>>shift]
				links[*at] = k
				*at++
			}
		}
		return nil
	})
	var taken atomic.Int64
	return l, together(workers, func(int) error {
		memory := make([]int32, 1<<shift)
		for {
			part := int(taken.Add(1)) - 1
			if part >= linkParts || part<<shift >= n {
				return stopped(ctx)
			}
			from, to := part<<shift, min((part+1)<<shift, n)
			l.fill(int32(from), memory[:to-from], links[ends[part]:ends[part+1]], ends[part])
		}
	})
}

// fill makes the lists of the nodes from one on, of their links. So many nodes are in the lists
// before. It uses next for the place of each node's next in its list.
func (l *lists) fill(from int32, next []int32, links []link, before int) {
	clear(next)
	for _, k := range links {
		next[k.x-from]++
	}
	at := int32(before)
	for i, count := range next {
		x := from + int32(i)
		if count > 0 {
			l.heads.include(x)
		}
		l.first[x], next[i] = at, at
		at += count
	}
	for _, k := range links {
		i := k.x - from
		l.nodes[next[i]] = k.y
		next[i]++
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

// climbAll yields the links of the nodes from one to another with all their controllers by
// votes, until yield returns false.
func (h *Hierarchy) climbAll(ctx context.Context, from, to int32, yield func(link) bool) error {
	for ; from < to; from += readAhead {
		if err := stopped(ctx); err != nil {
			return err
		}
		end := min(from+readAhead, to)
		h.forest.fetchChains(from, end)
		for y := from; y < end; y++ {
			if !h.forest.climb(y, yield) {
				return nil
			}
		}
	}
	return nil
}

// fetchChains loads the chains of a range of nodes into the processor's cache. It waits for
// all of them at once.
func (f *Forest) fetchChains(from, to int32) {
	var at [readAhead]int32
	n := 0
	for y := from; y < to; y++ {
		if p := f.nodes[y].parent; p >= 0 {
			at[n] = p
			n++
		}
	}
	for step := 0; step < maxClimb && n > 0; step++ {
		rest := 0
		for _, x := range at[:n] {
			if p := f.nodes[x].parent; p >= 0 {
				at[rest] = p
				rest++
			}
		}
		n = rest
	}
}

// climb yields the links of y with all its controllers, until yield returns false.
func (f *Forest) climb(y int32, yield func(link) bool) bool {
	x := y
	for f.nodes[x].parent >= 0 {
		if x = f.nodes[x].parent; isRing(f.nodes[x].parent) {
			break
		}
		if !yield(link{x, y}) {
			return false
		}
	}
	if code := f.nodes[x].parent; isRing(code) {
		for _, x := range f.rings[ringOf(code)] {
			if x != y && !yield(link{x, y}) {
				return false
			}
		}
	}
	return true
}

// eachLink yields the links of the nodes from one to another with their parents, until yield
// returns false. See [Hierarchy.eachParent].
func (h *Hierarchy) eachLink(ctx context.Context, from, to int32, yield func(link) bool) error {
	for y := from; y < to; y++ {
		if y%checkEvery == 0 {
			if err := stopped(ctx); err != nil {
				return err
			}
		}
		more := true
		h.eachParent(y, func(x int32) bool {
			more = yield(link{x, y})
			return more
		})
		if !more {
			return nil
		}
	}
	return nil
}

// descent finds all nodes below one node after another, from lists of the nodes right below.
type descent struct {
	lists
	ctx   context.Context
	left  int // pairs that may still be found
	list  []int32
	found bitSet // the nodes of the list
	work  int    // nodes since the last check of the context
}

// deep reports whether the nodes right below one node are not yet all nodes below it, each
// once. A node is there twice if a fact says what votes say too.
func (d *descent) deep(below []int32) bool {
	for i, y := range below {
		if d.heads.has(y) || i > 0 && y == below[i-1] {
			return true
		}
	}
	return false
}

// search returns the nodes below x, in order, or more nodes than are left. They are valid
// until the next call.
func (d *descent) search(x int32) ([]int32, error) {
	list := d.list[:0]
	d.found.include(x)
	for i, y := 0, x; ; i++ {
		below := d.of(y)
		for _, z := range below {
			if !d.found.has(z) {
				d.found.include(z)
				list = append(list, z)
			}
		}
		if d.work += 1 + len(below); d.work >= checkEvery {
			d.work = 0
			if err := stopped(d.ctx); err != nil {
				return nil, err
			}
		}
		for i < len(list) && !d.heads.has(list[i]) {
			i++
		}
		if i == len(list) || len(list) > d.left {
			break
		}
		y = list[i]
	}
	d.list = list
	d.found.exclude(x)
	d.found.take(list)
	return list, nil
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

// take sorts the list of the nodes in the set, and empties the set. It reads a long list from
// the set, which is faster than to compare its nodes.
func (s bitSet) take(list []int32) {
	if len(list) < len(s)/8 {
		slices.Sort(list)
		for _, x := range list {
			s.exclude(x)
		}
		return
	}
	list = list[:0]
	for x := range s.all() {
		list = append(list, x)
	}
	clear(s)
}
