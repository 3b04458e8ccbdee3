package compliance_test

import (
	"testing"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
)

// BenchmarkForms answers each question once for one company or
// holder of a register.
func BenchmarkForms(b *testing.B) {
	booktest.Benchmark(b,
		booktest.Question{Name: "sanctions", Ask: func(a *crossholding.Alliance, _, holder string) error {
			_, err := compliance.Sanctions(b.Context(), a, []string{holder}, compliance.SanctionsOptions{})
			return err
		}},
		booktest.Question{Name: "beneficial", Ask: func(a *crossholding.Alliance, company, _ string) error {
			_, err := compliance.BeneficialOwners(b.Context(), a, company, compliance.BeneficialOwnerOptions{})
			return err
		}},
		booktest.Question{Name: "closelinks-control", Ask: func(a *crossholding.Alliance, company, _ string) error {
			_, err := compliance.CloseLinks(b.Context(), a, compliance.CloseLinkOptions{Reading: compliance.LinksByControl, Of: company})
			return err
		}},
		booktest.Question{Name: "group", Ask: func(a *crossholding.Alliance, _, holder string) error {
			_, err := compliance.Consolidate(b.Context(), a, holder, compliance.ConsolidationOptions{})
			return err
		}},
		booktest.Question{Name: "thresholds", Ask: func(a *crossholding.Alliance, company, _ string) error {
			_, err := compliance.Thresholds(b.Context(), a, compliance.ThresholdOptions{Issuer: company})
			return err
		}},
	)
}
