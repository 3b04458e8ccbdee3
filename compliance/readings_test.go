package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
)

// A pair under British law has two readings. Questions about companies that have nothing to
// do with it are answered, and questions about the pair are not.
func TestQuestionsBesideAnAmbiguousPair(t *testing.T) {
	ctx := t.Context()
	b := booktest.Book(t, "a 60 b", "b 60 a", "q 30 a", "p 60 c", "c 100 d")
	for i := range b.Companies {
		b.Companies[i].Country = "GB"
	}
	a := booktest.New(t, b)
	_, err := a.Votes(ctx, crossholding.VotingOptions{})
	require.ErrorIs(t, err, crossholding.ErrReadings)

	s, err := compliance.Sanctions(ctx, a, []string{"p"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, s.Blocked())
	owners, err := compliance.BeneficialOwners(ctx, a, "d", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Len(t, owners.Owners, 1)
	require.Equal(t, "p", owners.Owners[0].ID)
	group, err := compliance.Consolidate(ctx, a, "p", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"c", "d"}, group.Of(compliance.Subsidiary))

	_, err = compliance.Consolidate(ctx, a, "a", compliance.ConsolidationOptions{})
	require.ErrorIs(t, err, crossholding.ErrReadings)
	s, err = compliance.Sanctions(ctx, a, []string{"a"}, compliance.SanctionsOptions{Regime: compliance.RegimeUK})
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, s.Blocked(), "by shares, whoever votes")
}
