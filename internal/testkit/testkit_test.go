package testkit_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
)

func TestSwitch(t *testing.T) {
	for value, long := range map[string]bool{"": false, "0": false, "1": true, "true": true} {
		t.Setenv("CROSSHOLDING_LONG", value)
		require.Equal(t, long, testkit.Long(), "%q", value)
		ran := false
		t.Run("large", func(t *testing.T) {
			testkit.SkipUnlessLong(t)
			ran = true
		})
		require.Equal(t, long, ran, "%q", value)
	}
}

func TestSize(t *testing.T) {
	t.Setenv("CROSSHOLDING_LONG", "")
	require.Equal(t, 10, testkit.Size(10, 200))
	t.Setenv("CROSSHOLDING_LONG", "1")
	require.Equal(t, 200, testkit.Size(10, 200))
}

func TestCases(t *testing.T) {
	t.Setenv("CROSSHOLDING_LONG", "")
	few := map[int]int{0: 0, 1: 1, 9: 1, 10: 1, 11: 2, 2400: 240}
	if testkit.Slowdown > 1 {
		few = map[int]int{0: 0, 1: 1, 20: 1, 21: 2, 2400: 120}
	}
	for n, want := range few {
		require.Equal(t, want, testkit.Cases(n))
	}
	t.Setenv("CROSSHOLDING_LONG", "1")
	require.Equal(t, 2400, testkit.Cases(2400))
}
