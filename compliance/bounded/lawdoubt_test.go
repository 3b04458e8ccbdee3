package bounded_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/compliance"
	"github.com/crossholding/crossholding/compliance/bounded"
	"github.com/crossholding/crossholding/internal/booktest"
)

// A statute that may suspend votes takes no shares away: x has 5% to 15% of y, which has 12% of x
// (C. com., art. L.233-29 and L.233-30). The votes of y in x, or of x in y, may be suspended. Those of
// a in x are not, and are 28% of all votes or up to 28/88 of those that are left.
func TestThresholdsWhileVotesMayBeSuspended(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-06-30",
		Companies: []crossholding.Company{
			{ID: "x", Country: "FR", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "y", Country: "FR", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "a"}},
		Stakes: []crossholding.Stake{
			{Holder: "x", Issuer: "y", Between: "[5%,15%]"}, {Holder: "y", Issuer: "x", Shares: "120"}, {Holder: "a", Issuer: "x", Shares: "280"},
		},
	}
	ask := func() []string {
		list, err := bounded.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{})
		require.NoError(t, err)
		out := []string{}
		for _, p := range list {
			if p.Most.Base != "theoretical" {
				out = append(out, p.String())
			}
		}
		return out
	}
	require.Equal(t, []string{
		"a in x has 28% of exercisable, blocking minority (FR-225-96); no limit; votes are in doubt",
		"a in x has 28% of capital, disclosure (FR-233-7); more than 25%",
		"a in x has 28% of capital, bid (FR-433-3); no limit",
		"a in x has 28% of exercisable, significant influence (IAS-28); at least 20%; votes are in doubt",
		"a in x has 28% of exercisable, majority (majority); no limit; votes are in doubt",
		"x in y has 0% to 15% of exercisable, blocking minority (FR-225-96); no limit; votes are in doubt",
		"x in y has 0% to 15% of exercisable, significant influence (IAS-28); no limit; votes are in doubt",
		"x in y has 0% to 15% of exercisable, majority (majority); no limit; votes are in doubt",
		"y in x has 0% to 12% of exercisable, blocking minority (FR-225-96); no limit; votes are in doubt",
		"y in x has 12% of capital, disclosure (FR-233-7); more than 10%",
		"y in x has 12% of capital, bid (FR-433-3); no limit",
		"y in x has 0% to 12% of exercisable, significant influence (IAS-28); no limit; votes are in doubt",
		"y in x has 0% to 12% of exercisable, majority (majority); no limit; votes are in doubt",
	}, ask())
	// With 30% of all votes, a may have more than a third of those that are left.
	b.Stakes[2].Shares = "300"
	require.Equal(t, "a in x has 30% of exercisable, blocking minority (FR-225-96); perhaps more than 1/3; votes are in doubt", ask()[0])
	// A holder that may control another has perhaps what the other has.
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "a", Issuer: "y", Between: "[40%,60%]"})
	require.Contains(t, ask()[1], "perhaps more than 5% to 95%; votes are in doubt")
}

// What the British register says of a holding, and a German stake that is known as a band.
func TestThresholdsOfRegisters(t *testing.T) {
	b := crossholding.Book{
		AsOf: "2024-06-30",
		Companies: []crossholding.Company{
			{ID: "ag", Country: "DE", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "hold", Country: "GB"},
			{ID: "plc", Country: "GB", Listed: true, Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "ben", Issuer: "hold", Between: "(50%,75%)"}, {Holder: "hold", Issuer: "plc", Between: "(25%,50%]"},
			{Holder: "hold", Issuer: "ag", Between: "[4%,6%]"},
		},
	}
	for _, c := range []struct {
		issuer, rule, want string
	}{
		{"plc", "GB-5.1.2", "ben in plc has 25% to 50% of voting, disclosure (GB-5.1.2); at least 25%; perhaps at least 26% to 50%"},
		{"plc", "GB-9.1", "ben in plc has 25% to 50% of voting, bid (GB-9.1); perhaps at least 30%"},
		{"ag", "DE-33", "ben in ag has 4% to 6% of theoretical, disclosure (DE-33); at least 3%; perhaps at least 5%"},
		{"ag", "DE-29", "ben in ag has 4% to 6% of theoretical, bid (DE-29); no limit"},
	} {
		list, err := bounded.Thresholds(t.Context(), booktest.New(t, b), compliance.ThresholdOptions{Issuer: c.issuer})
		require.NoError(t, err)
		i := slices.IndexFunc(list, func(p bounded.Position) bool { return p.Most.Rule == c.rule && p.Most.Holder == "ben" })
		require.GreaterOrEqual(t, i, 0, c.rule)
		require.Equal(t, c.want, list[i].String())
	}
}
