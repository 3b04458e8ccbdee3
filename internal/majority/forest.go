package majority

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"
)

// Forest is who controls whom among all nodes: the controllers of each node
// are a chain, and the chains are a forest. It is immutable and safe for
// concurrent use; Engine.Forest makes it.
//
// Nodes that control one another are a ring. By the package's theorem nobody
// outside controls a ring, so a ring stands at the top of its tree only, and
// has no ultimate controller: no member is above the others.
type Forest struct {
	parent []int32 // of each node; Nobody, or ringCode of a ring
	top    []int32 // of each node: the head of its tree, the least of a ring
	rings  [][]int32
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
func openCode(place int) int32    { return int32(openMark - place) }
func isOpen(code int32) bool      { return code <= openMark && code >= ringLimit }
func placeOf(code int32) int32    { return openMark - code }
func (f *Forest) at(x int32) bool { return x >= 0 && int(x) < len(f.parent) }

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
	words := make([]int32, 2*e.n)
	b := &planter{
		e: e, ctx: ctx, rule: rule,
		Forest: Forest{parent: words[:e.n:e.n], top: words[e.n:]},
	}
	for _, phase := range []func() error{b.direct, b.prune, b.anchor, b.joint, b.finish} {
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

	may  []uint64 // bit set of the nodes that might be controlled
	open []int32  // nodes still open, by place
}

// anchor finds for every node the end of its chain of direct controllers, and
// the rings that consist of direct control alone.
func (b *planter) anchor() error {
	const unseen, onPath = -1, -2
	parent, top := b.parent, b.top
	for y := range top {
		top[y] = unseen
	}
	path := make([]int32, 0, 64)
	for start := range top {
		if start&(checkEvery-1) == 0 {
			if err := stopped(b.ctx); err != nil {
				return err
			}
		}
		v := int32(start)
		if parent[v] < 0 && !isRing(parent[v]) {
			top[v] = v
			continue
		}
		path = path[:0]
		for top[v] == unseen && parent[v] >= 0 {
			top[v] = onPath
			path = append(path, v)
			v = parent[v]
		}
		switch {
		case top[v] == onPath:
			b.addRing(path[slices.Index(path, v):])
		case top[v] == unseen:
			top[v] = v
		}
		for _, u := range path {
			top[u] = top[v]
		}
	}
	return nil
}

// addRing makes one ring of the path, which ends at the top of a tree; a ring
// there is taken in.
func (b *planter) addRing(path []int32) {
	ring, number := slices.Clone(path), len(b.rings)
	if code := b.parent[path[len(path)-1]]; isRing(code) {
		number = ringOf(code)
		ring = append(ring[:len(ring)-1], b.rings[number]...)
	} else {
		b.rings = append(b.rings, nil)
	}
	slices.Sort(ring)
	b.rings[number] = ring
	for _, x := range ring {
		b.parent[x], b.top[x] = ringCode(number), ring[0]
	}
}

// finish replaces what was provisional: open nodes are free, tops are those of
// the whole chain, and rings are numbered by their least member.
func (b *planter) finish() error {
	if b.open != nil {
		for _, y := range b.open {
			if isOpen(b.parent[y]) {
				b.parent[y] = Nobody
			}
		}
		if err := b.retop(); err != nil {
			return err
		}
	}
	slices.SortFunc(b.rings, func(a, c []int32) int { return cmp.Compare(a[0], c[0]) })
	for i, ring := range b.rings {
		for _, x := range ring {
			b.parent[x] = ringCode(i)
		}
	}
	return nil
}

// retop carries tops across the links of nodes that were open.
func (b *planter) retop() error {
	parent, top := b.parent, b.top
	var path []int32
	for _, y := range b.open {
		v := y
		for parent[v] >= 0 && top[v] == v {
			path = append(path, v)
			v = top[parent[v]]
		}
		// An anchor that is settled is its own top, or its tree's or ring's.
		for _, u := range path {
			top[u] = top[v]
		}
		path = path[:0]
	}
	// Only anchors are read, and what is written is never an anchor.
	return b.each(func(from, to int32) {
		for y := from; y < to; y++ {
			if t := top[top[y]]; t != top[y] {
				top[y] = t
			}
		}
	})
}

// Len returns the number of nodes.
func (f *Forest) Len() int { return len(f.parent) }

// Parent returns the lowest controller of y that y does not control: the next
// of the chain, and the least member where that is a ring. It is Nobody for a
// node that no one controls and for the members of a ring.
func (f *Forest) Parent(y int32) int32 {
	if !f.at(y) || f.parent[y] < 0 {
		return Nobody
	}
	if x := f.parent[y]; isRing(f.parent[x]) {
		return f.top[x]
	}
	return f.parent[y]
}

// Ultimate returns the controller of y that nobody controls. It is Nobody for
// a node that is not controlled, and where the chain ends in a ring; Ring(Top(y))
// then has its members.
func (f *Forest) Ultimate(y int32) int32 {
	if t := f.Top(y); t != y && t != Nobody && !isRing(f.parent[t]) {
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
	return f.top[y]
}

// Ring returns the nodes that x controls and that control x, x among them, in
// order of node; nil if there are none.
func (f *Forest) Ring(x int32) []int32 {
	if !f.at(x) || !isRing(f.parent[x]) {
		return nil
	}
	return slices.Clone(f.rings[ringOf(f.parent[x])])
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
		for f.parent[x] >= 0 {
			x = f.parent[x]
			if isRing(f.parent[x]) {
				break
			}
			if !yield(x) {
				return
			}
		}
		if isRing(f.parent[x]) {
			for _, member := range f.rings[ringOf(f.parent[x])] {
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
