package whatif_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/internal/booktest"
	"github.com/crossholding/crossholding/scenario"
	"github.com/crossholding/crossholding/whatif"
)

// pair is two companies that hold one another: a has 30% of b, and b has 10% of a.
func pair() crossholding.Book {
	shares := []crossholding.ShareClass{{Issued: "100"}}
	return crossholding.Book{
		Companies: []crossholding.Company{{ID: "a", Currency: "EUR", Shares: shares}, {ID: "b", Currency: "EUR", Shares: shares}},
		Stakes:    []crossholding.Stake{{Holder: "a", Issuer: "b", Shares: "30"}, {Holder: "b", Issuer: "a", Shares: "10"}},
		Market:    &crossholding.Market{Currency: "EUR", Prices: map[string]string{"a": "2", "b": "5"}},
	}
}

// What a's own business is worth to the market before and after it sells a third of its stake.
func ExampleFigure_At_ownBusiness() {
	a, err := crossholding.New(pair())
	check(err)
	out, err := scenario.Run(context.Background(), a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "a", To: "float:b", Issuer: "b", Shares: "10", Price: "5"},
	}})
	check(err)
	for _, kind := range []whatif.FigureKind{whatif.OwnBusiness, whatif.StakesValue, whatif.ExternalValue} {
		figure := whatif.Figure{Kind: kind, Holder: "a"}
		before, err := figure.At(context.Background(), out.Before, whatif.Options{})
		check(err)
		after, err := figure.At(context.Background(), out.After, whatif.Options{})
		check(err)
		fmt.Println(figure, before, after)
	}
	// Output:
	// own business of a 50 100
	// stakes value of a 150 100
	// external value of a 180 180
}

func TestLookThroughFigures(t *testing.T) {
	a := booktest.New(t, pair())
	_, err := whatif.Figure{Kind: whatif.OwnBusiness, Holder: "a", Issuer: "b"}.At(t.Context(), a, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrSyntax)
	_, err = whatif.Figure{Kind: whatif.OwnBusiness, Holder: "zoe"}.At(t.Context(), a, whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrUnknown)
	b := pair()
	b.Market.Prices = map[string]string{"a": "2"}
	_, err = whatif.Figure{Kind: whatif.OwnBusiness, Holder: "a"}.At(t.Context(), booktest.New(t, b), whatif.Options{})
	require.ErrorIs(t, err, crossholding.ErrNoPrice)
	require.ErrorContains(t, err, "b")
}
