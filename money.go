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
	return commas(r.Decimal(places).String())
}

// readable writes r exactly, in sentences: with commas from five digits on. A
// fraction that does not end stays one.
func readable(r Ratio) string {
	if !r.ends() || r.Sign() >= 0 && r.Less(Int(10_000)) {
		return r.String()
	}
	return commas(r.String())
}

// commas puts them between the thousands of a decimal.
func commas(s string) string {
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
