package network_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/network"
)

// BenchmarkMeasures answers each measure once for one company or holder of a
// register.
func BenchmarkMeasures(b *testing.B) {
	for _, stakes := range []int{250, 2_500, 25_000} {
		n, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
		require.NoError(b, err)
		a := booktest.Register(b, n, crossholding.RegisterOptions{})
		// A stake somewhere in the middle.
		company := n.ID(n.Issuer[len(n.Issuer)/2])
		holder := n.ID(n.Holder[len(n.Holder)/2])
		for _, measure := range []struct {
			name   string
			answer func() error
		}{
			{"weakestlink", func() error {
				_, err := network.WeakestLinks(b.Context(), a, company, network.WeakestLinkOptions{})
				return err
			}},
			{"control", func() error {
				c, err := network.NewControl(b.Context(), a, network.ControlOptions{Basis: crossholding.BasisCapital, Model: network.ModelThreshold})
				if err == nil {
					_, err = c.Of(b.Context(), holder)
				}
				return err
			}},
			{"infact", func() error {
				d, err := network.NewControlInFact(b.Context(), a, network.TurnoutOptions{})
				if err == nil {
					_, err = d.Position(b.Context(), holder, company)
				}
				return err
			}},
		} {
			b.Run(fmt.Sprintf("%s/stakes=%d", measure.name, stakes), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					require.NoError(b, measure.answer())
				}
			})
		}
	}
}
