package power_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// A register of five holders: 30, 25, 20, 15 and 10 percent.
func register() power.Game {
	g, err := power.Majority(30, 25, 20, 15, 10)
	if err != nil {
		panic(err) // the figures above are fine
	}
	return g
}

func ExampleAtLeast() {
	// Nassau County, 1958: three of the six districts can be left at home.
	g, err := power.AtLeast(16, 9, 9, 7, 3, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := g.Banzhaf(context.Background())
	fmt.Println(b.Normalized(), err)
	_, err = power.AtLeast(31, 9, 9, 7, 3, 1, 1)
	fmt.Println(err, errors.Is(err, power.ErrQuota))
	// Output:
	// 1/3 1/3 1/3 0 0 0 <nil>
	// power: impossible quota: at least 31 of 30: all together would lose true
}

func ExampleMoreThan() {
	// Exactly half is not a majority.
	quarter := decimal.RequireFromString("25.00")
	g, err := power.MoreThan(decimal.RequireFromString("50.00"), quarter, quarter, quarter, quarter)
	if err != nil {
		fmt.Println(err)
		return
	}
	wins, err := g.Wins(0, 1)
	fmt.Println(g, wins, err)
	// Output: [3; 1 1 1 1] false <nil>
}

func ExampleMajority() {
	g, err := power.Majority(50, 49, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	// The 1 % has the power of the 49 %.
	ss, err := g.ShapleyShubik(context.Background())
	fmt.Println(ss, err)
	// Output: 2/3 1/6 1/6 <nil>
}

func ExampleAtLeastShare() {
	// A special resolution: two thirds of all votes, exactly.
	g, err := power.AtLeastShare(ratio.Of(2, 3), 50, 33, 17)
	fmt.Println(g, err)
	// Output: [67; 50 33 17] <nil>
}

func ExampleMoreThanShare() {
	// A quarter of the votes is not enough to block; one vote more is.
	g, err := power.MoreThanShare(ratio.Of(1, 4), 50, 25, 25)
	fmt.Println(g, err)
	// Output: [2; 2 1 1] <nil>
}

func ExampleAll() {
	shares, err := power.Majority(60, 20, 10, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	heads, err := power.Majority(1, 1, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	both, err := power.All(shares, heads)
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := both.ShapleyShubik(context.Background())
	fmt.Println(both, ":", ss, err)
	// Output: [6; 6 2 1 1] and [3; 1 1 1 1] : 1/2 1/6 1/6 1/6 <nil>
}

func ExampleAny() {
	votes, err := power.AtLeast(75, 60, 20, 10, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	heads, err := power.AtLeast(3, 1, 1, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	either, err := power.Any(votes, heads)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := either.Banzhaf(context.Background())
	fmt.Println(b.Swings(), b.Algorithm(), err)
	// Output: [4 4 2 2] diagram <nil>
}

func ExampleCompound() {
	// A pyramid: Ann has 51 of 100 votes in the holding company, Bob and Cid
	// the rest; the holding has 40 votes in the firm, Bob 35 and Cid 25.
	holding, err := power.Majority(51, 25, 24)
	if err != nil {
		fmt.Println(err)
		return
	}
	bob, err := power.Alone(1, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	cid, err := power.Alone(2, 3)
	if err != nil {
		fmt.Println(err)
		return
	}
	meeting, err := power.Majority(40, 35, 25)
	if err != nil {
		fmt.Println(err)
		return
	}
	firm, err := power.Compound(meeting, holding, bob, cid)
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := firm.ShapleyShubik(context.Background())
	fmt.Println(ss, err)
	// Output: 1/3 1/3 1/3 <nil>
}

func ExampleAlone() {
	g, err := power.Alone(1, 3)
	fmt.Println(g, err)
	// Output: [1; 0 1 0] <nil>
}

func ExampleListed() {
	// Ann wins alone, or Bob and Cid together.
	g, err := power.Listed(context.Background(), 3, func(in []bool) bool { return in[0] || in[1] && in[2] })
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := g.ShapleyShubik(context.Background())
	fmt.Println(ss, ss.Algorithm(), err)
	// Output: 2/3 1/6 1/6 enumeration <nil>
}

func ExampleGame_Dual() {
	// Who can pass a special resolution of 75 %, and who can block it.
	g, err := power.AtLeast(75, 30, 25, 20, 15, 10)
	fmt.Println(g, g.Dual(), err)
	// Output: [15; 6 5 4 3 2] [6; 6 5 4 3 2] <nil>
}

func ExampleGame_Bloc() {
	// The three smallest act in concert: they become the last player.
	g, err := register().Bloc(2, 3, 4)
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := g.ShapleyShubik(context.Background())
	fmt.Println(g, ":", ss, err)
	// Output: [11; 6 5 9] : 1/3 1/3 1/3 <nil>
}

func ExampleGame_Wins() {
	wins, err := register().Wins(0, 2)
	fmt.Println(wins, err)
	wins, err = register().Wins(0, 2, 4)
	fmt.Println(wins, err)
	// Output:
	// false <nil>
	// true <nil>
}

func ExampleGame_ShapleyShubik() {
	ss, err := register().ShapleyShubik(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ss)
	fmt.Println(ss.Format(4), ss.Sum(), ss.Algorithm())
	// Output:
	// 7/20 4/15 11/60 1/10 1/10
	// 0.3500 0.2667 0.1833 0.1000 0.1000 1 weights
}

func ExampleGame_Banzhaf() {
	b, err := register().Banzhaf(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("swings", b.Swings(), "winning", b.Winning())
	fmt.Println("absolute", b.Absolute())
	fmt.Println("normalized", b.Normalized())
	// Output:
	// swings [9 7 5 3 3] winning 15
	// absolute 9/16 7/16 5/16 3/16 3/16
	// normalized 1/3 7/27 5/27 1/9 1/9
}

func ExampleBanzhaf_Preventive() {
	// Coleman's three: to prevent action, to initiate it, and of the meeting
	// to act at all.
	b, err := register().Banzhaf(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b.Preventive())
	fmt.Println(b.Initiative())
	fmt.Println(b.Collectivity())
	// Output:
	// 3/5 7/15 1/3 1/5 1/5
	// 9/17 7/17 5/17 3/17 3/17
	// 0.46875
}

func ExampleBanzhaf_Initiative() {
	b, err := register().Banzhaf(context.Background())
	fmt.Println(b.Initiative().Format(3), err)
	// Output: 0.529 0.412 0.294 0.176 0.176 <nil>
}

func ExampleBanzhaf_Collectivity() {
	// With 75 % instead of a majority the meeting acts less than half as often.
	g, err := power.AtLeast(75, 30, 25, 20, 15, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	b, err := g.Banzhaf(context.Background())
	fmt.Println(b.Collectivity(), err)
	// Output: 0.1875 <nil>
}

func ExampleBanzhaf_Rae() {
	b, err := register().Banzhaf(context.Background())
	fmt.Println(b.Rae(), err)
	// Output: 25/32 23/32 21/32 19/32 19/32 <nil>
}

func ExampleBanzhaf_PublicHelp() {
	b, err := register().Banzhaf(context.Background())
	fmt.Println(b.PublicHelp(), err)
	// Output: 4/17 11/51 10/51 3/17 3/17 <nil>
}

func ExampleGame_DeeganPackel() {
	// The paradox of weighted voting: 15 votes have more power than 20.
	g, err := power.AtLeast(51, 35, 20, 15, 15, 15)
	if err != nil {
		fmt.Println(err)
		return
	}
	dp, err := g.DeeganPackel(context.Background())
	fmt.Println(dp, err)
	// Output: 3/10 3/20 11/60 11/60 11/60 <nil>
}

func ExampleGame_PublicGood() {
	g, err := power.AtLeast(51, 35, 20, 15, 15, 15)
	if err != nil {
		fmt.Println(err)
		return
	}
	pg, err := g.PublicGood(context.Background())
	fmt.Println(pg, err)
	// Output: 4/15 2/15 1/5 1/5 1/5 <nil>
}

func ExampleGame_Minimal() {
	// The Security Council: 5 vetoes, 10 others, 4 of whom are needed.
	g, err := power.AtLeast(39, 7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := g.Minimal(context.Background())
	fmt.Println(m.Count(), m.Holding()[0], m.Holding()[14], err)
	// Output: 210 210 84 <nil>
}

func ExampleGame_Johnston() {
	j, err := register().Johnston(context.Background())
	fmt.Println(j, err)
	// Output: 5/12 19/72 11/72 1/12 1/12 <nil>
}

func ExampleGame_Owen() {
	// The last two vote as they agreed beforehand.
	g, err := power.AtLeast(5, 4, 3, 1, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := g.Owen(context.Background(), [][]int{{3, 4}})
	fmt.Println(x, err)
	_, err = g.Owen(context.Background(), [][]int{{3, 4}, {4, 0}})
	fmt.Println(err)
	// Output:
	// 5/12 1/4 1/12 1/8 1/8 <nil>
	// power: bad precoalitions: union 1, player 4: already in union 0
}

func ExampleGame_BanzhafOwen() {
	g, err := power.AtLeast(9, 6, 1, 2, 1, 1, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := g.BanzhafOwen(context.Background(), [][]int{{0, 1}, {2, 3, 4}, {5, 6}})
	fmt.Println(x, err)
	// Output: 5/8 1/8 3/16 1/16 1/16 1/4 0 <nil>
}

func ExampleGame_SymmetricCoalitionalBanzhaf() {
	g, err := power.AtLeast(9, 6, 1, 2, 1, 1, 3, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := g.SymmetricCoalitionalBanzhaf(context.Background(), [][]int{{0, 1}, {2, 3, 4}, {5, 6}})
	fmt.Println(x, err)
	// Output: 5/8 1/8 1/6 1/24 1/24 1/4 0 <nil>
}

func ExampleWithOcean() {
	// One holder of 30 %, everybody else tiny: power 3/7 for a majority.
	d, err := power.WithOcean(ratio.Of(1, 2), ratio.Of(7, 10), ratio.Of(3, 10))
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	fmt.Println(x.Large, x.Small(), err)
	// Output: 3/7 4/7 <nil>
}

func ExampleAtLeastWithCrowd() {
	// 120 votes against 399 holders of one vote each, who are not listed.
	d, err := power.AtLeastWithCrowd(260, 399, 1, 120)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	fmt.Println(x, err)
	// Output: 3/10; 7/10 <nil>
}

func ExampleMoreThanWithCrowd() {
	// A billion small shareholders beside 20 % and 15 %.
	million := int64(1_000_000)
	d, err := power.MoreThanWithCrowd(1000*million, 1300*million, 1, 400*million, 300*million)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	fmt.Println(x.Large.Format(6), err)
	// Output: 0.236686 0.159763 <nil>
}

func ExampleDispersed_BanzhafAbsolute() {
	// 2 % and 1 % beside a thousand holders of 0.097 % each.
	d, err := power.MoreThanWithCrowd(50_000, 1000, 97, 2000, 1000)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.BanzhafAbsolute(context.Background())
	fmt.Println(x.Format(4), err)
	// Output: 0.4725 0.2005 <nil>
}

func ExampleDispersed_ShapleyShubik() {
	d, err := power.WithOcean(50, 50, 30, 15, 5)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.ShapleyShubik(context.Background())
	fmt.Println(x, err)
	// Output: 99/250 63/500 23/500; 54/125 <nil>
}

func ExampleDispersed_AtTurnout() {
	// The fewer small holders come, the more 20 % decides.
	d, err := power.WithOcean(50, 80, 20)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, percent := range []int64{100, 75, 50, 25} {
		m, err := d.AtTurnout(ratio.Of(percent, 100), ratio.Of(1, 2))
		if err != nil {
			fmt.Println(err)
			return
		}
		x, err := m.ShapleyShubik(context.Background())
		fmt.Println(percent, x.Large, err)
	}
	// Output:
	// 100 1/4 <nil>
	// 75 1/3 <nil>
	// 50 1/2 <nil>
	// 25 1 <nil>
}

func ExampleGame_DegreeOfControl() {
	// 20 % against ten holders of 8 %: it is on the winning side 8 times in 10.
	g, err := power.Majority(20, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := g.DegreeOfControl(context.Background(), []int{0})
	fmt.Println(x.Decimal(4), err)
	// Output: 0.8281 <nil>
}

func ExampleDispersed_DegreeOfControlNormal() {
	d, err := power.MoreThanWithCrowd(50, 10, 8, 20)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, err := d.DegreeOfControlNormal(0)
	fmt.Printf("%.4f %v\n", x, err)
	// Output: 0.7854 <nil>
}

func ExampleGame_ShapleyShubikFloat() {
	x, err := register().ShapleyShubikFloat(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	value, bound, ok := x.Of(1)
	fmt.Printf("%.10f %v %v\n", value, bound < 1e-12, ok)
	// Output: 0.2666666667 true true
}

func ExampleGame_EstimateShapleyShubik() {
	x, err := register().EstimateShapleyShubik(context.Background(), power.EstimateOptions{Samples: 40000, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f within %.3f, all of them with probability %v\n", x.Values(), x.HalfWidth(), x.Confidence())
	// Output: [0.35 0.27 0.18 0.10 0.10] within 0.009, all of them with probability 0.99
}

func ExampleGame_EstimateBanzhaf() {
	x, err := register().EstimateBanzhaf(context.Background(), power.EstimateOptions{Samples: 40000, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f after %d draws\n", x.Values(), x.Samples())
	// Output: [0.56 0.44 0.31 0.19 0.19] after 40000 draws
}

// What the rebalancing of 2023 did to the power in Renault. Votes that count
// before it, at 31 October 2022: the French State 88,775,830 of 307,412,332;
// Nissan's were silenced by French law. After it, at 30 April 2024: of 396,681,029
// the State has the same number and Nissan, whose votes count again, casts as
// many as make 15 percent of the votes cast, on the reading that the 34,370,038
// above its cap leave the count. The rest is treated as an ocean of small holders.
//
// For a lawyer: before, the State had 28.9 percent of the votes that counted,
// but it decided 40.6 percent of the resolutions, if each order in which votes
// come in is equally likely, because everybody else was small and scattered.
// After, it has 24.5 percent, and its power falls further than its votes do, to
// 30.5 percent: there now is a second large holder that can make or break a
// majority. Nissan, from nothing, gets power in step with its votes, 14.8
// percent for 15.0. The public has 60.5 percent of the votes and only 54.8
// percent of the power, for it does not vote as one.
func Example_renault() {
	show := func(when string, state, nissan, public int64) error {
		total := state + nissan + public
		d, err := power.WithOcean(ratio.Of(total, 2), ratio.Int(public), ratio.Int(state), ratio.Int(nissan))
		if err != nil {
			return err
		}
		x, err := d.ShapleyShubik(context.Background())
		if err != nil {
			return err
		}
		percent := func(r ratio.Ratio) string { return r.Percent(1).StringFixed(1) }
		fmt.Println(when)
		for i, v := range []int64{state, nissan} {
			p, _ := x.Large.Of(i)
			fmt.Printf("%-6s votes %5s%%  power %5s%%\n", [...]string{"State", "Nissan"}[i], percent(ratio.Of(v, total)), percent(p))
		}
		fmt.Printf("%-6s votes %5s%%  power %5s%%\n", "public", percent(ratio.Of(public, total)), percent(x.Small()))
		return nil
	}
	if err := show("31 October 2022", 88_775_830, 0, 218_636_502); err != nil {
		fmt.Println(err)
	}
	if err := show("30 April 2024", 88_775_830, 54_346_648, 219_188_513); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 31 October 2022
	// State  votes  28.9%  power  40.6%
	// Nissan votes   0.0%  power   0.0%
	// public votes  71.1%  power  59.4%
	// 30 April 2024
	// State  votes  24.5%  power  30.5%
	// Nissan votes  15.0%  power  14.8%
	// public votes  60.5%  power  54.8%
}

func ExampleOptions() {
	// One worker, a megabyte, and the list of all coalitions as a check.
	g, err := power.AtLeast(39, 7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	ss, err := g.ShapleyShubik(context.Background())
	fmt.Println(ss.Algorithm(), err)
	check, err := g.ShapleyShubik(context.Background(), power.Options{Algorithm: power.Enumeration, Workers: 1, MaxMemory: 1 << 20})
	fmt.Println(check.Algorithm(), check.String() == ss.String(), err)
	_, err = g.ShapleyShubik(context.Background(), power.Options{Algorithm: power.Halves, MaxMemory: 1000})
	fmt.Println(errors.Is(err, power.ErrMemory))
	// Output:
	// weights <nil>
	// enumeration true <nil>
	// true
}
