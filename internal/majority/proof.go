package majority

import (
	"cmp"
	"math/big"
	"slices"
)

// Step is one step of a proof of control: the entries that decide one meeting, or a fact.
// Each entry is cast by a seed or by the node of an earlier step, and so is each
// controller of the fact.
type Step struct {
	Node    int32
	Entries []int32 // in order, all entries of each voter; every voter is needed
	Votes   Amount  // of those entries
	Base    Amount
	Fact    int32 // the fact that gives control, without votes; or None

	Controllers []int32 // by the fact, in order
	Rights      []int32 // the places of the rights that add up, with all rights of these controllers

	// Presumed reports that the votes pass only under the presumption. Rival and
	// RivalVotes are then the strongest other group. Votes left out of Entries count for
	// their own leaders.
	Presumed   bool
	Rival      int32
	RivalVotes Amount
}

// Entries returns the entries that the group casts in y's meeting, in the order of
// entries. If y is a member, only entries of lower levels are returned: those that made it
// join.
func (g *Group) Entries(y int32) []int32 {
	level := int32(len(g.members)) // above all levels
	if i := g.find(y); i >= 0 {
		level = g.members[i].Level
	}
	var entries []int32
	from, to := g.e.column(y)
	for k := from; k < to; k++ {
		if x := g.e.m.Who[k]; x != None && g.e.unitsOf(y, k).cmp(Amount{}) > 0 {
			if i := g.find(x); i >= 0 && g.members[i].Level < level {
				entries = append(entries, k)
			}
		}
	}
	return entries
}

// unitsOf returns the votes of entry k in y's meeting.
func (e *Engine) unitsOf(y, k int32) Amount {
	if w := e.wide(y); w != nil {
		return Amount{Wide: w.Units[k-e.m.ColStart[y]]}
	}
	return Amount{Units: e.m.Units[k]}
}

// Proof returns the steps that show that the seeds control y, in order of joining. y's own
// step is the last. The proof is minimal: if the votes of any one node are left out of a
// step, or any one node out of the proof, the rest does not prove control. Proof first
// leaves out nodes with the fewest votes. If these are equal, it first leaves out the node
// that joined last, then the node with the highest number. It never divides the votes of
// one node, because the votes left out would count for a rival. Proof returns nil if y is a
// seed or not controlled.
func (g *Group) Proof(y int32) []Step {
	target := g.find(y)
	if target < g.seeds {
		return nil
	}
	s := g.e.scratch()
	defer g.e.pool.Put(s)
	p := &prover{g: g, s: s}
	needed := make([]bool, target+1)
	needed[target] = true
	var steps []Step
	// A voter has a lower level than what it controls, so one pass finds all steps.
	level := int32(0)
	in := func(x int32) bool {
		i := g.find(x)
		return i >= 0 && g.members[i].Level < level
	}
	for i := target; i >= g.seeds; i-- {
		if !needed[i] {
			continue
		}
		m := g.members[i]
		level = m.Level
		step := p.step(m.Node, m.Fact, in)
		for _, k := range step.Entries {
			needed[g.find(g.e.m.Who[k])] = true
		}
		for _, x := range step.Controllers {
			needed[g.find(x)] = true
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return p.reduce(steps)
}

// prover makes the steps of one proof. Its lists save memory from step to step.
type prover struct {
	g *Group
	s *scratch

	list []casting // of the step
	kept []int32   // entries of all steps, one after another
}

// step reduces the nodes that are in to a minimal set that controls y, by a fact or by
// votes.
func (p *prover) step(y, fact int32, in func(x int32) bool) Step {
	g := p.g
	if fact != None {
		return p.stepOf(y, fact, in)
	}
	t := g.e.tally(p.s, g, y, in)
	// The remaining votes only decrease, so a node that is needed once stays needed.
	drop := g.dropper(y, in, t)
	from := len(p.kept)
	list := p.castings(y, in)
	left := -1 // the position of the node that was left out last
	for i, c := range list {
		if i == 0 || c.at != list[i-1].at {
			if drop.try(c.who, c.units) {
				left = c.at
			}
		}
		if c.at != left {
			p.kept = append(p.kept, c.entry)
		}
	}
	kept := p.kept[from:len(p.kept):len(p.kept)]
	slices.Sort(kept)
	step := Step{Node: y, Entries: kept, Votes: drop.t.Votes, Base: drop.t.Base, Fact: None, Rival: None}
	alone := drop.t
	alone.RivalVotes = alone.Votes // as if no rival had as many
	if !alone.passes(&g.rule) {
		step.Presumed, step.Rival, step.RivalVotes = true, drop.t.Rival, drop.t.RivalVotes
	}
	return step
}

// casting is an entry that a member casts.
type casting struct {
	entry int32
	who   int32
	at    int    // the position of the member
	units Amount // of all its entries
}

// castings lists the entries that the nodes cast in y's meeting that are in. Entries of one
// node follow one another, and nodes are in the order in which a proof tries to leave them
// out.
func (p *prover) castings(y int32, in func(x int32) bool) []casting {
	g, list := p.g, p.list[:0]
	from, to := g.e.column(y)
	for k := from; k < to; k++ {
		if x := g.e.m.Who[k]; x != None && in(x) {
			if u := g.e.unitsOf(y, k); u.cmp(Amount{}) > 0 {
				list = append(list, casting{k, x, g.find(x), u})
			}
		}
	}
	p.list = list
	slices.SortStableFunc(list, func(a, b casting) int { return cmp.Compare(a.at, b.at) })
	for i, j := 0, 0; i < len(list); i = j {
		total := list[i].units
		for j = i + 1; j < len(list) && list[j].at == list[i].at; j++ {
			total = total.plus(list[j].units)
		}
		for k := i; k < j; k++ {
			list[k].units = total
		}
	}
	slices.SortStableFunc(list, func(a, b casting) int {
		return cmp.Or(a.units.cmp(b.units), cmp.Compare(b.at, a.at))
	})
	return list
}

// dropper tries to leave nodes out of a step.
type dropper struct {
	g      *Group
	y      int32
	t      Tally
	rivals map[int32]Amount // by leader, under a presumption
}

// dropper starts with the whole step of y, counted in t.
func (g *Group) dropper(y int32, in func(x int32) bool, t Tally) *dropper {
	d := &dropper{g: g, y: y, t: t}
	if !g.rule.presume {
		return d
	}
	d.rivals = map[int32]Amount{}
	from, to := g.e.column(y)
	for k := from; k < to; k++ {
		x := g.e.m.Who[k]
		if x == None || in(x) {
			continue
		}
		l := g.leaders.nodes[x].top
		d.rivals[l] = d.rivals[l].plus(g.e.unitsOf(y, k))
	}
	return d
}

// try leaves out the votes of one node if the other votes still pass.
func (d *dropper) try(x int32, units Amount) bool {
	t := d.t
	t.Votes = t.Votes.minus(units)
	if d.rivals == nil {
		if t.passes(&d.g.rule) {
			d.t = t
			return true
		}
		return false
	}
	l := d.g.leaders.nodes[x].top
	with := d.rivals[l].plus(units)
	if n := with.cmp(t.RivalVotes); n > 0 || n == 0 && l < t.Rival {
		t.Rival, t.RivalVotes = l, with
	}
	if !t.passes(&d.g.rule) {
		return false
	}
	d.t, d.rivals[l] = t, with
	return true
}

func (a Amount) cmp(b Amount) int {
	if a.Wide == nil && b.Wide == nil {
		return cmp.Compare(a.Units, b.Units)
	}
	return a.Big().Cmp(b.Big())
}

func (a Amount) plus(b Amount) Amount {
	if a.Wide == nil && b.Wide == nil {
		return Amount{Units: add(a.Units, b.Units)}
	}
	return Amount{Wide: new(big.Int).Add(a.Big(), b.Big())}
}

// minus returns a minus b. b must not be more than a.
func (a Amount) minus(b Amount) Amount {
	if a.Wide == nil && b.Wide == nil {
		return Amount{Units: a.Units - b.Units}
	}
	return Amount{Wide: new(big.Int).Sub(a.Big(), b.Big())}
}
