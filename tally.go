package crossholding

import (
	"context"
	"fmt"
	"iter"

	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/internal/majority"
	"github.com/crossholding/crossholding/internal/tally"
	"github.com/crossholding/crossholding/ratio"
)

// Tally is one way of counting the votes, or shares, of every company: who has how
// much, and what that is counted against. It can be asked who controls whom, and
// changed to other votes.
//
// Get one from [Alliance.Tally], [Votes.Tally] or [Graph.Dividends]. It is immutable
// and safe for concurrent use.
type Tally struct {
	a *Alliance
	v *Votes // that are counted; nil where shares are
	t *tally.Tally

	economic bool // it is the count of Graph.Dividends, for which the alliance keeps a solver
}

// Holding is what a node has of a company: an amount, or a fraction, as the verb
// says that gives it. Plain data.
type Holding struct {
	Node   int32
	Float  bool // it is what the float of Node has
	Amount ratio.Ratio
}

// Meeting is the votes of one company, to be put into a [Tally]. Plain data.
type Meeting struct {
	Voters []int32       // of each of the company's stakes, in order: who has it, or [NoNode]
	Votes  []ratio.Ratio // of each of the company's stakes, not negative
	Base   ratio.Ratio   // what the votes are counted against, not negative
}

// Rule says when votes are enough: to control a company, or to pass a resolution.
// Plain data. The zero value is a majority: more than 1/2.
type Rule struct {
	Name      string      `json:"name,omitempty"`
	Threshold ratio.Ratio `json:"threshold"`          // a fraction 0..1; 0 means 1/2
	AtLeast   bool        `json:"at_least,omitempty"` // reaching the threshold is enough; default: more than it
	Presumed  ratio.Ratio `json:"presumed,omitzero"`  // of control: more than this is enough if nobody else has as many
}

// Tally counts by basis: votes that can move a result by default, or
// [BasisExercisable] or [BasisTheoretical] votes, each by who casts them; or [BasisCapital], shares
// outstanding by whose money they are. Errors are those of [Alliance.Votes], and
// [ErrUnknown] for another basis.
func (a *Alliance) Tally(ctx context.Context, basis Basis, opt VotingOptions) (*Tally, error) {
	ctx = orBackground(ctx)
	if err := a.requireExact(); err != nil {
		return nil, err
	}
	switch basis {
	case BasisCapital:
		return &Tally{a: a, t: tally.OutstandingShares(&a.graph)}, nil
	case "", BasisExercisable, BasisTheoretical:
		v, err := a.Votes(ctx, opt)
		if err != nil {
			return nil, err
		}
		return v.Tally(basis)
	}
	return nil, unknown("basis", string(basis))
}

// Tally counts the votes of v: those that can move a result by default, or
// [BasisExercisable] or [BasisTheoretical] ones. It fails with [ErrUnknown] for another basis.
func (v *Votes) Tally(basis Basis) (*Tally, error) {
	v = v.orEmpty()
	switch basis {
	case "", BasisExercisable, BasisTheoretical:
		return &Tally{a: v.a, v: v, t: v.countFor(basis)}, nil
	}
	return nil, unknown("basis of votes", string(basis))
}

// Dividends counts shares by dividend weight and by whose money they are, of those
// outstanding.
func (g Graph) Dividends() (*Tally, error) {
	if g.a == nil {
		g.a = empty()
	}
	if err := g.a.requireExact(); err != nil {
		return nil, err
	}
	k := &g.a.graph
	return &Tally{a: g.a, economic: true, t: tally.New(k, &k.Dividends, k.Beneficiary, &k.ByBeneficiary, tally.OutstandingVotes(k, &k.Dividends, false), nil)}, nil
}

// Graph returns the graph that is counted.
func (t *Tally) Graph() Graph { return Graph{t.a} }

// Base returns what holdings of a company are counted against.
func (t *Tally) Base(company int32) ratio.Ratio { return t.t.Base(company) }

// Holdings returns who has how much of a company, by node, each node once. Neutral
// votes, the float's and holdings of nothing are left out.
func (t *Tally) Holdings(company int32) []Holding { return tally.HoldingsOf[Holding](t.t, company) }

// Fractions returns the holdings of a company as fractions of its base. There are
// none where the base is 0.
func (t *Tally) Fractions(company int32) []Holding { return tally.SharesOf[Holding](t.t, company) }

// Stake returns who has stake e, or [NoNode], and its amount.
func (t *Tally) Stake(e int32) (node int32, amount ratio.Ratio) { return t.t.Stake(e) }

// Issuers returns the companies of which any of some nodes has something,
// ascending.
func (t *Tally) Issuers(nodes ...int32) []int32 { return t.t.Issuers(nodes...) }

// Upstream returns the nodes that have something of a company, directly or through
// others, the company among them, ascending. It fails with ctx's error.
func (t *Tally) Upstream(ctx context.Context, company int32) ([]int32, error) {
	return t.t.Upstream(orBackground(ctx), company)
}

// With returns a tally in which the meetings of some companies are others. It fails
// with [ErrRange] where a meeting does not have a voter and votes for each of the
// company's stakes, or an amount is negative.
func (t *Tally) With(meetings map[int32]Meeting) (*Tally, error) {
	if len(meetings) == 0 {
		return t, nil
	}
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

// Control answers who controls whom by this count, by id and with every answer
// that [Control] has. Its [Control.Votes] are those that the tally was made from,
// before [Tally.With] changed any. It fails with [ErrRange] for fractions outside
// 0..1.
func (t *Tally) Control(rule Rule) (*Control, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	return &Control{a: t.a, votes: t.v, tally: t.t, rule: r, opt: rule.options(), everyone: new(everyone)}, nil
}

func (r Rule) options() ControlOptions {
	return ControlOptions{Threshold: r.Threshold, AtLeast: r.AtLeast, Presumed: r.Presumed}
}

// Equal reports whether two tallies of one alliance count the same: everyone has the
// same of every stake, and of every company it is counted against the same. What
// follows from one then follows from the other.
func (t *Tally) Equal(u *Tally) bool { return t.a == u.a && t.t.Equal(u.t) }

// engine returns the rule as the engine takes it.
func (r Rule) engine() (majority.Rule, error) {
	o := r.options()
	return o.rule()
}

// NodeGroup is some nodes with all that they control together. It is immutable and
// safe for concurrent use.
type NodeGroup struct {
	t *Tally
	g *majority.Group
	r Rule
}

// Group returns the given nodes with all that they control together: the least set
// that contains them and every company in which the set has enough votes. It fails
// with [ErrUnknown] for a number that is no node, with [ErrRange] for fractions
// outside 0..1, and with ctx's error.
func (t *Tally) Group(ctx context.Context, rule Rule, nodes ...int32) (*NodeGroup, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	if err := (Graph{t.a}).checkNodes(nodes); err != nil {
		return nil, err
	}
	g, err := t.t.Engine.Group(orBackground(ctx), r, nodes...)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return &NodeGroup{t, g, rule}, nil
}

// Has reports whether a node is one of those given, or controlled.
func (g *NodeGroup) Has(node int32) bool { return g.g.Has(node) }

// Controls reports whether the group controls a company. The nodes given are not
// controlled.
func (g *NodeGroup) Controls(company int32) bool { return g.g.Controls(company) }

// Len returns the number of nodes, those given among them.
func (g *NodeGroup) Len() int { return g.g.Len() }

// Nodes yields the group in order of joining, each node with its level: 0 for those
// given, and the number of rounds of control that reach it for the others.
func (g *NodeGroup) Nodes() iter.Seq2[int32, int] {
	return func(yield func(int32, int) bool) {
		for m := range g.g.Members() {
			if !yield(m.Node, int(m.Level)) {
				return
			}
		}
	}
}

// Votes returns what the group has of a company, without what control of the
// company itself brings.
func (g *NodeGroup) Votes(company int32) ratio.Ratio {
	return g.t.t.Amount(company, g.g.Tally(company).Votes)
}

// Stakes returns the stakes of a company that the group has, without those that
// control of the company itself brings.
func (g *NodeGroup) Stakes(company int32) []int32 { return g.g.Entries(company) }

// Proof returns why the group controls a company. It is empty if it does not.
func (g *NodeGroup) Proof(company int32) Proof {
	if !g.g.Controls(company) {
		return Proof{}
	}
	return proofOf(g.t.t, g.g, company, g.r.Presumed)
}

// Chains is who controls whom, for everyone at once. Controllers of one company
// form a chain: each controls the one before it. It is immutable and safe for
// concurrent use.
type Chains struct{ f *majority.Forest }

// Chains finds who controls whom. The rule must ask for more than 1/2, and presume
// nothing: otherwise controllers need not form a chain, and it fails with [ErrRange].
// It fails with ctx's error when ctx is done.
func (t *Tally) Chains(ctx context.Context, rule Rule) (*Chains, error) {
	r, err := rule.engine()
	if err != nil {
		return nil, err
	}
	if !rule.Presumed.IsZero() || 2*r.Num < r.Den || 2*r.Num == r.Den && !r.Strict {
		return nil, fmt.Errorf("crossholding: %s or a presumption of %s does not make chains of controllers: %w",
			margin(ratio.Of(r.Num, r.Den), r.Strict), rule.Presumed.PercentString(), ErrRange)
	}
	f, err := t.t.Engine.Forest(orBackground(ctx), r)
	if err != nil {
		return nil, fmt.Errorf("crossholding: %w", err)
	}
	return &Chains{f}, nil
}

// Controls reports whether a node controls a company.
func (c *Chains) Controls(node, company int32) bool { return c.f != nil && c.f.Controls(node, company) }

// Controllers yields all controllers of a company, the lowest first. Companies that
// control one another come last, in order of node.
func (c *Chains) Controllers(company int32) iter.Seq[int32] {
	if c.f == nil {
		return func(func(int32) bool) {}
	}
	return c.f.Controllers(company)
}

// Ultimate returns the controller of a company that nobody controls, or [NoNode] if
// there is none.
func (c *Chains) Ultimate(company int32) int32 {
	if c.f == nil {
		return graph.None
	}
	if x := c.f.Ultimate(company); x != majority.None {
		return x
	}
	return graph.None
}
