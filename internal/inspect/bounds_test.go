package inspect_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/inspect"
)

// Ada surely controls Holdings, which may control Trading. Zoe has a contract with Ben.
func TestBounds(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "holdings", Name: "Holdings Ltd"}, {ID: "trading", Name: "Trading Ltd"}},
		Parties:   []crossholding.Party{{ID: "ada", Name: "Ada"}, {ID: "ben", Name: "Ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "ada", Issuer: "holdings", Between: "(50%,75%)"}, {Holder: "ben", Issuer: "holdings", Percent: "20", Beneficiary: "ada", Voter: crossholding.Neutral},
			{Holder: "holdings", Issuer: "trading", Between: "(25%,75%)"},
		},
		Agreements: []crossholding.Agreement{{ID: "pact", Kind: crossholding.AgreementCap, Holders: []string{"ada"}, Issuer: "holdings", Max: "10%"}},
	})
	require.NoError(t, err)
	r, err := inspect.Bounds(t.Context(), a)
	require.NoError(t, err)
	var text strings.Builder
	require.NoError(t, r.Print(&text))
	for _, line := range []string{
		"Ada           Holdings Ltd  over 50% to under 75%  over 50% to under 75%  over 50% to under 75%",
		"Ben for Ada   Holdings Ltd  20%                    20%                    20%, neutral",
		"Ada may control Holdings Ltd; agreements may take votes away",
		"Holdings Ltd may control Trading Ltd; yes if Holdings Ltd has ",
		"Ada may control Trading Ltd; agreements may take votes away",
		"the float of Trading Ltd",
	} {
		require.Contains(t, text.String(), line)
	}
	out, err := json.Marshal(r)
	require.NoError(t, err)
	require.Contains(t, string(out), `"capital":"(50%,75%)"`)
	require.Contains(t, string(out), `{"id":"holdings","class":"ordinary","issued":"100","treasury":"0"}`)
}
