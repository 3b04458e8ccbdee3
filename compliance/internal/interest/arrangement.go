package interest

import (
	"context"
	"slices"
	"strings"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/ratio"
)

// Arrangement is a party that is treated as having what its partners in concerts have. Two
// concerts are not chained: the partners of a partner do not count.
type Arrangement struct {
	Alone *Group         // what the party has by itself
	Own   *Group         // what it has with companies that it controls with its partners
	Nodes map[int32]bool // those whose holdings and rights count in the company

	q     *Interests
	m     *Basis   // decides control
	seeds []int32  // the party, and companies that it controls with its partners
	all   *Group   // what it has with these and with partners in concerts about all companies
	used  []string // concerts that add something
}

// Arrange finds the nodes whose holdings of the company count for a party. It returns nil if the
// party has no part in a concert. A concert about
// another company counts there: the party then has a majority stake in that company if the
// sum is a majority of the votes or of the seats of the board.
func (q *Interests) Arrange(ctx context.Context, m *Basis, x int32) (*Arrangement, error) {
	m = q.Deciding(m)
	if a := m.arranged[x]; a != nil {
		return a, nil
	}
	a := &Arrangement{q: q, m: m, seeds: []int32{x}}
	var err error
	if a.Alone, err = q.Group(ctx, m, x); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(q.Concerts, func(p crossholding.Concert) bool { return slices.ContainsFunc(p.Members, a.Alone.Has) }) {
		return nil, nil
	}
	m.arranged[x] = a
	for {
		if a.Own, err = q.GroupOf(ctx, m, a.seeds...); err != nil {
			return nil, err
		}
		if err := a.combine(ctx); err != nil {
			return nil, err
		}
		gained, err := a.gained(ctx)
		if err != nil || gained == crossholding.NoNode {
			return a, err
		}
		a.seeds = append(a.seeds, gained)
	}
}

// combine collects the nodes that count in the company.
func (a *Arrangement) combine(ctx context.Context) error {
	q := a.q
	about := []int32{}
	for _, p := range q.Concerts {
		if p.Over == q.Company && slices.ContainsFunc(p.Members, a.Own.Has) {
			about = append(about, p.Members...)
			a.used = append(a.used, p.Agreement)
		}
	}
	seeds := slices.Clone(a.seeds)
	for _, p := range q.Concerts {
		if p.Over == crossholding.NoNode && slices.ContainsFunc(p.Members, a.Own.Has) {
			seeds = append(seeds, p.Members...)
			a.used = append(a.used, p.Agreement)
		}
	}
	var err error
	if a.all, err = q.GroupOf(ctx, a.m, seeds...); err != nil {
		return err
	}
	if a.Nodes, err = q.union(ctx, a.m, about); err != nil {
		return err
	}
	for y := range a.all.Nodes() {
		a.Nodes[y] = true
	}
	return nil
}

// gained returns a company other than the one in question that the party controls only by a concert
// about it, or no node. What it controls with partners everywhere is among all.
func (a *Arrangement) gained(ctx context.Context) (int32, error) {
	q := a.q
	for _, p := range q.Concerts {
		if p.Over == crossholding.NoNode || p.Over == q.Company || a.Own.Has(p.Over) || !slices.ContainsFunc(p.Members, a.Own.Has) {
			continue
		}
		partners, err := q.union(ctx, a.m, p.Members)
		if err != nil {
			return 0, err
		}
		for y := range a.Own.Nodes() {
			partners[y] = true
		}
		has := func(y int32) bool { return partners[y] }
		votes := q.G.HasShares(p.Over) && sum(a.m.Tally.Fractions(p.Over), among(partners)).Reaches(q.opt.ControlThreshold, false)
		if votes || mostSeats(q.boards.Seats(p.Over, has)) || len(q.appointing(p.Over, has)) > 0 {
			a.used = append(a.used, p.Agreement)
			return p.Over, nil
		}
	}
	return crossholding.NoNode, nil
}

// mostSeats reports whether a part of a board is more than half of it.
func mostSeats(seats ratio.Ratio) bool { return seats.Reaches(ratio.Of(1, 2), false) }

// had returns a fact as some nodes have it, and whether they do.
func (q *Interests) had(f crossholding.NodeFact, has func(int32) bool) (crossholding.NodeFact, bool) {
	return together.Had(q.G, f, has, q.Joint != nil)
}

// appointing returns the facts about a company of those among some nodes who appoint its board.
func (q *Interests) appointing(company int32, has func(int32) bool) []crossholding.NodeFact {
	var out []crossholding.NodeFact
	for _, f := range q.Facts[company] {
		if part, ok := q.had(f, has); ok && f.Fact.By == crossholding.ControlByAppointment {
			out = append(out, part)
		}
	}
	return out
}

// Board reports whether partners add to the party's right to appoint the company's board, and
// whether it then appoints more than half. It returns the fraction that agreements give, the
// facts, and the companies through which the party has the right.
func (a *Arrangement) Board() (seats ratio.Ratio, facts []crossholding.Fact, through []string, ok bool) {
	q := a.q
	counts := func(y int32) bool { return y != q.Company && a.Nodes[y] }
	seats = q.boards.Seats(q.Company, counts)
	all := q.appointing(q.Company, counts)
	gained := len(all) > 0 && len(q.appointing(q.Company, a.Alone.Has)) == 0
	more := mostSeats(seats) && q.boards.Seats(q.Company, a.Alone.Has).Less(seats)
	if !gained && !more {
		return seats, nil, nil, false
	}
	holders := q.boards.Holders(q.Company)
	for _, f := range all {
		facts, holders = append(facts, f.Fact), append(holders, f.Controllers...)
	}
	return seats, facts, a.Through(holders), true
}

// Gained returns the facts about the company, other than of who appoints its board, that count only
// because the party controls companies with its partners.
func (a *Arrangement) Gained() []crossholding.NodeFact {
	q := a.q
	has := func(y int32) bool { return y != q.Company && (a.Own.Has(y) || a.all.Controls(y)) }
	var out []crossholding.NodeFact
	for _, f := range q.Facts[q.Company] {
		part, ok := q.had(f, has)
		if _, alone := q.had(f, a.Alone.Has); ok && !alone && f.Fact.By != crossholding.ControlByAppointment {
			out = append(out, part)
		}
	}
	return out
}

// Held returns what counts for the party by a basis.
func (a *Arrangement) Held(m *Basis) ratio.Ratio { return sum(m.Held, among(a.Nodes)) }

// Controlled returns what the party and the companies that it controls, alone or with its partners,
// have of the company by a basis, and these companies. What its partners have directly is not in it.
func (a *Arrangement) Controlled(m *Basis) (share ratio.Ratio, through []string) {
	counts := func(y int32) bool { return a.Alone.Has(y) || a.Own.Has(y) || a.all.Controls(y) }
	for _, h := range m.Held {
		if counts(h.Node) && h.Node != a.q.Company && a.q.G.HasShares(h.Node) {
			through = append(through, a.q.G.ID(h.Node))
		}
	}
	slices.Sort(through)
	return sum(m.Held, counts), through
}

// Through returns the companies among some nodes that count for the party, sorted.
func (a *Arrangement) Through(nodes []int32) []string {
	var out []string
	for _, y := range nodes {
		if a.Nodes[y] && y != a.q.Company && (a.q.G.HasShares(y) || a.all.Controls(y)) {
			out = append(out, a.q.G.ID(y))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Agreements returns the ids of the concerts that were used.
func (a *Arrangement) Agreements() string {
	slices.Sort(a.used)
	return strings.Join(slices.Compact(a.used), ", ")
}
