package power_test

import (
	"context"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

func checkOcean(t *testing.T, c gameCase) {
	t.Helper()
	ocean := parseRat(t, []byte(c.Ocean))
	d, err := power.WithOcean(parseRat(t, c.Quota), ocean, parseWeights(t, c.Weights)...)
	require.NoError(t, err)
	x, err := d.ShapleyShubik(context.Background())
	require.NoError(t, err)
	requireFigures(t, "shapley_shubik_majors", c.Expected["shapley_shubik_majors"], x.Large)
	require.Equal(t, c.Expected["shapley_shubik_ocean"][0], x.Small().Rat().RatString())
	require.Len(t, c.Expected, 2)
}

// bruteOcean integrates the polynomial of every coalition: the definition.
func bruteOcean(q, ocean int64, ws []int64, i int) *big.Rat {
	m := len(ws)
	clamp := func(z int64) *big.Rat { return big.NewRat(max(0, min(z, ocean)), ocean) }
	// integral of t^s (1-t)^(m-1-s) from 0 to x.
	integral := func(s int, x *big.Rat) *big.Rat {
		sum := new(big.Rat)
		for j := 0; j <= m-1-s; j++ {
			term := new(big.Rat).SetFrac(new(big.Int).Binomial(int64(m-1-s), int64(j)), big.NewInt(int64(s+j+1)))
			for range s + j + 1 {
				term.Mul(term, x)
			}
			if j%2 == 1 {
				term.Neg(term)
			}
			sum.Add(sum, term)
		}
		return sum
	}
	out := new(big.Rat)
	for set := range 1 << m {
		if set>>i&1 == 1 {
			continue
		}
		var k int64
		for j, w := range ws {
			if set>>j&1 == 1 {
				k += w
			}
		}
		out.Add(out, integral(size(set), clamp(q-k)))
		out.Sub(out, integral(size(set), clamp(q-k-ws[i])))
	}
	return out
}

func TestOceanFromDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 150 {
		m := 1 + r.IntN(6)
		ws := make([]int64, m)
		ocean := 1 + r.Int64N(60)
		total := ocean
		for i := range ws {
			ws[i] = r.Int64N(30)
			total += ws[i]
		}
		q := 1 + r.Int64N(total)
		d, err := power.WithOcean(q, ocean, ws...)
		require.NoError(t, err)
		x, err := d.ShapleyShubik(context.Background(), power.Options{Workers: 1 + r.IntN(3)})
		require.NoError(t, err)
		for i, got := range x.Large.All() {
			want := bruteOcean(q, ocean, ws, i)
			require.Zero(t, want.Cmp(got.Rat()), "[%d; %v, ocean %d] holder %d: want %s, got %s", q, ws, ocean, i, want.RatString(), got)
		}
	}
}

func TestCrowdIsTheListedGame(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(8, 8))
	for range 200 {
		m, n := r.IntN(6), 1+r.IntN(12)
		ws := make([]int64, m, m+n)
		each := 1 + r.Int64N(9)
		total := each * int64(n)
		for i := range ws {
			ws[i] = r.Int64N(40)
			total += ws[i]
		}
		q := 1 + r.Int64N(total)
		build, list := power.AtLeastWithCrowd[int64], power.AtLeast[int64]
		if r.IntN(2) == 0 && q > 1 {
			q--
			build, list = power.MoreThanWithCrowd[int64], power.MoreThan[int64]
		}
		d, err := build(q, int64(n), each, ws...)
		require.NoError(t, err)
		got, err := d.ShapleyShubik(ctx)
		require.NoError(t, err)
		for range n {
			ws = append(ws, each)
		}
		g, err := list(q, ws...)
		require.NoError(t, err)
		want, err := g.ShapleyShubik(ctx)
		require.NoError(t, err)
		coins, err := d.BanzhafAbsolute(ctx)
		require.NoError(t, err)
		banzhaf, err := g.Banzhaf(ctx)
		require.NoError(t, err)
		for i, x := range coins.All() {
			w, _ := banzhaf.Absolute().Of(i)
			require.Zero(t, w.Cmp(x), "%v player %d: want %s, got %s", g, i, w, x)
		}
		var small ratio.Ratio
		for i, w := range want.All() {
			if i >= m {
				small = small.Add(w)
				continue
			}
			x, _ := got.Large.Of(i)
			require.Zero(t, w.Cmp(x), "%v player %d: want %s, got %s", g, i, w, x)
		}
		require.Zero(t, small.Cmp(got.Small()))
	}
}

// A crowd tends to the ocean: with a billion small holders the two differ by
// less than a millionth.
func TestCrowdTendsToOcean(t *testing.T) {
	ctx := context.Background()
	ocean, err := power.WithOcean[int64](50_000_000_000, 55_000_000_000, 20_000_000_000, 15_000_000_000, 10_000_000_000)
	require.NoError(t, err)
	crowd, err := power.AtLeastWithCrowd[int64](50_000_000_000, 1_000_000_000, 55, 20_000_000_000, 15_000_000_000, 10_000_000_000)
	require.NoError(t, err)
	a, err := ocean.ShapleyShubik(ctx)
	require.NoError(t, err)
	b, err := crowd.ShapleyShubik(ctx)
	require.NoError(t, err)
	for i, x := range a.Large.All() {
		y, _ := b.Large.Of(i)
		off := x.Sub(y).Rat()
		require.Negative(t, off.Abs(off).Cmp(big.NewRat(1, 1_000_000)), "holder %d", i)
		require.NotZero(t, off.Sign())
	}
}

// With an ocean that divides evenly, the large holders play the game of the
// quota less half of it.
func TestOceanByCoins(t *testing.T) {
	ctx := context.Background()
	d, err := power.WithOcean(51, 60, 20, 12, 8)
	require.NoError(t, err)
	x, err := d.BanzhafAbsolute(ctx)
	require.NoError(t, err)
	g, err := power.AtLeast(21, 20, 12, 8)
	require.NoError(t, err)
	b, err := g.Banzhaf(ctx)
	require.NoError(t, err)
	require.Equal(t, b.Absolute().String(), x.String())
	d, err = power.WithOcean(50, 60, 20, 12, 8) // 20 and 12+8 tie
	require.NoError(t, err)
	x, err = d.BanzhafAbsolute(ctx)
	require.NoError(t, err)
	require.Equal(t, "3/4 1/4 1/4", x.String())
	for quota, want := range map[int]string{20: "0 0 0", 30: "1/8 1/8 1/8", 70: "1/8 1/8 1/8", 71: "0 0 0"} {
		d, err = power.WithOcean(quota, 60, 20, 12, 8)
		require.NoError(t, err)
		x, err := d.BanzhafAbsolute(ctx)
		require.NoError(t, err)
		require.Equal(t, want, x.String(), "quota %d", quota) // at 30 and 70 there are ties
	}
	// Thirty large holders of any weight need no list.
	ws := make([]int64, 30)
	for i := range ws {
		ws[i] = 1<<40 + int64(i*i*i)
	}
	d64, err := power.WithOcean[int64](31<<40, 30<<40, ws...)
	require.NoError(t, err)
	x, err = d64.BanzhafAbsolute(ctx)
	require.NoError(t, err)
	require.Equal(t, power.Halves, x.Algorithm())
	d, err = power.WithOcean(50, 60, 20, 12, 8) // 20 and 12+8 tie
	require.NoError(t, err)
	x, err = d.BanzhafAbsolute(ctx)
	require.NoError(t, err)
	// Thousands of small holders come near it.
	d, err = power.MoreThanWithCrowd[int64](50_000, 60_000, 1, 20_000, 12_000, 8_000)
	require.NoError(t, err)
	y, err := d.BanzhafAbsolute(ctx)
	require.NoError(t, err)
	for i := range 3 {
		require.InDelta(t, x.Floats()[i], y.Floats()[i], 0.01)
	}
	d, err = power.MoreThanWithCrowd[int64](50_000_000_000, 60_000_000_000, 1, 20_000_000_000)
	require.NoError(t, err)
	_, err = d.BanzhafAbsolute(ctx)
	require.ErrorIs(t, err, power.ErrTooHard)
	d, err = power.MoreThanWithCrowd[int64](100_000, 150_000, 1, 9000, 800, 70, 6)
	require.NoError(t, err)
	_, err = d.BanzhafAbsolute(ctx, power.Options{MaxMemory: 1 << 19})
	require.ErrorIs(t, err, power.ErrMemory)
}

// The formula with its corrections and the list of weights are two ways to the
// same figures, wherever the quota lies.
func TestOceanByFormulaAndByWeights(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(9, 9))
	chosen := map[power.Algorithm]int{}
	for range testkit.Cases(200) {
		m := 1 + r.IntN(14)
		ws := make([]int64, m)
		ocean := 1 + r.Int64N(400)
		total := ocean
		for i := range ws {
			ws[i] = r.Int64N(70)
			total += ws[i]
		}
		q := 1 + r.Int64N(total)
		if r.IntN(3) == 0 {
			q = (total + 1) / 2
		}
		d, err := power.WithOcean(q, ocean, ws...)
		require.NoError(t, err)
		auto, err := d.ShapleyShubik(ctx)
		require.NoError(t, err)
		chosen[auto.Large.Algorithm()]++
		for _, a := range []power.Algorithm{power.Formula, power.Weights} {
			x, err := d.ShapleyShubik(ctx, power.Options{Algorithm: a, Workers: 1 + r.IntN(3)})
			require.NoError(t, err)
			require.Equal(t, a, x.Large.Algorithm())
			require.Equal(t, auto.Large.String(), x.Large.String(), "[%d; %v, ocean %d] by %v", q, ws, ocean, a)
		}
	}
	require.Greater(t, chosen[power.Formula], testkit.Cases(20))
	require.Greater(t, chosen[power.Weights], testkit.Cases(20))
	crowd, err := power.AtLeastWithCrowd[int64](6, 10, 1, 2)
	require.NoError(t, err)
	_, err = crowd.ShapleyShubik(ctx, power.Options{Algorithm: power.Formula})
	require.ErrorIs(t, err, power.ErrOptions)
}

// Sixty holders with exact counts of shares have more coalitions than any list
// holds; as long as the ocean can outvote them all, their figures follow at once.
func TestOceanOfExactShares(t *testing.T) {
	r := rand.New(rand.NewPCG(60, 60))
	ws := make([]int64, 60)
	total := int64(0)
	for i := range ws {
		ws[i] = 1 + r.Int64N(1<<40)
		total += ws[i]
	}
	d, err := power.WithOcean(total+total/5, total+total/3, ws...)
	require.NoError(t, err)
	var said []int
	progress := func(done, all int) { said = append(said, done, all) }
	x, err := d.ShapleyShubik(context.Background(), power.Options{MaxMemory: 1 << 10, Progress: progress})
	require.NoError(t, err)
	require.Equal(t, power.Formula, x.Large.Algorithm())
	require.Equal(t, []int{60, 60}, said)
	// Orderings drawn at random agree.
	crowd := append(make([]int64, 0, 3060), ws...)
	for range 3000 {
		crowd = append(crowd, (total+total/3)/3000)
	}
	g, err := power.AtLeast(total+total/5, crowd...)
	require.NoError(t, err)
	e, err := g.EstimateShapleyShubik(context.Background(), power.EstimateOptions{Samples: 4000, Seed: 3})
	require.NoError(t, err)
	sum := 0.0
	for _, v := range e.Values()[:60] {
		sum += v
	}
	large := x.Large.Sum().Float64()
	require.InDelta(t, large, sum, 0.04)
	require.NotZero(t, large)
	_, err = d.ShapleyShubik(context.Background(), power.Options{Algorithm: power.Weights, MaxMemory: 1 << 20})
	require.ErrorIs(t, err, power.ErrMemory)
}

func BenchmarkOcean(b *testing.B) {
	benches := []struct {
		name  string
		units int64 // what all votes are divided into
		large int64 // percent of them that the large holders have at most
	}{
		{"large=30/unit=0.1%", 1000, 90}, {"large=30/unit=0.01%", 10000, 90}, {"large=30/unit=0.0001%", 1_000_000, 90},
		{"large=30/unit=0.01%/held=60%", 10000, 120}, {"large=30/unit=0.01%/held=67%", 10000, 134},
		{"large=30/unit=0.01%/held=75%", 10000, 150}, {"large=30/unit=0.01%/held=90%", 10000, 180},
	}
	for _, bb := range benches {
		b.Run(bb.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(30, 30))
			ws := make([]int64, 30)
			total := int64(0)
			for i := range ws {
				ws[i] = 1 + r.Int64N(bb.units*bb.large/3000)
				total += ws[i]
			}
			d, err := power.WithOcean(bb.units/2+1, bb.units-total, ws...)
			require.NoError(b, err)
			measure(b, func() error { _, err := d.ShapleyShubik(context.Background()); return err })
			b.ReportMetric(100*float64(total)/float64(bb.units), "held-%")
		})
	}
}
