package beam_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/beam"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
	"github.com/stretchr/testify/require"
)

// allied is the book of the alliance at the end of November 2024.
func allied(t testing.TB) (crossholding.Book, *crossholding.Alliance) {
	t.Helper()
	f, err := os.Open("../testdata/alliance/2024-11-29.json")
	require.NoError(t, err)
	defer f.Close()
	a, err := crossholding.ReadBook(f)
	require.NoError(t, err)
	return a.Book(), a
}

var worth = whatif.Figure{Kind: whatif.ValueOverCost, Holder: "renault", Issuer: "nissan"}

func TestSimulateIsOneRun(t *testing.T) {
	book, a := allied(t)
	sim := whatif.Simulation{
		Figures: []whatif.Figure{worth},
		Goals:   []whatif.Goal{{Figure: worth, Is: whatif.LessThan, Limit: ratio.Of(1, 2)}},
		Factors: []whatif.Factor{{Key: "prices.nissan", Volatility: 0.4}, {Key: "fx.EUR/JPY", Volatility: 0.1}},
		Seed:    1, First: 10, Draws: 5_000,
	}
	s, err := whatif.Simulate(noContext, a, sim, whatif.Options{})
	require.NoError(t, err)
	want, err := json.Marshal(s)
	require.NoError(t, err)
	for _, shards := range []int{1, 7, 64} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			s, err := beam.Simulate(noContext, book, sim, beam.Options{Work: t.TempDir(), Shards: shards})
			require.NoError(t, err)
			got, err := json.Marshal(s)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
		})
	}
	sim.Factors[0].Key = "prices.nobody"
	_, err = beam.Simulate(noContext, book, sim, beam.Options{Work: t.TempDir()})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
}

func TestSweepIsOneRun(t *testing.T) {
	book, a := allied(t)
	grid := whatif.Grid{
		Steps: []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"nissan": "408.5 JPY"}, FX: map[string]ratio.Number{"EUR/JPY": "164.18"}}},
		Axes: []whatif.Axis{
			{Open: whatif.Open{Key: "fx.EUR/JPY"}, Values: []ratio.Ratio{ratio.Int(150), ratio.Int(0), ratio.Int(180)}},
			{Open: whatif.Open{Key: "prices.nissan"}, Values: []ratio.Ratio{ratio.Int(300), ratio.Int(400), ratio.Int(500)}},
		},
		Figures: []whatif.Figure{worth},
		First:   1,
	}
	type cell struct {
		whatif.Cell
		Why string
	}
	list := func(c whatif.Cell) cell {
		why := fmt.Sprint(c.Reason)
		c.Reason = nil
		return cell{c, why}
	}
	var want []cell
	for c, err := range whatif.Sweep(noContext, a, grid, whatif.Options{}) {
		require.NoError(t, err)
		want = append(want, list(c))
	}
	require.Len(t, want, 8)
	for _, shards := range []int{1, 3, 64} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			var got []cell
			for c, err := range beam.Sweep(noContext, book, grid, beam.Options{Work: t.TempDir(), Shards: shards}) {
				require.NoError(t, err)
				got = append(got, list(c))
			}
			require.Equal(t, want, got)
		})
	}
	grid.Figures = nil
	for _, err := range beam.Sweep(noContext, book, grid, beam.Options{Work: t.TempDir()}) {
		require.ErrorIs(t, err, crossholding.ErrMissing)
	}
}
