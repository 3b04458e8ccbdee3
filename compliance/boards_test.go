package compliance_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
)

// K appoints 30% of the board by itself, and 30% through H, which it controls.
func TestBoardOfSeveralAgreements(t *testing.T) {
	b := booktest.Book(t, "K 60 H", "L 20 C", "C 60 S")
	for i, holder := range []string{"K", "H"} {
		ag := board(holder, "C", "30%")
		ag.ID = []string{"d1", "d2"}[i]
		b.Agreements = append(b.Agreements, ag)
	}
	a := booktest.New(t, b)

	owners, err := compliance.BeneficialOwners(t.Context(), a, "C", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
	require.NoError(t, err)
	require.Equal(t, []string{"K"}, beneficialIDs(owners.Owners))
	require.Equal(t, "appoints 60% of its board (d1, d2) through H (Regulation (EU) 2024/1624, art. 53(3)(b))", owners.Owners[0].Grounds[0].String())

	scope, err := compliance.Consolidate(t.Context(), a, "K", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"C", "H", "S"}, scope.Of(compliance.Subsidiary))

	for regime, want := range map[string][]string{compliance.RegimeUK: {"C", "H", "S"}, compliance.RegimeEU: {"C", "H", "S"}, compliance.RegimeOFAC: {"H"}} {
		s, err := compliance.Sanctions(t.Context(), a, []string{"K"}, compliance.SanctionsOptions{Regime: regime})
		require.NoError(t, err)
		require.Equal(t, want, s.Blocked(), regime)
		if regime != compliance.RegimeOFAC {
			c, err := s.Of("C")
			require.NoError(t, err)
			require.Equal(t, "C is controlled by K: H and K appoint 60% of the board of C (d1, d2)", c.String())
		}
	}

	b.Agreements[1].Max = "20%" // together exactly half
	owners, err = compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "C", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingControl})
	require.NoError(t, err)
	require.Empty(t, owners.Owners)
}

// Under the rule of the United Kingdom a right of several jointly counts for each of them. What
// other people appoint does not.
func TestJointRightsAddUp(t *testing.T) {
	b := booktest.Book(t, "a 10 C", "b 10 C", "c 10 C")
	for id, holders := range map[string][]string{"d1": {"a"}, "d2": {"a", "b"}, "d3": {"c"}} {
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: id, Kind: crossholding.AgreementDirectors, Issuer: "C", Max: "30%", Holders: holders})
	}
	owners, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "C", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, beneficialIDs(owners.Owners))
	require.Contains(t, owners.Owners[0].Grounds[0].String(), "appoints 60% of its board (d1, d2)")
}

// In an undated book, rights add up only if they are in force on one day.
func TestBoardsOfOtherDays(t *testing.T) {
	for _, tc := range []struct {
		last, first string
		want        []string
	}{{"2012-12-31", "2013-01-01", []string{}}, {"2013-01-01", "2013-01-01", []string{"a", "b"}}} {
		b := booktest.Book(t, "a 10 C", "b 10 C")
		for i, id := range []string{"d1", "d2"} {
			b.Agreements = append(b.Agreements, crossholding.Agreement{ID: id, Kind: crossholding.AgreementDirectors, Issuer: "C", Max: "30%", Holders: []string{"a", "b"}[i : i+1]})
		}
		b.Agreements[0].To, b.Agreements[1].From = date.Date(tc.last), date.Date(tc.first)
		b.Agreements = append(b.Agreements, crossholding.Agreement{ID: "pact", Kind: crossholding.AgreementConcert, Holders: []string{"a", "b"}, Issuer: "C"})
		owners, err := compliance.BeneficialOwners(t.Context(), booktest.New(t, b), "C", compliance.BeneficialOwnerOptions{Reading: compliance.ReadingPSC})
		require.NoError(t, err)
		require.Equal(t, tc.want, beneficialIDs(owners.Owners))
	}
}
