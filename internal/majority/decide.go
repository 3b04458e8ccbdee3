package majority

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

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
	if b.meeting[i] != None && b.mayCarry(i) {
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
	stage := progress.Start(b.ctx, "control by fact", len(b.nodes), 1<<10)
	n := len(b.nodes)
	b.tops, b.free, b.ring, b.hidden = make([][]int32, n), make([]bool, n), make([]int32, n), make([]bool, n)
	for i := range b.ring {
		b.ring[i] = None
	}
	done := 0
	err := components(b.ctx, n, b.dependsOn, func(part []int32) error {
		for changed := true; changed; {
			changed = false
			for _, i := range part {
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
		if len(part) == 1 && !b.aboveItself(part[0]) {
			b.finishPart(part, false)
			return nil
		}
		return b.finishTogether(slices.Clone(part))
	})
	if err == nil {
		stage.End()
	}
	return err
}

// dependsOn appends the places of the nodes on which the controllers of the node at place i
// depend.
func (b *hierarchyBuilder) dependsOn(i int32, to []int32) []int32 {
	to = b.changedAbove(i, to)
	if m := b.meeting[i]; m != None {
		for _, s := range b.meetings[m].sources {
			if s >= 0 {
				to = append(to, int32(s))
			}
		}
	}
	if b.shared[i] {
		for _, f := range b.facts.on[b.nodes[i]] {
			for _, x := range b.facts.list[f].Controllers {
				if s := b.sourceOf(x); s >= 0 {
					to = append(to, int32(s))
				}
			}
		}
	}
	return to
}

// changedAbove appends the places of the lowest changed nodes above the node at a place.
func (b *hierarchyBuilder) changedAbove(i int32, to []int32) []int32 {
	for _, p := range b.parents[i] {
		if p.source >= 0 {
			to = append(to, int32(p.source))
		}
	}
	return to
}

// aboveItself reports whether a parent of the node at a place is below the node.
func (b *hierarchyBuilder) aboveItself(i int32) bool {
	return slices.ContainsFunc(b.parents[i], func(p parent) bool { return p.source == source(i) })
}

// mayCarry reports whether some node may carry the open meeting at place i. All voters below a
// node are below its ultimate controllers too, so these have at least as many votes. It returns
// true where they are not known: in rings, and in what is being decided.
func (b *hierarchyBuilder) mayCarry(i int32) bool {
	y := b.nodes[i]
	if b.e.wide(y) != nil {
		return true
	}
	need, best := b.rule.needed(b.e.m.Base[y]), int64(0)
	count := func(top int32, units int64) {
		sum, _ := b.sums.add(top, units)
		best = max(best, sum.votes)
	}
	b.sums.reset()
	from := b.e.m.ColStart[y]
	for k, s := range b.meetings[b.meeting[i]].sources {
		units := b.e.m.Units[int(from)+k]
		switch {
		case s == None:
		case s < 0:
			count(s.top(), units)
		case b.free[s]:
			count(b.nodes[s], units)
		case len(b.tops[s]) == 0 || b.hidden[s]:
			return true
		default:
			for _, top := range b.tops[s] {
				count(top, units)
			}
		}
	}
	return best >= need
}

// climbed is a node above some voters, with their votes.
type climbed struct {
	node, depth int32
	last        int32 // the last voter below it
	votes       Amount
}

// carriers adds the nodes as parents whose votes, with those of all that they control so
// far, meet the condition at place i. It leaves out those that control other such nodes, as
// far as the order of work shows them.
func (b *hierarchyBuilder) carriers(i int32, c condition) (bool, error) {
	y := b.nodes[i]
	if b.found == nil {
		b.found = make([]int32, b.e.n)
	}
	var all []climbed
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
			all = append(all, climbed{node: x, depth: depth, last: voter, votes: units})
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
	var enough []climbed
	for _, r := range all {
		if r.votes.cmp(c.need) >= 0 {
			enough = append(enough, r)
		}
	}
	return b.addParents(i, enough)
}

// addParents adds nodes that carry the node at place i, unless they control it already.
func (b *hierarchyBuilder) addParents(i int32, found []climbed) (added bool, err error) {
	if len(found) == 0 {
		return false, nil
	}
	slices.SortFunc(found, func(a, b climbed) int {
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
		b.parents[i] = append(b.parents[i], parent{r.node, b.sourceOf(r.node)})
		known[r.node], list, added = true, append(list, r.node), true
		if err := cover(); err != nil {
			return false, err
		}
	}
	return added, nil
}
