package scenario_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding/scenario"
)

// Every scenario of the worked cases comes back from encoding/json, with all of its keys.
func TestStepsComeBackFromJSON(t *testing.T) {
	read := 0
	for _, c := range stepCases(t) {
		s, err := scenario.Read(bytes.NewReader(c.Scenario))
		if err != nil {
			continue // a case of a file with faults
		}
		read++
		text, err := json.Marshal(s)
		require.NoError(t, err, c.Name)
		var back scenario.Scenario
		require.NoError(t, json.Unmarshal(text, &back), c.Name)
		require.Equal(t, s, back, c.Name)
	}
	require.Greater(t, read, 80)
}

func TestCostShareJSON(t *testing.T) {
	for text, want := range map[string]scenario.CostShare{
		`"25%"`: {"": "25%"}, `""`: {"": ""}, `{"x":"40%","y":"60%"}`: {"x": "40%", "y": "60%"}, `{}`: {}, `null`: {"old": "1%"},
	} {
		got := scenario.CostShare{"old": "1%"}
		require.NoError(t, json.Unmarshal([]byte(text), &got), text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{`25`, `["25%"]`, `{"x":1}`, `true`} {
		var got scenario.CostShare
		require.Error(t, json.Unmarshal([]byte(text), &got), text)
	}
}
