package crossholding_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
)

// Results have names in snake case in JSON, as books have, and no null for a list.
func TestResultsAsJSON(t *testing.T) {
	ctx := t.Context()
	a := readBook(t, "before")
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	require.NoError(t, err)
	count, err := v.Of("nissan-finance", "renault")
	require.NoError(t, err)
	meeting, err := v.Meeting("renault")
	require.NoError(t, err)
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	yes, err := c.Why(ctx, "nissan", "nissan-finance")
	require.NoError(t, err)
	no, err := c.Why(ctx, "renault", "nissan")
	require.NoError(t, err)
	o, err := a.Ownership(ctx, crossholding.OwnershipOptions{})
	require.NoError(t, err)
	owners, err := o.Owners(ctx, "nissan")
	require.NoError(t, err)
	why, err := o.Explain(ctx, "french-state", "nissan")
	require.NoError(t, err)
	diagnosis, err := a.Diagnose(ctx)
	require.NoError(t, err)
	resolutions, err := v.Resolutions(ctx, "nissan")
	require.NoError(t, err)
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	require.NoError(t, err)
	stake, err := val.Stake("renault", "nissan")
	require.NoError(t, err)
	portfolio, err := val.Portfolio("renault")
	require.NoError(t, err)
	out := story(t)
	diff, err := out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})
	require.NoError(t, err)
	key := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for _, result := range []any{count, meeting, yes, no, owners, why, diagnosis, resolutions, stake, portfolio, diff, out.Steps, out.Cash, out.Gains, a.Warnings()} {
		name := reflect.TypeOf(result).String()
		text, err := json.Marshal(result)
		require.NoError(t, err, name)
		require.NotContains(t, string(text), ":null", name)
		var back any
		require.NoError(t, json.Unmarshal(text, &back))
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				for k, x := range v {
					require.Regexp(t, key, k, name)
					if k != "prices" && k != "fx" { // their keys are companies and currencies
						walk(x)
					}
				}
			case []any:
				for _, x := range v {
					walk(x)
				}
			}
		}
		walk(back)
	}
}

// A stake's worth shows in JSON: in the smallest unit, and exactly beside it.
func ExampleStakeValue_MarshalJSON() {
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "stock", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "1000"}}}},
		Parties:   []crossholding.Party{{ID: "ann"}},
		Stakes: []crossholding.Stake{{Holder: "ann", Issuer: "stock", Shares: "30",
			Lots: []crossholding.Lot{{Date: "2020-01-02", Shares: "30", Price: "10", Currency: "EUR"}}}},
		Market: &crossholding.Market{Currency: "EUR", Prices: map[string]string{"stock": "12.345 EUR"}},
	})
	check(err)
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	check(err)
	stake, err := v.Stake("ann", "stock")
	check(err)
	text, err := json.Marshal(stake)
	check(err)
	fmt.Println(string(text))
	// Output: {"holder":"ann","issuer":"stock","currency":"EUR","shares":"30","covered":"30","paid":[{"amount":"300","currency":"EUR"}],"value":{"amount":"370.35","exact":"370.35"},"cost":{"amount":"300.00","exact":"300"},"gain":{"amount":"70.35","exact":"70.35"}}
}

// An empty list is [] in an answer: nothing is null, and no key is left out.
func TestEmptyListsAsJSON(t *testing.T) {
	ctx := t.Context()
	a := booktest.New(t, booktest.Percents([3]string{"p", "x", "40"}, [3]string{"q", "y", "40"}))
	v, err := a.Votes(ctx, crossholding.VotingOptions{})
	require.NoError(t, err)
	c, err := a.Control(ctx, crossholding.ControlOptions{})
	require.NoError(t, err)
	b, err := a.Bounds(ctx, crossholding.BoundsOptions{})
	require.NoError(t, err)
	out, err := scenario.Run(ctx, a, scenario.Scenario{})
	require.NoError(t, err)
	val, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	require.NoError(t, err)
	json := func(v any, err error) string {
		t.Helper()
		require.NoError(t, err)
		text, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(text), "null")
		return string(text)
	}
	for _, tc := range []struct {
		text string
		keys []string
	}{
		{json(a.Diagnose(ctx)), []string{"unowned", "no_float", "no_earnings", "components"}},
		{json(v.Of("p", "x")), []string{"reasons", "doubtful"}},
		{json(v.Of("x", "x")), []string{"reasons", "doubtful"}},
		{json(v.Of(crossholding.FloatOf("x"), "x")), []string{"reasons", "doubtful"}},
		{json(v.Of(crossholding.FloatOf("x"), "y")), []string{"reasons", "doubtful"}},
		{json(slices.Collect(v.Rows()), nil), []string{"reasons", "doubtful"}},
		{json(v.Resolutions(ctx, "x")), []string{"with", "passes_with", "blocks_with"}},
		{json(c.Why(ctx, "p", "x")), []string{"held_by_others", "steps"}},
		{json(b.Controls(ctx, "p", "x")), []string{"yes", "no"}},
		{json(out.Before.Differences(ctx, out.After, crossholding.ControlOptions{})), []string{"figures", "suspended", "restored", "gained", "lost", "values"}},
		{json(val.Stake("p", "x")), []string{"paid"}},
		{json(val.Portfolio("x")), []string{"stakes"}},
	} {
		for _, key := range tc.keys {
			require.Contains(t, tc.text, `"`+key+`":[]`)
		}
	}
}
