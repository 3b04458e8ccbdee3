package together

import (
	"iter"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
)

// Arrangements are the concerts and the joint holders that count for a question. [NewArrangements]
// makes them.
type Arrangements struct {
	concerts   []crossholding.Concert
	concertsOf map[int32][]int32 // by member, ascending
	held       map[int32][]int32 // joint holders and their members
	jointsOf   map[int32][]int32 // by member, ascending
	each       bool              // what joint holders have counts for each of their members

	companies map[int32][]int32 // by party to a concert: the companies whose holdings are also its own

	facts   []crossholding.NodeFact // those that can count by an arrangement
	factsOf map[int32][]int32       // by holder, ascending
}

// NewArrangements returns concerts with the joint holders of a book. With each, what joint holders
// have, and a right that several have together, counts for each of them. Otherwise it counts for
// who has all of them.
func NewArrangements(g crossholding.Graph, concerts []crossholding.Concert, each bool) *Arrangements {
	x := &Arrangements{concerts: concerts, held: maps.Collect(g.JointHolders()), each: each,
		concertsOf: map[int32][]int32{}, jointsOf: map[int32][]int32{}, factsOf: map[int32][]int32{}}
	for i, p := range concerts {
		for _, m := range p.Members {
			x.concertsOf[m] = append(x.concertsOf[m], int32(i))
		}
	}
	for holder, members := range x.held {
		for _, m := range members {
			x.jointsOf[m] = append(x.jointsOf[m], holder)
		}
	}
	return x
}

// Follow makes what companies have count with the party to a concert that holds through them.
func (x *Arrangements) Follow(companies map[int32][]int32) { x.companies = companies }

// ListFacts lists the facts of a tally that can count for those who do not have all that they
// need themselves. It is called after Follow.
func (x *Arrangements) ListFacts(t *crossholding.Tally) {
	if !x.each && len(x.concerts) == 0 {
		return
	}
	followed := map[int32]bool{}
	for _, companies := range x.companies {
		for _, c := range companies {
			followed[c] = true
		}
	}
	for f := range t.Facts() {
		joint := slices.ContainsFunc(f.Controllers, func(h int32) bool { return x.each && x.held[h] != nil || len(x.concertsOf[h]) > 0 || followed[h] })
		if !joint && (!x.each || len(f.Controllers) == 1) {
			continue
		}
		for _, h := range f.Controllers {
			x.factsOf[h] = append(x.factsOf[h], int32(len(x.facts)))
		}
		x.facts = append(x.facts, f)
	}
}

// None reports whether there are none, and no facts either.
func (x *Arrangements) None() bool { return len(x.concerts)+len(x.held)+len(x.facts) == 0 }

// Whole returns the joint holders, ascending, of which one of the given nodes is a member and all
// members are in. There are none if what they have counts for each member.
func (x *Arrangements) Whole(nodes []int32, in []bool) []int32 {
	if x.each || len(x.held) == 0 {
		return nil
	}
	return slices.DeleteFunc(listed(x.jointsOf, nodes), func(joint int32) bool {
		return in[joint] || slices.ContainsFunc(x.held[joint], func(m int32) bool { return !in[m] })
	})
}

// Group is who counts for some members of a group by arrangements: by node, the member.
type Group struct {
	x        *Arrangements
	members  []int32
	in       []bool
	joint    map[int32]int32           // joint holders
	partners map[int32]map[int32]int32 // partners in concerts, by the one company or NoNode
}

// For returns who counts for the members of a group, which in marks. IsPartner says whose
// holdings a concert adds.
func (x *Arrangements) For(members []int32, in []bool, isPartner func(int32) bool) *Group {
	if x.None() {
		return &Group{x: x}
	}
	g := &Group{x: x, members: members, in: in, joint: map[int32]int32{}, partners: map[int32]map[int32]int32{}}
	parties := members
	if x.each {
		for _, joint := range listed(x.jointsOf, members) {
			if list := x.held[joint]; !in[joint] {
				g.joint[joint] = list[slices.IndexFunc(list, func(m int32) bool { return in[m] })]
			}
		}
		if len(g.joint) > 0 {
			parties = slices.AppendSeq(slices.Clone(members), maps.Keys(g.joint))
		}
	}
	for _, i := range listed(x.concertsOf, parties) {
		g.addPartners(&x.concerts[i], isPartner)
	}
	return g
}

// addPartners adds those who count by a concert of which a member of the group, or a joint holder
// that counts for one, is a party.
func (g *Group) addPartners(p *crossholding.Concert, isPartner func(int32) bool) {
	member := crossholding.NoNode
	for _, m := range p.Members {
		if joint, ok := g.joint[m]; g.in[m] || ok {
			if member = m; ok {
				member = joint
			}
			break
		}
	}
	add := func(n int32) {
		if _, ok := g.joint[n]; ok || g.in[n] {
			return
		}
		if g.partners[p.Over] == nil {
			g.partners[p.Over] = map[int32]int32{}
		}
		if _, ok := g.partners[p.Over][n]; !ok {
			g.partners[p.Over][n] = member
		}
	}
	for _, m := range p.Members {
		if !isPartner(m) && !(g.x.each && slices.ContainsFunc(g.x.held[m], isPartner)) {
			continue
		}
		for _, c := range g.x.companies[m] {
			add(c)
		}
		if add(m); g.x.each {
			for _, joint := range g.x.jointsOf[m] {
				add(joint)
			}
		}
	}
}

// Counted returns the tally in which what others have counts for a member of the group.
func (g *Group) Counted(t *crossholding.Tally) (*crossholding.Tally, error) {
	if len(g.joint)+len(g.partners) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	CountBy(t, meetings, t.Issuers(slices.Sorted(maps.Keys(g.joint))...), g.joint)
	for _, c := range slices.Sorted(maps.Keys(g.partners)) {
		about, by := []int32{c}, g.partners[c]
		if c == crossholding.NoNode {
			about = t.Issuers(slices.Sorted(maps.Keys(by))...)
		}
		CountBy(t, meetings, about, by)
	}
	return t.With(meetings)
}

// Facts yields the facts by which the group controls companies that are not in it, as the
// group has them. A joint arrangement is about shares and rights: of facts, it adds rights to
// appoint and to vote.
func (g *Group) Facts(graph crossholding.Graph) iter.Seq[crossholding.NodeFact] {
	return func(yield func(crossholding.NodeFact) bool) {
		if len(g.x.facts) == 0 {
			return
		}
		holders := slices.AppendSeq(slices.Clone(g.members), maps.Keys(g.joint))
		for _, by := range g.partners {
			holders = slices.AppendSeq(holders, maps.Keys(by))
		}
		for _, i := range listed(g.x.factsOf, holders) {
			f := g.x.facts[i]
			if g.in[f.Company] {
				continue
			}
			right := f.Fact.By == crossholding.ControlByAppointment || f.Fact.By == crossholding.ControlByVoting
			counts := func(n int32) bool {
				_, joint := g.joint[n]
				return g.in[n] || joint || right && n != f.Company && (g.isPartner(f.Company, n) || g.isPartner(crossholding.NoNode, n))
			}
			if had, ok := Had(graph, f, counts, g.x.each); ok && !yield(had) {
				return
			}
		}
	}
}

func (g *Group) isPartner(about, node int32) bool {
	_, ok := g.partners[about][node]
	return ok
}

// listed returns what a map lists for some nodes, ascending.
func listed(of map[int32][]int32, nodes []int32) []int32 {
	if len(of) == 0 {
		return nil
	}
	var out []int32
	for _, x := range nodes {
		out = append(out, of[x]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
