package crossholding_test

import (
	"fmt"
	"log"

	gonum "gonum.org/v1/gonum/graph"

	"github.com/crossholding/crossholding"
)

// place is the ID of a company or party in a view.
func place(v crossholding.View, id string) int64 {
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

func ExampleView_Find() {
	n, ok := alliance().View().Find("renault")
	fmt.Println(n, n.ID(), ok)
	_, ok = alliance().View().Find("float:renault")
	fmt.Println(ok)
	// Output:
	// renault 8 true
	// false
}

func ExampleView_Node() {
	v := alliance().View()
	fmt.Println(v.Node(0), v.Node(1000))
	// Output: french-state <nil>
}

func ExampleView_Nodes() {
	show(alliance().View().Nodes())
	// Output: french-state mitsubishi mitsubishi-corporation mitsubishi-heavy mufg-bank nissan nissan-finance registered-holders renault trust
}

// Those in whom Renault has money.
func ExampleView_From() {
	v := alliance().View()
	show(v.From(place(v, "renault")))
	// Output: nissan
}

// Those who have money in Renault.
func ExampleView_To() {
	v := alliance().View()
	show(v.To(place(v, "renault")))
	// Output: french-state nissan-finance registered-holders
}

func ExampleView_HasEdgeFromTo() {
	v := alliance().View()
	renault, nissan := place(v, "renault"), place(v, "nissan")
	fmt.Println(v.HasEdgeFromTo(renault, nissan), v.HasEdgeFromTo(nissan, renault))
	// Output: true false
}

// Renault holds shares of Nissan, the State holds none.
func ExampleView_HasEdgeBetween() {
	v := alliance().View()
	nissan := place(v, "nissan")
	fmt.Println(v.HasEdgeBetween(nissan, place(v, "renault")), v.HasEdgeBetween(nissan, place(v, "french-state")))
	// Output: true false
}

func ExampleView_Edge() {
	v := alliance().View()
	e := v.Edge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Println(e.From(), "->", e.To())
	// Output: nissan -> mitsubishi
}

func ExampleView_WeightedEdge() {
	v := alliance().View()
	e := v.WeightedEdge(place(v, "nissan"), place(v, "mitsubishi"))
	fmt.Printf("%v holds %.4f of %v\n", e.From(), e.Weight(), e.To())
	// Output: nissan holds 0.3407 of mitsubishi
}

func ExampleView_Weight() {
	v := alliance().View()
	weight, ok := v.Weight(place(v, "renault"), place(v, "nissan"))
	fmt.Printf("%.4f %v\n", weight, ok)
	// Output: 0.4370 true
}

func ExampleViewNode_ID() {
	n, _ := alliance().View().Find("french-state")
	fmt.Println(n.ID())
	// Output: 0
}

func ExampleViewNode_DOTID() {
	n, _ := alliance().View().Find("french-state")
	fmt.Println(n.DOTID())
	// Output: french-state
}
