package crossholding

import (
	"fmt"
	"iter"
	"slices"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/law"
	"github.com/crossholding/crossholding/ratio"
)

// Graph is the low-level view of an alliance: companies, parties and stakes by
// number. Use it for measures that this library does not have. A [Tally] answers who
// controls whom by votes that the caller gives. A [Solver] computes integrated
// ownership for fractions that the caller gives. [CertifiedOwnership.NodeInterests] lists what
// everybody owns.
//
// Nodes are the companies and parties, numbered from 0 in order of id. Stakes are
// numbered from 0 by issuer, then holder. For another number, a method of this view that returns
// no error panics, as an index of a slice does. A Graph shares the alliance's data and is
// immutable and safe for concurrent use. The zero value has no nodes.
type Graph struct{ a *Alliance }

// NoNode is the voter of neutral votes. It is not the number of a node.
const NoNode int32 = graph.None

// Graph returns the low-level view of a.
func (a *Alliance) Graph() Graph { return Graph{a} }

// Alliance returns the alliance that g is a view of.
func (g Graph) Alliance() *Alliance { return g.a }

// Len returns the number of nodes.
func (g Graph) Len() int {
	if g.a == nil {
		return 0
	}
	return g.a.graph.IDs.Len()
}

// ID returns the id of a node.
func (g Graph) ID(node int32) string { return g.a.graph.IDs.At(node) }

// IDs returns the ids of nodes, in the order of nodes.
func (g Graph) IDs(nodes []int32) []string { return g.a.graph.Names(nodes) }

// Node returns the node of a company or party. It fails with [ErrUnknown] if the
// id is not in the book, and with [ErrRange] for a float, which is not a node.
func (g Graph) Node(id string) (int32, error) {
	if g.a == nil {
		return 0, unknown("holder", id)
	}
	return g.a.party(id)
}

// Company returns the node of a company that has shares. It fails with
// [ErrUnknown].
func (g Graph) Company(id string) (int32, error) {
	if g.a == nil {
		return 0, unknown("company", id)
	}
	return g.a.company(id)
}

// HasShares reports whether a node is a company with shares. Every other node is
// an outside owner.
func (g Graph) HasShares(node int32) bool { return g.a.graph.IssuesShares(node) }

// Dispersed reports whether a node is a party of [KindPublic], which is many holders
// who act independently.
func (g Graph) Dispersed(node int32) bool { return g.a.dispersed(node) }

// Party returns the id, name, kind and country of a node. For a company with shares,
// these describe it as a holder.
func (g Graph) Party(node int32) Party {
	id := g.a.graph.IDs.At(node)
	if g.a.register != nil {
		return Party{ID: id}
	}
	if p := g.a.ledger.party(id); p != nil {
		return *p
	}
	if c := g.a.bookCompany(node); c != nil {
		return Party{ID: id, Name: c.Name, Kind: KindCompany, Country: c.Country}
	}
	return Party{ID: id}
}

// JointHolders yields the nodes of joint holders with those of their members, see
// [Party.Members].
func (g Graph) JointHolders() iter.Seq2[int32, []int32] {
	return func(yield func(int32, []int32) bool) {
		if g.a == nil || g.a.ledger == nil {
			return
		}
		for i := range g.a.ledger.parties {
			p := &g.a.ledger.parties[i]
			if len(p.Members) == 0 {
				continue
			}
			node, _ := g.a.node(p.ID)
			members := make([]int32, len(p.Members))
			for j, id := range p.Members {
				members[j], _ = g.a.node(id)
			}
			if !yield(node, members) {
				return
			}
		}
	}
}

// Law returns the facts about a node that rules of law use, or false if it is not a
// company.
func (g Graph) Law(node int32) (law.Company, bool) { return g.a.lawOf(node) }

// Agreements yields the agreements that are in force on the day of the book, by
// id. If the book is undated, all of them are in force.
func (g Graph) Agreements() iter.Seq[Agreement] {
	return func(yield func(Agreement) bool) {
		if g.a == nil || g.a.ledger == nil {
			return
		}
		for i := range g.a.ledger.agreements {
			ag := &g.a.ledger.agreements[i]
			if !date.Within(g.a.ledger.asOf, ag.From, ag.To) {
				continue
			}
			out := ag.Agreement
			out.Holders = slices.Clone(out.Holders)
			if !yield(out) {
				return
			}
		}
	}
}

// NodeStake is one stake with nodes instead of ids.
type NodeStake struct {
	Issuer      int32 `json:"issuer"`
	Holder      int32 `json:"holder"`
	Beneficiary int32 `json:"beneficiary"` // whose money it is
	Voter       int32 `json:"voter"`       // casts the votes before contracts; [NoNode] for neutral votes
	// CashSettled says that the beneficiary is only paid what the shares are worth.
	CashSettled bool `json:"cash_settled,omitempty"`
}

// Stake returns stake e with nodes instead of ids.
func (g Graph) Stake(e int32) NodeStake {
	k := &g.a.graph
	out := NodeStake{Issuer: k.Issuer[e], Holder: k.Holder[e], Beneficiary: k.Beneficiary[e], Voter: k.Voter[e]}
	if out.Beneficiary != out.Holder && g.a.ledger != nil {
		out.CashSettled = g.a.ledger.stakes[k.Record[e]].cashSettled
	}
	return out
}

// Stakes returns the number of the first stake in a company and of the one after
// the last.
func (g Graph) Stakes(company int32) (from, to int32) { return g.a.graph.Column(company) }

// HeldBy yields the stakes that are held for a node's money, or whose votes it casts
// before contracts. It yields each stake once.
func (g Graph) HeldBy(node int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		k := &g.a.graph
		for _, e := range k.ByBeneficiary.Of(node) {
			if !yield(e) {
				return
			}
		}
		if graph.SameArray(k.Beneficiary, k.Voter) {
			return
		}
		for _, e := range k.ByVoter.Of(node) {
			if k.Beneficiary[e] != node && !yield(e) {
				return
			}
		}
	}
}

// Shares returns the shares of stake e.
func (g Graph) Shares(e int32) ratio.Ratio { return g.a.graph.Stake(&g.a.graph.Capital, e) }

// Issued returns the shares that a company has issued, and those of them that it
// holds itself.
func (g Graph) Issued(company int32) (issued, treasury ratio.Ratio) {
	k := &g.a.graph.Capital
	return k.Issued(company), k.Treasury(company)
}

// NodeRight is a right to shares with nodes instead of ids.
type NodeRight struct {
	Issuer int32       `json:"issuer"`
	Holder int32       `json:"holder"`
	Writer int32       `json:"writer"` // delivers shares that exist; [NoNode] if new shares are issued
	Shares ratio.Ratio `json:"shares"`
	Votes  ratio.Ratio `json:"votes"` // of the shares, by their class
	From   date.Date   `json:"from,omitempty"`
	To     date.Date   `json:"to,omitempty"`
}

// Rights yields the rights to shares whose last day is not over, by id. If the book is
// undated, these are all rights.
func (g Graph) Rights() iter.Seq[NodeRight] {
	return func(yield func(NodeRight) bool) {
		if g.a == nil || g.a.ledger == nil {
			return
		}
		l := g.a.ledger
		for i := range l.rights {
			r := &l.rights[i]
			if !date.Within(l.asOf, "", r.To) {
				continue
			}
			out := NodeRight{Writer: NoNode, Shares: r.shares, Votes: r.shares.Mul(l.company(r.Issuer).class(r.Class).votes), From: r.From, To: r.To}
			out.Issuer, _ = g.a.node(r.Issuer)
			out.Holder, _ = g.a.node(r.Holder)
			if r.Writer != "" {
				out.Writer, _ = g.a.node(r.Writer)
			}
			if !yield(out) {
				return
			}
		}
	}
}

// InPercent reports whether a company is known only in percent. The 100 shares that
// it then has are percentage points.
func (g Graph) InPercent(company int32) bool {
	if g.a == nil {
		return false
	}
	c := g.a.bookCompany(company)
	return c != nil && c.percentCompany()
}

// VotesApart reports whether a company has a class of shares without dividends beside one that
// has them. Readers of registers make such a class if they know votes that do not follow the
// shares. The part of a company that somebody owns is then better measured by dividends than
// by the number of shares, which adds shares and votes.
func (g Graph) VotesApart(company int32) bool {
	if g.a == nil {
		return false
	}
	c := g.a.bookCompany(company)
	if c == nil {
		return false
	}
	earns := func(k classRecord) bool { return k.dividend.Sign() > 0 }
	return slices.ContainsFunc(c.classes, earns) && slices.ContainsFunc(c.classes, func(k classRecord) bool { return !earns(k) })
}

// checkNodes fails with [ErrUnknown] if a number is not that of a node.
func (g Graph) checkNodes(nodes []int32) error {
	if i := slices.IndexFunc(nodes, func(x int32) bool { return x < 0 || int(x) >= g.Len() }); i >= 0 {
		return fmt.Errorf("crossholding: node %d of %d: %w", nodes[i], g.Len(), ErrUnknown)
	}
	return nil
}
