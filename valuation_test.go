package crossholding_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// mitsubishi is Nissan's stake of 2016 as it was bought.
func mitsubishi() crossholding.Book {
	return crossholding.Book{
		AsOf: "2022-12-31",
		Companies: []crossholding.Company{
			{
				ID: "mitsubishi", Country: "JP", Currency: "JPY",
				Shares: []crossholding.ShareClass{{Issued: "1490282496", Treasury: "3300000"}},
			},
			{ID: "nissan", Country: "JP", Currency: "JPY"},
		},
		Stakes: []crossholding.Stake{{
			Holder: "nissan", Issuer: "mitsubishi", Shares: "506620577",
			Lots: []crossholding.Lot{{Date: "2016-10-20", Shares: "506620577", Price: "468.52"}},
		}},
	}
}

func TestMitsubishiWorthLessThanHalf(t *testing.T) {
	a := booktest.New(t, mitsubishi())
	for _, tc := range []struct{ rate, percent, exact string }{
		// 950,000,000 x rate / 237,361,872,736.04
		{"109.316", "43.8", "103850200000/237361872736.04"},
		{"103.607", "41.5", "98426650000/237361872736.04"},
	} {
		t.Run(tc.rate, func(t *testing.T) {
			v, err := a.Value(crossholding.Market{
				Currency: "JPY",
				FX:       map[string]ratio.Number{"USD/JPY": ratio.Number(tc.rate)},
			}, crossholding.ValuationOptions{})
			require.NoError(t, err)
			s, err := v.Stake("nissan", "mitsubishi")
			require.NoError(t, err)
			cost, err := s.Cost()
			require.NoError(t, err)
			booktest.RequireRatio(t, "237361872736.04", cost.Amount)
			require.Equal(t, "237361872736", cost.Amount.Decimal(0).String())
			worth, err := v.Convert(crossholding.Money{Amount: ratio.Int(950_000_000), Currency: "USD"}, "JPY")
			require.NoError(t, err)
			r := worth.Amount.Div(cost.Amount)
			booktest.RequireRatio(t, tc.exact, r)
			require.Equal(t, tc.percent, r.Percent(1).String())
			require.True(t, r.Less(ratio.MustParse("1/2")))
			_, err = s.Ratio()
			require.ErrorIs(t, err, crossholding.ErrNoPrice)
		})
	}
}

func TestMitsubishiSaleBack(t *testing.T) {
	out, err := scenario.Run(t.Context(), booktest.New(t, mitsubishi()), scenario.Scenario{Steps: []scenario.Step{
		{Step: "buyback", Date: "2024-11-08", From: "nissan", Issuer: "mitsubishi", Shares: "149028300", Price: "460.6 JPY"},
		{Step: "cancel", Date: "2024-11-29", Issuer: "mitsubishi", Shares: "29805650"},
	}})
	require.NoError(t, err)
	booktest.RequireRatio(t, "68642434980", out.Steps[0].Paid.Amount)
	require.Len(t, out.Gains, 1)
	booktest.RequireRatio(t, "-1180304136", out.Gains[0].Gain.Amount)
	booktest.RequireRatio(t, "357592277", booktest.SharesOf(t, out.After, "nissan", "mitsubishi"))
	issued, treasury := booktest.Shares(t, out.After, "mitsubishi")
	booktest.RequireRatio(t, "1460476846", issued)
	booktest.RequireRatio(t, "122522650", treasury)
	percent := ratio.Int(357592277).Div(issued.Sub(treasury))
	require.Equal(t, "26.73", percent.Percent(2).String())
}

func TestCashOfDisposalsInEuro(t *testing.T) {
	for _, tc := range []struct{ shares, price, rate, millions string }{
		{"211000000", "568.5", "157.13", "763.4"},
		{"99132100", "593.4", "163.45", "359.9"},
	} {
		b := mitsubishi()
		b.Stakes[0].Lots = nil
		v, err := booktest.New(t, b).Value(crossholding.Market{
			FX: map[string]ratio.Number{"EUR/JPY": ratio.Number(tc.rate)},
		}, crossholding.ValuationOptions{})
		require.NoError(t, err)
		paid := ratio.MustParse(tc.shares).Mul(ratio.MustParse(tc.price))
		euro, err := v.Convert(crossholding.Money{Amount: paid, Currency: "JPY"}, "EUR")
		require.NoError(t, err)
		require.Equal(t, tc.millions, euro.Amount.Mul(ratio.MustParse("0.000001")).Decimal(1).String())
	}
}

func TestStakeValue(t *testing.T) {
	a := booktest.New(t, booktest.SmallBook())
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	require.NoError(t, err)

	s, err := v.Stake("renault", "nissan")
	require.NoError(t, err)
	require.Equal(t, "EUR", s.Currency)
	booktest.RequireRatio(t, "434", s.Shares)
	booktest.RequireRatio(t, "334", s.Covered)
	booktest.RequireRatio(t, "100", s.Uncovered())
	require.Equal(t, "147000 JPY", s.Paid[0].String())
	value, err := s.Value()
	require.NoError(t, err)
	booktest.RequireRatio(t, "1627.5", value.Amount) // 434 x 600 / 160
	for _, figure := range []func() error{
		func() error { _, err := s.Cost(); return err },
		func() error { _, err := s.Gain(); return err },
		func() error { _, err := s.Ratio(); return err },
	} {
		err := figure()
		require.ErrorIs(t, err, crossholding.ErrNoCost)
		require.ErrorContains(t, err, "renault in nissan: no lot covers 100 of 434 shares")
	}
	known := s.KnownCost()
	cost, err := known.Cost()
	require.NoError(t, err)
	booktest.RequireRatio(t, "918.75", cost.Amount)
	ratio, err := known.Ratio()
	require.NoError(t, err)
	booktest.RequireRatio(t, "334/245", ratio) // 334 x 600 over 200 x 400 + 134 x 500
	gain, err := known.Gain()
	require.NoError(t, err)
	booktest.RequireRatio(t, "333.75", gain.Amount)

	s, err = v.Stake("renault", "venture")
	require.NoError(t, err)
	_, err = s.Value()
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	s, err = v.Stake("fund", "renault")
	require.NoError(t, err)
	_, err = s.Ratio()
	require.ErrorIs(t, err, crossholding.ErrNoCost)
	s, err = v.Stake("float:nissan", "nissan")
	require.NoError(t, err)
	booktest.RequireRatio(t, "416", s.Shares)
	_, err = v.Stake("nobody", "nissan")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = v.Stake("renault", "fund")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
}

func TestStakesAndPortfolio(t *testing.T) {
	b := booktest.SmallBook()
	b.Stakes = append(b.Stakes, crossholding.Stake{Holder: "trust", Beneficiary: "fund", Voter: crossholding.Neutral, Issuer: "nissan", Shares: "20"})
	a := booktest.New(t, b)
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{Currency: "JPY"})
	require.NoError(t, err)
	var rows []string
	for s := range v.Stakes() {
		rows = append(rows, fmt.Sprintf("%s %s %s", s.Holder, s.Issuer, s.Shares))
	}
	require.Equal(t, []string{"fund nissan 120", "nissan renault 45", "nissan venture 40", "renault nissan 434", "renault venture 60", "state renault 50"}, rows)
	require.True(t, slices.IsSorted(rows))
	p, err := v.Portfolio("fund")
	require.NoError(t, err)
	value, err := p.Value()
	require.NoError(t, err)
	require.Equal(t, "72000 JPY", value.String())
	_, err = p.Cost()
	require.ErrorIs(t, err, crossholding.ErrNoCost)
	p, err = v.Portfolio("nissan")
	require.NoError(t, err)
	_, err = p.Value()
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	_, err = v.Portfolio("nobody")
	require.ErrorIs(t, err, crossholding.ErrUnknown)

	v, err = a.Value(crossholding.Market{Prices: a.Market().Prices}, crossholding.ValuationOptions{})
	require.NoError(t, err)
	s, err := v.Stake("renault", "nissan")
	require.NoError(t, err)
	require.Equal(t, "JPY", s.Currency, "without a currency of its own, a valuation is in the issuer's")
}

func TestConvertByTwoLegs(t *testing.T) {
	v, err := booktest.New(t, booktest.SmallBook()).Value(crossholding.Market{FX: map[string]ratio.Number{"EUR/JPY": "160", "EUR/USD": "1.25"}}, crossholding.ValuationOptions{})
	require.NoError(t, err)
	for _, tc := range []struct{ from, to, want string }{
		{"EUR", "JPY", "16000"}, {"JPY", "EUR", "0.625"}, {"USD", "JPY", "12800"}, {"JPY", "USD", "0.78125"}, {"EUR", "EUR", "100"},
	} {
		m, err := v.Convert(crossholding.Money{Amount: ratio.Int(100), Currency: tc.from}, tc.to)
		require.NoError(t, err)
		booktest.RequireRatio(t, tc.want, m.Amount)
		require.Equal(t, tc.to, m.Currency)
	}
	_, err = v.Convert(crossholding.Money{Amount: ratio.Int(1), Currency: "EUR"}, "GBP")
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	_, err = booktest.New(t, booktest.SmallBook()).Value(crossholding.Market{Prices: map[string]string{"x": "1 EUR"}}, crossholding.ValuationOptions{Currency: "euro"})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	require.ErrorIs(t, err, crossholding.ErrCurrency)
}

func TestPortfolioInOneCurrency(t *testing.T) {
	b := booktest.SmallBook()
	b.Market.Currency = ""
	a := booktest.New(t, b)
	v, err := a.Value(a.Market(), crossholding.ValuationOptions{})
	require.NoError(t, err)
	_, err = v.Portfolio("renault") // nissan in yen, venture in no currency
	require.ErrorIs(t, err, crossholding.ErrCurrency)
	p, err := v.Portfolio("float:renault")
	require.NoError(t, err)
	value, err := p.Value()
	require.NoError(t, err)
	require.Equal(t, "8200 EUR", value.String())
	for range v.Stakes() {
		break
	}
	var none *crossholding.Valuation = &crossholding.Valuation{}
	_, err = none.Stake("a", "b")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	_, err = none.Portfolio("a")
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	for range none.Stakes() {
		t.Fatal("nobody has nothing")
	}
}

// TestCostNeedsARate: lots in a currency that the market cannot reach.
func TestCostNeedsARate(t *testing.T) {
	a := booktest.New(t, booktest.SmallBook())
	v, err := a.Value(crossholding.Market{Currency: "JPY", Prices: map[string]string{"nissan": "600"}}, crossholding.ValuationOptions{})
	require.NoError(t, err)
	s, err := v.Stake("fund", "nissan")
	require.NoError(t, err)
	_, err = s.Cost()
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	require.ErrorContains(t, err, "no rate EUR/JPY (cost of fund in nissan)")
	require.Equal(t, "970 EUR", s.Paid[0].String(), "what was paid is known all the same")
}

// TestLotFX is a sale at the price of the purchase, in another currency: the cost of 10
// shares at 120 USD is 12,000/13 euros at 1.3 dollars a euro, and their value 800 euros at
// 1.5 (the case of a German tax ruling that portfolio programs discuss, DGT V2422-20; not
// verified).
func TestLotFX(t *testing.T) {
	book := booktest.Stock("10", crossholding.Lot{Date: "2023-01-02", Shares: "4", Price: "120 USD"},
		crossholding.Lot{Date: "2024-01-02", Shares: "6", Price: "120 USD"})
	a := booktest.New(t, book)
	market := crossholding.Market{Currency: "EUR", Prices: map[string]string{"stock": "120 USD"}, FX: map[string]ratio.Number{"EUR/USD": "1.5"}}
	gain := func(by map[date.Date]map[string]ratio.Number) (crossholding.Money, error) {
		v, err := a.Value(market, crossholding.ValuationOptions{LotFX: by})
		require.NoError(t, err)
		s, err := v.Stake("fund", "stock")
		require.NoError(t, err)
		require.Equal(t, "1200 USD", fmt.Sprint(s.Paid[0]))
		return s.Gain()
	}
	same := map[string]ratio.Number{"EUR/USD": "1.3"}
	for name, c := range map[string]struct {
		by   map[date.Date]map[string]ratio.Number
		want string
	}{
		"today's rate": {nil, "0"},
		"one rate":     {map[date.Date]map[string]ratio.Number{"2023-01-02": same, "2024-01-02": same}, "-1600/13"},
		"two rates":    {map[date.Date]map[string]ratio.Number{"2023-01-02": {"EUR/USD": "1.2"}, "2024-01-02": {"USD/EUR": "0.8"}}, "-176"},
		"third currency": {map[date.Date]map[string]ratio.Number{"2023-01-02": {"EUR/JPY": "150", "USD/JPY": "100"},
			"2024-01-02": {"EUR/USD": "1.5"}}, "0"},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := gain(c.by)
			require.NoError(t, err)
			booktest.RequireRatio(t, c.want, m.Amount)
		})
	}
	_, err := gain(map[date.Date]map[string]ratio.Number{"2023-01-02": same})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	require.ErrorContains(t, err, "no rate USD/EUR on 2024-01-02 (cost of fund in stock)")
	_, err = a.Value(market, crossholding.ValuationOptions{LotFX: map[date.Date]map[string]ratio.Number{"2023-13-01": {"EUR/USD": "0"}}})
	var in *crossholding.InputError
	require.ErrorAs(t, err, &in)
	require.Len(t, in.Faults, 2)

	undated := booktest.New(t, booktest.Stock("1", crossholding.Lot{Shares: "1", Price: "120 USD"}))
	for _, by := range []map[date.Date]map[string]ratio.Number{{"": same}, {}} {
		v, err := undated.Value(market, crossholding.ValuationOptions{LotFX: by})
		require.NoError(t, err)
		s, err := v.Stake("fund", "stock")
		require.NoError(t, err)
		if cost, err := s.Cost(); len(by) > 0 {
			require.NoError(t, err)
			booktest.RequireRatio(t, "1200/13", cost.Amount)
		} else {
			require.ErrorContains(t, err, "for lots without a date")
		}
	}
}

// TestFreeShares cost nothing, so their value is no multiple of it.
func TestFreeShares(t *testing.T) {
	b := booktest.Stock("5", crossholding.Lot{Shares: "5", Price: "0"})
	v, err := booktest.New(t, b).Value(crossholding.Market{Prices: map[string]string{"stock": "1"}}, crossholding.ValuationOptions{})
	require.NoError(t, err)
	s, err := v.Stake("fund", "stock")
	require.NoError(t, err)
	gain, err := s.Gain()
	require.NoError(t, err)
	require.Equal(t, "5 USD", gain.String())
	_, err = s.Ratio()
	require.ErrorIs(t, err, ratio.ErrDivisionByZero)
}

// TestClassesHaveTheirOwnPrices values a stake over two classes, of which one
// has no price at first.
func TestClassesHaveTheirOwnPrices(t *testing.T) {
	b := crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "EUR", Shares: []crossholding.ShareClass{{Class: "common", Issued: "10"}, {Class: "preferred", Issued: "10"}}}},
		Parties:   []crossholding.Party{{ID: "a"}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "x", Class: "common", Shares: "4"}, {Holder: "a", Issuer: "x", Class: "preferred", Shares: "3"}},
	}
	for _, tc := range []struct {
		prices map[string]string
		want   string
	}{
		{map[string]string{"x/common": "10"}, ""},
		{map[string]string{"x/common": "10", "x/preferred": "7"}, "61 EUR"},
		{map[string]string{"x": "10", "x/preferred": "7"}, "61 EUR"},
		{map[string]string{"x": "10"}, "70 EUR"},
	} {
		v, err := booktest.New(t, b).Value(crossholding.Market{Prices: tc.prices}, crossholding.ValuationOptions{})
		require.NoError(t, err)
		s, err := v.Stake("a", "x")
		require.NoError(t, err)
		value, err := s.Value()
		if tc.want == "" {
			require.ErrorIs(t, err, crossholding.ErrNoPrice)
			require.ErrorContains(t, err, "x (preferred)")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, tc.want, value.String())
	}
}

// Of several ways between two currencies the first by name is taken, however
// its rates are written.
func TestConversionByTwoLegs(t *testing.T) {
	for _, fx := range []map[string]ratio.Number{
		{"JPY/AUD": "0.01", "AUD/GBP": "0.5", "CHF/JPY": "1000", "CHF/GBP": "1"},
		{"AUD/JPY": "100", "GBP/AUD": "2", "CHF/JPY": "1000", "CHF/GBP": "1"},
	} {
		v, err := booktest.New(t, crossholding.Book{}).Value(crossholding.Market{FX: fx}, crossholding.ValuationOptions{})
		require.NoError(t, err)
		m, err := v.Convert(crossholding.Money{Amount: ratio.Int(1000), Currency: "JPY"}, "GBP")
		require.NoError(t, err)
		require.Equal(t, "5 GBP", m.String())
		_, err = v.Convert(m, "USD")
		require.ErrorIs(t, err, crossholding.ErrNoPrice)
		require.ErrorContains(t, err, "GBP/USD")
	}
	many := map[string]ratio.Number{}
	for i := range 1001 {
		many[fmt.Sprintf("EUR/%c%c%c", 'A'+i/676, 'A'+i/26%26, 'A'+i%26)] = "1"
	}
	_, err := booktest.New(t, crossholding.Book{}).Value(crossholding.Market{FX: many}, crossholding.ValuationOptions{})
	require.ErrorIs(t, err, crossholding.ErrTooLarge)
	require.ErrorContains(t, err, "1001 rates")
}

// Two rates of one pair must agree within the digits given.
func TestInverseRates(t *testing.T) {
	for name, tc := range map[string]struct {
		eur, jpy ratio.Number
		fault    string
	}{
		"exact":             {"160", "0.00625", ""},
		"rounded":           {"157.13", "0.00636", ""},
		"rounded both":      {"157.1", "0.006365", ""},
		"exponent":          {"1.6e2", "6.25e-3", ""},
		"trailing zeros":    {"160.00", "0.006250", ""},
		"no inverse":        {"160", "0.01", "EUR/JPY 160 and JPY/EUR 0.01 contradict each other: the inverse of 160 is 0.00625"},
		"beyond the digits": {"157.13", "0.00637", "contradict"},
		"few digits":        {"160", "0.006", "contradict"},
		"many zeros":        {"1.60e2", "6.2500000000000000000000000000000e-3", ""},
		"same":              {"160", "160", "contradict"},
		"not a number":      {"160", "x", "not a decimal number"},
		"zero":              {"160", "0", "not above 0"},
	} {
		t.Run(name, func(t *testing.T) {
			market := crossholding.Market{FX: map[string]ratio.Number{"EUR/JPY": tc.eur, "JPY/EUR": tc.jpy, "USD/JPY": "150"}}
			a, err := crossholding.New(crossholding.Book{Market: &market})
			if tc.fault != "" {
				require.ErrorContains(t, err, tc.fault)
				var in *crossholding.InputError
				require.ErrorAs(t, err, &in)
				require.Len(t, in.Faults, 1)
				require.Equal(t, "market.fx.JPY/EUR", in.Faults[0].Place)
				return
			}
			require.NoError(t, err)
			booktest.New(t, a.Book())
		})
	}
}
