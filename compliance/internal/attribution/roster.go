package attribution

import "slices"

// roster says who has which stakes of a company or rights to its shares, and who controls these. It
// has no numbers. The counts of several days share it.
type roster struct {
	company int32
	nodes   []int32 // holders, ascending
	starts  []int32 // nodes[i] has the parts from starts[i] to starts[i+1]
	parts   []part  // by node, then stake
	casters []int32 // of each stake of the company
	apart   bool    // a stake can be of several nodes

	over     []link    // who controls the company, if it has shares of itself
	under    []link    // who controls the holders and the members of concerts; see gather
	concerts [][]int32 // the members of concerts about the company
	deemed   bool      // the law counts shares through stakes
	holders  []int32   // all who can have something of the company, ascending
}

// noted is a role of a node in a stake.
type noted struct {
	who int32
	part
}

// index sorts the roles by node and stake, and joins those of one node in one stake.
func (s *roster) index(list []noted) {
	slices.SortFunc(list, func(a, b noted) int {
		if a.who != b.who {
			return int(a.who) - int(b.who)
		}
		return int(a.stake) - int(b.stake)
	})
	s.parts = make([]part, 0, len(list))
	s.nodes, s.starts = make([]int32, 0, len(list)), make([]int32, 0, len(list)+1)
	for i, x := range list {
		switch {
		case i == 0 || list[i-1].who != x.who:
			s.nodes, s.starts = append(s.nodes, x.who), append(s.starts, int32(len(s.parts)))
		case list[i-1].stake == x.stake:
			s.parts[len(s.parts)-1].roles |= x.roles
			continue
		}
		s.parts = append(s.parts, x.part)
	}
	s.starts = append(s.starts, int32(len(s.parts)))
}

// of returns the parts of a node.
func (s *roster) of(who int32) []part {
	if i, ok := slices.BinarySearch(s.nodes, who); ok {
		return s.parts[s.starts[i]:s.starts[i+1]]
	}
	return nil
}

// below appends what a node controls of the holders and of the members of concerts,
// ascending. It leaves out what it controls by a fact if a reach does.
func (s *roster) below(out []int32, who int32, r Reach) []int32 {
	i, _ := slices.BinarySearchFunc(s.under, who, func(k link, who int32) int { return int(k.above) - int(who) })
	for ; i < len(s.under) && s.under[i].above == who; i++ {
		if k := &s.under[i]; r.counts(k) {
			out = append(out, k.below)
		}
	}
	return out
}

// counts reports whether a reach goes through a link.
func (r Reach) counts(k *link) bool {
	return k.deem == r.deem && k.deem != (deem{}) || k.deem == (deem{}) && r.subsidiaries && !(r.byVotes && k.fact)
}

// ownShares reports whether the company's own shares count: some members control it.
func (s *roster) ownShares(members []int32, r Reach) bool {
	return r.own && slices.ContainsFunc(s.over, func(k link) bool { return r.counts(&k) && slices.Contains(members, k.above) })
}

// members lists whose stakes count as a holder's: its own, those of companies under it,
// and those of all who act in concert with any of these, with the companies under them.
// Concerts of the partners with others do not count, and the company itself is nobody's
// partner. The list is valid until the next call.
func (s *roster) members(w *Scratch, who int32, r Reach) []int32 {
	out := append(w.members[:0], who)
	if r.subsidiaries || r.deem != (deem{}) {
		out = s.below(out, who, r)
	}
	if r.deem != (deem{}) { // a company can be under the holder in two ways
		slices.Sort(out)
		out = slices.Compact(out)
	}
	defer func() { w.members = out }()
	if !r.concert || len(s.concerts) == 0 {
		return out
	}
	mine := len(out)
	for _, members := range s.concerts {
		if !slices.ContainsFunc(members, func(m int32) bool { return slices.Contains(out[:mine], m) }) {
			continue
		}
		for _, m := range members {
			out = append(out, m)
			if r.subsidiaries || r.deem != (deem{}) {
				out = s.below(out, m, r)
			}
		}
	}
	slices.Sort(out)
	out = slices.DeleteFunc(slices.Compact(out), func(m int32) bool { return m == s.company })
	return out
}
