package accounting_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/crossholding/crossholding/accounting"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// Renault carried Nissan at 20,622 million euros at the end of 2019, and at 14,618 a year
// later. Its share of Nissan's loss was 4,970. The rest was other income, such as exchange
// differences.
func ExampleRollForward() {
	start := accounting.Position{Shares: ratio.MustParse("43.4"), Outstanding: ratio.Int(100), Carrying: ratio.Int(20622)}
	year := must(accounting.RollForward(context.Background(), start, []accounting.Event{
		{Date: "2020-12-31", Kind: accounting.Profit, Own: true, Amount: ratio.Int(-4970)},
		{Date: "2020-12-31", Kind: accounting.OtherIncome, Own: true, Amount: ratio.Int(-1034)},
	}))
	for _, m := range year.Movements {
		fmt.Printf("%s: %s\n", m.Event, m.Because)
	}
	fmt.Println("carried at", year.Closing.Carrying, "for", year.Closing.Interest().ShortPercent())
	// Output:
	// 2020-12-31 profit: the investor's part of the investee's profit is -4970
	// 2020-12-31 other_income: the investor's part of the investee's other income is -1034
	// carried at 14618 for 43.4%
}

func ExampleRoll_WriteCSV() {
	start := accounting.Position{Shares: ratio.Int(25), Outstanding: ratio.Int(100), Carrying: ratio.Int(300)}
	r := must(accounting.RollForward(context.Background(), start, []accounting.Event{
		{Date: "2024-06-30", Kind: accounting.Dividend, Amount: ratio.Int(40)},
		{Date: "2024-12-31", Kind: accounting.Profit, Amount: ratio.Int(120)},
		{Date: "2025-01-15", Kind: accounting.Disposal, Shares: ratio.Int(5), Amount: ratio.Int(70)},
	}))
	if err := r.WriteCSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// date,event,interest,opening,change,closing,cash,profit,other_income,equity,because
	// 2024-06-30,dividend,0.25,300,-10,290,10,,,,25% of the investee's dividend of 40 is 10
	// 2024-12-31,profit,0.25,290,30,320,,30,,,25% of the investee's profit of 120 is 30
	// 2025-01-15,disposal,0.2,320,-64,256,70,6,,,5 of 25 shares take 64 of the carrying amount of 320 along and bring 70: a gain of 6
}

// In March 2024 Renault sold 99,132,100 shares of Nissan for 358 million euros. They had cost
// 400 yen each, at 128.78 yen a euro. The group carried them at 8.10 euros each: it had
// announced a loss of up to 450 million on 100,242,900 shares for 362 million. Renault
// published a gain of about 50 million and a loss of about 440 million.
func ExampleCompareBooks() {
	shares, million := ratio.Int(99_132_100), ratio.Int(1_000_000)
	cost := ratio.MustParse("400/128.78")
	carried := ratio.Int(362 + 450).Div(ratio.Int(100_242_900))
	for _, b := range must(accounting.CompareBooks(shares, ratio.Int(358),
		accounting.Carried{Book: "statutory", Shares: shares, Carrying: shares.Mul(cost).Div(million)},
		accounting.Carried{Book: "group", Shares: shares, Carrying: shares.Mul(carried)})) {
		fmt.Println(b)
	}
	// Output:
	// statutory: 99,132,100 shares carried at about 307.91 bring 358: a gain of about 50.09
	// group: 99,132,100 shares carried at about 803 bring 358: a loss of about 445
}

// A parent has 80% of a subsidiary, which has 10% of the parent.
func ExampleAttribute() {
	g := accounting.Group{
		Parent:  "parent",
		Members: []accounting.Member{{Name: "parent"}, {Name: "subsidiary"}},
		Holdings: []accounting.Holding{
			{Holder: "parent", Issuer: "subsidiary", Share: ratio.Of(8, 10)},
			{Holder: "subsidiary", Issuer: "parent", Share: ratio.Of(1, 10)},
		},
	}
	profit := must(accounting.Attribute(context.Background(), g, map[string]ratio.Ratio{"parent": ratio.Int(50_000), "subsidiary": ratio.Int(20_000)}))
	fmt.Println("simultaneous equations:", profit.Simultaneous.Parent.Decimal(0), "and", profit.Simultaneous.NonControlling.Decimal(0))
	fmt.Println("treasury stock:", profit.Treasury.Parent, "and", profit.Treasury.NonControlling)
	fmt.Println(must(profit.Of(accounting.SimultaneousEquations).Of("subsidiary")))
	// Output:
	// simultaneous equations: 64565 and 5435
	// treasury stock: 66000 and 4000
	// owners of subsidiary outside the group have 20% of about 27,173.91 (20,000 its own, about 7,173.91 of other members): about 5,434.78
}

// A parent paid 900 for 80% of a subsidiary that had net assets of 1,000. They are 1,200 now.
func ExampleConsolidate() {
	n := ratio.Int
	c := must(accounting.Consolidate(context.Background(), accounting.Group{
		Parent: "parent",
		Members: []accounting.Member{
			{Name: "parent", Equity: n(5000), Profit: n(640), Dividends: n(300)},
			{Name: "subsidiary", Equity: n(1200), Profit: n(150), Dividends: n(50)},
		},
		Holdings: []accounting.Holding{{Holder: "parent", Issuer: "subsidiary", Share: ratio.Of(4, 5), Carrying: n(900), Acquired: n(1000)}},
		Dealings: []accounting.Dealing{{Kind: accounting.UnrealisedProfit, From: "subsidiary", To: "parent", Amount: n(20)}},
	}, accounting.ConsolidateOptions{}))
	for _, e := range c.Entries {
		fmt.Printf("%d. %s\n", e.Number, e.Because)
	}
	equity, profit := c.Equity.Simultaneous, c.Profit.Simultaneous
	fmt.Printf("net assets %s: %s and %s; profit %s: %s and %s; goodwill %s\n",
		c.Equity.Whole, equity.Parent, equity.NonControlling, c.Profit.Whole, profit.Parent, profit.NonControlling, c.Goodwill)
	// Output:
	// 1. parent carries 80% of subsidiary at 900; its part of the net assets of 1000 at acquisition was 800, so there is goodwill of 100
	// 2. parent has 80% of the dividends of 50 that subsidiary declared: 40 stays in the group
	// 3. parent still has goods with a profit of 20 that subsidiary made on the sale; the group has not made it yet
	// 4. net assets: owners of subsidiary outside the group have 20% of 1180: 236
	// 5. profit: owners of subsidiary outside the group have 20% of 130: 26
	// net assets 5380: 5144 and 236; profit 730: 704 and 26; goodwill 100
}

func ExampleConsolidated_WriteCSV() {
	c := must(accounting.Consolidate(context.Background(), accounting.Group{
		Parent:   "parent",
		Members:  []accounting.Member{{Name: "parent", Equity: ratio.Int(5000)}, {Name: "subsidiary", Equity: ratio.Int(1200)}},
		Holdings: []accounting.Holding{{Holder: "parent", Issuer: "subsidiary", Share: ratio.Int(1), Carrying: ratio.Int(900), Acquired: ratio.Int(1000)}},
	}, accounting.ConsolidateOptions{}))
	if err := c.WriteCSV(os.Stdout); err != nil {
		log.Fatal(err)
	}
	// Output:
	// entry,kind,company,account,of,debit,credit,because
	// 1,investment,subsidiary,equity,,1000,,"parent carries 100% of subsidiary at 900; its part of the net assets of 1000 at acquisition was 1000, so there is a bargain purchase: 100 less was paid"
	// 1,investment,parent,retained earnings,subsidiary,,100,"parent carries 100% of subsidiary at 900; its part of the net assets of 1000 at acquisition was 1000, so there is a bargain purchase: 100 less was paid"
	// 1,investment,parent,investment,subsidiary,,900,"parent carries 100% of subsidiary at 900; its part of the net assets of 1000 at acquisition was 1000, so there is a bargain purchase: 100 less was paid"
}

// At the end of 2022 Renault had 43.4% of Nissan, and nobody else had as much. If it had
// consolidated Nissan, as the presumption of 40% in French law suggests, more than half of
// the group's profit of Nissan would have been that of others.
func ExampleGroupOf() {
	ctx := context.Background()
	a := must(booktest.Renault("before"))
	g, scope, err := accounting.GroupOf(ctx, a, "renault", compliance.ConsolidationOptions{Presumed: ratio.Of(2, 5)})
	if err != nil {
		log.Fatal(err)
	}
	profit := must(accounting.Attribute(ctx, g, map[string]ratio.Ratio{"nissan": ratio.Int(1000)}))
	fmt.Println("consolidated:", scope.Of(compliance.Subsidiary), "by the equity method:", scope.Of(compliance.Associate))
	fmt.Println("of 1000 of Nissan, others have", profit.Simultaneous.NonControlling.Decimal(2), "or", profit.Treasury.NonControlling.Decimal(2))
	// Output:
	// consolidated: [nissan nissan-finance] by the equity method: [mitsubishi]
	// of 1000 of Nissan, others have 603.15 or 563
}
