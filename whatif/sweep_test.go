package whatif_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// grid varies Mitsubishi's price and the number of shares that Nissan sells first.
func grid() whatif.Grid {
	return whatif.Grid{
		Steps: []scenario.Step{
			{Step: "reprice", Prices: map[string]string{"mitsubishi": "460 JPY"}},
			{Step: "buyback", From: "nissan", Issuer: "mitsubishi", Shares: "100000000", Price: "460 JPY", Cancel: true},
		},
		Axes: []whatif.Axis{
			{Open: whatif.Open{Key: "prices.mitsubishi"}, Values: []ratio.Ratio{ratio.Int(300), ratio.Int(400), ratio.MustParse("468.52")}},
			{Open: whatif.Open{Step: 1}, Values: []ratio.Ratio{ratio.Int(0), ratio.Int(149028300), ratio.Int(506620577), ratio.Int(506620578)}},
		},
		Figures: []whatif.Figure{figure(whatif.Capital, "nissan", "mitsubishi"), figure(whatif.Value, "nissan", "mitsubishi")},
	}
}

func TestSweep(t *testing.T) {
	opt := whatif.Options{Valuation: crossholding.ValuationOptions{Currency: "JPY"}}
	var all []whatif.Cell
	for c, err := range whatif.Sweep(context.Background(), book("before"), grid(), opt) {
		require.NoError(t, err)
		require.Equal(t, len(all), c.Index)
		all = append(all, c)
	}
	require.Len(t, all, 12)
	for i, c := range all {
		price, sold := grid().Axes[0].Values[i/4], grid().Axes[1].Values[i%4]
		require.True(t, c.Values[0].Equal(price) && c.Values[1].Equal(sold))
		if i%4 == 3 { // one share more than there is
			require.ErrorIs(t, c.Reason, crossholding.ErrNotEnough)
			require.ErrorContains(t, c.Reason, "whatif: steps[1] (buyback)")
			require.Empty(t, c.Figures)
			continue
		}
		left := ratio.Int(506620577).Sub(sold)
		require.NoError(t, c.Reason)
		require.True(t, c.Figures[0].Equal(left.Div(ratio.Int(1490282496).Sub(sold))))
		require.True(t, c.Figures[1].Equal(left.Mul(price)))
	}
	for _, workers := range []int{1, 2, 9} {
		opt.Workers = workers
		parts := grid()
		var got []whatif.Cell
		for parts.First = 0; parts.First < 12; parts.First += 4 {
			parts.Cells = 4
			for c, err := range whatif.Sweep(context.Background(), book("before"), parts, opt) {
				require.NoError(t, err)
				got = append(got, c)
			}
		}
		require.Equal(t, fmt.Sprint(all), fmt.Sprint(got))
	}
	for range whatif.Sweep(context.Background(), book("before"), grid(), opt) {
		break // an iterator can be left
	}
	text, err := json.Marshal(grid())
	require.NoError(t, err)
	var back whatif.Grid
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, fmt.Sprint(grid()), fmt.Sprint(back))
}

// Two numbers of one step vary independently of each other.
func TestSweepOneStep(t *testing.T) {
	g := whatif.Grid{
		Steps: []scenario.Step{{Step: "reprice", Prices: map[string]string{"mitsubishi": "460 JPY"}, FX: map[string]ratio.Number{"EUR/JPY": "160"}}},
		Axes: []whatif.Axis{
			{Open: whatif.Open{Key: "prices.mitsubishi"}, Values: []ratio.Ratio{ratio.Int(300), ratio.Int(400)}},
			{Open: whatif.Open{Key: "fx.EUR/JPY"}, Values: []ratio.Ratio{ratio.Int(150), ratio.Int(160)}},
		},
		Figures: []whatif.Figure{figure(whatif.Value, "nissan", "mitsubishi")},
	}
	for c, err := range whatif.Sweep(context.Background(), book("before"), g, whatif.Options{}) {
		require.NoError(t, err)
		require.True(t, c.Figures[0].Equal(ratio.Int(506620577).Mul(c.Values[0]).Div(c.Values[1])))
	}
}

func TestSweepRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(g *whatif.Grid)
		kind   error
		says   string
	}{
		{"no figures", func(g *whatif.Grid) { g.Figures = nil }, crossholding.ErrMissing, "without figures"},
		{"bad figure", func(g *whatif.Grid) { g.Figures[0].Kind = "x" }, crossholding.ErrUnknown, `"x"`},
		{"no values", func(g *whatif.Grid) { g.Axes[0].Values = nil }, crossholding.ErrMissing, "without values"},
		{"two axes", func(g *whatif.Grid) { g.Axes[1].Open = g.Axes[0].Open }, crossholding.ErrDuplicate, "two axes"},
		{"no step", func(g *whatif.Grid) { g.Axes[1].Step = 2 }, crossholding.ErrRange, "has 2 steps"},
		{"beyond the end", func(g *whatif.Grid) { g.First = 13 }, crossholding.ErrRange, "from cell 13, of 12"},
		{"too many cells", func(g *whatif.Grid) { g.Cells = 13 }, crossholding.ErrRange, "13 cells"},
		{"too large", func(g *whatif.Grid) {
			for i := range g.Axes {
				g.Axes[i].Values = make([]ratio.Ratio, 1<<21)
			}
		}, crossholding.ErrTooLarge, "a grid of more than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			g := grid()
			tt.change(&g)
			n := 0
			for _, err := range whatif.Sweep(context.Background(), book("before"), g, whatif.Options{}) {
				n++
				require.ErrorIs(t, err, tt.kind)
				require.ErrorContains(t, err, tt.says)
			}
			require.Equal(t, 1, n)
			_, err := whatif.Tornado(context.Background(), book("before"), g, whatif.Options{})
			require.ErrorIs(t, err, tt.kind)
		})
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	n := 0
	for _, err := range whatif.Sweep(ctx, book("before"), grid(), whatif.Options{Workers: 1}) {
		if n++; n > 4 {
			require.ErrorIs(t, err, context.Canceled)
		}
		cancel()
	}
	require.Equal(t, 5, n)
}

func TestTornado(t *testing.T) {
	g := grid()
	g.Axes[1].Values = g.Axes[1].Values[:3]
	swings, err := whatif.Tornado(context.Background(), book("before"), g, whatif.Options{Valuation: crossholding.ValuationOptions{Currency: "JPY"}})
	require.NoError(t, err)
	require.Len(t, swings, 4)
	for i, want := range []struct{ key, low, high, size string }{
		{"steps[1].shares", "506620577/1490282496", "0", "506620577/1490282496"},
		{"steps[0].prices.mitsubishi", "406620577/1390282496", "406620577/1390282496", "0"}, // the price does not move a stake
		{"steps[1].shares", "233045465420", "0", "233045465420"},
		{"steps[0].prices.mitsubishi", "121986173100", "190509872736.04", "68523699636.04"},
	} {
		require.Equal(t, want.key, swings[i].Open.String())
		booktest.RequireRatio(t, want.low, swings[i].AtLow)
		booktest.RequireRatio(t, want.high, swings[i].AtHigh)
		booktest.RequireRatio(t, want.size, swings[i].Size())
	}
	booktest.RequireRatio(t, "187045465420", swings[3].Base)
	g.Steps[1].Shares, g.Steps[1].Percent = "", "5"
	_, err = whatif.Tornado(context.Background(), book("before"), g, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrMissing)
}
