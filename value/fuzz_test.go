package value_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/value"
)

// Whatever the texts, a table of rates is an error or converts there and back to the same.
func FuzzNewRates(f *testing.F) {
	f.Add("2022-12-30", "EUR/JPY", "140.66", "", "")
	f.Add("", "EUR/USD", "", "1.06", "1.07")
	f.Add("2022-02-30", "EUREUR", "1e99", "-1", "1/0")
	f.Fuzz(func(t *testing.T, day, pair, mid, bid, ask string) {
		r, err := value.NewRates([]value.Rate{{Day: date.Date(day), Pair: pair, Mid: ratio.Number(mid), Bid: ratio.Number(bid), Ask: ratio.Number(ask)}}, value.RateOptions{})
		if err != nil {
			return
		}
		there, err := r.Convert(crossholding.Money{Amount: ratio.Int(1), Currency: pair[:3]}, pair[4:], date.Date(day), value.Terms{})
		require.NoError(t, err)
		back, err := r.Convert(there.To, pair[:3], date.Date(day), value.Terms{})
		require.NoError(t, err)
		require.Equal(t, "1", back.To.Amount.String())
	})
}

// Whatever the texts, a purchase is an error or can be sold again without a gain.
func FuzzAccount(f *testing.F) {
	f.Add("2016-10-20", "506620577", "468.52", "", "5", "JPY", "1/124")
	f.Add("", "0.118776", "", "150", "", "", "")
	f.Add("x", "-1", "1e99", "a", "b", "euro", "0")
	f.Fuzz(func(t *testing.T, day, shares, price, total, fees, currency, rate string) {
		a, err := value.NewAccount("fuzz", "EUR", value.AccountOptions{})
		require.NoError(t, err)
		trade := value.Trade{Date: date.Date(day), Shares: ratio.Number(shares), Price: ratio.Number(price), Total: ratio.Number(total),
			Fees: ratio.Number(fees), Currency: currency, Rate: ratio.Number(rate)}
		if a, err = a.Buy(trade); err != nil || price == "" && total == "" || fees != "" {
			return
		}
		_, result, err := a.Sell(value.Sale{Trade: trade})
		require.NoError(t, err)
		if sum, err := result.Sum(); err == nil {
			require.Equal(t, "0", sum.Total.Amount.String())
		} else {
			require.ErrorIs(t, err, crossholding.ErrNoPrice)
		}
	})
}
