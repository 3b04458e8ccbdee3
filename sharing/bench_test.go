package sharing_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/sharing"
)

// names returns the names of n members.
func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("m%02d", i)
	}
	return out
}

// randomTable returns the values of n members, each from 0 to most.
func randomTable(rng *rand.Rand, n int, most int64) []ratio.Ratio {
	out := make([]ratio.Ratio, 1<<n)
	for c := range out[1:] {
		out[c+1] = ratio.Int(rng.Int64N(most + 1))
	}
	return out
}

// scaled returns the table with every value times factor.
func scaled(table []ratio.Ratio, factor ratio.Ratio) []ratio.Ratio {
	out := make([]ratio.Ratio, len(table))
	for c, v := range table {
		out[c] = v.Mul(factor)
	}
	return out
}

func benchmarkGame(b *testing.B, n int, factor ratio.Ratio) sharing.Game {
	b.Helper()
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	g, err := sharing.FromTable(sharing.KindSavings, names(n), scaled(randomTable(rng, n, 1e9), factor))
	require.NoError(b, err)
	return g
}

// long is a factor that makes numerators of more than 64 bits.
var long = ratio.MustParse("123456789012345678901234567890")

func BenchmarkShapley(b *testing.B) {
	for _, n := range []int{10, 20} {
		for name, factor := range map[string]ratio.Ratio{"words": ratio.Int(1), "long": long} {
			b.Run(fmt.Sprintf("n=%d/%s", n, name), func(b *testing.B) {
				g := benchmarkGame(b, n, factor)
				b.ReportAllocs()
				for b.Loop() {
					_, err := g.Shapley(context.Background())
					require.NoError(b, err)
				}
			})
		}
	}
}

func BenchmarkFromTable(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 20))
	table := randomTable(rng, 20, 1e9)
	b.ReportAllocs()
	for b.Loop() {
		_, err := sharing.FromTable(sharing.KindSavings, names(20), table)
		require.NoError(b, err)
	}
}

// BenchmarkNew makes the game of 20 members from rules: an airport with 20 parts of a runway.
func BenchmarkNew(b *testing.B) {
	p := sharing.Problem{Members: names(20)}
	for k := range 20 {
		v := sharing.Venture{Name: fmt.Sprint("part ", k), Fixed: "100"}
		for _, m := range p.Members[k:] {
			v.Uses = append(v.Uses, sharing.Use{Member: m})
		}
		p.Ventures = append(p.Ventures, v)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, err := sharing.New(p)
		require.NoError(b, err)
	}
}

func BenchmarkOwen(b *testing.B) {
	for name, blocks := range map[string][][]string{"singles": nil, "two": {names(20)[:10], names(20)[10:]}} {
		b.Run("n=20/"+name, func(b *testing.B) {
			g := benchmarkGame(b, 20, ratio.Int(1))
			b.ReportAllocs()
			for b.Loop() {
				_, err := g.Owen(context.Background(), blocks)
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkNucleolus(b *testing.B) {
	for _, n := range []int{4, 8, 12, 16} {
		for name, factor := range map[string]ratio.Ratio{"words": ratio.Int(1), "long": long} {
			b.Run(fmt.Sprintf("n=%d/%s", n, name), func(b *testing.B) {
				g := benchmarkGame(b, n, factor)
				b.ReportAllocs()
				for b.Loop() {
					_, err := g.Prenucleolus(context.Background())
					require.NoError(b, err)
				}
			})
		}
	}
}

func BenchmarkCore(b *testing.B) {
	for _, n := range []int{4, 12, 20} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := benchmarkGame(b, n, ratio.Int(1))
			b.ReportAllocs()
			for b.Loop() {
				_, err := g.Core(context.Background())
				require.NoError(b, err)
			}
		})
	}
}
