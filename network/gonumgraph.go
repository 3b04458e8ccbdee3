package network

import (
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding"
	"gonum.org/v1/gonum/graph/iterator"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// GonumGraph is a tally as a graph of package gonum. Use it for gonum's algorithms and
// for pictures. An edge leads from a holder to each company in which the tally counts
// something for the holder. Its weight is that count as a fraction of the tally's base.
// Nodes and edges have names and percentages as DOT attributes.
//
// It is immutable and safe for concurrent use. The zero value has no nodes. Weights
// are floats, because gonum uses floats, so figures computed from them are not exact.
type GonumGraph struct {
	t *crossholding.Tally
	g crossholding.Graph
}

var (
	_ gonum.WeightedDirected = GonumGraph{}
	_ gonum.Node             = GonumNode{}
	_ encoding.Attributer    = GonumNode{}
	_ encoding.Attributer    = gonumEdge{}
)

// NewGonumGraph returns a tally as a graph. [crossholding.Graph.Dividends] gives a
// tally of economic interests, and [crossholding.Votes.Tally] a tally of votes. The ID
// of a gonum node is the node's number in the [crossholding.Graph]. The graph has no
// nodes for floats. It has no edges for neutral votes and for what a company has of
// itself.
func NewGonumGraph(t *crossholding.Tally) GonumGraph { return GonumGraph{t, t.Graph()} }

// GonumNode is a company or party in a [GonumGraph].
type GonumNode struct {
	node     int32
	id, name string
}

// ID returns the node's number.
func (n GonumNode) ID() int64 { return int64(n.node) }

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
	i, err := v.g.Node(id)
	if err != nil {
		return GonumNode{}, false
	}
	return v.at(i), true
}

func (v GonumGraph) at(i int32) GonumNode {
	id := v.g.ID(i)
	return GonumNode{i, id, v.g.Alliance().Name(id)}
}

// fractions returns the holders of a company and their fractions, by node.
func (v GonumGraph) fractions(company int32) []crossholding.Holding {
	return slices.DeleteFunc(v.t.Fractions(company), func(h crossholding.Holding) bool { return h.Node == company })
}

// fraction returns the fraction of w that u has, or 0.
func (v GonumGraph) fraction(u, w int64) ratio.Ratio {
	if v.has(u) && v.has(w) {
		for _, h := range v.fractions(int32(w)) {
			if int64(h.Node) == u {
				return h.Amount
			}
		}
	}
	return ratio.Ratio{}
}

func (v GonumGraph) has(id int64) bool { return id >= 0 && id < int64(v.g.Len()) }

// Node returns the node with the given ID, or nil if there is none.
func (v GonumGraph) Node(id int64) gonum.Node {
	if !v.has(id) {
		return nil
	}
	return v.at(int32(id))
}

// Nodes returns all nodes, by ID.
func (v GonumGraph) Nodes() gonum.Nodes {
	all := make([]int32, v.g.Len())
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

// From returns the companies of which a node has something, by ID.
func (v GonumGraph) From(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	companies := v.t.Issuers(int32(id))
	return v.list(slices.DeleteFunc(companies, func(c int32) bool { return !v.HasEdgeFromTo(id, int64(c)) }))
}

// To returns the nodes that have something of a company, by ID.
func (v GonumGraph) To(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	var nodes []int32
	for _, h := range v.fractions(int32(id)) {
		nodes = append(nodes, h.Node)
	}
	return v.list(nodes)
}

// HasEdgeFromTo reports whether u has something of w.
func (v GonumGraph) HasEdgeFromTo(u, w int64) bool { return !v.fraction(u, w).IsZero() }

// HasEdgeBetween reports whether there is an edge from one of the two to the other.
func (v GonumGraph) HasEdgeBetween(x, y int64) bool {
	return v.HasEdgeFromTo(x, y) || v.HasEdgeFromTo(y, x)
}

// Edge returns the edge from u to w, or nil if there is none.
func (v GonumGraph) Edge(u, w int64) gonum.Edge {
	if e := v.WeightedEdge(u, w); e != nil {
		return e
	}
	return nil
}

// WeightedEdge returns the edge from u to w, or nil if there is none.
func (v GonumGraph) WeightedEdge(u, w int64) gonum.WeightedEdge {
	fraction := v.fraction(u, w)
	if fraction.IsZero() {
		return nil
	}
	return gonumEdge{v.at(int32(u)), v.at(int32(w)), fraction}
}

// Weight returns the fraction of w that u has, as the nearest float. It returns 0 if u
// is w. If there is no edge, it returns minus infinity and false.
func (v GonumGraph) Weight(u, w int64) (weight float64, ok bool) {
	if u == w && v.has(u) {
		return 0, true
	}
	if fraction := v.fraction(u, w); !fraction.IsZero() {
		return fraction.Float64(), true
	}
	return math.Inf(-1), false
}

type gonumEdge struct {
	from, to GonumNode
	fraction ratio.Ratio
}

func (e gonumEdge) From() gonum.Node         { return e.from }
func (e gonumEdge) To() gonum.Node           { return e.to }
func (e gonumEdge) Weight() float64          { return e.fraction.Float64() }
func (e gonumEdge) ReversedEdge() gonum.Edge { return gonumEdge{e.to, e.from, e.fraction} }

// Attributes returns the percentage as the label, for gonum's DOT encoding.
func (e gonumEdge) Attributes() []encoding.Attribute {
	return []encoding.Attribute{{Key: "label", Value: e.fraction.ShortPercent()}}
}
