package majority

import (
	"cmp"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// decide finds the parents that facts add. In rounds it takes all nodes that only depend on
// decided ones, as long as most are decided in a round. Then it takes the others in the order
// of their dependence. Nodes that depend on one another are decided together.
func (b *hierarchyBuilder) decide() error {
	stage := progress.Start(b.ctx, "control by fact", len(b.nodes), 1<<10)
	n := len(b.nodes)
	b.tops, b.free, b.ring, b.hidden = make([][]int32, n), make([]bool, n), make([]int32, n), make([]bool, n)
	left, decided, ready := make([]int32, n), make([]bool, n), make([]bool, n)
	for i := range left {
		left[i], b.ring[i] = int32(i), None
	}
	for before := 2 * n; len(left) > 0 && 2*len(left) <= before; {
		before = len(left)
		err := parallel(b.ctx, nil, len(left), 1<<9, func(d *decider, from, to int32) {
			d.hierarchyBuilder = b
			for k := from; k < to; k++ {
				ready[k] = d.ready(left[k], decided) && d.alone(left[k])
			}
		})
		if err != nil {
			return err
		}
		rest := left[:0]
		for k, i := range left {
			if ready[k] {
				decided[i] = true
			} else {
				rest = append(rest, i)
			}
		}
		left = rest
		stage.At(n - len(left))
	}
	err := b.decideInOrder(left, decided)
	if err == nil {
		stage.End()
	}
	return err
}

// decideInOrder decides the nodes at the places that are left.
func (b *hierarchyBuilder) decideInOrder(left []int32, decided []bool) error {
	d := decider{hierarchyBuilder: b}
	at := make([]int32, len(b.nodes))
	for k, i := range left {
		at[i] = int32(k)
	}
	var on, part []int32
	depends := func(k int32, to []int32) []int32 {
		on = b.dependsOn(left[k], on[:0])
		for _, i := range on {
			if !decided[i] {
				to = append(to, at[i])
			}
		}
		return to
	}
	return components(b.ctx, len(left), depends, func(numbers []int32) error {
		part = part[:0]
		for _, k := range numbers {
			part = append(part, left[k])
		}
		for changed := true; changed; {
			changed = false
			for _, i := range part {
				added, err := d.addCarriers(i)
				if err != nil {
					return err
				}
				changed = changed || added
			}
			if len(part) == 1 {
				break // its own parents change nothing in its own meeting
			}
		}
		return d.finishTogether(part)
	})
}

// decider decides nodes, and has the memory for it.
type decider struct {
	*hierarchyBuilder
	sums  voteSums
	seen  voteSums // the nodes of a climb, each with its place in all plus 1 for its votes
	all   []climbed
	queue []int32 // places in all
	arena []int32 // memory of lists of one node
	on    []int32 // of what a node depends on

	visits int     // of nodes in climbs
	voters []vote  // of a meeting
	places []int32 // in joint
}

// ready reports whether all nodes are decided on which the node at a place depends.
func (d *decider) ready(i int32, decided []bool) bool {
	d.on = d.dependsOn(i, d.on[:0])
	return !slices.ContainsFunc(d.on, func(i int32) bool { return !decided[i] })
}

// alone decides a node that only depends on decided ones. It reports false if the context has
// ended.
func (d *decider) alone(i int32) bool {
	_, err := d.addCarriers(i)
	d.finishOne(i)
	return err == nil
}

// condition is a way to control a node: by the votes of its meeting, by a fact with several
// controllers, which is one right that they share, or by rights that add up.
type condition struct {
	voters []vote
	need   Amount
}

// vote is what one node has. Several that share votes follow one another, and need all of them.
type vote struct {
	node   int32
	units  Amount
	shares int32 // how many share the votes; 0 and 1 mean that nobody else does
	right  int32 // that they share
}

// addCarriers adds the nodes as parents that carry the node at a place because of facts, by
// votes or by a fact with several controllers.
func (d *decider) addCarriers(i int32) (added bool, err error) {
	y := d.nodes[i]
	if d.meeting[i] != None && d.mayCarry(i) {
		if added, err = d.addParents(i, d.meetingOf(y)); err != nil {
			return added, err
		}
	}
	if !d.shared[i] {
		return added, nil
	}
	for _, f := range d.facts.on[y] {
		rights := d.facts.list[f].Rights
		if rights == nil {
			rights = &Rights{List: []Right{{d.facts.list[f].Controllers, Amount{Units: 1}}}, Need: Amount{Units: 1}}
			if len(rights.List[0].Holders) < 2 {
				continue
			}
		}
		more, err := d.addParents(i, rights.condition(y))
		if err != nil {
			return added, err
		}
		added = added || more
	}
	return added, nil
}

// addParents adds the nodes as parents of the node at place i that meet a condition of it.
func (d *decider) addParents(i int32, c condition) (added bool, err error) {
	found, err := d.carriers(d.nodes[i], c)
	for _, x := range found {
		d.parents[i] = append(d.parents[i], parent{x, d.sourceOf(x)})
	}
	return len(found) > 0, err
}

// meetingOf returns the meeting of y with the votes that count, each voter once. It is valid
// until the next call.
func (d *decider) meetingOf(y int32) condition {
	c := condition{voters: d.voters[:0], need: Amount{Units: 1}} // of no votes
	if w := d.e.wide(y); w == nil {
		c.need.Units = d.rule.needed(d.e.m.Base[y])
	} else if w.Base.Sign() > 0 {
		c.need = Amount{Wide: d.rule.neededBig(w.Base)}
	} else {
		return c
	}
	from, to := d.e.column(y)
	for k := from; k < to; k++ {
		if x, u := d.e.m.Who[k], d.e.unitsOf(y, k); x != None && x != y && u.cmp(Amount{}) > 0 {
			c.voters = append(c.voters, vote{node: x, units: u})
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
	c.voters, d.voters = kept, kept
	return c
}

// dependsOn appends the places of the nodes on which the controllers of the node at place i
// depend.
func (b *hierarchyBuilder) dependsOn(i int32, to []int32) []int32 {
	to = b.changedAbove(i, to)
	if b.meeting[i] != None {
		for _, s := range b.sourcesOf(i) {
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
func (d *decider) mayCarry(i int32) bool {
	y := d.nodes[i]
	if d.e.wide(y) != nil {
		return true
	}
	need, best := d.rule.needed(d.e.m.Base[y]), int64(0)
	count := func(top int32, units int64) {
		sum, _ := d.sums.add(top, units)
		best = max(best, sum.votes)
	}
	d.sums.reset()
	from := d.e.m.ColStart[y]
	for k, s := range d.sourcesOf(i) {
		units := d.e.m.Units[int(from)+k]
		switch {
		case s == None:
		case s < 0:
			count(s.top(), units)
		case d.free[s]:
			count(d.nodes[s], units)
		case len(d.tops[s]) == 0 || d.hidden[s]:
			return true
		default:
			for _, top := range d.tops[s] {
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
	right, met  int32 // how many of those who share the last right are below it
	votes       Amount
}

// has counts the votes of a voter for a node above it, if nobody else is needed for them.
func (c *climbed) has(voter int32, v *vote) {
	c.last = voter
	if v.shares < 2 {
		c.votes = c.votes.plus(v.units)
		return
	}
	if c.right != v.right {
		c.right, c.met = v.right, 0
	}
	if c.met++; c.met == v.shares {
		c.votes = c.votes.plus(v.units)
	}
}

// carriers returns the nodes whose votes, with those of all that they control so far, meet a
// condition of y. It leaves out those that control y already, and those that control other
// such nodes, as far as the order of work shows them.
func (d *decider) carriers(y int32, c condition) ([]int32, error) {
	d.seen.reset()
	all, queue := d.all[:0], d.queue
	meet := func(x, depth, voter int32) {
		if x == y {
			return
		}
		known, _ := d.seen.add(x, 0)
		n := int32(known.votes) - 1
		switch {
		case n == None:
			n = int32(len(all))
			known.votes = int64(n) + 1
			all = append(all, climbed{node: x, depth: depth})
		case all[n].last == voter:
			return
		}
		all[n].has(voter, &c.voters[voter])
		queue = append(queue, n)
	}
	for v, voter := range c.voters {
		queue = queue[:0]
		meet(voter.node, 0, int32(v))
		for head := 0; head < len(queue); head++ {
			u := all[queue[head]]
			d.eachParent(u.node, func(x int32) bool { meet(x, u.depth+1, int32(v)); return true })
			if len(d.guesses) > 0 {
				for _, x := range d.guesses[u.node] {
					meet(x, u.depth+1, int32(v))
				}
			}
			if head%checkEvery == checkEvery-1 {
				if err := stopped(d.ctx); err != nil {
					return nil, err
				}
			}
		}
		d.visits += len(queue)
	}
	d.all, d.queue = all, queue
	enough := all[:0]
	for _, r := range all {
		if r.votes.cmp(c.need) >= 0 {
			enough = append(enough, r)
		}
	}
	return d.lowestOf(y, enough)
}

// lowestOf returns the nodes found to carry y, without those that control y already or that
// control others of them.
func (d *decider) lowestOf(y int32, found []climbed) (lowest []int32, err error) {
	if len(found) == 0 {
		return nil, nil
	}
	slices.SortFunc(found, func(a, b climbed) int {
		return cmp.Or(a.votes.cmp(b.votes), cmp.Compare(a.depth, b.depth), cmp.Compare(a.node, b.node))
	})
	known := &d.seen // a node that is known has a vote
	known.reset()
	known.add(y, 1)
	list, work := append(d.queue[:0], y), 0
	cover := func() error {
		for len(list) > 0 {
			u := list[len(list)-1]
			list = list[:len(list)-1]
			if work++; work%checkEvery == 0 {
				if err := stopped(d.ctx); err != nil {
					return err
				}
			}
			d.eachParent(u, func(x int32) bool {
				if _, before := known.add(x, 1); before == 0 {
					list = append(list, x)
				}
				return true
			})
		}
		return nil
	}
	if err := cover(); err != nil {
		return nil, err
	}
	for _, r := range found {
		if _, before := known.add(r.node, 1); before > 0 {
			continue
		}
		lowest, list = append(lowest, r.node), append(list, r.node)
		if err := cover(); err != nil {
			return nil, err
		}
	}
	d.queue = list
	return lowest, nil
}
