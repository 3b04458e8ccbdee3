package sharing_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

// must returns v. The examples below have no faults.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// show prints a division.
func show(d sharing.Division) {
	for _, s := range d.Shares {
		fmt.Printf("%s %s\n", s.Member, s.Amount.GroupedDecimal(1))
	}
}

// tennessee is the cost of dams in the valley of the Tennessee for each set of purposes, in
// thousands of dollars (Straffin and Heaney, 1981; not verified in the article).
func tennessee() sharing.Game {
	return must(sharing.New(sharing.Problem{
		Members: []string{"navigation", "flood control", "power"},
		Table:   []sharing.Amount{"0", "163520", "140826", "301607", "250096", "378821", "367370", "412584"},
	}))
}

func ExampleNew() {
	g, err := sharing.New(sharing.Problem{
		Members: []string{"Renault", "Nissan"},
		Values: []sharing.Value{
			{Members: []string{"Renault"}, Amount: "100"},
			{Members: []string{"Nissan"}, Amount: "120"},
			{Members: []string{"Renault", "Nissan"}, Amount: "160"},
		},
	})
	fmt.Println(must(g.Value("Nissan", "Renault")), err)
	_, err = sharing.New(sharing.Problem{Members: []string{"Renault", "Nissan"}, Table: []sharing.Amount{"5", "100", "120"}})
	fmt.Println(err, errors.Is(err, sharing.ErrTable))
	// Output:
	// 160 <nil>
	// sharing: table: 3 values, but 2 members need 4 true
}

func ExampleRead() {
	p, err := sharing.Read(strings.NewReader(`{
		"members": ["Renault", "Nissan", "Mitsubishi"],
		"ventures": [{"name": "platform", "fixed": 900, "per_use": "1/3",
			"uses": [{"member": "Renault", "amount": 300}, {"member": "Nissan", "amount": 600}]}]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	g := must(sharing.New(p))
	fmt.Println(must(g.Value("Renault")), must(g.Value("Renault", "Nissan")), must(g.Value("Mitsubishi")))
	// Output: 1000 1200 0
}

func ExampleProblem_Write() {
	p := sharing.Problem{Kind: sharing.KindSavings, Members: []string{"Renault", "Nissan"}, Table: []sharing.Amount{"0", "0", "0", "5000"}}
	if err := p.Write(os.Stdout); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {
	//   "kind": "savings",
	//   "members": [
	//     "Renault",
	//     "Nissan"
	//   ],
	//   "table": [
	//     "0",
	//     "0",
	//     "0",
	//     "5000"
	//   ]
	// }
}

func ExampleExactly() {
	a := sharing.Exactly(ratio.Of(1, 3))
	fmt.Println(a, must(a.Ratio()).Mul(ratio.Int(3)))
	// Output: 1/3 1
}

func ExampleFromTable() {
	// The members are worth 1, 2 and 4 places of the table.
	g, err := sharing.FromTable(sharing.KindSavings, []string{"a", "b", "c"}, []ratio.Ratio{
		ratio.Int(0), ratio.Int(0), ratio.Int(0), ratio.Int(6), ratio.Int(0), ratio.Int(6), ratio.Int(6), ratio.Int(9),
	})
	fmt.Println(g.Kind(), g.Members(), must(g.Value("a", "c")), err)
	// Output: savings [a b c] 6 <nil>
}

func ExampleFromFunc() {
	// A glove game: members 0 and 1 have a left glove each and member 2 has a right one.
	ctx := context.Background()
	g, err := sharing.FromFunc(ctx, sharing.KindSavings, []string{"left 1", "left 2", "right"}, func(c sharing.Coalition) ratio.Ratio {
		if c.Has(2) && c.Len() > 1 {
			return ratio.Int(6)
		}
		return ratio.Int(0)
	})
	fmt.Println(err)
	show(must(g.Shapley(ctx)))
	// Output:
	// <nil>
	// left 1 1
	// left 2 1
	// right 4
}

func ExampleGame_Savings() {
	g := must(tennessee().Savings(context.Background()))
	fmt.Println(g.Kind(), must(g.Value("navigation", "power")), must(g.Value("power")))
	// Output: savings 34795 0
}

func ExampleGame_Shapley() {
	d, err := tennessee().Shapley(context.Background())
	fmt.Println(d.Rule, d.Total(), err)
	show(d)
	// Output:
	// Shapley value 412584 <nil>
	// navigation 117,829
	// flood control 100,756.5
	// power 193,998.5
}

func ExampleGame_Nucleolus() {
	// The Talmud divides an estate of 200 among three creditors (Aumann and Maschler, 1985).
	g := must(sharing.New(sharing.Problem{
		Kind:    sharing.KindSavings,
		Members: []string{"claim of 100", "claim of 200", "claim of 300"},
		Table:   []sharing.Amount{"0", "0", "0", "0", "0", "0", "100", "200"},
	}))
	show(must(g.Nucleolus(context.Background())))
	// Output:
	// claim of 100 50
	// claim of 200 75
	// claim of 300 75
}

func ExampleGame_Prenucleolus() {
	// Together the two pay more than apart, so one of them pays more than alone.
	ctx := context.Background()
	g := must(sharing.New(sharing.Problem{Members: []string{"a", "b"}, Table: []sharing.Amount{"0", "30", "40", "80"}}))
	_, err := g.Nucleolus(ctx)
	fmt.Println(err)
	show(must(g.Prenucleolus(ctx)))
	// Output:
	// sharing: alone the members have 70 together, and the value of all is 80
	// a 35
	// b 45
}

func ExampleGame_Owen() {
	// Navigation and flood control come as one block, or all three on their own.
	ctx := context.Background()
	show(must(tennessee().Owen(ctx, [][]string{{"navigation", "flood control"}})))
	// Output:
	// navigation 124,560
	// flood control 107,487.5
	// power 180,536.5
}

func ExampleGame_SeparableCosts() {
	s, err := tennessee().SeparableCosts()
	fmt.Println("joint", s.Joint, err)
	for _, r := range s.Steps {
		fmt.Println(r.Member, r.Separable, "+ a part of the joint cost for", r.Remaining, "=", r.Amount.GroupedDecimal(0))
	}
	// Output:
	// joint 222630 <nil>
	// navigation 45214 + a part of the joint cost for 118306 = 117,476
	// flood control 33763 + a part of the joint cost for 107063 = 99,157
	// power 110977 + a part of the joint cost for 139119 = 195,951
}

func ExampleGame_Equal() {
	d, err := tennessee().Equal()
	navigation, _ := d.Of("navigation")
	fmt.Println(navigation, err)
	// Output: 137528 <nil>
}

func ExampleGame_EqualGains() {
	d, err := tennessee().EqualGains()
	fmt.Println(err)
	show(d) // each 47,286 less than its cost alone
	// Output:
	// <nil>
	// navigation 116,234
	// flood control 93,540
	// power 202,810
}

func ExampleGame_Proportional() {
	show(must(tennessee().Proportional()))
	// By the vehicles that Renault and Nissan sold in 2017, in thousands.
	g := must(sharing.New(sharing.Problem{Members: []string{"Renault", "Nissan"}, Table: []sharing.Amount{"0", "100", "100", "120"}}))
	show(must(g.Proportional(sharing.Share{Member: "Renault", Amount: ratio.Int(3760)}, sharing.Share{Member: "Nissan", Amount: ratio.Int(5800)})))
	// Output:
	// navigation 121,682.2
	// flood control 104,794.6
	// power 186,107.1
	// Renault 47.2
	// Nissan 72.8
}

func ExampleGame_Core() {
	// Any two of three save 6, and all three save 8: two can always do better.
	ctx := context.Background()
	g := must(sharing.New(sharing.Problem{Kind: sharing.KindSavings, Members: []string{"a", "b", "c"}, Table: []sharing.Amount{"0", "0", "0", "6", "0", "6", "6", "8"}}))
	core, err := g.Core(ctx)
	fmt.Println(core.Empty, core.Margin, err)
	for _, b := range core.Blocking {
		fmt.Println(b.Members, b.Weight, b.Alone)
	}
	core = must(tennessee().Core(ctx))
	fmt.Println(core.Empty, core.Margin)
	show(core.Point)
	// Output:
	// true -1 <nil>
	// [a b] 0.5 6
	// [a c] 0.5 6
	// [b c] 0.5 6
	// false 107063
	// navigation 125,093.3
	// flood control 105,138.3
	// power 182,352.3
}

func ExampleGame_Objections() {
	// Equal parts are too much for a and b, who need less than c.
	ctx := context.Background()
	g := must(sharing.New(sharing.Problem{Members: []string{"a", "b", "c"}, Table: []sharing.Amount{"0", "30", "40", "55", "100", "125", "130", "150"}}))
	equal := must(g.Equal())
	o, err := g.Objections(ctx, equal)
	fmt.Println(len(o.List), o.More, err)
	for _, e := range o.List {
		fmt.Println(e.Members, "pay", e.Amount, "and would pay", e.Alone, "alone, which is", e.Gain, "less")
	}
	// Output:
	// 3 0 <nil>
	// [a b] pay 100 and would pay 55 alone, which is 45 less
	// [a] pay 50 and would pay 30 alone, which is 20 less
	// [b] pay 50 and would pay 40 alone, which is 10 less
}

func ExampleGame_Excesses() {
	g := tennessee()
	all, err := g.Excesses(must(g.Equal()))
	fmt.Println(err)
	for e := range all {
		fmt.Println(e.Members, e.Gain)
	}
	// Output:
	// <nil>
	// [navigation] -25992
	// [flood control] -3298
	// [navigation flood control] -26551
	// [power] -112568
	// [navigation power] -103765
	// [flood control power] -92314
}

// hybrids has two ventures for hybrid cars, and a technology of Nissan's that could serve
// both. The amounts are assumed.
func hybrids() sharing.Problem {
	return sharing.Problem{
		Members: []string{"Renault", "Nissan", "Mitsubishi"},
		Ventures: []sharing.Venture{
			{Name: "Horse", Fixed: "700", Uses: []sharing.Use{{Member: "Renault"}}},
			{Name: "Mitsubishi's hybrids", Fixed: "400", Uses: []sharing.Use{{Member: "Mitsubishi"}}},
		},
		Assets: []sharing.Asset{{Name: "e-Power", Owners: []string{"Nissan"}, Effects: []sharing.Effect{
			{Venture: "Horse", Fixed: "300"}, {Venture: "Mitsubishi's hybrids", Fixed: "200"},
		}}},
	}
}

func ExampleProblem_Withhold() {
	ctx := context.Background()
	both := must(sharing.New(hybrids()))
	one := must(sharing.New(must(hybrids().Withhold("e-Power", "Horse"))))
	changes, err := sharing.Compare(must(both.Shapley(ctx)), must(one.Shapley(ctx)))
	for _, c := range changes {
		fmt.Println(c.Member, c.Before, "to", c.After, "is", c.Change)
	}
	fmt.Println(err)
	for d := range must(both.Differences(one)) {
		fmt.Println(d.Members, d.Before, d.After)
	}
	// Output:
	// Renault 550 to 700 is 150
	// Nissan -250 to -100 is 150
	// Mitsubishi 300 to 300 is 0
	// <nil>
	// [Renault Nissan] 400 700
	// [Renault Nissan Mitsubishi] 600 900
}

func ExampleProblem_Contribute() {
	withheld := must(hybrids().Withhold("e-Power", "Horse"))
	p, err := withheld.Contribute("e-Power", "Horse")
	fmt.Println(must(must(sharing.New(p)).Value("Renault", "Nissan")), err)
	_, err = withheld.Contribute("e-Power", "Ampere")
	fmt.Println(err)
	// Output:
	// 400 <nil>
	// sharing: the asset "e-Power" has no effect on the venture "Ampere"
}
