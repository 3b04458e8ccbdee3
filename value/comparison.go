package value

import (
	"fmt"

	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/ratio"
)

// Comparison is whether a value is less than a fraction of a cost, with the arithmetic. It is
// an immutable value.
type Comparison struct {
	Value     crossholding.Money `json:"value"`
	Cost      crossholding.Money `json:"cost"`
	Fraction  ratio.Ratio        `json:"fraction"`
	Threshold crossholding.Money `json:"threshold"` // Fraction × Cost
	Ratio     ratio.Ratio        `json:"ratio"`     // Value / Cost
	// Below says whether Value is less than Threshold. A value of exactly the threshold is not.
	Below bool `json:"below"`
}

// Compare asks whether a value is less than a fraction of a cost, such as half, exactly. Both
// must be in one currency: convert one of them with [Rates.Convert], and say at which rate.
// It fails with [crossholding.ErrCurrency] for two currencies, and with
// [crossholding.ErrRange] if the cost is not above 0 or the fraction is negative.
func Compare(value, cost crossholding.Money, fraction ratio.Ratio) (Comparison, error) {
	if err := sameCurrency("value and cost", value, cost); err != nil {
		return Comparison{}, err
	}
	if cost.Amount.Sign() <= 0 {
		return Comparison{}, fail(crossholding.ErrRange, "a value of %s beside a cost of %s, which is not above 0", value, cost)
	}
	if fraction.Sign() < 0 {
		return Comparison{}, fail(crossholding.ErrRange, "a fraction of %s of the cost", fraction)
	}
	c := Comparison{Value: value, Cost: cost, Fraction: fraction, Threshold: money(fraction.Mul(cost.Amount), cost.Currency)}
	c.Ratio, c.Below = value.Amount.Div(cost.Amount), value.Amount.Less(c.Threshold.Amount)
	return c, nil
}

// String returns the comparison as a clause, such as "40 EUR is 40% of 100 EUR: less than 50%".
func (c Comparison) String() string {
	word := "not less than"
	if c.Below {
		word = "less than"
	}
	return fmt.Sprintf("%s is %s of %s: %s %s", c.Value, c.Ratio.ShortPercent(), c.Cost, word, c.Fraction.ShortPercent())
}
