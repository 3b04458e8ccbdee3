package majority

// decideJoint decides the open meetings, which only several voters together can carry. Each open
// node depends on the open nodes at the ends of its voters' chains. Nodes that depend on one
// another are decided together, after all that they depend on. Tarjan's search (1972)
// completes them in this order.
func (b *forestBuilder) decideJoint() error {
	if len(b.open) == 0 {
		return nil
	}
	words := make([]int32, 2*len(b.open))
	d := &search{forestBuilder: b, index: words[:len(b.open)], low: words[len(b.open):]}
	for place, y := range b.open {
		b.nodes[y].parent = openCode(place)
	}
	for y := range b.open {
		if d.index[y] == 0 {
			if err := d.from(int32(y)); err != nil {
				return err
			}
			b.stage.At(b.openTotal - len(b.open) + y)
		}
	}
	return nil
}

// search is a depth-first search over the open nodes, by their places in the list.
type search struct {
	*forestBuilder
	a          voteSums
	index, low []int32 // index 0: not seen; low 0: the node's component is complete
	seen       int32
	stack      []int32
	frames     []frame
	budget     int
}

// frame is a node whose entries are being read, and its next entry.
type frame struct{ place, entry int32 }

func (d *search) enter(place int32) {
	d.seen++
	d.index[place], d.low[place] = d.seen, d.seen
	d.stack = append(d.stack, place)
	d.frames = append(d.frames, frame{place, d.e.m.ColStart[d.open[place]]})
}

// from completes all nodes that the node at place depends on.
func (d *search) from(place int32) error {
	who := d.e.m.Who
	d.enter(place)
descend:
	for len(d.frames) > 0 {
		f := &d.frames[len(d.frames)-1]
		end := d.e.m.ColStart[d.open[f.place]+1]
		for f.entry < end {
			x := who[f.entry]
			f.entry++
			if err := d.spend(1); err != nil {
				return err
			}
			if x == None || !d.isControllable(x) {
				continue
			}
			code := d.nodes[d.nodes[x].top].parent
			if !isOpen(code) {
				continue
			}
			on := placeOf(code)
			if d.index[on] == 0 {
				d.enter(on)
				continue descend
			}
			if d.low[on] != 0 {
				d.low[f.place] = min(d.low[f.place], d.index[on])
			}
		}
		done := f.place
		d.frames = d.frames[:len(d.frames)-1]
		if len(d.frames) > 0 {
			above := d.frames[len(d.frames)-1].place
			d.low[above] = min(d.low[above], d.low[done])
		}
		if d.low[done] == d.index[done] {
			if err := d.complete(done); err != nil {
				return err
			}
		}
	}
	return nil
}

// spend counts work between two checks of the context.
func (d *search) spend(work int) error {
	if d.budget += work; d.budget < checkEvery {
		return nil
	}
	d.budget = 0
	return stopped(d.ctx)
}

// complete decides the nodes that were entered since root, in rounds, until a round
// changes nothing. Each round finds at least one more level of control, so there is at
// most one round more than there are levels.
func (d *search) complete(root int32) error {
	i := len(d.stack) - 1
	for d.stack[i] != root {
		i--
	}
	part := d.stack[i:]
	d.stack = d.stack[:i]
	for _, place := range part {
		d.low[place] = 0
	}
	for changed := true; changed; {
		changed = false
		for _, place := range part {
			y := d.open[place]
			if err := d.spend(int(d.e.m.ColStart[y+1] - d.e.m.ColStart[y])); err != nil {
				return err
			}
			if d.e.wide(y) == nil {
				// In most meetings no tree has enough votes. This test needs no climb.
				if best, _ := d.treeVotes(&d.a, y); best < d.rule.needed(d.e.m.Base[y]) {
					continue
				}
			}
			changed = d.link(y, d.lowest(&d.a, y)) || changed
		}
		if len(part) == 1 {
			break // its own links do not change its tally
		}
	}
	return nil
}

// link records that x is the lowest node whose tree carries y, and reports whether that is
// new. If y does not control x, y goes below x. If it does, they and all that control them
// are one ring, because nobody outside a ring controls its members.
func (d *search) link(y, x int32) bool {
	own := d.class(y)
	if x == None || x == own || d.nodes[y].parent == x {
		return false
	}
	switch {
	case d.below(x, own):
		var path []int32
		for v := x; ; v = d.class(d.nodes[v].parent) {
			path = append(path, v)
			if d.nodes[v].parent < 0 {
				break
			}
		}
		d.addRing(path)
	case d.nodes[y].parent < 0:
		d.nodes[y] = node{parent: x, top: d.find(x)}
	default: // lower in the same tree
		d.nodes[y].parent = x
	}
	return true
}

// below reports whether x is below y. x must not be above y. If y is not the top of its
// tree, x must not be in another tree.
func (d *search) below(x, y int32) bool {
	if d.nodes[y].parent < 0 {
		return d.find(x) == y
	}
	// Both are below y's parent, so the loop ends there.
	for end := d.class(d.nodes[y].parent); x != end && x != y && d.nodes[x].parent >= 0; {
		x = d.class(d.nodes[x].parent)
	}
	return x == y
}
