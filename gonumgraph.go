package crossholding

import (
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/iterator"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/graph"
	"github.com/crossholding/crossholding/ratio"
)

// GonumGraph is an alliance as a graph of package gonum, for the algorithms that
// gonum has and this package does not, and for pictures. An edge leads from a holder
// to each company in which it has an economic interest, or in which it casts votes,
// and weighs that fraction. Nodes and edges have names and percentages as DOT
// attributes.
//
// It is immutable and safe for concurrent use. The zero value has no nodes. Weights
// are floats, as gonum's are: what is computed from them is no exact figure.
type GonumGraph struct {
	a *Alliance
	v *Votes // of a graph of votes
}

var (
	_ gonum.WeightedDirected = GonumGraph{}
	_ gonum.Node             = GonumNode{}
	_ encoding.Attributer    = GonumNode{}
	_ encoding.Attributer    = gonumEdge{}
)

// GonumGraph returns the economic interests of the alliance as a graph. The ID of a
// node is the place of its company or party in order of id; floats are no nodes. A
// stake that is known only within bounds weighs its lower end.
func (a *Alliance) GonumGraph() GonumGraph { return GonumGraph{a: a} }

// GonumGraph returns the votes as a graph: an edge leads from the one who casts votes
// of a company, after law and contracts, to the company, and weighs what these are
// of the votes that can move a result. Neutral votes have no edge.
func (v *Votes) GonumGraph() GonumGraph {
	v = v.orEmpty()
	return GonumGraph{v.a, v}
}

// GonumNode is a company or party in a [GonumGraph].
type GonumNode struct {
	place    int64
	id, name string
}

// ID returns the node's place in order of id.
func (n GonumNode) ID() int64 { return n.place }

// String returns the id in the book.
func (n GonumNode) String() string { return n.id }

// DOTID returns the id in the book, for gonum's DOT encoding.
func (n GonumNode) DOTID() string { return n.id }

// Attributes returns the name in the book as the label, for gonum's DOT encoding.
func (n GonumNode) Attributes() []encoding.Attribute {
	return []encoding.Attribute{{Key: "label", Value: n.name}}
}

// Find returns the node of a company or party.
func (v GonumGraph) Find(id string) (GonumNode, bool) {
	if v.a == nil {
		return GonumNode{}, false
	}
	i, ok := v.a.node(id)
	if !ok {
		return GonumNode{}, false
	}
	return v.at(i), true
}

func (v GonumGraph) at(i int32) GonumNode {
	id := v.a.graph.IDs[i]
	return GonumNode{int64(i), id, v.a.Name(id)}
}

// holders returns who has each stake of a company, in order of the stakes.
func (v GonumGraph) holders(c int32) []int32 {
	if v.v != nil {
		return v.v.meeting(c).voter
	}
	from, to := v.a.graph.Column(c)
	return v.a.graph.Beneficiary[from:to]
}

// weight returns what u has of w.
func (v GonumGraph) weight(u, w int32) ratio.Ratio {
	if v.v == nil {
		return economicShare(&v.a.graph, exact.Owner{Node: u}, w)
	}
	m := v.v.meeting(w)
	var sum ratio.Ratio
	for i, x := range m.voter {
		if x == u {
			sum = sum.Add(m.free[i])
		}
	}
	return over(sum, m.counted())
}

func (v GonumGraph) has(id int64) bool {
	return v.a != nil && id >= 0 && id < int64(len(v.a.graph.IDs))
}

// Node returns the node with the given ID, nil if there is none.
func (v GonumGraph) Node(id int64) gonum.Node {
	if !v.has(id) {
		return nil
	}
	return v.at(int32(id))
}

// Nodes returns all nodes, by ID.
func (v GonumGraph) Nodes() gonum.Nodes {
	if v.a == nil {
		return gonum.Empty
	}
	all := make([]int32, len(v.a.graph.IDs))
	for i := range all {
		all[i] = int32(i)
	}
	return v.list(all)
}

func (v GonumGraph) list(nodes []int32) gonum.Nodes {
	if len(nodes) == 0 {
		return gonum.Empty
	}
	out := make([]gonum.Node, len(nodes))
	for i, n := range nodes {
		out[i] = v.at(n)
	}
	return iterator.NewOrderedNodes(out)
}

// From returns the companies in which a node has an interest, or casts votes, by ID.
func (v GonumGraph) From(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	g, x := &v.a.graph, int32(id)
	var nodes []int32
	if v.v == nil {
		for _, e := range g.ByBeneficiary.Of(x) {
			nodes = append(nodes, g.Issuer[e])
		}
	} else {
		for _, e := range g.ByVoter.Of(x) { // before contracts, where these change nothing
			if c := g.Issuer[e]; v.v.special[c] == nil {
				nodes = append(nodes, c)
			}
		}
		for c, m := range v.v.special {
			if slices.Contains(m.voter, x) {
				nodes = append(nodes, c)
			}
		}
		nodes = slices.DeleteFunc(nodes, func(c int32) bool { return v.weight(x, c).IsZero() })
	}
	slices.Sort(nodes)
	return v.list(slices.Compact(nodes))
}

// To returns those who have an interest in a company, or cast votes there, by ID.
func (v GonumGraph) To(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	c := int32(id)
	nodes := slices.Clone(v.holders(c))
	slices.Sort(nodes)
	nodes = slices.DeleteFunc(slices.Compact(nodes), func(x int32) bool { return x == graph.None || v.v != nil && v.weight(x, c).IsZero() })
	return v.list(nodes)
}

// HasEdgeFromTo reports whether u has an interest in w, or casts votes there.
func (v GonumGraph) HasEdgeFromTo(u, w int64) bool {
	if !v.has(u) || !v.has(w) {
		return false
	}
	return slices.Contains(v.holders(int32(w)), int32(u)) && (v.v == nil || !v.weight(int32(u), int32(w)).IsZero())
}

// HasEdgeBetween reports whether there is an edge from one of the two to the other.
func (v GonumGraph) HasEdgeBetween(x, y int64) bool {
	return v.HasEdgeFromTo(x, y) || v.HasEdgeFromTo(y, x)
}

// Edge returns the edge from u to w, nil if there is none.
func (v GonumGraph) Edge(u, w int64) gonum.Edge {
	if e := v.WeightedEdge(u, w); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the edge from u to w, nil if there is none.
func (v GonumGraph) WeightedEdge(u, w int64) gonum.WeightedEdge {
	if !v.HasEdgeFromTo(u, w) {
		return nil
	}
	return gonumEdge{v.at(int32(u)), v.at(int32(w)), v.weight(int32(u), int32(w))}
}

// Weight returns the fraction that u has of w, to the nearest float. It is 0 for a
// node in itself, and minus infinity, without ok, where there is no edge.
func (v GonumGraph) Weight(u, w int64) (weight float64, ok bool) {
	if u == w && v.has(u) {
		return 0, true
	}
	if e := v.WeightedEdge(u, w); e != nil {
		return e.Weight(), true
	}
	return math.Inf(-1), false
}

type gonumEdge struct {
	from, to GonumNode
	share    ratio.Ratio
}

func (e gonumEdge) From() gonum.Node         { return e.from }
func (e gonumEdge) To() gonum.Node           { return e.to }
func (e gonumEdge) Weight() float64          { return e.share.Float64() }
func (e gonumEdge) ReversedEdge() gonum.Edge { return gonumEdge{e.to, e.from, e.share} }

// Attributes returns the percentage as the label, for gonum's DOT encoding.
func (e gonumEdge) Attributes() []encoding.Attribute {
	return []encoding.Attribute{{Key: "label", Value: e.share.ShortPercent()}}
}
