package compliance

import (
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// amounts holds the figures that thresholds count.
type amounts struct{ shares, votes, exercisable ratio.Ratio }

func (c amounts) add(o amounts) amounts {
	return amounts{c.shares.Add(o.shares), c.votes.Add(o.votes), c.exercisable.Add(o.exercisable)}
}

func (c amounts) equal(o amounts) bool {
	return c.shares.Equal(o.shares) && c.votes.Equal(o.votes) && c.exercisable.Equal(o.exercisable)
}

// reach says which stakes count as a holder's: those with which it has one of the given
// roles, and perhaps those of others.
type reach struct {
	roles        role
	subsidiaries bool
	concert      bool
}

// role is what a node is to a stake. Roles are bits.
type role uint8

const (
	inName   role = 1 << iota // it holds the stake
	forMoney                  // the stake is held for its money
	casts                     // it casts the votes, see caster
	isPaid                    // a contract pays it what the stake is worth
)

// reachOf returns the reach of a threshold. Rights to shares are not in a book.
func reachOf(grounds []law.Attribution, alone bool) reach {
	if len(grounds) == 0 {
		grounds = law.ByDefault()
	}
	var r reach
	for _, ground := range grounds {
		switch ground {
		case law.InOwnName:
			r.roles |= inName
		case law.ForOwnMoney:
			r.roles |= forMoney
		case law.CastAtWill:
			r.roles |= casts
		case law.CashSettled:
			r.roles |= isPaid
		case law.OfSubsidiaries:
			r.subsidiaries = !alone
		case law.InConcert:
			r.concert = !alone
		}
	}
	return r
}

// part is one stake of a company and the roles of a node in it.
type part struct {
	stake int32 // counted from the company's first
	roles role
}

// counts holds the amounts of all holders at one company. The company itself is not
// among the holders.
type counts struct {
	company int32
	nodes   []int32   // holders, ascending
	parts   [][]part  // of each of nodes
	stakes  []amounts // of each stake of the company
	apart   bool      // a stake can be of several nodes

	under    map[int32][]int32 // by controller: the holders and the members of concerts that it controls, ascending; see gather
	concerts [][]int32         // the members of concerts about the company

	issued, shares                        ratio.Ratio // all shares, and all without treasury shares
	theoretical, outstanding, exercisable ratio.Ratio // all votes, all without those of treasury shares, and those that the law leaves
}

// newCounts counts a company in one pass over its stakes.
func newCounts(g crossholding.Graph, v *crossholding.Votes, company int32) (*counts, error) {
	s := &counts{company: company}
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
	for e, votes := range v.Stakes(company) {
		k := g.Stake(e)
		s.nodes = append(s.nodes, k.Holder)
		if x := caster(k, votes); k.Beneficiary != k.Holder || x != k.Holder {
			s.nodes, s.apart = append(s.nodes, k.Beneficiary, x), true
		}
	}
	slices.Sort(s.nodes)
	s.nodes = slices.Compact(s.nodes)
	if len(s.nodes) > 0 && s.nodes[0] == crossholding.NoNode {
		s.nodes = s.nodes[1:]
	}
	s.parts = make([][]part, len(s.nodes))
	s.stakes = make([]amounts, 0, int(to-from))
	for e, votes := range v.Stakes(company) {
		k, n := g.Stake(e), int32(len(s.stakes))
		s.stakes = append(s.stakes, amounts{g.Shares(e), votes.Theoretical, votes.Exercisable})
		s.note(k.Holder, n, inName)
		if k.CashSettled {
			s.note(k.Beneficiary, n, isPaid)
		} else {
			s.note(k.Beneficiary, n, forMoney)
		}
		s.note(caster(k, votes), n, casts)
	}
	return s, nil
}

// caster returns who casts a stake's votes at will: its voter, or the leader to whom a
// contract gives them. A contract that makes votes neutral does not change who could cast
// them.
func caster(k crossholding.NodeStake, votes crossholding.StakeVotes) int32 {
	if votes.Voter != crossholding.NoNode {
		return votes.Voter
	}
	return k.Voter
}

// note records a role of a node in a stake.
func (s *counts) note(who, stake int32, as role) {
	i, ok := slices.BinarySearch(s.nodes, who)
	if !ok {
		return // nobody casts neutral votes
	}
	if n := len(s.parts[i]); n > 0 && s.parts[i][n-1].stake == stake {
		s.parts[i][n-1].roles |= as
		return
	}
	s.parts[i] = append(s.parts[i], part{stake, as})
}

// of returns the parts of a node.
func (s *counts) of(who int32) []part {
	if i, ok := slices.BinarySearch(s.nodes, who); ok {
		return s.parts[i]
	}
	return nil
}

// gather records the concerts about the company, and what each controller controls of
// the holders and of the members of these concerts.
func (s *counts) gather(chains [][]int32, concerts []crossholding.Concert) {
	nodes := s.nodes
	for _, p := range concerts {
		if p.Over == crossholding.NoNode || p.Over == s.company {
			s.concerts = append(s.concerts, p.Members)
			nodes = slices.Concat(nodes, p.Members)
		}
	}
	if len(s.concerts) > 0 {
		slices.Sort(nodes)
		nodes = slices.Compact(nodes)
	}
	for _, y := range nodes {
		if y == s.company {
			continue
		}
		for _, x := range chains[y] {
			if x == s.company {
				continue // stakes that the company holds in itself through others count only for its controllers
			}
			if s.under == nil {
				s.under = map[int32][]int32{}
			}
			s.under[x] = append(s.under[x], y)
		}
	}
}

// holders lists all who can have something of the company, ascending.
func (s *counts) holders() []int32 {
	nodes := slices.AppendSeq(slices.Clone(s.nodes), maps.Keys(s.under))
	for _, members := range s.concerts {
		nodes = append(nodes, members...)
	}
	slices.Sort(nodes)
	return slices.DeleteFunc(slices.Compact(nodes), func(who int32) bool { return who == s.company })
}

// members lists whose stakes count as a holder's: its own, those of companies under it,
// and those of all who act in concert with any of these, with the companies under them.
// Concerts of the partners with others do not count, and the company itself is nobody's
// partner.
func (s *counts) members(who int32, r reach) []int32 {
	out := []int32{who}
	if r.subsidiaries {
		out = append(out, s.under[who]...)
	}
	if !r.concert || len(s.concerts) == 0 {
		return out
	}
	mine := slices.Clone(out)
	for _, members := range s.concerts {
		if !slices.ContainsFunc(members, func(m int32) bool { return slices.Contains(mine, m) }) {
			continue
		}
		for _, m := range members {
			out = append(out, m)
			if r.subsidiaries {
				out = append(out, s.under[m]...)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(m int32) bool { return m == s.company })
}

// sum adds up the stakes in which one of the members has one of the roles, each stake
// once.
func (s *counts) sum(members []int32, roles role) amounts {
	var sum amounts
	var seen map[int32]bool
	if s.apart && len(members) > 1 {
		seen = map[int32]bool{}
	}
	for _, m := range members {
		for _, p := range s.of(m) {
			if p.roles&roles == 0 || seen[p.stake] {
				continue
			}
			if seen != nil {
				seen[p.stake] = true
			}
			sum = sum.add(s.stakes[p.stake])
		}
	}
	return sum
}

// amount returns the amount that a threshold counts of a holder, and the base of the
// fraction.
func (s *counts) amount(who int32, l look) (have, base ratio.Ratio) {
	a := s.sum(s.members(who, l.reach), l.reach.roles)
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

// with lists the others whose stakes count as a holder's.
func (s *counts) with(who int32, r reach) []int32 {
	return slices.DeleteFunc(s.members(who, r), func(m int32) bool {
		return m == who || !slices.ContainsFunc(s.of(m), func(p part) bool { return p.roles&r.roles != 0 && !s.stakes[p.stake].shares.IsZero() })
	})
}

// same reports whether every fraction that a threshold can count in one of the given ways
// is the same for a holder in s and in t.
func (s *counts) same(t *counts, who int32, reaches []reach) bool {
	if s.plain(who) && t.plain(who) {
		reaches = reaches[:min(1, len(reaches))]
	}
	for _, r := range reaches {
		if !s.sum(s.members(who, r), r.roles).equal(t.sum(t.members(who, r), r.roles)) {
			return false
		}
	}
	return s.issued.Equal(t.issued) && s.shares.Equal(t.shares) && s.theoretical.Equal(t.theoretical) &&
		s.outstanding.Equal(t.outstanding) && s.exercisable.Equal(t.exercisable)
}

// plain reports whether every way of counting gives a holder the same.
func (s *counts) plain(who int32) bool {
	return !s.apart && len(s.under[who]) == 0 && len(s.concerts) == 0
}
