package majority_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding/internal/majority"
)

// Renault (1) holds 43.7 % of Nissan (2), which wholly holds its finance arm
// (3) and has 34 % of Mitsubishi (4); the finance arm holds Renault shares.
func votes() majority.Meetings {
	return majority.Meetings{
		ColStart: []int32{0, 0, 2, 3, 4, 5},
		Who:      []int32{0, 3, 1, 2, 2},
		Units:    []int64{88775830, 88716686, 1831837027, 100, 506620577},
		Base:     []int64{0, 380000000, 4190000000, 100, 1489000000},
	}
}

func ExampleEngine_Group() {
	e, err := majority.New(votes())
	if err != nil {
		fmt.Println(err)
		return
	}
	france := majority.Rule{
		Num: 1, Den: 2, Strict: true,
		Presume: &majority.Presumption{Num: 2, Den: 5, Strict: true},
	}
	g, err := e.Group(context.Background(), france, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for m := range g.Controlled() {
		fmt.Println("controls", m.Node, "in round", m.Level, "with", m.Votes.Units)
	}
	t := g.Tally(4)
	fmt.Println("of 4 it has", t.Votes.Units, "and lacks", t.Missing().Units)
	// Output:
	// controls 2 in round 1 with 1831837027
	// controls 3 in round 2 with 100
	// of 4 it has 506620577 and lacks 88979424
}

func ExampleGroup_Proof() {
	e, err := majority.New(votes())
	if err != nil {
		fmt.Println(err)
		return
	}
	rule := majority.Rule{Num: 1, Den: 3, Strict: true}
	g, err := e.Group(context.Background(), rule, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range g.Proof(4) {
		fmt.Println("node", s.Node, "by entries", s.Entries, "with", s.Votes.Units, "of", s.Base.Units)
	}
	// Output:
	// node 2 by entries [2] with 1831837027 of 4190000000
	// node 4 by entries [4] with 506620577 of 1489000000
}

func ExampleEngine_Forest() {
	// 0 holds 60 % of 1; 0 and 1 together hold 55 % of 2; 3 and 4 hold each
	// other.
	e, err := majority.New(majority.Meetings{
		ColStart: []int32{0, 0, 1, 3, 4, 5},
		Who:      []int32{0, 0, 1, 4, 3},
		Units:    []int64{60, 30, 25, 70, 80},
		Base:     []int64{0, 100, 100, 100, 100},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := e.Forest(context.Background(), majority.Rule{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for y := range int32(5) {
		fmt.Println(y, "parent", f.Parent(y), "ultimate", f.Ultimate(y), "ring", f.Ring(y))
	}
	// Output:
	// 0 parent -1 ultimate -1 ring []
	// 1 parent 0 ultimate 0 ring []
	// 2 parent 0 ultimate 0 ring []
	// 3 parent -1 ultimate -1 ring [3 4]
	// 4 parent -1 ultimate -1 ring [3 4]
}

func ExampleEngine_All() {
	e, err := majority.New(votes())
	if err != nil {
		fmt.Println(err)
		return
	}
	quarter := majority.Rule{Num: 1, Den: 4}
	for g, err := range e.All(context.Background(), quarter, 1000) {
		if err != nil {
			fmt.Println(err)
			return
		}
		var nodes []int32
		for m := range g.Members() {
			nodes = append(nodes, m.Node)
		}
		fmt.Println(nodes)
	}
	// Output:
	// [1 2 3 4]
	// [2 3 4]
}
