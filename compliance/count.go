package compliance

import (
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// amounts holds the figures of one holder that thresholds count.
type amounts struct{ shares, votes, exercisable ratio.Ratio }

func (c amounts) add(o amounts) amounts {
	return amounts{c.shares.Add(o.shares), c.votes.Add(o.votes), c.exercisable.Add(o.exercisable)}
}

func (c amounts) equal(o amounts) bool {
	return c.shares.Equal(o.shares) && c.votes.Equal(o.votes) && c.exercisable.Equal(o.exercisable)
}

// holderAmounts holds the amounts that one holder has for its money, in any name, and
// the amounts that it casts before contracts.
type holderAmounts struct{ money, cast amounts }

func (h *holderAmounts) of(cast bool) amounts {
	if cast {
		return h.cast
	}
	return h.money
}

// counts holds the amounts of all holders at one company. The company itself is not
// among the holders.
type counts struct {
	nodes []int32 // holders, ascending
	of    []holderAmounts
	under map[int32][]int32 // by controller: the members of nodes that it controls, ascending; see gather

	issued, shares                        ratio.Ratio // all shares, and all without treasury shares
	theoretical, outstanding, exercisable ratio.Ratio // all votes, all without those of treasury shares, and those that the law leaves
}

// newCounts counts a company in one pass over its stakes.
func newCounts(g crossholding.Graph, v *crossholding.Votes, company int32) (*counts, error) {
	s := &counts{}
	if !g.HasShares(company) {
		return s, nil
	}
	m, err := v.Meeting(g.ID(company))
	if err != nil {
		return nil, err
	}
	issued, treasury := g.Issued(company)
	s.issued, s.shares = issued, issued.Sub(treasury)
	s.theoretical, s.outstanding, s.exercisable = m.Theoretical, m.Theoretical.Sub(m.Treasury), m.Exercisable
	from, to := g.Stakes(company)
	s.nodes = make([]int32, 0, int(to-from))
	for e := from; e < to; e++ {
		k := g.Stake(e)
		s.nodes = append(s.nodes, k.Beneficiary)
		if k.Voter != k.Beneficiary {
			s.nodes = append(s.nodes, k.Voter)
		}
	}
	slices.Sort(s.nodes)
	s.nodes = slices.Compact(s.nodes)
	if len(s.nodes) > 0 && s.nodes[0] == crossholding.NoNode {
		s.nodes = s.nodes[1:]
	}
	s.of = make([]holderAmounts, len(s.nodes))
	for e, votes := range v.Stakes(company) {
		has := amounts{g.Shares(e), votes.Theoretical, votes.Exercisable}
		k := g.Stake(e)
		owner := s.find(k.Beneficiary)
		owner.money = owner.money.add(has)
		if k.Voter != crossholding.NoNode {
			voter := s.find(k.Voter)
			voter.cast = voter.cast.add(has)
		}
	}
	return s, nil
}

func (s *counts) find(who int32) *holderAmounts {
	i, _ := slices.BinarySearch(s.nodes, who)
	return &s.of[i]
}

// own returns the amounts that a holder has by itself. They can be 0.
func (s *counts) own(who int32, cast bool) amounts {
	if i, ok := slices.BinarySearch(s.nodes, who); ok {
		return s.of[i].of(cast)
	}
	return amounts{}
}

// gather records the holders that each controller controls.
func (s *counts) gather(company int32, chains [][]int32) {
	for _, y := range s.nodes {
		if y == company {
			continue
		}
		for _, x := range chains[y] {
			if x == company {
				continue // stakes that the company holds in itself through others count only for its controllers
			}
			if s.under == nil {
				s.under = map[int32][]int32{}
			}
			s.under[x] = append(s.under[x], y)
		}
	}
}

// through returns the amounts of the companies under a holder.
func (s *counts) through(who int32, cast bool) amounts {
	var sum amounts
	for _, y := range s.under[who] {
		sum = sum.add(s.own(y, cast))
	}
	return sum
}

// amount returns the amount that a threshold counts of a holder, alone or with the
// companies under it, and the base of the fraction.
func (s *counts) amount(who int32, l look) (have, base ratio.Ratio) {
	a := s.own(who, l.rule.Cast)
	if !l.alone {
		a = a.add(s.through(who, l.rule.Cast))
	}
	switch l.base {
	case law.OfCapital:
		return a.shares, s.issued
	case law.OfShares:
		return a.shares, s.shares
	case law.OfTheoretical:
		return a.votes, s.theoretical
	case law.OfVoting:
		return a.votes, s.outstanding
	}
	return a.exercisable, s.exercisable
}

// fraction returns the amount as a fraction of the base, or 0 if the base is 0.
func (s *counts) fraction(who int32, l look) ratio.Ratio {
	have, base := s.amount(who, l)
	if base.IsZero() {
		return ratio.Ratio{}
	}
	return have.Div(base)
}

// same reports whether every fraction that a threshold can count is the same for a
// holder in s and in t.
func (s *counts) same(t *counts, who int32) bool {
	for _, cast := range [...]bool{false, true} {
		if !s.own(who, cast).equal(t.own(who, cast)) || !s.through(who, cast).equal(t.through(who, cast)) {
			return false
		}
	}
	return s.issued.Equal(t.issued) && s.shares.Equal(t.shares) && s.theoretical.Equal(t.theoretical) &&
		s.outstanding.Equal(t.outstanding) && s.exercisable.Equal(t.exercisable)
}
