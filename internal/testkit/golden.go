package testkit

import (
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// A package whose tests do not import testkit has no flag -update, and go test fails
// there if it is given.
var update = flag.Bool("update", false, "write the golden files anew")

// Golden requires that a file has the text got. With the flag -update it writes the
// file first.
func Golden(t testing.TB, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "%s is out of date: run the test with -update and look at what changes", file)
}
