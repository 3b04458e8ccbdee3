package inspect

import (
	"testing"

	"github.com/crossholding/crossholding/ratio"
	"github.com/stretchr/testify/require"
)

// An endless decimal is written to 12 places, and every other figure in full.
func TestExact(t *testing.T) {
	require.Equal(t, "0.333333333333", exact(ratio.MustParse("1/3")))
	require.Equal(t, "237361872736.04", exact(ratio.MustParse("237361872736.04")))
}
