package crossholding_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

func bytesOf(t *testing.T, a *crossholding.Alliance) string {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, a.WriteBook(&buf))
	return buf.String()
}
