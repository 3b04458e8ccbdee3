package majority

import (
	"cmp"
	"slices"
)

// finishTogether finds the rings and the ultimate controllers of nodes that may control one
// another. All that they depend on is finished.
func (d *decider) finishTogether(part []int32) error {
	if len(part) == 1 && !d.aboveItself(part[0]) {
		d.finishOne(part[0])
		return nil
	}
	at := make(map[int32]int32, len(part))
	for n, i := range part {
		at[i] = int32(n)
	}
	var above []int32
	depends := func(n int32, to []int32) []int32 {
		above = d.changedAbove(part[n], above[:0])
		for _, i := range above {
			if n, ok := at[i]; ok {
				to = append(to, n)
			}
		}
		return to
	}
	return components(d.ctx, len(part), depends, func(together []int32) error {
		places := make([]int32, len(together))
		for k, n := range together {
			places[k] = part[n]
		}
		if len(places) == 1 && !d.aboveItself(places[0]) {
			d.finishOne(places[0])
			return d.spend(1)
		}
		if err := d.addRing(places); err != nil {
			return err
		}
		d.finishPart(places)
		return d.spend(len(together))
	})
}

// addRing adds the ring of changed nodes that control one another, with all nodes that are
// between them in the forest.
func (b *hierarchyBuilder) addRing(places []int32) error {
	var ring []int32
	for _, i := range places {
		ring = append(ring, b.nodes[i])
		b.ring[i] = inPart
	}
	for _, i := range places {
		for _, p := range b.parents[i] {
			if p.source < 0 || b.ring[p.source] != inPart {
				continue
			}
			for x := p.node; !b.changed.has(x); x = b.forest.above(x) {
				if b.listed == nil {
					b.listed = newBitSet(b.e.n)
				}
				if b.listed.has(x) {
					break
				}
				b.listed.include(x)
				ring = append(ring, x)
				if err := b.spend(1); err != nil {
					return err
				}
			}
		}
	}
	slices.Sort(ring)
	b.added = append(b.added, ring)
	return nil
}

// finish numbers the rings.
func (b *hierarchyBuilder) finish() error {
	rings := b.added
	for _, r := range b.forest.rings {
		if !b.changed.has(r[0]) { // then it holds for all members
			rings = append(rings, r)
		}
	}
	slices.SortFunc(rings, func(a, c []int32) int { return cmp.Compare(a[0], c[0]) })
	for r, ring := range rings {
		for _, x := range ring {
			if i := b.place(x); i != None {
				b.ring[i] = int32(r)
			} else if b.listed != nil && b.listed.has(x) {
				b.inside = append(b.inside, between{x, int32(r)})
			}
		}
	}
	slices.SortFunc(b.inside, func(a, c between) int { return cmp.Compare(a.node, c.node) })
	b.rings = rings
	return stopped(b.ctx)
}

// finishPart finds the ultimate controllers of nodes that control one another. They share the
// list.
func (d *decider) finishPart(part []int32) {
	for _, i := range part {
		d.ring[i] = inPart
	}
	var u ultimates
	for _, i := range part {
		for _, p := range d.parents[i] {
			if p.source < 0 || d.ring[p.source] != inPart {
				d.addAbove(&u, p.source)
			}
		}
	}
	for _, i := range part {
		d.tops[i], d.free[i], d.ring[i], d.hidden[i] = u.tops, false, None, u.hidden
	}
}

// finishOne finds the ultimate controllers of a node that is not above itself.
func (d *decider) finishOne(i int32) {
	var u ultimates
	for _, p := range d.parents[i] {
		d.addAbove(&u, p.source)
	}
	d.tops[i], d.free[i], d.hidden[i] = u.tops, !u.some, u.hidden
}

// ultimates are those of some sources' nodes, if there are some, and whether others of their
// controllers are below none of them.
type ultimates struct {
	tops         []int32
	some, hidden bool
}

// addAbove adds the ultimate controllers of a source's node, or the node itself.
func (d *decider) addAbove(u *ultimates, s source) {
	above := d.topsAt(s)
	u.hidden = u.hidden || len(above) == 0 || s >= 0 && d.hidden[s]
	switch {
	case !u.some:
		u.tops, u.some = above, true
	case !slices.Equal(u.tops, above):
		u.tops = union(u.tops, above)
	}
}

// inPart marks the nodes of the component that is being finished.
const inPart = None - 1

// topsAt returns the ultimate controllers of a source's node, or the node itself if nobody
// controls it. There are none if only rings do.
func (d *decider) topsAt(s source) []int32 {
	switch {
	case s >= 0 && d.free[s]:
		return d.only(d.nodes[s])
	case s >= 0:
		return d.tops[s]
	case d.below.has(s.top()): // a member of a ring
		return nil
	}
	return d.only(s.top())
}

// only returns a list of one node.
func (d *decider) only(x int32) []int32 {
	if len(d.arena) == cap(d.arena) {
		d.arena = make([]int32, 0, 1<<10)
	}
	d.arena = append(d.arena, x)
	n := len(d.arena)
	return d.arena[n-1 : n : n]
}

// union returns the nodes of two ascending lists, ascending.
func union(a, b []int32) []int32 {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}
