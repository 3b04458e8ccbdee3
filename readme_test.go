package crossholding_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
)

// ExampleNew_readme is the program of README.md's first screen.
func ExampleNew_readme() {
	ctx := context.Background()
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "renault", Country: "FR"}, {ID: "nissan", Country: "JP"}},
		Stakes:    []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}, {Holder: "nissan", Issuer: "renault", Percent: "15"}},
	})
	check(err)
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	check(err)
	public, err := o.Integrated(ctx, "float:renault", "nissan")
	check(err)
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	check(err)
	n, err := v.Of("nissan", "renault")
	check(err)
	fmt.Printf("Renault's public owns %s%% of Nissan, exactly %s\n", public.Percent(4), public)
	fmt.Printf("Nissan votes %s%% of Renault: %s\n", n.FreeShare.Percent(2), n.Reasons[0].Because())
	// Output:
	// Renault's public owns 39.4588% of Nissan, exactly 3689/9349
	// Nissan votes 0% of Renault: renault controls nissan: renault casts 43.4 of 100 votes in nissan (43.4%), more than 40% and nobody else has as many
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// block returns the text between a README's fences after a heading line.
func block(t *testing.T, readme, after, fence string) string {
	t.Helper()
	_, rest, ok := strings.Cut(readme, after)
	require.True(t, ok, after)
	_, rest, ok = strings.Cut(rest, "```"+fence+"\n")
	require.True(t, ok, fence)
	text, _, ok := strings.Cut(rest, "```")
	require.True(t, ok)
	return text
}

// The README shows what runs: the example's lines and output, and the real
// output of the story.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	source, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)

	shown := strings.ReplaceAll(strings.TrimSpace(block(t, readme, "# crossholding", "go")), "\n", "\n\t")
	require.Contains(t, string(source), shown)
	output := strings.TrimSpace(block(t, readme, "It prints", ""))
	require.Contains(t, string(source), "// Output:\n\t// "+strings.ReplaceAll(output, "\n", "\n\t// "))

	cmd := exec.Command("go", "run", "./examples/rebalancing")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	require.NoError(t, cmd.Run(), stderr.String())
	for part := range strings.SplitSeq(block(t, readme, "## The case it was built on", ""), "...\n") {
		require.Contains(t, stdout.String(), part)
	}
}
