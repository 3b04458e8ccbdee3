package crossholding

import (
	"math"
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"

	"github.com/crossholding/crossholding/internal/exact"
)

// GonumGraph is an alliance as a gonum graph, for the algorithms that gonum has and
// this package has not: an edge leads from a holder to each company in which
// it has an economic interest, and weighs that interest. It is immutable and
// safe for concurrent use; the zero value has no nodes.
//
// Weights are floats, as gonum's are: what is computed from them is no figure
// of this package. Stakes known only within bounds weigh their lower ends.
type GonumGraph struct{ a *Alliance }

var (
	_ gonum.WeightedDirected = GonumGraph{}
	_ gonum.Node             = GonumNode{}
)

// GonumGraph returns the alliance as a gonum graph. Node IDs are the places of the
// companies and parties in order of their ids; floats are no nodes. A stake
// that is known only within bounds is there with its lower end.
func (a *Alliance) GonumGraph() GonumGraph { return GonumGraph{a} }

// GonumNode is a company or party in a [View].
type GonumNode struct {
	place int64
	name  string
}

// ID returns the node's place in order of name.
func (n GonumNode) ID() int64 { return n.place }

// String returns the id in the book.
func (n GonumNode) String() string { return n.name }

// DOTID returns the id in the book, for gonum's DOT encoding.
func (n GonumNode) DOTID() string { return n.name }

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

func (v GonumGraph) at(i int32) GonumNode { return GonumNode{int64(i), v.a.graph.IDs[i]} }

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

// From returns the companies in which a node has an interest, by ID.
func (v GonumGraph) From(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	g := &v.a.graph
	var nodes []int32
	for _, e := range g.ByBeneficiary.Of(int32(id)) {
		nodes = append(nodes, g.Issuer[e])
	}
	slices.Sort(nodes)
	return v.list(slices.Compact(nodes))
}

// To returns those who have an interest in a node, by ID.
func (v GonumGraph) To(id int64) gonum.Nodes {
	if !v.has(id) {
		return gonum.Empty
	}
	from, to := v.a.graph.Column(int32(id))
	nodes := slices.Clone(v.a.graph.Beneficiary[from:to])
	slices.Sort(nodes)
	return v.list(slices.Compact(nodes))
}

// HasEdgeFromTo reports whether u has an interest in w.
func (v GonumGraph) HasEdgeFromTo(u, w int64) bool {
	if !v.has(u) || !v.has(w) {
		return false
	}
	from, to := v.a.graph.Column(int32(w))
	return slices.Contains(v.a.graph.Beneficiary[from:to], int32(u))
}

// HasEdgeBetween reports whether one of the two has an interest in the other.
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
	share := economicShare(&v.a.graph, exact.Owner{Node: int32(u)}, int32(w)).Float64()
	return viewEdge{v.at(int32(u)), v.at(int32(w)), share}
}

// Weight returns the economic interest of u in w, to the nearest float: 0 for
// a node in itself, and minus infinity, without ok, where there is no edge.
func (v GonumGraph) Weight(u, w int64) (weight float64, ok bool) {
	if u == w && v.has(u) {
		return 0, true
	}
	if e := v.WeightedEdge(u, w); e != nil {
		return e.Weight(), true
	}
	return math.Inf(-1), false
}

type viewEdge struct {
	from, to GonumNode
	weight   float64
}

func (e viewEdge) From() gonum.Node         { return e.from }
func (e viewEdge) To() gonum.Node           { return e.to }
func (e viewEdge) Weight() float64          { return e.weight }
func (e viewEdge) ReversedEdge() gonum.Edge { return viewEdge{e.to, e.from, e.weight} }
