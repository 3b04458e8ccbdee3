package iso4217_test

import (
	"testing"

	"github.com/crossholding/crossholding/internal/iso4217"
	"github.com/stretchr/testify/require"
)

func TestMinorUnits(t *testing.T) {
	for currency, want := range map[string]int{"EUR": 2, "USD": 2, "JPY": 0, "KRW": 0, "KWD": 3, "CLF": 4, "": 2} {
		require.Equal(t, want, iso4217.MinorUnits(currency), currency)
	}
}
