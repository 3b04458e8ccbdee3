package network_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/network"
	"github.com/crossholding/crossholding/ratio"
)

// measures answers every measure of the whole network for a book and renders the
// answers.
func measures(t *testing.T, a *crossholding.Alliance, company, holder string) []string {
	t.Helper()
	var out []string
	say := func(err error, answers ...any) {
		require.NoError(t, err)
		out = append(out, fmt.Sprint(answers...))
	}
	for _, method := range []network.WeakestLinkMethod{network.WidestChain, network.SumOfChains} {
		u, err := network.WeakestLinks(t.Context(), a, company, network.WeakestLinkOptions{Method: method, CashFlow: true})
		say(err, u)
	}
	for _, model := range []network.ControlModel{network.ModelLinear, network.ModelThreshold, network.ModelThresholdElseLinear, network.ModelRelative} {
		n, err := network.NewControl(t.Context(), a, network.ControlOptions{Model: model})
		require.NoError(t, err)
		rank, err := n.Rank(t.Context())
		say(err, rank)
		h, err := n.Of(t.Context(), holder)
		say(err, h)
	}
	weights, err := network.ProfitWeights(t.Context(), a, map[string]ratio.Ratio{company: ratio.Int(1)}, network.CommonOwnershipOptions{Floats: true})
	say(err, weights.Firms)
	d, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{Default: ratio.MustParse("0.7")})
	require.NoError(t, err)
	largest, err := d.Largest(t.Context(), company)
	say(err, largest.Holder, largest.Controls, largest.ControlsBelow)
	return out
}

func TestMeasuresOnHugeCounts(t *testing.T) { booktest.Answers(measures).HugeCounts(t) }

func TestMeasuresOfARegister(t *testing.T) { booktest.Answers(measures).OfARegister(t) }

func TestMeasuresInOrder(t *testing.T) { booktest.Answers(measures).InOrder(t) }

// TestMeasuresAtOnce asks one value from many goroutines.
func TestMeasuresAtOnce(t *testing.T) {
	a, err := booktest.Renault("2023-11-08")
	require.NoError(t, err)
	n, err := network.NewControl(t.Context(), a, network.ControlOptions{})
	require.NoError(t, err)
	d, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{Default: ratio.MustParse("0.6")})
	require.NoError(t, err)
	answers := make([]string, 8)
	var wait sync.WaitGroup
	for i := range answers {
		wait.Go(func() {
			rank, err1 := n.Rank(t.Context())
			largest, err2 := d.Largest(t.Context(), "renault")
			answers[i] = fmt.Sprint(rank, largest, err1, err2)
		})
	}
	wait.Wait()
	for _, x := range answers {
		require.Equal(t, answers[0], x)
	}
}

// TestMeasuresAndThePublic: many small holders under one name are not one holder.
func TestMeasuresAndThePublic(t *testing.T) {
	b := booktest.Book(t, "P 30 C", "crowd 60 C")
	b.Parties[1].Kind = crossholding.KindPublic
	a := booktest.New(t, b)
	d, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{Default: ratio.MustParse("55%")})
	require.NoError(t, err)
	s, err := d.Largest(t.Context(), "C")
	require.NoError(t, err)
	require.Equal(t, "P controls C in fact: 30 of the 55 votes expected (55% turnout), and with a turnout below 60%", s.String())
	owners, err := network.WeakestLinks(t.Context(), a, "C", network.WeakestLinkOptions{})
	require.NoError(t, err)
	require.Len(t, owners, 1)
	require.Equal(t, "P", owners[0].Owner)
	n, err := network.NewControl(t.Context(), a, network.ControlOptions{Model: network.ModelRelative})
	require.NoError(t, err)
	h, err := n.Of(t.Context(), "P")
	require.NoError(t, err)
	booktest.RequireRatio(t, "1", h.ControlledValue)
}

func TestMeasuresOfNothing(t *testing.T) {
	var a crossholding.Alliance
	_, err := network.WeakestLinks(t.Context(), &a, "x", network.WeakestLinkOptions{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	n, err := network.NewControl(t.Context(), &a, network.ControlOptions{})
	require.NoError(t, err)
	rank, err := n.Rank(t.Context())
	require.NoError(t, err)
	require.Empty(t, rank)
	d, err := network.NewControlInFact(t.Context(), &a, network.TurnoutOptions{})
	require.NoError(t, err)
	_, err = d.Largest(t.Context(), "x")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

// Stakes known only within bounds have to be settled first.
func TestMeasuresWantExactStakes(t *testing.T) {
	a := booktest.New(t, booktest.Banded())
	booktest.RequireBandsErrors(t, map[string]func() error{
		"control":         func() error { _, err := network.NewControl(t.Context(), a, network.ControlOptions{}); return err },
		"control in fact": func() error { _, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{}); return err },
		"weakest links": func() error {
			_, err := network.WeakestLinks(t.Context(), a, "Trading", network.WeakestLinkOptions{})
			return err
		},
	})
}

// Results are plain data for other programs: names in snake case, fractions as
// text, no null for an empty list.
func TestResultsAsJSON(t *testing.T) {
	a := booktest.Alliance(t, "A 60 B", "A 30 C", "B 30 C")
	text := func(v any, err error) string {
		require.NoError(t, err)
		out, err := json.Marshal(v)
		require.NoError(t, err)
		return string(out)
	}
	n, err := network.NewControl(t.Context(), a, network.ControlOptions{})
	require.NoError(t, err)
	require.JSONEq(t, `{"holder": "B", "controlled_value": "0.3", "own_value": "1",
		"companies": [{"company": "C", "direct": "0.3", "control": "0.3", "value": "1"}]}`, text(n.Of(t.Context(), "B")))
	require.JSONEq(t, `{"holder": "C", "controlled_value": "0", "own_value": "1", "companies": []}`, text(n.Of(t.Context(), "C")))
	d, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{Default: ratio.MustParse("0.8")})
	require.NoError(t, err)
	require.JSONEq(t, `{"holder": "A", "company": "C", "votes": "60", "base": "100", "named": "60", "present": "80",
		"required": "40", "controls": true, "controls_below": "1.2"}`, text(d.Position(t.Context(), "A", "C")))
	require.JSONEq(t, `[{"owner": "A", "company": "B", "widely_held": false, "control_rights": "0.6",
		"chain": [{"holder": "A", "issuer": "B", "share": "0.6"}], "chain_count": 1}]`,
		text(network.WeakestLinks(t.Context(), a, "B", network.WeakestLinkOptions{})))
	require.Equal(t, "[]", text(network.WeakestLinks(t.Context(), a, "B", network.WeakestLinkOptions{Threshold: ratio.MustParse("0.7")})))
	v := countOf(t, a, plainCount)
	require.JSONEq(t, `{"company": "B", "quota": "50", "exceed": true, "voters": [
		{"name": "A", "members": [], "votes": "60", "share": "0.6", "shapley_shubik": "1", "banzhaf": "1"},
		{"name": "float:B", "members": [], "votes": "40", "share": "0.4", "shapley_shubik": "0", "banzhaf": "0"}]}`,
		text(network.MeetingPower(t.Context(), v, "B", network.PowerOptions{})))
	require.JSONEq(t, `[{"holder": "A", "power": "1"}]`, text(network.CompoundPower(t.Context(), v, "C", network.CoalitionOptions{})))
}

// Every error names the package that it comes from, once.
func TestErrorsNameThePackageOnce(t *testing.T) {
	a := booktest.Alliance(t, "A 60 B")
	v := countOf(t, a, plainCount)
	for name, ask := range map[string]func() error{
		"model": func() error {
			_, err := network.NewControl(t.Context(), a, network.ControlOptions{Model: "x"})
			return err
		},
		"values": func() error {
			_, err := network.NewControl(t.Context(), a, network.ControlOptions{Values: map[string]ratio.Ratio{"x": {}}})
			return err
		},
		"turnout": func() error {
			_, err := network.NewControlInFact(t.Context(), a, network.TurnoutOptions{Default: ratio.Int(2)})
			return err
		},
		"method": func() error {
			_, err := network.WeakestLinks(t.Context(), a, "B", network.WeakestLinkOptions{Method: "x"})
			return err
		},
		"quota": func() error {
			_, err := network.MeetingPower(t.Context(), v, "B", network.PowerOptions{Quota: ratio.Int(2)})
			return err
		},
		"voters": func() error {
			_, err := network.CompoundPower(t.Context(), v, "B", network.CoalitionOptions{MaxVoters: 99})
			return err
		},
		"draws": func() error { _, err := network.EstimateIndirectPower(t.Context(), v, "B", 0, 1); return err },
	} {
		text := ask().Error()
		require.True(t, strings.HasPrefix(text, "network: "), "%s: %s", name, text)
		require.Equal(t, 1, strings.Count(text, "network: ")+strings.Count(text, "crossholding: "), "%s: %s", name, text)
	}
}
