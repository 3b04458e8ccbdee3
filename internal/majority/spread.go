package majority

import (
	"context"
	"math/bits"
	"runtime"
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
	for _, s := range b.facts.order {
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
		if err := b.spend(1); err != nil {
			return some, err
		}
	}
	return some, stopped(b.ctx)
}

// guessOne takes for granted that each controller of a fact with several controls y.
func (b *hierarchyBuilder) guessOne(y int32) {
	for _, f := range b.facts.on[y] {
		if who := b.facts.list[f].Controllers; len(who) > 1 {
			b.guesses[y] = append(b.guesses[y], who...)
		}
	}
}

// maxRounds is the largest number of rounds of changeMeetings.
const maxRounds = 12

// guess is a node that may carry the meeting at a place in joint.
type guess struct{ meeting, by int32 }

// changeMeetings marks the nodes that somebody may control by votes because of facts, and
// leaves only their meetings in joint. It takes for granted that one controller of a fact is
// enough. In each round it looks for those who then carry a meeting, and takes for granted from
// then on that they do. It ends when a round finds no more. After many rounds it marks all nodes
// of the meetings that it looks at.
func (b *hierarchyBuilder) changeMeetings() error {
	b.near = make([]int32, b.e.n)
	defer func() { b.guesses = nil }()
	for round := 0; ; round++ {
		for _, phase := range []func() error{b.changeRings, b.findNear, b.listChanged} {
			if err := phase(); err != nil {
				return err
			}
		}
		if round == maxRounds {
			return nil
		}
		found, err := b.findGuesses()
		if err != nil {
			return err
		}
		clear(b.trees)
		more := false
		for _, g := range found {
			if y := b.joint[g.meeting]; !slices.Contains(b.guesses[y], g.by) {
				b.guesses[y], more = append(b.guesses[y], g.by), true
				b.change(y)
			}
		}
		switch {
		case !more:
			b.keepMeetings(found)
			return nil
		case round == maxRounds-1:
			for _, y := range b.joint {
				b.change(y)
			}
		}
	}
}

// keepMeetings leaves only meetings in joint that somebody was found to carry.
func (b *hierarchyBuilder) keepMeetings(found []guess) {
	kept := make([]int32, 0, len(found))
	for _, g := range found {
		kept = append(kept, b.joint[g.meeting])
	}
	b.joint = slices.Compact(kept)
}

// findGuesses returns the nodes that may carry each meeting in joint, in order of the meetings,
// without those that control the meeting's node anyway.
func (b *hierarchyBuilder) findGuesses() ([]guess, error) {
	const piece = 1 << 10
	found := make([][]guess, len(b.joint)/piece+1)
	err := parallel(b.ctx, nil, len(b.joint), piece, func(d *decider, from, to int32) {
		d.hierarchyBuilder = b
		for ; from < to; from += readAhead {
			places := d.places[:0]
			for k := from; k < min(to, from+readAhead); k++ {
				if b.hasReachedVoter(b.joint[k]) {
					places = append(places, k)
				}
			}
			d.places = places
			b.fetchVoters(places)
			for _, k := range places {
				if y := b.joint[k]; b.mayPass(&d.sums, y) {
					carriers, _ := d.carriers(y, d.meetingOf(y)) // the context tells its error
					for _, x := range carriers {
						found[k/piece] = append(found[k/piece], guess{k, x})
					}
				}
			}
		}
	})
	return slices.Concat(found...), err
}

// fetchVoters loads meetings, and the nodes that vote there with those above them, into the
// cache. The reads do not wait for one another.
func (b *hierarchyBuilder) fetchVoters(places []int32) {
	m, nodes := &b.e.m, b.forest.nodes
	var sum int32
	for _, k := range places {
		y := b.joint[k]
		from, to := m.ColStart[y], m.ColStart[y+1]
		sum += int32(m.Units[from]+m.Base[y]) + nodes[y].parent
		for _, x := range m.Who[from:to] {
			if x != None && b.below.has(x) {
				sum += nodes[x].parent
			}
		}
	}
	for _, k := range places {
		y := b.joint[k]
		for _, x := range m.Who[m.ColStart[y]:m.ColStart[y+1]] {
			if x == None || !b.below.has(x) {
				continue
			}
			if p := nodes[x].parent; p >= 0 && b.below.has(p) {
				sum += nodes[p].parent
			}
		}
	}
	runtime.KeepAlive(sum)
}

// hasReachedVoter reports whether a voter of a meeting is changed or below a changed node.
func (b *hierarchyBuilder) hasReachedVoter(y int32) bool {
	from, to := b.e.column(y)
	return slices.ContainsFunc(b.e.m.Who[from:to], func(x int32) bool {
		return x != None && x != y && b.reached.has(x)
	})
}

// mayPass reports whether somebody may carry a meeting because of facts. His votes are at most
// those of all voters that he may control because of facts, and of the other voters in one tree
// of the forest.
func (b *hierarchyBuilder) mayPass(a *voteSums, y int32) bool {
	from, to := b.e.column(y)
	who, units, parent := b.e.m.Who[from:to], b.e.m.Units[from:to], b.forest.nodes[y].parent
	var gained, others int64
	gains := false
	for k, x := range who {
		switch {
		case x == None || x == y:
		case b.mayGain(x, parent):
			gains = true
			gained = add(gained, units[k])
		default:
			others = add(others, units[k])
		}
	}
	if !gains || b.e.wide(y) != nil {
		return gains
	}
	need := b.rule.needed(b.e.m.Base[y])
	if gained >= need || add(gained, others) < need {
		return gained >= need
	}
	a.reset()
	for k, x := range who {
		if x == None || x == y || b.mayGain(x, parent) {
			continue
		}
		if b.below.has(x) {
			x = b.forest.nodes[x].top
		}
		if sum, _ := a.add(x, units[k]); add(gained, sum.votes) >= need {
			return true
		}
	}
	return false
}

// mayGain reports whether somebody may control a voter x because of facts without controlling
// the given parent of the meeting's node, which may be None. It looks for a changed node on the
// next steps from x to the parent. Whoever controls the parent already controls the meeting.
func (b *hierarchyBuilder) mayGain(x, parent int32) bool {
	if !b.reached.has(x) {
		return false
	}
	for range maxClimb {
		if x == parent {
			return false
		}
		if b.changed.has(x) {
			return true
		}
		x = b.forest.nodes[x].parent
	}
	return true
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

// findNear finds the nodes that are below changed ones in the trees of those that were changed last, and the nearest of
// these. It climbs from many nodes in step, so that the processor waits for many scattered
// reads at once.
func (b *hierarchyBuilder) findNear() error {
	nodes := b.forest.nodes
	var long atomic.Bool
	err := parallel(b.ctx, nil, b.e.n, chunk, func(a *voteSums, from, to int32) {
		climbers := a.climbers[:0]
		for w := from >> 6; w<<6 < to; w++ {
			for word := b.below[w] &^ b.changed.bitSet[w]; word != 0; word &= word - 1 {
				y := w<<6 + int32(bits.TrailingZeros64(word))
				switch n := nodes[y]; {
				case n.parent < 0 || !b.trees.has(n.top):
				case b.inner.has(n.top):
					climbers = append(climbers, y, n.parent)
				default:
					b.setNear(y, n.top)
				}
			}
		}
		for step := 0; step < maxClimb && len(climbers) > 0; step++ {
			rest := climbers[:0]
			for i := 0; i < len(climbers); i += 2 {
				y, v := climbers[i], climbers[i+1]
				if b.changed.has(v) {
					b.setNear(y, v)
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

// setNear records the changed node v as the nearest above y.
func (b *hierarchyBuilder) setNear(y, v int32) {
	b.near[y] = v
	b.reached.include(y)
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
		switch {
		case len(path) == 0:
			continue
		case b.changed.has(v):
		case b.reached.has(v):
			v = b.near[v]
		default:
			continue
		}
		for _, u := range path {
			b.setNear(u, v)
		}
	}
	return nil
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
