package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
)

// A percentage in a sentence is rounded, but never to a round figure that it
// only comes near.
func TestSentencesDoNotRoundToAThreshold(t *testing.T) {
	for _, c := range []struct{ issued, shares, says string }{
		{"1000", "500", "(50%)"},
		{"3", "1", "(33.33%)"},
		{"1000000", "499996", "(49.9996%)"},
		{"1000000000000000000", "499999999999999999", "(just under 50%)"},
		{"1000000000000000000", "1", "(just over 0%)"},
	} {
		t.Run(c.shares, func(t *testing.T) {
			a := booktest.New(t, crossholding.Book{
				Companies: []crossholding.Company{{ID: "firm", Shares: []crossholding.ShareClass{{Issued: ratio.Number(c.issued)}}}},
				Parties:   []crossholding.Party{{ID: "ann"}},
				Stakes:    []crossholding.Stake{{Holder: "ann", Issuer: "firm", Shares: ratio.Number(c.shares)}},
			})
			control, err := a.Control(t.Context(), crossholding.ControlOptions{})
			require.NoError(t, err)
			why, err := control.Why(t.Context(), "ann", "firm")
			require.NoError(t, err)
			require.Contains(t, why.String(), c.says)
		})
	}
}
