package network_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

// BenchmarkMeasures answers each measure once for one company or holder of a
// register.
func BenchmarkMeasures(b *testing.B) {
	booktest.Benchmark(b,
		booktest.Question{Name: "weakestlink", Ask: func(a *crossholding.Alliance, company, _ string) error {
			_, err := network.WeakestLinks(b.Context(), a, company, network.WeakestLinkOptions{})
			return err
		}},
		booktest.Question{Name: "control", Ask: func(a *crossholding.Alliance, _, holder string) error {
			c, err := network.NewControl(b.Context(), a, network.ControlOptions{Basis: crossholding.BasisCapital, Model: network.ModelThreshold})
			if err == nil {
				_, err = c.Of(b.Context(), holder)
			}
			return err
		}},
		booktest.Question{Name: "infact", Ask: func(a *crossholding.Alliance, company, holder string) error {
			d, err := network.NewControlInFact(b.Context(), a, network.TurnoutOptions{})
			if err == nil {
				_, err = d.Position(b.Context(), holder, company)
			}
			return err
		}},
	)
}

// BenchmarkProfitWeights weighs firms with 50 holders each, of 500 in all.
func BenchmarkProfitWeights(b *testing.B) {
	for _, n := range []int{5, 50, 200} {
		rng := rand.New(rand.NewPCG(11, 10))
		var stakes []string
		market := map[string]ratio.Ratio{}
		for i := range n {
			firm := fmt.Sprintf("f%d", i)
			market[firm] = ratio.Of(1, int64(n))
			for _, p := range rng.Perm(500)[:50] {
				stakes = append(stakes, fmt.Sprintf("p%d 0.%02d %s", p, 1+rng.IntN(99), firm))
			}
		}
		a := booktest.Alliance(b, stakes...)
		for _, weights := range []network.ControlWeights{network.WeightsByVotes, network.WeightsByBanzhaf} {
			b.Run(fmt.Sprintf("firms=%d/weights=%s", n, weights), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := network.ProfitWeights(b.Context(), a, market, network.CommonOwnershipOptions{Weights: weights, Power: network.PowerOptions{FloatAbsent: true}}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
