package network_test

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding/dot"
	ranking "gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/network"
)

// place is the ID of a company or party in a view.
func place(v network.GonumGraph, id string) int64 {
	n, ok := v.Find(id)
	if !ok {
		log.Fatal(id, " is not there")
	}
	return n.ID()
}

// economicGraph is who has money in whom at the end of 2022.
func economicGraph() network.GonumGraph {
	dividends, err := endOf2022().Graph().Dividends()
	check(err)
	return network.NewGonumGraph(dividends)
}

func show(nodes gonum.Nodes) {
	for nodes.Next() {
		fmt.Print(nodes.Node(), " ")
	}
	fmt.Println()
}

func ExampleGonumGraph_Find() {
	n, ok := economicGraph().Find("renault")
	fmt.Println(n, n.ID(), ok)
	_, ok = economicGraph().Find("float:renault")
	fmt.Println(ok)
	// Output:
	// renault 8 true
	// false
}

func ExampleGonumGraph_Node() {
	v := economicGraph()
	fmt.Println(v.Node(0), v.Node(1000))
	// Output: french-state <nil>
}

func ExampleGonumGraph_Nodes() {
	show(economicGraph().Nodes())
	// Output: french-state mitsubishi mitsubishi-corporation mitsubishi-heavy mufg-bank nissan nissan-finance registered-holders renault trust
}

// Those in whom Renault has money.
func ExampleGonumGraph_From() {
	v := economicGraph()
	show(v.From(place(v, "renault")))
	// Output: nissan
}

// Those who have money in Renault.
func ExampleGonumGraph_To() {
	v := economicGraph()
	show(v.To(place(v, "renault")))
	// Output: french-state nissan-finance registered-holders
}

func ExampleGonumGraph_HasEdgeFromTo() {
	v := economicGraph()
	renault, nissan := place(v, "renault"), place(v, "nissan")
	fmt.Println(v.HasEdgeFromTo(renault, nissan), v.HasEdgeFromTo(nissan, renault))
	// Output: true false
}

// Renault holds shares of Nissan, the State holds none.
func ExampleGonumGraph_HasEdgeBetween() {
	v := economicGraph()
	nissan := place(v, "nissan")
	fmt.Println(v.HasEdgeBetween(nissan, place(v, "renault")), v.HasEdgeBetween(nissan, place(v, "french-state")))
	// Output: true false
}

func ExampleGonumGraph_Edge() {
	v := economicGraph()
	e := v.Edge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Println(e.From(), "->", e.To())
	// Output: nissan -> mitsubishi
}

func ExampleGonumGraph_WeightedEdge() {
	v := economicGraph()
	e := v.WeightedEdge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Printf("%v holds %.4f of %v\n", e.From(), e.Weight(), e.To())
	// Output: nissan holds 0.3407 of mitsubishi
}

func ExampleGonumGraph_Weight() {
	v := economicGraph()
	weight, ok := v.Weight(place(v, "renault"), place(v, "nissan"))
	fmt.Printf("%.4f %v\n", weight, ok)
	// Output: 0.4370 true
}

func ExampleGonumNode_ID() {
	n, _ := economicGraph().Find("french-state")
	fmt.Println(n.ID())
	// Output: 0
}

func ExampleGonumNode_DOTID() {
	n, _ := economicGraph().Find("french-state")
	fmt.Println(n.DOTID())
	// Output: french-state
}

// A picture of the votes: the trust casts neutral votes and has no edge.
func ExampleNewGonumGraph() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works", Name: "Works Ltd"}},
		Parties:   []crossholding.Party{{ID: "ann", Name: "Ann"}, {ID: "trust"}},
		Stakes: []crossholding.Stake{
			{Holder: "ann", Issuer: "works", Percent: "30"},
			{Holder: "trust", Beneficiary: "ann", Voter: crossholding.Neutral, Issuer: "works", Percent: "20"},
		},
	})
	check(err)
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	tally, err := v.Tally("")
	check(err)
	text, err := dot.Marshal(network.NewGonumGraph(tally), "votes", "", "  ")
	check(err)
	fmt.Println(string(text))
	// Output:
	// strict digraph votes {
	//   // Node definitions.
	//   ann [label=Ann];
	//   trust [label=trust];
	//   works [label="Works Ltd"];
	//
	//   // Edge definitions.
	//   ann -> works [label="37.5%"];
	// }
}

// Gonum's algorithms run on it: PageRank, and strongly connected components.
func ExampleGonumGraph() {
	g := economicGraph()
	for _, component := range topo.TarjanSCC(g) {
		if len(component) > 1 {
			slices.SortFunc(component, func(a, b gonum.Node) int { return cmp.Compare(a.ID(), b.ID()) })
			fmt.Println(component)
		}
	}
	rank := ranking.PageRank(g, 0.85, 1e-6)
	renault, _ := g.Find("renault")
	fmt.Printf("%.2f\n", rank[renault.ID()])
	// Output:
	// [nissan nissan-finance renault]
	// 0.24
}
