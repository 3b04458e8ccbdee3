package majority

import (
	"cmp"
	"context"
	"iter"
	"math"
	"slices"

	"github.com/crossholding/crossholding/internal/memory"
	"github.com/crossholding/crossholding/internal/progress"
)

// Forest tells who controls whom among all nodes. The controllers of each node form a chain,
// and the chains form a forest. It is immutable and safe for concurrent use.
// [Engine.Forest] makes it.
//
// Nodes that control one another are a ring. Nobody outside a ring controls its members
// (see the package documentation). So a ring is always the top of its tree. It has no
// ultimate controller, because no member is above the others.
type Forest struct {
	nodes        []node
	rings        [][]int32
	controllable bitSet // the nodes that somebody controls, or may control by fact; it stays in the cache
}

// node is a node's place in the forest.
type node struct {
	parent int32 // None, or the ringCode of a ring
	top    int32 // the end of the chain, or the least member of a ring
}

// These are codes below None for the field parent. While the forest is being made, a node
// whose meeting needs several voters has an open code. A member of a ring has the code of
// its ring.
const (
	openMark  = None - 1
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

// noChains is why a rule with a presumption makes no forest.
const noChains = "under a presumption controllers need not form a chain"

// Forest returns who controls whom for all nodes at once. No meeting may be such that two
// groups without a common member could both carry it. A rule of more than one half
// satisfies this if the entries fit into the base. Otherwise Forest returns a
// ContestedError with the first such meetings. It rejects a rule with a presumption or
// with facts, because controllers then need not form a chain.
//
// The time is little more than that of reading the entries once. Meetings that no single
// holder carries, but several controlled ones might, are read again, and the chains of
// their holders are followed. All processors share the reading. The result does not depend
// on their number or on the order of entries.
//
// The errors are ErrRule, ErrContested, and the cause of ctx.
func (e *Engine) Forest(ctx context.Context, rule Rule) (*Forest, error) {
	c, err := e.compile(rule)
	if err != nil {
		return nil, err
	}
	if c.presume {
		return nil, &RuleError{rule, noChains}
	}
	if c.facts != nil {
		return nil, &RuleError{rule, "with facts controllers need not form a chain"}
	}
	return e.forest(ctx, c.main)
}

func (e *Engine) forest(ctx context.Context, rule threshold) (*Forest, error) {
	b := &forestBuilder{ballot: ballot{e, rule}, ctx: ctx}
	return b.make()
}

// make makes the forest.
func (b *forestBuilder) make() (*Forest, error) {
	b.nodes = make([]node, b.e.n)
	memory.Advise(b.nodes)
	for _, phase := range []func() error{b.direct, b.prune, b.followChains, b.decideByTree, b.decideJoint, b.finish} {
		if err := phase(); err != nil {
			return nil, err
		}
	}
	b.stage.End()
	f := b.Forest
	return &f, nil
}

// forestBuilder makes a forest.
type forestBuilder struct {
	Forest
	ballot
	ctx context.Context

	named bitSet // nodes that may be controlled in other ways than by votes; nil if there are none

	open   []int32 // nodes still open, in order
	joint  []int32 // if nodes are named: those that were still open after pruning, in order
	linked []int32 // nodes that were open and now have a controller

	pass      progress.Stage // of one pass over all nodes
	stage     progress.Stage // of deciding the open nodes
	openTotal int            // number of open nodes when stage started
}

// followChains finds the end of every node's chain of direct controllers, and the rings
// that consist of direct control alone.
func (b *forestBuilder) followChains() error {
	b.pass = progress.Start(b.ctx, "chains", b.e.n, chunk)
	if err := parallel(b.ctx, &b.pass, b.e.n, chunk, b.climbTogether); err != nil {
		return err
	}
	var path []int32
	for y := range b.nodes {
		if y%checkEvery == 0 {
			if err := stopped(b.ctx); err != nil {
				return err
			}
		}
		if b.nodes[y].top == unknownTop {
			var err error
			if path, err = b.follow(path[:0], int32(y)); err != nil {
				return err
			}
		}
	}
	b.pass.End()
	return nil
}

// maxClimb is the largest number of steps of climbTogether.
const maxClimb = 32

// climbTogether finds the tops of a range of nodes. It climbs from all of them in step, so
// that the processor waits for many scattered reads at once. It leaves long chains
// undecided.
func (b *forestBuilder) climbTogether(a *voteSums, from, to int32) {
	climbers := a.climbers[:0]
	for y := from; y < to; y++ {
		if b.nodes[y].top == unknownTop {
			climbers = append(climbers, y, b.nodes[y].parent)
		}
	}
	for step := 0; step < maxClimb && len(climbers) > 0; step++ {
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

// follow follows the direct controllers of y to one whose top is known, and gives that top
// to all nodes on the path. If the path returns to itself, the returning part is a ring.
// The argument path is reused memory.
func (b *forestBuilder) follow(path []int32, y int32) ([]int32, error) {
	const onPath = unknownTop - 1
	v := y
	for b.nodes[v].top == unknownTop {
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

// readAhead is the number of open nodes whose data is loaded into the cache together,
// before it is used.
const readAhead = 128

// addRing makes the path a ring. The path ends at the top of a tree. If that top is a
// ring, the two become one.
func (b *forestBuilder) addRing(path []int32) {
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

// finish replaces provisional entries. Nodes that are still open get no controller, tops
// become those of the whole chain, and rings are numbered by their least member.
func (b *forestBuilder) finish() error {
	for _, y := range b.open {
		switch code := b.nodes[y].parent; {
		case isOpen(code):
			b.nodes[y].parent = None
			b.controllable.exclude(y)
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

// retop updates the tops of nodes whose chain goes through a node that was open.
func (b *forestBuilder) retop() error {
	for _, y := range b.linked {
		b.nodes[y].top = b.find(y)
	}
	if len(b.linked) == 0 && len(b.rings) == 0 {
		return stopped(b.ctx)
	}
	// The top of a node does not change if it is the top of others.
	return parallel(b.ctx, nil, b.e.n, chunk, func(_ *voteSums, from, to int32) {
		for y := from; y < to; y++ {
			// A node that cannot be controlled stays a top.
			if t := b.nodes[y].top; t != y && b.isControllable(t) {
				if last := b.nodes[t].top; last != t {
					b.nodes[y].top = last
				}
			}
		}
	})
}

// Len returns the number of nodes.
func (f *Forest) Len() int { return len(f.nodes) }

// Parent returns the lowest controller of y that y does not control. If that is a ring, it
// returns the ring's least member. It returns None if nobody controls y, and for members
// of a ring.
func (f *Forest) Parent(y int32) int32 {
	if !f.at(y) || f.nodes[y].parent < 0 {
		return None
	}
	if x := f.nodes[y].parent; isRing(f.nodes[x].parent) {
		return f.nodes[x].top
	}
	return f.nodes[y].parent
}

// Ultimate returns the controller of y that nobody controls. It returns None if y is not
// controlled or if the chain ends in a ring. Ring(Top(y)) then has its members.
func (f *Forest) Ultimate(y int32) int32 {
	if t := f.Top(y); t != y && t != None && !isRing(f.nodes[t].parent) {
		return t
	}
	return None
}

// Top returns the end of y's chain: its ultimate controller, y itself if nobody controls
// y, or the least member of the ring at the end.
func (f *Forest) Top(y int32) int32 {
	if !f.at(y) {
		return None
	}
	return f.nodes[y].top
}

// Ring returns the nodes that x controls and that control x, with x, in order of node. It
// returns nil if there are none.
func (f *Forest) Ring(x int32) []int32 {
	return slices.Clone(f.ringOf(x))
}

func (f *Forest) ringOf(x int32) []int32 {
	if !f.at(x) || !isRing(f.nodes[x].parent) {
		return nil
	}
	return f.rings[ringOf(f.nodes[x].parent)]
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

// Controllers returns all controllers of y, the lowest first. Members of a ring come last,
// in order of node.
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

// Controls reports whether x controls y. It follows y's chain. If x is in a ring or in
// another tree, it takes constant time.
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
