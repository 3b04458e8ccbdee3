package attribution

import (
	"slices"

	"github.com/crossholding/crossholding"
)

// concertIndex finds the concerts that can count at a company without a look at all of them.
type concertIndex struct {
	all   []crossholding.Concert
	about map[int32][]int32 // by company: the concerts about it, ascending
	of    map[int32][]int32 // by member: its concerts about all companies, ascending
}

// newConcertIndex returns nil if there are no concerts.
func newConcertIndex(all []crossholding.Concert) *concertIndex {
	if len(all) == 0 {
		return nil
	}
	x := &concertIndex{all, map[int32][]int32{}, map[int32][]int32{}}
	for i, p := range all {
		if p.Over != crossholding.NoNode {
			x.about[p.Over] = append(x.about[p.Over], int32(i))
			continue
		}
		for _, m := range p.Members {
			x.of[m] = append(x.of[m], int32(i))
		}
	}
	return x
}

// at returns the members of the concerts about a company, and of those about all companies in
// which a node that has something of the company, or one that controls such a node, is a member.
// The members of the others have nothing to count.
func (x *concertIndex) at(company int32, nodes []int32, chains [][]int32) [][]int32 {
	if x == nil {
		return nil
	}
	found := slices.Clone(x.about[company])
	for _, y := range nodes {
		found = append(found, x.of[y]...)
		for _, above := range chains[y] {
			found = append(found, x.of[above]...)
		}
	}
	slices.Sort(found)
	var out [][]int32
	for _, i := range slices.Compact(found) {
		out = append(out, x.all[i].Members)
	}
	return out
}
