package network_test

import (
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
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
