package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// priced has prices, lots and a step that drops cost.
const priced = `{"as_of": "2024-01-02", "companies": [{"id": "x", "currency": "EUR", "shares": [{"issued": 1000}]}], "parties": [{"id": "h"}, {"id": "k"}],
	"stakes": [{"holder": "h", "issuer": "x", "shares": 300, "lots": [{"date": "2020-01-02", "shares": 300, "price": "2 EUR"}]}, {"holder": "k", "issuer": "x", "shares": 250}],
	"market": {"currency": "EUR", "prices": {"x": "5 EUR"}}}`

// The questions that a file can ask, each with what the command prints and what --json has.
func TestQuestions(t *testing.T) {
	const buy = `{"step": "trade", "from": "float:x", "to": "h", "issuer": "x"}`
	for _, tt := range []struct {
		name, question, json string
		says                 []string
	}{
		{"goal", `{"goal": {"figure": "capital", "holder": "h", "issuer": "x", "is": "at least", "limit": 0.3333}, "lever": {"steps": [` + buy + `], "unit": 5}}`, "amount",
			[]string{"steps[0].shares = 35 (trade of x from float:x to h): the figure is 0.335; at 30 it is 0.33"}},
		{"acquisition", `{"acquisition": {"buyer": "h", "targets": ["x"]}}`, "purchases",
			[]string{"h controls x by buying 201 shares of x from ", "for 1,005 EUR: 1,005 EUR, and nothing cheaper does\n  without the shares of x from "}},
		{"grid", `{"grid": {"steps": [` + buy + `], "axes": [{"values": [1, "200", 500]}], "figures": [{"figure": "shares", "holder": "h", "issuer": "x"}, {"figure": "value", "holder": "h"}]}}`, "cells",
			[]string{"steps[0].shares = 1: shares of h in x is 301; value of h is 1,505\n", "= 200: shares of h in x is 500;", "= 500: steps[0] (trade): float:x has 450"}},
		{"simulation", `{"simulation": {"factors": [{"key": "prices.x", "volatility": 0.3}], "goals": [{"figure": "value", "holder": "h", "is": "at least", "limit": 1500}],
			"figures": [{"figure": "value_over_cost", "holder": "h", "issuer": "x"}, {"figure": "gain", "holder": "h"}], "seed": 1, "draws": 4000}}`, "estimates",
			[]string{"value of h is at least 1500 in "}},
		{"history", `{"period": {"figure": {"figure": "capital", "holder": "h", "issuer": "x"}, "from": "2024-01-02", "to": "2024-12-31"},
			"history": {"steps": [{"step": "trade", "date": "2024-02-01", "from": "h", "to": "k", "issuer": "x", "percent": 10}, {"step": "trade", "date": "2024-03-01", "from": "float:x", "to": "h", "issuer": "x", "percent": 4}]}}`, "parts",
			[]string{"capital of h in x: 0.3 on 2024-01-02, 0.24 on 2024-12-31\n  2024-02-01 -0.1 by trade\n  2024-03-01 +0.04 by trade\n"}},
		{"dropped cost", `{"steps": [{"step": "buyback", "from": "h", "issuer": "x", "shares": 10, "cancel": true}]}`, "dropped",
			[]string{"Cost dropped without a sale\n  step 1: h on 10 shares of x: 20 EUR\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "question.json")
			require.NoError(t, os.WriteFile(name, []byte(tt.question), 0o600))
			code, out, errs := try(t, priced, "whatif", "-", name)
			require.Zero(t, code, errs)
			for _, says := range tt.says {
				require.Contains(t, out, says)
			}
			code, out, errs = try(t, priced, "whatif", "--json", "-", name)
			require.Zero(t, code, errs)
			var form map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(out), &form))
			require.NotEmpty(t, form[tt.json])
			require.NotEqual(t, "[]", string(form[tt.json]))
		})
	}
}

// The questions of the help are answered as they are written.
func TestQuestionsOfHelp(t *testing.T) {
	long := whatifCommand().Long
	asked := 0
	for _, part := range strings.Split(long, "\n\n") {
		if !strings.HasPrefix(strings.TrimSpace(part), "{") {
			continue
		}
		asked++
		book := before
		if strings.Contains(part, "simulation") {
			book = "../../testdata/alliance/2024-11-29.json" // with prices
		}
		code, out, errs := try(t, part, "whatif", book, "-")
		require.Zero(t, code, errs)
		require.NotEmpty(t, out)
	}
	require.Equal(t, 6, asked)
}
