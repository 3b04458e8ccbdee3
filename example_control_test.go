package crossholding_test

import (
	"context"
	"fmt"

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
