package clearing_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/crossholding/crossholding/clearing"
	"github.com/crossholding/crossholding/ratio"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

func numbers(texts ...string) []ratio.Ratio {
	out := make([]ratio.Ratio, len(texts))
	for i, text := range texts {
		out[i] = ratio.MustParse(text)
	}
	return out
}

// threeBanks is the example of github.com/siebenbrunner/NetworkValuation for Eisenberg and
// Noe (2001): each bank has 10, and owes the two others.
func threeBanks() clearing.Input {
	return must(clearing.Tables{
		Names:  []string{"bank 1", "bank 2", "bank 3"},
		Assets: numbers("10", "10", "10"),
		Debts: [][][]ratio.Ratio{{
			numbers("0", "20", "10"),
			numbers("5", "0", "24"),
			numbers("10", "0", "0"),
		}},
	}.Input())
}

func ExampleSystem_Clear() {
	ctx := context.Background()
	s := must(clearing.New(threeBanks()))
	c := must(s.Clear(ctx, clearing.Options{}))
	fmt.Println("unique:", c.Unique)
	for _, f := range c.Greatest.Firms {
		fmt.Printf("%s has %s, pays %s of %s, default: %t\n", f.Name, f.Assets, f.Paid(), f.Debt, f.Default)
	}
	// Output:
	// unique: true
	// bank 1 has 270/11, pays 270/11 of 30, default: true
	// bank 2 has 290/11, pays 290/11 of 29, default: true
	// bank 3 has 40, pays 10 of 10, default: false
}

func ExampleNew() {
	_, err := clearing.New(clearing.Input{
		Firms:    []clearing.Firm{{Name: "a", Assets: ratio.Int(5)}, {Name: "b"}},
		Debts:    []clearing.Debt{{Debtor: "a", Creditor: "c", Amount: ratio.Int(7)}},
		Holdings: []clearing.Holding{{Holder: "a", Issuer: "b", Share: ratio.MustParse("120%")}},
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, clearing.ErrName))
	// Output:
	// clearing: bad name: debt 0, "a" to "c": the creditor "c" is not among the firms
	// clearing: bad holding: holding 0, "a" to "b": the share 1.2 is not within 0 and 1
	// true
}

// The matrices of the literature are read row by row: who owes, and to whom.
func ExampleTables_Input() {
	in := threeBanks()
	fmt.Println(len(in.Firms), "firms and", len(in.Debts), "debts")
	fmt.Println(in.Debts[0].Debtor, "owes", in.Debts[0].Creditor, in.Debts[0].Amount)
	// Output:
	// 3 firms and 5 debts
	// bank 1 owes bank 2 20
}

// Rogers and Veraart (2013): here default destroys half of the external assets and 30% of the
// claims. The figures are those of the R package systemicrisk, which prints 0.5020200,
// 0.5147049 and 0.5653806.
func ExampleSystem_Greatest() {
	ctx := context.Background()
	half := "1/2"
	s := must(clearing.New(must(clearing.Tables{
		Names:   []string{"1", "2", "3"},
		Assets:  numbers("1/2", "5/8", "3/4"),
		Debts:   [][][]ratio.Ratio{{numbers("0", half, half), numbers(half, "0", half), numbers(half, half, "0")}},
		Outside: [][]ratio.Ratio{numbers("3/2", "1/2", "1/2")},
		Costs:   clearing.Costs{External: ratio.MustParse("50%"), Claims: ratio.MustParse("30%")},
	}.Input())))
	greatest := must(s.Greatest(ctx, clearing.Options{Places: 6}))
	fmt.Println("in default:", greatest.Defaults(), "in waves:", greatest.Waves)
	for _, f := range greatest.Firms {
		fmt.Println(f.Name, "pays", f.Paid(), "and loses", f.Costs)
	}
	// Output:
	// in default: [1 2 3] in waves: [[1] [2 3]]
	// 1 pays 0.50202 and loses 0.358009
	// 2 pays 0.514705 and loses 0.399159
	// 3 pays 0.565381 and loses 0.456592
}

// With costs of default, two banks may both survive or both fail.
func ExampleSystem_Least() {
	ctx := context.Background()
	in := clearing.Input{
		Firms: []clearing.Firm{{Name: "a", Assets: ratio.Int(5)}, {Name: "b", Assets: ratio.Int(5)}},
		Debts: []clearing.Debt{
			{Debtor: "a", Creditor: "b", Amount: ratio.Int(10)}, {Debtor: "a", Amount: ratio.Int(4)},
			{Debtor: "b", Creditor: "a", Amount: ratio.Int(10)}, {Debtor: "b", Amount: ratio.Int(4)},
		},
		Costs: clearing.Costs{External: ratio.MustParse("50%"), Claims: ratio.MustParse("50%")},
	}
	s := must(clearing.New(in))
	c := must(s.Clear(ctx, clearing.Options{}))
	fmt.Println("unique:", c.Unique, c.Differ)
	fmt.Println("at best, in default:", c.Greatest.Defaults())
	least := must(s.Least(ctx, clearing.Options{}))
	fmt.Println("at worst, in default:", least.Defaults(), "each pays", least.Firms[0].Paid())
	// Output:
	// unique: false [a b]
	// at best, in default: []
	// at worst, in default: [a b] each pays 35/9
}

// Elsinger (2009) and Fischer (2014): senior creditors come before junior ones, and firms hold
// one another's shares.
func ExampleSolution_Receipts() {
	ctx := context.Background()
	s := must(clearing.New(clearing.Input{
		Firms: []clearing.Firm{{Name: "parent", Assets: ratio.Int(2)}, {Name: "bank"}, {Name: "works", Assets: ratio.Int(20)}},
		Debts: []clearing.Debt{
			{Debtor: "parent", Creditor: "bank", Amount: ratio.Int(9), Seniority: 0},
			{Debtor: "parent", Creditor: "works", Amount: ratio.Int(6), Seniority: 1},
			{Debtor: "works", Amount: ratio.Int(10)},
		},
		Holdings: []clearing.Holding{{Holder: "parent", Issuer: "works", Share: ratio.MustParse("75%")}},
	}))
	solution := must(s.Greatest(ctx, clearing.Options{}))
	fmt.Println(s.Names(), "in default:", solution.Defaults())
	for r := range solution.Receipts() {
		fmt.Println(r.To, "gets", r.Amount, "from", r.From, "seniority", r.Seniority)
	}
	parent, _ := solution.Find("parent")
	fmt.Println("the parent has", parent.Assets, "and its junior creditors get", parent.Payments[1].Paid, "of", parent.Payments[1].Owed)
	// Output:
	// [parent bank works] in default: [parent]
	// bank gets 9 from parent seniority 0
	// works gets 2 from parent seniority 1
	// parent gets 9 from works seniority -1
	// the parent has 11 and its junior creditors get 2 of 6
}

// Elliott, Golub and Jackson (2014) with the debts of six countries in 2011, of which a third
// is held within the six, and GDP as assets. A country fails below 93.5% of its value of 2008,
// and loses half of that threshold. The figures are computed with the data of a program by
// P. Veeraraghavan (2017), since the table of the paper was not readable.
func ExampleContagion_Cascades() {
	ctx := context.Background()
	europe := readEurope()
	names, holdings := europe.holdings()
	before := must(clearing.NewContagion(europe.organizations(names, europe.Before, nil), holdings))
	threshold := numbers("0", "0", "0", "0", "0", "0")
	for i, v := range must(before.Cascades(ctx, clearing.Options{})).Best.Values {
		threshold[i] = v.Market.Mul(ratio.MustParse("93.5%"))
	}
	c := must(clearing.NewContagion(europe.organizations(names, europe.Assets, threshold), holdings))
	cascades := must(c.Cascades(ctx, clearing.Options{Places: 4}))
	for i, wave := range cascades.Best.Waves {
		fmt.Println("wave", i+1, wave.Names)
	}
	fmt.Println(len(cascades.Best.Failed()), "fail, unique:", cascades.Unique)
	// Output:
	// wave 1 [Greece]
	// wave 2 [Portugal]
	// wave 3 [Spain]
	// wave 4 [France]
	// wave 5 [Germany Italy]
	// 6 fail, unique: true
}

// Two organizations that hold half of each other: each depends on its own assets for two
// thirds.
func ExampleContagion_Dependency() {
	ctx := context.Background()
	c := must(clearing.NewContagion([]clearing.Organization{{Name: "a"}, {Name: "b"}}, []clearing.Holding{
		{Holder: "a", Issuer: "b", Share: ratio.Of(1, 2)},
		{Holder: "b", Issuer: "a", Share: ratio.Of(1, 2)},
	}))
	for _, row := range must(c.Dependency(ctx)) {
		fmt.Println(row)
	}
	// Output:
	// [2/3 1/3]
	// [1/3 2/3]
}
