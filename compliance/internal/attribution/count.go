package attribution

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
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

// On returns the figure that a base is about.
func (c amounts) On(base law.ThresholdBase) ratio.Ratio {
	switch base {
	case law.OfCapital, law.OfShares:
		return c.shares
	case law.OfTheoretical, law.OfVoting:
		return c.votes
	}
	return c.exercisable
}

// Reach says which stakes and rights count as a holder's: those with which it has one of the
// given roles, and perhaps those of others.
type Reach struct {
	roles        role
	subsidiaries bool
	byVotes      bool // subsidiaries are those by votes, without those by a fact of control
	concert      bool
	own          bool           // the company's own shares, if a member of it controls it
	deem         deem           // through which companies, if any
	rights       law.RightsRule // if roles has hasRight
}

// role is what a node is to a stake or a right. Roles are bits.
type role uint8

const (
	inName   role = 1 << iota // it holds the stake
	forMoney                  // the stake is held for its money
	casts                     // it casts the votes, see caster
	isPaid                    // a contract pays it what the stake is worth
	hasRight                  // it has a right to shares
)

// atStakes are the roles that a holder has at a stake without an instrument.
const atStakes = inName | forMoney | casts

// CountsStakes reports whether some stakes count without an instrument.
func (r Reach) CountsStakes() bool { return r.roles&atStakes != 0 }

// Kinds returns the reach to stakes alone, and the reach to instruments alone: rights to shares
// and contracts that pay what shares are worth.
func (r Reach) Kinds() (stakes, instruments Reach) {
	stakes, instruments = r, r
	stakes.roles, stakes.rights = r.roles&atStakes, law.RightsRule{}
	instruments.roles &^= atStakes
	instruments.own = false
	return stakes, instruments
}

// ReachOf returns the reach of a threshold.
func ReachOf(rule *law.Threshold, alone bool) Reach {
	grounds := rule.Counts
	if len(grounds) == 0 {
		grounds = law.ByDefault()
	}
	var r Reach
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
		case law.RightsToShares:
			r.roles |= hasRight
			r.rights = rule.Rights
		case law.OfSubsidiaries:
			r.subsidiaries = !alone
		case law.InConcert:
			r.concert = !alone
		case law.OwnShares:
			r.own = !alone
		case law.ThroughStakes:
			if !alone {
				r.deem = deemOf(&rule.Deemed)
			}
		}
	}
	return r
}

// ReachOfStatute returns the way in which a statute counts the stakes of the issuer.
func ReachOfStatute(s *law.Statute, alone bool) Reach {
	r := Reach{roles: casts, subsidiaries: !alone && (s.Kind == law.TestControls || s.Group), byVotes: true}
	if s.Measure == law.MeasureShares {
		r.roles = forMoney
	}
	return r
}

// part is one stake of a company and the roles of a node in it.
type part struct {
	stake int32 // counted from the company's first
	roles role
}

// link says that one node controls another.
type link struct {
	above, below int32
	fact         bool // not by votes alone
	deem         deem // not control, but enough votes
}

// Counts holds the amounts of all holders at one company. The company itself is not
// among the holders.
type Counts struct {
	*roster
	stakes []amounts // of each stake of the company
	rights []holderRight
	day    date.Date // on which rights are counted
	totals
}

// totals holds the bases of a company.
type totals struct {
	issued, shares                        ratio.Ratio // all shares, and all without treasury shares
	theoretical, outstanding, exercisable ratio.Ratio // all votes, all without those of treasury shares, and those that the law leaves
}

// hasTreasury reports whether the company has shares of itself.
func (t *totals) hasTreasury() bool { return t.shares.Less(t.issued) }

func (t *totals) equal(o *totals) bool {
	return t.issued.Equal(o.issued) && t.shares.Equal(o.shares) && t.theoretical.Equal(o.theoretical) &&
		t.outstanding.Equal(o.outstanding) && t.exercisable.Equal(o.exercisable)
}

// on returns the total of a base.
func (t *totals) on(base law.ThresholdBase) ratio.Ratio {
	switch base {
	case law.OfCapital:
		return t.issued
	case law.OfShares:
		return t.shares
	case law.OfTheoretical:
		return t.theoretical
	case law.OfVoting:
		return t.outstanding
	}
	return t.exercisable
}

// totalsOf returns the bases of a company with shares.
func totalsOf(g crossholding.Graph, v *crossholding.Votes, company int32) (totals, error) {
	m, err := v.Meeting(g.ID(company))
	if err != nil {
		return totals{}, err
	}
	issued, treasury := g.Issued(company)
	return totals{issued, issued.Sub(treasury), m.Theoretical, m.Theoretical.Sub(m.Treasury), m.Exercisable}, nil
}

// newCounts counts a company in one pass over its stakes.
func newCounts(g crossholding.Graph, v *crossholding.Votes, company int32) (*Counts, error) {
	s := &Counts{roster: &roster{company: company}}
	if !g.HasShares(company) {
		return s, nil
	}
	var err error
	if s.totals, err = totalsOf(g, v, company); err != nil {
		return nil, err
	}
	from, to := g.Stakes(company)
	n := int(to - from)
	s.stakes, s.casters = make([]amounts, 0, n), make([]int32, 0, n)
	list := make([]noted, 0, n+2)
	note := func(who int32, as role) {
		if who != crossholding.NoNode { // nobody casts neutral votes
			list = append(list, noted{who, part{int32(len(s.stakes)), as}})
		}
	}
	for e, votes := range v.Stakes(company) {
		k := g.Stake(e)
		x, money := caster(k, votes), forMoney
		if k.CashSettled {
			money = isPaid
		}
		if k.Beneficiary == k.Holder && x == k.Holder {
			note(x, inName|money|casts)
		} else {
			s.apart = true
			note(k.Holder, inName)
			note(k.Beneficiary, money)
			note(x, casts)
		}
		s.stakes, s.casters = append(s.stakes, amounts{g.Shares(e), votes.Theoretical, votes.Exercisable}), append(s.casters, x)
	}
	s.index(list)
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

// gather records the concerts that can count at the company, and what each controller controls of
// the holders and of the members of these concerts.
func (s *Counts) gather(ctx context.Context, of *State) error {
	chains := of.chains
	nodes := s.nodes
	if len(s.rights) > 0 {
		nodes = slices.Clone(nodes)
		for i := range s.rights {
			nodes = append(nodes, s.rights[i].who)
		}
	}
	if s.concerts = of.index.at(s.company, nodes, chains); len(s.concerts) > 0 {
		nodes = slices.Concat(slices.Concat(s.concerts...), nodes)
	}
	if len(s.concerts) > 0 || len(s.rights) > 0 {
		slices.Sort(nodes)
		nodes = slices.Compact(nodes)
	}
	if s.hasTreasury() {
		for _, x := range chains[s.company] {
			s.over = append(s.over, link{above: x, fact: of.over != of.Above && !of.Above.Controls(x, s.company)})
		}
	}
	for _, y := range nodes {
		if y == s.company {
			continue
		}
		for _, x := range chains[y] {
			if x != s.company { // stakes that the company holds in itself through others count only for its controllers
				s.under = append(s.under, link{above: x, below: y, fact: of.over != of.Above && !of.Above.Controls(x, y)})
			}
		}
	}
	for _, d := range of.deemsAt(s.company) {
		s.deemed = true
		if s.hasTreasury() {
			above, err := of.deemers(ctx, d, s.company)
			if err != nil {
				return err
			}
			for _, x := range above {
				s.over = append(s.over, link{above: x, deem: d})
			}
		}
		for _, y := range nodes {
			if y == s.company {
				continue
			}
			above, err := of.deemers(ctx, d, y)
			if err != nil {
				return err
			}
			for _, x := range above {
				if x != s.company {
					s.under = append(s.under, link{above: x, below: y, deem: d})
				}
			}
		}
	}
	slices.SortFunc(s.under, func(a, b link) int {
		if a.above != b.above {
			return int(a.above) - int(b.above)
		}
		return int(a.below) - int(b.below)
	})
	s.listHolders()
	return nil
}

// listHolders lists all who can have something of the company.
func (s *Counts) listHolders() {
	nodes := make([]int32, 0, len(s.nodes)+len(s.under)+len(s.rights))
	nodes = append(nodes, s.nodes...)
	for _, k := range s.under {
		nodes = append(nodes, k.above)
	}
	for _, k := range s.over {
		nodes = append(nodes, k.above)
	}
	for _, members := range s.concerts {
		nodes = append(nodes, members...)
	}
	for i := range s.rights {
		nodes = append(nodes, s.rights[i].who)
	}
	slices.Sort(nodes)
	s.holders = slices.DeleteFunc(slices.Compact(nodes), func(who int32) bool { return who == s.company })
}

// Holders lists all who can have something of the company, ascending. The list must not be changed.
func (s *Counts) Holders() []int32 { return s.holders }

// HoldersWith lists the holders of the counts and of those of another day, ascending. The list must
// not be changed.
func (s *Counts) HoldersWith(o *Counts) []int32 {
	if s.roster == o.roster {
		return s.holders
	}
	nodes := slices.Concat(s.holders, o.holders)
	slices.Sort(nodes)
	return slices.Compact(nodes)
}

// Scratch is memory that is used again and again. It is not safe for concurrent use.
type Scratch struct {
	members []int32
	seen    map[int32]bool
}

// Figures is what counts as a holder's in one way.
type Figures struct {
	amounts         // of its stakes and rights
	fresh   amounts // what its rights add to the bases
}

// Equal reports whether two figures are the same.
func (f *Figures) Equal(o *Figures) bool {
	return f.amounts.equal(o.amounts) && f.fresh.equal(o.fresh)
}

// Of returns the amount on a base, and the base.
func (f *Figures) Of(s *Counts, base law.ThresholdBase) (have, total ratio.Ratio) {
	return f.On(base), s.on(base).Add(f.fresh.On(base))
}

// Fraction returns the amount as a fraction of the base, or 0 if the base is 0.
func (f *Figures) Fraction(s *Counts, base law.ThresholdBase) ratio.Ratio {
	have, total := f.Of(s, base)
	if total.IsZero() {
		return ratio.Ratio{}
	}
	return have.Div(total)
}

// Figures adds up the stakes and rights that count as a holder's, each once.
func (s *Counts) Figures(w *Scratch, who int32, r Reach) Figures {
	members := s.members(w, who, r)
	var sum Figures
	once := s.apart && len(members) > 1
	if once {
		if w.seen == nil {
			w.seen = map[int32]bool{}
		}
		clear(w.seen)
	}
	for _, m := range members {
		for _, p := range s.of(m) {
			if p.roles&r.roles == 0 || once && w.seen[p.stake] {
				continue
			}
			if once {
				w.seen[p.stake] = true
			}
			sum.amounts = sum.add(s.stakes[p.stake])
		}
	}
	if s.ownShares(members, r) {
		sum.amounts = sum.add(amounts{shares: s.issued.Sub(s.shares), votes: s.theoretical.Sub(s.outstanding)})
	}
	if r.roles&hasRight != 0 {
		s.addRights(&sum, members, r.rights)
	}
	return sum
}

// With lists the others whose stakes and rights count as a holder's.
func (s *Counts) With(w *Scratch, who int32, r Reach) []int32 {
	var out []int32
	members := s.members(w, who, r)
	if s.ownShares(members, r) {
		out = append(out, s.company)
	}
	for _, m := range members {
		if m == who {
			continue
		}
		if slices.ContainsFunc(s.of(m), func(p part) bool { return p.roles&r.roles != 0 && !s.stakes[p.stake].shares.IsZero() }) || s.hasRight(m, r) {
			out = append(out, m)
		}
	}
	slices.Sort(out)
	return out
}

// Plain reports whether every way of counting gives a holder the same.
func (s *Counts) Plain(who int32) bool {
	if s.apart || len(s.concerts) > 0 || len(s.rights) > 0 {
		return false
	}
	if slices.ContainsFunc(s.over, func(k link) bool { return k.above == who }) {
		return false
	}
	_, above := slices.BinarySearchFunc(s.under, who, func(k link, who int32) int { return int(k.above) - int(who) })
	return !above
}
