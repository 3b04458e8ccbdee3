package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// README.md shows parts of the story as they are written, with "..." between them.
func TestStoryInReadme(t *testing.T) {
	root := filepath.Join("..", "..")
	var story strings.Builder
	require.NoError(t, tell(t.Context(), filepath.Join(root, "testdata", "alliance"), &story))
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(readme), "## The case it was built on")
	require.True(t, ok)
	_, rest, ok = strings.Cut(rest, "```\n")
	require.True(t, ok)
	shown, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	for part := range strings.SplitSeq(shown, "...\n") {
		require.Contains(t, story.String(), part)
	}
}
