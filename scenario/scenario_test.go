package scenario_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func TestAmounts(t *testing.T) {
	for _, tc := range []struct {
		name            string
		step            scenario.Step
		moved, residual string
	}{
		{"shares as they stand", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "12.5"}, "12.5", "0"},
		{"percent of issued", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Percent: "1.25"}, "13", "0.5"},
		{"percent, short", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Percent: "1.25", Round: "short"}, "12", "-0.5"},
		{"percent, nearest takes a tie up", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Percent: "1.25", Round: "nearest"}, "13", "0.5"},
		{"down to", scenario.Step{Step: "entrust", From: "renault", To: "trust", Issuer: "nissan", DownTo: "15%"}, "284", "0"},
		{"down to a third", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", DownTo: "1/3"}, "101", "1/3"},
		{"down to a third, short", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", DownTo: "1/3", Round: "short"}, "100", "-2/3"},
		{"down to a third of outstanding", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", DownTo: "1/3", Of: "outstanding"}, "118", "2/3"},
		{"in lots of 100, the last not whole", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", DownTo: "1%", Lot: "100"}, "434", "10"},
		{"in lots of 10", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", DownTo: "1/3", Lot: "10"}, "110", "28/3"},
		{"up to", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", UpTo: "20%"}, "100", "0"},
		{"buyback kept: issued stays", scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", DownTo: "40%"}, "34", "0"},
		// (434-x)/(1000-x) = 0.4 at x = 34/0.6
		{"buyback cancelled: issued falls", scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", DownTo: "40%", Cancel: true}, "57", "1/3"},
		// (434-x)/(950-x) = 0.4 at x = 54/0.6
		{"buyback, of outstanding", scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", DownTo: "40%", Of: "outstanding"}, "90", "0"},
		{"buyback cancelled, of outstanding", scenario.Step{Step: "buyback", From: "renault", Issuer: "nissan", DownTo: "40%", Of: "outstanding", Cancel: true}, "90", "0"},
		// (100+x)/(1000+x) = 0.25 at x = 150/0.75
		{"issue: issued grows", scenario.Step{Step: "issue", To: "fund", Issuer: "nissan", UpTo: "25%"}, "200", "0"},
		{"issue to nobody yet a holder", scenario.Step{Step: "issue", To: "state", Issuer: "nissan", UpTo: "20%"}, "250", "0"},
		// (50-x)/(1000-x) = 0.01 at x = 40/0.99
		{"cancel down to", scenario.Step{Step: "cancel", Issuer: "nissan", DownTo: "1%"}, "41", "59/99"},
		// (100+x)/(950+x) = 0.13 at x = 23.5/0.87
		{"treasury sale, of outstanding", scenario.Step{Step: "trade", From: "nissan", To: "fund", Issuer: "nissan", UpTo: "13%", Of: "outstanding"}, "28", "86/87"},
		{"from the float", scenario.Step{Step: "trade", From: "float:nissan", To: "fund", Issuer: "nissan", UpTo: "12%"}, "20", "0"},
		{"already there", scenario.Step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", DownTo: "10%"}, "0", "0"},
		{"known in percent: 12 decimals", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "venture", DownTo: "1/3"}, "26.666666666667", "0.000000000001/3"},
		{"known in percent: exact", scenario.Step{Step: "trade", From: "renault", To: "fund", Issuer: "venture", DownTo: "45.5%"}, "14.5", "0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{tc.step}})
			require.NoError(t, err)
			booktest.RequireRatio(t, tc.moved, out.Steps[0].Shares)
			booktest.RequireRatio(t, tc.residual, out.Steps[0].Residual)
			again, err := crossholding.New(out.After.Book())
			require.NoError(t, err, "what a scenario leaves must be a valid book")
			require.Equal(t, booktest.Bytes(t, again), booktest.Bytes(t, out.After))
		})
	}
}

func TestFailingStep(t *testing.T) {
	type step = scenario.Step
	agreement := &crossholding.Agreement{ID: "nissan", Kind: crossholding.AgreementCap, Holders: []string{"nobody"}, Issuer: "renault", Max: "15%"}
	for _, tc := range []struct {
		name string
		step step
		kind error
		says string
	}{
		{"more than held", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "435"}, crossholding.ErrNotEnough, "renault has 434 shares of nissan (ordinary), and 435 are to move, 1 too many"},
		{"more than floats", step{Step: "trade", From: "float:nissan", To: "fund", Issuer: "nissan", Shares: "417"}, crossholding.ErrNotEnough, "416"},
		{"more than treasury", step{Step: "cancel", Issuer: "nissan", Shares: "51"}, crossholding.ErrNotEnough, "nissan has 50"},
		{"unknown holder", step{Step: "trade", From: "renalt", To: "fund", Issuer: "nissan", Shares: "1"}, crossholding.ErrUnknown, `"renalt"`},
		{"unknown receiver", step{Step: "trade", From: "renault", To: "found", Issuer: "nissan", Shares: "1"}, crossholding.ErrUnknown, `"found"`},
		{"unknown issuer", step{Step: "trade", From: "renault", To: "fund", Issuer: "nisan", Shares: "1"}, crossholding.ErrUnknown, `"nisan"`},
		{"issuer without shares", step{Step: "trade", From: "renault", To: "fund", Issuer: "fund", Shares: "1"}, crossholding.ErrUnknown, `"fund"`},
		{"unknown class", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Class: "B", Shares: "1"}, crossholding.ErrUnknown, `"B"`},
		{"float of another", step{Step: "trade", From: "float:renault", To: "fund", Issuer: "nissan", Shares: "1"}, crossholding.ErrUnknown, "float:renault"},
		{"to oneself", step{Step: "trade", From: "fund", To: "fund", Issuer: "nissan", Shares: "1"}, crossholding.ErrRange, "moves nothing"},
		{"stake in oneself", step{Step: "trade", From: "fund", To: "nissan", Issuer: "nissan", Shares: "1"}, crossholding.ErrSelfStake, "buyback"},
		{"buyback from oneself", step{Step: "buyback", From: "nissan", Issuer: "nissan", Shares: "1"}, crossholding.ErrSelfStake, "itself"},
		{"voter is the issuer", step{Step: "entrust", From: "fund", To: "trust", Issuer: "nissan", Shares: "1", Voter: "nissan"}, crossholding.ErrSelfStake, "vote"},
		{"unknown voter", step{Step: "entrust", From: "fund", To: "trust", Issuer: "nissan", Shares: "1", Voter: "x"}, crossholding.ErrUnknown, `"x"`},
		{"entrust a float", step{Step: "entrust", From: "float:nissan", To: "trust", Issuer: "nissan", Shares: "1"}, crossholding.ErrUnknown, "entrust"},
		{"release what is not held", step{Step: "release", From: "trust", To: "renault", Issuer: "nissan", Shares: "1"}, crossholding.ErrNotEnough, "anybody else"},
		{"already below", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", DownTo: "15%"}, crossholding.ErrRange, "already below"},
		{"already above", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", UpTo: "5%"}, crossholding.ErrRange, "already above"},
		{"nobody owns all of what others share", step{Step: "issue", To: "fund", Issuer: "nissan", UpTo: "100%"}, crossholding.ErrRange, "no number of shares"},
		{"up to more than is for sale", step{Step: "trade", From: "fund", To: "renault", Issuer: "nissan", UpTo: "60%"}, crossholding.ErrNotEnough, "66 too many"},
		{"average without cost", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "1", Price: "1", Method: "average"}, crossholding.ErrNoCost, "100 of 434"},
		{"average of nothing", step{Step: "trade", From: "nissan", To: "fund", Issuer: "nissan", Shares: "1", Price: "1", Method: "average"}, crossholding.ErrNoCost, "no lots"},
		{"no such lot", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "1", Method: "specific", Lots: []crossholding.Lot{{Date: "2001-01-01", Shares: "1"}}}, crossholding.ErrNotEnough, "2001-01-01"},
		{"lots name more than moves", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "1", Method: "specific", Lots: []crossholding.Lot{{Date: "1999-05-28"}}}, crossholding.ErrNotEnough, "left to move"},
		{"lots leave too much open", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "200", Method: "specific", Lots: []crossholding.Lot{{Date: "1999-05-28", Shares: "50"}}}, crossholding.ErrNotEnough, "leave 50 shares open"},
		{"price in no currency", step{Step: "trade", From: "renault", To: "fund", Issuer: "venture", Shares: "1", Price: "5"}, crossholding.ErrCurrency, "venture has none"},
		{"back in time", step{Step: "advance_date", Date: "2023-10-31"}, crossholding.ErrDate, "2023-11-01"},
		{"agreement with nobody", step{Step: "agree", Agreement: agreement}, crossholding.ErrUnknown, `"nobody"`},
		{"agreement under a taken name", step{Step: "agree", Agreement: agreement}, crossholding.ErrDuplicate, `"nissan"`},
		{"no such agreement", step{Step: "end_agreement", ID: "x"}, crossholding.ErrUnknown, `agreement "x"`},
		{"price of nobody", step{Step: "reprice", Prices: map[string]string{"x": "5 EUR"}}, crossholding.ErrUnknown, `"x"`},
		{"more digits than a book holds", step{Step: "issue", To: "fund", Issuer: "nissan", Shares: "0.9999999999999999999999999999999999"}, ratio.ErrNumber, "30 decimals"},
		{"more shares than a book holds", step{
			Step: "issue", To: "float:nissan", Issuer: "nissan",
			Shares: ratio.Number(strings.Repeat("9", 60)),
		}, ratio.ErrNumber, "not a number of shares"},
		{"no kind", step{}, crossholding.ErrMissing, "which kind"},
		{"unknown kind", step{Step: "sell"}, crossholding.ErrUnknown, `"sell"`},
		{"no amount", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan"}, crossholding.ErrMissing, "how many"},
		{"rounding of what stands", step{Step: "cancel", Issuer: "nissan", Shares: "1", Round: "short"}, crossholding.ErrSyntax, "nothing to round"},
		{"base of what stands", step{Step: "cancel", Issuer: "nissan", Percent: "1", Of: "issued"}, crossholding.ErrSyntax, "fractions of something"},
		{"lots of nothing", step{Step: "cancel", Issuer: "nissan", Percent: "1", Lot: "0"}, crossholding.ErrRange, "trading unit of 0"},
		{"stake that is none", step{Step: "cancel", Issuer: "nissan", DownTo: "half"}, ratio.ErrNumber, "half"},
		{"unknown method", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", Method: "lofo"}, crossholding.ErrUnknown, `"lofo" is not fifo, lifo, hifo, average or specific`},
		{"method in capitals", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", Method: "FIFO"}, crossholding.ErrUnknown, `"FIFO" is not fifo, lifo, hifo, average or specific`},
		{"unknown rounding", step{Step: "cancel", Issuer: "nissan", DownTo: "1%", Round: "up"}, crossholding.ErrUnknown, `"up" is not reach, short or nearest`},
		{"unknown base", step{Step: "cancel", Issuer: "nissan", DownTo: "1%", Of: "votes"}, crossholding.ErrUnknown, `"votes" is not issued or outstanding`},
		{"kind in capitals", step{Step: "Cancel", Issuer: "nissan", Shares: "1"}, crossholding.ErrUnknown, `"Cancel" is not trade, entrust, release`},
		{"specific without lots", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", Method: "specific"}, crossholding.ErrMissing, "go together"},
		{"too many lots named", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", Method: "specific", Lots: make([]crossholding.Lot, 1001)}, crossholding.ErrTooLarge, "1001 lots"},
		{"bad currency of a lot", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", Method: "specific", Lots: []crossholding.Lot{{Currency: "euro"}}}, crossholding.ErrCurrency, "euro"},
		{"votes since without votes", step{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "1", VotesSince: "2020-01-01"}, crossholding.ErrMissing, "votes_since without"},
		{"nothing repriced", step{Step: "reprice"}, crossholding.ErrMissing, "without prices or fx"},
		{"advance to no day", step{Step: "advance_date"}, crossholding.ErrMissing, "to which day"},
		{"bad date", step{Step: "advance_date", Date: "2023-02-30"}, crossholding.ErrDate, "2023-02-30"},
		{"two amounts", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", Shares: "1", Percent: "1"}, crossholding.ErrDuplicate, "more than one"},
		{"useless key", step{Step: "cancel", Issuer: "nissan", Shares: "1", From: "fund"}, crossholding.ErrSyntax, "from: cancel has no use"},
		{"missing key", step{Step: "trade", From: "renault", Issuer: "nissan", Shares: "1"}, crossholding.ErrMissing, "trade without to"},
		{"negative", step{Step: "cancel", Issuer: "nissan", Shares: "-1"}, crossholding.ErrRange, "negative"},
		{"absurd number", step{Step: "cancel", Issuer: "nissan", Shares: "1e999999999"}, ratio.ErrNumber, "exponent"},
		{"stake above all", step{Step: "trade", From: "renault", To: "fund", Issuer: "nissan", UpTo: "101%"}, crossholding.ErrRange, "within 0 and 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a := booktest.New(t, booktest.SmallBook())
			before := booktest.Bytes(t, a)
			out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{
				{Step: "trade", From: "fund", To: "float:nissan", Issuer: "nissan", Shares: "0"}, tc.step,
			}})
			require.Nil(t, out)
			require.ErrorIs(t, err, scenario.ErrStep)
			require.ErrorIs(t, err, tc.kind)
			require.ErrorContains(t, err, tc.says)
			require.True(t, strings.HasPrefix(err.Error(), "scenario: "), err.Error())
			require.NotContains(t, err.Error(), "crossholding:")
			var se *scenario.StepError
			require.True(t, errors.As(err, &se))
			require.Equal(t, 1, se.Index)
			require.Equal(t, tc.step, se.Step)
			require.Equal(t, before, booktest.Bytes(t, a))
		})
	}
}

func TestDatesOfAnUndatedBook(t *testing.T) {
	b := booktest.SmallBook()
	b.AsOf = ""
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{{Step: "advance date", Date: "2005-01-01"}}})
	require.ErrorIs(t, err, crossholding.ErrDate)
	require.ErrorContains(t, err, "fund in nissan: bought on 2011-01-05")
	out := booktest.Run(t, b, scenario.Step{Step: "advance date", Date: "2011-01-05"})
	require.Equal(t, date.Date("2011-01-05"), out.After.AsOf())
}

func TestFirstPrices(t *testing.T) {
	b := booktest.SmallBook()
	b.Market = nil
	out := booktest.Run(t, b, scenario.Step{Step: "reprice", Prices: map[string]string{"nissan": "5"}, FX: map[string]ratio.Number{"EUR/JPY": "160"}})
	require.Equal(t, map[string]string{"nissan": "5 JPY"}, out.After.Market().Prices)
	require.Empty(t, out.Before.Market().Prices)
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{{Step: "reprice", FX: map[string]ratio.Number{"EUR/EUR": "0"}}}})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	require.ErrorIs(t, err, crossholding.ErrRange)
}

// TestEveryBadStep: steps that are wrong in themselves are all reported.
func TestEveryBadStep(t *testing.T) {
	_, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{{Step: "sell"}, {Step: "cancel", Issuer: "nissan", Shares: "1"}, {Step: "buy"}}})
	require.ErrorIs(t, err, scenario.ErrStep)
	require.ErrorContains(t, err, "steps[0] (sell)")
	require.ErrorContains(t, err, "steps[2] (buy)")
	require.NotContains(t, err.Error(), "steps[1]")
}

func TestLinesOfTheLog(t *testing.T) {
	b := booktest.SmallBook()
	out := booktest.Run(t, b,
		scenario.Step{Step: "issue", To: "fund", Issuer: "renault", Shares: "1234567.5", Price: "40"},
		scenario.Step{Step: "entrust", From: "fund", To: "trust", Issuer: "nissan", Shares: "10", Voter: "trust"},
		scenario.Step{Step: "entrust", From: "fund", To: "trust", Issuer: "nissan", Shares: "10", Voter: "state"},
		scenario.Step{Step: "release", From: "trust", Issuer: "nissan", Shares: "15"},
		scenario.Step{Step: "trade", From: "fund", To: "state", Issuer: "renault", Shares: "4", Votes: "2", VotesSince: "2025-01-01"},
		scenario.Step{Step: "advance_date", Date: "2024-01-01"},
		scenario.Step{Step: "reprice", Prices: map[string]string{"renault": "41 EUR"}})
	var lines []string
	for _, s := range out.Steps {
		lines = append(lines, s.String())
	}
	require.Equal(t, []string{
		"renault issues 1,234,567.5 renault shares to fund for 49,382,700 EUR",
		"fund entrusts 10 nissan shares to trust",
		"fund entrusts 10 nissan shares to trust",
		"trust releases 15 nissan shares to fund",
		"fund passes 4 renault shares to state",
		"the date is 2024-01-01",
		"prices change: renault 41 EUR",
	}, lines)
	voters := map[string]ratio.Number{}
	for _, s := range out.After.Book().Stakes {
		if s.Holder == "trust" {
			voters[s.Voter] = s.Shares
		}
	}
	require.Equal(t, map[string]ratio.Number{"state": "5"}, voters, "shares that the trust itself votes go first")
}

func TestEveryFaultOfAScenario(t *testing.T) {
	_, err := scenario.Read(strings.NewReader(`{"name": "x", "steps": [
		{"step": "sell"}, {"step": "trade", "shares": "-1", "issuer": "a", "from": "b", "to": "c"},
		{"step": "advance_date", "date": "2023-02-30"}, {"step": "buyback", "from": "b", "issuer": "a", "up_to": "2", "of": "votes", "round": "up", "price": "x JPY"}]}`))
	var in *crossholding.InputError
	require.True(t, errors.As(err, &in))
	var places []string
	for _, f := range in.Faults {
		places = append(places, f.Place)
	}
	require.Equal(t, []string{
		"steps[0].step", "steps[1].shares", "steps[2].date", "steps[3].up_to", "steps[3].up_to",
		"steps[3].of", "steps[3].round", "steps[3].price",
	}, places)
	_, err = scenario.Read(strings.NewReader(`{"steps": [{"step": "trade", "shares": 1, "wat": 2}]}`))
	require.ErrorContains(t, err, "steps[0].wat: unknown key")
	_, err = scenario.Read(strings.NewReader(`{"name": 5, "steps": [{"step": "trade", "price": 568.5, "prices": {"x": [1]}, "from": 3, "lots": 1}]}`))
	for _, says := range []string{"name: the number 5", "steps[0].prices.x: an array", "steps[0].from: the number 3", "steps[0].lots: the number 1"} {
		require.ErrorContains(t, err, says)
	}
	require.NotContains(t, err.Error(), "568.5", "a number may be a number")
	s, err := scenario.Read(strings.NewReader(`{"steps": [{"step": "agree", "agreement":
		{"id": "a", "kind": "cap", "holders": ["nissan"], "issuer": "renault", "max": 0.15}}]}`))
	require.NoError(t, err)
	require.Equal(t, "0.15", s.Steps[0].Agreement.Max)
}

func TestWrite(t *testing.T) {
	read := func(text string) string {
		s, err := scenario.Read(strings.NewReader(text))
		require.NoError(t, err)
		var buf bytes.Buffer
		require.NoError(t, scenario.Write(&buf, s))
		return buf.String()
	}
	one := read(`{"steps": [{"step": "end agreement", "id": "x"},
		{"step": "buyback", "issuer": "a", "from": "b", "down_to": 0.150, "price": "568.50 JPY", "cancel": true},
		{"step": "trade", "issuer": "a", "from": "b", "to": "c", "down_to": "3/9", "lot": 1e2},
		{"step": "reprice", "prices": {"a": 5.10}, "fx": {"EUR/JPY": 157.130}}]}`)
	require.Equal(t, `{
  "steps": [
    {"step":"end_agreement","id":"x"},
    {"step":"buyback","from":"b","issuer":"a","down_to":"15%","price":"568.5 JPY","cancel":true},
    {"step":"trade","from":"b","to":"c","issuer":"a","down_to":"1/3","lot":"100"},
    {"step":"reprice","prices":{"a":"5.1"},"fx":{"EUR/JPY":"157.13"}}
  ]
}
`, one)
	require.Equal(t, one, read(one))
	require.Error(t, scenario.Write(&bytes.Buffer{}, scenario.Scenario{Steps: []scenario.Step{{Step: "x"}}}))
}

func TestLotsOfASale(t *testing.T) {
	type gain struct{ lot, shares, cost, gain string }
	sale := func(s scenario.Step) scenario.Step {
		s.Step, s.From, s.To, s.Issuer = "trade", "fund", "float:nissan", "nissan"
		return s
	}
	for _, tc := range []struct {
		name string
		step scenario.Step
		want []gain
		left []crossholding.Lot
	}{
		{
			"first in, first out", sale(scenario.Step{Shares: "40", Price: "12 EUR"}),
			[]gain{{"2010-01-05", "30", "270", "90"}, {"2011-01-05", "10", "100", "20"}},
			[]crossholding.Lot{{Date: "2011-01-05", Shares: "60", Price: "10", Currency: "EUR"}},
		},
		{
			"last in, first out", sale(scenario.Step{Shares: "80", Price: "12 EUR", Method: "lifo"}),
			[]gain{{"2010-01-05", "10", "90", "30"}, {"2011-01-05", "70", "700", "140"}},
			[]crossholding.Lot{{Date: "2010-01-05", Shares: "20", Price: "9", Currency: "EUR"}},
		},
		{
			"average", sale(scenario.Step{Shares: "40", Price: "12 EUR", Method: "average"}),
			[]gain{{"2010-01-05", "40", "388", "92"}},
			[]crossholding.Lot{{Date: "2010-01-05", Shares: "60", Price: "9.7", Currency: "EUR"}},
		},
		{
			"specific", sale(scenario.Step{
				Shares: "20", Price: "12 EUR", Method: "specific",
				Lots: []crossholding.Lot{{Date: "2011-01-05", Shares: "20"}},
			}),
			[]gain{{"2011-01-05", "20", "200", "40"}},
			[]crossholding.Lot{{Date: "2010-01-05", Shares: "30", Price: "9", Currency: "EUR"}, {Date: "2011-01-05", Shares: "50", Price: "10", Currency: "EUR"}},
		},
		{
			"paid in another currency", sale(scenario.Step{Shares: "10", Price: "1920 JPY"}),
			[]gain{{"2010-01-05", "10", "90", "30"}},
			[]crossholding.Lot{{Date: "2010-01-05", Shares: "20", Price: "9", Currency: "EUR"}, {Date: "2011-01-05", Shares: "70", Price: "10", Currency: "EUR"}},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{tc.step}})
			require.NoError(t, err)
			require.Len(t, out.Gains, len(tc.want))
			for i, g := range out.Gains {
				require.NoError(t, g.Unknown)
				require.Equal(t, tc.want[i].lot, string(g.Lot))
				require.Equal(t, "EUR", g.Gain.Currency)
				booktest.RequireRatio(t, tc.want[i].shares, g.Shares)
				booktest.RequireRatio(t, tc.want[i].cost, g.Cost.Amount)
				booktest.RequireRatio(t, tc.want[i].gain, g.Gain.Amount)
			}
			for _, s := range out.After.Book().Stakes {
				if s.Holder == "fund" {
					require.Equal(t, tc.left, s.Lots)
				}
			}
		})
	}
}

func TestGainOfUnknownCost(t *testing.T) {
	out, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{
		{Step: "buyback", From: "renault", Issuer: "nissan", Shares: "110", Price: "568.5", Cancel: true},
	}})
	require.NoError(t, err)
	require.Len(t, out.Gains, 2)
	require.NoError(t, out.Gains[0].Unknown)
	booktest.RequireRatio(t, "10", out.Gains[0].Shares)
	booktest.RequireRatio(t, "1685", out.Gains[0].Gain.Amount)
	require.ErrorIs(t, out.Gains[1].Unknown, crossholding.ErrNoCost)
	booktest.RequireRatio(t, "100", out.Gains[1].Shares)
	booktest.RequireRatio(t, "56850", out.Gains[1].Proceeds.Amount)

	out, err = scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", From: "fund", To: "state", Issuer: "nissan", Shares: "5", Price: "8 USD"},
	}})
	require.NoError(t, err)
	require.ErrorIs(t, out.Gains[0].Unknown, crossholding.ErrNoPrice)
	require.ErrorContains(t, out.Gains[0].Unknown, "no rate USD/EUR")
	require.Equal(t, "45 EUR", out.Gains[0].Cost.String())
}

func TestTrustSellsForItsBeneficiary(t *testing.T) {
	out, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{
		{Step: "entrust", From: "renault", To: "trust", Issuer: "nissan", DownTo: "15%"},
		{Step: "buyback", From: "trust", Issuer: "nissan", Shares: "211", Price: "568.5 JPY", Cancel: true, Date: "2023-12-13"},
		{Step: "release", From: "trust", Issuer: "nissan", Shares: "3"},
	}})
	require.NoError(t, err)
	require.Equal(t, date.Date("2023-12-13"), out.After.AsOf())
	booktest.RequireRatio(t, "153", booktest.SharesOf(t, out.After, "renault", "nissan"))
	booktest.RequireRatio(t, "70", booktest.SharesOf(t, out.After, "trust", "nissan"))
	issued, treasury := booktest.Shares(t, out.After, "nissan")
	booktest.RequireRatio(t, "789", issued)
	booktest.RequireRatio(t, "50", treasury)
	require.Equal(t, []scenario.Cash{
		{Party: "nissan", Money: crossholding.Money{Amount: ratio.MustParse("-119953.5"), Currency: "JPY"}},
		{Party: "renault", Money: crossholding.Money{Amount: ratio.MustParse("119953.5"), Currency: "JPY"}},
	}, out.Cash)
	for _, g := range out.Gains {
		require.Equal(t, "renault", g.Holder)
	}
	require.Equal(t, "2023-12-13: nissan buys back 211 nissan shares from trust and cancels them for 119,953.5 JPY", out.Steps[1].String())
}

func TestHolderForSeveral(t *testing.T) {
	b := booktest.SmallBook()
	b.Stakes = append(b.Stakes,
		crossholding.Stake{Holder: "trust", Issuer: "nissan", Beneficiary: "state", Shares: "7"},
		crossholding.Stake{Holder: "trust", Issuer: "nissan", Beneficiary: "renault", Shares: "9"})
	a := booktest.New(t, b)
	sale := scenario.Step{Step: "trade", From: "trust", To: "fund", Issuer: "nissan", Shares: "8", Price: "10"}
	_, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{sale}})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	sale.Beneficiary = "renault"
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{sale}})
	require.NoError(t, err)
	require.Equal(t, "renault", out.Cash[1].Party)
	booktest.RequireRatio(t, "8", booktest.SharesOf(t, out.After, "trust", "nissan"))
}

func TestDoubleVotesLeaveLast(t *testing.T) {
	b := booktest.SmallBook()
	b.Stakes[4].Voter = "fund" // lists the plain shares after the others
	out, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", From: "state", To: "fund", Issuer: "renault", Shares: "8"},
	}})
	require.NoError(t, err)
	for _, s := range out.After.Book().Stakes {
		if s.Holder == "state" {
			require.Equal(t, ratio.Number("42"), s.Shares)
			require.Equal(t, ratio.Number("2"), s.Votes)
		}
		if s.Holder == "fund" && s.Issuer == "renault" {
			require.Empty(t, s.Votes)
		}
	}
}

func TestReprice(t *testing.T) {
	out, err := scenario.Run(t.Context(), booktest.New(t, booktest.SmallBook()), scenario.Scenario{Steps: []scenario.Step{
		{Step: "reprice", Prices: map[string]string{"nissan": "408.5"}, FX: map[string]ratio.Number{"JPY/EUR": "0.00625", "EUR/USD": "1.1"}},
	}})
	require.NoError(t, err)
	m := out.After.Market()
	require.Equal(t, map[string]string{"nissan": "408.5 JPY", "renault": "40 EUR"}, m.Prices)
	require.Equal(t, map[string]ratio.Number{"JPY/EUR": "0.00625", "EUR/USD": "1.1"}, m.FX)
}

func TestAgreements(t *testing.T) {
	a := booktest.New(t, booktest.SmallBook())
	cap := crossholding.Agreement{ID: "new-alliance", Kind: crossholding.AgreementCap, Holders: []string{"nissan"}, Issuer: "renault", Max: "15%"}
	out, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{{Step: "agree", Agreement: &cap}}})
	require.NoError(t, err)
	require.Len(t, out.After.Book().Agreements, 1)
	back, err := scenario.Run(t.Context(), out.After, scenario.Scenario{Steps: []scenario.Step{{Step: "end agreement", ID: "new-alliance"}}})
	require.NoError(t, err)
	require.Equal(t, booktest.Bytes(t, a), booktest.Bytes(t, back.After))
	_, err = scenario.Run(t.Context(), out.After, scenario.Scenario{Steps: []scenario.Step{{Step: "agree", Agreement: &cap}}})
	require.ErrorIs(t, err, crossholding.ErrDuplicate)

	second := cap
	second.ID, second.From = "second-cap", "2024-01-01"
	out, err = scenario.Run(t.Context(), out.After, scenario.Scenario{Steps: []scenario.Step{{Step: "agree", Agreement: &second}}})
	require.NoError(t, err, "the second cap is not yet in force")
	_, err = scenario.Run(t.Context(), out.After, scenario.Scenario{Steps: []scenario.Step{{Step: "advance date", Date: "2024-01-01"}}})
	require.ErrorIs(t, err, crossholding.ErrAgreement)
}

// fuzzScenario reads text and, if it is a scenario, writes, rereads and runs
// it: what comes out must be canonical, and leave a valid book.
func fuzzScenario(t *testing.T, a *crossholding.Alliance, text []byte) {
	s, err := scenario.Read(bytes.NewReader(text))
	if err != nil {
		return
	}
	var one, two bytes.Buffer
	require.NoError(t, scenario.Write(&one, s))
	again, err := scenario.Read(bytes.NewReader(one.Bytes()))
	require.NoError(t, err)
	require.NoError(t, scenario.Write(&two, again))
	require.Equal(t, one.String(), two.String())
	out, err := scenario.Run(t.Context(), a, s)
	if err != nil {
		require.ErrorIs(t, err, scenario.ErrStep)
		return
	}
	for _, step := range out.Steps {
		require.NotEmpty(t, step.String())
	}
	booktest.New(t, out.After.Book())
}

// A trustee's own shares leave no doubt about whom a release goes to; those of
// two others do.
func TestReleaseToTheOnlyOther(t *testing.T) {
	b := booktest.SmallBook()
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "trust", Issuer: "nissan", Shares: "5"},
		crossholding.Stake{Holder: "trust", Issuer: "nissan", Shares: "7", Beneficiary: "state"})
	release := scenario.Step{Step: "release", From: "trust", Issuer: "nissan", Shares: "7"}
	out := booktest.Run(t, b, release)
	require.Equal(t, "state", out.Steps[0].Step.To)
	for _, s := range out.After.Book().Stakes {
		require.False(t, s.Holder == "trust" && s.Beneficiary != "", "%+v", s)
	}
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "trust", Issuer: "nissan", Shares: "7", Beneficiary: "fund"})
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{release}})
	require.ErrorIs(t, err, crossholding.ErrMissing)
	require.ErrorContains(t, err, `trust holds shares of nissan for fund and for state: whose are these, in "to"?`)
}

// TestStepsOneByOne: a scenario of several steps leaves what scenarios of one step each leave,
// also where a company was known only in percent.
func TestStepsOneByOne(t *testing.T) {
	book := crossholding.Book{Companies: []crossholding.Company{{ID: "x"}}, Parties: []crossholding.Party{{ID: "h"}, {ID: "u"}},
		Stakes: []crossholding.Stake{{Holder: "h", Issuer: "x", Percent: "33.3"}}}
	for name, steps := range map[string][]scenario.Step{
		"an issue and a split": {{Step: "issue", To: "u", Issuer: "x", Shares: "50"}, {Step: "split", Issuer: "x", Ratio: "2:1"}},
		"a buyback and a sale": {{Step: "buyback", From: "h", Issuer: "x", Shares: "10"}, {Step: "trade", From: "h", To: "u", Issuer: "x", Percent: "7.77"}},
		"a split and a bonus":  {{Step: "split", Issuer: "x", Ratio: "3:1"}, {Step: "dividend", In: "shares", Issuer: "x", Ratio: "1:7"}},
	} {
		t.Run(name, func(t *testing.T) {
			whole := booktest.Run(t, book, steps...)
			after := book
			for _, s := range steps {
				after = booktest.Run(t, after, s).After.Book()
			}
			want, err := json.Marshal(after.Stakes)
			require.NoError(t, err)
			got, err := json.Marshal(whole.After.Book().Stakes)
			require.NoError(t, err)
			require.JSONEq(t, string(want), string(got))
		})
	}
}
