package compliance_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
)

// Zero values answer like empty results, in words too.
func TestZeroValues(t *testing.T) {
	name := strings.ToUpper
	require.Empty(t, compliance.SanctionsReport{}.Blocked())
	_, err := compliance.SanctionsReport{}.Of("x")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	require.Empty(t, compliance.Consolidation{}.Of(compliance.Subsidiary))
	require.Empty(t, compliance.ConsolidationBounds{}.Of(compliance.Subsidiary))
	for _, s := range []string{
		compliance.SanctionedCompany{}.WithNames(name).String(),
		compliance.BeneficialOwner{}.WithNames(name).String(),
		compliance.Ground{}.WithNames(name).String(),
		compliance.BeneficialOwnerBound{}.WithNames(name).String(),
		compliance.ControlRing{}.WithNames(name).String(),
		compliance.Ground{Test: compliance.TestInterestInController}.Because(),
		compliance.CloseLink{}.WithNames(name).String(),
		compliance.Entity{}.WithNames(name).String(),
		compliance.EntityBound{}.WithNames(name).String(),
		compliance.Entity{Class: compliance.Subsidiary}.Because(),
		compliance.Crossing{}.WithNames(name).String(),
		compliance.SanctionedCompanyBound{}.WithNames(name).String(),
		compliance.Position{}.WithNames(name).String(),
	} {
		require.NotContains(t, s, "%!")
	}
}
