package power_test

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/power"
)

// readBench reads a game of testdata/bench: one number a line, the quota
// first.
func readBench(t testing.TB, name string) power.Game {
	t.Helper()
	file, err := os.Open("testdata/bench/" + name + ".csv")
	require.NoError(t, err)
	defer file.Close()
	var numbers []int64
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		x, err := strconv.ParseInt(lines.Text(), 10, 64)
		require.NoError(t, err)
		numbers = append(numbers, x)
	}
	require.NoError(t, lines.Err())
	g, err := power.AtLeast(numbers[0], numbers[1:]...)
	require.NoError(t, err)
	return g
}

func BenchmarkExact(b *testing.B) {
	ctx := context.Background()
	shapley := func(g power.Game) error { _, err := g.ShapleyShubik(ctx); return err }
	banzhaf := func(g power.Game) error { _, err := g.Banzhaf(ctx); return err }
	johnston := func(g power.Game) error { _, err := g.Johnston(ctx); return err }
	float := func(g power.Game) error { _, err := g.ShapleyShubikFloat(ctx); return err }
	deegan := func(g power.Game) error { _, err := g.DeeganPackel(ctx); return err }
	public := func(g power.Game) error { _, err := g.PublicGood(ctx); return err }
	benches := []struct {
		name, file string
		run        func(power.Game) error
	}{
		{"shapley/n=50", "rand50", shapley}, {"shapley/n=100", "rand100", shapley},
		{"shapley/n=200", "rand200", shapley}, {"shapley/imf", "imflike189", shapley},
		{"shapley/eu28", "eu28pop", shapley}, {"shapley/aiib", "aiib_50", shapley},
		{"banzhaf/n=50", "rand50", banzhaf}, {"banzhaf/n=100", "rand100", banzhaf},
		{"banzhaf/n=200", "rand200", banzhaf}, {"banzhaf/n=500", "rand500", banzhaf},
		{"banzhaf/n=1000", "rand1000", banzhaf}, {"banzhaf/imf", "imflike189", banzhaf},
		{"banzhaf/eu28", "eu28pop", banzhaf}, {"banzhaf/aiib", "aiib_50", banzhaf},
		{"johnston/n=50", "rand50", johnston}, {"deegan-packel/n=50", "rand50", deegan},
		{"public-good/n=50", "rand50", public},
		{"shapley-float/n=100", "rand100", float}, {"shapley-float/n=200", "rand200", float},
		{"shapley-float/imf", "imflike189", float},
	}
	for _, bb := range benches {
		b.Run(bb.name, func(b *testing.B) {
			g := readBench(b, bb.file)
			b.ReportAllocs()
			for b.Loop() {
				if err := bb.run(g); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Thirty players with 40-bit weights: no table by weight would fit.
func BenchmarkHalves(b *testing.B) {
	ctx := context.Background()
	r := rand.New(rand.NewPCG(40, 40))
	ws := make([]int64, 30)
	for i := range ws {
		ws[i] = 1<<39 + r.Int64N(1<<39)
	}
	g, err := power.Majority(ws...)
	require.NoError(b, err)
	b.Run("n=30/bits=40", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := g.Banzhaf(ctx); err != nil {
				b.Fatal(err)
			}
			if _, err := g.ShapleyShubik(ctx); err != nil {
				b.Fatal(err)
			}
		}
	})
}
