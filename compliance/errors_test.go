package compliance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
)

// An error says once whose it is, wherever it was made.
func TestErrorsHaveOnePrefix(t *testing.T) {
	a := booktest.Alliance(t, "X 50 A")
	for want, blocked := range map[string][]string{
		"compliance: no blocked parties: missing":    nil,
		`compliance: holder "Z": unknown name`:       {"Z"},
		`compliance: holder "float:Z": unknown name`: {"float:Z"},
	} {
		_, err := compliance.Sanctions(t.Context(), a, blocked, compliance.SanctionsOptions{})
		require.EqualError(t, err, want)
	}
}

// TestNoAlliance tests that a nil alliance is an empty one and that a nil context is
// allowed.
func TestNoAlliance(t *testing.T) {
	var none context.Context
	_, err := compliance.Sanctions(none, nil, []string{"x"}, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}
