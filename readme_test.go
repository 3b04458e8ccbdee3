package crossholding_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// ExampleNew_readme is the program of README.md's first screen.
func ExampleNew_readme() {
	ctx := context.Background()
	a := must(crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "renault", Country: "FR"}, {ID: "nissan", Country: "JP"}},
		Stakes:    []crossholding.Stake{{Holder: "renault", Issuer: "nissan", Percent: "43.4"}, {Holder: "nissan", Issuer: "renault", Percent: "15"}},
	}))
	o := must(a.Ownership(ctx, crossholding.OwnershipOptions{}))
	public := must(o.Integrated(ctx, crossholding.FloatOf("renault"), "nissan"))
	fmt.Printf("Renault's public owns %s%% of Nissan, exactly %s\n", public.Percent(4), public)
	v := must(a.Votes(ctx, crossholding.VotingOptions{}))
	nissan := must(v.Of("nissan", "renault"))
	fmt.Printf("Nissan casts %s%% of the votes in Renault\n", nissan.FreeShare.Percent(2))
	for _, r := range nissan.Reasons {
		fmt.Println(r)
	}
	// Output:
	// Renault's public owns 39.4588% of Nissan, exactly 3689/9349
	// Nissan casts 0% of the votes in Renault
	// 15 votes of nissan in renault do not count: renault controls nissan: renault casts 43.4 of 100 votes in nissan (43.4%), more than 40% and nobody else has as many (C. com., art. L.233-31, L.233-3)
}

// ExampleNew_csv is README.md's way from a table of percentages to an alliance.
func ExampleNew_csv() {
	file := strings.NewReader("ines,holding,60\nholding,works,55\nworks,holding,10\n")
	rows := csv.NewReader(file) // holder, issuer, percent
	rows.FieldsPerRecord = 3
	var b crossholding.Book
	ids := map[string]bool{}
	for _, row := range must(rows.ReadAll()) {
		b.Stakes = append(b.Stakes, crossholding.Stake{Holder: row[0], Issuer: row[1], Percent: ratio.Number(row[2])})
		ids[row[0]], ids[row[1]] = true, true
	}
	for id := range ids {
		b.Companies = append(b.Companies, crossholding.Company{ID: id, Country: "FR"})
	}
	a := must(crossholding.New(b))
	c := must(a.Control(context.Background(), crossholding.ControlOptions{}))
	fmt.Println(must(c.Why(context.Background(), "ines", "works")))
	// Output: ines controls works: ines casts 60 of 90 votes in holding (66.67%); holding casts 55 of 100 votes in works (55%)
}

func must[T any](v T, err error) T {
	check(err)
	return v
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

// The README shows what runs: the programs of this file with their output, and a
// book that is sound. The test of examples/rebalancing looks at the story.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	source, err := os.ReadFile("readme_test.go")
	require.NoError(t, err)
	for _, heading := range []string{"# crossholding", "### From a CSV file"} {
		shown := strings.ReplaceAll(strings.TrimSpace(block(t, readme, heading, "go")), "\n", "\n\t")
		require.Contains(t, string(source), shown)
	}
	output := strings.TrimSpace(block(t, readme, "It prints", ""))
	require.Contains(t, string(source), "// Output:\n\t// "+strings.ReplaceAll(output, "\n", "\n\t// "))

	a, err := crossholding.ReadBook(strings.NewReader(block(t, readme, "### In JSON", "json")))
	require.NoError(t, err)
	require.Empty(t, a.Warnings())
}
