package majority

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// hierarchyBuilder adds facts to the forest of the votes.
type hierarchyBuilder struct {
	*Hierarchy
	e     *Engine
	ctx   context.Context
	rule  threshold
	facts *Facts

	meeting  []int32        // of each node: the place of its meeting in meetings plus 1, or 0
	meetings []jointMeeting // meetings that need several voters and in which changed nodes vote
	shared   []bool         // of each changed node: there is a fact about it with several controllers
	found    []int32        // of each node: its place among the nodes of a climb plus 1, or 0
	arena    []int32        // memory of lists of one node
	sink     int64          // of reads ahead, so that they are not left out
	hidden   []bool         // of each changed node: some of its controllers are below no ultimate controller in tops
	sums     voteSums
	added    [][]int32 // rings of changed nodes
	budget   int
}

// jointMeeting is a meeting that no voter carries alone. Its two counts bound the votes of
// every group: a group has at most one member that nobody controls.
type jointMeeting struct {
	alone      bool  // one voter carries it, so that the others do not matter
	open       bool  // several voters together could carry it
	controlled int64 // votes of nodes that are controlled by votes, or whose controllers may change
	most       int64 // at least the votes of any other node
}

// spend counts work between two checks of the context.
func (b *hierarchyBuilder) spend(work int) error {
	if b.budget += work; b.budget < checkEvery {
		return nil
	}
	b.budget = 0
	return stopped(b.ctx)
}

// touch lists y among the nodes whose controllers may change.
func (b *hierarchyBuilder) touch(y int32) int32 {
	if b.place[y] == 0 {
		b.nodes, b.parents, b.shared = append(b.nodes, y), append(b.parents, nil), append(b.shared, false)
		b.place[y] = int32(len(b.nodes))
		b.changed.include(y)
	}
	return b.place[y] - 1
}

// reach lists the nodes whose controllers facts may change. These are at most the nodes
// that facts name, the meetings that a changed node carries alone, and those that it could
// help to carry.
func (b *hierarchyBuilder) reach() error {
	b.place, b.meeting, b.found = make([]int32, b.e.n), make([]int32, b.e.n), make([]int32, b.e.n)
	b.changed, b.below = newBitSet(b.e.n), newBitSet(b.e.n)
	for x := range b.forest.nodes {
		if b.forest.nodes[x].parent != None {
			b.below.include(int32(x))
		}
	}
	for i, n := range b.facts.order { // so that memory is read in its order
		f := &b.facts.list[n]
		if len(f.Controllers) > 1 {
			b.shared[b.touch(f.Node)] = true
			continue
		}
		x := f.Controllers[0]
		if x == f.Node || b.forest.nodes[f.Node].parent == x {
			continue
		}
		at := b.touch(f.Node)
		if !slices.Contains(b.parents[at], x) {
			b.parents[at] = append(b.parents[at], x)
		}
		if err := b.spend(1 + i%2); err != nil {
			return err
		}
	}
	for i := 0; i < len(b.nodes); i++ {
		if i%readAhead == 0 {
			b.fetchRows(b.nodes[i:min(i+readAhead, len(b.nodes))])
		}
		z := b.nodes[i]
		row := b.e.rowEntry[b.e.rowStart[z]:b.e.rowStart[z+1]]
		if err := b.spend(1 + len(row)); err != nil {
			return err
		}
		for _, k := range row {
			if err := b.reachMeeting(b.e.entryCol[k], z, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// fetchRows loads what nodes vote in, so that the processor waits for many scattered reads at
// once.
func (b *hierarchyBuilder) fetchRows(nodes []int32) {
	e, sum := b.e, int64(0)
	for _, z := range nodes {
		sum += int64(e.rowStart[z])
	}
	for _, z := range nodes {
		if from := e.rowStart[z]; from < e.rowStart[z+1] {
			sum += int64(e.rowEntry[from])
		}
	}
	for _, z := range nodes {
		for _, k := range e.rowEntry[e.rowStart[z]:e.rowStart[z+1]] {
			sum += int64(e.entryCol[k]) + e.m.Units[k]
		}
	}
	for _, z := range nodes {
		for _, k := range e.rowEntry[e.rowStart[z]:e.rowStart[z+1]] {
			y := e.entryCol[k]
			sum += e.m.Base[y] + int64(b.meeting[y]+e.m.ColStart[y])
		}
	}
	b.sink = sum
}

// findUps finds the nodes above the changed ones.
func (b *hierarchyBuilder) findUps() {
	b.ups = make([]int32, len(b.nodes))
	for i, y := range b.nodes {
		b.ups[i] = None
		if b.below.has(y) {
			b.ups[i] = b.forest.above(y)
		}
	}
}

// reachMeeting lists the meeting y if entry k of the changed node z carries it, or could
// help to.
func (b *hierarchyBuilder) reachMeeting(y, z, k int32) error {
	if y == z {
		return nil
	}
	if b.e.wide(y) != nil {
		b.touch(y)
		if b.meeting[y] == 0 {
			b.addMeeting(y, jointMeeting{open: true})
		}
		return nil
	}
	base := b.e.m.Base[y]
	if base <= 0 {
		return nil
	}
	need := b.rule.needed(base)
	if b.e.m.Units[k] >= need {
		b.touch(y)
		return nil
	}
	fresh := b.meeting[y] == 0
	if fresh {
		from, to := b.e.column(y)
		if err := b.spend(int(to - from)); err != nil {
			return err
		}
		b.addMeeting(y, b.jointMeeting(y, need))
	}
	m := &b.meetings[b.meeting[y]-1]
	switch {
	case fresh:
	case m.open || m.alone:
		return nil
	case !b.below.has(z): // the others are counted already
		m.controlled = add(m.controlled, b.e.m.Units[k])
	}
	if !m.open && !m.alone && add(m.controlled, m.most) >= need {
		m.open = true
		b.touch(y)
	}
	return nil
}

// addMeeting records what is known of y's meeting.
func (b *hierarchyBuilder) addMeeting(y int32, m jointMeeting) {
	b.meetings = append(b.meetings, m)
	b.meeting[y] = int32(len(b.meetings))
}

// open reports whether several voters together could carry the changed node y.
func (b *hierarchyBuilder) open(y int32) bool {
	return b.meeting[y] != 0 && b.meetings[b.meeting[y]-1].open
}

// jointMeeting reads y's meeting. Entries of one voter that do not follow one another are
// counted as if somebody controlled it.
func (b *hierarchyBuilder) jointMeeting(y int32, need int64) (m jointMeeting) {
	last, own := int32(None), int64(0)
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, u := b.e.m.Who[k], b.e.m.Units[k]
		switch {
		case x == None || x == y:
		case u >= need:
			return jointMeeting{alone: true}
		case x < last || b.below.has(x) || b.changed.has(x):
			m.controlled = add(m.controlled, u)
		default:
			if x != last {
				own = 0
			}
			last, own = x, add(own, u)
			m.most = max(m.most, own)
		}
	}
	return m
}

// condition is a way to control a node: by the votes of its meeting, or by a fact with
// several controllers, who then have one vote each and need all.
type condition struct {
	voters []vote
	need   Amount
}

type vote struct {
	node  int32
	units Amount
}

// conditions lists what can add parents to the node at a place.
func (b *hierarchyBuilder) conditions(i int32) []condition {
	y := b.nodes[i]
	var out []condition
	if b.open(y) {
		out = append(out, b.meetingOf(y))
	}
	if !b.shared[i] {
		return out
	}
	for _, f := range b.facts.on[y] {
		if who := b.facts.list[f].Controllers; len(who) > 1 && !slices.Contains(who, y) {
			c := condition{need: Amount{Units: int64(len(who))}}
			for _, x := range who {
				c.voters = append(c.voters, vote{x, Amount{Units: 1}})
			}
			out = append(out, c)
		}
	}
	return out
}

// meetingOf returns the meeting of y with the votes that count, each voter once.
func (b *hierarchyBuilder) meetingOf(y int32) condition {
	c := condition{need: Amount{Units: 1}} // of no votes
	if w := b.e.wide(y); w == nil {
		c.need.Units = b.rule.needed(b.e.m.Base[y])
	} else if w.Base.Sign() > 0 {
		c.need = Amount{Wide: b.rule.neededBig(w.Base)}
	} else {
		return c
	}
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		if x, u := b.e.m.Who[k], b.e.unitsOf(y, k); x != None && x != y && u.cmp(Amount{}) > 0 {
			c.voters = append(c.voters, vote{x, u})
		}
	}
	slices.SortStableFunc(c.voters, func(a, b vote) int { return int(a.node) - int(b.node) })
	kept := c.voters[:0]
	for _, v := range c.voters {
		if n := len(kept); n > 0 && kept[n-1].node == v.node {
			kept[n-1].units = kept[n-1].units.plus(v.units)
		} else {
			kept = append(kept, v)
		}
	}
	c.voters = kept
	return c
}

// decide finds the parents that facts add. It takes the changed nodes in the order of their
// dependence. Nodes that depend on one another are decided together, in rounds, until a
// round changes nothing.
func (b *hierarchyBuilder) decide() error {
	b.findUps()
	stage := progress.Start(b.ctx, "control by fact", len(b.nodes), 1<<10)
	done := 0
	depends := func(i int32, to []int32) []int32 {
		to = b.changedAbove(to, i)
		if y := b.nodes[i]; b.open(y) {
			from, end := b.e.column(y)
			for _, x := range b.e.m.Who[from:end] {
				if x != None && b.changed.has(x) {
					to = append(to, b.place[x]-1)
				}
			}
		}
		if b.shared[i] {
			for _, f := range b.facts.on[b.nodes[i]] {
				for _, x := range b.facts.list[f].Controllers {
					if b.place[x] != 0 {
						to = append(to, b.place[x]-1)
					}
				}
			}
		}
		return to
	}
	b.tops, b.free, b.ring, b.hidden = make([][]int32, len(b.nodes)), make([]bool, len(b.nodes)), make([]int32, len(b.nodes)), make([]bool, len(b.nodes))
	for i := range b.ring {
		b.ring[i] = None
	}
	err := components(b.ctx, len(b.nodes), depends, func(part []int32) error {
		for changed := true; changed; {
			changed = false
			for _, i := range part {
				if !b.shared[i] && !(b.open(b.nodes[i]) && b.mayCarry(b.nodes[i])) {
					continue
				}
				for _, c := range b.conditions(i) {
					added, err := b.carriers(i, c)
					if err != nil {
						return err
					}
					changed = changed || added
				}
			}
			if len(part) == 1 {
				break // its own parents change nothing in its own meeting
			}
		}
		done += len(part)
		stage.At(done)
		if len(part) == 1 {
			b.finishPart(part)
			return nil
		}
		return b.finishTogether(slices.Clone(part))
	})
	if err == nil {
		stage.End()
	}
	return err
}

// mayCarry reports whether some node may carry the open meeting y. All voters below a node are
// below its ultimate controllers too, so these have at least as many votes. It returns true
// where they are not known: in rings, and in what is being decided.
func (b *hierarchyBuilder) mayCarry(y int32) bool {
	if b.e.wide(y) != nil {
		return true
	}
	need, best := b.rule.needed(b.e.m.Base[y]), int64(0)
	count := func(top int32, units int64) {
		sum, _ := b.sums.add(top, units)
		best = max(best, sum.votes)
	}
	b.sums.reset()
	from, to := b.e.column(y)
	for k := from; k < to; k++ {
		x, units := b.e.m.Who[k], b.e.m.Units[k]
		switch {
		case x == None || x == y:
		case !b.changed.has(x) && !b.below.has(x):
			count(x, units)
		case !b.changed.has(x):
			count(b.forest.nodes[x].top, units)
		default:
			i := b.place[x] - 1
			if b.free[i] {
				count(x, units)
				continue
			}
			if len(b.tops[i]) == 0 || b.hidden[i] {
				return true
			}
			for _, top := range b.tops[i] {
				count(top, units)
			}
		}
	}
	return best >= need
}

// changedAbove appends the places of the parents whose controllers may change, of the node
// at a place.
func (b *hierarchyBuilder) changedAbove(to []int32, i int32) []int32 {
	b.eachParent(b.nodes[i], func(x int32) bool {
		if b.changed.has(x) {
			to = append(to, b.place[x]-1)
		}
		return true
	})
	return to
}

// reached is a node above some voters, with their votes.
type reached struct {
	node, depth int32
	last        int32 // the last voter below it
	votes       Amount
}

// carriers adds the nodes as parents whose votes, with those of all that they control so
// far, meet the condition at place i. It leaves out those that control other such nodes, as
// far as the order of work shows them.
func (b *hierarchyBuilder) carriers(i int32, c condition) (bool, error) {
	y := b.nodes[i]
	var all []reached
	defer func() {
		for _, r := range all {
			b.found[r.node] = 0
		}
	}()
	var queue []int32 // places in all
	meet := func(x, depth, voter int32, units Amount) {
		n := b.found[x] - 1
		switch {
		case x == y:
			return
		case n == None:
			n = int32(len(all))
			b.found[x] = n + 1
			all = append(all, reached{node: x, depth: depth, last: voter, votes: units})
		case all[n].last == voter:
			return
		default:
			all[n].last, all[n].votes = voter, all[n].votes.plus(units)
		}
		queue = append(queue, n)
	}
	for v, voter := range c.voters {
		queue = queue[:0]
		meet(voter.node, 0, int32(v), voter.units)
		for head := 0; head < len(queue); head++ {
			u := all[queue[head]]
			b.eachParent(u.node, func(x int32) bool { meet(x, u.depth+1, int32(v), voter.units); return true })
		}
		if err := b.spend(1 + len(queue)); err != nil {
			return false, err
		}
	}
	var enough []reached
	for _, r := range all {
		if r.votes.cmp(c.need) >= 0 {
			enough = append(enough, r)
		}
	}
	return b.addParents(i, enough)
}

// addParents adds nodes that carry the node at place i, unless they control it already.
func (b *hierarchyBuilder) addParents(i int32, found []reached) (added bool, err error) {
	if len(found) == 0 {
		return false, nil
	}
	slices.SortFunc(found, func(a, b reached) int {
		return cmp.Or(a.votes.cmp(b.votes), cmp.Compare(a.depth, b.depth), cmp.Compare(a.node, b.node))
	})
	known := map[int32]bool{b.nodes[i]: true}
	list := []int32{b.nodes[i]}
	cover := func() error {
		for len(list) > 0 {
			u := list[len(list)-1]
			list = list[:len(list)-1]
			if err := b.spend(1); err != nil {
				return err
			}
			b.eachParent(u, func(x int32) bool {
				if !known[x] {
					known[x] = true
					list = append(list, x)
				}
				return true
			})
		}
		return nil
	}
	if err := cover(); err != nil {
		return false, err
	}
	for _, r := range found {
		if known[r.node] {
			continue
		}
		b.parents[i] = append(b.parents[i], r.node)
		known[r.node], list, added = true, append(list, r.node), true
		if err := cover(); err != nil {
			return false, err
		}
	}
	return added, nil
}

// finishTogether finds the rings and the ultimate controllers of nodes that may control one
// another. All that they depend on is finished.
func (b *hierarchyBuilder) finishTogether(part []int32) error {
	at := make(map[int32]int32, len(part))
	for n, i := range part {
		at[i] = int32(n)
	}
	var above []int32
	depends := func(n int32, to []int32) []int32 {
		above = b.changedAbove(above[:0], part[n])
		for _, i := range above {
			if n, ok := at[i]; ok {
				to = append(to, n)
			}
		}
		return to
	}
	return components(b.ctx, len(part), depends, func(together []int32) error {
		nodes, ring := make([]int32, len(together)), make([]int32, len(together))
		for k, n := range together {
			nodes[k], ring[k] = part[n], b.nodes[part[n]]
		}
		b.finishPart(nodes)
		if len(ring) > 1 {
			slices.Sort(ring)
			b.added = append(b.added, ring)
		}
		return b.spend(len(together))
	})
}

// finish numbers the rings.
func (b *hierarchyBuilder) finish() error {
	rings := b.added
	for _, r := range b.forest.rings {
		if b.place[r[0]] == 0 { // then it holds for all members
			rings = append(rings, r)
		}
	}
	slices.SortFunc(rings, func(a, c []int32) int { return cmp.Compare(a[0], c[0]) })
	for r, ring := range rings {
		for _, x := range ring {
			if i := b.at(x); i != None {
				b.ring[i] = int32(r)
			}
		}
	}
	b.rings = rings
	return stopped(b.ctx)
}

// finishPart finds the ultimate controllers of nodes that control one another, or of one
// node. Nodes with the same ultimate controllers share the list.
func (b *hierarchyBuilder) finishPart(part []int32) {
	var tops []int32
	for _, i := range part {
		b.ring[i] = inPart
	}
	outside, hidden := false, false
	for _, i := range part {
		b.eachParent(b.nodes[i], func(x int32) bool {
			p := b.at(x)
			if p != None && b.ring[p] == inPart {
				return true
			}
			above := b.topsAt(x, p)
			hidden = hidden || len(above) == 0 || p != None && b.hidden[p]
			switch {
			case !outside:
				tops, outside = above, true
			case !slices.Equal(tops, above):
				tops = union(tops, above)
			}
			return true
		})
	}
	for _, i := range part {
		b.tops[i], b.free[i], b.ring[i], b.hidden[i] = tops, len(part) == 1 && !outside, None, hidden
	}
}

// inPart marks the nodes of the component that is being finished.
const inPart = None - 1

// topsAt returns x if nobody controls it, and otherwise its ultimate controllers. p is its
// place, or None.
func (b *hierarchyBuilder) topsAt(x, p int32) []int32 {
	if p != None {
		if b.free[p] {
			return b.only(x)
		}
		return b.tops[p]
	}
	if t := b.forest.nodes[x].top; !isRing(b.forest.nodes[t].parent) {
		return b.only(t)
	}
	return nil
}

// only returns a list of one node.
func (b *hierarchyBuilder) only(x int32) []int32 {
	b.arena = append(b.arena, x)
	n := len(b.arena)
	return b.arena[n-1 : n : n]
}

// union returns the nodes of two ascending lists, ascending.
func union(a, b []int32) []int32 {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// components calls visit for the strongly connected components of 0 to n-1, each after all
// that it depends on (Tarjan, 1972). The argument depends appends what a number depends on.
// The argument visit must not keep the part.
func components(ctx context.Context, n int, depends func(i int32, to []int32) []int32, visit func(part []int32) error) error {
	type open struct {
		i    int32
		to   int // the first of its dependences in edges
		next int
	}
	index, low := make([]int32, n), make([]int32, n) // index 0: not seen; low 0: complete
	var seen int32
	var stack []int32
	var frames []open
	var edges []int32 // the dependences of the frames, one frame after the other
	enter := func(i int32) {
		seen++
		index[i], low[i] = seen, seen
		stack = append(stack, i)
		frames = append(frames, open{i, len(edges), len(edges)})
		edges = depends(i, edges)
	}
	work := 0
	for root := range int32(n) {
		if index[root] == 0 {
			enter(root)
		}
	descend:
		for len(frames) > 0 {
			if work++; work%checkEvery == 0 {
				if err := stopped(ctx); err != nil {
					return err
				}
			}
			f := &frames[len(frames)-1]
			for f.next < len(edges) {
				on := edges[f.next]
				f.next++
				if index[on] == 0 {
					enter(on)
					continue descend
				}
				if low[on] != 0 {
					low[f.i] = min(low[f.i], index[on])
				}
			}
			done := f.i
			edges = edges[:f.to]
			frames = frames[:len(frames)-1]
			if len(frames) > 0 {
				above := frames[len(frames)-1].i
				low[above] = min(low[above], low[done])
			}
			if low[done] != index[done] {
				continue
			}
			at := len(stack) - 1
			for stack[at] != done {
				at--
			}
			part := stack[at:]
			stack = stack[:at]
			for _, i := range part {
				low[i] = 0
			}
			if err := visit(part); err != nil {
				return err
			}
		}
	}
	return stopped(ctx)
}
