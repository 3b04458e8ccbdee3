package majority

import "math/big"

// sieve decides the open meetings in which all casters belong to trees whose
// tops are known, and frees those that no tree could carry even with the votes
// of all that are still open.
func (b *planter) sieve() error {
	return b.sift(b.fetchTops, func(a *abacus, y int32) int32 {
		if b.e.wide(y) != nil {
			return openMark
		}
		best, waiting := b.treeVotes(a, y)
		switch need := b.rule.needed(b.e.m.Base[y]); {
		case add(best, waiting) < need:
			return Nobody
		case waiting > 0:
			return openMark
		}
		return b.lowest(a, y)
	})
}

// treeVotes returns the most votes in y that belong to one tree, and the votes
// of trees whose tops are still open. It changes nothing.
func (b *planter) treeVotes(a *abacus, y int32) (best, waiting int64) {
	m := &b.e.m
	from, to := m.ColStart[y], m.ColStart[y+1]
	a.reset()
	for i, x := range m.Who[from:to] {
		if x == Nobody || x == y {
			continue
		}
		units := m.Units[int(from)+i]
		if b.mayBe(x) {
			x = b.nodes[x].top
		}
		if b.mayBe(x) { // a chain's end is open, or was
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

// lowest returns the lowest node of the forest so far whose tree carries y, or
// Nobody. Those that do are a chain, because they cannot be disjoint. A search
// that ends because the context is done returns anything.
//
// The casters climb their chains in step, so that the work is that of reaching
// the answer and not the tops. Where a chain meets one that others have
// climbed, the votes are carried on along it, and the climber rests.
func (b *planter) lowest(a *abacus, y int32) int32 {
	if w := b.e.wide(y); w != nil {
		return b.lowestWide(y, w)
	}
	m := &b.e.m
	c := climb{planter: b, a: a, need: b.rule.needed(m.Base[y]), found: Nobody}
	from, to := b.e.column(y)
	a.reset()
	at := a.climbers[:0]
	for k := from; k < to; k++ {
		if x, units := m.Who[k], m.Units[k]; x != Nobody && x != y && units > 0 {
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
			if v = c.rise(v); v != Nobody {
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
	*planter
	a     *abacus
	need  int64
	found int32 // the lowest that carries it so far
	most  int64 // at least the votes of any node that does not
}

// rise moves the climber at v one node up, and returns where it is if it has
// to go on.
func (c *climb) rise(v int32) int32 {
	here := c.a.find(v)
	votes := here.votes
	if votes >= c.need || c.nodes[v].parent < 0 {
		return Nobody // all above carry the meeting too, or there is no more
	}
	here.left = true
	if v = c.class(c.nodes[v].parent); c.meet(v, votes) {
		return v
	}
	return Nobody
}

// meet adds votes to v, and to all above it that v's own have been carried to.
// It reports whether v is new, a place to climb on from. The first node that
// comes to carry the meeting is lower than all that did before, since two that
// do cannot be disjoint.
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

// settled reports whether nothing below what was found can still come to carry
// the meeting, not with all the votes that are on the way.
func (c *climb) settled(at []int32) bool {
	if c.found == Nobody {
		return false
	}
	coming := c.most
	for _, v := range at {
		coming = add(coming, c.a.find(v).votes)
	}
	return coming < c.need
}

// lowestWide is lowest in big integers, every chain climbed to its top.
func (b *planter) lowestWide(y int32, w *WideColumn) int32 {
	need := b.rule.neededBig(w.Base)
	votes := map[int32]*big.Int{}
	from, to := b.e.column(y)
	found := int32(Nobody)
	for k := from; k < to && b.ctx.Err() == nil; k++ {
		x, units := b.e.m.Who[k], w.Units[k-from]
		if x == Nobody || x == y {
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

// class returns the node that stands for v in tallies: the head of its ring,
// or itself.
func (b *planter) class(v int32) int32 {
	if code := b.nodes[v].parent; isRing(code) {
		return b.rings[ringOf(code)][0]
	}
	return v
}

// mayBe reports whether x might be controlled. It saves a look at x itself,
// which is seldom in the cache.
func (b *planter) mayBe(x int32) bool { return b.may[x>>6]>>(x&63)&1 != 0 }

// find returns the top of x's tree as it is now, and shortens the way there.
func (b *planter) find(x int32) int32 {
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
