// Package attribution adds up the shares, votes and rights to shares that count as each
// holder's at a company: its own, those that it casts, and those of companies that it controls
// and of those who act in concert with it.
//
// A [State] is an alliance on one day. It makes the [Counts] of its companies. A [Reach] says
// which of them count, and [Counts.Figures] adds them up, each share once.
package attribution

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/date"
)

// State is an alliance with its counted votes.
type State struct {
	a        *crossholding.Alliance
	Graph    crossholding.Graph
	votes    *crossholding.Votes
	Above    *crossholding.Chains   // who controls whom by a majority of exercisable votes
	over     *crossholding.Chains   // who controls whom by this or by a fact; Above if there are no facts
	chains   [][]int32              // the controllers of each node by over, lowest first
	byVotes  [][]int32              // the same by Above; nil if there are no facts
	concerts []crossholding.Concert // the concerts in force
	index    *concertIndex
	rights   map[int32][]holderRight
	deeming  []deemingRule                      // the rules that count shares through stakes
	through  []through                          // the companies that they reach, ascending
	deemed   map[deemer]*crossholding.NodeGroup // what a node is deemed to hold through, if it was asked
	presumed []presumption                      // who controls more by a presumption, if it was asked
	below    map[int32][]int32                  // the companies that each node controls, if it was asked
	tally    *crossholding.Tally                // exercisable votes
	special  []int32                            // the companies whose meetings law or contract changes
	counts   map[int32]*Counts                  // by company, if they were needed
}

// NewState counts the votes of an alliance.
func NewState(ctx context.Context, a *crossholding.Alliance, voting *crossholding.VotingOptions) (*State, error) {
	v, err := a.Votes(ctx, *voting)
	if err != nil {
		return nil, err
	}
	s, t, err := newState(a, v)
	if err != nil {
		return nil, err
	}
	if s.Above, err = t.Chains(ctx, crossholding.Rule{NoFacts: true}); err != nil {
		return nil, err
	}
	return s, s.list(ctx, t, nil)
}

// After counts the votes of an alliance that comes from that of s by a step.
func (s *State) After(ctx context.Context, a *crossholding.Alliance) (*State, error) {
	v, err := s.votes.After(ctx, a)
	if err != nil {
		return nil, err
	}
	next, t, err := newState(a, v)
	if err != nil {
		return nil, err
	}
	next.deeming = s.deeming
	next.listThrough()
	if next.Above, err = s.Above.After(ctx, t); err != nil {
		return nil, err
	}
	return next, next.list(ctx, t, s)
}

// newState returns a state without the controllers, and the votes that decide about them.
func newState(a *crossholding.Alliance, v *crossholding.Votes) (*State, *crossholding.Tally, error) {
	t, err := v.Tally(crossholding.BasisExercisable)
	if err != nil {
		return nil, nil, err
	}
	g := a.Graph()
	s := &State{a: a, Graph: g, votes: v, concerts: v.Concerts(), rights: rightsOf(g), tally: t,
		special: slices.AppendSeq(make([]int32, 0, 8), v.Changed()), counts: map[int32]*Counts{}}
	s.index = newConcertIndex(s.concerts)
	return s, t, nil
}

// list lists the controllers by votes, and those by facts too if there are any. It takes over
// the lists of an earlier state of the same nodes, which may be nil, if no vote changes them.
func (s *State) list(ctx context.Context, t *crossholding.Tally, earlier *State) (err error) {
	s.over = s.Above
	if together.HasFacts(t) {
		if s.over, err = t.Chains(ctx, crossholding.Rule{}); err != nil {
			return err
		}
		s.byVotes = s.listChains(s.Above)
	}
	if earlier != nil && s.over == earlier.over {
		s.chains = earlier.chains
	} else {
		s.chains = s.listChains(s.over)
	}
	return nil
}

// listChains lists the controllers of all nodes in one array. Two states read each list.
func (s *State) listChains(above *crossholding.Chains) [][]int32 {
	chains := make([][]int32, s.Graph.Len())
	all := make([]int32, 0, 2*len(chains))
	for y := range chains {
		from := len(all)
		if s.over != s.Above || s.Graph.HasShares(int32(y)) { // a fact can be about a party without shares
			all = append(all, above.Controllers(int32(y))...)
		}
		chains[y] = all[from:len(all):len(all)]
	}
	return chains
}

// NewCounts returns new counts at a company.
func (s *State) NewCounts(ctx context.Context, company int32) (*Counts, error) {
	k, err := newCounts(s.Graph, s.votes, company)
	if err != nil {
		return nil, err
	}
	k.rights, k.day = s.rights[company], s.a.AsOf()
	return k, k.gather(ctx, s)
}

// Count returns the counts at a company.
func (s *State) Count(ctx context.Context, company int32) (*Counts, error) {
	if k := s.counts[company]; k != nil {
		return k, nil
	}
	k, err := s.NewCounts(ctx, company)
	if err != nil {
		return nil, err
	}
	s.counts[company] = k
	return k, nil
}

// HasRights reports whether the book has rights to shares.
func (s *State) HasRights() bool { return len(s.rights) > 0 }

// Day returns the day of the book.
func (s *State) Day() date.Date { return s.a.AsOf() }
