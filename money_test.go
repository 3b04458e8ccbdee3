package crossholding_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

func TestMoney(t *testing.T) {
	for want, m := range map[string]crossholding.Money{
		"568.5 JPY":       {Amount: ratio.MustParse("568.5"), Currency: "JPY"},
		"27045673.08 EUR": {Amount: ratio.Of(351593750, 13), Currency: "EUR"},
		"27045673 JPY":    {Amount: ratio.Of(351593750, 13), Currency: "JPY"},
		"0.333 KWD":       {Amount: ratio.Of(1, 3), Currency: "KWD"},
		"-0.33 EUR":       {Amount: ratio.Of(-1, 3), Currency: "EUR"},
		"0.123456 EUR":    {Amount: ratio.MustParse("0.123456"), Currency: "EUR"},
		"0.12 EUR":        {Amount: ratio.MustParse("0.1234567"), Currency: "EUR"},
		"7":               {Amount: ratio.Int(7)},
	} {
		require.Equal(t, want, m.String())
	}
	half := crossholding.Money{Amount: ratio.MustParse("2.5"), Currency: "JPY"}
	require.Equal(t, "2 JPY", half.Round(ratio.HalfEven).String())
	require.Equal(t, "3 JPY", half.Round(ratio.HalfUp).String())
	require.Equal(t, "-0.01 EUR", crossholding.Money{Amount: ratio.MustParse("-0.005"), Currency: "EUR"}.Round(ratio.HalfUp).String())
}

// The cost of a stake is exact; what is paid is whole cents.
func ExampleMoney_Round() {
	cost := crossholding.Money{Amount: ratio.Of(351593750, 13), Currency: "EUR"}
	fmt.Println(cost.Round(ratio.HalfUp))
	// Output: 27045673.08 EUR
}

// A price keeps all of its decimals in a market, in a book and in a step.
func TestPricesAreNotRounded(t *testing.T) {
	const price = "422.31232454999996173139 JPY"
	a, err := crossholding.New(crossholding.Book{
		Companies: []crossholding.Company{{ID: "x", Currency: "JPY", Shares: []crossholding.ShareClass{{Issued: "10"}}}},
		Market:    &crossholding.Market{Prices: map[string]string{"x": price}},
	})
	require.NoError(t, err)
	require.Equal(t, price, a.Market().Prices["x"])
	require.Equal(t, price, a.Book().Market.Prices["x"])
	const other = "0.0000001 JPY"
	o, err := scenario.Run(t.Context(), a, scenario.Scenario{Steps: []scenario.Step{{Step: scenario.StepReprice, Prices: map[string]string{"x": other}}}})
	require.NoError(t, err)
	require.Equal(t, other, o.After.Market().Prices["x"])
}
