package majority

import (
	"cmp"
	"slices"
)

// Rights are rights over one node that add up. Those who have at least Need control the node.
type Rights struct {
	List []Right
	Need Amount // more than 0
}

// Right counts for those who have all of its holders. A right without holders counts for nobody.
type Right struct {
	Holders []int32
	Units   Amount
}

// Holders returns all holders, in order, each once.
func (r *Rights) Holders() []int32 {
	var out []int32
	for i := range r.List {
		out = append(out, r.List[i].Holders...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Only returns the rights whose holders count. The others stay in their places and count for
// nobody.
func (r *Rights) Only(count func(holders []int32) bool) *Rights {
	out := &Rights{List: make([]Right, len(r.List)), Need: r.Need}
	for i := range r.List {
		if count(r.List[i].Holders) {
			out.List[i] = r.List[i]
		}
	}
	return out
}

// Numbered returns the rights under other numbers of nodes. A right of a node that has none
// counts for nobody.
func (r *Rights) Numbered(number func(x int32) int32) *Rights {
	out := r.Only(func(holders []int32) bool {
		return !slices.ContainsFunc(holders, func(x int32) bool { return number(x) == None })
	})
	for i := range out.List {
		holders := slices.Clone(out.List[i].Holders)
		for k, x := range holders {
			holders[k] = number(x)
		}
		out.List[i].Holders = holders
	}
	return out
}

// Possible reports whether all holders together have enough.
func (r *Rights) Possible() bool { return r.met(func(int32) bool { return true }) }

// Equal reports whether two rights, which may be nil, are the same.
func (r *Rights) Equal(o *Rights) bool {
	if r == nil || o == nil {
		return r == o
	}
	return r.Need.cmp(o.Need) == 0 && slices.EqualFunc(r.List, o.List, func(a, b Right) bool {
		return a.Units.cmp(b.Units) == 0 && slices.Equal(a.Holders, b.Holders)
	})
}

// counts reports whether a right counts for the nodes that are in.
func (r *Right) counts(in func(int32) bool) bool { return len(r.Holders) > 0 && all(r.Holders, in) }

// sum returns what the nodes that are in have.
func (r *Rights) sum(in func(int32) bool) Amount {
	var sum Amount
	for i := range r.List {
		if right := &r.List[i]; right.counts(in) {
			sum = sum.plus(right.Units)
		}
	}
	return sum
}

// met reports whether the nodes that are in have enough.
func (r *Rights) met(in func(int32) bool) bool { return r.sum(in).cmp(r.Need) >= 0 }

// condition returns the rights over y as a way to control it. Rights of y itself give nobody
// control of y.
func (r *Rights) condition(y int32) condition {
	c := condition{need: r.Need}
	for i := range r.List {
		right := &r.List[i]
		if slices.Contains(right.Holders, y) {
			continue
		}
		holders := slices.Clone(right.Holders)
		slices.Sort(holders)
		holders = slices.Compact(holders)
		for _, x := range holders {
			c.voters = append(c.voters, vote{node: x, units: right.Units, shares: int32(len(holders)), right: int32(i)})
		}
	}
	return c
}

// pivots returns nodes of which everybody who has enough of the rights over y has one.
func (r *Rights) pivots(y int32) []int32 {
	var list []*Right
	for i := range r.List {
		if right := &r.List[i]; len(right.Holders) > 0 && !slices.Contains(right.Holders, y) {
			list = append(list, right)
		}
	}
	slices.SortStableFunc(list, func(a, b *Right) int { return a.Units.cmp(b.Units) })
	var small Amount // too little together
	var out []int32
	for _, right := range list {
		if sum := small.plus(right.Units); sum.cmp(r.Need) < 0 {
			small = sum
		} else {
			out = append(out, slices.Min(right.Holders))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// RightsOf returns the places of the rights of a fact that count for the members of lower levels
// than y's. If y is no member, they are those that count for all members.
func (g *Group) RightsOf(fact, y int32) []int32 {
	in := g.Has
	if i := g.find(y); i >= 0 {
		in = g.below(g.members[i].Level)
	}
	return g.rule.facts.list[fact].Rights.counted(in)
}

// counted returns the places of the rights that count for the nodes that are in.
func (r *Rights) counted(in func(int32) bool) []int32 {
	var out []int32
	if r == nil {
		return nil
	}
	for i := range r.List {
		if r.List[i].counts(in) {
			out = append(out, int32(i))
		}
	}
	return out
}

// stepOf reduces the nodes that are in to a minimal set that controls y by a fact, and returns
// the step. It first leaves out nodes with the least rights, and of these the node that joined
// last.
func (p *prover) stepOf(y, fact int32, in func(x int32) bool) Step {
	f := &p.g.rule.facts.list[fact]
	step := Step{Node: y, Fact: fact, Rival: None, Controllers: f.Controllers}
	if f.Rights == nil {
		return step
	}
	type holder struct {
		node  int32
		units Amount
	}
	var list []holder
	for _, x := range f.Controllers {
		if in(x) {
			list = append(list, holder{x, f.Rights.sum(func(z int32) bool { return z == x })})
		}
	}
	slices.SortStableFunc(list, func(a, b holder) int {
		return cmp.Or(a.units.cmp(b.units), cmp.Compare(p.g.find(b.node), p.g.find(a.node)))
	})
	kept := map[int32]bool{}
	for _, h := range list {
		kept[h.node] = true
	}
	for _, h := range list {
		if kept[h.node] = false; !f.Rights.met(func(x int32) bool { return kept[x] }) {
			kept[h.node] = true
		}
	}
	step.Rights = f.Rights.counted(func(x int32) bool { return kept[x] })
	step.Controllers = nil
	for _, i := range step.Rights {
		step.Controllers = append(step.Controllers, f.Rights.List[i].Holders...)
	}
	slices.Sort(step.Controllers)
	step.Controllers = slices.Compact(step.Controllers)
	return step
}
