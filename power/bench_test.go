package power_test

import (
	"bufio"
	"context"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/power"
)

// readBench reads a game of testdata/bench: one number a line, the quota
// first.
func readBench(t testing.TB, name string) power.Game {
	t.Helper()
	numbers := readNumbers(t, name)
	g, err := power.AtLeast(numbers[0], numbers[1:]...)
	require.NoError(t, err)
	return g
}

// readNumbers reads the numbers of a game, the quota first.
func readNumbers(t testing.TB, name string) []int64 {
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
	return numbers
}

// measure runs until the benchmark has enough, and reports what the process
// has taken from the system by then: its peak, when the benchmark runs alone.
func measure(b *testing.B, run func() error) {
	b.Helper()
	b.ReportAllocs()
	before, n := testkit.CPUTime(), 0
	for b.Loop() {
		if err := run(); err != nil {
			b.Fatal(err)
		}
		n++
	}
	b.ReportMetric((testkit.CPUTime()-before).Seconds()*1000/float64(n), "cpu-ms/op")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "sys-MB")
}

// The yardstick of this machine at this moment: the plain table of 200
// players in machine words, one loop on one core. Compare ratios to it.
func BenchmarkBaseline(b *testing.B) {
	numbers := readNumbers(b, "rand200")
	quota, ws := numbers[0], numbers[1:]
	var last uint64
	measure(b, func() error {
		a := make([]uint64, quota)
		a[0] = 1
		for _, w := range ws {
			for k := quota - 1; k >= w; k-- {
				a[k] += a[k-w]
			}
		}
		last = a[quota-1]
		return nil
	})
	b.ReportMetric(float64(last%10), "last-digit")
}

func BenchmarkExact(b *testing.B) {
	ctx := context.Background()
	shapley := func(g power.Game) error { _, err := g.ShapleyShubik(ctx); return err }
	banzhaf := func(g power.Game) error { _, err := g.Banzhaf(ctx); return err }
	johnston := func(g power.Game) error { _, err := g.Johnston(ctx); return err }
	float := func(g power.Game) error { _, err := g.ShapleyShubikFloat(ctx); return err }
	deegan := func(g power.Game) error { _, err := g.DeeganPackel(ctx); return err }
	public := func(g power.Game) error { _, err := g.PublicGood(ctx); return err }
	kinds := []struct {
		name  string
		run   func(power.Game) error
		games []string
	}{
		{"shapley", shapley, []string{"rand50", "rand100", "rand200", "imflike189", "eu28pop", "aiib_50"}},
		{"shapley-float", float, []string{"rand100", "rand200", "imflike189"}},
		{"banzhaf", banzhaf, []string{"rand50", "rand100", "rand200", "rand500", "rand1000", "imflike189", "eu28pop", "aiib_50"}},
		{"johnston", johnston, []string{"rand50"}},
		{"deegan-packel", deegan, []string{"rand50"}},
		{"public-good", public, []string{"rand50"}},
	}
	for _, kind := range kinds {
		for _, name := range kind.games {
			b.Run(kind.name+"/game="+name, func(b *testing.B) {
				if testing.Short() && kind.name == "shapley" && name == "imflike189" {
					b.Skip("takes a minute of processor time")
				}
				g := readBench(b, name)
				measure(b, func() error { return kind.run(g) })
			})
		}
	}
}

// The EU Council by population and by heads: two rules joined.
func BenchmarkJoined(b *testing.B) {
	for _, c := range readCases(b) {
		if c.Extra == nil {
			continue
		}
		g := c.game(b)
		b.Run("shapley/eu28-double-majority", func(b *testing.B) {
			measure(b, func() error { _, err := g.ShapleyShubik(context.Background()); return err })
		})
		b.Run("banzhaf/eu28-double-majority", func(b *testing.B) {
			measure(b, func() error { _, err := g.Banzhaf(context.Background()); return err })
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
		measure(b, func() error {
			if _, err := g.Banzhaf(ctx); err != nil {
				return err
			}
			_, err := g.ShapleyShubik(ctx)
			return err
		})
	})
}
