package scenario_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/scenario"
)

// TestEveryKindIsMade: the kinds of steps that can be checked and made are those that the package
// declares.
func TestEveryKindIsMade(t *testing.T) {
	declared := testkit.Constants[scenario.StepKind](t, "step.go", "StepKind")
	require.NotEmpty(t, declared)
	require.Equal(t, declared, scenario.StepKinds())
}
