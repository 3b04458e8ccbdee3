package jsonline_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/format/internal/jsonline"
)

// The context is looked at by the lines that are given: blank lines between them change
// nothing.
func TestEachEnds(t *testing.T) {
	for name, line := range map[string]string{"each line": "{}\n", "odd lines": "{}\n\n", "even lines": "\n{}\n"} {
		ctx, cancel := context.WithCancel(t.Context())
		given := 0
		_, err := jsonline.Each(ctx, strings.NewReader(strings.Repeat(line, 10_000)), "test", func(int, []byte, error) {
			if given++; given == 100 {
				cancel()
			}
		})
		require.ErrorIs(t, err, context.Canceled, name)
		require.Equal(t, 1024, given, name)
	}
}
