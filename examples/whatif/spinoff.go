package main

import (
	"context"
	"fmt"
	"io"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/ratio"
	"github.com/crossholding/crossholding/scenario"
)

// spinOffs prints two spin-offs as brokers book them, from public reports.
func spinOffs(ctx context.Context, w io.Writer) error {
	if err := fractionInCash(ctx, w); err != nil {
		return err
	}
	return costOfAPool(ctx, w)
}

// fractionInCash: 94 shares at €21.20; 0.241917 new shares for each; the fraction is paid in
// cash. The price of a new share is what the report's €13.18 are for 0.740198 of one.
func fractionInCash(ctx context.Context, w io.Writer) error {
	a, err := crossholding.New(crossholding.Book{
		AsOf:      "2024-01-02",
		Companies: []crossholding.Company{{ID: "parent", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "94"}}}},
		Parties:   []crossholding.Party{{ID: "holder"}},
		Stakes: []crossholding.Stake{{Holder: "holder", Issuer: "parent", Shares: "94",
			Lots: []crossholding.Lot{{Date: "2020-03-04", Shares: "94", Price: "21.20 EUR"}}}},
	})
	if err != nil {
		return err
	}
	out, err := scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{{
		Step: scenario.StepSpinOff, Issuer: "parent", Ratio: "0.241917:1", Fractions: scenario.FractionsCash, Price: "17.8058 EUR",
		Company:   &crossholding.Company{ID: "new", Currency: "EUR", Shares: []crossholding.ShareClass{{Issued: "22"}}},
		CostShare: scenario.CostShare{"": "19.4793%"},
	}}})
	if err != nil {
		return err
	}
	due := ratio.Int(94).Mul(ratio.MustParse("0.241917"))
	fmt.Fprintf(w, "94 shares bought at €21.20, 0.241917 new ones for each\n  %s due, %s delivered", due, due.Floor())
	for _, c := range out.Cash {
		if c.Party == "holder" {
			fmt.Fprintf(w, ", %s paid for the rest", c.Round(ratio.HalfEven))
		}
	}
	fmt.Fprintln(w)
	return costs(w, out.After, ratio.MustParse("1992.80"), crossholding.ValuationOptions{})
}

// costOfAPool: 10 shares at 10 USD, of which 5 are sold at 60 USD, then 10% of the cost goes
// to a new company. What moves is a part of the cost of those that are left, 50 USD, and
// not of what is left after the proceeds. In pounds it is at the rate of the purchase.
func costOfAPool(ctx context.Context, w io.Writer) error {
	a, err := crossholding.New(crossholding.Book{
		AsOf: "2024-01-01",
		Companies: []crossholding.Company{
			{ID: "new", Currency: "USD", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
			{ID: "parent", Currency: "USD", Shares: []crossholding.ShareClass{{Issued: "1000"}}},
		},
		Parties: []crossholding.Party{{ID: "buyer"}, {ID: "holder"}},
		Stakes: []crossholding.Stake{
			{Holder: "holder", Issuer: "parent", Shares: "10", Lots: []crossholding.Lot{{Date: "2020-01-02", Shares: "10", Price: "10 USD"}}},
			{Holder: "parent", Issuer: "new", Shares: "1000"},
		},
		Market: &crossholding.Market{Currency: "GBP", FX: map[string]ratio.Number{"USD/GBP": "1"}},
	})
	if err != nil {
		return err
	}
	out, err := scenario.Run(ctx, a, scenario.Scenario{Steps: []scenario.Step{
		{Step: scenario.StepTrade, From: "holder", To: "buyer", Issuer: "parent", Shares: "5", Price: "60 USD", Method: scenario.LotMethodAverage},
		{Step: scenario.StepDistribute, Issuer: "parent", Asset: "new", Ratio: "1:1", CostShare: scenario.CostShare{"": "10%"}},
	}})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\n10 shares bought at $10 when a dollar was half a pound, 5 sold at $60, then 10%% of the cost goes to new shares\n")
	fmt.Fprintf(w, "  gain of the sale %s\n", out.Gains[0].Gain)
	if err := costs(w, out.After, ratio.Int(50), crossholding.ValuationOptions{Currency: "USD"}); err != nil {
		return err
	}
	half := map[date.Date]map[string]ratio.Number{"2020-01-02": {"USD/GBP": "0.5"}}
	return costs(w, out.After, ratio.Int(25), crossholding.ValuationOptions{LotFX: half})
}

// costs prints what is left of a cost, and what moved to the new shares.
func costs(w io.Writer, a *crossholding.Alliance, paid ratio.Ratio, opt crossholding.ValuationOptions) error {
	v, err := a.Value(a.Market(), opt)
	if err != nil {
		return err
	}
	s, err := v.Stake("holder", "parent")
	if err != nil {
		return err
	}
	left, err := s.Cost()
	if err != nil {
		return err
	}
	moved := crossholding.Money{Amount: paid.Sub(left.Amount), Currency: left.Currency}
	fmt.Fprintf(w, "  cost left %s (%s%%), moved to the new shares %s (%s%%)\n",
		left.Round(ratio.HalfEven), left.Amount.Div(paid).Percent(4), moved.Round(ratio.HalfEven), moved.Amount.Div(paid).Percent(4))
	return nil
}
