package compliance_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
)

// forms answers every question for a book and renders the answers.
func forms(t *testing.T, a *crossholding.Alliance, company, holder string) []string {
	t.Helper()
	var out []string
	say := func(err error, answers ...any) {
		require.NoError(t, err)
		out = append(out, fmt.Sprint(answers...))
	}
	for _, regime := range compliance.SanctionsRegimes() {
		s, err := compliance.Sanctions(t.Context(), a, []string{holder}, compliance.SanctionsOptions{Regime: regime.ID})
		say(err, s.Companies)
	}
	for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingProduct, compliance.ReadingControl, compliance.ReadingDirective, compliance.ReadingPSC} {
		b, err := compliance.BeneficialOwners(t.Context(), a, company, compliance.BeneficialOwnerOptions{Reading: reading})
		say(err, b)
	}
	for _, reading := range []compliance.CloseLinkReading{compliance.LinksByPaths, compliance.LinksByControl} {
		l, err := compliance.CloseLinks(t.Context(), a, compliance.CloseLinkOptions{Reading: reading, Third: compliance.ThirdControls})
		say(err, l)
	}
	group, err := compliance.Consolidate(t.Context(), a, holder, compliance.ConsolidationOptions{})
	require.NoError(t, err)
	for _, e := range group.Entities {
		say(nil, e.Company, e.Class, e.Votes, e.Economic, e.Through, e.Partner)
	}
	list, err := compliance.Thresholds(t.Context(), a, compliance.ThresholdOptions{})
	require.NoError(t, err)
	for _, p := range list {
		say(nil, p.Holder, p.Issuer, p.Rule, p.Base, p.Fraction, p.Reached, p.With)
	}
	return out
}

func TestFormsOnHugeCounts(t *testing.T) { booktest.Answers(forms).HugeCounts(t) }

func TestFormsOfARegister(t *testing.T) { booktest.Answers(forms).OfARegister(t) }

func TestFormsInOrder(t *testing.T) { booktest.Answers(forms).InOrder(t) }

// TestFormsAndThePublic: many small holders under one name are not one holder.
func TestFormsAndThePublic(t *testing.T) {
	b := booktest.Book(t, "P 30 C", "crowd 60 C")
	b.Parties[1].Kind = crossholding.KindPublic
	a := booktest.New(t, b)
	b = booktest.Book(t, "P 50 C", "crowd 50 C", "crowd 30 D")
	b.Parties[1].Kind = crossholding.KindPublic
	half := booktest.New(t, b)
	group, err := compliance.Consolidate(t.Context(), half, "P", compliance.ConsolidationOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"C"}, group.Of(compliance.Associate))
	links, err := compliance.CloseLinks(t.Context(), half, compliance.CloseLinkOptions{})
	require.NoError(t, err)
	require.Len(t, links, 1)
	got, err := compliance.BeneficialOwners(t.Context(), a, "C", compliance.BeneficialOwnerOptions{})
	require.NoError(t, err)
	require.Equal(t, []string{"crowd"}, beneficialIDs(got.Unresolved))
}

func TestFormsOfNothing(t *testing.T) {
	var a crossholding.Alliance
	_, err := compliance.Sanctions(t.Context(), &a, []string{"x"}, compliance.SanctionsOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.BeneficialOwners(t.Context(), &a, "x", compliance.BeneficialOwnerOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = compliance.Consolidate(t.Context(), &a, "x", compliance.ConsolidationOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	links, err := compliance.CloseLinks(t.Context(), &a, compliance.CloseLinkOptions{})
	require.NoError(t, err)
	require.Empty(t, links)
}
