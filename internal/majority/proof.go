package majority

import (
	"cmp"
	"math/big"
	"slices"
)

// Step is one link of a proof of control: the entries that decide one meeting,
// each cast by a seed or by the node of an earlier step.
type Step struct {
	Node    int32
	Entries []int32 // in order of entry, all of each caster; no caster can be left out
	Votes   Amount  // of those entries
	Base    Amount

	// Presumed says that the votes pass only as the most; Rival and
	// RivalVotes are then the strongest other group, in which the votes left
	// out of Entries are counted with their own leaders.
	Presumed   bool
	Rival      int32
	RivalVotes Amount
}

// Entries returns the entries that the group casts in y's meeting, in order
// of entry: for a member those of lower levels only, which made it join.
func (g *Group) Entries(y int32) []int32 {
	level := int32(len(g.members)) // above all levels
	if i := g.find(y); i >= 0 {
		level = g.members[i].Level
	}
	return g.entriesBelow(y, level)
}

func (g *Group) entriesBelow(y, level int32) []int32 {
	var entries []int32
	from, to := g.e.column(y)
	for k := from; k < to; k++ {
		if i := g.find(g.e.m.Who[k]); i >= 0 && g.members[i].Level < level && g.e.unitsOf(y, k).cmp(Amount{}) > 0 {
			entries = append(entries, k)
		}
	}
	return entries
}

// unitsOf returns the votes of entry k, in y's meeting.
func (e *Engine) unitsOf(y, k int32) Amount {
	if w := e.wide(y); w != nil {
		return Amount{Wide: w.Units[k-e.m.ColStart[y]]}
	}
	return Amount{Units: e.m.Units[k]}
}

// Proof returns why the seeds control y: the steps that lead to y, in order
// of joining, y's own last. It is minimal: without what any one node casts in
// a step the rest proves nothing. Needless nodes are dropped the fewest votes
// first, then the latest to join, then the highest; so each step rests on as
// few nodes as can be. What one node casts is never divided: a part of it
// would count the rest for a rival. It returns nil if y is not controlled or a
// seed.
func (g *Group) Proof(y int32) []Step {
	target := g.find(y)
	if target < g.seeds {
		return nil
	}
	s := g.e.scratch()
	defer g.e.pool.Put(s)
	needed := make([]bool, target+1)
	needed[target] = true
	var steps []Step
	// Levels fall from caster to cast, so positions do: one sweep finds all.
	for i := target; i >= g.seeds; i-- {
		if !needed[i] {
			continue
		}
		step := g.step(s, g.members[i])
		for _, k := range step.Entries {
			needed[g.find(g.e.m.Who[k])] = true
		}
		steps = append(steps, step)
	}
	slices.Reverse(steps)
	return steps
}

// step cuts the nodes that made a member join down to a minimal set.
func (g *Group) step(s *scratch, m Member) Step {
	e, y := g.e, m.Node
	t := e.tally(s, g, y, func(x int32) bool {
		i := g.find(x)
		return i >= 0 && g.members[i].Level < m.Level
	})
	// The condition only weakens as nodes go, so one that had to stay once
	// has to stay for good.
	drop := g.dropper(y, m.Level, t)
	var kept []int32
	for _, c := range g.castings(y, m.Level) {
		if !drop.try(c) {
			kept = append(kept, c.entries...)
		}
	}
	slices.Sort(kept)
	step := Step{Node: y, Entries: kept, Votes: drop.t.Votes, Base: drop.t.Base, Rival: Nobody}
	alone := drop.t
	alone.RivalVotes = alone.Votes // as if nobody could be outnumbered
	if !alone.passes(&g.rule) {
		step.Presumed, step.Rival, step.RivalVotes = true, drop.t.Rival, drop.t.RivalVotes
	}
	return step
}

// casting is all that one node casts in a meeting.
type casting struct {
	who     int32
	entries []int32
	units   Amount
}

// castings lists what the members below level cast in y's meeting, in the
// order in which a proof tries to do without them.
func (g *Group) castings(y, level int32) []casting {
	entries := g.entriesBelow(y, level)
	slices.SortFunc(entries, func(a, b int32) int {
		return cmp.Or(cmp.Compare(g.e.m.Who[a], g.e.m.Who[b]), cmp.Compare(a, b))
	})
	var list []casting
	for i, j := 0, 0; i < len(entries); i = j {
		c := casting{who: g.e.m.Who[entries[i]]}
		for j = i; j < len(entries) && g.e.m.Who[entries[j]] == c.who; j++ {
			c.units = c.units.plus(g.e.unitsOf(y, entries[j]))
		}
		c.entries = entries[i:j]
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b casting) int {
		return cmp.Or(a.units.cmp(b.units), cmp.Compare(g.find(b.who), g.find(a.who)), cmp.Compare(b.who, a.who))
	})
	return list
}

// dropper tries what is left of a step when nodes are dropped from it.
type dropper struct {
	g      *Group
	y      int32
	t      Tally
	rivals map[int32]Amount // by leader, under a presumption
}

// dropper starts from the whole of y's step, counted in t.
func (g *Group) dropper(y, level int32, t Tally) *dropper {
	d := &dropper{g: g, y: y, t: t}
	if !g.rule.presume {
		return d
	}
	d.rivals = map[int32]Amount{}
	from, to := g.e.column(y)
	for k := from; k < to; k++ {
		x := g.e.m.Who[k]
		if i := g.find(x); x == Nobody || i >= 0 && g.members[i].Level < level {
			continue
		}
		l := g.leaders.nodes[x].top
		d.rivals[l] = d.rivals[l].plus(g.e.unitsOf(y, k))
	}
	return d
}

// try drops what one node casts if the others still pass.
func (d *dropper) try(c casting) bool {
	t := d.t
	t.Votes = t.Votes.minus(c.units)
	if d.rivals == nil {
		if t.passes(&d.g.rule) {
			d.t = t
			return true
		}
		return false
	}
	l := d.g.leaders.nodes[c.who].top
	with := d.rivals[l].plus(c.units)
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

// minus is for amounts that contain b.
func (a Amount) minus(b Amount) Amount {
	if a.Wide == nil && b.Wide == nil {
		return Amount{Units: a.Units - b.Units}
	}
	return Amount{Wide: new(big.Int).Sub(a.Big(), b.Big())}
}
