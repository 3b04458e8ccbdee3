package crossholding_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// TestControlOnHugeCounts: a company whose counts need more than 64 bits is
// counted against the same base as one whose do not.
func TestControlOnHugeCounts(t *testing.T) {
	book := func(zeros ratio.Number) crossholding.Book {
		return crossholding.Book{
			Companies: []crossholding.Company{{ID: "A", Shares: []crossholding.ShareClass{{Issued: "100" + zeros, Treasury: "10" + zeros}}}},
			Parties:   []crossholding.Party{{ID: "P"}, {ID: "trust", Kind: crossholding.KindTrust}},
			Stakes: []crossholding.Stake{
				{Holder: "P", Issuer: "A", Shares: "40" + zeros},
				{Holder: "trust", Issuer: "A", Shares: "15" + zeros, Voter: crossholding.Neutral},
			},
		}
	}
	for _, c := range []struct {
		basis crossholding.Basis
		want  string // of 40 votes in the base
	}{
		{"", "40/75"}, {crossholding.BasisExercisable, "40/90"}, {crossholding.BasisTheoretical, "40/100"}, {crossholding.BasisCapital, "40/100"},
	} {
		for _, zeros := range []ratio.Number{"", "0000000000000000000000000"} {
			t.Run(string(c.basis)+"/"+string(zeros), func(t *testing.T) {
				for _, threshold := range []string{c.want, "1/10000"} {
					control, err := newAlliance(t, book(zeros)).Control(t.Context(), crossholding.ControlOptions{Basis: c.basis, Threshold: ratio.MustParse(threshold)})
					require.NoError(t, err)
					why, err := control.Why(t.Context(), "P", "A")
					require.NoError(t, err)
					require.Equal(t, threshold != c.want, why.Controlled, why.String())
				}
			})
		}
	}
}
