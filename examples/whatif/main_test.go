package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestQuestions(t *testing.T) {
	root := filepath.Join("..", "..")
	var out strings.Builder
	require.NoError(t, run(t.Context(), root, "questions.json", false, &out))
	for _, figures := range []string{
		"  10,453,571 shares, in units of 1\n",
		"99,170,258 of 396,681,029 votes",
		"  155,111,000 shares, in units of 100\n",
		"1,676,726,127 of 4,191,815,112 votes",
		"  1,198,729,700 shares, in units of 100\n",
		"exactly at the limit with 1,198,729,760.2\n",
		"  1,410,270,300 shares, in units of 100\n",
		"exactly at the limit with 1,410,270,306.1176\n",
	} {
		require.Contains(t, out.String(), figures)
	}
	out.Reset()
	require.NoError(t, run(t.Context(), root, "questions.json", true, &out))
	require.Equal(t, 4, strings.Count(out.String(), "\n"))
	require.Contains(t, out.String(), `"amount":"10453571"`)
}

// TestSpinOffs pins the figures of two public reports: one of a broker, and issue 933 of
// cgt-calc/capital-gains-calculator.
func TestSpinOffs(t *testing.T) {
	var out strings.Builder
	require.NoError(t, spinOffs(t.Context(), &out))
	require.Equal(t, `94 shares bought at €21.20, 0.241917 new ones for each
  22.740198 due, 22 delivered, 13.18 EUR paid for the rest
  cost left 1604.62 EUR (80.5207%), moved to the new shares 388.18 EUR (19.4793%)

10 shares bought at $10 when a dollar was half a pound, 5 sold at $60, then 10% of the cost goes to new shares
  gain of the sale 250 USD
  cost left 45 USD (90%), moved to the new shares 5 USD (10%)
  cost left 22.5 GBP (90%), moved to the new shares 2.5 GBP (10%)
`, out.String())
}

func TestBadQuestions(t *testing.T) {
	for _, tt := range []struct{ name, text, says string }{
		{"no list", `{}`, "cannot unmarshal"},
		{"unknown key", `[{"answer": 42}]`, `unknown field "answer"`},
		{"no book", `[{"book": "none.json"}]`, "none.json"},
		{"no goal", `[{"book": "testdata/alliance/before.json"}]`, "question 1: whatif: goal: a figure without a kind"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "questions.json")
			require.NoError(t, os.WriteFile(name, []byte(tt.text), 0o600))
			require.ErrorContains(t, run(t.Context(), filepath.Join("..", ".."), name, false, &strings.Builder{}), tt.says)
		})
	}
}
