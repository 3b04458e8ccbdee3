package interest

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/ratio"
)

// Joint knows what several hold jointly: the shares and rights of joint holders, and facts of
// control that several have together. All of it counts for each of them. A nil pointer knows
// nothing, so joint holders are one, and a fact counts for who has all of its controllers.
type Joint struct {
	g       crossholding.Graph
	members map[int32][]int32                 // by joint holder
	of      map[int32][]int32                 // by member: the joint holders of which it is one
	facts   map[int32][]crossholding.NodeFact // by controller: those that it has with others
	through map[int32][]int32                 // by joint holder: the members that are companies with shares
}

// NewJoint returns what is held jointly by a tally. Facts about one company are left out.
func NewJoint(t *crossholding.Tally, except int32) *Joint {
	j := &Joint{g: t.Graph(), members: maps.Collect(t.Graph().JointHolders()), facts: map[int32][]crossholding.NodeFact{}}
	j.byMember()
	for f := range t.Facts() {
		for _, x := range f.Controllers {
			if len(f.Controllers) > 1 && f.Company != except {
				j.facts[x] = append(j.facts[x], f)
			}
		}
	}
	return j
}

func (j *Joint) byMember() {
	j.of, j.through = map[int32][]int32{}, map[int32][]int32{}
	for _, holder := range j.Holders() {
		for _, m := range j.members[holder] {
			if j.of[m] = append(j.of[m], holder); j.g.HasShares(m) {
				j.through[holder] = append(j.through[holder], m)
			}
		}
	}
}

// Has reports whether those among some holders of a right have it: one of them is enough if what
// is held jointly counts for each.
func (j *Joint) Has(holders []int32, among func(int32) bool) bool {
	if j != nil {
		return slices.ContainsFunc(holders, among)
	}
	return !slices.ContainsFunc(holders, func(x int32) bool { return !among(x) })
}

// Members returns the members of a joint holder, and none of another node.
func (j *Joint) Members(holder int32) []int32 {
	if j == nil {
		return nil
	}
	return j.members[holder]
}

// Of returns the joint holders of which a node is a member, ascending.
func (j *Joint) Of(member int32) []int32 {
	if j == nil {
		return nil
	}
	return j.of[member]
}

// Holders returns the joint holders, ascending.
func (j *Joint) Holders() []int32 {
	if j == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(j.members))
}

// Group is a set of nodes with all that they control, and with what they hold jointly.
type Group struct {
	*crossholding.NodeGroup
	Joint []int32 // the joint holders of which a node of the group is one, ascending

	shared map[int32]crossholding.NodeFact // by company that it controls by a part of the fact
}

// Group returns some nodes with all that they control by a tally: the least set that contains
// them, the joint holders of which it has a member, and every company that the set controls by
// the rule or, if facts give control, by a fact of which it has a part. The errors are those of
// [crossholding.Tally.Group].
func (j *Joint) Group(ctx context.Context, t *crossholding.Tally, rule crossholding.Rule, nodes ...int32) (*Group, error) {
	out := &Group{shared: map[int32]crossholding.NodeFact{}}
	seeds := slices.Clone(nodes)
	for {
		g, err := t.Group(ctx, rule, seeds...)
		if err != nil {
			return nil, err
		}
		out.NodeGroup = g
		more := j.joining(out, !rule.NoFacts)
		if len(more) == 0 {
			return out, nil
		}
		seeds = append(seeds, more...)
	}
}

// joining returns the joint holders and companies that a group gains at once, and notes them.
func (j *Joint) joining(g *Group, facts bool) []int32 {
	if j == nil {
		return nil
	}
	var more, companies []int32
	for x := range g.Nodes() {
		for _, holder := range j.of[x] {
			if !g.NodeGroup.Has(holder) {
				more = append(more, holder)
			}
		}
		for _, f := range j.facts[x] {
			if _, known := g.shared[f.Company]; !facts || known || g.NodeGroup.Has(f.Company) {
				continue
			}
			if part, ok := together.Had(j.g, f, g.NodeGroup.Has, true); ok {
				g.shared[f.Company] = part
				companies = append(companies, f.Company)
			}
		}
	}
	slices.Sort(more)
	more = slices.Compact(more)
	g.Joint = append(g.Joint, more...)
	slices.Sort(g.Joint)
	return append(more, companies...)
}

// Controls reports whether the group controls a company. The nodes given are not controlled.
func (g *Group) Controls(company int32) bool {
	_, shared := g.shared[company]
	return shared || g.NodeGroup.Controls(company)
}

// Evidence returns the facts of the proof that the group controls a company.
func (g *Group) Evidence(company int32) []crossholding.Fact {
	if f, ok := g.shared[company]; ok {
		return []crossholding.Fact{f.Fact}
	}
	var out []crossholding.Fact
	for _, s := range g.Proof(company).Steps {
		if s.Fact != nil {
			out = append(out, *s.Fact)
		}
	}
	return out
}

// Direct reports whether none of some joint holders has a member with shares. What its members own
// through them is then a sum, see [Joint.Owned].
func (j *Joint) Direct(holders []int32) bool {
	return !slices.ContainsFunc(holders, func(x int32) bool { return len(j.through[x]) > 0 })
}

// maxChoices bounds how often it is chosen for which member joint holders count.
const maxChoices = 1000

// Owned returns what one unit of each node is worth to an outside owner by a tally, as products
// along chains: what it owns of a company, 1 for itself and for the joint holders of which it is
// a member. Joint holders are worth to it what the member that it owns most of is. Alone is a
// solver of the tally. The errors are those of [Solver.Holdings], and
// [crossholding.ErrSearchLimit].
func (j *Joint) Owned(ctx context.Context, alone *Solver, x int32) (map[int32]ratio.Ratio, error) {
	by := map[int32]int32{} // by joint holder: the member for which it counts
	for _, holder := range j.Of(x) {
		by[holder] = x
	}
	worth, err := alone.worth(ctx, append([]int32{x}, j.Of(x)...)...)
	if err != nil {
		return nil, err
	}
	var through map[int32][]int32
	if j != nil {
		through = j.through
	}
	for range maxChoices {
		better := false
		for holder, members := range through {
			at, chosen := by[holder]
			if at == x && chosen {
				continue
			}
			for _, m := range members {
				if worth[m].Sign() > 0 && (!chosen || worth[at].Less(worth[m])) {
					by[holder], at, chosen, better = m, m, true, true
				}
			}
		}
		if !better {
			worth[x] = ratio.Int(1)
			for holder, m := range by {
				worth[holder] = worth[m]
			}
			return worth, nil
		}
		t, err := together.HeldFor(alone.t, by)
		if err != nil {
			return nil, err
		}
		s, err := NewSolver(ctx, t, alone.opt)
		if err != nil {
			return nil, err
		}
		if worth, err = s.worth(ctx, x); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("joint holders behind %s: more than %d choices of members: %w", alone.t.Graph().ID(x), maxChoices, crossholding.ErrSearchLimit)
}
