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
	Entries []int32 // in order of entry; none can be left out
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
// of joining, y's own last. It is minimal: without any one of its entries the
// rest proves nothing. Needless entries are dropped the smallest first, then
// the latest to join, then the highest node and entry; so each step rests on
// as few entries as can be. It returns nil if y is not controlled or a seed.
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

// step cuts the entries that made a member join down to a minimal set.
func (g *Group) step(s *scratch, m Member) Step {
	e, y := g.e, m.Node
	entries := g.entriesBelow(y, m.Level)
	slices.SortFunc(entries, func(a, b int32) int {
		i, j := g.find(e.m.Who[a]), g.find(e.m.Who[b])
		return cmp.Or(e.unitsOf(y, a).cmp(e.unitsOf(y, b)), cmp.Compare(j, i), cmp.Compare(b, a))
	})
	t := e.tally(s, g, y, func(x int32) bool {
		i := g.find(x)
		return i >= 0 && g.members[i].Level < m.Level
	})
	// The condition only weakens as entries go, so one that had to stay once
	// has to stay for good.
	drop := g.dropper(y, m.Level, t)
	kept := entries[:0]
	for _, k := range entries {
		if !drop.try(k) {
			kept = append(kept, k)
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

// dropper tries what is left of a step when entries are dropped from it.
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

// try drops entry k if the others still pass.
func (d *dropper) try(k int32) bool {
	units := d.g.e.unitsOf(d.y, k)
	t := d.t
	t.Votes = t.Votes.minus(units)
	if d.rivals == nil {
		if t.passes(&d.g.rule) {
			d.t = t
			return true
		}
		return false
	}
	l := d.g.leaders.nodes[d.g.e.m.Who[k]].top
	with := d.rivals[l].plus(units)
	if c := with.cmp(t.RivalVotes); c > 0 || c == 0 && l < t.Rival {
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
