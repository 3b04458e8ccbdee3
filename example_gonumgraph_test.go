package crossholding_test

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"slices"

	gonum "gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/network"
	"gonum.org/v1/gonum/graph/topo"

	"github.com/crossholding/crossholding"
)

// place is the ID of a company or party in a view.
func place(v crossholding.GonumGraph, id string) int64 {
	n, ok := v.Find(id)
	if !ok {
		log.Fatal(id, " is not there")
	}
	return n.ID()
}

func show(nodes gonum.Nodes) {
	for nodes.Next() {
		fmt.Print(nodes.Node(), " ")
	}
	fmt.Println()
}

func ExampleGonumGraph_Find() {
	n, ok := alliance().GonumGraph().Find("renault")
	fmt.Println(n, n.ID(), ok)
	_, ok = alliance().GonumGraph().Find("float:renault")
	fmt.Println(ok)
	// Output:
	// renault 8 true
	// false
}

func ExampleGonumGraph_Node() {
	v := alliance().GonumGraph()
	fmt.Println(v.Node(0), v.Node(1000))
	// Output: french-state <nil>
}

func ExampleGonumGraph_Nodes() {
	show(alliance().GonumGraph().Nodes())
	// Output: french-state mitsubishi mitsubishi-corporation mitsubishi-heavy mufg-bank nissan nissan-finance registered-holders renault trust
}

// Those in whom Renault has money.
func ExampleGonumGraph_From() {
	v := alliance().GonumGraph()
	show(v.From(place(v, "renault")))
	// Output: nissan
}

// Those who have money in Renault.
func ExampleGonumGraph_To() {
	v := alliance().GonumGraph()
	show(v.To(place(v, "renault")))
	// Output: french-state nissan-finance registered-holders
}

func ExampleGonumGraph_HasEdgeFromTo() {
	v := alliance().GonumGraph()
	renault, nissan := place(v, "renault"), place(v, "nissan")
	fmt.Println(v.HasEdgeFromTo(renault, nissan), v.HasEdgeFromTo(nissan, renault))
	// Output: true false
}

// Renault holds shares of Nissan, the State holds none.
func ExampleGonumGraph_HasEdgeBetween() {
	v := alliance().GonumGraph()
	nissan := place(v, "nissan")
	fmt.Println(v.HasEdgeBetween(nissan, place(v, "renault")), v.HasEdgeBetween(nissan, place(v, "french-state")))
	// Output: true false
}

func ExampleGonumGraph_Edge() {
	v := alliance().GonumGraph()
	e := v.Edge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Println(e.From(), "->", e.To())
	// Output: nissan -> mitsubishi
}

func ExampleGonumGraph_WeightedEdge() {
	v := alliance().GonumGraph()
	e := v.WeightedEdge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Printf("%v holds %.4f of %v\n", e.From(), e.Weight(), e.To())
	// Output: nissan holds 0.3407 of mitsubishi
}

func ExampleGonumGraph_Weight() {
	v := alliance().GonumGraph()
	weight, ok := v.Weight(place(v, "renault"), place(v, "nissan"))
	fmt.Printf("%.4f %v\n", weight, ok)
	// Output: 0.4370 true
}

func ExampleGonumNode_ID() {
	n, _ := alliance().GonumGraph().Find("french-state")
	fmt.Println(n.ID())
	// Output: 0
}

func ExampleGonumNode_DOTID() {
	n, _ := alliance().GonumGraph().Find("french-state")
	fmt.Println(n.DOTID())
	// Output: french-state
}

// A picture of the votes: the trust casts neutral votes and has no edge.
func ExampleVotes_GonumGraph() {
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
	text, err := dot.Marshal(v.GonumGraph(), "votes", "", "  ")
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
func ExampleAlliance_GonumGraph_algorithms() {
	g := alliance().GonumGraph()
	for _, component := range topo.TarjanSCC(g) {
		if len(component) > 1 {
			slices.SortFunc(component, func(a, b gonum.Node) int { return cmp.Compare(a.ID(), b.ID()) })
			fmt.Println(component)
		}
	}
	rank := network.PageRank(g, 0.85, 1e-6)
	renault, _ := g.Find("renault")
	fmt.Printf("%.2f\n", rank[renault.ID()])
	// Output:
	// [nissan nissan-finance renault]
	// 0.24
}
