package scenario_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// TestPublishedLots holds cases of two bookkeeping programs, which publish
// them as tests: beancount (parser/booking_full_test.py, TestBookAmbiguousFIFO,
// test_reduce__multiple_reductions_hifo and _TestBookAmbiguousAVERAGE) and hledger (issue 2581).
func TestPublishedLots(t *testing.T) {
	ambiguous := []crossholding.Lot{
		{Date: "2015-10-02", Shares: "5", Price: "111.11"},
		{Date: "2015-10-01", Shares: "4", Price: "100"},
		{Date: "2015-10-03", Shares: "6", Price: "122.22"},
	}
	for _, tc := range []struct {
		name   string
		book   crossholding.Book
		sell   ratio.Number
		price  string
		method scenario.LotMethod
		booked []string // day, shares, cost a share
		left   []string
		gain   string
	}{
		{
			"beancount, 2 of 15", booktest.Stock("15", ambiguous...), "2", "100", scenario.LotMethodFIFO,
			[]string{"2015-10-01 2 100"},
			[]string{"2015-10-01 2 100", "2015-10-02 5 111.11", "2015-10-03 6 122.22"},
			"0",
		},
		{
			"beancount, 12 of 15", booktest.Stock("15", ambiguous...), "12", "100", scenario.LotMethodFIFO,
			[]string{"2015-10-01 4 100", "2015-10-02 5 111.11", "2015-10-03 3 122.22"},
			[]string{"2015-10-03 3 122.22"},
			"-122.21",
		},
		{
			"beancount, 49 at an average of 100.5", booktest.Stock("100", crossholding.Lot{Shares: "50", Price: "100"}, crossholding.Lot{Shares: "50", Price: "101"}),
			"49", "100.5", scenario.LotMethodAverage,
			[]string{" 49 100.5"},
			[]string{" 51 100.5"},
			"0",
		},
		{
			"beancount, 75 of 150, highest cost first", booktest.Stock("150",
				crossholding.Lot{Date: "2016-01-15", Shares: "50", Price: "115"}, crossholding.Lot{Date: "2016-01-16", Shares: "50", Price: "116"}, crossholding.Lot{Date: "2016-01-17", Shares: "50", Price: "114"}),
			"75", "120", scenario.LotMethodHIFO,
			[]string{"2016-01-15 25 115", "2016-01-16 50 116"},
			[]string{"2016-01-15 25 115", "2016-01-17 50 114"},
			"325",
		},
		{
			"hledger 2581, all 20 at an average of 50", booktest.Stock("20", crossholding.Lot{Date: "2025-01-01", Shares: "10", Price: "40"}, crossholding.Lot{Date: "2025-02-01", Shares: "10", Price: "60"}),
			"20", "100", scenario.LotMethodAverage,
			[]string{"2025-01-01 20 50"},
			nil, "1000",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := booktest.Run(t, tc.book, scenario.Step{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: tc.sell, Price: tc.price, Method: tc.method})
			var booked []string
			var gain ratio.Ratio
			for _, g := range out.Gains {
				each := g.Cost.Amount.Div(g.Shares)
				booked = append(booked, fmt.Sprintf("%s %s %s", string(g.Lot), g.Shares, each))
				gain = gain.Add(g.Gain.Amount)
			}
			require.Equal(t, tc.booked, booked)
			booktest.RequireRatio(t, tc.gain, gain)
			var left []string
			for _, s := range out.After.Book().Stakes {
				for _, l := range s.Lots {
					left = append(left, fmt.Sprintf("%s %s %s", string(l.Date), l.Shares, l.Price))
				}
			}
			require.Equal(t, tc.left, left)
		})
	}
	_, err := scenario.Run(t.Context(), booktest.New(t, booktest.Stock("15", ambiguous...)), scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: "16", Price: "1"},
	}})
	require.ErrorIs(t, err, crossholding.ErrNotEnough)
}

// TestAverageThatDoesNotEnd: what is sold and what stays are at the exact average, which is
// written as a fraction.
func TestAverageThatDoesNotEnd(t *testing.T) {
	b := booktest.Stock("3", crossholding.Lot{Date: "2020-01-01", Shares: "2", Price: "1"}, crossholding.Lot{Date: "2021-01-01", Shares: "1", Price: "2"})
	out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: "1", Price: "2", Method: "average"})
	booktest.RequireRatio(t, "2/3", out.Gains[0].Gain.Amount)
	require.Equal(t, ratio.Number("4/3"), out.After.Book().Stakes[0].Lots[0].Price)

	b.Stakes[0].Lots[1].Currency = "EUR"
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: "1", Price: "2", Method: "average"},
	}})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	require.ErrorContains(t, err, "lots in USD and in EUR")
}

// TestHighestCostFirst: of equal costs the oldest lot goes first, and shares of unknown cost go last.
// Shares with votes of their own go after all others. Costs in two currencies have no order.
func TestHighestCostFirst(t *testing.T) {
	b := booktest.Stock("30", crossholding.Lot{Date: "2022-01-01", Shares: "5", Price: "9"}, crossholding.Lot{Date: "2020-01-01", Shares: "5", Price: "9"},
		crossholding.Lot{Date: "2021-01-01", Shares: "5", Price: "20/3"})
	own := b.Stakes[0]
	own.Shares, own.Votes, own.Lots = "5", "2", []crossholding.Lot{{Date: "2023-01-01", Shares: "5", Price: "100"}}
	b.Stakes = append(b.Stakes, own)
	for sell, want := range map[ratio.Number]string{
		"6": "2020-01-01 5, 2022-01-01 1", "12": "2020-01-01 5, 2021-01-01 2, 2022-01-01 5",
		"16": "2020-01-01 5, 2021-01-01 5, 2022-01-01 5,  1", "31": "2020-01-01 5, 2021-01-01 5, 2022-01-01 5,  15, 2023-01-01 1",
	} {
		out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: sell, Price: "5", Method: "hifo"})
		var lots []string
		for _, g := range out.Gains {
			lots = append(lots, fmt.Sprintf("%s %s", string(g.Lot), g.Shares))
		}
		require.Equal(t, want, strings.Join(lots, ", "))
	}
	b.Stakes[0].Lots[1].Currency = "EUR"
	_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{
		{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: "1", Method: "hifo"},
	}})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	require.ErrorContains(t, err, "fund in stock: highest cost: lots in EUR and in USD")
}

func TestSpecificLots(t *testing.T) {
	b := booktest.Stock("10", crossholding.Lot{Date: "2020-01-01", Shares: "2", Price: "1"},
		crossholding.Lot{Date: "2020-01-01", Shares: "3", Price: "2"}, crossholding.Lot{Date: "2020-01-01", Shares: "4", Price: "2", Currency: "EUR"})
	for _, tc := range []struct {
		name  string
		picks []crossholding.Lot
		sell  ratio.Number
		want  string // costs, by lot; ? for unknown
	}{
		{"by price", []crossholding.Lot{{Date: "2020-01-01", Price: "1"}}, "2", "2 USD"},
		{"by currency", []crossholding.Lot{{Date: "2020-01-01", Currency: "EUR"}}, "4", "8 EUR"},
		{"by date alone, all of them", []crossholding.Lot{{Date: "2020-01-01"}}, "9", "8 EUR, 2 USD, 6 USD"},
		{"a part", []crossholding.Lot{{Date: "2020-01-01", Price: "2", Currency: "USD", Shares: "1"}}, "1", "2 USD"},
		{"the rest is of unknown cost", []crossholding.Lot{{Date: "2020-01-01", Price: "1"}}, "3", "2 USD, ?"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out := booktest.Run(t, b, scenario.Step{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: tc.sell, Price: "5", Method: "specific", Lots: tc.picks})
			var costs []string
			for _, g := range out.Gains {
				if g.Cost.Currency == "" {
					costs = append(costs, "?")
				} else {
					costs = append(costs, g.Cost.String())
				}
			}
			require.Equal(t, tc.want, strings.Join(costs, ", "))
		})
	}
	for name, pick := range map[string]crossholding.Lot{
		"lots of 2020-01-01 at 2 EUR and at 2 USD":                        {Date: "2020-01-01", Shares: "5"},
		"lots of 2020-01-01 at 2 EUR and at 2 USD: of which one? missing": {Date: "2020-01-01", Price: "2", Shares: "5"},
	} {
		_, err := scenario.Run(t.Context(), booktest.New(t, b), scenario.Scenario{Steps: []scenario.Step{
			{Step: "trade", From: "fund", To: "float:stock", Issuer: "stock", Shares: "5", Price: "5", Method: "specific", Lots: []crossholding.Lot{pick}},
		}})
		require.ErrorIs(t, err, crossholding.ErrMissing)
		require.ErrorContains(t, err, name)
	}
}
