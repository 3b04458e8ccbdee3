package majority

import (
	"cmp"
	"context"
	"iter"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Forest is who controls whom among all nodes: the controllers of each node
// are a chain, and the chains are a forest. It is immutable and safe for
// concurrent use; Engine.Forest makes it.
//
// Nodes that control one another are a ring. By the package's theorem nobody
// outside controls a ring, so a ring stands at the top of its tree only, and
// has no ultimate controller: no member is above the others.
type Forest struct {
	nodes []node
	rings [][]int32
}

// node is a node's place in the forest.
type node struct {
	parent int32 // Nobody, or the ringCode of a ring
	top    int32 // the end of the chain, the least of a ring
}

// Codes in parent below Nobody: while the forest is being made, a node whose
// meeting needs several casters is open; a member of a ring says which.
const (
	openMark  = Nobody - 1
	firstRing = math.MinInt32
	ringLimit = firstRing / 2 // codes below it are rings: there are at most half as many as nodes
)

func ringCode(ring int) int32     { return int32(firstRing + ring) }
func isRing(code int32) bool      { return code < ringLimit }
func ringOf(code int32) int       { return int(code) - firstRing }
func openCode(place int) int32    { return int32(openMark - 1 - place) }
func isOpen(code int32) bool      { return code <= openMark && code >= ringLimit }
func placeOf(code int32) int32    { return openMark - 1 - code }
func (f *Forest) at(x int32) bool { return x >= 0 && int(x) < len(f.nodes) }

// Forest returns control for everyone at once. The rule must leave no meeting
// that two groups without a common member could both carry, as more than one
// half of the base never does while the entries fit into the base; the first
// meetings where they could are named by a ContestedError. A presumption is
// refused: its controllers need not form a chain.
//
// Its time is near that of reading the entries once; only meetings that no
// single holder carries, and several controlled ones might, are read again,
// with the chains of their holders climbed. Both processors share the reading.
// The result does not depend on their number, nor on the order of entries.
//
// The errors are ErrRule, ErrContested, and the cause of ctx.
func (e *Engine) Forest(ctx context.Context, rule Rule) (*Forest, error) {
	c, err := rule.compile()
	if err != nil {
		return nil, err
	}
	if c.presume {
		return nil, &RuleError{rule, "under a presumption controllers need not form a chain"}
	}
	return e.forest(ctx, c.main)
}

func (e *Engine) forest(ctx context.Context, rule threshold) (*Forest, error) {
	b := &planter{Forest: Forest{nodes: make([]node, e.n)}, e: e, ctx: ctx, rule: rule}
	for _, phase := range []func() error{b.direct, b.prune, b.anchor, b.sieve, b.joint, b.finish} {
		if err := phase(); err != nil {
			return nil, err
		}
	}
	f := b.Forest
	return &f, nil
}

// planter is a forest in the making.
type planter struct {
	Forest
	e    *Engine
	ctx  context.Context
	rule threshold

	may    []uint64 // bit set of the nodes that might be controlled
	open   []int32  // nodes still open, in order
	linked []int32  // nodes that were open and have come below another
}

// anchor finds for every node the end of its chain of direct controllers, and
// the rings that consist of direct control alone. Tops are written once with
// their last value, so workers may use one another's.
func (b *planter) anchor() error {
	var mutex sync.Mutex
	rings := map[int32][]int32{}
	err := b.share(b.e.n, chunk, func(_ *abacus, from, to int32) {
		path := make([]int32, 0, 64)
		for y := from; y < to; y++ {
			if y%readAhead == 0 {
				b.fetchParents(y, min(to, y+readAhead))
			}
			if b.nodes[y].parent < 0 || atomic.LoadInt32(&b.nodes[y].top) != unseen {
				continue
			}
			var ring []int32
			path, ring = b.follow(path[:0], y)
			if ring != nil {
				mutex.Lock()
				rings[ring[0]] = ring
				mutex.Unlock()
			}
		}
	})
	for _, ring := range rings {
		b.addRing(ring)
	}
	return err
}

// readAhead is of how many nodes the scattered reads are made together ahead of
// their use, where the processor can wait for all of them at once.
const readAhead = 128

// fetchParents brings the parents of a run of nodes into the cache.
func (b *planter) fetchParents(from, to int32) {
	var sum int32
	for y := from; y < to; y++ {
		if p := b.nodes[y].parent; p >= 0 {
			sum += atomic.LoadInt32(&b.nodes[p].top)
		}
	}
	runtime.KeepAlive(sum)
}

// follow walks the direct controllers of y up to one whose top is known, and
// makes it that of all on the path, which it returns with the ring if the walk
// went in a circle. A circle is noticed as Brent (1980) does, by waiting at
// ever longer distances.
func (b *planter) follow(path []int32, y int32) (walked, ring []int32) {
	v, waiting, patience := y, 0, 2
	t := int32(unseen)
	for {
		if t = atomic.LoadInt32(&b.nodes[v].top); t != unseen {
			break
		}
		path = append(path, v)
		v = b.nodes[v].parent
		if v == path[waiting] {
			ring = slices.Clone(path[waiting:])
			slices.Sort(ring)
			t = ring[0]
			break
		}
		if len(path)-waiting == patience {
			waiting, patience = len(path)-1, 2*patience
		}
	}
	for _, u := range path {
		atomic.StoreInt32(&b.nodes[u].top, t)
	}
	return path, ring
}

// addRing makes one ring of the path, which ends at the top of a tree; a ring
// there is taken in.
func (b *planter) addRing(path []int32) {
	ring, number := slices.Clone(path), len(b.rings)
	if code := b.nodes[path[len(path)-1]].parent; isRing(code) {
		number = ringOf(code)
		ring = append(ring[:len(ring)-1], b.rings[number]...)
	} else {
		b.rings = append(b.rings, nil)
	}
	slices.Sort(ring)
	b.rings[number] = ring
	for _, x := range ring {
		b.nodes[x].parent, b.nodes[x].top = ringCode(number), ring[0]
	}
}

// finish replaces what was provisional: open nodes are free, tops are those of
// the whole chain, and rings are numbered by their least member.
func (b *planter) finish() error {
	for _, y := range b.open {
		switch code := b.nodes[y].parent; {
		case isOpen(code):
			b.nodes[y].parent = Nobody
		case code >= 0:
			b.linked = append(b.linked, y)
		}
	}
	if err := b.retop(); err != nil {
		return err
	}
	slices.SortFunc(b.rings, func(a, c []int32) int { return cmp.Compare(a[0], c[0]) })
	for i, ring := range b.rings {
		for _, x := range ring {
			b.nodes[x].parent = ringCode(i)
		}
	}
	return nil
}

// retop carries tops across the links of nodes that were open.
func (b *planter) retop() error {
	for _, y := range b.linked {
		b.nodes[y].top = b.find(y)
	}
	if len(b.linked) == 0 && len(b.rings) == 0 {
		return stopped(b.ctx)
	}
	// A node that stands for others keeps its own top from here on.
	return b.share(b.e.n, chunk, func(_ *abacus, from, to int32) {
		for y := from; y < to; y++ {
			if t := b.nodes[y].top; t != y {
				if last := b.nodes[t].top; last != t {
					b.nodes[y].top = last
				}
			}
		}
	})
}

// Len returns the number of nodes.
func (f *Forest) Len() int { return len(f.nodes) }

// Parent returns the lowest controller of y that y does not control: the next
// of the chain, and the least member where that is a ring. It is Nobody for a
// node that no one controls and for the members of a ring.
func (f *Forest) Parent(y int32) int32 {
	if !f.at(y) || f.nodes[y].parent < 0 {
		return Nobody
	}
	if x := f.nodes[y].parent; isRing(f.nodes[x].parent) {
		return f.nodes[x].top
	}
	return f.nodes[y].parent
}

// Ultimate returns the controller of y that nobody controls. It is Nobody for
// a node that is not controlled, and where the chain ends in a ring; Ring(Top(y))
// then has its members.
func (f *Forest) Ultimate(y int32) int32 {
	if t := f.Top(y); t != y && t != Nobody && !isRing(f.nodes[t].parent) {
		return t
	}
	return Nobody
}

// Top returns the end of y's chain: its ultimate controller, y itself if it
// has none, or the least member of the ring there.
func (f *Forest) Top(y int32) int32 {
	if !f.at(y) {
		return Nobody
	}
	return f.nodes[y].top
}

// Ring returns the nodes that x controls and that control x, x among them, in
// order of node; nil if there are none.
func (f *Forest) Ring(x int32) []int32 {
	if !f.at(x) || !isRing(f.nodes[x].parent) {
		return nil
	}
	return slices.Clone(f.rings[ringOf(f.nodes[x].parent)])
}

// Rings returns all rings, in order of their least members.
func (f *Forest) Rings() iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		for _, r := range f.rings {
			if !yield(slices.Clone(r)) {
				return
			}
		}
	}
}

// Controllers returns all controllers of y, the lowest first; the members of a
// ring come last, in order of node.
func (f *Forest) Controllers(y int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if !f.at(y) {
			return
		}
		x := y
		for f.nodes[x].parent >= 0 {
			x = f.nodes[x].parent
			if isRing(f.nodes[x].parent) {
				break
			}
			if !yield(x) {
				return
			}
		}
		if isRing(f.nodes[x].parent) {
			for _, member := range f.rings[ringOf(f.nodes[x].parent)] {
				if member != y && !yield(member) {
					return
				}
			}
		}
	}
}

// Controls reports whether x controls y, in the time of climbing y's chain.
func (f *Forest) Controls(x, y int32) bool {
	for c := range f.Controllers(y) {
		if c == x {
			return true
		}
	}
	return false
}
