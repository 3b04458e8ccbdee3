package value_test

import (
	"encoding/json"
	"errors"
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

// account is an account in euros with purchases.
func account(t testing.TB, opt value.AccountOptions, purchases ...value.Trade) value.Account {
	t.Helper()
	a, err := value.NewAccount("test", "EUR", opt)
	require.NoError(t, err)
	a, err = a.Buy(purchases...)
	require.NoError(t, err)
	return a
}

// buy is a purchase in euros.
func buy(day date.Date, shares, price string) value.Trade {
	return value.Trade{Date: day, Shares: ratio.Number(shares), Price: ratio.Number(price)}
}

// sell is a sale in euros.
func sell(day date.Date, shares, price string, picks ...value.Pick) value.Sale {
	return value.Sale{Trade: buy(day, shares, price), Picks: picks}
}

// gainOf sells and returns the gain.
func gainOf(t testing.TB, a value.Account, s value.Sale) (value.Account, value.Result, string) {
	t.Helper()
	after, result, err := a.Sell(s)
	require.NoError(t, err)
	sum, err := result.Sum()
	require.NoError(t, err)
	return after, result, sum.Total.Amount.String()
}

func TestPublishedLots(t *testing.T) {
	for _, id := range []string{"beancount-fifo-2", "beancount-fifo-12"} {
		t.Run(id, func(t *testing.T) {
			var in struct {
				Lots [][3]any
				Sell int
			}
			var want struct{ Booked [][3]string }
			caseOf(t, id, &in, &want)
			var lots []value.Trade
			for _, l := range in.Lots {
				lots = append(lots, buy(date.Date(l[0].(string)), fmt.Sprint(l[1]), fmt.Sprint(l[2])))
			}
			a := account(t, value.AccountOptions{}, lots...)
			_, r, _ := gainOf(t, a, sell("2016-01-01", fmt.Sprint(in.Sell), "100"))
			require.Len(t, r.Gains, len(want.Booked))
			for i, w := range want.Booked {
				g := r.Gains[i]
				require.Equal(t, w[:2], []string{string(g.Lot), g.Shares.String()})
				require.True(t, ratio.MustParse(w[2]).Equal(g.Cost.Amount.Div(g.Shares)))
			}
			_, _, err := a.Sell(sell("2016-01-01", "16", "100"))
			require.ErrorIs(t, err, crossholding.ErrNotEnough)
		})
	}
	var in struct {
		Lots [][2]int
		Sell json.RawMessage
	}
	var want struct{ Average, Left, Gain string }
	caseOf(t, "beancount-average-49-100.5", &in, &want)
	a := account(t, value.AccountOptions{Method: value.MethodAverage}, buy("", fmt.Sprint(in.Lots[0][0]), fmt.Sprint(in.Lots[0][1])), buy("", fmt.Sprint(in.Lots[1][0]), fmt.Sprint(in.Lots[1][1])))
	a, r, _ := gainOf(t, a, sell("", string(in.Sell), "100"))
	require.Equal(t, want.Left, a.Shares().String())
	cost := ratio.Ratio{}
	for _, g := range r.Gains {
		cost = cost.Add(g.Cost.Amount)
	}
	require.True(t, ratio.MustParse(want.Average).Equal(cost.Div(ratio.MustParse(string(in.Sell)))))
	caseOf(t, "hledger-2581-average-gain", &in, &want)
	a = account(t, value.AccountOptions{Method: value.MethodAverage}, buy("", "10", "40"), buy("", "10", "60"))
	_, _, gain := gainOf(t, a, sell("", "20", "100"))
	require.Equal(t, want.Gain, gain)
}

// Complaints of users of other programs. Their sources stand beside the cases.
func TestReportedCases(t *testing.T) {
	t.Run("a total cost instead of a price", func(t *testing.T) { // beancount issue 168
		a := account(t, value.AccountOptions{},
			value.Trade{Date: "2020-01-01", Shares: "0.14161", Total: "150"}, value.Trade{Date: "2020-01-02", Shares: "0.118776", Total: "150"})
		_, r, _ := gainOf(t, a, sell("2021-01-01", "0.260386", "1000"))
		require.Equal(t, "-8.39", r.Gains[0].Total.Amount.String())
		require.Equal(t, "-31.224", r.Gains[1].Total.Amount.String())
	})
	t.Run("shares without cost", func(t *testing.T) { // rustledger issue 2396
		lots := []value.Trade{buy("2024-01-02", "10", "100"), {Date: "2024-02-02", Shares: "10"}}
		_, _, gain := gainOf(t, account(t, value.AccountOptions{}, lots...), sell("2024-03-01", "4", "110"))
		require.Equal(t, "40", gain)
		_, r, err := account(t, value.AccountOptions{Method: value.MethodLIFO}, lots...).Sell(sell("2024-03-01", "4", "110"))
		require.NoError(t, err)
		_, err = r.Sum()
		require.ErrorIs(t, err, crossholding.ErrNoCost)
		require.ErrorContains(t, err, "2024-02-02")
		for _, m := range []value.Method{value.MethodAverage, value.MethodHIFO} {
			_, _, err = account(t, value.AccountOptions{Method: m}, lots...).Sell(sell("2024-03-01", "4", "110"))
			require.ErrorIs(t, err, crossholding.ErrNoCost)
		}
	})
	t.Run("lots of one price", func(t *testing.T) { // rustledger issue 2097
		a := account(t, value.AccountOptions{Method: value.MethodSpecific}, buy("2022-05-01", "4", "74.09"), buy("2024-05-01", "16", "74.09"))
		_, _, err := a.Sell(sell("2024-06-01", "16", "67.70", value.Pick{Price: "74.09", Shares: "16"}))
		require.ErrorIs(t, err, value.ErrAmbiguous)
		require.ErrorContains(t, err, "16 of 20 shares at 74.09, which were bought in 2 lots that differ; name the day")
		a, r, gain := gainOf(t, a, sell("2024-06-01", "16", "67.70", value.Pick{Date: "2024-05-01"}))
		require.Equal(t, "-102.24", gain)
		require.Equal(t, "1185.44", r.Gains[0].Cost.Amount.String())
		require.Equal(t, []value.Lot{{Date: "2022-05-01", Shares: ratio.Int(4), Cost: euros("296.36"), Rate: ratio.Int(1)}}, a.Lots())
	})
	t.Run("a currency loss", func(t *testing.T) { // DeclaRenta pull 220 (DGT V2422-20)
		a := account(t, value.AccountOptions{}, value.Trade{Date: "2024-01-02", Shares: "10", Price: "120", Currency: "USD", Rate: "10/13"})
		s := value.Sale{Trade: value.Trade{Date: "2024-06-03", Shares: "10", Price: "120", Currency: "USD", Rate: "10/15"}}
		_, r, gain := gainOf(t, a, s)
		require.Equal(t, "-1600/13", gain)
		require.Equal(t, "0 USD", r.Gains[0].Local.String())
		require.Equal(t, "0", r.Gains[0].Price.Amount.String())
		require.Equal(t, "-1600/13", r.Gains[0].Currency.Amount.String())
	})
	t.Run("a price with its currency", func(t *testing.T) {
		a := account(t, value.AccountOptions{}, value.Trade{Date: "2024-01-02", Shares: "10", Price: "120 USD", Rate: "0.5"})
		cost, err := a.Cost()
		require.NoError(t, err)
		require.Equal(t, "600 EUR", cost.String())
	})
	t.Run("two lots of one day", func(t *testing.T) {
		a := account(t, value.AccountOptions{Method: value.MethodSpecific}, buy("2022-05-01", "4", "70"), buy("2022-05-01", "6", "80"))
		_, _, err := a.Sell(sell("2024-06-01", "5", "90", value.Pick{Date: "2022-05-01", Shares: "5"}))
		require.ErrorIs(t, err, value.ErrAmbiguous)
		_, _, gain := gainOf(t, a, sell("2024-06-01", "10", "90", value.Pick{Date: "2022-05-01"}))
		require.Equal(t, "140", gain)
		_, _, gain = gainOf(t, a, sell("2024-06-01", "5", "90", value.Pick{Date: "2022-05-01", Price: "80", Shares: "5"}))
		require.Equal(t, "50", gain)
	})
}

func TestAccountFaults(t *testing.T) {
	_, err := value.NewAccount("x", "euro", value.AccountOptions{})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	_, err = value.NewAccount("x", "EUR", value.AccountOptions{Method: "best"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	a := account(t, value.AccountOptions{}, buy("2020-01-01", "10", "5"), buy("2022-01-01", "10", "6"))
	for name, c := range map[string]struct {
		trade value.Trade
		kind  error
	}{
		"no shares":             {value.Trade{Price: "1"}, crossholding.ErrMissing},
		"negative shares":       {value.Trade{Shares: "-1"}, crossholding.ErrRange},
		"no number":             {value.Trade{Shares: "ten"}, ratio.ErrNumber},
		"price and total":       {value.Trade{Shares: "3", Price: "2", Total: "10"}, crossholding.ErrRange},
		"a bad day":             {value.Trade{Shares: "3", Date: "2020-13-01"}, crossholding.ErrDate},
		"a bad currency":        {value.Trade{Shares: "3", Currency: "$"}, crossholding.ErrCurrency},
		"a rate of nothing":     {value.Trade{Shares: "3", Currency: "USD", Rate: "0"}, crossholding.ErrRange},
		"two currencies":        {value.Trade{Shares: "3", Price: "5 USD", Currency: "JPY"}, crossholding.ErrCurrency},
		"a rate to itself":      {value.Trade{Shares: "3", Currency: "EUR", Rate: "2"}, crossholding.ErrRange},
		"a price with a letter": {value.Trade{Shares: "3", Price: "2x"}, ratio.ErrNumber},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := a.Buy(c.trade)
			require.ErrorIs(t, err, c.kind)
			require.ErrorContains(t, err, "account test")
		})
	}
	for name, c := range map[string]struct {
		sale value.Sale
		kind error
	}{
		"more than there is":  {sell("2023-01-01", "21", "7"), crossholding.ErrNotEnough},
		"before it is bought": {sell("2021-01-01", "11", "7"), crossholding.ErrDate},
		"no price":            {value.Sale{Trade: value.Trade{Date: "2023-01-01", Shares: "1"}}, crossholding.ErrMissing},
		"picks of no use":     {sell("2023-01-01", "1", "7", value.Pick{}), crossholding.ErrRange},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := a.Sell(c.sale)
			require.ErrorIs(t, err, c.kind)
		})
	}
	specific := account(t, value.AccountOptions{Method: value.MethodSpecific}, buy("2020-01-01", "10", "5"))
	for _, picks := range [][]value.Pick{{}, {{Date: "2020-01-02"}}, {{Shares: "11"}}, {{Shares: "1"}}, {{}, {}}} {
		_, _, err := specific.Sell(sell("2023-01-01", "2", "7", picks...))
		require.ErrorIs(t, err, crossholding.ErrNotEnough, "%v", picks)
	}
	_, err = a.Carry("2023-01-01", crossholding.Money{Currency: "USD"})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	_, err = a.Carry("2023-01-01", euros("-1"))
	require.ErrorIs(t, err, crossholding.ErrRange)
	_, err = account(t, value.AccountOptions{}).Carry("2023-01-01", euros("1"))
	require.ErrorIs(t, err, crossholding.ErrNotEnough)
	_, err = a.Unrealised(value.Quote{})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	_, err = a.Value(value.Quote{Price: "3", Currency: "USD"})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	for _, d := range []value.Dividend{{}, {PerShare: "1", Total: "2"}, {Total: "x"}} {
		_, _, err := a.Receive(d)
		require.Error(t, err)
	}
	_, _, err = account(t, value.AccountOptions{}).Receive(value.Dividend{PerShare: "1"})
	require.ErrorIs(t, err, crossholding.ErrNotEnough)
	_, err = value.Multiple([]value.Flow{flow(after(0), "1")})
	require.ErrorIs(t, err, ratio.ErrDivisionByZero)
	_, err = value.Multiple([]value.Flow{flow(after(0), "1"), {Amount: crossholding.Money{Currency: "USD"}}})
	require.ErrorIs(t, err, crossholding.ErrCurrency)
}

// Under any sequence of purchases and sales, by any method, no share and no yen is created or
// lost, and the parts of each gain add up.
func TestLotsKeepSharesAndMoney(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 4))
	methods := []value.Method{value.MethodFIFO, value.MethodLIFO, value.MethodHIFO, value.MethodAverage}
	currencies := []string{"EUR", "USD", "JPY"}
	for range testkit.Cases(400) {
		a := account(t, value.AccountOptions{Method: methods[r.IntN(len(methods))]})
		bought, spent, sold, realised, received := ratio.Ratio{}, ratio.Ratio{}, ratio.Ratio{}, ratio.Ratio{}, ratio.Ratio{}
		for step := range 12 {
			trade := value.Trade{
				Date: date.Date(after(30 * step)), Shares: ratio.Number(fmt.Sprintf("%d/%d", 1+r.IntN(90), 1+r.IntN(7))),
				Total: ratio.Number(fmt.Sprint(r.IntN(1000))), Fees: ratio.Number(fmt.Sprint(r.IntN(9))), Currency: currencies[r.IntN(3)],
			}
			if trade.Currency != "EUR" {
				trade.Rate = ratio.Number(fmt.Sprintf("%d/%d", 1+r.IntN(200), 1+r.IntN(200)))
			}
			shares := ratio.MustParse(string(trade.Shares))
			if r.IntN(3) > 0 {
				var err error
				a, err = a.Buy(trade)
				require.NoError(t, err)
				bought = bought.Add(shares)
				continue
			}
			after, result, err := a.Sell(value.Sale{Trade: trade})
			if errors.Is(err, crossholding.ErrNotEnough) {
				require.True(t, a.Shares().Less(shares))
				continue
			}
			require.NoError(t, err)
			a, sold = after, sold.Add(shares)
			for _, g := range result.Gains {
				if require.NoError(t, g.Unknown); g.Unsplit != nil {
					require.ErrorIs(t, g.Unsplit, crossholding.ErrNoPrice)
					continue
				}
				require.True(t, g.Total.Amount.Equal(g.Price.Amount.Add(g.Split.Currency.Amount).Add(g.Joint.Amount)))
				require.True(t, g.Local.Amount.Equal(g.Proceeds.Amount.Sub(g.Cost.Amount)))
			}
			total, err := result.Total()
			require.NoError(t, err)
			realised = realised.Add(total.Amount)
		}
		require.True(t, a.Shares().Equal(bought.Sub(sold)))
		flows, err := a.Flows()
		require.NoError(t, err)
		for _, f := range flows {
			if f.Amount.Amount.Sign() < 0 {
				spent = spent.Sub(f.Amount.Amount)
			} else {
				received = received.Add(f.Amount.Amount)
			}
		}
		left, err := a.Cost()
		require.NoError(t, err)
		// What was received less what was spent is what was gained less what is left at cost.
		require.True(t, received.Sub(spent).Equal(realised.Sub(left.Amount)), "%s, %s, %s, %s", received, spent, realised, left)
	}
}

// An amount that is not known is left out in JSON, and the reason is told.
func TestUnknownGainAsJSON(t *testing.T) {
	one := crossholding.Money{Amount: ratio.Int(1), Currency: "EUR"}
	text, err := json.Marshal(value.Gain{Lot: "2024-01-02", Shares: ratio.Int(2), Proceeds: one, Unknown: crossholding.ErrNoCost})
	require.NoError(t, err)
	require.JSONEq(t, `{"lot":"2024-01-02","shares":"2","proceeds":{"amount":"1","currency":"EUR"},"unknown":"`+crossholding.ErrNoCost.Error()+`"}`, string(text))
	text, err = json.Marshal(value.Gain{Cost: one, Proceeds: one, Split: value.Split{Total: crossholding.Money{Currency: "USD"}}, Unsplit: crossholding.ErrNoPrice})
	require.NoError(t, err)
	require.JSONEq(t, `{"shares":"0","cost":{"amount":"1","currency":"EUR"},"proceeds":{"amount":"1","currency":"EUR"},`+
		`"total":{"amount":"0","currency":"USD"},"unsplit":"`+crossholding.ErrNoPrice.Error()+`"}`, string(text))
}
