package crossholding_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/internal/gen"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/law"
)

// tableCountries lists every country that the table has a rule for.
func tableCountries() []string {
	var out []string
	for _, s := range law.Statutes() {
		where := s.Country
		if len(s.Parts) > 0 {
			where = s.Parts[0]
		}
		if !slices.Contains(out, where) {
			out = append(out, where)
		}
	}
	return out
}

// wording writes a count with every reason in full, or the error.
func wording(v *crossholding.Votes, err error) string {
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for n := range v.Rows() {
		fmt.Fprintln(&b, n.Holder, n.Issuer, n.Theoretical, n.Exercisable, n.Free, n.Neutral)
		for _, r := range n.Reasons {
			fmt.Fprintln(&b, "\t", r.Rule, r.Citation, r.Votes, r.Because())
		}
	}
	return b.String()
}

// requireSameLaw compares the law asked of the whole network with the law asked
// of the part that matters, and returns how many votes it found suspended.
func requireSameLaw(t *testing.T, a *crossholding.Alliance, opt crossholding.VotingOptions) int {
	t.Helper()
	whole, err1 := a.VotesWithin(t.Context(), opt, true)
	part, err2 := a.VotesWithin(t.Context(), opt, false)
	require.Equal(t, wording(whole, err1), wording(part, err2))
	if err1 != nil {
		require.Equal(t, err1.(*crossholding.ReadingsError).Readings, err2.(*crossholding.ReadingsError).Readings)
		return 0
	}
	return len(silentRows(whole))
}

// Where the law is asked about makes no difference to any count, reason, figure
// or reading.
func TestSubgraphAgainstWhole(t *testing.T) {
	policies := []crossholding.Policy{crossholding.PolicyError, crossholding.PolicyFewest, crossholding.PolicyMost}
	silent := map[string]int{}
	for c, country := range append(tableCountries(), "mixed") {
		if c%testkit.Size(2, 1) != 0 {
			continue
		}
		rnd := rand.New(rand.NewPCG(uint64(c), 12))
		for i := range testkit.Size(4, 60) {
			b := randomLawBookOf(rnd, 2+rnd.IntN(30))
			for k := range b.Companies {
				if country != "mixed" {
					b.Companies[k].Country, b.Companies[k].Listed = country, true
				}
			}
			opt := crossholding.VotingOptions{Circular: policies[i%3]}
			silent[country] += requireSameLaw(t, booktest.New(t, b), opt)
		}
		require.Positive(t, silent[country], country)
	}
	t.Log(silent)
}

// Generated registers are compared too, with rings, a core and holders outside
// them whose own controllers the presumption asks for.
func TestSubgraphOfRegisters(t *testing.T) {
	for seed, country := range tableCountries() {
		if seed%testkit.Size(3, 1) != 0 {
			continue
		}
		made, err := gen.Register(gen.Options{Seed: uint64(seed), Stakes: testkit.Size(600, 3000), Rings: testkit.Size(30, 60), Core: testkit.Size(15, 40)})
		require.NoError(t, err)
		var companies, stakes bytes.Buffer
		require.NoError(t, made.WriteCSV(&companies, &stakes))
		r, err := crossholding.ReadRegister(context.Background(), &companies, &stakes, crossholding.RegisterOptions{Country: country})
		require.NoError(t, err)
		n := requireSameLaw(t, r, crossholding.VotingOptions{Circular: crossholding.PolicyMost})
		if country != "IT" && country != "CN" { // their rules are for listed issuers
			require.Positive(t, n, country)
		}
		requireSameLaw(t, r, crossholding.VotingOptions{})
	}
}

// Whether a presumption holds may rest on the law of another component: the rival's
// votes are one controller's only where n's votes in m are suspended.
func TestPresumptionAcrossComponents(t *testing.T) {
	const book = "x FR; y AE; x>y 45; y>x 8; r AE; s AE; r>y 25; s>y 25; p; p>r 60; m>s 60; m>n 60; n AE; n>m 15; p>m 45; m "
	for law, want := range map[string]string{"US-DE": "n>m 15", "AE": "y>x 8"} {
		t.Run(law, func(t *testing.T) {
			a := lawAlliance(t, book+law)
			v, err := a.VotesWithin(t.Context(), crossholding.VotingOptions{}, false)
			require.NoError(t, err)
			require.Equal(t, want, suspends(silentRows(v)))
			requireSameLaw(t, a, crossholding.VotingOptions{})
		})
	}
}
