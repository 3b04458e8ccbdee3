package power_test

import (
	"context"
	"errors"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

func TestBadGames(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	long := ratio.FromRat(new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 1024)))
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
		{"nil", func() (power.Game, error) { return power.AtLeast(big.NewInt(1), nil) }, power.ErrWeight, "player 0"},
		{"long share", func() (power.Game, error) { return power.AtLeastShare(long, 1, 2) }, power.ErrRange, "too many digits"},
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
	require.ErrorContains(t, err, "at least a number of 1 bits, exponent 1000000000", "the quota as well")
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
			_, err := power.Dispersed{}.AtTurnout(ratio.Of(1, 2), ratio.Of(1, 2))
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
	half := ratio.Of(1, 2)
	crowd, err := power.AtLeastWithCrowd(10, 10, 2, 3)
	require.NoError(t, err)
	sea, err := power.WithOcean(10, 10, 2, 3)
	require.NoError(t, err)
	of := func(_ power.Dispersed, err error) error { return err }
	normal := func(_ float64, err error) error { return err }
	tests := []struct {
		name string
		err  error
		kind error
		says string
	}{
		{"no ocean", of(power.WithOcean(1, 0, 3)), power.ErrWeight, "the dispersed holders must have weight"},
		{"negative ocean", of(power.WithOcean(1, -1, 3)), power.ErrWeight, "player 1, weight -1: negative"},
		{"quota above", of(power.WithOcean(9, 2, 3)), power.ErrQuota, "at least 9 of 5: all together would lose"},
		{"absurdly above", of(power.WithOcean(ratio.Of(1<<62, 3), half, half)), power.ErrQuota, "all together would lose"},
		{"quota zero", of(power.WithOcean(0, 2, 3)), power.ErrQuota, "the empty coalition would win"},
		{"quota negative", of(power.WithOcean(-3, 2, 3)), power.ErrQuota, "at least -3 of 5"},
		{"no quota", of(power.WithOcean(nil, big.NewInt(1), big.NewInt(1))), power.ErrQuota, "no number given"},
		{"long quota", of(power.WithOcean(decimal.New(1, 400), decimal.New(1, 0))), power.ErrRange, "too many digits"},
		{"long together", of(power.WithOcean(ratio.Of(1<<61, 7), ratio.Of(1<<61+1, 5), ratio.Of(1<<61-1, 3))), power.ErrRange, "bits as whole numbers"},
		{"nobody in the crowd", of(power.AtLeastWithCrowd(3, 0, 2, 3)), power.ErrPlayers, "0 small holders"},
		{"too many", of(power.AtLeastWithCrowd[int64](3, 1<<41, 2, 3)), power.ErrPlayers, "small holders, from 1"},
		{"long crowd", of(power.AtLeastWithCrowd[int64](3, 1<<40, 1<<30, 3)), power.ErrRange, "bits as whole numbers"},
		{"not passed", of(power.MoreThanWithCrowd(23, 10, 2, 3)), power.ErrQuota, "more than 23 of 23"},
		{"few come", of(crowd.AtTurnout(ratio.Of(1, 100), half)), power.ErrPlayers, "turnout 1/100 leaves no dispersed holder"},
		{"none of an ocean", of(sea.AtTurnout(ratio.Ratio{}, half)), power.ErrPlayers, "turnout 0 leaves no dispersed holder"},
		{"turnout above", of(crowd.AtTurnout(ratio.Of(3, 2), half)), power.ErrRange, "turnout 3/2 is not from 0 to 1"},
		{"long share", of(crowd.AtTurnout(half, ratio.FromRat(new(big.Rat).SetInt(new(big.Int).Lsh(big.NewInt(1), 1024))))), power.ErrRange, "share is a fraction of 1025 bits over 1 bits: too many digits"},
		{"share of all", of(crowd.AtTurnout(half, ratio.Of(1, 1))), power.ErrQuota, "all together would lose"},
		{"share of all the ocean", of(sea.AtTurnout(half, ratio.Of(1, 1))), power.ErrQuota, "all together would lose"},
		{"share of nothing", of(sea.AtTurnout(half, ratio.Ratio{})), power.ErrQuota, "the first vote would win"},
		{"who", normal(crowd.DegreeOfControlNormal(1)), power.ErrPlayers, "holder 1 of 1"},
		{"nobody", normal(crowd.DegreeOfControlNormal()), power.ErrPlayers, "the bloc has no members"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.ErrorIs(t, tt.err, tt.kind)
			require.ErrorContains(t, tt.err, tt.says)
		})
	}
	// All at once.
	err = of(power.AtLeastWithCrowd(nil, 0, new(big.Int), big.NewInt(1), big.NewInt(-2)))
	for _, kind := range []error{power.ErrQuota, power.ErrPlayers, power.ErrWeight} {
		require.ErrorIs(t, err, kind)
	}
	require.ErrorContains(t, err, "player 1, weight -2")
	require.ErrorContains(t, err, "player 2, weight 0")
	err = of(crowd.AtTurnout(ratio.Int(-1), ratio.Int(2)))
	require.ErrorContains(t, err, "turnout -1")
	require.ErrorContains(t, err, "share 2")
	// Of a crowd more than none of the votes is a rule: one vote carries it.
	d, err := crowd.AtTurnout(half, ratio.Ratio{})
	require.NoError(t, err)
	x, err := d.ShapleyShubik(context.Background())
	require.NoError(t, err)
	require.Equal(t, "1/6", x.Large.String())
}

// Rules nested in rules are counted before they are walked.
func TestJoinOfTooManyRules(t *testing.T) {
	g, err := power.Majority(3, 2, 2, 1)
	require.NoError(t, err)
	for n := 1; ; n++ {
		both, err := power.All(g, g)
		if err == nil {
			g, err = power.Any(both, g)
		}
		if err != nil {
			require.ErrorIs(t, err, power.ErrTooHard)
			require.Greater(t, n, 5)
			return
		}
		require.Less(t, n, 20)
	}
}

// The error comes instead of the memory, not after it.
func TestNothingIsAllocatedBeforeErrMemory(t *testing.T) {
	ctx := context.Background()
	ws := make([]int64, 500)
	for i := range ws {
		ws[i] = 10_000_000 + int64(i*i)
	}
	g, err := power.Majority(ws...)
	require.NoError(t, err)
	rules := make([]power.Game, 2000)
	for i := range rules {
		rules[i] = g
	}
	both, err := power.All(g, g.Dual())
	require.NoError(t, err)
	many, err := power.All(rules...)
	require.NoError(t, err)
	sea, err := power.WithOcean[int64](190_000_000, 100_000_000, ws[:30]...)
	require.NoError(t, err)
	bounded := power.Options{MaxMemory: 4 << 20}
	for name, call := range map[string]func() error{
		"Banzhaf":       func() error { _, err := g.Banzhaf(ctx, bounded); return err },
		"ShapleyShubik": func() error { _, err := g.ShapleyShubik(ctx, bounded); return err },
		"Float":         func() error { _, err := g.ShapleyShubikFloat(ctx, bounded); return err },
		"Johnston":      func() error { _, err := g.Johnston(ctx, bounded); return err },
		"DeeganPackel":  func() error { _, err := g.DeeganPackel(ctx, bounded); return err },
		"PublicGood":    func() error { _, err := g.PublicGood(ctx, bounded); return err },
		"Owen":          func() error { _, err := g.Owen(ctx, nil, bounded); return err },
		"Diagram":       func() error { _, err := both.Banzhaf(ctx, bounded); return err },
		"many rules":    func() error { _, err := many.Banzhaf(ctx, bounded); return err },
		"Ocean":         func() error { _, err := sea.ShapleyShubik(ctx, bounded); return err },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		require.ErrorIs(t, call(), power.ErrMemory, name)
		runtime.ReadMemStats(&after)
		require.Less(t, after.HeapSys, before.HeapSys+(16<<20), name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(32<<20), name)
	}
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
		{"ShapleyShubik", 260, func() error { _, err := g.ShapleyShubik(ctx, o); return err }},
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
