package majority

import (
	"context"
	"slices"
	"sync/atomic"
)

// hierarchyBuilder adds facts to the forest of the votes.
type hierarchyBuilder struct {
	*Hierarchy
	e     *Engine
	ctx   context.Context
	rule  threshold
	facts *Facts

	may   bitSet // the nodes that somebody may control
	trees bitSet // the tops of all changed nodes in the forest

	shared   []bool        // of each changed node: there is a fact about it with several controllers
	meeting  []int32       // of each changed node: the place of its meeting in meetings, or None
	meetings []openMeeting // meetings that several voters may carry together, and some because of facts
	found    []int32       // of each node: its place among the nodes of a climb plus 1, or 0; nil before the first climb
	arena    []int32       // memory of lists of one node
	hidden   []bool        // of each changed node: some of its controllers are below no ultimate controller in tops
	sums     voteSums
	added    [][]int32 // rings of changed nodes and those between them
	listed   bitSet    // the nodes between changed ones in these rings; nil if there are none
	budget   int
}

// openMeeting is the meeting of a changed node. It has the source of each entry's voter, or
// None where the entry does not count.
type openMeeting struct {
	node    int32
	sources []source
}

// spend counts work between two checks of the context.
func (b *hierarchyBuilder) spend(work int) error {
	if b.budget += work; b.budget < checkEvery {
		return nil
	}
	b.budget = 0
	return stopped(b.ctx)
}

// make makes the hierarchy. Only the given meetings, in order, need several voters and might
// have enough of them.
func (b *hierarchyBuilder) make(joint []int32) error {
	if err := b.markBelow(); err != nil {
		return err
	}
	if !b.changeNamed() {
		return stopped(b.ctx) // all facts say what the votes say too
	}
	if err := b.changeMeetings(joint); err != nil {
		return err
	}
	b.changeRings()
	b.list()
	for _, phase := range []func() error{b.findNear, b.findSources, func() error { return b.findMeetings(joint) }, b.decide, b.finish} {
		if err := phase(); err != nil {
			return err
		}
	}
	return nil
}

// markBelow marks the nodes that somebody controls by votes.
func (b *hierarchyBuilder) markBelow() error {
	b.below = newBitSet(b.e.n)
	return parallel(b.ctx, nil, b.e.n, chunk, func(_ *voteSums, from, to int32) {
		for y := from; y < to; y++ {
			if b.forest.nodes[y].parent != None {
				b.below.include(y)
			}
		}
	})
}

// change adds a node to those to which facts may add parents.
func (b *hierarchyBuilder) change(y int32) {
	b.changed.include(y)
	b.may.include(y)
	b.trees.include(b.forest.nodes[y].top)
}

// changeNamed marks the nodes that facts name, and reports whether there are any. It leaves
// out facts that say what the votes say too.
func (b *hierarchyBuilder) changeNamed() (any bool) {
	b.changed.bitSet, b.trees, b.may = newBitSet(b.e.n), newBitSet(b.e.n), slices.Clone(b.below)
	for _, s := range b.facts.order {
		if s.by == None || s.by != s.node && b.forest.nodes[s.node].parent != s.by {
			b.change(s.node)
			any = true
		}
	}
	return any
}

// maxRounds is the largest number of rounds of changeMeetings.
const maxRounds = 8

// changeMeetings marks the nodes whose meetings somebody may carry because of facts. Each of
// them can let other meetings be carried, so it looks at all of them again until a round finds
// no more, or until there were many rounds. Then it marks all that are left.
func (b *hierarchyBuilder) changeMeetings(joint []int32) error {
	left, found := slices.Clone(joint), make([]bool, len(joint))
	for round := 0; len(left) > 0; round++ {
		clear(found[:len(left)])
		err := parallel(b.ctx, nil, len(left), 1<<10, func(a *voteSums, from, to int32) {
			for i := from; i < to; i++ {
				y := left[i]
				found[i] = round == maxRounds || b.e.canPass(b.rule, b.may, y) && b.mayPass(a, y)
			}
		})
		if err != nil {
			return err
		}
		rest := left[:0]
		for i, y := range left {
			if found[i] {
				b.change(y)
			} else {
				rest = append(rest, y)
			}
		}
		if len(rest) == len(left) {
			break
		}
		left = rest
	}
	return nil
}

// mayPass reports whether somebody may carry the meeting y because of facts. Their votes are
// at most those of all voters in trees with changed nodes, and of the voters of one other tree.
func (b *hierarchyBuilder) mayPass(a *voteSums, y int32) bool {
	wide := b.e.wide(y) != nil
	from, to := b.e.column(y)
	var changed, best int64
	reached := false
	a.reset()
	for k := from; k < to; k++ {
		x := b.e.m.Who[k]
		if x == None || x == y {
			continue
		}
		if b.below.has(x) {
			x = b.forest.nodes[x].top
		}
		inside := b.trees.has(x)
		reached = reached || inside
		switch {
		case wide:
		case inside:
			changed = add(changed, b.e.m.Units[k])
		default:
			sum, _ := a.add(x, b.e.m.Units[k])
			best = max(best, sum.votes)
		}
	}
	return reached && (wide || add(changed, best) >= b.rule.needed(b.e.m.Base[y]))
}

// changeRings marks all members of a ring of the forest of which one is marked.
func (b *hierarchyBuilder) changeRings() {
	for _, ring := range b.forest.rings {
		if slices.ContainsFunc(ring, b.changed.has) {
			for _, x := range ring {
				b.changed.include(x)
			}
		}
	}
}

// list lists the changed nodes, with their parents in the forest and in facts with one
// controller.
func (b *hierarchyBuilder) list() {
	total := b.changed.count()
	b.nodes, b.parents, b.shared = make([]int32, 0, total), make([][]parent, total), make([]bool, total)
	all := make([]parent, 0, total+len(b.facts.order))
	facts := b.facts.order
	for y := range b.changed.all() {
		at, up := len(all), int32(None)
		if b.below.has(y) {
			up = b.forest.above(y)
			all = append(all, parent{node: up})
		}
		for len(facts) > 0 && facts[0].node < y {
			facts = facts[1:]
		}
		for ; len(facts) > 0 && facts[0].node == y; facts = facts[1:] {
			switch x := facts[0].by; x {
			case None:
				b.shared[len(b.nodes)] = true
			case y, up:
			default:
				all = append(all, parent{node: x})
			}
		}
		b.parents[len(b.nodes)] = all[at:len(all):len(all)]
		b.nodes = append(b.nodes, y)
	}
}

// unknownNear marks a node in a long chain whose nearest changed node is not yet known.
const unknownNear = -2

// findNear finds the nodes that are below changed ones, and the nearest of these. It climbs
// from many nodes in step, so that the processor waits for many scattered reads at once.
func (b *hierarchyBuilder) findNear() error {
	b.near, b.reached = make([]int32, b.e.n), newBitSet(b.e.n)
	nodes := b.forest.nodes
	var long atomic.Bool
	err := parallel(b.ctx, nil, b.e.n, chunk, func(a *voteSums, from, to int32) {
		climbers := a.climbers[:0]
		for y := from; y < to; y++ {
			if n := nodes[y]; n.parent >= 0 && b.trees.has(n.top) && !b.changed.has(y) {
				climbers = append(climbers, y, n.parent)
			}
		}
		for step := 0; step < maxClimb && len(climbers) > 0; step++ {
			rest := climbers[:0]
			for i := 0; i < len(climbers); i += 2 {
				y, v := climbers[i], climbers[i+1]
				if b.changed.has(v) {
					b.near[y] = b.changed.place(v)
					b.reached.include(y)
				} else if b.below.has(v) {
					if up := nodes[v].parent; up >= 0 {
						rest = append(rest, y, up)
					}
				}
			}
			climbers = rest
		}
		for i := 0; i < len(climbers); i += 2 {
			b.near[climbers[i]] = unknownNear
			long.Store(true)
		}
		a.climbers = climbers
	})
	if err == nil && long.Load() {
		err = b.findNearInLongChains()
	}
	return err
}

// findNearInLongChains is findNear for the nodes that are marked as unknown.
func (b *hierarchyBuilder) findNearInLongChains() error {
	var path []int32
	for y := range b.near {
		path = path[:0]
		v := int32(y)
		for ; b.near[v] == unknownNear; v = b.forest.nodes[v].parent {
			path = append(path, v)
			b.near[v] = 0
		}
		if err := b.spend(1 + len(path)); err != nil {
			return err
		}
		if i := b.nearest(v); i != None {
			for _, u := range path {
				b.near[u] = i
				b.reached.include(u)
			}
		}
	}
	return nil
}

// sourceOf returns the source of a node.
func (b *hierarchyBuilder) sourceOf(x int32) source {
	switch {
	case b.changed.has(x):
		return source(b.changed.place(x))
	case b.reached.has(x):
		return source(b.near[x])
	case b.below.has(x):
		return topSource(b.forest.nodes[x].top)
	}
	return topSource(x)
}

// findSources finds the sources of all parents.
func (b *hierarchyBuilder) findSources() error {
	return parallel(b.ctx, nil, len(b.parents), 1<<10, func(_ *voteSums, from, to int32) {
		for _, list := range b.parents[from:to] {
			for k := range list {
				list[k].source = b.sourceOf(list[k].node)
			}
		}
	})
}

// findMeetings finds the sources of the voters in the meetings of changed nodes, and keeps the
// meetings with a changed node among or above their voters.
func (b *hierarchyBuilder) findMeetings(joint []int32) error {
	b.meeting = make([]int32, len(b.nodes))
	for i := range b.meeting {
		b.meeting[i] = None
	}
	entries := 0
	for _, y := range joint {
		if b.changed.has(y) {
			from, to := b.e.column(y)
			entries += int(to - from)
			b.meetings = append(b.meetings, openMeeting{node: y})
		}
	}
	all := make([]source, entries)
	for i := range b.meetings {
		from, to := b.e.column(b.meetings[i].node)
		b.meetings[i].sources, all = all[:to-from:to-from], all[to-from:]
	}
	return parallel(b.ctx, nil, len(b.meetings), 1<<8, func(_ *voteSums, first, last int32) {
		for i := first; i < last; i++ {
			m, reached := &b.meetings[i], false
			from, to := b.e.column(m.node)
			for k, x := range b.e.m.Who[from:to] {
				if m.sources[k] = None; x != None && x != m.node {
					m.sources[k] = b.sourceOf(x)
				}
				reached = reached || m.sources[k] >= 0
			}
			if reached {
				b.meeting[b.changed.place(m.node)] = i
			}
		}
	})
}
