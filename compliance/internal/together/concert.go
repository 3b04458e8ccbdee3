package together

import (
	"github.com/crossholding/crossholding"
)

// Concerted divides parties into groups that act in concert in all companies.
func Concerted(concerts []crossholding.Concert, seeds []int32) [][]int32 {
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

// CountFor makes what holders have in companies count for one node.
func CountFor(t *crossholding.Tally, meetings map[int32]crossholding.Meeting, companies []int32, holders map[int32]bool, node int32) {
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

// HeldFor returns the tally in which what some holders have counts for other nodes.
func HeldFor(t *crossholding.Tally, by map[int32]int32) (*crossholding.Tally, error) {
	if len(by) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for holder, node := range by {
		CountFor(t, meetings, t.Issuers(holder), map[int32]bool{holder: true}, node)
	}
	return t.With(meetings)
}
