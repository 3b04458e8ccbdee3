package power_test

import (
	"context"
	"encoding/json"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
	"github.com/crossholding/crossholding/ratio"
)

// testdata/power-cases.json holds published games and what their indices are;
// each case names its source.
type gameCase struct {
	Name    string          `json:"name"`
	Large   bool            `json:"large"`
	Weights json.RawMessage `json:"weights"`
	Quota   json.RawMessage `json:"quota"`
	Strict  bool            `json:"strict"`
	Extra   []struct {
		Weights json.RawMessage `json:"weights"`
		Quota   json.RawMessage `json:"quota"`
	} `json:"extra_rules"`
	Combine       string              `json:"combine"`
	Precoalitions [][]int             `json:"precoalitions"`
	Ocean         string              `json:"ocean"`
	Expected      map[string][]string `json:"expected"`
}

func readCases(t testing.TB) []gameCase {
	t.Helper()
	data, err := os.ReadFile("testdata/power-cases.json")
	require.NoError(t, err)
	var file struct {
		Games []gameCase `json:"games"`
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.NotEmpty(t, file.Games)
	return file.Games
}

func parseRat(t testing.TB, raw json.RawMessage) ratio.Ratio {
	t.Helper()
	s := string(raw)
	if s[0] == '"' {
		require.NoError(t, json.Unmarshal(raw, &s))
	}
	r, ok := new(big.Rat).SetString(s)
	require.True(t, ok, s)
	return ratio.FromRat(r)
}

func parseWeights(t testing.TB, raw json.RawMessage) []ratio.Ratio {
	t.Helper()
	var runs struct {
		RunLength [][2]int64 `json:"run_length"`
	}
	if raw[0] == '{' {
		require.NoError(t, json.Unmarshal(raw, &runs))
		var out []ratio.Ratio
		for _, r := range runs.RunLength {
			for range r[1] {
				out = append(out, ratio.Int(r[0]))
			}
		}
		return out
	}
	var list []json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &list))
	out := make([]ratio.Ratio, len(list))
	for i, w := range list {
		out[i] = parseRat(t, w)
	}
	return out
}

func (c gameCase) game(t testing.TB) power.Game {
	t.Helper()
	build := power.AtLeast[ratio.Ratio]
	if c.Strict {
		build = power.MoreThan[ratio.Ratio]
	}
	g, err := build(parseRat(t, c.Quota), parseWeights(t, c.Weights)...)
	require.NoError(t, err)
	games := []power.Game{g}
	for _, x := range c.Extra {
		g, err := power.AtLeast(parseRat(t, x.Quota), parseWeights(t, x.Weights)...)
		require.NoError(t, err)
		games = append(games, g)
	}
	if len(games) > 1 {
		require.Equal(t, "AND", c.Combine)
	}
	g, err = power.All(games...)
	require.NoError(t, err)
	return g
}

// requireFigures compares by value.
func requireFigures(t testing.TB, what string, want []string, got power.Index) {
	t.Helper()
	require.Equal(t, len(want), got.Len(), what)
	for i, x := range got.All() {
		w, ok := new(big.Rat).SetString(want[i])
		require.True(t, ok)
		require.Zero(t, w.Cmp(x.Rat()), "%s of player %d: want %s, got %s", what, i, w.RatString(), x)
	}
}

func requireCounts(t testing.TB, what string, want []string, got ...*big.Int) {
	t.Helper()
	require.Equal(t, len(want), len(got), what)
	for i, x := range got {
		require.Equal(t, want[i], x.String(), "%s of player %d", what, i)
	}
}

func TestCases(t *testing.T) {
	for _, c := range readCases(t) {
		t.Run(c.Name, func(t *testing.T) {
			if c.Large {
				testkit.SkipUnlessLong(t)
			}
			if c.Ocean != "" {
				checkOcean(t, c)
				return
			}
			checkCase(t, c)
		})
	}
}

func checkCase(t *testing.T, c gameCase) {
	ctx := context.Background()
	g := c.game(t)
	b, err := g.Banzhaf(ctx)
	require.NoError(t, err)
	ss, err := g.ShapleyShubik(ctx)
	require.NoError(t, err)
	checked := 0
	figures := func(key string, x power.Index) {
		if want, ok := c.Expected[key]; ok {
			requireFigures(t, key, want, x)
			checked++
		}
	}
	counts := func(key string, x ...*big.Int) {
		if want, ok := c.Expected[key]; ok {
			requireCounts(t, key, want, x...)
			checked++
		}
	}
	figures("shapley_shubik", ss)
	counts("swings", b.Swings()...)
	counts("winning_coalitions", b.Winning())
	figures("banzhaf_absolute", b.Absolute())
	figures("banzhaf_normalized", b.Normalized())
	figures("coleman_preventive", b.Preventive())
	figures("coleman_initiative", b.Initiative())
	figures("rae", b.Rae())
	figures("public_help_theta", b.PublicHelp())
	if want, ok := c.Expected["coleman_collectivity"]; ok {
		require.Equal(t, want[0], b.Collectivity().Rat().RatString())
		checked++
	}
	if _, ok := c.Expected["johnston"]; ok {
		m, err := g.Minimal(ctx)
		require.NoError(t, err)
		counts("minimal_winning_coalitions", m.Count())
		figures("public_good", m.PublicGood())
		dp, err := g.DeeganPackel(ctx)
		require.NoError(t, err)
		figures("deegan_packel", dp)
		j, err := g.Johnston(ctx)
		require.NoError(t, err)
		figures("johnston", j)
	}
	if c.Precoalitions != nil {
		x, err := g.Owen(ctx, c.Precoalitions)
		require.NoError(t, err)
		figures("owen", x)
		x, err = g.BanzhafOwen(ctx, c.Precoalitions)
		require.NoError(t, err)
		figures("banzhaf_owen", x)
		x, err = g.SymmetricCoalitionalBanzhaf(ctx, c.Precoalitions)
		require.NoError(t, err)
		figures("symmetric_coalitional_banzhaf", x)
	}
	if want, ok := c.Expected["shapley_shubik_first"]; ok {
		first, _ := ss.Of(0)
		require.Equal(t, want[0], first.Rat().RatString())
		for i := 1; i < ss.Len(); i++ {
			x, _ := ss.Of(i)
			require.Equal(t, c.Expected["shapley_shubik_each_other"][0], x.Rat().RatString())
		}
		checked += 2
	}
	require.Equal(t, len(c.Expected), checked, "every expectation of the case is checked")
}
