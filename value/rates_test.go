package value_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/testkit"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

const day date.Date = "2022-12-30"

// mid is a rate of the day.
func mid(pair, rate string) value.Rate {
	return value.Rate{Day: day, Pair: pair, Mid: ratio.Number(rate)}
}

// table makes a table of rates.
func table(t testing.TB, rates ...value.Rate) *value.Rates {
	t.Helper()
	r, err := value.NewRates(rates, value.RateOptions{})
	require.NoError(t, err)
	return r
}

func TestContradictions(t *testing.T) {
	for name, c := range map[string]struct {
		rates  []value.Rate
		spread string
		want   string // part of the fault, or nothing
	}{
		"the reference rates of the ECB":     {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("USD/JPY", "131.877")}, "0", ""},
		"the same, one the other way round":  {[]value.Rate{mid("EUR/JPY", "140.66"), mid("USD/EUR", "0.93756"), mid("JPY/USD", "0.0075828")}, "0", ""},
		"a pair both ways":                   {[]value.Rate{mid("EUR/JPY", "140.66"), mid("JPY/EUR", "0.00711")}, "0", ""},
		"a pair that contradicts itself":     {[]value.Rate{mid("EUR/JPY", "140.66"), mid("JPY/EUR", "0.5")}, "0", "EUR/JPY 140.66, JPY/EUR 0.5 cannot all be right: through EUR, JPY and back, 1 EUR becomes 70.33 EUR"},
		"a triangle that contradicts itself": {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("USD/JPY", "145")}, "0", "EUR/JPY 140.66, USD/JPY 145, EUR/USD 1.0666 cannot all be right"},
		"within a stated spread":             {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("USD/JPY", "132.5")}, "1/100", ""},
		"beyond a stated spread":             {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("USD/JPY", "134")}, "1/100", "the spread allowed is 1%"},
		"a coarse figure is no excuse":       {[]value.Rate{mid("EUR/USD", "1"), mid("USD/EUR", "0.6")}, "0", "cannot all be right"},
		"bids and asks that overlap":         {[]value.Rate{{Day: day, Pair: "EUR/JPY", Bid: "140", Ask: "142"}, mid("EUR/USD", "1.0666"), mid("USD/JPY", "132.5")}, "0", ""},
		"bids and asks that leave a way to win": {[]value.Rate{{Day: day, Pair: "EUR/JPY", Bid: "140.0", Ask: "140.2"}, {Day: day, Pair: "EUR/USD", Bid: "1.0660", Ask: "1.0670"},
			{Day: day, Pair: "USD/JPY", Bid: "132.5", Ask: "132.9"}}, "0", "bid 140.0, ask 140.2"},
		"a loop of four": {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("GBP/USD", "1.2"), mid("GBP/JPY", "158.26")}, "0", ""},
		"a loop of four that is wrong": {[]value.Rate{mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"), mid("GBP/USD", "1.2"), mid("GBP/JPY", "178.26")}, "0",
			"through GBP, JPY, EUR, USD and back, 1 GBP becomes 1.126428 GBP"},
		"other days do not matter": {[]value.Rate{mid("EUR/JPY", "140.66"), {Day: "2023-01-02", Pair: "JPY/EUR", Mid: "0.5"}}, "0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := value.NewRates(c.rates, value.RateOptions{Spread: ratio.MustParse(c.spread)})
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, value.ErrContradiction)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestRateFaults(t *testing.T) {
	for name, c := range map[string]struct {
		rate value.Rate
		kind error
	}{
		"no rate":       {value.Rate{Day: day, Pair: "EUR/JPY"}, crossholding.ErrMissing},
		"a bid alone":   {value.Rate{Day: day, Pair: "EUR/JPY", Mid: "1", Bid: "1"}, crossholding.ErrMissing},
		"no pair":       {mid("EURJPY", "1"), crossholding.ErrCurrency},
		"one currency":  {mid("EUR/EUR", "1"), crossholding.ErrCurrency},
		"zero":          {mid("EUR/JPY", "0"), crossholding.ErrRange},
		"no number":     {mid("EUR/JPY", "much"), ratio.ErrNumber},
		"no day":        {value.Rate{Day: "yesterday", Pair: "EUR/JPY", Mid: "1"}, crossholding.ErrDate},
		"bid above ask": {value.Rate{Day: day, Pair: "EUR/JPY", Bid: "2", Ask: "1"}, crossholding.ErrRange},
		"mid above ask": {value.Rate{Day: day, Pair: "EUR/JPY", Mid: "3", Bid: "1", Ask: "2"}, crossholding.ErrRange},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := value.NewRates([]value.Rate{c.rate}, value.RateOptions{})
			require.ErrorIs(t, err, c.kind)
		})
	}
	_, err := value.NewRates([]value.Rate{mid("EUR/JPY", "1"), mid("EUR/JPY", "2"), mid("x", "1")}, value.RateOptions{Spread: ratio.Int(-1)})
	require.ErrorIs(t, err, crossholding.ErrDuplicate)
	require.ErrorContains(t, err, "given twice: 1 and 2")
	require.ErrorIs(t, err, crossholding.ErrCurrency) // all faults at once
	require.ErrorContains(t, err, "spread -1")
}

func TestConversions(t *testing.T) {
	r := table(t, mid("EUR/JPY", "140.66"), mid("EUR/USD", "1.0666"),
		value.Rate{Day: day, Pair: "EUR/CHF", Mid: "0.985", Bid: "0.984", Ask: "0.986"})
	for name, c := range map[string]struct {
		amount, from, to string
		day              date.Date
		how              value.Terms
		want             string // an amount, or part of an error
	}{
		"the pair":              {"2", "EUR", "JPY", day, value.Terms{}, "281.32"},
		"its inverse":           {"281.32", "JPY", "EUR", day, value.Terms{}, "2"},
		"the same currency":     {"5", "EUR", "EUR", "2000-01-01", value.Terms{}, "5"},
		"a route":               {"10666", "USD", "JPY", day, value.Terms{Via: []string{"EUR"}}, "1406600"},
		"no route":              {"1", "USD", "JPY", day, value.Terms{}, "no rate USD/JPY on 2022-12-30; state a route: the table leads through EUR"},
		"a route that is wrong": {"1", "USD", "JPY", day, value.Terms{Via: []string{"CHF"}}, "no rate USD/CHF"},
		"a route in a circle":   {"1", "USD", "JPY", day, value.Terms{Via: []string{"USD"}}, "comes twice to USD"},
		"a Saturday":            {"1", "EUR", "JPY", "2022-12-31", value.Terms{}, "the table has it on 2022-12-30"},
		"the Friday before":     {"1", "EUR", "JPY", "2022-12-31", value.Terms{MaxAge: 2}, "140.66"},
		"too old":               {"1", "EUR", "JPY", "2023-01-09", value.Terms{MaxAge: 7}, "no rate EUR/JPY"},
		"a day before all":      {"1", "EUR", "JPY", "2000-01-01", value.Terms{MaxAge: 7}, "the table has it on 2022-12-30"},
		"euros are sold":        {"1000", "EUR", "CHF", day, value.Terms{Side: value.SideSell}, "984"},
		"euros are bought":      {"1000", "EUR", "CHF", day, value.Terms{Side: value.SideBuy}, "986"},
		"francs are sold":       {"986", "CHF", "EUR", day, value.Terms{Side: value.SideSell}, "1000"},
		"francs are bought":     {"984", "CHF", "EUR", day, value.Terms{Side: value.SideBuy}, "1000"},
		"no bid":                {"1", "EUR", "JPY", day, value.Terms{Side: value.SideSell}, "without a bid and an ask"},
		"a bad side":            {"1", "EUR", "JPY", day, value.Terms{Side: "left"}, "side \"left\""},
		"a bad age":             {"1", "EUR", "JPY", day, value.Terms{MaxAge: -1}, "-1 days old"},
		"no currency":           {"1", "EUR", "yen", day, value.Terms{}, "\"yen\" is not a currency"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := r.Convert(crossholding.Money{Amount: ratio.MustParse(c.amount), Currency: c.from}, c.to, c.day, c.how)
			if err != nil {
				require.ErrorContains(t, err, c.want)
				return
			}
			require.Equal(t, c.want, got.To.Amount.String())
			require.True(t, got.From.Amount.Mul(got.Rate).Equal(got.To.Amount))
		})
	}
	var none *value.Rates
	_, err := none.Convert(euros("1"), "JPY", day, value.Terms{})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	require.Empty(t, none.ByDay())
}

// A seller never gets more than the middle, and a buyer never pays less, and whoever goes
// there and back loses.
func TestSidesNeverWin(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for range testkit.Cases(200) {
		m := 50 + r.IntN(1000)
		bid, ask := m-r.IntN(40), m+r.IntN(40)
		pair := []string{"EUR/JPY", "JPY/EUR"}[r.IntN(2)]
		rates := table(t, value.Rate{Day: day, Pair: pair, Mid: ratio.Number(fmt.Sprint(m)), Bid: ratio.Number(fmt.Sprint(bid)), Ask: ratio.Number(fmt.Sprint(ask))})
		to := func(side value.Side) ratio.Ratio {
			c, err := rates.Convert(euros("1"), "JPY", day, value.Terms{Side: side})
			require.NoError(t, err)
			return c.Rate
		}
		require.False(t, to(value.SideMid).Less(to(value.SideSell)))
		require.False(t, to(value.SideBuy).Less(to(value.SideMid)))
		there, err := rates.Convert(euros("1"), "JPY", day, value.Terms{Side: value.SideSell})
		require.NoError(t, err)
		back, err := rates.Convert(there.To, "EUR", day, value.Terms{Side: value.SideSell})
		require.NoError(t, err)
		require.False(t, ratio.Int(1).Less(back.To.Amount))
	}
}
