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

func requireRats(t *testing.T, what string, want []*big.Rat, got power.Index) {
	t.Helper()
	require.Equal(t, len(want), got.Len(), what)
	for i, x := range got.All() {
		if want[i].Cmp(x.Rat()) != 0 {
			require.Failf(t, what, "player %d: want %s, got %s", i, want[i].RatString(), x)
		}
	}
}

func requireInts(t *testing.T, what string, want []*big.Rat, got ...*big.Int) {
	t.Helper()
	require.Equal(t, len(want), len(got), what)
	for i, x := range got {
		require.Equal(t, want[i].RatString(), x.String(), "%s of player %d", what, i)
	}
}

// checkGame compares every index of the game, by one algorithm, with the
// definitions. Weights and Halves stand for their kin where an index has no
// such way of its own.
func checkGame(t *testing.T, g power.Game, want map[string][]*big.Rat, a power.Algorithm) {
	t.Helper()
	ctx := context.Background()
	o := power.Options{Algorithm: a, Workers: 1 + int(a)%2}
	b, err := g.Banzhaf(ctx, o)
	require.NoError(t, err)
	requireInts(t, "swings", want["swings"], b.Swings()...)
	requireInts(t, "winning_coalitions", want["winning_coalitions"], b.Winning())
	requireRats(t, "banzhaf_absolute", want["banzhaf_absolute"], b.Absolute())
	requireRats(t, "banzhaf_normalized", want["banzhaf_normalized"], b.Normalized())
	requireRats(t, "coleman_preventive", want["coleman_preventive"], b.Preventive())
	requireRats(t, "coleman_initiative", want["coleman_initiative"], b.Initiative())
	requireRats(t, "rae", want["rae"], b.Rae())
	requireRats(t, "public_help_theta", want["public_help_theta"], b.PublicHelp())
	require.Zero(t, want["coleman_collectivity"][0].Cmp(b.Collectivity().Rat()))
	ss, err := g.ShapleyShubik(ctx, o)
	require.NoError(t, err)
	requireRats(t, "shapley_shubik", want["shapley_shubik"], ss)
	if a == power.Halves || a == power.Diagram {
		return
	}
	m, err := g.Minimal(ctx, o)
	require.NoError(t, err)
	requireInts(t, "minimal_winning_coalitions", want["minimal_winning_coalitions"], m.Count())
	requireRats(t, "public_good", want["public_good"], m.PublicGood())
	dp, err := g.DeeganPackel(ctx, o)
	require.NoError(t, err)
	requireRats(t, "deegan_packel", want["deegan_packel"], dp)
	j, err := g.Johnston(ctx, o)
	require.NoError(t, err)
	requireRats(t, "johnston", want["johnston"], j)
}

func checkUnions(t *testing.T, g power.Game, b brute, unions [][]int, a power.Algorithm) {
	t.Helper()
	ctx := context.Background()
	o := power.Options{Algorithm: a}
	want := b.withUnions(unions)
	x, err := g.Owen(ctx, unions, o)
	require.NoError(t, err)
	requireRats(t, "owen", want["owen"], x)
	x, err = g.BanzhafOwen(ctx, unions, o)
	require.NoError(t, err)
	requireRats(t, "banzhaf_owen", want["banzhaf_owen"], x)
	x, err = g.SymmetricCoalitionalBanzhaf(ctx, unions, o)
	require.NoError(t, err)
	requireRats(t, "symmetric_coalitional_banzhaf", want["symmetric_coalitional_banzhaf"], x)
}

// randomUnions divides the players; every union has a member.
func randomUnions(r *rand.Rand, n int) [][]int {
	unions := make([][]int, 1+r.IntN(n))
	for _, i := range r.Perm(n) {
		k := r.IntN(len(unions))
		unions[k] = append(unions[k], i)
	}
	out := unions[:0]
	for _, u := range unions {
		if len(u) > 0 {
			out = append(out, u)
		}
	}
	return out
}

// TestBruteForce checks random games against the definitions:
// weighted ones by every algorithm, and joins of two or three rules.
func TestBruteForce(t *testing.T) {
	tests := []struct{ players, games int }{
		{1, 30},
		{2, 100},
		{3, 200},
		{4, 300},
		{5, 400},
		{6, 400},
		{7, 300},
		{8, 150},
		{9, 60},
		{10, 30},
		{11, 16},
		{12, 8},
		{13, 4},
		{14, 2},
		{15, 1},
		{16, 1},
	}
	if !testkit.Long() {
		tests = tests[:len(tests)-1] // the largest game takes over a second
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("players=%d", tt.players), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(4, uint64(tt.players)))
			for range testkit.Cases(tt.games) {
				checkRandomGame(t, r, tt.players)
			}
		})
	}
}

func checkRandomGame(t *testing.T, r *rand.Rand, n int) {
	t.Helper()
	ws := randomWeights(r, n)
	var total int64
	for _, w := range ws {
		total += w
	}
	q := 1 + r.Int64N(total)
	g, err := power.AtLeast(q, ws...)
	require.NoError(t, err)
	b := brute{n, leafWins(q, ws)}
	figures := b.figures()
	algorithms := []power.Algorithm{power.Auto, power.Halves, power.Diagram, power.Enumeration}
	if total < 1<<20 {
		algorithms = append(algorithms, power.Weights)
	} else {
		algorithms = algorithms[1:]
	}
	for _, a := range algorithms {
		checkGame(t, g, figures, a)
	}
	unions := randomUnions(r, n)
	if n <= 9 {
		checkUnions(t, g, b, unions, power.Enumeration)
	}
	if total < 1<<20 && n <= 12 {
		checkUnions(t, g, b, unions, power.Weights)
	}
	if n <= 9 {
		checkRandomJoin(t, r, g, b)
	}
}

// checkRandomJoin joins the game with others by and, or and both.
func checkRandomJoin(t *testing.T, r *rand.Rand, g power.Game, b brute) {
	t.Helper()
	games, wins := []power.Game{g}, []func(int) bool{b.wins}
	for range 2 {
		ws := randomWeights(r, b.n)
		var total int64
		for _, w := range ws {
			total += w
		}
		q := 1 + r.Int64N(min(total, 1<<30))
		h, err := power.AtLeast(q, ws...)
		require.NoError(t, err)
		games, wins = append(games, h), append(wins, leafWins(q, ws))
	}
	if r.IntN(2) == 0 {
		games, wins = games[:2], append(wins[:2], func(int) bool { return false })
	}
	var g2 power.Game
	var err error
	w2 := func(s int) bool { return wins[0](s) && wins[1](s) || wins[2](s) }
	both, err := power.All(games[0], games[1])
	require.NoError(t, err)
	g2 = both
	if len(games) == 3 {
		g2, err = power.Any(both, games[2])
		require.NoError(t, err)
	}
	b2 := brute{b.n, w2}
	want := b2.figures()
	for _, a := range []power.Algorithm{power.Auto, power.Diagram, power.Enumeration} {
		if a == power.Auto {
			checkUnions(t, g2, b2, randomUnions(r, b.n), a)
		}
		checkGame(t, g2, want, a)
	}
	dual := brute{b.n, func(s int) bool { return !w2(1<<b.n - 1 - s) }}
	checkGame(t, g2.Dual(), dual.figures(), power.Enumeration)
}

// Exact counts of shares make weights too long for any table: a few holders
// are then listed, unasked, and every index has figures.
func TestShareCountsNeedNoTables(t *testing.T) {
	ctx := context.Background()
	shares := []int64{831_837_027, 411_200_433, 300_000_019, 88_775_830, 54_346_648, 7}
	g, err := power.Majority(shares...)
	require.NoError(t, err)
	alike, err := power.Majority(3, 1, 1, 1, 1, 0) // the same coalitions win
	require.NoError(t, err)
	unions := [][]int{{1, 2}, {3, 4, 5}}
	for name, find := range map[string]func(power.Game) (power.Index, error){
		"Deegan-Packel": func(g power.Game) (power.Index, error) { return g.DeeganPackel(ctx) },
		"Johnston":      func(g power.Game) (power.Index, error) { return g.Johnston(ctx) },
		"public good":   func(g power.Game) (power.Index, error) { return g.PublicGood(ctx) },
		"Owen":          func(g power.Game) (power.Index, error) { return g.Owen(ctx, unions) },
		"Banzhaf-Owen":  func(g power.Game) (power.Index, error) { return g.BanzhafOwen(ctx, unions) },
		"symmetric":     func(g power.Game) (power.Index, error) { return g.SymmetricCoalitionalBanzhaf(ctx, unions) },
	} {
		got, err := find(g)
		require.NoError(t, err, name)
		require.Equal(t, power.Enumeration, got.Algorithm(), name)
		want, err := find(alike)
		require.NoError(t, err, name)
		require.Equal(t, want.String(), got.String(), name)
	}
}
