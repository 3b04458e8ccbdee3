package compliance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
)

// BenchmarkForms answers each question once for one company or
// holder of a register.
func BenchmarkForms(b *testing.B) {
	for _, stakes := range []int{250, 2_500, 25_000} {
		n, err := gen.Register(gen.Options{Seed: 1, Stakes: stakes})
		require.NoError(b, err)
		a := booktest.Register(b, n, crossholding.RegisterOptions{})
		// A stake somewhere in the middle.
		company := n.ID(n.Issuer[len(n.Issuer)/2])
		holder := n.ID(n.Holder[len(n.Holder)/2])
		for _, form := range []struct {
			name   string
			answer func() error
		}{
			{"sanctions", func() error {
				_, err := compliance.Sanctions(b.Context(), a, []string{holder}, compliance.SanctionsOptions{})
				return err
			}},
			{"beneficial", func() error {
				_, err := compliance.BeneficialOwners(b.Context(), a, company, compliance.BeneficialOwnerOptions{})
				return err
			}},
			{"closelinks-control", func() error {
				_, err := compliance.CloseLinks(b.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Of: company})
				return err
			}},
			{"group", func() error {
				_, err := compliance.Consolidate(b.Context(), a, holder, compliance.ConsolidationOptions{})
				return err
			}},
			{"thresholds", func() error {
				_, err := compliance.Thresholds(b.Context(), a, compliance.ThresholdOptions{Issuer: company})
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
