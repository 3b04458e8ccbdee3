package compliance

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
)

// concerted divides parties into groups that act in concert in all companies.
func concerted(concerts []crossholding.Concert, seeds []int32) [][]int32 {
	group := make(map[int32]int32, len(seeds)) // party to the first of its group
	for _, i := range seeds {
		group[i] = i
	}
	for _, p := range concerts {
		if p.Over != crossholding.NoNode {
			continue
		}
		first := crossholding.NoNode
		for _, n := range p.Members {
			root, ok := group[n]
			if !ok {
				continue
			}
			if first == crossholding.NoNode {
				first = root
			}
			low, high := min(first, root), max(first, root)
			for _, j := range seeds {
				if group[j] == high {
					group[j] = low
				}
			}
			first = low
		}
	}
	var out [][]int32
	for _, i := range seeds {
		if group[i] != i {
			continue
		}
		var members []int32
		for _, j := range seeds {
			if group[j] == i {
				members = append(members, j)
			}
		}
		out = append(out, members)
	}
	return out
}

// jointly returns the tally in which stakes of others count for a member of the group where
// both are parties to a joint arrangement.
func (s *sanctionsRun) jointly(t *crossholding.Tally, members []int32) (*crossholding.Tally, error) {
	if len(s.held) == 0 && len(s.concerts) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for joint, list := range s.held {
		if i := slices.IndexFunc(list, func(x int32) bool { return slices.Contains(members, x) }); i >= 0 {
			countFor(t, meetings, t.Issuers(joint), map[int32]bool{joint: true}, list[i])
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
		countFor(t, meetings, about, partners, first)
	}
	return t.With(meetings)
}

// countFor makes what holders have in companies count for one node.
func countFor(t *crossholding.Tally, meetings map[int32]crossholding.Meeting, companies []int32, holders map[int32]bool, node int32) {
	for _, c := range companies {
		m, ok := meetings[c]
		if !ok {
			m = meetingOf(t, c)
			meetings[c] = m
		}
		for k, x := range m.Voters {
			if holders[x] {
				m.Voters[k] = node
			}
		}
	}
}

// meetingOf returns a copy of a company's meeting in a tally.
func meetingOf(t *crossholding.Tally, c int32) crossholding.Meeting {
	m := crossholding.Meeting{Base: t.Base(c)}
	from, to := t.Graph().Stakes(c)
	for e := from; e < to; e++ {
		who, amount := t.Stake(e)
		m.Voters, m.Votes = append(m.Voters, who), append(m.Votes, amount)
	}
	return m
}
