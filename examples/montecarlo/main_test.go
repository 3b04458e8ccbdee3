package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	s := settings{dir: filepath.Join("..", "..", "testdata", "alliance"), draws: 20_000, seed: 1, price: 0.4, mitsubishi: 0.35, yen: 0.1, rho: 0.3}
	var first string
	for _, s.workers = range []int{1, 3} {
		var out, progress strings.Builder
		require.NoError(t, run(t.Context(), s, &out, &progress))
		require.Contains(t, out.String(), "value over cost of renault in nissan is less than 0.5 in ")
		require.Contains(t, out.String(), "68.1%") // 460.6 / 468.52 × 113.76 / 164.18, the middle of the grid
		require.Contains(t, progress.String(), "random markets 20000 of 20000")
		if first == "" {
			first = out.String()
		}
		require.Equal(t, first, out.String())
	}
	s.yen = -1
	require.ErrorContains(t, run(t.Context(), s, &strings.Builder{}, &strings.Builder{}), "fx.EUR/JPY\" has a volatility of -1")
	s.dir = "nowhere"
	require.ErrorContains(t, run(t.Context(), s, &strings.Builder{}, &strings.Builder{}), "nowhere")
}
