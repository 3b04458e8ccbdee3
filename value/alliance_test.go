package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// Renault's sales of Nissan shares, as published: shares and price in yen, cash in millions of
// euros (testdata/alliance/SOURCES.md of the module has the shares and prices; the cash is from
// newsbulletin247.com/markets/448971.html and goldea.capital). The cash at the reference rate
// of the day is within 1.5% of what was published.
func TestRenaultsDisposals(t *testing.T) {
	rates, err := value.NewRates(ecb, value.RateOptions{})
	require.NoError(t, err)
	for _, c := range []struct {
		day           date.Date
		shares, price ratio.Number
		published     string
	}{
		{"2023-12-13", "211000000", "568.5", "764"},
		{"2024-03-28", "99132100", "593.4", "358"},
	} {
		a, err := value.NewAccount("nissan", "EUR", value.AccountOptions{Rates: rates})
		require.NoError(t, err)
		a, err = a.Buy(value.Trade{Date: "1999-03-29", Shares: c.shares, Price: "400", Currency: "JPY"})
		require.NoError(t, err)
		a, r, err := a.Sell(value.Sale{Trade: value.Trade{Date: c.day, Shares: c.shares, Price: c.price, Currency: "JPY"}})
		require.NoError(t, err)
		flows, err := a.Flows()
		require.NoError(t, err)
		cash := flows[1].Amount.Amount.Div(ratio.Int(1_000_000))
		within := ratio.MustParse(c.published).Mul(ratio.Of(15, 1000))
		requireWithin(t, c.published, within.String(), cash)
		sum, err := r.Sum()
		require.NoError(t, err)
		total, err := r.Total()
		require.NoError(t, err)
		require.Equal(t, total, sum.Total)
	}
}

// The loss on the group's books is what was published if the carrying value is as the
// published loss implies, and the gain on the annual accounts follows from the price of 1999
// alone: about 50 million euros.
func TestGainOfTheAnnualAccounts(t *testing.T) {
	rates, err := value.NewRates(ecb, value.RateOptions{})
	require.NoError(t, err)
	a, err := value.NewAccount("Renault SA", "EUR", value.AccountOptions{Rates: rates})
	require.NoError(t, err)
	a, err = a.Buy(value.Trade{Date: "1999-03-29", Shares: "99132100", Price: "400", Currency: "JPY"})
	require.NoError(t, err)
	_, r, err := a.Sell(value.Sale{Trade: value.Trade{Date: "2024-03-28", Shares: "99132100", Price: "593.4", Currency: "JPY"}})
	require.NoError(t, err)
	total, err := r.Total()
	require.NoError(t, err)
	requireWithin(t, "50000000", "5000000", total.Amount)
}

// The question whether Nissan's stake in Mitsubishi was worth less than half of its cost has
// the answer yes at every rate and day.
func TestLessThanHalfByEveryReading(t *testing.T) {
	rates, err := value.NewRates(ecb, value.RateOptions{})
	require.NoError(t, err)
	cost, err := nissansThird().Cost()
	require.NoError(t, err)
	for _, day := range []date.Date{"2016-05-12", "2016-10-20", "2020-11-13", "2020-11-16"} {
		reported := crossholding.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}
		yen, err := rates.Convert(reported, "JPY", day, value.Terms{Via: []string{"EUR"}})
		require.NoError(t, err)
		for _, paid := range []date.Date{"2016-05-12", "2016-10-20"} {
			// Both in dollars, each at the rate of its own day.
			dollars, err := rates.Convert(cost, "USD", paid, value.Terms{Via: []string{"EUR"}})
			require.NoError(t, err)
			c, err := value.Compare(reported, dollars.To, ratio.Of(1, 2))
			require.NoError(t, err)
			require.True(t, c.Below, c)
		}
		c, err := value.Compare(yen.To, cost, ratio.Of(1, 2))
		require.NoError(t, err)
		require.True(t, c.Below, c)
	}
}
