package crossholding_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

func TestByteOrderMark(t *testing.T) {
	a, err := crossholding.ReadBook(strings.NewReader("\ufeff" + `{"companies": [{"id": "a", "shares": [{"issued": 100}]}]}`))
	require.NoError(t, err)
	require.Len(t, a.Book().Companies, 1)
	r, err := crossholding.ReadRegister(context.Background(),
		strings.NewReader("\ufeffid,issued,treasury,votes\na,100,,\n"), strings.NewReader("\ufeffholder,issuer,shares\np,a,60\n"),
		crossholding.RegisterOptions{})
	require.NoError(t, err)
	require.Len(t, r.Book().Stakes, 1)
}

// A fraction or a price may be a JSON number; any other text may not.
func TestNumericKeys(t *testing.T) {
	for key, book := range map[string]string{
		"max":    `{"agreements": [{"id": "x", "kind": "cap", "holders": ["p"], "issuer": "a", "max": 0.15}]}`,
		"min":    `{"agreements": [{"id": "x", "kind": "lock-up", "holders": ["p"], "issuer": "a", "min": 0}]}`,
		"prices": `{"market": {"currency": "EUR", "prices": {"a": 5}}}`,
		"fx":     `{"market": {"currency": "EUR", "fx": {"EUR/JPY": 157.13}}}`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(`{"companies": [{"id": "a", "currency": "EUR", "shares": [{"issued": 100}]}], "parties": [{"id": "p"}], ` + book[1:]))
			require.NoError(t, err)
		})
	}
	for key, step := range map[string]string{
		"down_to": `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "down_to": 0.1}`,
		"up_to":   `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "up_to": 0.1}`,
		"price":   `{"step": "trade", "from": "p", "to": "q", "issuer": "a", "shares": 1, "price": 5}`,
		"prices":  `{"step": "revalue", "prices": {"a": 5}}`,
	} {
		t.Run(key, func(t *testing.T) {
			_, err := crossholding.ReadScenario(strings.NewReader(`{"steps": [` + step + `]}`))
			if err != nil {
				require.NotContains(t, err.Error(), "the number")
			}
		})
	}
	for place, book := range map[string]string{
		"market.currency":              `{"market": {"currency": 5}}`,
		"companies[0].name":            `{"companies": [{"id": "a", "name": 5}]}`,
		"stakes[0].between":            `{"stakes": [{"holder": "p", "issuer": "a", "between": 5}]}`,
		"agreements[0].from":           `{"agreements": [{"id": "x", "from": 2020}]}`,
		"agreements[0].holders[1]":     `{"agreements": [{"id": "x", "max": 1, "holders": ["p", 5]}]}`,
		"companies[0].shares[0].class": `{"companies": [{"id": "a", "shares": [{"issued": 1, "class": 5}]}]}`,
	} {
		t.Run(place, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(book))
			require.ErrorIs(t, err, crossholding.ErrSyntax)
			require.ErrorContains(t, err, place+": the number ")
		})
	}
}

// One slip is one fault.
func TestOneFaultForOneSlip(t *testing.T) {
	for name, book := range map[string]string{
		"lot below 0":           `{"companies": [{"id": "a", "lot": "-1", "shares": [{"issued": 1}]}]}`,
		"price of no form":      `{"companies": [{"id": "a", "shares": [{"issued": 1}]}], "market": {"prices": {"a": "five"}}}`,
		"stake that is nothing": `{"companies": [{"id": "a", "shares": [{"issued": 1}]}], "stakes": [{"holder": "a", "issuer": "ghost"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := crossholding.ReadBook(strings.NewReader(book))
			var in *crossholding.InputError
			require.ErrorAs(t, err, &in)
			require.Len(t, in.Faults, 1, err)
		})
	}
}

func TestCompanyWithoutShares(t *testing.T) {
	a, err := crossholding.New(crossholding.Book{Companies: []crossholding.Company{{ID: "a", Shares: []crossholding.ShareClass{{Issued: "0"}}}}})
	require.NoError(t, err)
	o, err := a.Ownership(t.Context(), crossholding.OwnershipOptions{})
	require.NoError(t, err)
	_, err = o.Owners(t.Context(), "a")
	require.EqualError(t, err, `crossholding: company with shares "a": unknown name`)
	_, err = o.Owners(t.Context(), "b")
	require.EqualError(t, err, `crossholding: company "b": unknown name`)
}

func TestRingErrorIsBounded(t *testing.T) {
	var e crossholding.NoOutsideOwnerError
	for i := range 1000 {
		ring := make([]string, 100)
		for j := range ring {
			ring[j] = fmt.Sprintf("c%d-%d", i, j)
		}
		e.Components = append(e.Components, ring)
	}
	require.Contains(t, e.Error(), "c0-0, c0-1, ")
	require.Contains(t, e.Error(), "c0-19 and 80 more; c1-0")
	require.Contains(t, e.Error(), "; 980 more components: companies that nobody outside owns")
	require.Less(t, len(e.Error()), 10_000)
}

func TestEqualHoldingsSaySo(t *testing.T) {
	shares := []crossholding.ShareClass{{Issued: "100"}}
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Country: "FR", Shares: shares}, {ID: "b", Country: "FR", Shares: shares}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "12"}, {Holder: "b", Issuer: "a", Shares: "12"}},
	})
	require.NoError(t, err)
	v, err := a.Votes(t.Context(), crossholding.VotingOptions{})
	require.NoError(t, err)
	n, err := v.Of("a", "b")
	require.NoError(t, err)
	require.Equal(t, "10", n.Exercisable.String())
	require.Contains(t, n.Reasons[0].Because(), "of equal ones what is above the limit")
}
