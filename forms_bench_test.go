package crossholding_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/gen"
)

// BenchmarkForms answers each form of the question once for one company or
// holder of a register.
func BenchmarkForms(b *testing.B) {
	for _, stakes := range []int{250, 2_500, 25_000} {
		n, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
		require.NoError(b, err)
		a := registerOf(b, n).Alliance
		// A stake somewhere in the middle.
		company := n.ID(n.Issuer[len(n.Issuer)/2])
		holder := n.ID(n.Holder[len(n.Holder)/2])
		for _, form := range []struct {
			name   string
			answer func() error
		}{
			{"weakestlink", func() error {
				_, err := a.WeakestLinks(b.Context(), company, crossholding.WeakestLinkOptions{})
				return err
			}},
			{"network", func() error {
				c, err := a.NetworkControl(b.Context(), crossholding.NetworkOptions{Basis: crossholding.Capital, Model: crossholding.ModelThreshold})
				if err == nil {
					_, err = c.Of(b.Context(), holder)
				}
				return err
			}},
			{"turnout", func() error {
				d, err := a.DeFacto(b.Context(), crossholding.TurnoutOptions{})
				if err == nil {
					_, err = d.Standing(b.Context(), holder, company)
				}
				return err
			}},
		} {
			b.Run(fmt.Sprintf("%s/stakes=%d", form.name, stakes), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					require.NoError(b, form.answer())
				}
			})
		}
	}
}
