package compliance_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/ratio"
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
	for _, reading := range []compliance.BeneficialOwnerReading{compliance.ReadingAMLR, compliance.ReadingProduct, compliance.ReadingControl, compliance.ReadingDirective} {
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

// TestFormsOnHugeCounts gives a book in percent and again in share counts of
// over 40 digits: no answer may change.
func TestFormsOnHugeCounts(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 40 {
		w := booktest.RandomWorld(r, 2+r.IntN(5), 2)
		huge := crossholding.Book{Parties: w.Book.Parties}
		zeros := strings.Repeat("0", 17+24*r.IntN(2))
		for _, c := range w.Book.Companies {
			c.Shares = []crossholding.ShareClass{{Issued: ratio.Number("100" + zeros)}}
			huge.Companies = append(huge.Companies, c)
		}
		for _, s := range w.Book.Stakes {
			s.Shares, s.Percent = s.Percent+ratio.Number(zeros), ""
			huge.Stakes = append(huge.Stakes, s)
		}
		a, err := crossholding.New(huge)
		require.NoError(t, err)
		company, holder := w.IDs[r.IntN(w.Companies)], w.IDs[r.IntN(len(w.IDs))]
		require.Equal(t, forms(t, w.Alliance(t), company, holder), forms(t, a, company, holder))
	}
}

// TestFormsOfARegister: a register answers as the book that it stands for.
func TestFormsOfARegister(t *testing.T) {
	for seed := range uint64(3) {
		n, err := gen.Register(gen.Options{Seed: seed, Stakes: 120, Core: 4, Funds: 3})
		require.NoError(t, err)
		a := booktest.Register(t, n, crossholding.RegisterOptions{}).Alliance
		e := 17 * int(seed+1)
		company, holder := n.ID(n.Issuer[e]), n.ID(n.Holder[e])
		require.Equal(t, forms(t, booktest.New(t, a.Book()), company, holder), forms(t, a, company, holder))
	}
}

// TestFormsInOrder turns the rows of a book round: no answer may change.
func TestFormsInOrder(t *testing.T) {
	for _, file := range []string{"before", "2023-11-08", "2024-11-29"} {
		a, err := booktest.Renault(file)
		require.NoError(t, err)
		b := a.Book()
		slices.Reverse(b.Companies)
		slices.Reverse(b.Parties)
		slices.Reverse(b.Stakes)
		slices.Reverse(b.Agreements)
		turned, err := crossholding.New(b)
		require.NoError(t, err)
		require.Equal(t, forms(t, a, "mitsubishi", "renault"), forms(t, turned, "mitsubishi", "renault"))
	}
}

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
