package crossholding_test

import (
	"context"
	"fmt"
	"log"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// group is a family, its top company and a works that hold shares of one
// another: 45% of the top company is not control of it without the works' 10%.
func group() (*crossholding.Control, error) {
	a, err := crossholding.New(booktest.Percents(
		[3]string{"family", "top", "45"}, [3]string{"works", "top", "10"},
		[3]string{"family", "works", "30"}, [3]string{"top", "works", "40"},
		[3]string{"works", "shop", "60"}, [3]string{"bank", "shop", "40"}))
	if err != nil {
		return nil, err
	}
	return a.Control(context.Background(), crossholding.ControlOptions{})
}

func ExampleControl_Ultimate() {
	ctx := context.Background()
	c, err := group()
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := c.Ultimate(ctx, "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(who)
	// Output: [works]
}

func ExampleControl_Controllers() {
	ctx := context.Background()
	a, err := crossholding.New(booktest.Percents([3]string{"family", "top", "51"}, [3]string{"top", "works", "60"}, [3]string{"works", "shop", "70"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := c.Controllers(ctx, "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(who)
	// Output: [works top family]
}

func ExampleControl_Ultimates() {
	ctx := context.Background()
	c, err := group()
	if err != nil {
		fmt.Println(err)
		return
	}
	for p, err := range c.Ultimates(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(p.Company, "<-", p.Controller)
	}
	// Output: shop <- works
}

func ExampleControl_MutualControl() {
	ctx := context.Background()
	a, err := crossholding.New(booktest.Percents([3]string{"x", "y", "60"}, [3]string{"y", "x", "60"}, [3]string{"x", "shop", "80"}))
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	rings, err := c.MutualControl(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := c.Ultimate(ctx, "shop")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v control one another; shop's ultimate controllers are %q\n", rings[0], who)
	// Output: [x y] control one another; shop's ultimate controllers are []
}

// Neither the family nor its company controls the works alone; together they do.
func ExampleGroup_Controls() {
	ctx := context.Background()
	c, err := group()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, who := range [][]string{{"family"}, {"top"}, {"family", "top"}} {
		g, err := c.Group(ctx, who...)
		if err != nil {
			fmt.Println(err)
			return
		}
		yes, err := g.Controls("works")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(who, yes, g.Companies())
	}
	// Output:
	// [family] false []
	// [top] false []
	// [family top] true [shop works]
}

func ExampleGroup_Companies() {
	ctx := context.Background()
	c, err := group()
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := c.Group(ctx, "family", "top")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g.Companies())
	// Output: [shop works]
}

// The count of votes that an answer rests on comes with it.
func ExampleControl_Votes() {
	c, err := group()
	if err != nil {
		fmt.Println(err)
		return
	}
	n, err := c.Votes().Of("works", "top")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n.Holder, "casts", n.Free, "of 100 votes in", n.Issuer)
	// Output: works casts 10 of 100 votes in top
}

// A sentence for a reader of the press, by the names that the book gives.
func ExampleControlAnswer_WithNames() {
	ctx := context.Background()
	a := alliance()
	c, err := a.Control(ctx, crossholding.ControlOptions{Presumed: ratio.MustParse("40%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	why, err := c.Why(ctx, "renault", "nissan-finance")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(why.WithNames(a.Name))
	// Output: Renault SA controls Nissan Finance: Renault SA casts 1,831,837,027 of 4,191,815,112 votes in Nissan Motor (43.7%), more than 40% and nobody else has as many; Nissan Motor casts 100 of 100 votes in Nissan Finance (100%)
}

// A party can control a company by other means than votes. Ann appoints the foundation's
// council, and with its 30% she has more than half of the holding.
func ExampleControlFact() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holding"}},
		Parties:   []crossholding.Party{{ID: "ann"}, {ID: "foundation", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "ann", Issuer: "holding", Percent: "21"},
			{Holder: "foundation", Issuer: "holding", Percent: "30"},
		},
		Controls: []crossholding.ControlFact{
			{Controller: "ann", Company: "foundation", By: crossholding.ControlByAppointment, Source: "statutes, art. 4"},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	if err != nil {
		log.Fatal(err)
	}
	why, err := c.Why(ctx, "ann", "holding")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(why)
	// Output:
	// ann controls holding: ann controls foundation by fact (appointment: statutes, art. 4); ann casts 21 and foundation casts 30 of 100 votes in holding, together 51 (51%)
}

func ExampleTally_Facts() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "energy", Shares: []crossholding.ShareClass{{Issued: "100000000"}, {Class: "golden", Issued: "1"}}}},
		Parties:   []crossholding.Party{{ID: "state", Kind: crossholding.KindState}},
		Stakes:    []crossholding.Stake{{Holder: "state", Issuer: "energy", Class: "golden", Shares: "1"}},
		Controls:  []crossholding.ControlFact{{Controller: "state", Company: "energy", By: crossholding.ControlByState, Source: "articles"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	t, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for f := range t.Facts() {
		fmt.Println(f.Fact)
	}
	// Output: state controls energy by fact (state: articles)
}

func ExampleNodeGroup_Facts() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "works"}},
		Parties:   []crossholding.Party{{ID: "partner"}, {ID: "ann"}},
		Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "works", Percent: "100"}},
		Controls:  []crossholding.ControlFact{{Controller: "partner", Company: "works", By: crossholding.ControlByManagement}},
	})
	if err != nil {
		log.Fatal(err)
	}
	t, err := a.Tally(ctx, "", crossholding.VotingOptions{})
	if err != nil {
		log.Fatal(err)
	}
	partner, err := a.Graph().Node("partner")
	if err != nil {
		log.Fatal(err)
	}
	works, err := a.Graph().Company("works")
	if err != nil {
		log.Fatal(err)
	}
	g, err := t.Group(ctx, crossholding.Rule{}, partner)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range g.Facts(works) {
		fmt.Println(f.Fact)
	}
	// Output: partner controls works by fact (management)
}

func ExampleControl_Warnings() {
	ctx := context.Background()
	a, err := crossholding.New(booktest.Percents([3]string{"person", "x", "2.35"}, [3]string{"y", "x", "97.65"}, [3]string{"x", "y", "100"}))
	check(err)
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	check(err)
	warnings, err := c.Warnings(ctx)
	check(err)
	for _, w := range warnings {
		fmt.Println(w)
	}
	// Output: x, y: they control one another, and nobody outside controls them: who decides there is not in the figures
}
