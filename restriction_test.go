package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

func TestRestrictions(t *testing.T) {
	book := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "1000", Treasury: "100"}}}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "b"}, {ID: "t"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "200"}, {Holder: "b", Issuer: "x", Shares: "100"}},
		Agreements: []crossholding.Agreement{
			{ID: "lock", Kind: crossholding.AgreementLockUp, Holders: []string{"a"}, Issuer: "x", Min: "15%"},
			{ID: "still", Kind: crossholding.AgreementStandstill, Holders: []string{"b"}, Issuer: "x", Max: "15%"},
		},
	}
	step := func(kind crossholding.StepKind, from, to, shares string) crossholding.Step {
		return crossholding.Step{Step: kind, From: from, To: to, Issuer: "x", Shares: ratio.Number(shares)}
	}
	for name, c := range map[string]struct {
		steps []crossholding.Step
		want  string
	}{
		"to the lock":       {[]crossholding.Step{step(crossholding.StepTrade, "a", "float:x", "50")}, ""},
		"below the lock":    {[]crossholding.Step{step(crossholding.StepTrade, "a", "float:x", "51")}, "a would hold 149 of 1000 issued shares of x and is locked up at 15% of them (lock)"},
		"into a trust":      {[]crossholding.Step{step(crossholding.StepEntrust, "a", "t", "200")}, ""},
		"out of the trust":  {[]crossholding.Step{step(crossholding.StepEntrust, "a", "t", "200"), step(crossholding.StepTrade, "t", "float:x", "51")}, "a would hold 149 of 1000"},
		"to the standstill": {[]crossholding.Step{step(crossholding.StepTrade, "float:x", "b", "50")}, ""},
		"above it":          {[]crossholding.Step{step(crossholding.StepTrade, "float:x", "b", "51")}, "b would hold 151 of 1000 issued shares of x and stands still at 15% of them (still)"},
		// 150 of 900 are 16.7%: the percentage rises without a purchase.
		"by a cancellation": {[]crossholding.Step{step(crossholding.StepTrade, "float:x", "b", "50"), {Step: crossholding.StepCancel, Issuer: "x", Shares: "100"}}, ""},
		"after the end":     {[]crossholding.Step{{Step: crossholding.StepEndAgreement, ID: "lock"}, step(crossholding.StepTrade, "a", "float:x", "200")}, ""},
		"both at once":      {[]crossholding.Step{step(crossholding.StepTrade, "a", "b", "60")}, "b would hold 160"},
	} {
		t.Run(name, func(t *testing.T) {
			a := booktest.New(t, book)
			_, err := a.Run(t.Context(), crossholding.Scenario{Steps: c.steps})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, crossholding.ErrAgreement)
			require.ErrorIs(t, err, crossholding.ErrStep)
			require.ErrorContains(t, err, c.want)
		})
	}
}
