package whatif_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/whatif"
)

// market is a simulation of the alliance at the end of November 2024, when both prices are
// known.
func market(draws int) whatif.Simulation {
	return whatif.Simulation{
		Figures: []whatif.Figure{
			figure(whatif.Value, "renault", "nissan"), figure(whatif.Value, "nissan", "mitsubishi"), figure(whatif.Value, "mufg-bank", "mitsubishi"),
			figure(whatif.Cost, "renault", "nissan"), figure(whatif.Gain, "nissan", "mitsubishi"), figure(whatif.ValueOverCost, "renault", "nissan"),
		},
		Goals: []whatif.Goal{{Figure: figure(whatif.ValueOverCost, "renault", "nissan"), Is: whatif.LessThan, Limit: ratio.Of(1, 2)}},
		Factors: []whatif.Factor{
			{Key: "prices.nissan", Volatility: 0.35}, {Key: "prices.mitsubishi", Volatility: 0.3, Drift: 0.02}, {Key: "fx.EUR/JPY", Volatility: 0.1},
		},
		Correlations: []whatif.Correlation{{A: "prices.nissan", B: "prices.mitsubishi", Coefficient: 0.6}},
		Seed:         20241129, Draws: draws,
	}
}

// An estimate is the exact figure of the same market, but for rounding.
func TestEstimatesAreTheExactFigures(t *testing.T) {
	crossed := mustNew(t, crossholding.Book{ // a price in dollars reaches euros through yen
		Companies: []crossholding.Company{
			{ID: "x", Currency: "USD", Shares: []crossholding.ShareClass{{Class: "a", Issued: "900"}, {Class: "b", Issued: "90"}}},
			{ID: "y", Currency: "JPY", Shares: []crossholding.ShareClass{{Issued: "500"}}},
		},
		Parties: []crossholding.Party{{ID: "h"}, {ID: "t", Kind: crossholding.KindTrust}},
		Stakes: []crossholding.Stake{
			{Holder: "h", Issuer: "x", Class: "a", Shares: "300", Lots: []crossholding.Lot{{Date: "2001-02-03", Shares: "300", Price: "7", Currency: "EUR"}}},
			{Holder: "t", Beneficiary: "h", Issuer: "x", Class: "b", Shares: "20", Lots: []crossholding.Lot{{Date: "2001-02-03", Shares: "20", Price: "5 USD"}}},
			{Holder: "h", Issuer: "y", Shares: "70", Lots: []crossholding.Lot{{Date: "2003-02-03", Shares: "70", Price: "900 JPY"}}},
		},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x/a": "11 USD", "x/b": "3.5 USD", "y": "1000"}, FX: map[string]ratio.Number{"USD/JPY": "150", "EUR/JPY": "160"}},
	})
	own := []whatif.Figure{}
	for _, k := range []whatif.FigureKind{whatif.Value, whatif.Cost, whatif.Gain, whatif.ValueOverCost} {
		own = append(own, figure(k, "h", "x"), figure(k, "h", "y"), figure(k, "h", ""))
	}
	rates := map[date.Date]map[string]ratio.Number{"2001-02-03": {"EUR/USD": "0.9"}, "2003-02-03": {"EUR/JPY": "130"}}
	random := whatif.Simulation{Figures: own, Seed: 5, Draws: 20, Factors: []whatif.Factor{
		{Key: "prices.x/a", Volatility: 0.5}, {Key: "prices.y", Volatility: 0.4}, {Key: "fx.USD/JPY", Volatility: 0.1}, {Key: "fx.EUR/JPY", Volatility: 0.2},
	}}
	for _, tt := range []struct {
		name string
		a    *crossholding.Alliance
		sim  whatif.Simulation
		opt  whatif.Options
	}{
		{"alliance", book("2024-11-29"), market(20), whatif.Options{}},
		{"alliance in yen", book("2024-11-29"), market(20), whatif.Options{Valuation: crossholding.ValuationOptions{Currency: "JPY"}}},
		{"third currency", crossed, random, whatif.Options{}},
		{"costs of their days", crossed, random, whatif.Options{Valuation: crossholding.ValuationOptions{LotFX: rates}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for d, err := range whatif.Markets(context.Background(), tt.a, tt.sim, tt.opt) {
				require.NoError(t, err)
				m := tt.a.Market()
				for i, key := range tt.sim.Keys() {
					move(t, &m, key, d.Factors[i])
				}
				b := tt.a.Book()
				b.Market = &m
				a := mustNew(t, b)
				for i, f := range tt.sim.Figures {
					exact, err := f.At(context.Background(), a, tt.opt)
					require.NoError(t, err)
					// a gain is small where value and cost nearly cancel
					require.InDelta(t, exact.Float64(), d.Estimates[i], 1e-9*max(1, math.Abs(exact.Float64()), size(d.Estimates)/1e3), "%s", f)
				}
			}
		})
	}
}

func size(list []float64) (most float64) {
	for _, x := range list {
		most = max(most, math.Abs(x))
	}
	return most
}

func mustNew(t *testing.T, b crossholding.Book) *crossholding.Alliance {
	t.Helper()
	a, err := crossholding.New(b)
	require.NoError(t, err)
	return a
}

// move multiplies a price or a rate of a market. Its decimals are those that a book can have.
func move(t *testing.T, m *crossholding.Market, key string, factor float64) {
	t.Helper()
	by := new(big.Rat).SetFloat64(factor)
	if name, ok := bytes.CutPrefix([]byte(key), []byte("prices.")); ok {
		number, currency, _ := bytes.Cut([]byte(m.Prices[string(name)]), []byte(" "))
		p := ratio.MustParse(string(number)).Mul(ratio.FromRat(by))
		m.Prices[string(name)] = p.Decimal(20).String() + " " + string(currency)
		return
	}
	pair := key[len("fx."):]
	rate, err := m.FX[pair].Ratio()
	require.NoError(t, err)
	m.FX[pair] = ratio.Number(rate.Mul(ratio.FromRat(by)).Decimal(20).String())
}

// A summary does not depend on workers, nor on how the draws are divided and merged.
func TestSummariesMerge(t *testing.T) {
	a, sim := book("2024-11-29"), market(testkit.Size(2_000, 100_000))
	shards := testkit.Size(12, 64)
	whole, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{Workers: 1})
	require.NoError(t, err)
	want, err := json.Marshal(whole)
	require.NoError(t, err)
	for _, workers := range []int{2, 7} {
		s, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{Workers: workers})
		require.NoError(t, err)
		got, err := json.Marshal(s)
		require.NoError(t, err)
		require.True(t, bytes.Equal(want, got))
	}
	var merged *whatif.Summary
	for _, i := range rand.New(rand.NewPCG(3, 4)).Perm(shards) {
		shard, err := sim.Shard(i, shards)
		require.NoError(t, err)
		s, err := whatif.Simulate(context.Background(), a, shard, whatif.Options{})
		require.NoError(t, err)
		text, err := json.Marshal(s) // as another process would send it
		require.NoError(t, err)
		var back whatif.Summary
		require.NoError(t, json.Unmarshal(text, &back))
		if merged == nil {
			merged = &back
			continue
		}
		merged, err = merged.Merge(&back)
		require.NoError(t, err)
	}
	got, err := json.Marshal(merged)
	require.NoError(t, err)
	require.True(t, bytes.Equal(want, got))

	_, err = merged.Merge(whole)
	require.ErrorIs(t, err, crossholding.ErrDuplicate)
	other := sim
	other.Seed++
	s, err := whatif.Simulate(context.Background(), a, other, whatif.Options{})
	require.NoError(t, err)
	_, err = merged.Merge(s)
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	_, err = sim.Shard(shards, shards)
	require.ErrorIs(t, err, crossholding.ErrRange)
}

// A summary has the exact sums of the draws, bounds of their quantiles, and their counts.
func TestSummaryOfDraws(t *testing.T) {
	a, sim := book("2024-11-29"), market(3000)
	sim.First = 17
	s, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{})
	require.NoError(t, err)
	lists := make([][]float64, len(sim.Figures))
	next := sim.First
	for d, err := range whatif.Markets(context.Background(), a, sim, whatif.Options{Workers: 3}) {
		require.NoError(t, err)
		require.Equal(t, next, d.Index)
		next++
		for i, x := range d.Estimates {
			lists[i] = append(lists[i], x)
		}
	}
	require.Equal(t, sim.First+sim.Draws, next)
	for i, list := range lists {
		d := s.Estimates[i]
		total := new(big.Rat)
		for _, x := range list {
			total.Add(total, new(big.Rat).SetFloat64(x))
		}
		require.True(t, ratio.FromRat(total).Equal(d.Sum))
		slices.Sort(list)
		require.Equal(t, []float64{list[0], list[len(list)-1]}, []float64{d.Least, d.Greatest})
		for _, p := range []ratio.Ratio{{}, ratio.Of(1, 100), ratio.Of(1, 3), ratio.Of(1, 2), ratio.Of(99, 100), ratio.Int(1)} {
			k := int(math.Ceil(p.Float64()*float64(len(list)))) - 1
			x := list[max(0, k)]
			low, high, err := d.Quantile(p)
			require.NoError(t, err)
			require.True(t, low <= x && x <= high, "%v within %v and %v", x, low, high)
			require.LessOrEqual(t, high-low, 0.001*math.Abs(x)+1e-300)
		}
		var variance float64
		for _, x := range list {
			variance += (x - d.Mean()) * (x - d.Mean()) / float64(len(list)-1)
		}
		require.InDelta(t, math.Sqrt(variance), d.StandardDeviation(), 1e-6*math.Abs(d.Mean()))
	}
	below := 0
	for _, x := range lists[5] {
		if x < 0.5 {
			below++
		}
	}
	require.Equal(t, below, s.Goals[0].True)
	require.Equal(t, 3000, s.Goals[0].Count)
}

// The draws have the distribution that they should have: the probability is that of the
// normal distribution, and the logarithms have the correlation that was asked for.
func TestDrawsAreLognormal(t *testing.T) {
	a, sim := book("2024-11-29"), market(testkit.Size(20_000, 500_000))
	s, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{})
	require.NoError(t, err)
	now, err := figure(whatif.ValueOverCost, "renault", "nissan").At(context.Background(), a, whatif.Options{})
	require.NoError(t, err)
	x := math.Log(0.5/now.Float64()) / 0.35
	p := math.Erfc(-x/math.Sqrt2) / 2
	g := s.Goals[0]
	require.InDelta(t, p, g.Probability().Float64(), 4*g.StandardError())
	require.InDelta(t, math.Sqrt(p*(1-p)/float64(sim.Draws)), g.StandardError(), 0.1*g.StandardError())

	var n, sx, sy, sxx, syy, sxy float64
	for d, err := range whatif.Markets(context.Background(), a, sim, whatif.Options{}) {
		require.NoError(t, err)
		u, v := math.Log(d.Factors[0]), math.Log(d.Factors[1])
		n, sx, sy, sxx, syy, sxy = n+1, sx+u, sy+v, sxx+u*u, syy+v*v, sxy+u*v
	}
	require.InDelta(t, 0, sx/n, 4*0.35/math.Sqrt(n))
	require.InDelta(t, 0.02, sy/n, 4*0.3/math.Sqrt(n))
	rho := (sxy/n - sx*sy/n/n) / math.Sqrt((sxx/n-sx*sx/n/n)*(syy/n-sy*sy/n/n))
	require.InDelta(t, 0.6, rho, 4/math.Sqrt(n))
	require.InDelta(t, 0.35, math.Sqrt(sxx/n-sx*sx/n/n), 4*0.35/math.Sqrt(2*n))
}

func TestDrawsOfATable(t *testing.T) {
	sim := market(3000)
	sim.Factors, sim.Correlations = nil, nil
	sim.Table = &whatif.Table{Keys: []string{"prices.nissan", "fx.EUR/JPY"}, Rows: [][]float64{{0.5, 1}, {1.1, 1.2}, {1, 0.9}}}
	seen := map[float64]int{}
	for d, err := range whatif.Markets(context.Background(), book("2024-11-29"), sim, whatif.Options{}) {
		require.NoError(t, err)
		require.Contains(t, sim.Table.Rows, d.Factors)
		seen[d.Factors[0]]++
	}
	for _, n := range seen {
		require.InDelta(t, 1000, n, 4*math.Sqrt(3000*2/9.0))
	}
}

// TestAllFaultsAtOnce asks questions with several faults each.
func TestAllFaultsAtOnce(t *testing.T) {
	a := book("2024-11-29")
	requireFaults := func(err error, says ...string) {
		t.Helper()
		require.Error(t, err)
		require.Len(t, strings.Split(err.Error(), "\n"), len(says), err.Error())
		for _, text := range says {
			require.ErrorContains(t, err, text)
		}
	}
	_, err := whatif.Simulate(t.Context(), a, whatif.Simulation{
		Figures:      []whatif.Figure{figure("wealth", "renault", "nissan"), figure(whatif.Value, "", "nissan")},
		Goals:        []whatif.Goal{{Figure: figure(whatif.Value, "renault", "nissan"), Is: "over"}},
		Factors:      []whatif.Factor{{Key: "prices.nissan", Volatility: -1}, {Key: "oil", Volatility: 0.1}},
		Correlations: []whatif.Correlation{{A: "prices.nissan", B: "oil", Coefficient: 2}, {A: "oil", B: "oil"}}, Draws: -1}, whatif.Options{})
	requireFaults(err, `"wealth"`, "of whom?", `"over"`, "volatility of -1", `"oil" is neither`, "correlation of 2", "not two factors", "-1 draws")
	_, err = whatif.Simulate(t.Context(), a, whatif.Simulation{Figures: []whatif.Figure{figure(whatif.Value, "ford", "nissan"), figure(whatif.Free, "renault", "nissan")},
		Factors: []whatif.Factor{{Key: "prices.nissan", Volatility: 1}}}, whatif.Options{})
	requireFaults(err, "ford", "does not depend on prices")
	for _, err = range whatif.Sweep(t.Context(), a, whatif.Grid{Axes: []whatif.Axis{{}, {}}, Cells: 5}, whatif.Options{}) {
		break
	}
	requireFaults(err, "without figures", "without values", "has 0 steps", "two axes", "without values", "has 0 steps", "5 cells from cell 0, of 0")
	_, err = whatif.Solve(t.Context(), a, whatif.Goal{}, whatif.Lever{Min: ratio.Int(-1)}, whatif.Options{})
	requireFaults(err, "without a kind", "the goal has no comparison", "has 0 steps", "must not be negative")
}

func TestSimulateRefuses(t *testing.T) {
	a := book("2024-11-29")
	for _, tt := range []struct {
		name   string
		change func(s *whatif.Simulation)
		kind   error
		says   string
	}{
		{"nothing asked", func(s *whatif.Simulation) { s.Figures, s.Goals = nil, nil }, crossholding.ErrMissing, "without figures"},
		{"no market", func(s *whatif.Simulation) { s.Factors = nil }, crossholding.ErrMissing, "either factors or a table"},
		{"negative draws", func(s *whatif.Simulation) { s.Draws = -1 }, crossholding.ErrRange, "-1 draws"},
		{"too many draws", func(s *whatif.Simulation) { s.First, s.Draws = math.MaxInt, math.MaxInt }, crossholding.ErrRange, "of at most"},
		{"votes", func(s *whatif.Simulation) { s.Figures[0] = figure(whatif.Free, "renault", "nissan") }, crossholding.ErrUnknown, "does not depend on prices"},
		{"unknown holder", func(s *whatif.Simulation) { s.Figures[0].Holder = "ford" }, crossholding.ErrUnknown, "ford"},
		{"no cost", func(s *whatif.Simulation) { s.Figures[3] = figure(whatif.Cost, "mufg-bank", "mitsubishi") }, crossholding.ErrNoCost, "mufg-bank"},
		{"no price of a stake", func(s *whatif.Simulation) { s.Figures[0] = figure(whatif.Value, "french-state", "renault") }, crossholding.ErrNoPrice, "renault"},
		{"no price", func(s *whatif.Simulation) { s.Factors[0].Key = "prices.renault" }, crossholding.ErrNoPrice, "no price of renault"},
		{"no rate", func(s *whatif.Simulation) { s.Factors[2].Key = "fx.EUR/GBP" }, crossholding.ErrNoPrice, "no rate EUR/GBP"},
		{"no key", func(s *whatif.Simulation) { s.Factors[2].Key = "oil" }, crossholding.ErrUnknown, `"oil"`},
		{"twice", func(s *whatif.Simulation) { s.Factors[1].Key = "prices.nissan" }, crossholding.ErrDuplicate, "changes twice"},
		{"no volatility", func(s *whatif.Simulation) { s.Factors[0].Volatility = 0 }, crossholding.ErrRange, "volatility of 0"},
		{"no number", func(s *whatif.Simulation) { s.Factors[0].Drift = math.NaN() }, crossholding.ErrRange, "drift of NaN"},
		{"correlation with nothing", func(s *whatif.Simulation) { s.Correlations[0].B = "oil" }, crossholding.ErrUnknown, "not two factors"},
		{"correlation of 2", func(s *whatif.Simulation) { s.Correlations[0].Coefficient = 2 }, crossholding.ErrRange, "correlation of 2"},
		{"correlation of 1", func(s *whatif.Simulation) { s.Correlations[0].Coefficient = 1 }, crossholding.ErrRange, "contradict"},
		{"two correlations", func(s *whatif.Simulation) { s.Correlations = append(s.Correlations, s.Correlations[0]) }, crossholding.ErrDuplicate, "two correlations"},
		{"too large", func(s *whatif.Simulation) { s.Factors[0].Drift, s.Factors[0].Volatility = 100, 100 }, crossholding.ErrTooLarge, "draw "},
		{"empty table", func(s *whatif.Simulation) { s.Factors, s.Correlations, s.Table = nil, nil, &whatif.Table{} }, crossholding.ErrMissing, "without rows"},
		{"short row", func(s *whatif.Simulation) {
			s.Factors, s.Correlations, s.Table = nil, nil, &whatif.Table{Keys: []string{"prices.nissan"}, Rows: [][]float64{{}}}
		}, crossholding.ErrMissing, "row 0"},
		{"price of nothing", func(s *whatif.Simulation) {
			s.Factors, s.Correlations, s.Table = nil, nil, &whatif.Table{Keys: []string{"prices.nissan"}, Rows: [][]float64{{0}}}
		}, crossholding.ErrRange, "factor 0"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sim := market(50)
			tt.change(&sim)
			_, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{})
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
			require.Regexp(t, `^whatif: `, err.Error())
			for _, err := range whatif.Markets(context.Background(), a, sim, whatif.Options{}) {
				if err != nil {
					require.ErrorIs(t, err, tt.kind)
				}
			}
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	reports := 0
	ctx = crossholding.WithProgress(ctx, func(p crossholding.Progress) {
		if reports++; reports == 2 {
			cancel()
		}
	})
	_, err := whatif.Simulate(ctx, a, market(10_000_000), whatif.Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// everyStake asks for the value of every stake of a book whose issuer has a price.
func everyStake(a *crossholding.Alliance) (out []whatif.Figure) {
	b := a.Book()
	for _, s := range b.Stakes {
		if b.Market.Prices[s.Issuer] != "" {
			out = append(out, figure(whatif.Value, s.Holder, s.Issuer))
		}
	}
	return out
}

func BenchmarkSimulate(b *testing.B) {
	book := book("2024-11-29").Book()
	book.Market.Prices["renault"] = "45 EUR" // so that every stake has a value
	a, err := crossholding.New(book)
	require.NoError(b, err)
	sim := market(100_000)
	sim.Figures = everyStake(a)
	require.Len(b, sim.Figures, 9)
	for _, workers := range []int{1, 2} {
		b.Run([]string{"", "one worker", "two workers"}[workers], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := whatif.Simulate(context.Background(), a, sim, whatif.Options{Workers: workers})
				require.NoError(b, err)
			}
		})
	}
}

// manyPrices is a book of n companies with prices, each held by nine others.
func manyPrices(t *testing.T, n int) *crossholding.Alliance {
	b := crossholding.Book{Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{}}, Parties: []crossholding.Party{{ID: "a"}}}
	for i := range n {
		id := fmt.Sprintf("c%d", i)
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}})
		b.Market.Prices[id] = "5 EUR"
		for k := 1; k <= 9; k++ {
			b.Stakes = append(b.Stakes, crossholding.Stake{Holder: fmt.Sprintf("c%d", (i+k)%n), Issuer: id, Shares: "100"})
		}
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "a", Issuer: id, Shares: "100"})
	}
	return mustNew(t, b)
}

// A book of many prices is valued once, not once for each price.
func TestSimulateManyPrices(t *testing.T) {
	sim := whatif.Simulation{Figures: []whatif.Figure{figure(whatif.Value, "a", ""), figure(whatif.Value, "a", "c0")},
		Factors: []whatif.Factor{{Key: "prices.c0", Volatility: .2}}, Draws: 10}
	few, many := manyPrices(t, 100), manyPrices(t, 400)
	bytes := func(a *crossholding.Alliance) float64 {
		return float64(testing.Benchmark(func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := whatif.Simulate(b.Context(), a, sim, whatif.Options{Workers: 1})
				require.NoError(b, err)
			}
		}).AllocedBytesPerOp())
	}
	require.Less(t, bytes(many), 8*bytes(few), "four times the prices")
}

// A simulation of many factors ends with its context, while it prepares and while it draws.
func TestSimulateEnds(t *testing.T) {
	a := manyPrices(t, 300)
	sim := whatif.Simulation{Figures: []whatif.Figure{figure(whatif.Value, "a", "c0")}, Draws: 1 << 10}
	for i := range 300 {
		sim.Factors = append(sim.Factors, whatif.Factor{Key: fmt.Sprintf("prices.c%d", i), Volatility: .2})
	}
	looks := 0
	ctx := countedContext{t.Context(), func() bool { looks++; return false }}
	_, err := whatif.Simulate(ctx, a, sim, whatif.Options{Workers: 1})
	require.NoError(t, err)
	require.Greater(t, looks, 50, "one block of 300 times 300 products for each draw")
	for _, stop := range []int{3, 20, 60} {
		left := stop
		ctx := countedContext{t.Context(), func() bool { left--; return left < 0 }}
		_, err := whatif.Simulate(ctx, a, sim, whatif.Options{Workers: 1})
		require.ErrorIs(t, err, context.Canceled)
	}
}

// countedContext is a context that ends when its function says so. Each look at it calls the function.
type countedContext struct {
	context.Context
	ended func() bool
}

func (c countedContext) Err() error {
	if c.ended() {
		return context.Canceled
	}
	return nil
}

// Squares are not rounded: a large sum that does not move adds nothing to a small one that does.
func TestStandardDeviationOfALargeFigure(t *testing.T) {
	a := mustNew(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}, {ID: "big", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "10000000000000"}}}},
		Parties:   []crossholding.Party{{ID: "a"}},
		Stakes: []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "300", Lots: []crossholding.Lot{{Date: "2001-01-01", Shares: "300", Price: "3.337", Currency: "EUR"}}},
			{Holder: "a", Issuer: "big", Shares: "10000000000000"}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"x": "50 EUR", "big": "1 EUR"}},
	})
	s, err := whatif.Simulate(t.Context(), a, whatif.Simulation{Draws: 2000, Factors: []whatif.Factor{{Key: "prices.x", Volatility: .2}},
		Figures: []whatif.Figure{figure(whatif.Value, "a", ""), figure(whatif.Value, "a", "x"), figure(whatif.Cost, "a", "x")}}, whatif.Options{})
	require.NoError(t, err)
	require.InEpsilon(t, s.Estimates[1].StandardDeviation(), s.Estimates[0].StandardDeviation(), .001)
	require.Zero(t, s.Estimates[2].StandardDeviation())
}
