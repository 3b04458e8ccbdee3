package iso3166_test

import (
	"testing"

	"github.com/crossholding/crossholding/internal/iso3166"
	"github.com/stretchr/testify/require"
)

func TestValid(t *testing.T) {
	for code, want := range map[string]bool{
		"DE": true, "US-DE": true, "JP": true, "XK": true, "GB-ENG": true, "AD": true, "ZW": true,
		"": false, "D": false, "de": false, "XX": false, "US-": false, "US-DELA": false, "USA": false, "E D": false,
	} {
		require.Equal(t, want, iso3166.Valid(code), code)
	}
}
