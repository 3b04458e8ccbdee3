package together

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Concerted divides parties into groups that act in concert in all companies.
func Concerted(concerts []crossholding.Concert, seeds []int32) [][]int32 {
	above := make(map[int32]int32, len(seeds)) // party to another of its group, or itself if it is the smallest
	for _, i := range seeds {
		above[i] = i
	}
	smallest := func(n int32) int32 {
		for above[n] != n {
			above[n] = above[above[n]]
			n = above[n]
		}
		return n
	}
	for _, p := range concerts {
		if p.Over != crossholding.NoNode {
			continue
		}
		first := crossholding.NoNode
		for _, n := range p.Members {
			if _, ok := above[n]; !ok {
				continue
			}
			n = smallest(n)
			if first == crossholding.NoNode {
				first = n
			}
			above[max(first, n)] = min(first, n)
			first = min(first, n)
		}
	}
	var out [][]int32
	place := map[int32]int{} // of the group of its smallest party
	for _, i := range seeds {
		if above[i] == i {
			place[i] = len(out)
			out = append(out, nil)
		}
	}
	for _, i := range seeds {
		k := place[smallest(i)]
		out[k] = append(out[k], i)
	}
	return out
}

// CountBy makes what holders have in companies count for other nodes.
func CountBy(t *crossholding.Tally, meetings map[int32]crossholding.Meeting, companies []int32, by map[int32]int32) {
	for _, c := range companies {
		m, ok := meetings[c]
		if !ok {
			m = meetingOf(t, c)
			meetings[c] = m
		}
		for k, x := range m.Voters {
			if node, ok := by[x]; ok && x != crossholding.NoNode {
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

// HeldFor returns the tally in which what some holders have counts for other nodes. What they have
// of such a node itself counts for nobody, and not in the total.
func HeldFor(t *crossholding.Tally, by map[int32]int32) (*crossholding.Tally, error) {
	if len(by) == 0 {
		return t, nil
	}
	meetings := map[int32]crossholding.Meeting{}
	for holder, node := range by {
		CountBy(t, meetings, t.Issuers(holder), map[int32]int32{holder: node})
		m, ok := meetings[node]
		if !ok {
			continue
		}
		for k, x := range m.Voters {
			if x == node {
				m.Base = m.Base.Sub(m.Votes[k])
				m.Voters[k], m.Votes[k] = crossholding.NoNode, ratio.Ratio{}
			}
		}
		meetings[node] = m
	}
	return t.With(meetings)
}
