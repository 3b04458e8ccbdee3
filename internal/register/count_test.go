package register

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseCount(t *testing.T) {
	for s, want := range map[string]int64{
		"": -1, "0": 0, "007": 7, "100": 100, "999999999999999999": 999999999999999999, "1000000000000000000": -1,
		"-1": -1, "+1": -1, "1.0": -1, "1e3": -1, " 1": -1, "/": -1, ":": -1,
	} {
		n, ok := parseCount([]byte(s))
		require.Equal(t, want >= 0, ok, s)
		if ok {
			require.Equal(t, want, n)
		}
	}
}
