package register

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseCount(t *testing.T) {
	for s, want := range map[string]int64{
		"": -1, "0": 0, "007": 7, "100": 100, "999999999999999999": 999999999999999999, "1000000000000000000": -1,
		"-1": -1, "+1": -1, "1.0": -1, "1e3": -1, " 1": -1, "/": -1, ":": -1,
	} {
		checkCount(t, s, want)
	}
	for n := 1; n <= 18; n++ {
		digits := "918273645546372819"[:n]
		want, err := strconv.ParseInt(digits, 10, 64)
		require.NoError(t, err)
		checkCount(t, digits, want)
		for i := range n {
			for _, c := range []byte("\x00 -./:,\n\xb0\xff") {
				checkCount(t, digits[:i]+string([]byte{c})+digits[i+1:], -1)
			}
		}
	}
}

// checkCount checks what a text is as a count, or -1 if it is none, whatever follows it in memory.
func checkCount(t *testing.T, s string, want int64) {
	t.Helper()
	for _, follows := range []string{"", ",", "\n1234567", "0123456789", "\xff\xff\xff\xff\xff\xff\xff\xff"} {
		all := append(make([]byte, 0, len(s)+len(follows)), s+follows...)
		n, ok := parseCount(all[:len(s)])
		require.Equal(t, want >= 0, ok, "%q %q", s, follows)
		if ok {
			require.Equal(t, want, n, "%q %q", s, follows)
		}
	}
}
