package crossholding

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// Tally is one way of counting the votes, or shares, of every company. It holds the votes
// of each holder and the total of which they are a fraction. It answers who controls
// whom, and [Tally.With] makes a tally with other votes.
//
// [Alliance.Tally], [Votes.Tally] and [Graph.Dividends] make it. It is immutable and safe
// for concurrent use. The zero value counts an empty book.
type Tally struct {
	a *Alliance
	v *Votes // the votes that are counted; nil if shares are counted
	t *tally.Tally

	economic bool // it is the count of Graph.Dividends, for which the alliance keeps a solver
}

// Holding is an amount or a fraction that a node has of a company. The method that
// returns it says which. It is plain data.
type Holding struct {
	Node   int32
	Float  bool // the float of Node has it, not Node
	Amount ratio.Ratio
}

// Meeting holds the votes of one company for a [Tally]. It is plain data.
type Meeting struct {
	Voters []int32       // of each of the company's stakes, in order: the voter, or [NoNode]
	Votes  []ratio.Ratio // of each of the company's stakes, not negative
	Base   ratio.Ratio   // the total of which the votes are a fraction, not negative
}

// Rule says when votes are enough to control a company or to pass a resolution. It is
// plain data. The zero value is a majority: more than 1/2.
type Rule struct {
	Name      string      `json:"name,omitempty"`
	Threshold ratio.Ratio `json:"threshold"`          // a fraction 0..1; 0 means 1/2
	AtLeast   bool        `json:"at_least,omitempty"` // reaching the threshold is enough; default: more than it
	Presumed  ratio.Ratio `json:"presumed,omitzero"`  // for control: more than this is enough if nobody else has as many
	NoFacts   bool        `json:"no_facts,omitempty"` // for control: facts of control do not give it, see [ControlOptions]
}

// Tally returns the count by basis. By default it counts the votes that can move a
// result, by voter. [BasisExercisable] and [BasisTheoretical] count these votes, by voter.
// [BasisCapital] counts outstanding shares, by beneficiary. The errors are those of
// [Alliance.Votes], and [ErrUnknown] for another basis.
func (a *Alliance) Tally(ctx context.Context, basis Basis, opt VotingOptions) (*Tally, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if err := a.requireExact("Bounds.Controls"); err != nil {
		return nil, err
	}
	switch basis {
	case BasisCapital:
		a.cache.capital.Do(func() { a.cache.shares = tally.OutstandingShares(&a.graph) })
		return &Tally{a: a, t: a.cache.shares}, nil
	case "", BasisExercisable, BasisTheoretical:
		v, err := a.Votes(ctx, opt)
		if err != nil {
			return nil, err
		}
		return v.Tally(basis)
	}
	return nil, unknownOption("basis", basis, BasisExercisable, BasisTheoretical, BasisCapital)
}

// Tally returns the count of the votes of v. By default these are the votes that can move
// a result, otherwise [BasisExercisable] or [BasisTheoretical] votes. It fails with
// [ErrUnknown] for another basis.
func (v *Votes) Tally(basis Basis) (*Tally, error) {
	v = v.orEmpty()
	switch basis {
	case "", BasisExercisable, BasisTheoretical:
		return &Tally{a: v.a, v: v, t: v.countFor(basis)}, nil
	}
	return nil, unknownOption("basis of votes", basis, BasisExercisable, BasisTheoretical)
}

// Dividends returns the count of outstanding shares by beneficiary, weighted by dividend.
func (g Graph) Dividends() (*Tally, error) {
	if g.a == nil {
		g.a = empty()
	}
	if err := g.a.requireExact("Bounds.FirstPassage"); err != nil {
		return nil, err
	}
	k := &g.a.graph
	return &Tally{a: g.a, economic: true, t: tally.New(k, &k.Dividends, k.Beneficiary, &k.ByBeneficiary, tally.OutstandingVotes(k, &k.Dividends, false), nil)}, nil
}

// IssuedShares returns the count of outstanding shares by beneficiary, as [BasisCapital] does, but
// with treasury shares in the total of which they are fractions.
func (g Graph) IssuedShares() (*Tally, error) {
	if g.a == nil {
		g.a = empty()
	}
	if err := g.a.requireExact("Bounds.Controls"); err != nil {
		return nil, err
	}
	return &Tally{a: g.a, t: g.a.issuedShares()}, nil
}

// issuedShares returns the count of shares by beneficiary with the treasury in the total.
func (a *Alliance) issuedShares() *tally.Tally {
	g := &a.graph
	a.cache.issued.Do(func() {
		a.cache.issuedShares = tally.New(g, &g.Capital, g.Beneficiary, &g.ByBeneficiary, tally.AllVotes(&g.Capital), nil)
	})
	return a.cache.issuedShares
}

// emptyTally is the count of an empty book.
var emptyTally = sync.OnceValue(func() *Tally { return must(emptyVotes().Tally("")) })

func (t *Tally) orEmpty() *Tally {
	if t == nil || t.t == nil {
		return emptyTally()
	}
	return t
}

// Graph returns the graph that is counted.
func (t *Tally) Graph() Graph { return Graph{t.orEmpty().a} }

// Base returns the total of which holdings of a company are a fraction.
func (t *Tally) Base(company int32) ratio.Ratio { return t.orEmpty().t.Base(company) }

// Holdings returns the amounts of a company that nodes have, by node, each node once.
// Neutral votes, votes of the float and amounts of 0 are left out.
func (t *Tally) Holdings(company int32) []Holding {
	return tally.HoldingsOf[Holding](t.orEmpty().t, company)
}

// Fractions returns the holdings of a company as fractions of its base. It returns none
// if the base is 0.
func (t *Tally) Fractions(company int32) []Holding {
	return tally.SharesOf[Holding](t.orEmpty().t, company)
}

// Stake returns the node that has stake e, or [NoNode], and its amount.
func (t *Tally) Stake(e int32) (node int32, amount ratio.Ratio) { return t.orEmpty().t.Stake(e) }

// Held returns the stakes that any of some nodes has, ascending, so by company.
func (t *Tally) Held(nodes ...int32) []int32 { return t.orEmpty().t.Held(nodes...) }

// CompanyStakes is some of the stakes in one company, and what they count together. Neutral votes
// count nothing.
type CompanyStakes struct {
	Stakes []int32
	Sum    ratio.Ratio
}

// ByCompany yields what some stakes, in ascending order, count together in each company, in order
// of node. It panics if there is no such stake, as [Tally.Stake] does.
func (t *Tally) ByCompany(stakes []int32) iter.Seq2[int32, CompanyStakes] {
	return func(yield func(int32, CompanyStakes) bool) {
		for c, part := range t.orEmpty().t.Parts(stakes) {
			if !yield(c, CompanyStakes(part)) {
				return
			}
		}
	}
}

// Differ returns the companies that u, a tally of the same alliance, does not count as t does, in
// order of node: a stake has another node or amount, or the base is another. It returns nil if the
// alliances differ, because their nodes are not the same.
func (t *Tally) Differ(u *Tally) []int32 {
	if t, u = t.orEmpty(), u.orEmpty(); t.a != u.a {
		return nil
	}
	return t.t.Differ(u.t)
}

// Issuers returns the companies of which any of some nodes has something,
// ascending.
func (t *Tally) Issuers(nodes ...int32) []int32 { return t.orEmpty().t.Issuers(nodes...) }

// Upstream returns the nodes that have something of a company, directly or through
// others, with the company itself, ascending. It fails with [ErrUnknown] for a number that is not
// a node, and returns ctx's error when ctx is done.
func (t *Tally) Upstream(ctx context.Context, company int32) ([]int32, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	t = t.orEmpty()
	if err := (Graph{t.a}).checkNodes([]int32{company}); err != nil {
		return nil, err
	}
	return t.t.Upstream(ctx, company)
}

// With returns a tally in which the meetings of some companies are replaced. It fails
// with [ErrRange] if a meeting does not have a voter and votes for each of the
// company's stakes, or if an amount is negative.
func (t *Tally) With(meetings map[int32]Meeting) (*Tally, error) {
	if len(meetings) == 0 {
		return t, nil
	}
	t = t.orEmpty()
	g := Graph{t.a}
	columns := make(map[int32]tally.Column, len(meetings))
	for c, m := range meetings {
		if err := g.checkNodes([]int32{c}); err != nil {
			return nil, err
		}
		from, to := g.Stakes(c)
		if len(m.Voters) != int(to-from) || len(m.Votes) != len(m.Voters) {
			return nil, fmt.Errorf("crossholding: meeting of %s has %d voters and %d votes for %d stakes: %w",
				g.ID(c), len(m.Voters), len(m.Votes), to-from, ErrRange)
		}
		for i, v := range m.Votes {
			if v.Sign() < 0 || m.Base.Sign() < 0 || m.Voters[i] < NoNode || int(m.Voters[i]) >= g.Len() {
				return nil, fmt.Errorf("crossholding: meeting of %s: node %d casts %s of %s votes: %w", g.ID(c), m.Voters[i], v, m.Base, ErrRange)
			}
		}
		columns[c] = tally.Column{Voter: m.Voters, Units: m.Votes, Base: m.Base}
	}
	return &Tally{a: t.a, v: t.v, t: t.t.With(columns)}, nil
}

// Control returns who controls whom by this count. Its [Control.Votes] are those from
// which the tally was made, before [Tally.With] changed any. It fails with [ErrRange] for
// fractions outside 0..1.
func (t *Tally) Control(rule Rule) (*Control, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	t = t.orEmpty()
	return t.a.controlBy(t.t, t.v, r, rule.options()), nil
}

func (r Rule) options() ControlOptions {
	return ControlOptions{Threshold: r.Threshold, AtLeast: r.AtLeast, Presumed: r.Presumed, NoFacts: r.NoFacts}
}

// Equal reports whether two tallies of one alliance count the same: every stake has the
// same node and amount, and every company has the same base. Then all answers are the
// same too.
func (t *Tally) Equal(u *Tally) bool {
	t, u = t.orEmpty(), u.orEmpty()
	return t.a == u.a && t.t.Equal(u.t)
}

// engine returns the rule in the form of the engine.
func (r Rule) engine() (majority.Rule, error) {
	o := r.options()
	return o.rule()
}

// NodeGroup is a set of nodes with all that they control together. [Tally.Group] makes it. It is
// immutable and safe for concurrent use. The zero value is an empty set.
type NodeGroup struct {
	t *Tally
	g *majority.Group
	r Rule

	facts *factIndex
}

// Group returns the given nodes with all that they control together: the least set
// that contains them, every company in which the set has enough votes and, unless the rule
// leaves facts out, every company that it controls by fact. It fails with [ErrUnknown] for a
// number that is not a node, with [ErrRange] for fractions outside 0..1, and with ctx's error
// when ctx is done.
func (t *Tally) Group(ctx context.Context, rule Rule, nodes ...int32) (*NodeGroup, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	t = t.orEmpty()
	if err := (Graph{t.a}).checkNodes(nodes); err != nil {
		return nil, err
	}
	facts := t.a.facts(t.v)
	if !rule.NoFacts {
		r.Facts = facts.engine
	}
	g, err := t.t.Engine.Group(progress.OrBackground(ctx), r, nodes...)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return &NodeGroup{t, g, rule, facts}, nil
}

var emptyNodeGroup = sync.OnceValue(func() *NodeGroup { return must(emptyTally().Group(context.Background(), Rule{})) })

func (g *NodeGroup) orEmpty() *NodeGroup {
	if g == nil || g.t == nil {
		return emptyNodeGroup()
	}
	return g
}

// Has reports whether a node is one of those given, or controlled.
func (g *NodeGroup) Has(node int32) bool { return g.orEmpty().g.Has(node) }

// Controls reports whether the group controls a company. The nodes given are not
// controlled.
func (g *NodeGroup) Controls(company int32) bool { return g.orEmpty().g.Controls(company) }

// Len returns the number of nodes, with the given ones.
func (g *NodeGroup) Len() int { return g.orEmpty().g.Len() }

// Nodes yields the group in order of joining, each node with its level. The level is 0
// for the given nodes, and the number of rounds of control that reach it for the others.
func (g *NodeGroup) Nodes() iter.Seq2[int32, int] {
	return func(yield func(int32, int) bool) {
		for m := range g.orEmpty().g.Members() {
			if !yield(m.Node, int(m.Level)) {
				return
			}
		}
	}
}

// Votes returns the votes that the group has in a company, without votes that come from
// control of the company itself.
func (g *NodeGroup) Votes(company int32) ratio.Ratio {
	g = g.orEmpty()
	return g.t.t.Amount(company, g.g.Tally(company).Votes)
}

// Stakes returns the stakes in a company that the group has, without those that come from
// control of the company itself.
func (g *NodeGroup) Stakes(company int32) []int32 { return g.orEmpty().g.Entries(company) }

// Proof returns the proof that the group controls a company. It is empty if the group
// does not.
func (g *NodeGroup) Proof(company int32) Proof {
	if g = g.orEmpty(); !g.g.Controls(company) {
		return Proof{Steps: []ProofStep{}}
	}
	return proofOf(g.t.t, g.facts, g.g, company, g.r.Presumed)
}

// Chains tells who controls whom, for all nodes. Without facts, the controllers of one
// company form a chain: each controls the one before it. With facts several parties that do
// not control one another can control a company. It is immutable and safe for concurrent
// use.
type Chains struct {
	h    *majority.Hierarchy
	t    *Tally
	rule Rule
}

// Chains returns who controls whom. It fails with [ErrRange] if the rule does not require
// more than 1/2 or has a presumption, because votes alone then need not make chains. It
// returns ctx's error when ctx is done.
func (t *Tally) Chains(ctx context.Context, rule Rule) (*Chains, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	if !rule.Presumed.IsZero() || 2*r.Num < r.Den || 2*r.Num == r.Den && !r.Strict {
		return nil, fmt.Errorf("crossholding: %s or a presumption of %s does not make chains of controllers: %w",
			margin(ratio.Of(r.Num, r.Den), r.Strict), rule.Presumed.PercentString(), ErrRange)
	}
	t = t.orEmpty()
	if !rule.NoFacts {
		r.Facts = t.a.facts(t.v).engine
	}
	h, err := t.t.Engine.Hierarchy(progress.OrBackground(ctx), r)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return &Chains{h, t, rule}, nil
}

// After returns who controls whom by another tally under the rule of c. The result is that of
// [Tally.Chains]. If the tally is of an alliance that comes from that of c by changes, and the
// meetings that differ show at a glance that nobody gains or loses control, After returns c. By a
// nil tally nobody controls anything. The errors are those of [Tally.Chains].
func (c *Chains) After(ctx context.Context, t *Tally) (*Chains, error) {
	ctx = progress.OrBackground(ctx)
	if ctx.Err() != nil {
		return nil, stopped(ctx)
	}
	if t == nil || t.t == nil {
		return &Chains{rule: c.rule}, nil
	}
	if c.t == nil {
		return t.Chains(ctx, c.rule)
	}
	r, err := c.rule.engine()
	if err == nil && c.withoutFacts(t) && c.t.a.sameNodesAs(t.a) && c.t.t.Engine.SameHierarchy(t.t.Engine, r, c.t.t.Differing(t.t)) {
		return c, nil
	}
	return t.Chains(ctx, c.rule)
}

// withoutFacts reports whether no fact counts by the tally of c or by another one.
func (c *Chains) withoutFacts(t *Tally) bool {
	return c.rule.NoFacts || c.t.a.facts(c.t.v).engine.Len() == 0 && t.a.facts(t.v).engine.Len() == 0
}

// Controls reports whether a node controls a company.
func (c *Chains) Controls(node, company int32) bool { return c.h != nil && c.h.Controls(node, company) }

// Controllers returns all controllers of a company, the lowest first: a controller comes
// before those that control it. Companies that control one another come together, in order
// of node.
func (c *Chains) Controllers(company int32) []int32 {
	if c.h == nil {
		return nil
	}
	return c.h.Controllers(company)
}

// Ultimate returns the controllers of a company that nobody controls, in order of node.
// Without facts there is at most one.
func (c *Chains) Ultimate(company int32) []int32 {
	if c.h == nil {
		return nil
	}
	return c.h.Ultimates(company)
}
