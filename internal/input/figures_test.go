package input_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/input"
)

func TestIsCurrency(t *testing.T) {
	for code, want := range map[string]bool{
		"JPY": true, "XXX": true, "AAA": true, "ZZZ": true,
		"": false, "JP": false, "JPYY": false, "jpy": false, "JP1": false, "JP ": false, "JPY\n": false, "€": false, "JÖY": false,
	} {
		require.Equal(t, want, input.IsCurrency(code), "%q", code)
	}
}
