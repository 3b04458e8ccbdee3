package crossholding

import (
	"strings"

	"github.com/crossholding/crossholding/internal/iso4217"
	"github.com/crossholding/crossholding/ratio"
)

// Money is an exact amount in one currency. It is plain data. The zero value is 0
// without a currency. Amounts that are paid out are negative.
type Money struct {
	Amount   ratio.Ratio `json:"amount"`
	Currency string      `json:"currency,omitempty"` // ISO 4217
}

// Round returns the amount rounded to the smallest unit of its currency: cents of a
// euro, whole yen.
func (m Money) Round(mode ratio.Rounding) Money {
	d := m.Amount.Round(iso4217.MinorUnits(m.Currency), mode)
	return Money{ratio.FromRat(d.Rat()), m.Currency}
}

// maxShownDecimals is the largest number of decimals of an amount that String does not
// round.
const maxShownDecimals = 6

// String returns the amount and the currency, as in "568.5 JPY". If the amount is not a
// decimal with at most six decimals, String rounds it half to even to the smallest unit
// of the currency: 351593750/13 EUR is "27045673.08 EUR". Amount is exact.
func (m Money) String() string {
	text := m.Amount.String()
	if places, ends := m.Amount.Decimals(); !ends || places > maxShownDecimals {
		n := iso4217.MinorUnits(m.Currency)
		text = m.Amount.Decimal(n).StringFixed(int32(n))
	}
	return strings.TrimSuffix(text+" "+m.Currency, " ")
}
