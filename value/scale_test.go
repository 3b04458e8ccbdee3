package value_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/value"
)

// The companies of a generated register, with a price or a value of the own business of each.
func BenchmarkLookThrough(b *testing.B) {
	for _, n := range []int{1000, 50_000} {
		made, err := gen.Register(gen.Options{Seed: 1, Stakes: n})
		require.NoError(b, err)
		a := booktest.Register(b, made, crossholding.RegisterOptions{})
		g := a.Graph()
		prices, own := map[string]string{}, map[string]string{}
		for i := range int32(g.Len()) {
			if g.HasShares(i) {
				prices[g.ID(i)], own[g.ID(i)] = fmt.Sprintf("%d EUR", 1+i%97), fmt.Sprintf("%d", i%1009)
			}
		}
		for name, fig := range map[string]value.Figures{
			"prices": {Market: crossholding.Market{Currency: "EUR", Prices: prices}},
			"own":    {Currency: "EUR", Market: crossholding.Market{Currency: "EUR"}, Own: own},
		} {
			b.Run(fmt.Sprintf("stakes=%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := value.NewLookThrough(b.Context(), a, fig); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
