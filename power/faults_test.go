package power_test

import (
	"context"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/power"
)

func TestBadGames(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	tests := []struct {
		name  string
		build func() (power.Game, error)
		kind  error
		says  string
	}{
		{"no players", func() (power.Game, error) { return power.AtLeast[int](1) }, power.ErrEmpty, "no weights"},
		{"quota zero", func() (power.Game, error) { return power.AtLeast(0, 1, 2) }, power.ErrQuota, "at least 0 of 3"},
		{"quota negative", func() (power.Game, error) { return power.MoreThan(-1, 1, 2) }, power.ErrQuota, "more than -1 of 3"},
		{"quota above the total", func() (power.Game, error) { return power.AtLeast(4, 1, 2) }, power.ErrQuota, "all together would lose"},
		{"more than the total", func() (power.Game, error) { return power.MoreThan(3, 1, 2) }, power.ErrQuota, "more than 3 of 3"},
		{"no weight at all", func() (power.Game, error) { return power.AtLeast(1, 0, 0) }, power.ErrQuota, "of 0"},
		{"negative", func() (power.Game, error) { return power.AtLeast(1, 3, -2) }, power.ErrWeight, "player 1, weight -2: negative"},
		{"nil", func() (power.Game, error) { return power.AtLeast(big.NewRat(1, 1), nil) }, power.ErrWeight, "player 0"},
		{"nil share", func() (power.Game, error) { return power.AtLeastShare(nil, 1, 2) }, power.ErrQuota, "no number"},
		{"absurd weight", func() (power.Game, error) { return power.AtLeast(decimal.New(1, 0), huge) }, power.ErrRange, "exponent 1000000000"},
		{"absurd quota", func() (power.Game, error) { return power.AtLeast(huge, decimal.New(1, 0)) }, power.ErrRange, "exponent 1000000000"},
		{"too precise", func() (power.Game, error) {
			return power.AtLeast(decimal.New(1, 0), decimal.New(1, 40), decimal.New(1, -40))
		}, power.ErrRange, "bits"},
		{"join of nothing", func() (power.Game, error) { return power.All() }, power.ErrEmpty, "no games"},
		{"join with the zero game", func() (power.Game, error) { return power.Any(power.Game{}) }, power.ErrEmpty, "game 0 of 1"},
		{"join of strangers", func() (power.Game, error) {
			a, _ := power.Majority(1, 2, 3)
			b, _ := power.Majority(1, 2)
			return power.All(a, b)
		}, power.ErrPlayers, "game 1 has 2, game 0 has 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, err := tt.build()
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
			require.Zero(t, g.Players())
			require.True(t, strings.HasPrefix(err.Error(), "power: "), err)
		})
	}
}

func TestAllFaultsAtOnce(t *testing.T) {
	_, err := power.AtLeast(decimal.New(1, 1_000_000_000), decimal.New(-1, 0), decimal.New(1, -1_000_000_000))
	require.ErrorContains(t, err, "player 0")
	require.ErrorContains(t, err, "player 1")
	require.ErrorContains(t, err, "at least of 1 bits, exponent 1000000000", "the quota as well")
	var w *power.WeightError
	require.ErrorAs(t, err, &w)
	require.Zero(t, w.Player)
}

func TestZeroValues(t *testing.T) {
	ctx := context.Background()
	var g power.Game
	for name, call := range map[string]func() error{
		"Banzhaf":       func() error { _, err := g.Banzhaf(ctx); return err },
		"ShapleyShubik": func() error { _, err := g.ShapleyShubik(ctx); return err },
		"Float":         func() error { _, err := g.ShapleyShubikFloat(ctx); return err },
		"DeeganPackel":  func() error { _, err := g.DeeganPackel(ctx); return err },
		"Johnston":      func() error { _, err := g.Johnston(ctx); return err },
		"PublicGood":    func() error { _, err := g.PublicGood(ctx); return err },
		"Owen":          func() error { _, err := g.Owen(ctx, nil); return err },
		"BanzhafOwen":   func() error { _, err := g.BanzhafOwen(ctx, nil); return err },
		"Symmetric":     func() error { _, err := g.SymmetricCoalitionalBanzhaf(ctx, nil); return err },
		"Estimate":      func() error { _, err := g.EstimateBanzhaf(ctx, power.EstimateOptions{}); return err },
		"Control":       func() error { _, err := g.DegreeOfControl(ctx, []int{0}); return err },
		"Wins":          func() error { _, err := g.Wins(); return err },
		"Bloc":          func() error { _, err := g.Bloc(0); return err },
		"Ocean":         func() error { _, err := power.Dispersed{}.ShapleyShubik(ctx); return err },
		"Coins":         func() error { _, err := power.Dispersed{}.BanzhafAbsolute(ctx); return err },
		"Normal":        func() error { _, err := power.Dispersed{}.DegreeOfControlNormal(0); return err },
		"Turnout": func() error {
			_, err := power.Dispersed{}.AtTurnout(big.NewRat(1, 2), big.NewRat(1, 2))
			return err
		},
	} {
		require.ErrorIs(t, call(), power.ErrEmpty, name)
	}
	require.Zero(t, g.Players())
	require.Equal(t, "[empty]", g.Dual().String())
	var b power.Banzhaf
	require.Zero(t, b.Winning().Sign())
	require.Zero(t, b.Absolute().Len()+b.Normalized().Len()+b.Preventive().Len()+b.Initiative().Len()+b.Rae().Len()+b.PublicHelp().Len())
	require.Zero(t, b.Collectivity().Sign())
	require.Zero(t, power.Minimal{}.Count().Sign())
	require.Zero(t, power.Minimal{}.PublicGood().Len())
	require.Zero(t, power.DispersedIndex{}.Small().Sign())
	require.Zero(t, power.FloatIndex{}.Bound())
}

func TestBadUnions(t *testing.T) {
	ctx := context.Background()
	g, err := power.Majority(3, 2, 2, 1)
	require.NoError(t, err)
	_, err = g.Owen(ctx, [][]int{{0, 1}, {1, 9}, {}})
	require.ErrorIs(t, err, power.ErrUnions)
	require.ErrorContains(t, err, "union 1, player 1: already in union 0")
	require.ErrorContains(t, err, "union 1, player 9")
	require.ErrorContains(t, err, "union 2 has no members")
	for _, bloc := range [][]int{nil, {4}, {-1}, {1, 1}} {
		_, err = g.Bloc(bloc...)
		require.ErrorIs(t, err, power.ErrPlayers)
	}
}

func TestBadOptions(t *testing.T) {
	ctx := context.Background()
	g, err := power.Majority(3, 2, 2, 1)
	require.NoError(t, err)
	both, err := power.All(g, g.Dual())
	require.NoError(t, err)
	for _, o := range []power.Options{{Workers: -1}, {MaxMemory: -1}, {Algorithm: 99}} {
		_, err := g.Banzhaf(ctx, o)
		require.ErrorIs(t, err, power.ErrOptions)
	}
	_, err = g.Banzhaf(ctx, power.Options{}, power.Options{})
	require.ErrorIs(t, err, power.ErrOptions)
	_, err = both.Banzhaf(ctx, power.Options{Algorithm: power.Weights})
	require.ErrorIs(t, err, power.ErrOptions)
	_, err = g.Johnston(ctx, power.Options{Algorithm: power.Halves})
	require.ErrorIs(t, err, power.ErrOptions)
	_, err = g.EstimateBanzhaf(ctx, power.EstimateOptions{Confidence: 1})
	require.ErrorIs(t, err, power.ErrOptions)
}

// A need for more memory than allowed is found before the tables are made.
func TestMemoryBound(t *testing.T) {
	ctx := context.Background()
	ws := make([]int64, 60)
	for i := range ws {
		ws[i] = 1<<50 + int64(i*i)
	}
	g, err := power.Majority(ws...)
	require.NoError(t, err)
	both, err := power.All(g, g.Dual())
	require.NoError(t, err)
	for name, call := range map[string]func() error{
		"Banzhaf":       func() error { _, err := g.Banzhaf(ctx); return err },
		"ShapleyShubik": func() error { _, err := g.ShapleyShubik(ctx); return err },
		"Float":         func() error { _, err := g.ShapleyShubikFloat(ctx); return err },
		"Halves":        func() error { _, err := g.Banzhaf(ctx, power.Options{Algorithm: power.Halves}); return err },
		"Johnston":      func() error { _, err := g.Johnston(ctx); return err },
		"DeeganPackel":  func() error { _, err := g.DeeganPackel(ctx); return err },
		"Owen":          func() error { _, err := g.Owen(ctx, nil); return err },
		"Diagram":       func() error { _, err := both.Banzhaf(ctx, power.Options{MaxMemory: 1 << 20}); return err },
		"Ocean": func() error {
			d, err := power.WithOcean[int64](1<<54, 1<<55, ws[:40]...)
			require.NoError(t, err)
			_, err = d.ShapleyShubik(ctx, power.Options{MaxMemory: 1 << 20})
			return err
		},
	} {
		err := call()
		require.ErrorIs(t, err, power.ErrMemory, name)
		var m *power.MemoryError
		require.ErrorAs(t, err, &m, name)
		require.Greater(t, m.Need, m.Limit, name)
	}
	for name, call := range map[string]func() error{
		"Enumeration": func() error { _, err := g.Banzhaf(ctx, power.Options{Algorithm: power.Enumeration}); return err },
		"joined":      func() error { _, err := both.Johnston(ctx); return err },
		"unions":      func() error { _, err := both.Owen(ctx, nil); return err },
		"large": func() error {
			_, err := power.WithOcean[int64](1, 1, make([]int64, 61)...)
			return err
		},
	} {
		require.ErrorIs(t, call(), power.ErrTooHard, name)
	}
}

func TestCancelled(t *testing.T) {
	reason := errors.New("the meeting is over")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(reason)
	g := readBench(t, "rand200")
	both, err := power.All(g, g.Dual())
	require.NoError(t, err)
	for name, call := range map[string]func() error{
		"Banzhaf":       func() error { _, err := g.Banzhaf(ctx); return err },
		"ShapleyShubik": func() error { _, err := g.ShapleyShubik(ctx); return err },
		"Float":         func() error { _, err := g.ShapleyShubikFloat(ctx); return err },
		"Johnston":      func() error { _, err := g.Johnston(ctx); return err },
		"PublicGood":    func() error { _, err := g.PublicGood(ctx); return err },
		"Owen":          func() error { _, err := g.Owen(ctx, nil); return err },
		"Diagram":       func() error { _, err := both.Banzhaf(ctx); return err },
		"Estimate":      func() error { _, err := g.EstimateShapleyShubik(ctx, power.EstimateOptions{}); return err },
	} {
		require.ErrorIs(t, call(), reason, name)
	}
	// In the midst of the work as well, and soon.
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer stop()
	start := time.Now()
	_, err = g.ShapleyShubik(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(start), 20*time.Second)
}

func TestNilContext(t *testing.T) {
	var none context.Context
	g := readBench(t, "rand50")
	ss, err := g.ShapleyShubik(none)
	require.NoError(t, err)
	want, err := g.ShapleyShubik(context.Background())
	require.NoError(t, err)
	require.Equal(t, want.String(), ss.String())
	_, err = g.EstimateBanzhaf(none, power.EstimateOptions{Samples: 1000})
	require.NoError(t, err)
	_, err = power.Listed(none, 2, func(in []bool) bool { return in[0] })
	require.NoError(t, err)
}

func TestProgress(t *testing.T) {
	g := readBench(t, "rand50")
	for _, workers := range []int{1, 2} {
		var seen []int
		total := 0
		_, err := g.ShapleyShubik(context.Background(), power.Options{Workers: workers, Progress: func(done, all int) {
			seen = append(seen, done)
			total = all
		}})
		require.NoError(t, err)
		require.Len(t, seen, total)
		for i, d := range seen {
			require.Equal(t, i+1, d)
		}
	}
}

func TestDispersedFaults(t *testing.T) {
	_, err := power.WithOcean(1, 0, 3)
	require.ErrorIs(t, err, power.ErrWeight)
	_, err = power.WithOcean(9, 2, 3)
	require.ErrorIs(t, err, power.ErrQuota)
	_, err = power.WithOcean(0, 2, 3)
	require.ErrorIs(t, err, power.ErrQuota)
	_, err = power.AtLeastWithCrowd(3, 0, 2, 3)
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = power.MoreThanWithCrowd(23, 10, 2, 3)
	require.ErrorIs(t, err, power.ErrQuota)
	d, err := power.AtLeastWithCrowd(10, 10, 2, 3)
	require.NoError(t, err)
	_, err = d.AtTurnout(big.NewRat(1, 100), big.NewRat(1, 2))
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = d.AtTurnout(big.NewRat(3, 2), big.NewRat(1, 2))
	require.ErrorIs(t, err, power.ErrRange)
	_, err = d.AtTurnout(big.NewRat(1, 2), nil)
	require.ErrorIs(t, err, power.ErrRange)
	_, err = d.AtTurnout(big.NewRat(1, 2), big.NewRat(1, 1))
	require.ErrorIs(t, err, power.ErrQuota)
	_, err = d.DegreeOfControlNormal(1)
	require.ErrorIs(t, err, power.ErrPlayers)
	_, err = d.DegreeOfControlNormal()
	require.ErrorIs(t, err, power.ErrPlayers)
}

// Small games stay cheap: what they allocate is bounded.
func TestAllocations(t *testing.T) {
	ctx := context.Background()
	g, err := power.Majority(30, 25, 20, 15, 10)
	require.NoError(t, err)
	o := power.Options{Workers: 1}
	budgets := []struct {
		name string
		most float64
		call func() error
	}{
		{"Banzhaf", 80, func() error { _, err := g.Banzhaf(ctx, o); return err }},
		{"ShapleyShubik", 220, func() error { _, err := g.ShapleyShubik(ctx, o); return err }},
		{"PublicGood", 120, func() error { _, err := g.PublicGood(ctx, o); return err }},
	}
	for _, b := range budgets {
		got := testing.AllocsPerRun(20, func() { require.NoError(t, b.call()) })
		require.LessOrEqual(t, got, b.most, b.name)
	}
}

// As many players as are taken: nothing is deaf to its context.
func TestManyPlayersStopSoon(t *testing.T) {
	ws := make([]int64, 16384)
	for i := range ws {
		ws[i] = 1 + int64(i*i%977)
	}
	g, err := power.Majority(ws...)
	require.NoError(t, err)
	both, err := power.All(g, g.Dual())
	require.NoError(t, err)
	for name, call := range map[string]func(context.Context) error{
		"Banzhaf":       func(ctx context.Context) error { _, err := g.Banzhaf(ctx); return err },
		"ShapleyShubik": func(ctx context.Context) error { _, err := g.ShapleyShubik(ctx); return err },
		"Johnston":      func(ctx context.Context) error { _, err := g.Johnston(ctx); return err },
		"DeeganPackel":  func(ctx context.Context) error { _, err := g.DeeganPackel(ctx); return err },
		"PublicGood":    func(ctx context.Context) error { _, err := g.PublicGood(ctx); return err },
		"Owen":          func(ctx context.Context) error { _, err := g.Owen(ctx, [][]int{{1, 2, 3}}); return err },
		"Diagram":       func(ctx context.Context) error { _, err := both.ShapleyShubik(ctx); return err },
	} {
		ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
		start := time.Now()
		require.ErrorIs(t, call(ctx), context.DeadlineExceeded, name)
		require.Less(t, time.Since(start), 20*time.Second, name)
		stop()
	}
	_, err = power.Majority(make([]int64, 16385)...)
	require.ErrorIs(t, err, power.ErrRange)
}
