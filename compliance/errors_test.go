package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
)

// An error says once whose it is, wherever it was made.
func TestErrorsHaveOnePrefix(t *testing.T) {
	a := allianceOf(t, "X 50 A")
	for want, blocked := range map[string][]string{
		"compliance: no blocked parties: missing":    nil,
		`compliance: holder "Z": unknown name`:       {"Z"},
		`compliance: holder "float:Z": unknown name`: {"float:Z"},
	} {
		_, err := compliance.Sanctions(t.Context(), a, blocked, compliance.SanctionsOptions{})
		require.EqualError(t, err, want)
	}
}

// No alliance is an empty one.
func TestNoAlliance(t *testing.T) {
	_, err := compliance.Sanctions(t.Context(), nil, []string{"x"}, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}
