package compliance

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
)

// jointly returns the tally in which stakes of others count for a member of the group where
// both are parties to a joint arrangement.
func (s *sanctionsRun) jointly(t *crossholding.Tally, members []int32) (*crossholding.Tally, error) {
	if len(s.held) == 0 && len(s.concerts) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for joint, list := range s.held {
		if i := slices.IndexFunc(list, func(x int32) bool { return slices.Contains(members, x) }); i >= 0 {
			together.CountFor(t, meetings, t.Issuers(joint), map[int32]bool{joint: true}, list[i])
		}
	}
	for _, p := range s.concerts {
		first, partners := crossholding.NoNode, map[int32]bool{}
		for _, x := range p.Members {
			_, blocked := slices.BinarySearch(s.blocked, x)
			switch {
			case slices.Contains(members, x):
				if first == crossholding.NoNode {
					first = x
				}
			case blocked || s.joint == JointParties:
				partners[x] = true
			}
		}
		if first == crossholding.NoNode || len(partners) == 0 {
			continue
		}
		about := []int32{p.Over}
		if p.Over == crossholding.NoNode {
			about = t.Issuers(slices.Sorted(maps.Keys(partners))...)
		}
		together.CountFor(t, meetings, about, partners, first)
	}
	return t.With(meetings)
}
