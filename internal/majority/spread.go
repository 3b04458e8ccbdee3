package majority

import (
	"cmp"
	"context"
	"math/bits"
	"runtime"
	"slices"
)

// hierarchyBuilder adds facts to the forest of the votes.
type hierarchyBuilder struct {
	*Hierarchy
	e     *Engine
	ctx   context.Context
	rule  threshold
	facts *Facts

	joint   []int32           // the nodes whose meetings may need several voters, in order
	trees   bitSet            // the tops in the forest of the nodes that were changed last
	inner   bitSet            // the tops of trees in which a node below the top, or in a ring there, is changed
	guesses map[int32][]int32 // of nodes: parents that they may have; nil when their parents are being decided
	shared  []bool            // of each changed node: there is a fact about it with several controllers
	meeting []int32           // of each changed node: its first source in sources, if somebody may carry its meeting because of facts, or None
	sources []source          // of the voters of these meetings, with None where an entry does not count
	hidden  []bool            // of each changed node: some of its controllers are below no ultimate controller in tops
	added   [][]int32         // rings of changed nodes and those between them
	listed  bitSet            // the nodes between changed ones in these rings; nil if there are none
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
	if some, err := b.changeNamed(); err != nil || !some {
		return err // if there are none, all facts say what the votes say too
	}
	b.joint = joint
	for _, phase := range []func() error{b.changeMeetings, b.findSources, b.findMeetings, b.decide, b.finish} {
		if err := phase(); err != nil {
			return err
		}
	}
	return nil
}

// change adds a node to those to which facts may add parents.
func (b *hierarchyBuilder) change(y int32) {
	b.changed.include(y)
	b.reached.include(y)
	top := b.forest.nodes[y].top
	b.trees.include(top)
	if b.below.has(y) {
		b.inner.include(top)
	}
}

// changeNamed marks the nodes that facts name, and reports whether there are any. It leaves
// out facts that say what the votes say too.
func (b *hierarchyBuilder) changeNamed() (some bool, err error) {
	b.changed.bitSet, b.reached, b.trees = newBitSet(b.e.n), newBitSet(b.e.n), newBitSet(b.e.n)
	b.inner, b.guesses = newBitSet(b.e.n), map[int32][]int32{}
	for order := b.facts.order; len(order) > 0; {
		next := order[:min(readAhead, len(order))]
		order = order[len(next):]
		b.fetchStated(next)
		for _, s := range next {
			parent := b.forest.nodes[s.node].parent
			if parent == None {
				b.below.exclude(s.node)
			}
			if s.by == None || s.by != s.node && parent != s.by {
				b.change(s.node)
				some = true
			}
			if s.by == None {
				b.guessOne(s.node)
			}
		}
		if err := b.spend(len(next)); err != nil {
			return some, err
		}
	}
	return some, stopped(b.ctx)
}

// fetchStated loads the nodes of statements into the cache. The reads do not wait for one
// another.
func (b *hierarchyBuilder) fetchStated(statements []statement) {
	var sum int32
	for _, s := range statements {
		sum += b.forest.nodes[s.node].parent
	}
	runtime.KeepAlive(sum)
}

// changeRings marks all members of a ring of the forest of which one is marked.
func (b *hierarchyBuilder) changeRings() error {
	for _, ring := range b.forest.rings {
		if err := b.spend(len(ring)); err != nil {
			return err
		}
		if slices.ContainsFunc(ring, b.changed.has) {
			for _, x := range ring {
				if !b.changed.has(x) {
					b.change(x)
				}
			}
		}
	}
	return nil
}

// listChanged lists the changed nodes, with their parents in the forest and in facts with one
// controller.
func (b *hierarchyBuilder) listChanged() error {
	total := b.changed.count()
	b.nodes, b.parents, b.shared = make([]int32, total), make([][]parent, total), make([]bool, total)
	return parallel(b.ctx, nil, b.e.n, chunk, func(_ *struct{}, from, to int32) {
		facts, i := b.statedAbout(from, to), b.changed.before[from>>6]
		all := make([]parent, 0, len(facts)+int(b.changed.before[(to+63)>>6]-i))
		for w := from >> 6; w<<6 < to; w++ {
			for word := b.changed.bitSet[w]; word != 0; word &= word - 1 {
				y, at, up := w<<6+int32(bits.TrailingZeros64(word)), len(all), int32(None)
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
						b.shared[i] = true
					case y, up:
					default:
						all = append(all, parent{node: x})
					}
				}
				b.nodes[i], b.parents[i] = y, all[at:len(all):len(all)]
				i++
			}
		}
	})
}

// statedAbout returns the statements about a range of nodes.
func (b *hierarchyBuilder) statedAbout(from, to int32) []statement {
	place := func(y int32) int {
		i, _ := slices.BinarySearchFunc(b.facts.order, y, func(s statement, y int32) int { return cmp.Compare(s.node, y) })
		return i
	}
	return b.facts.order[place(from):place(to)]
}

// sourceOf returns the source of a node.
func (b *hierarchyBuilder) sourceOf(x int32) source {
	switch {
	case b.reached.has(x):
		if !b.changed.has(x) {
			x = b.near[x]
		}
		return source(b.changed.place(x))
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

// findMeetings finds the meetings of changed nodes that somebody may carry because of facts, and
// the sources of their voters.
func (b *hierarchyBuilder) findMeetings() error {
	b.meeting = make([]int32, len(b.nodes))
	joint, sources := b.joint, int32(0)
	for i, y := range b.nodes {
		for len(joint) > 0 && joint[0] < y {
			joint = joint[1:]
		}
		b.meeting[i] = None
		if len(joint) > 0 && joint[0] == y {
			from, to := b.e.column(y)
			b.meeting[i] = sources
			sources += to - from
		}
	}
	b.sources = make([]source, sources)
	return parallel(b.ctx, nil, len(b.nodes), 1<<10, func(_ *struct{}, first, last int32) {
		for i := first; i < last; i++ {
			y := b.nodes[i]
			if b.meeting[i] == None {
				continue
			}
			from, to := b.e.column(y)
			sources := b.sourcesOf(i)
			for k, x := range b.e.m.Who[from:to] {
				sources[k] = None
				if x != None && x != y {
					sources[k] = b.sourceOf(x)
				}
			}
		}
	})
}

// sourcesOf returns the sources of the voters of the changed node at a place, whose meeting
// somebody may carry because of facts.
func (b *hierarchyBuilder) sourcesOf(i int32) []source {
	from, to := b.e.column(b.nodes[i])
	return b.sources[b.meeting[i]:][:to-from]
}
