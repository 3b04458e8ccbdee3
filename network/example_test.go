package network_test

import (
	"context"
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

func ExampleNewControl() {
	ctx := context.Background()
	// Who controls how much of the alliance's companies, by the squares of
	// the votes?
	n, err := network.NewControl(ctx, endOf2022(), network.ControlOptions{Model: network.ModelRelative})
	if err != nil {
		fmt.Println(err)
		return
	}
	rank, err := n.Rank(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, h := range rank[:3] {
		fmt.Println(h)
	}
	// Output:
	// french-state controls a value of 3.7415: 74.15% of mitsubishi, 100% of nissan, 100% of nissan-finance, 100% of renault
	// renault controls a value of 2.7415: 74.15% of mitsubishi, 100% of nissan, 100% of nissan-finance
	// nissan controls a value of 1.7415: 74.15% of mitsubishi, 100% of nissan-finance
}

func ExampleControlInFact_Position() {
	ctx := context.Background()
	d, err := network.NewControlInFact(ctx, endOf2022(), network.TurnoutOptions{Turnout: map[string]ratio.Ratio{
		"nissan": ratio.MustParse("80%"),
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := d.Position(ctx, "renault", "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s)
	// Output:
	// renault controls nissan in fact: 1,831,837,027 of the 3,353,452,089.6 votes expected (80% turnout), and with a turnout below 87.4%
}

func ExamplePosition_WithNames() {
	ctx := context.Background()
	a := endOf2022()
	d, err := network.NewControlInFact(ctx, a, network.TurnoutOptions{Default: ratio.MustParse("70%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := d.Position(ctx, "renault", "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.WithNames(a.Name))
	// Output: Renault SA controls Nissan Motor in fact: 1,831,837,027 of the 2,934,270,578.4 votes expected (70% turnout), and with a turnout below 87.4%
}

func ExampleControlInFact_Largest() {
	ctx := context.Background()
	d, err := network.NewControlInFact(ctx, endOf2022(), network.TurnoutOptions{Default: ratio.MustParse("65%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, company := range []string{"mitsubishi", "renault"} {
		s, err := d.Largest(ctx, company)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s)
	}
	// Output:
	// renault controls mitsubishi in fact: 506,620,577 of the 966,538,622.4 votes expected (65% turnout), and with a turnout below 68.14%
	// french-state does not control renault in fact: 55,026,807 of the 199,818,015.8 votes expected (65% turnout), and with a turnout below 35.8%
}

func ExampleControlInFact_Control() {
	ctx := context.Background()
	d, err := network.NewControlInFact(ctx, endOf2022(), network.TurnoutOptions{Default: ratio.MustParse("80%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	companies, err := d.Control().Controlled(ctx, "renault")
	fmt.Println(companies, err)
	// Output:
	// [nissan nissan-finance] <nil>
}

func ExampleHolderControl_WithNames() {
	ctx := context.Background()
	a := endOf2022()
	c, err := network.NewControl(ctx, a, network.ControlOptions{Basis: crossholding.BasisCapital})
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := c.Of(ctx, "nissan")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(h.WithNames(a.Name))
	// Output: Nissan Motor controls a value of 1.4931: 34.07% of Mitsubishi Motors, 100% of Nissan Finance, 15.24% of Renault SA
}

func ExampleUltimateOwner_WithNames() {
	ctx := context.Background()
	a := endOf2022()
	owners, err := network.WeakestLinks(ctx, a, "nissan", network.WeakestLinkOptions{Threshold: ratio.MustParse("10%")})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range owners {
		fmt.Println(o.WithNames(a.Name))
	}
	// Output: French State (APE) has 17.9% of Nissan Motor by the weakest link: French State (APE) 17.9% of Renault SA, Renault SA 43.7% of Nissan Motor
}

// Four airlines have a route. Five investors have 1% of each, and one of them 2% (but for the
// first investor). The example is T. A. Lambert's.
func ExampleProfitWeights() {
	var b crossholding.Book
	airlines := []string{"A", "B", "C", "D"}
	for _, airline := range airlines {
		b.Companies = append(b.Companies, crossholding.Company{ID: airline})
		for i := range 5 {
			investor, percent := fmt.Sprintf("investor-%d", i), ratio.Number("1")
			if i > 0 && airlines[i-1] == airline {
				percent = "2"
			}
			if airline == "A" {
				b.Parties = append(b.Parties, crossholding.Party{ID: investor})
			}
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: investor, Issuer: airline, Percent: percent})
		}
	}
	a, err := crossholding.New(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := network.ProfitWeights(context.Background(), a, map[string]ratio.Ratio{
		"A": ratio.Of(3, 10), "B": ratio.Of(3, 10), "C": ratio.Of(2, 10), "D": ratio.Of(2, 10),
	}, network.CommonOwnershipOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c)
	fmt.Println("A puts a weight on each euro of B's profit of", c.Firms[0].Weights[0].Weight)
	// Output:
	// HHI 2,600, and with common ownership 6,475 more: MHHI 9,075
	// A puts a weight on each euro of B's profit of 0.875
}

// At the end of 2022 Renault had 43.4% of Nissan. By votes, a unit of Renault's profit was
// worth 0.64 to Nissan. Measured by power it was worth more than a unit of Nissan's own,
// because Renault was the only large holder there.
func ExampleCommonOwnership_Weight() {
	ctx := context.Background()
	market := map[string]ratio.Ratio{"renault": ratio.Of(1, 4), "nissan": ratio.Of(1, 4)}
	for _, weights := range []network.ControlWeights{network.WeightsByVotes, network.WeightsByShapleyShubik} {
		c, err := network.ProfitWeights(ctx, endOf2022(), market, network.CommonOwnershipOptions{Weights: weights, Floats: true})
		if err != nil {
			fmt.Println(err)
			return
		}
		one, err := c.Weight("renault", "nissan")
		if err != nil {
			fmt.Println(err)
			return
		}
		two, err := c.Weight("nissan", "renault")
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("renault %s, nissan %s\n", one.Decimal(3), two.Decimal(3))
	}
	// Output:
	// renault 0.437, nissan 0.64
	// renault 0.437, nissan 1.325
}
