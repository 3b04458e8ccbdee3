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

	// The meetings that may need several voters, in order of node. The sources of their
	// entries' voters follow one another, with None where an entry does not count. At first
	// they are the tops in the forest.
	joint   []int32
	start   []int32
	sources []source

	trees   bitSet    // the tops of all changed nodes in the forest
	fresh   bitSet    // those of the nodes that were changed last
	shared  []bool    // of each changed node: there is a fact about it with several controllers
	meeting []int32   // of each changed node: the place of its meeting in joint, if somebody may carry it because of facts, or None
	hidden  []bool    // of each changed node: some of its controllers are below no ultimate controller in tops
	added   [][]int32 // rings of changed nodes and those between them
	listed  bitSet    // the nodes between changed ones in these rings; nil if there are none
	budget  int
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
	if some, err := b.changeNamed(); err != nil || !some {
		return err // if there are none, all facts say what the votes say too
	}
	b.joint = joint
	for _, phase := range []func() error{b.findTops, b.changeMeetings, b.changeRings, b.listChanged, b.findNear, b.findSources, b.findMeetings, b.decide, b.finish} {
		if err := phase(); err != nil {
			return err
		}
	}
	return nil
}

// markBelow marks the nodes that somebody controls by votes.
func (b *hierarchyBuilder) markBelow() error {
	b.below = newBitSet(b.e.n)
	return parallel(b.ctx, nil, b.e.n, chunk, func(_ *struct{}, from, to int32) {
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
	b.trees.include(b.forest.nodes[y].top)
	b.fresh.include(b.forest.nodes[y].top)
}

// changeNamed marks the nodes that facts name, and reports whether there are any. It leaves
// out facts that say what the votes say too.
func (b *hierarchyBuilder) changeNamed() (some bool, err error) {
	b.changed.bitSet, b.trees, b.fresh = newBitSet(b.e.n), newBitSet(b.e.n), newBitSet(b.e.n)
	for _, s := range b.facts.order {
		if s.by == None || s.by != s.node && b.forest.nodes[s.node].parent != s.by {
			b.change(s.node)
			some = true
		}
		if err := b.spend(1); err != nil {
			return some, err
		}
	}
	return some, stopped(b.ctx)
}

// sourcesOf returns the sources of the voters of the meeting at a place in joint.
func (b *hierarchyBuilder) sourcesOf(i int32) []source { return b.sources[b.start[i]:b.start[i+1]] }

// findTops finds the tops of the voters of all meetings in joint.
func (b *hierarchyBuilder) findTops() error {
	b.start = make([]int32, 1, len(b.joint)+1)
	entries := int32(0)
	for _, y := range b.joint {
		from, to := b.e.column(y)
		entries += to - from
		b.start = append(b.start, entries)
	}
	b.sources = make([]source, entries)
	return parallel(b.ctx, nil, len(b.joint), 1<<10, func(_ *struct{}, first, last int32) {
		for i := first; i < last; i++ {
			y, sources := b.joint[i], b.sourcesOf(i)
			from, to := b.e.column(y)
			for k, x := range b.e.m.Who[from:to] {
				switch {
				case x == None || x == y:
					sources[k] = None
				case b.below.has(x):
					sources[k] = topSource(b.forest.nodes[x].top)
				default:
					sources[k] = topSource(x)
				}
			}
		}
	})
}

// maxRounds is the largest number of rounds of changeMeetings.
const maxRounds = 8

// changeMeetings marks the nodes whose meetings somebody may carry because of facts. Each of
// them can let other meetings be carried, so it looks again at those with voters in trees that
// have changed, until a round finds no more, or until there were many rounds. Then it marks all
// that are left.
func (b *hierarchyBuilder) changeMeetings() error {
	left, found := make([]int32, len(b.joint)), make([]bool, len(b.joint))
	for i := range left {
		left[i] = int32(i)
	}
	for round := 0; len(left) > 0; round++ {
		err := parallel(b.ctx, nil, len(left), 1<<10, func(a *voteSums, from, to int32) {
			for k := from; k < to; k++ {
				found[k] = round == maxRounds || b.isFresh(left[k]) && b.mayPass(a, left[k])
			}
		})
		if err != nil {
			return err
		}
		clear(b.fresh)
		rest := left[:0]
		for k, i := range left {
			if found[k] {
				b.change(b.joint[i])
			} else {
				rest = append(rest, i)
			}
		}
		if len(rest) == len(left) {
			break
		}
		left = rest
	}
	return nil
}

// isFresh reports whether a voter of the meeting at place i is in a tree in which nodes were
// changed last.
func (b *hierarchyBuilder) isFresh(i int32) bool {
	for _, s := range b.sourcesOf(i) {
		if s != None && b.fresh.has(s.top()) {
			return true
		}
	}
	return false
}

// mayPass reports whether somebody may carry the meeting at place i because of facts. Their
// votes are at most those of all voters that may be below changed nodes, and of the other
// voters in one tree of the forest.
func (b *hierarchyBuilder) mayPass(a *voteSums, i int32) bool {
	y := b.joint[i]
	wide := b.e.wide(y) != nil
	from := b.e.m.ColStart[y]
	sources := b.sourcesOf(i)
	who, all := b.e.m.Who[from:][:len(sources)], b.e.m.Units[from:][:len(sources)]
	var changed, best int64
	reached := false
	for k, s := range sources {
		if s != None && b.mayBeReached(who[k], s) {
			reached = true
			changed = add(changed, max(all[k], 0))
		}
	}
	if wide || !reached {
		return reached
	}
	need := b.rule.needed(b.e.m.Base[y])
	a.reset()
	for k, s := range sources {
		if s != None && changed+best < need && !b.mayBeReached(who[k], s) {
			sum, _ := a.add(s.top(), all[k])
			best = max(best, sum.votes)
		}
	}
	return add(changed, best) >= need
}

// mayBeReached reports whether a voter may be changed, or below a changed node.
func (b *hierarchyBuilder) mayBeReached(x int32, s source) bool {
	if b.below.has(x) {
		return b.trees.has(s.top())
	}
	return b.changed.has(x)
}

// changeRings marks all members of a ring of the forest of which one is marked.
func (b *hierarchyBuilder) changeRings() error {
	for _, ring := range b.forest.rings {
		if err := b.spend(len(ring)); err != nil {
			return err
		}
		if slices.ContainsFunc(ring, b.changed.has) {
			for _, x := range ring {
				b.changed.include(x)
			}
		}
	}
	return nil
}

// listChanged lists the changed nodes, with their parents in the forest and in facts with one
// controller.
func (b *hierarchyBuilder) listChanged() error {
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
		if err := b.spend(len(all) - at); err != nil {
			return err
		}
	}
	return nil
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
	return parallel(b.ctx, nil, len(b.parents), 1<<10, func(_ *struct{}, from, to int32) {
		for _, list := range b.parents[from:to] {
			for k := range list {
				list[k].source = b.sourceOf(list[k].node)
			}
		}
	})
}

// findMeetings finds the meetings of changed nodes with a changed node among or above their
// voters, and completes the sources of these.
func (b *hierarchyBuilder) findMeetings() error {
	b.meeting = make([]int32, len(b.nodes))
	for i := range b.meeting {
		b.meeting[i] = None
	}
	return parallel(b.ctx, nil, len(b.joint), 1<<10, func(_ *struct{}, first, last int32) {
		for i := first; i < last; i++ {
			y, sources := b.joint[i], b.sourcesOf(i)
			if !b.changed.has(y) {
				continue
			}
			from, reached := b.e.m.ColStart[y], false
			for k, s := range sources {
				if s == None {
					continue
				}
				if x := b.e.m.Who[int(from)+k]; b.changed.has(x) || b.reached.has(x) {
					sources[k], reached = b.sourceOf(x), true
				}
			}
			if reached {
				b.meeting[b.changed.place(y)] = i
			}
		}
	})
}
