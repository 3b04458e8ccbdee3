// Package interest counts what the parties behind one company have of it: directly, with what
// they control, with what they hold jointly, and with their partners in concerts.
package interest

import (
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance/internal/together"
	"github.com/crossholding/crossholding/ratio"
)

// Options say how interests are counted.
type Options struct {
	Voting           crossholding.VotingOptions
	Ownership        crossholding.OwnershipOptions
	ControlThreshold ratio.Ratio // more than this is control
	ControlByVotes   bool        // a majority of the votes alone is control, and not one of each basis
	Treasury         bool        // treasury shares count in the total of shares
	Joint            bool        // what several hold jointly counts for each of them
	Rights           bool        // partners in concerts have their rights to appoint directors together
}

// Interests are the interests in one company. They are not safe for concurrent use.
type Interests struct {
	G        crossholding.Graph
	Company  int32
	By       []*Basis // shares, votes, profits
	Concerts []crossholding.Concert
	Joint    *Joint                            // nil if joint holders are one
	Above    []int32                           // the nodes behind the company: by stakes, facts, concerts and rights
	Facts    map[int32][]crossholding.NodeFact // by company: the facts of control over it
	holders  []int32                           // the joint holders behind the company that count for their members
	boards   *Boards                           // nil if partners do not have rights together
	opt      Options
}

// Basis is one way of counting interests.
type Basis struct {
	Number int                    // in [Interests.By]
	Tally  *crossholding.Tally    // counts the shares or votes of all companies
	Held   []crossholding.Holding // fractions of the company

	solver   *Solver
	owners   map[int32][]crossholding.Holding // by company: its outside owners, if they were computed
	closed   map[int32][]Part                 // by company: the parts of closed rings, likewise
	groups   map[int32]*Group
	worth    map[int32]map[int32]ratio.Ratio // by outside owner: what a unit of each node is worth to it, likewise
	arranged map[int32]*Arrangement          // by party, likewise
}

// New returns the interests in a company.
func New(ctx context.Context, a *crossholding.Alliance, company int32, opt Options) (*Interests, error) {
	q := &Interests{G: a.Graph(), Company: company, opt: opt}
	shares, err := a.Tally(ctx, crossholding.BasisCapital, opt.Voting)
	if opt.Treasury && err == nil {
		shares, err = q.G.IssuedShares()
	}
	if err != nil {
		return nil, err
	}
	v, err := a.Votes(ctx, opt.Voting)
	if err != nil {
		return nil, err
	}
	votes, err := v.Tally("")
	if err != nil {
		return nil, err
	}
	profits, err := q.G.Dividends()
	if err != nil {
		return nil, err
	}
	q.Concerts = v.Concerts()
	for _, t := range []*crossholding.Tally{shares, votes, profits} {
		if err := q.count(ctx, t); err != nil {
			return nil, err
		}
	}
	return q, q.link(ctx, votes, shares, profits)
}

// link finds who is behind the company. The first tally is that of votes.
func (q *Interests) link(ctx context.Context, tallies ...*crossholding.Tally) (err error) {
	if q.opt.Joint {
		q.Joint = NewJoint(tallies[0], q.Company)
	}
	if q.opt.Rights {
		if q.boards, err = NewBoards(q.G, q.Joint); err != nil {
			return err
		}
	}
	others := func(x int32) []int32 { return append(q.boards.Holders(x), q.Joint.Members(x)...) }
	seen, err := together.Behind(ctx, tallies, q.Concerts, others, q.Company)
	if err != nil {
		return err
	}
	q.Facts = map[int32][]crossholding.NodeFact{}
	for f := range tallies[0].Facts() {
		if seen[f.Company] {
			q.Facts[f.Company] = append(q.Facts[f.Company], f)
		}
	}
	delete(seen, q.Company)
	q.Above = slices.Sorted(maps.Keys(seen))
	q.holders = slices.DeleteFunc(q.Joint.Holders(), func(x int32) bool { return !seen[x] })
	return nil
}

// count adds a basis. If the basis counts the same as one before it, the two share their
// answers.
func (q *Interests) count(ctx context.Context, t *crossholding.Tally) error {
	for _, m := range q.By {
		if m.Tally.Equal(t) {
			same := *m
			same.Number = len(q.By)
			q.By = append(q.By, &same)
			return nil
		}
	}
	solver, err := NewSolver(ctx, t, q.opt.Ownership)
	if err != nil {
		return err
	}
	m := &Basis{Number: len(q.By), Tally: t, solver: solver, owners: map[int32][]crossholding.Holding{}, closed: map[int32][]Part{},
		groups: map[int32]*Group{}, worth: map[int32]map[int32]ratio.Ratio{}, arranged: map[int32]*Arrangement{}}
	if q.G.HasShares(q.Company) {
		m.Held = t.Fractions(q.Company)
	}
	q.By = append(q.By, m)
	return nil
}

// Votes returns the basis of votes.
func (q *Interests) Votes() *Basis { return q.By[1] }

// Deciding returns the basis that decides control where m is counted.
func (q *Interests) Deciding(m *Basis) *Basis {
	if q.opt.ControlByVotes {
		return q.Votes()
	}
	return m
}

// Majority returns the rule of control.
func (q *Interests) Majority() crossholding.Rule {
	return crossholding.Rule{Threshold: q.opt.ControlThreshold}
}

// Outside reports whether a node can be an owner: it issues no shares, and it is no joint holder
// whose holdings count for its members instead.
func (q *Interests) Outside(x int32) bool {
	return !q.G.HasShares(x) && len(q.Joint.Members(x)) == 0
}

// Group returns x with all that it controls by one basis and by facts.
func (q *Interests) Group(ctx context.Context, m *Basis, x int32) (*Group, error) {
	m = q.Deciding(m)
	if g := m.groups[x]; g != nil {
		return g, nil
	}
	g, err := q.GroupOf(ctx, m, x)
	if err != nil {
		return nil, err
	}
	m.groups[x] = g
	return g, nil
}

// GroupOf returns some nodes with all that they control together by one basis and by facts.
func (q *Interests) GroupOf(ctx context.Context, m *Basis, nodes ...int32) (*Group, error) {
	return q.Joint.Group(ctx, q.Deciding(m).Tally, q.Majority(), nodes...)
}

// ByShares returns x with all that it controls by one basis, without facts.
func (q *Interests) ByShares(ctx context.Context, m *Basis, x int32) (*Group, error) {
	rule := q.Majority()
	rule.NoFacts = true
	return q.Joint.Group(ctx, q.Deciding(m).Tally, rule, x)
}

// HeldBy returns the fraction of the company that the members of a group have directly.
func (m *Basis) HeldBy(g *Group) ratio.Ratio {
	return sum(m.Held, g.Has)
}

// Outvotes reports whether what a group has of the company is enough to control it,
// whether or not it also controls it by a fact.
func (q *Interests) Outvotes(m *Basis, g *Group) bool {
	m = q.Deciding(m)
	if !q.G.HasShares(q.Company) {
		return false
	}
	base := m.Tally.Base(q.Company)
	return !base.IsZero() && g.Votes(q.Company).Div(base).Reaches(q.opt.ControlThreshold, false)
}

// Through returns the companies under a group's control that have some of the company.
func (q *Interests) Through(m *Basis, g *Group) []string {
	var out []string
	for _, h := range m.Held {
		if g.Controls(h.Node) && h.Node != q.Company {
			out = append(out, q.G.ID(h.Node))
		}
	}
	return out
}

// union returns the nodes of the groups of several parties, each by itself.
func (q *Interests) union(ctx context.Context, m *Basis, nodes []int32) (map[int32]bool, error) {
	out := map[int32]bool{}
	for _, x := range nodes {
		g, err := q.Group(ctx, m, x)
		if err != nil {
			return nil, err
		}
		for y := range g.Nodes() {
			out[y] = true
		}
	}
	return out, nil
}

// sum adds up the amounts of some nodes.
func sum(list []crossholding.Holding, has func(int32) bool) ratio.Ratio {
	var sum ratio.Ratio
	for _, h := range list {
		if has(h.Node) {
			sum = sum.Add(h.Amount)
		}
	}
	return sum
}

// among reports for a node whether it is one of some.
func among(nodes map[int32]bool) func(int32) bool {
	return func(x int32) bool { return nodes[x] }
}
