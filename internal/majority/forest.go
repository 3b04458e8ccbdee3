package majority

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
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
	b.stage.End()
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

	pass      progress.Stage // of one pass over all nodes
	stage     progress.Stage // of deciding the open nodes
	openTotal int            // number of open nodes when stage started
}

// anchor finds for every node the end of its chain of direct controllers, and
// the rings that consist of direct control alone.
func (b *planter) anchor() error {
	b.pass = progress.Start(b.ctx, "chains", b.e.n, chunk)
	if err := b.share(&b.pass, b.e.n, chunk, b.climbTogether); err != nil {
		return err
	}
	var path []int32
	for y := range b.nodes {
		if y%checkEvery == 0 {
			if err := stopped(b.ctx); err != nil {
				return err
			}
		}
		if b.nodes[y].top == unseen {
			var err error
			if path, err = b.follow(path[:0], int32(y)); err != nil {
				return err
			}
		}
	}
	b.pass.End()
	return nil
}

// highest is how many steps climbTogether climbs at most.
const highest = 32

// climbTogether finds the tops of a run of nodes by climbing from all of them
// in step: the processor then waits for many scattered reads at once. Chains
// that are not soon at their ends it leaves.
func (b *planter) climbTogether(a *abacus, from, to int32) {
	climbers := a.climbers[:0]
	for y := from; y < to; y++ {
		if b.nodes[y].top == unseen {
			climbers = append(climbers, y, b.nodes[y].parent)
		}
	}
	for step := 0; step < highest && len(climbers) > 0; step++ {
		rest := climbers[:0]
		for i := 0; i < len(climbers); i += 2 {
			y, v := climbers[i], climbers[i+1]
			if up := b.nodes[v].parent; up >= 0 {
				rest = append(rest, y, up)
			} else {
				b.nodes[y].top = v
			}
		}
		climbers = rest
	}
	a.climbers = climbers
}

// follow walks the direct controllers of y up to one whose top is known, and
// makes it that of all on the path; a walk in a circle makes a ring. The path
// is memory.
func (b *planter) follow(path []int32, y int32) ([]int32, error) {
	const onPath = unseen - 1
	v := y
	for b.nodes[v].top == unseen {
		b.nodes[v].top = onPath
		if path = append(path, v); len(path)%checkEvery == 0 {
			if err := stopped(b.ctx); err != nil {
				return path, err
			}
		}
		v = b.nodes[v].parent
	}
	if b.nodes[v].top == onPath {
		b.addRing(path[slices.Index(path, v):])
	}
	for _, u := range path {
		b.nodes[u].top = b.nodes[v].top
	}
	return path, nil
}

// readAhead is of how many open nodes the scattered reads are made together
// ahead of their use.
const readAhead = 128

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
	return b.share(nil, b.e.n, chunk, func(_ *abacus, from, to int32) {
		for y := from; y < to; y++ {
			// What never might be controlled is a top for good.
			if t := b.nodes[y].top; t != y && b.mayBe(t) {
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

// Controls reports whether x controls y, in the time of climbing y's chain; for
// a member of a ring, and for x in another tree, at once.
func (f *Forest) Controls(x, y int32) bool {
	if !f.at(x) || !f.at(y) || f.nodes[x].top != f.nodes[y].top {
		return false
	}
	if isRing(f.nodes[x].parent) { // a ring stands at the top of its tree
		return x != y
	}
	for c := range f.Controllers(y) {
		if c == x {
			return true
		}
	}
	return false
}
