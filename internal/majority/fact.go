package majority

import (
	"cmp"
	"fmt"
	"slices"
)

// Fact says that some nodes together control a node by other means than votes. One
// controller is enough to state it. If there are several, all of them are needed. If Rights is
// not nil, it says instead who controls the node, and the controllers are all who have a right.
type Fact struct {
	Controllers []int32
	Node        int32
	Rights      *Rights
}

// Facts is an index of facts among the nodes of an engine. It is immutable and safe for
// concurrent use. [NewFacts] makes it. Nil and the zero value have no facts.
type Facts struct {
	nodes int
	list  []Fact
	by    map[int32][]int32 // of each controller: its facts, ascending
	on    map[int32][]int32 // of each controlled node: the facts about it, ascending
	order []statement       // all facts, by the controlled node and the controller, each once
}

// statement is a fact with one controller. The controller is None for a fact with several.
type statement struct{ node, by int32 }

// NewFacts returns an index of the facts, which keep their numbers. Controllers may be in
// any order. It returns a NodeError if a fact names a number that is not below nodes, and
// ErrShape for a fact without a controller.
func NewFacts(nodes int, list []Fact) (*Facts, error) {
	f := &Facts{nodes: nodes, list: make([]Fact, len(list)), by: map[int32][]int32{}, on: map[int32][]int32{}}
	for i, in := range list {
		if in.Rights != nil {
			in.Controllers = in.Rights.Holders()
		}
		if len(in.Controllers) == 0 {
			return nil, fmt.Errorf("%w: fact %d has no controller", ErrShape, i)
		}
		for _, x := range append(slices.Clone(in.Controllers), in.Node) {
			if x < 0 || int(x) >= nodes {
				return nil, &NodeError{x, nodes}
			}
		}
		if len(in.Controllers) > 1 {
			in.Controllers = slices.Clone(in.Controllers)
			slices.Sort(in.Controllers)
			in.Controllers = slices.Compact(in.Controllers)
		}
		f.list[i] = in
		for _, x := range in.Controllers {
			f.by[x] = append(f.by[x], int32(i))
		}
		f.on[in.Node] = append(f.on[in.Node], int32(i))
		s := statement{in.Node, in.Controllers[0]}
		if len(in.Controllers) > 1 || in.Rights != nil && !in.Rights.met(func(x int32) bool { return x == s.by }) {
			s.by = None
		}
		f.order = append(f.order, s)
	}
	slices.SortFunc(f.order, func(a, b statement) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.by, b.by)) })
	f.order = slices.Compact(f.order)
	return f, nil
}

// Len returns the number of facts.
func (f *Facts) Len() int {
	if f == nil {
		return 0
	}
	return len(f.list)
}

// Fact returns a fact by its number. Its controllers are in order of node.
func (f *Facts) Fact(i int32) Fact { return f.list[i] }

// On returns the numbers of the facts about a node, ascending.
func (f *Facts) On(node int32) []int32 {
	if f == nil {
		return nil
	}
	return f.on[node]
}

// By returns the numbers of the facts in which a node is a controller, ascending.
func (f *Facts) By(node int32) []int32 {
	if f == nil {
		return nil
	}
	return f.by[node]
}

// Met reports whether the nodes that are in control a node by a fact: all controllers are, or
// their rights are enough.
func (f *Facts) Met(i int32, in func(int32) bool) bool {
	if r := f.list[i].Rights; r != nil {
		return r.met(in)
	}
	return all(f.list[i].Controllers, in)
}

// all reports whether all nodes are in.
func all(nodes []int32, in func(int32) bool) bool {
	for _, x := range nodes {
		if !in(x) {
			return false
		}
	}
	return true
}

// joined is a node that a fact adds to a group.
type joined struct{ node, fact int32 }

// factual returns the nodes outside the group that facts of the members who have just
// joined add, by node. Each is there once, with its first fact.
func (f *Facts) factual(s *scratch, members []Member) []joined {
	if f.Len() == 0 {
		return nil
	}
	var out []joined
	var added []int32 // the facts about rights, each once: they can have many holders
	in := func(x int32) bool { return s.level(x) >= 0 }
	for _, m := range members {
		for _, i := range f.by[m.Node] {
			switch fact := &f.list[i]; {
			case s.level(fact.Node) >= 0:
			case fact.Rights != nil:
				added = append(added, i)
			case all(fact.Controllers, in):
				out = append(out, joined{fact.Node, i})
			}
		}
	}
	slices.Sort(added)
	for _, i := range slices.Compact(added) {
		if f.Met(i, in) {
			out = append(out, joined{f.list[i].Node, i})
		}
	}
	slices.SortFunc(out, func(a, b joined) int {
		if a.node != b.node {
			return int(a.node) - int(b.node)
		}
		return int(a.fact) - int(b.fact)
	})
	return slices.CompactFunc(out, func(a, b joined) bool { return a.node == b.node })
}

// Facts returns the numbers of the facts by which members of lower levels than y's control
// y, ascending. There are none if y is a seed or not controlled.
func (g *Group) Facts(y int32) []int32 {
	i := g.find(y)
	if i < g.seeds {
		return nil
	}
	below := g.below(g.members[i].Level)
	var out []int32
	for _, f := range g.rule.facts.On(y) {
		if g.rule.facts.Met(f, below) {
			out = append(out, f)
		}
	}
	return out
}

// below returns whether nodes are members of lower levels.
func (g *Group) below(level int32) func(x int32) bool {
	return func(x int32) bool {
		m, ok := g.Member(x)
		return ok && m.Level < level
	}
}
