package majority

import "math/big"

// decideByTree decides the open meetings in which all voters belong to trees whose tops
// are known. It also decides that nobody controls a node if no tree could carry its
// meeting even with the votes of all open nodes.
func (b *forestBuilder) decideByTree() error {
	return b.decideInRounds(b.fetchTops, func(a *voteSums, y int32) int32 {
		if b.e.wide(y) != nil {
			return openMark
		}
		best, waiting := b.treeVotes(a, y)
		switch need := b.rule.needed(b.e.m.Base[y]); {
		case add(best, waiting) < need:
			return None
		case waiting > 0:
			return openMark
		}
		return b.lowest(a, y)
	})
}

// treeVotes returns the most votes in y that belong to one tree, and the votes of trees
// whose tops are open. It changes nothing.
func (b *forestBuilder) treeVotes(a *voteSums, y int32) (best, waiting int64) {
	m := &b.e.m
	from, to := m.ColStart[y], m.ColStart[y+1]
	a.reset()
	for i, x := range m.Who[from:to] {
		if x == None || x == y {
			continue
		}
		units := m.Units[int(from)+i]
		if b.isControllable(x) {
			x = b.nodes[x].top
		}
		if b.isControllable(x) { // the end of the chain is or was open
			if b.nodes[x].parent == openMark {
				waiting = add(waiting, units)
				continue
			}
			for t := b.nodes[x].top; t != x; t = b.nodes[x].top {
				x = t
			}
		}
		bead, _ := a.add(x, units)
		best = max(best, bead.votes)
	}
	return best, waiting
}

// lowest returns the lowest node of the forest so far whose tree carries y, or None. Such
// nodes form a chain, because they cannot be disjoint. The result is undefined if the
// context is done.
//
// The voters follow their chains in step, so that the work ends at the answer and not at
// the tops. If a chain meets one that others have followed, its votes are added along that
// chain, and its voter stops.
func (b *forestBuilder) lowest(a *voteSums, y int32) int32 {
	if w := b.e.wide(y); w != nil {
		return b.lowestWide(y, w)
	}
	m := &b.e.m
	c := climb{forestBuilder: b, a: a, need: b.rule.needed(m.Base[y]), found: None}
	from, to := b.e.column(y)
	a.reset()
	at := a.climbers[:0]
	for k := from; k < to; k++ {
		if x, units := m.Who[k], m.Units[k]; x != None && x != y && units > 0 {
			if v := b.class(x); c.meet(v, units) {
				at = append(at, v)
			}
		}
	}
	for steps := 0; len(at) > 0 && !c.settled(at); {
		if steps += len(at); steps >= checkEvery {
			if b.ctx.Err() != nil {
				break
			}
			steps = 0
		}
		rest := at[:0]
		for _, v := range at {
			if v = c.rise(v); v != None {
				rest = append(rest, v)
			}
		}
		at = rest
	}
	a.climbers = at
	return c.found
}

// climb is one search for the lowest node that carries a meeting.
type climb struct {
	*forestBuilder
	a     *voteSums
	need  int64
	found int32 // the lowest that carries it so far
	most  int64 // an upper bound on the votes of every node that does not carry it
}

// rise moves from v to the node above. It returns that node if the climb must go on there,
// and otherwise None.
func (c *climb) rise(v int32) int32 {
	here := c.a.find(v)
	votes := here.votes
	if votes >= c.need || c.nodes[v].parent < 0 {
		return None // all nodes above carry the meeting too, or there are none
	}
	here.left = true
	if v = c.class(c.nodes[v].parent); c.meet(v, votes) {
		return v
	}
	return None
}

// meet adds votes to v and to all nodes above it to which v's own votes have been added.
// It reports whether v is new, so that the climb goes on from v. The lowest node that the
// new votes make carry the meeting is below every node found before, because two nodes that
// carry it cannot have disjoint trees.
func (c *climb) meet(v int32, votes int64) bool {
	fresh := true
	for first := true; ; first = false {
		bead, before := c.a.add(v, votes)
		switch {
		case bead.votes < c.need:
			c.most = max(c.most, bead.votes)
		case before < c.need && fresh:
			fresh, c.found = false, v
		}
		if first && before == 0 {
			return true
		}
		if !bead.left {
			return false
		}
		v = c.class(c.nodes[v].parent)
	}
}

// settled reports whether no node below the one found can still carry the meeting, even
// with all votes that are on the way.
func (c *climb) settled(at []int32) bool {
	if c.found == None {
		return false
	}
	coming := c.most
	for _, v := range at {
		coming = add(coming, c.a.find(v).votes)
	}
	return coming < c.need
}

// lowestWide is lowest in big integers. It follows every chain to its top.
func (b *forestBuilder) lowestWide(y int32, w *WideColumn) int32 {
	need := b.rule.neededBig(w.Base)
	votes := map[int32]*big.Int{}
	from, to := b.e.column(y)
	found := int32(None)
	for k := from; k < to && b.ctx.Err() == nil; k++ {
		x, units := b.e.m.Who[k], w.Units[k-from]
		if x == None || x == y {
			continue
		}
		for v, fresh := b.class(x), true; ; v = b.class(b.nodes[v].parent) {
			sum := votes[v]
			if sum == nil {
				sum = new(big.Int)
				votes[v] = sum
			}
			before := sum.Cmp(need) < 0
			if sum.Add(sum, units); fresh && before && sum.Cmp(need) >= 0 {
				fresh, found = false, v
			}
			if b.nodes[v].parent < 0 {
				break
			}
		}
	}
	return found
}

// class returns the node that stands for v in tallies: the least member of its ring, or v.
func (b *forestBuilder) class(v int32) int32 {
	if code := b.nodes[v].parent; isRing(code) {
		return b.rings[ringOf(code)][0]
	}
	return v
}

// isControllable reports whether x might be controlled. It avoids a read of x itself,
// which is seldom in the cache.
func (b *forestBuilder) isControllable(x int32) bool { return b.controllable.has(x) }

// find returns the present top of x's tree. It shortens the way there.
func (b *forestBuilder) find(x int32) int32 {
	for {
		t := b.nodes[x].top
		up := b.nodes[t].top
		if up == t {
			return t
		}
		b.nodes[x].top = up
		x = t
	}
}
