package attribution

import (
	"context"
	"slices"

	"github.com/crossholding/crossholding"
)

// Align gives two states the same companies, if a step founded or ended one. A company
// that is missing in one of them has no shares there.
func Align(ctx context.Context, before, after *State, voting *crossholding.VotingOptions) (was, is *State, err error) {
	if was, err = before.besides(ctx, after, voting); err == nil {
		is, err = after.besides(ctx, before, voting)
	}
	return was, is, err
}

func (s *State) besides(ctx context.Context, other *State, voting *crossholding.VotingOptions) (*State, error) {
	if sameNodes(s.Graph, other.Graph) {
		return s, nil
	}
	var missing []crossholding.Company
	for i := range int32(other.Graph.Len()) {
		if _, err := s.Graph.Node(other.Graph.ID(i)); err != nil {
			missing = append(missing, crossholding.Company{ID: other.Graph.ID(i)})
		}
	}
	if len(missing) == 0 {
		return s, nil
	}
	b := s.a.Book()
	b.Companies = append(b.Companies, missing...)
	a, err := crossholding.New(b)
	if err != nil {
		return nil, err
	}
	out, err := NewState(ctx, a, voting)
	if err == nil {
		out.deeming = s.deeming
		out.listThrough()
	}
	return out, err
}

// sameNodes reports whether two graphs number the same companies and parties alike.
func sameNodes(g, h crossholding.Graph) bool {
	if g.Len() != h.Len() {
		return false
	}
	for i := range int32(g.Len()) {
		if g.ID(i) != h.ID(i) {
			return false
		}
	}
	return true
}

// CountAfter returns the counts at the company of old, which are those of an earlier state with the
// same nodes, controllers and concerts. It returns old itself if the step changed nothing there. If
// only numbers changed, the counts share who holds the stakes.
func (s *State) CountAfter(ctx context.Context, before *State, old *Counts) (*Counts, error) {
	k, err := s.countAgain(before, old)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return s.Count(ctx, old.company)
	}
	s.counts[old.company] = k
	return k, nil
}

// countAgain is CountAfter where other nodes hold no stakes, and nil elsewhere.
func (s *State) countAgain(before *State, old *Counts) (*Counts, error) {
	c := old.company
	from, to := s.Graph.Stakes(c)
	first, end := before.Graph.Stakes(c)
	if to-from != end-first || !s.Graph.HasShares(c) || !before.Graph.HasShares(c) || !sameRights(old.rights, s.rights[c]) || old.deemed || len(s.deemsAt(c)) > 0 {
		return nil, nil
	}
	total, err := totalsOf(s.Graph, s.votes, c)
	if err != nil || total.hasTreasury() != old.hasTreasury() { // which counts for those who control the company
		return nil, err
	}
	stakes, moved := old.stakes, false
	for e, votes := range s.votes.Stakes(c) {
		i, k := int(e-from), s.Graph.Stake(e)
		if k != before.Graph.Stake(first+int32(i)) || caster(k, votes) != old.casters[i] {
			return nil, nil
		}
		now := amounts{s.Graph.Shares(e), votes.Theoretical, votes.Exercisable}
		if now.equal(old.stakes[i]) {
			continue
		}
		if !moved {
			stakes, moved = slices.Clone(stakes), true
		}
		stakes[i] = now
	}
	day := s.Day()
	if !moved && total.equal(&old.totals) && (len(old.rights) == 0 || day == old.day) {
		return old, nil
	}
	return &Counts{roster: old.roster, stakes: stakes, rights: old.rights, day: day, totals: total}, nil
}

// Affected returns the companies in which a stake can have changed. These are the
// issuers of the step, the companies whose meetings change by law or contract, and the
// companies held by a company whose controllers changed, or by those who act in concert
// with it, the companies to whose shares rights changed, and all companies at which shares count
// through stakes. On a day on which rules change,
// and where concerts change, these are all companies. Local says that all controllers,
// concerts and nodes are those of before.
func Affected(issuers []string, dated bool, before, after *State) (list []int32, local bool) {
	g := after.Graph
	together := slices.EqualFunc(before.concerts, after.concerts, sameConcert)
	moved := movedChains(before, after)
	local = together && len(moved) == 0
	if dated || !together {
		out := make([]int32, g.Len())
		for y := range out {
			out[y] = int32(y)
		}
		return out, local
	}
	var out []int32
	if !local {
		for y := range moved {
			out = append(out, y) // its own shares can count for others
		}
		out = append(out, after.heldBy(moved)...)
	}
	for _, issuer := range issuers {
		if c, err := g.Node(issuer); err == nil {
			out = append(out, c)
		}
	}
	out = append(append(out, before.special...), after.special...)
	out = before.listDeemed(after.listDeemed(out))
	out = movedRights(out, before.rights, after.rights)
	slices.Sort(out)
	return slices.Compact(out), local
}

// movedChains returns the nodes whose controllers changed.
func movedChains(before, after *State) (moved map[int32]bool) {
	if before.over == after.over { // and so are those by votes alone
		return nil
	}
	for y := range int32(after.Graph.Len()) {
		if !slices.Equal(before.chains[y], after.chains[y]) || !slices.Equal(before.chainByVotes(y), after.chainByVotes(y)) {
			if moved == nil {
				moved = map[int32]bool{}
			}
			moved[y] = true
		}
	}
	return moved
}

// chainByVotes returns the controllers of a node by votes alone.
func (s *State) chainByVotes(y int32) []int32 {
	if s.byVotes == nil {
		return s.chains[y]
	}
	return s.byVotes[y]
}

// heldBy lists the companies of which some nodes, or those who act in concert with them,
// hold shares. It adds the partners to the nodes.
func (s *State) heldBy(nodes map[int32]bool) []int32 {
	for _, p := range s.concerts {
		if slices.ContainsFunc(p.Members, func(m int32) bool { return nodes[m] }) {
			for _, m := range p.Members {
				nodes[m] = true
			}
		}
	}
	var out []int32
	for y := range int32(s.Graph.Len()) {
		from, to := s.Graph.Stakes(y)
		for e := from; e < to; e++ {
			if k := s.Graph.Stake(e); nodes[k.Holder] || nodes[k.Beneficiary] || nodes[k.Voter] {
				out = append(out, y)
				break
			}
		}
		if slices.ContainsFunc(s.rights[y], func(k holderRight) bool { return nodes[k.who] }) {
			out = append(out, y)
		}
	}
	return out
}

// sameConcert reports whether two concerts have the same members and are about the same
// company.
func sameConcert(p, o crossholding.Concert) bool {
	return p.Over == o.Over && slices.Equal(p.Members, o.Members)
}
