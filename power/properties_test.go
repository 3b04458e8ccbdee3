package power_test

import (
	"context"
	"fmt"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
)

// indices are those that divide one whole among the players.
func indices(t *testing.T, g power.Game, unions [][]int) map[string]power.Index {
	t.Helper()
	ctx := context.Background()
	b, err := g.Banzhaf(ctx)
	require.NoError(t, err)
	ss, err := g.ShapleyShubik(ctx)
	require.NoError(t, err)
	dp, err := g.DeeganPackel(ctx)
	require.NoError(t, err)
	pg, err := g.PublicGood(ctx)
	require.NoError(t, err)
	j, err := g.Johnston(ctx)
	require.NoError(t, err)
	ow, err := g.Owen(ctx, unions)
	require.NoError(t, err)
	return map[string]power.Index{
		"shapley_shubik": ss, "banzhaf_normalized": b.Normalized(), "deegan_packel": dp,
		"public_good": pg, "johnston": j, "owen": ow, "public_help_theta": b.PublicHelp(),
	}
}

func TestProperties(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(9, 9))
	for round := range testkit.Cases(15) {
		n := 20 + r.IntN(40) // far beyond what brute force could say
		ws := make([]int64, n)
		var total int64
		for i := range ws {
			ws[i] = 1 + r.Int64N(40)
			total += ws[i]
		}
		ws[1] = ws[0] // equal players
		ws[2] = 0     // a dummy
		total = 0
		for _, w := range ws {
			total += w
		}
		g, err := power.AtLeast(total/4+r.Int64N(total/2), ws...)
		require.NoError(t, err)
		unions := randomUnions(r, n)
		alone := make([][]int, n)
		for i := range alone {
			alone[i] = []int{i}
		}
		all := indices(t, g, unions)
		for name, x := range all {
			require.Equal(t, "1", x.Sum().String(), "%s is efficient", name)
			if name != "owen" {
				a, _ := x.Of(0)
				b, _ := x.Of(1)
				require.Zero(t, a.Cmp(b), "%s treats equals alike", name)
			}
			if d, _ := x.Of(2); name != "public_help_theta" {
				require.Zero(t, d.Sign(), "%s gives a dummy nothing", name)
			}
		}
		for name, x := range indices(t, g.Dual(), unions) {
			switch name {
			case "shapley_shubik", "banzhaf_normalized", "owen":
				require.Equal(t, all[name].String(), x.String(), "%s is that of the dual", name)
			}
		}
		require.Equal(t, g.String(), g.Dual().Dual().String())
		if round > 6 {
			continue
		}
		// Unions of one, and one union of all, change nothing.
		single, err := g.Owen(ctx, alone)
		require.NoError(t, err)
		require.Equal(t, all["shapley_shubik"].String(), single.String())
		everyone := make([]int, n)
		for i := range everyone {
			everyone[i] = i
		}
		whole, err := g.Owen(ctx, [][]int{everyone})
		require.NoError(t, err)
		require.Equal(t, all["shapley_shubik"].String(), whole.String())
		b, err := g.Banzhaf(ctx)
		require.NoError(t, err)
		bo, err := g.BanzhafOwen(ctx, nil)
		require.NoError(t, err)
		require.Equal(t, b.Absolute().String(), bo.String())
	}
}

// Relabelling the players relabels the figures; scaling the weights changes
// nothing.
func TestRelabelAndScale(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for range testkit.Cases(20) {
		n := 5 + r.IntN(30)
		ws, permuted, scaled := make([]int64, n), make([]int64, n), make([]int64, n)
		perm := r.Perm(n)
		var total int64
		for i := range ws {
			ws[i] = 1 + r.Int64N(100)
			total += ws[i]
			permuted[perm[i]] = ws[i]
			scaled[i] = 1_000_003 * ws[i]
		}
		q := 1 + r.Int64N(total)
		a, err := power.AtLeast(q, ws...)
		require.NoError(t, err)
		b, err := power.AtLeast(q, permuted...)
		require.NoError(t, err)
		c, err := power.AtLeast(1_000_003*q, scaled...)
		require.NoError(t, err)
		require.Equal(t, a.String(), c.String())
		x, y := indices(t, a, nil), indices(t, b, nil)
		for name := range x {
			for i := range n {
				u, _ := x[name].Of(i)
				v, _ := y[name].Of(perm[i])
				require.Zero(t, u.Cmp(v), "%s of player %d", name, i)
			}
		}
	}
}

// Every way of counting and any number of workers gives the same figures,
// also beyond 256 players and 64-bit counts.
func TestAlgorithmsAgree(t *testing.T) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(11, 11))
	tests := []struct {
		n          int
		most       int64
		algorithms []power.Algorithm
	}{
		{20, 1000, []power.Algorithm{power.Weights, power.Halves, power.Diagram, power.Enumeration}},
		{30, 5000, []power.Algorithm{power.Weights, power.Halves}},
		{70, 30, []power.Algorithm{power.Weights, power.Diagram}},
		{257, 2, []power.Algorithm{power.Weights, power.Diagram}},
	}
	for k, tt := range tests {
		t.Run(fmt.Sprintf("players=%d", tt.n), func(t *testing.T) {
			ws := make([]int64, tt.n)
			var total int64
			for i := range ws {
				ws[i] = 1 + r.Int64N(tt.most)
				total += ws[i]
			}
			quotas := []int64{total/2 + 1, total / 5, total * 19 / 20}
			if !testkit.Long() {
				quotas = quotas[(k+2)%3:][:1] // each with some game, the quickest with the largest
			}
			for _, q := range quotas {
				g, err := power.AtLeast(q, ws...)
				require.NoError(t, err)
				var ss, swings string
				for _, a := range tt.algorithms {
					for workers := 1; workers <= 3; workers += 2 {
						o := power.Options{Algorithm: a, Workers: workers}
						x, err := g.ShapleyShubik(ctx, o)
						require.NoError(t, err)
						require.Equal(t, a, x.Algorithm())
						b, err := g.Banzhaf(ctx, o)
						require.NoError(t, err)
						s := fmt.Sprint(b.Swings(), b.Winning())
						if ss == "" {
							ss, swings = x.String(), s
						}
						require.Equal(t, ss, x.String(), "%v, %d workers", a, workers)
						require.Equal(t, swings, s, "%v, %d workers", a, workers)
					}
				}
			}
		})
	}
}

// Thousands of equal holders: the closed forms.
func TestManyEqualPlayers(t *testing.T) {
	ctx := context.Background()
	const n = 501
	ws := make([]int64, n)
	for i := range ws {
		ws[i] = 7
	}
	g, err := power.Majority(ws...)
	require.NoError(t, err)
	b, err := g.Banzhaf(ctx)
	require.NoError(t, err)
	require.Equal(t, new(big.Int).Binomial(n-1, n/2).String(), b.Swings()[n-1].String())
	require.Equal(t, new(big.Int).Lsh(big.NewInt(1), n-1).String(), b.Winning().String())
	ss, err := g.ShapleyShubik(ctx)
	require.NoError(t, err)
	x, _ := ss.Of(17)
	require.Equal(t, "1/501", x.String())
}
