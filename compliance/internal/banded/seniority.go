package banded

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Seniority says in which round each name joined a group that grows. Those who joined earlier
// get more of what the other stakes leave: they are in the group whatever those get who joined
// because of them.
type Seniority struct {
	round  int
	joined map[string]int
}

// Join adds names to the current round, unless they have joined before.
func (s *Seniority) Join(names ...string) {
	if s.joined == nil {
		s.joined = map[string]int{}
	}
	for _, n := range names {
		if _, ok := s.joined[n]; !ok {
			s.joined[n] = s.round
		}
	}
}

// Next ends the round.
func (s *Seniority) Next() { s.round++ }

// Has reports whether one of the names has joined.
func (s *Seniority) Has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { _, ok := s.joined[n]; return ok })
}

// Rank returns a number above 0 and up to 1, which is the larger the earlier the first of the
// names joined.
func (s *Seniority) Rank(names ...string) ratio.Ratio {
	first := s.round
	for _, n := range names {
		if r, ok := s.joined[n]; ok {
			first = min(first, r)
		}
	}
	return ratio.Of(1, int64(first)+1)
}

// Len returns how many have joined.
func (s *Seniority) Len() int { return len(s.joined) }

// Names returns all who have joined, sorted.
func (s *Seniority) Names() []string { return slices.Sorted(maps.Keys(s.joined)) }
