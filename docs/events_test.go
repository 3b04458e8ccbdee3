package docs_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/scenario"
)

// eventBlocks finds the steps of an event and the text below them.
var eventBlocks = regexp.MustCompile("(?s)```json\n([^`]*)\n```\n\n```text\n[^`]*```")

// TestEvents runs the steps of every event of EVENTS.md on the book of the page, and requires
// that the page shows what they do.
func TestEvents(t *testing.T) {
	text, err := os.ReadFile("EVENTS.md")
	require.NoError(t, err)
	page := string(text)
	_, rest, _ := strings.Cut(page, "```json\n")
	book, _, _ := strings.Cut(rest, "```")
	a, err := crossholding.ReadBook(strings.NewReader(book))
	require.NoError(t, err)
	events := 0
	shown := eventBlocks.ReplaceAllStringFunc(page, func(block string) string {
		events++
		steps := eventBlocks.FindStringSubmatch(block)[1]
		return fmt.Sprintf("```json\n%s\n```\n\n```text\n%s```", steps, happened(t, a, steps))
	})
	require.Equal(t, 29+11, events)
	testkit.Golden(t, "EVENTS.md", shown)
}

// happened runs steps, each on its own line, and returns what they did.
func happened(t *testing.T, a *crossholding.Alliance, steps string) string {
	t.Helper()
	s, err := scenario.Read(strings.NewReader(`{"steps": [` + strings.ReplaceAll(steps, "}\n{", "},\n{") + "]}"))
	require.NoError(t, err, steps)
	out, err := scenario.Run(t.Context(), a, s)
	require.NoError(t, err, steps)
	var b strings.Builder
	for _, step := range out.Steps {
		fmt.Fprintln(&b, step)
		for _, p := range step.Postings {
			fmt.Fprintln(&b, "  "+p.String())
		}
	}
	for _, g := range out.Gains {
		if g.Unknown == nil {
			fmt.Fprintf(&b, "%s gains %s on %s shares\n", g.Holder, g.Gain, g.Shares.GroupedDecimal(6))
		}
	}
	for _, d := range out.Dropped {
		fmt.Fprintf(&b, "%s loses the cost of %s shares, %s\n", d.Holder, d.Shares.GroupedDecimal(6), d.Cost)
	}
	return b.String()
}
