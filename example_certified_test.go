package crossholding_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// certifiedAlliance is the alliance before its rebalancing, to 12 places.
func certifiedAlliance(opt crossholding.CertifiedOptions) (*crossholding.Ownership, *crossholding.CertifiedOwnership, error) {
	a, err := booktest.Renault("before")
	if err != nil {
		return nil, nil, err
	}
	o, err := a.Ownership(context.Background(), crossholding.OwnershipOptions{})
	if err != nil {
		return nil, nil, err
	}
	c, err := o.Certified(opt)
	return o, c, err
}

func ExampleOwnership_Certified() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 30})
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := c.Integrated(ctx, "french-state", "mitsubishi")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(state)
	// Output: 0.02431738972192005434458195319
}

func ExampleCertifiedOwnership_Integrated() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// What Renault owns of itself comes round through Nissan.
	self, err := c.Integrated(ctx, "renault", "renault")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(self)
	// Output: 0.071326441121
}

func ExampleCertifiedOwnership_FirstPassage() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// Counting no path through Renault twice, it owns of Nissan what it holds.
	first, err := c.FirstPassage(ctx, "renault", "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(first)
	// Output: 0.43700329763
}

func ExampleCertifiedOwnership_Holdings() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Holdings(ctx, "french-state")
	if err != nil {
		fmt.Println(err)
		return
	}
	for company, share := range line.All() {
		fmt.Println(company, share)
	}
	// Output:
	// mitsubishi 0.024317
	// nissan 0.071374
	// nissan-finance 0.071374
	// renault 0.163326
}

func ExampleCertifiedOwnership_Owners() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Owners(ctx, "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	for owner, share := range line.All() {
		fmt.Println(owner, share)
	}
	// Output:
	// float:nissan 0.603153
	// float:renault 0.299387
	// french-state 0.071374
	// nissan 0.071326
	// nissan-finance 0.071326
	// registered-holders 0.026086
	// renault 0.468173
}

func ExampleCertifiedOwnership_OwnersAbove() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f, err := range c.OwnersAbove(ctx, ratio.MustParse("1/4"), true) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(f.Issuer, f.Holder, f.Integrated)
	}
	// Output:
	// nissan float:nissan 0.6032
	// nissan float:renault 0.2994
	// nissan-finance float:nissan 0.6032
	// nissan-finance float:renault 0.2994
	// renault float:renault 0.6851
	// mitsubishi float:mitsubishi 0.4346
}

func ExampleCertifiedOwnership_Check() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("outsiders own all of every company:", c.Check(ctx) == nil)
	// Output: outsiders own all of every company: true
}

// What if Nissan sold the half of its Mitsubishi shares?
func ExampleOwnership_WithChanges() {
	ctx := context.Background()
	o, c, err := certifiedAlliance(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	before, err := c.Holdings(ctx, "french-state")
	if err != nil {
		fmt.Println(err)
		return
	}
	half, err := o.WithChanges(ctx, crossholding.Stake{Holder: "nissan", Issuer: "mitsubishi", Shares: "253310288"})
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := half.Integrated(ctx, "french-state", "mitsubishi")
	if err != nil {
		fmt.Println(err)
		return
	}
	old, err := before.Of("mitsubishi")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(old, "->", state.Decimal(12))
	// Output: 0.024317389722 -> 0.012158694837
}

func ExampleRow_Update() {
	ctx := context.Background()
	o, c, err := certifiedAlliance(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Holdings(ctx, "french-state")
	if err != nil {
		fmt.Println(err)
		return
	}
	sold, err := o.WithChanges(ctx, crossholding.Stake{Holder: "nissan", Issuer: "mitsubishi", Shares: "0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := sold.Certified(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err = line.Update(ctx, after) // works out Mitsubishi alone
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(line.Len(), "companies left")
	// Output: 3 companies left
}

func ExampleRow_All() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 3, FirstPassage: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Holdings(ctx, "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	for company, share := range line.All() {
		fmt.Println(company, share)
	}
	// Output:
	// mitsubishi 0.341
	// nissan 0.067
	// nissan-finance 1
	// renault 0.152
}

func ExampleCertifiedOwnership_Interests() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	for in, err := range c.Interests(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if in.Holder == "renault" {
			fmt.Println(in.Issuer, in.Capital.Percent(2), in.Integrated, in.FirstPassage)
		}
	}
	// Output:
	// mitsubishi 0 0.1595 0.1489
	// nissan 43.4 0.4682 0.437
	// nissan-finance 0 0.4682 0.437
	// renault 0 0.0713 0.0666
}

// The same without ids: nodes, and whole numbers of ten thousandths.
func ExampleCertifiedOwnership_NodeInterests() {
	ctx, a := context.Background(), alliance()
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	check(err)
	c, err := o.Certified(crossholding.CertifiedOptions{Places: 4})
	check(err)
	g := a.Graph()
	for in, err := range c.NodeInterests(ctx) {
		check(err)
		if g.ID(in.Holder) == "renault" && !in.Float {
			fmt.Println(g.IDs(in.Companies), in.Integrated, in.FirstPassage)
		}
	}
	// Output: [mitsubishi nissan nissan-finance renault] [1595 4682 4682 713] [1489 4370 4370 666]
}

// A line answers by name: what nobody reaches is 0, a name unknown an error.
func ExampleRow_Of() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{Places: 6})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Holdings(ctx, "french-state")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, company := range []string{"nissan", "mufg-bank", "toyota"} {
		share, err := line.Of(company)
		fmt.Println(company, share, err)
	}
	// Output:
	// nissan 0.071374 <nil>
	// mufg-bank 0 <nil>
	// toyota 0 crossholding: holder "toyota": unknown name
}

func ExampleRow_Len() {
	ctx := context.Background()
	_, c, err := certifiedAlliance(crossholding.CertifiedOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := c.Owners(ctx, "renault")
	fmt.Println(line.Len(), "own something of Renault in the end", err)
	// Output: 7 own something of Renault in the end <nil>
}
