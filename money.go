package crossholding

import (
	"fmt"
	"strings"

	"github.com/crossholding/crossholding/ratio"
)

// Money is an exact amount in one currency. Plain data; the zero value is
// nothing in no currency. Amounts that are paid out are negative.
type Money struct {
	Amount   ratio.Ratio `json:"amount"`
	Currency string      `json:"currency,omitempty"` // ISO 4217
}

// String returns the amount and the currency, as in "568.5 JPY".
func (m Money) String() string {
	return strings.TrimSuffix(m.Amount.String()+" "+m.Currency, " ")
}

func (m money) public() Money { return Money{m.amount, m.currency} }

// money is an amount in a currency.
type money struct {
	amount   ratio.Ratio
	currency string
}

func (m money) String() string { return fmt.Sprintf("%s %s", m.amount, m.currency) }
