package scenario_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
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

// TestReadTellsAllFaults: a key that no step has does not hide what else is wrong. Of a file that ends
// too early nothing else is told.
func TestReadTellsAllFaults(t *testing.T) {
	for file, want := range map[string]string{
		`{"steps": [{"step": "split", "issuer": "x", "ratio": "2", "foo": 1}, {"step": "splt"}]}`: "crossholding: steps[0].foo: unknown key\n" +
			"steps[0].ratio: ratio \"2\" is not of the form new:old, such as \"2:1\"\nsteps[1].step: \"splt\" is not trade, entrust, release, buyback, cancel, issue, agree, end_agreement, " +
			"advance_date, reprice, restate, split, convert, found, distribute, spin_off, merge, rights, dividend, offer, exercise, grant, " +
			"lapse, liquidate, class, amend, pay, assert or retract",
		`{"steps": [{"step": "split", "issuer":`: "crossholding: not JSON: unexpected EOF",
	} {
		_, err := scenario.Read(strings.NewReader(file))
		require.EqualError(t, err, want)
	}
}

// A gain that is not known says why in JSON, and is not 0.
func TestGainsAsJSON(t *testing.T) {
	one := crossholding.Money{Amount: ratio.Int(1), Currency: "EUR"}
	text, err := json.Marshal(scenario.Gain{Holder: "h", Issuer: "x", Shares: ratio.Int(2), Proceeds: one, Unknown: crossholding.ErrNoCost})
	require.NoError(t, err)
	require.JSONEq(t, `{"step":0,"holder":"h","issuer":"x","class":"","lot":"","shares":"2","proceeds":{"amount":"1","currency":"EUR"},"unknown":"`+crossholding.ErrNoCost.Error()+`"}`, string(text))
	text, err = json.Marshal(scenario.Gain{Holder: "h", Issuer: "x", Proceeds: one, Cost: one, Gain: crossholding.Money{Currency: "EUR"}})
	require.NoError(t, err)
	require.Contains(t, string(text), `"gain":{"amount":"0","currency":"EUR"}`)
	require.NotContains(t, string(text), "unknown")
}
