package booktest

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
)

// Question asks one thing of an alliance, about a company or a holder of it.
type Question struct {
	Name string
	Ask  func(a *crossholding.Alliance, company, holder string) error
}

// Benchmark asks the questions of registers of several sizes, about the two ends of a
// stake in the middle.
func Benchmark(b *testing.B, questions ...Question) {
	for _, stakes := range []int{250, 2_500, 25_000} {
		n, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
		require.NoError(b, err)
		a := Register(b, n, crossholding.RegisterOptions{})
		company, holder := n.ID(n.Issuer[len(n.Issuer)/2]), n.ID(n.Holder[len(n.Holder)/2])
		for _, q := range questions {
			b.Run(fmt.Sprintf("%s/stakes=%d", q.Name, stakes), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					require.NoError(b, q.Ask(a, company, holder))
				}
			})
		}
	}
}
