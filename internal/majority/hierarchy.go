package majority

import (
	"cmp"
	"container/heap"
	"context"
	"iter"
	"math/bits"
	"slices"
)

// Hierarchy tells who controls whom among all nodes, by votes and by facts. It is immutable
// and safe for concurrent use. [Engine.Hierarchy] makes it.
//
// By votes alone the controllers of a node form a chain, as in a [Forest]. A fact can add
// controllers that do not control one another. So a node can have several ultimate
// controllers, and somebody outside a ring can control its members.
//
// A hierarchy keeps the forest of the votes, and parents of its own for the nodes to which
// facts may add parents. x controls y if and only if a path of parents leads from y to x.
type Hierarchy struct {
	forest *Forest

	below   bitSet     // the nodes that somebody controls by votes; it stays in the cache
	changed placedSet  // the nodes to which facts may add parents; the same
	nodes   []int32    // the changed nodes, in order; nil if no fact changes anything
	parents [][]parent // of each changed node, those of the forest first
	tops    [][]int32  // their ultimate controllers, in order of node
	free    []bool     // nobody controls the changed node
	ring    []int32    // the place of its ring in rings, or None
	rings   [][]int32  // all rings, in order of their least members

	reached bitSet    // the changed nodes, and those below them in the forest
	near    []int32   // of each of the latter: the lowest changed node above it
	inside  []between // those of the latter that are in rings, in order of node
}

// parent is a node above a changed one.
type parent struct {
	node   int32
	source source
}

// source says where to find the ultimate controllers of a node: at the place of the lowest
// changed node that is the node itself or above it. If there is none, the source is the top
// of the node's chain, which topSource makes a number below None.
type source int32

func topSource(top int32) source { return source(None - 1 - top) }
func (s source) top() int32      { return None - 1 - int32(s) }

// between is a node between changed ones in a ring, and the ring's place.
type between struct{ node, ring int32 }

// Hierarchy returns who controls whom for all nodes at once, by votes and by the rule's
// facts. The votes alone must fulfil the conditions of Forest.
//
// It first makes the forest of the votes. Then it looks at the nodes to which facts can add
// controllers: the nodes that facts name, and those that several voters can carry of whom one
// is below such a node. The time for them is proportional to their votes, and where several
// voters together may have enough, to the number of these voters' controllers. The result
// does not depend on the number of processors or on the order of entries and facts.
//
// The errors are those of Forest.
func (e *Engine) Hierarchy(ctx context.Context, rule Rule) (*Hierarchy, error) {
	c, err := e.compile(rule)
	if err != nil {
		return nil, err
	}
	if c.facts == nil {
		f, err := e.Forest(ctx, rule)
		if err != nil {
			return nil, err
		}
		return &Hierarchy{forest: f, rings: f.rings, below: f.controllable}, nil
	}
	if c.presume {
		return nil, &RuleError{rule.votes(), noChains}
	}
	f := &forestBuilder{ballot: ballot{e, c.main}, ctx: ctx, named: newBitSet(e.n)}
	for _, s := range c.facts.order {
		f.named.include(s.node)
	}
	forest, err := f.make()
	if err != nil {
		return nil, err
	}
	h := &Hierarchy{forest: forest, rings: forest.rings, below: forest.controllable}
	b := &hierarchyBuilder{Hierarchy: h, e: e, ctx: ctx, rule: c.main, facts: c.facts}
	if err := b.make(f.joint); err != nil {
		return nil, err
	}
	return h, nil
}

// SameHierarchy reports whether the meetings of another engine make the same hierarchy, as far
// as the nodes whose meetings differ tell: one holder carries each of them in both, or nobody
// does, even with all votes. The rule has no facts. All other meetings must be the same. It may
// return false for hierarchies that are the same.
func (e *Engine) SameHierarchy(o *Engine, rule Rule, differ iter.Seq[int32]) bool {
	c, err := e.compile(rule)
	if err != nil || c.presume || c.facts != nil || e.n != o.n {
		return false
	}
	was, is := ballot{e, c.main}, ballot{o, c.main}
	for y := range differ {
		before, one := was.carrier(y)
		after, other := is.carrier(y)
		if !one || !other || before != after || before == openMark {
			return false
		}
	}
	return true
}

// place returns the place of a changed node, or None for any other number.
func (h *Hierarchy) place(x int32) int32 {
	if h.nodes == nil || !h.forest.at(x) || !h.changed.has(x) {
		return None
	}
	return h.changed.place(x)
}

// nearest returns the place of the lowest changed node that is x or above it, or None.
func (h *Hierarchy) nearest(x int32) int32 {
	if i := h.place(x); i != None || h.nodes == nil || !h.forest.at(x) || !h.reached.has(x) {
		return i
	}
	return h.changed.place(h.near[x])
}

// bitSet is a set of nodes.
type bitSet []uint64

func newBitSet(n int) bitSet      { return make(bitSet, (n+63)/64) }
func (s bitSet) has(x int32) bool { return s[x>>6]>>(x&63)&1 != 0 }
func (s bitSet) include(x int32)  { s[x>>6] |= 1 << (x & 63) }
func (s bitSet) exclude(x int32)  { s[x>>6] &^= 1 << (x & 63) }

// placedSet is a set of nodes that tells the place of each node in their order.
type placedSet struct {
	bitSet
	before []int32 // the number of nodes in the words before each, and in all words
}

// count counts the nodes, after the last of them has been included.
func (s *placedSet) count() int {
	s.before = make([]int32, len(s.bitSet)+1)
	total := 0
	for i, word := range s.bitSet {
		total += bits.OnesCount64(word)
		s.before[i+1] = int32(total)
	}
	return total
}

// place returns the place of a node of the set.
func (s *placedSet) place(x int32) int32 {
	return s.before[x>>6] + int32(bits.OnesCount64(s.bitSet[x>>6]&(1<<(x&63)-1)))
}

// eachParent calls visit for nodes from which every controller of y can be reached, until
// it returns false. The other members of a ring are among the controllers.
func (h *Hierarchy) eachParent(y int32, visit func(x int32) bool) {
	if i := h.place(y); i != None {
		for _, p := range h.parents[i] {
			if !visit(p.node) {
				return
			}
		}
	} else if h.below.has(y) {
		if x := h.forest.above(y); x != None {
			visit(x)
		}
	}
}

// above returns the node above y: its parent, or the next member of its ring, or None.
func (f *Forest) above(y int32) int32 {
	p := f.nodes[y].parent
	if isRing(p) {
		ring := f.rings[ringOf(p)]
		i, _ := slices.BinarySearch(ring, y)
		return ring[(i+1)%len(ring)]
	}
	return max(p, None)
}

// Len returns the number of nodes.
func (h *Hierarchy) Len() int { return h.forest.Len() }

// Controlled reports whether anybody controls y.
func (h *Hierarchy) Controlled(y int32) bool {
	if i := h.place(y); i != None {
		return !h.free[i]
	}
	return h.forest.at(y) && h.forest.nodes[y].parent != None
}

// Ultimates returns the controllers of y that nobody controls, in order of node. There are
// none if nobody controls y, or only rings that nobody else controls.
func (h *Hierarchy) Ultimates(y int32) []int32 { return h.AppendUltimates(nil, y) }

// AppendUltimates appends the nodes of Ultimates to a list.
func (h *Hierarchy) AppendUltimates(list []int32, y int32) []int32 {
	if i := h.nearest(y); i != None {
		if h.free[i] && h.nodes[i] != y {
			return append(list, h.nodes[i])
		}
		return append(list, h.tops[i]...)
	}
	if x := h.forest.Ultimate(y); x != None {
		return append(list, x)
	}
	return list
}

// Controls reports whether x controls y. It follows the parents of y.
func (h *Hierarchy) Controls(x, y int32) bool {
	switch {
	case h.nearest(y) == None:
		return h.forest.Controls(x, y)
	case x == y || !h.forest.at(x):
		return false
	}
	found := false
	h.climb(y, func(u int32) bool {
		found = u == x || h.nearest(u) == None && h.forest.Controls(x, u)
		return !found
	}, func(u int32) bool { return h.nearest(u) != None })
	return found
}

// climb calls visit for y's parents and for the parents of each node for which on returns
// true, each once and without y, until visit returns false.
func (h *Hierarchy) climb(y int32, visit, on func(int32) bool) {
	seen := map[int32]bool{y: true}
	list, going := []int32{y}, true
	for len(list) > 0 && going {
		u := list[len(list)-1]
		list = list[:len(list)-1]
		h.eachParent(u, func(x int32) bool {
			if !seen[x] {
				seen[x] = true
				if going = visit(x); going && on(x) {
					list = append(list, x)
				}
			}
			return going
		})
	}
}

// Ring returns the nodes that x controls and that control x, with x, in order of node. It
// returns nil if there are none.
func (h *Hierarchy) Ring(x int32) []int32 {
	return slices.Clone(h.ringOf(x))
}

func (h *Hierarchy) ringOf(x int32) []int32 {
	ring := int32(None)
	if i := h.place(x); i != None {
		ring = h.ring[i]
	} else if h.nearest(x) != None {
		i, ok := slices.BinarySearchFunc(h.inside, x, func(b between, x int32) int { return cmp.Compare(b.node, x) })
		if ok {
			ring = h.inside[i].ring
		}
	} else {
		return h.forest.ringOf(x)
	}
	if ring == None {
		return nil
	}
	return h.rings[ring]
}

// Rings returns all rings, in order of their least members.
func (h *Hierarchy) Rings() iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		for _, r := range h.rings {
			if !yield(slices.Clone(r)) {
				return
			}
		}
	}
}

// Controllers returns all controllers of y, the lowest first: a controller comes before
// those that control it. Of two that do not control each other, the one with the lower
// number comes first. Nodes that control one another come together, in order of node.
func (h *Hierarchy) Controllers(y int32) []int32 {
	if !h.forest.at(y) {
		return nil
	}
	if h.nearest(y) == None {
		return slices.Collect(h.forest.Controllers(y))
	}
	all := func(int32) bool { return true }
	waits := map[int32]int{} // of each class: the number of steps to it from classes that have not been listed
	members := map[int32][]int32{}
	list := func(u int32) {
		c := h.class(u)
		members[c] = append(members[c], u)
		h.eachParent(u, func(x int32) bool {
			if d := h.class(x); d != c {
				waits[d]++
			}
			return true
		})
	}
	list(y)
	h.climb(y, func(u int32) bool { list(u); return true }, all)
	ready := &nodeHeap{h.class(y)}
	var out []int32
	for ready.Len() > 0 {
		c := heap.Pop(ready).(int32)
		slices.Sort(members[c])
		for _, u := range members[c] {
			if u != y {
				out = append(out, u)
			}
			h.eachParent(u, func(x int32) bool {
				if d := h.class(x); d != c {
					if waits[d]--; waits[d] == 0 {
						heap.Push(ready, d)
					}
				}
				return true
			})
		}
	}
	return out
}

// class returns the least member of x's ring, or x.
func (h *Hierarchy) class(x int32) int32 {
	if ring := h.ringOf(x); ring != nil {
		return ring[0]
	}
	return x
}

// nodeHeap is a heap of nodes, the least first.
type nodeHeap []int32

func (h nodeHeap) Len() int           { return len(h) }
func (h nodeHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h nodeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *nodeHeap) Push(x any)        { *h = append(*h, x.(int32)) }
func (h *nodeHeap) Pop() any {
	last := len(*h) - 1
	x := (*h)[last]
	*h = (*h)[:last]
	return x
}
