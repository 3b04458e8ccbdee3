package booktest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

// Banded is a chain as the British register of people with significant control
// would show it: bands for people, bands for companies.
func Banded() crossholding.Book {
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "Holdings"}, {ID: "Trading"}},
		Parties:   []crossholding.Party{{ID: "Ada"}, {ID: "Ben"}},
		Stakes: []crossholding.Stake{
			{Holder: "Ada", Issuer: "Holdings", Between: "more than 50% but less than 75%"},
			{Holder: "Ben", Issuer: "Holdings", Between: "more than 25% but not more than 50%"},
			{Holder: "Holdings", Issuer: "Trading", Between: "more than 25% but not more than 50%"},
			{Holder: "Ada", Issuer: "Trading", Percent: "20"},
		},
	}
}

// RequireBandsErrors requires that every question of the alliance of [Banded] fails with
// the stakes that are known within bounds only.
func RequireBandsErrors(t testing.TB, asks map[string]func() error) {
	t.Helper()
	for name, ask := range asks {
		err := ask()
		var e *crossholding.BandsError
		require.ErrorAs(t, err, &e, name)
		require.ErrorIs(t, err, crossholding.ErrBands, name)
		require.Len(t, e.Stakes, 3, name)
		require.Contains(t, err.Error(), "Ada in Holdings (ordinary): (50%,75%)", name)
	}
}
