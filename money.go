package crossholding

import "strings"

// Money is an exact amount in one currency. Plain data; the zero value is
// nothing in no currency. Amounts that are paid out are negative.
type Money struct {
	Amount   Ratio  `json:"amount"`
	Currency string `json:"currency,omitempty"` // ISO 4217
}

// String returns the amount and the currency, as in "568.5 JPY".
func (m Money) String() string {
	return strings.TrimSuffix(m.Amount.String()+" "+m.Currency, " ")
}

func (m money) public() Money { return Money{m.amount, m.currency} }

// grouped writes r with commas between thousands, for people to read: exactly
// if it ends within places decimals, else rounded to them.
func grouped(r Ratio, places int) string {
	s := r.Decimal(places).String()
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, dotted := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dotted {
		whole += "." + frac
	}
	return sign + whole
}
