package together

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
)

// Arrangements are the concerts and the joint holders that count for a question. The zero value
// has none.
type Arrangements struct {
	concerts   []crossholding.Concert
	concertsOf map[int32][]int32 // by member, ascending
	held       map[int32][]int32 // joint holders and their members
	jointsOf   map[int32][]int32 // by member
}

// NewArrangements returns concerts, and joint holders with their members.
func NewArrangements(concerts []crossholding.Concert, held map[int32][]int32) *Arrangements {
	x := &Arrangements{concerts, map[int32][]int32{}, held, map[int32][]int32{}}
	for i, p := range concerts {
		for _, m := range p.Members {
			x.concertsOf[m] = append(x.concertsOf[m], int32(i))
		}
	}
	for holder, members := range held {
		for _, m := range members {
			x.jointsOf[m] = append(x.jointsOf[m], holder)
		}
	}
	return x
}

// None reports whether there are none.
func (x *Arrangements) None() bool { return len(x.concerts)+len(x.held) == 0 }

// Counted returns the tally in which what others have counts for a member of a group: the stakes
// of a joint holder of which it is a member, and those of its partners in a concert, in the
// company that this is about. In marks the members, and isPartner says which others count.
func (x *Arrangements) Counted(t *crossholding.Tally, members []int32, in []bool, isPartner func(int32) bool) (*crossholding.Tally, error) {
	if x.None() {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for _, joint := range listed(x.jointsOf, members) {
		list := x.held[joint]
		first := list[slices.IndexFunc(list, func(m int32) bool { return in[m] })]
		CountFor(t, meetings, t.Issuers(joint), map[int32]bool{joint: true}, first)
	}
	for _, i := range listed(x.concertsOf, members) {
		p := x.concerts[i]
		first, partners := crossholding.NoNode, map[int32]bool{}
		for _, m := range p.Members {
			switch {
			case in[m]:
				if first == crossholding.NoNode {
					first = m
				}
			case isPartner(m):
				partners[m] = true
			}
		}
		if len(partners) == 0 {
			continue
		}
		about := []int32{p.Over}
		if p.Over == crossholding.NoNode {
			about = t.Issuers(slices.Sorted(maps.Keys(partners))...)
		}
		CountFor(t, meetings, about, partners, first)
	}
	return t.With(meetings)
}

// listed returns what a map lists for some nodes, ascending.
func listed(of map[int32][]int32, nodes []int32) []int32 {
	var out []int32
	for _, x := range nodes {
		out = append(out, of[x]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
