package majority

import (
	"container/heap"
	"context"
	"iter"
	"slices"
)

// Hierarchy tells who controls whom among all nodes, by votes and by facts. It is immutable
// and safe for concurrent use. [Engine.Hierarchy] makes it.
//
// By votes alone the controllers of a node form a chain, as in a [Forest]. A fact can add
// controllers that do not control one another. So a node can have several ultimate
// controllers, and somebody outside a ring can control its members.
//
// A hierarchy keeps the forest of the votes, and parents of its own for the nodes whose
// controllers facts may change. x controls y if and only if a path of parents leads from y
// to x.
type Hierarchy struct {
	forest *Forest

	place   []int32   // of each node: its place in nodes plus 1, or 0; nil if no fact changes anything
	changed bitSet    // the nodes that have a place; it stays in the cache, and place does not
	below   bitSet    // the nodes that somebody controls by votes; the same
	ups     []int32   // of each changed node: the node above it in the forest, or None
	nodes   []int32   // the nodes whose controllers may differ from those in the forest
	parents [][]int32 // the parents that facts add to those in the forest
	tops    [][]int32 // the ultimate controllers, in order of node
	free    []bool    // nobody controls the node
	ring    []int32   // the place of the node's ring in rings, or None
	rings   [][]int32 // all rings, in order of their least members
}

// Hierarchy returns who controls whom for all nodes at once, by votes and by the rule's
// facts. The votes alone must fulfil the conditions of Forest.
//
// It first makes the forest of the votes. Then it looks at the nodes whose controllers facts
// can change: the nodes that facts name, and what these control or can help to carry. The
// time for them is proportional to the entries that they cast, and for meetings that only
// several voters together can carry to the number of their voters' controllers. The result
// does not depend on the number of processors or on the order of entries and facts.
//
// The errors are those of Forest.
func (e *Engine) Hierarchy(ctx context.Context, rule Rule) (*Hierarchy, error) {
	f, err := e.Forest(ctx, rule.votes())
	if err != nil {
		return nil, err
	}
	h := &Hierarchy{forest: f, rings: f.rings}
	c, err := e.compile(rule)
	if err != nil || c.facts == nil {
		return h, err
	}
	if err := e.rows(ctx); err != nil {
		return nil, err
	}
	b := &hierarchyBuilder{Hierarchy: h, e: e, ctx: ctx, rule: c.main, facts: c.facts}
	for _, phase := range []func() error{b.reach, b.decide, b.finish} {
		if err := phase(); err != nil {
			return nil, err
		}
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
	was, is := forestBuilder{e: e, rule: c.main}, forestBuilder{e: o, rule: c.main}
	for y := range differ {
		before, one := was.carrier(y)
		after, other := is.carrier(y)
		if !one || !other || before != after || before == openMark {
			return false
		}
	}
	return true
}

// at returns the place of a node in nodes, or None if no fact changes its controllers.
func (h *Hierarchy) at(x int32) int32 {
	if h.place == nil || x < 0 || int(x) >= len(h.place) || !h.changed.has(x) {
		return None
	}
	return h.place[x] - 1
}

// bitSet is a set of nodes.
type bitSet []uint64

func newBitSet(n int) bitSet      { return make(bitSet, (n+63)/64) }
func (s bitSet) has(x int32) bool { return s[x>>6]>>(x&63)&1 != 0 }
func (s bitSet) include(x int32)  { s[x>>6] |= 1 << (x & 63) }
func (s bitSet) exclude(x int32)  { s[x>>6] &^= 1 << (x & 63) }

// eachParent calls visit for nodes from which every controller of y can be reached, until
// it returns false. The other members of a ring are among the controllers.
func (h *Hierarchy) eachParent(y int32, visit func(x int32) bool) {
	i := h.at(y)
	switch {
	case i != None:
		if x := h.ups[i]; x != None && !visit(x) {
			return
		}
		for _, x := range h.parents[i] {
			if !visit(x) {
				return
			}
		}
	case h.below == nil || h.below.has(y):
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
	if i := h.at(y); i != None {
		return !h.free[i]
	}
	return h.forest.at(y) && h.forest.nodes[y].parent != None
}

// Ultimates returns the controllers of y that nobody controls, in order of node. There are
// none if nobody controls y, or only rings that nobody else controls.
func (h *Hierarchy) Ultimates(y int32) []int32 { return h.AppendUltimates(nil, y) }

// AppendUltimates appends the nodes of Ultimates to a list.
func (h *Hierarchy) AppendUltimates(list []int32, y int32) []int32 {
	if i := h.at(y); i != None {
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
	case h.at(y) == None:
		return h.forest.Controls(x, y)
	case x == y || !h.forest.at(x):
		return false
	}
	found := false
	h.climb(y, func(u int32) bool {
		found = u == x || h.at(u) == None && h.forest.Controls(x, u)
		return !found
	}, func(u int32) bool { return h.at(u) != None })
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
	if i := h.at(x); i == None {
		return h.forest.Ring(x)
	} else if r := h.ring[i]; r != None {
		return slices.Clone(h.rings[r])
	}
	return nil
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
	if h.at(y) == None {
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
	if i := h.at(x); i != None {
		if r := h.ring[i]; r != None {
			return h.rings[r][0]
		}
		return x
	}
	if code := h.forest.nodes[x].parent; isRing(code) {
		return h.forest.rings[ringOf(code)][0]
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
