package whatif_test

import (
	"cmp"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// Every number of every kind of step can be open. With the number that stands in the step, the
// scenario has the same end.
func TestEveryNumberCanBeOpen(t *testing.T) {
	tried := map[string]int{}
	for _, c := range workedCases(t) {
		if c.fails {
			continue
		}
		out, err := scenario.Run(t.Context(), c.book, c.scenario)
		require.NoError(t, err, c.name)
		var figures []whatif.Figure
		var want []string
		for _, s := range out.After.Book().Stakes {
			f := figure(whatif.Shares, s.Holder, s.Issuer)
			r, err := f.At(t.Context(), out.After, whatif.Options{})
			require.NoError(t, err, c.name)
			figures, want = append(figures, f), append(want, r.String())
		}
		if len(figures) == 0 {
			continue
		}
		for i, step := range c.scenario.Steps {
			for key, number := range openKeys(t, step) {
				axis := whatif.Axis{Open: whatif.Open{Step: i, Key: key}, Values: []ratio.Ratio{number}}
				for cell, err := range whatif.Sweep(t.Context(), c.book, whatif.Grid{Steps: c.scenario.Steps, Axes: []whatif.Axis{axis}, Figures: figures}, whatif.Options{}) {
					require.NoError(t, err, "%s %s", c.name, axis.Open)
					require.NoError(t, cell.Reason, "%s %s", c.name, axis.Open)
					var got []string
					for _, r := range cell.Figures {
						got = append(got, r.String())
					}
					require.Equal(t, want, got, "%s %s", c.name, axis.Open)
				}
				tried[key]++
			}
		}
	}
	for _, key := range []string{"shares", "percent", "price", "keep", "cost_share", "cash", "per_share", "total"} {
		require.NotZero(t, tried[key], key)
	}
}

// Fractions are open in steps of a hundredth of a percentage point, up to all.
func TestSolveFractions(t *testing.T) {
	a := booktest.New(t, crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Shares: []crossholding.ShareClass{{Issued: "10000"}}}},
		Parties:   []crossholding.Party{{ID: "a"}, {ID: "b"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Shares: "6000"}},
	})
	for _, tt := range []struct {
		name, key, min, amount string
		step                   scenario.Step
		goal                   whatif.Goal
		greatest               bool
	}{
		{"down to", "down_to", "0", "0.3333", scenario.Step{Step: "trade", From: "a", To: "b", Issuer: "x"}, whatif.Goal{Figure: figure(whatif.Shares, "a", "x"), Is: whatif.AtMost, Limit: ratio.Int(3333)}, true},
		{"up to all", "up_to", "0.4", "1", scenario.Step{Step: "trade", From: "a", To: "float:x", Issuer: "x"}, whatif.Goal{Figure: figure(whatif.Shares, "a", "x"), Is: whatif.AtMost, Limit: ratio.Int(0)}, false},
		{"percent", "percent", "0", "26.67", scenario.Step{Step: "trade", From: "a", To: "b", Issuer: "x"}, whatif.Goal{Figure: figure(whatif.Shares, "a", "x"), Is: whatif.AtMost, Limit: ratio.Int(3333)}, false},
		{"a percentage of what is due", "takes.a", "0.001", "0.4002", scenario.Step{Step: "rights", Issuer: "x", Ratio: "1:1", Price: "1 EUR", Takes: map[string]string{"a": "5%"}}, whatif.Goal{Figure: figure(whatif.Shares, "a", "x"), Is: whatif.MoreThan, Limit: ratio.Int(8400)}, false},
		{"a number of what is due", "takes.a", "1", "2401", scenario.Step{Step: "rights", Issuer: "x", Ratio: "1:1", Price: "1 EUR", Takes: map[string]string{"a": "5"}}, whatif.Goal{Figure: figure(whatif.Shares, "a", "x"), Is: whatif.MoreThan, Limit: ratio.Int(8400)}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := whatif.Solve(t.Context(), a, tt.goal, whatif.Lever{Steps: steps(tt.step), Open: whatif.Open{Key: tt.key}, Min: ratio.MustParse(tt.min), Greatest: tt.greatest}, whatif.Options{})
			require.NoError(t, err)
			booktest.RequireRatio(t, tt.amount, s.Amount)
		})
	}
}

// A step after those that never change fails as it does in the whole scenario.
func TestRunnerErrors(t *testing.T) {
	b := booktest.Book(t, "a 60 x", "b 20 x")
	b.AsOf = "2020-01-01"
	b.Rights = []crossholding.Right{{ID: "o", Kind: "option", Holder: "a", Issuer: "x", Shares: "5", Price: "1 EUR", To: "2020-02-01"}}
	a := booktest.New(t, b)
	for _, last := range []scenario.Step{
		{Step: "exercise", ID: "o", Shares: "1"}, {Step: "exercise", ID: "p", Shares: "1"}, {Step: "trade", From: "c", To: "a", Issuer: "x", Shares: "1"},
		{Step: "trade", From: "b", To: "a", Issuer: "x", Shares: "21"}, {Step: "pay", From: "a", To: "b", Amount: "1 EUR"},
	} {
		list := steps(scenario.Step{Step: "pay", From: "a", To: "b", Amount: "1 EUR"}, scenario.Step{Step: "advance_date", Date: "2020-03-01"}, last)
		_, want := scenario.Run(t.Context(), a, scenario.Scenario{Steps: list})
		key := "shares"
		if last.Step == "pay" {
			key = "amount"
		}
		grid := whatif.Grid{Steps: list, Axes: []whatif.Axis{{Open: whatif.Open{Step: 2, Key: key}, Values: []ratio.Ratio{ratio.MustParse(string(cmp.Or(last.Shares, "1")))}}}, Figures: []whatif.Figure{figure(whatif.Capital, "a", "x")}}
		for c, err := range whatif.Sweep(t.Context(), a, grid, whatif.Options{}) {
			require.NoError(t, err)
			if want == nil {
				require.NoError(t, c.Reason)
				continue
			}
			require.EqualError(t, c.Reason, strings.Replace(want.Error(), "scenario: ", "whatif: ", 1))
			for _, kind := range []error{crossholding.ErrUnknown, crossholding.ErrDate, crossholding.ErrNotEnough, scenario.ErrStep} {
				require.Equal(t, errors.Is(want, kind), errors.Is(c.Reason, kind))
			}
		}
	}
}
