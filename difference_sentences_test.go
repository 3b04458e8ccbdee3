package crossholding_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/scenario"
)

// In 2023 a trust took over 28.4% of Nissan, and Nissan's shares in Renault got
// their votes back.
func ExampleDifferences_Sentences() {
	ctx := context.Background()
	out := rebalanced()
	diff, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
	check(err)
	for _, sentence := range diff.Sentences(out.After.Name) {
		fmt.Println(sentence)
	}
	// Output: 88,716,686 votes of Nissan Finance in Renault SA are no longer suspended (C. com., art. L.233-31, L.233-3)
}

// A suspension that begins, one that ends, and control in words, in both directions.
func TestDifferencesOfSuspendedVotes(t *testing.T) {
	a := lawAlliance(t, "x FR; y BE; p; x>y 30; p>y 25; y>x 10")
	step := scenario.Step{Step: scenario.StepTrade, From: "p", To: "x", Issuer: "y", Shares: "25"}
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{step}})
	require.NoError(t, err)
	diff, err := out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Len(t, diff.Suspended, 1)
	require.Equal(t, []string{"y", "x", "FR-233-31", "10"},
		[]string{diff.Suspended[0].Holder, diff.Suspended[0].Issuer, diff.Suspended[0].Rule, diff.Suspended[0].Votes.String()})
	require.Empty(t, diff.Restored)
	sentences := diff.Sentences(nil)
	require.Contains(t, sentences, "x gains control of y")
	require.Contains(t, sentences[1], "10 votes of y in x are suspended from now on: x controls y")

	back := scenario.Step{Step: scenario.StepTrade, From: "x", To: "p", Issuer: "y", Shares: "25"}
	out, err = scenario.Run(t.Context(), out.After, scenario.Scenario{Steps: []scenario.Step{back}})
	require.NoError(t, err)
	diff, err = out.Before.Differences(t.Context(), out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	require.Empty(t, diff.Suspended)
	require.Equal(t, []string{"x loses control of y", "10 votes of y in x are no longer suspended (C. com., art. L.233-31, L.233-3)"}, diff.Sentences(nil))
}
