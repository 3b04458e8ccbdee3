package input

import (
	"slices"
	"strings"

	"github.com/crossholding/crossholding/date"
	"github.com/crossholding/crossholding/internal/ledger"
	"github.com/crossholding/crossholding/ratio"
)

// NoCurrency is the code for a currency that is not given. ISO 4217 defines it as "no
// currency".
const NoCurrency = "XXX"

// IsCurrency reports whether a text has the form of a currency code: three capital letters.
func IsCurrency(code string) bool {
	for i := range len(code) {
		if code[i] < 'A' || code[i] > 'Z' {
			return false
		}
	}
	return len(code) == 3
}

// Keys returns the keys of a map in order. Unlike a sorted iterator it allocates once.
func Keys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// Date adds a fault if d is neither empty nor a day.
func (f *Faults) Date(place string, d date.Date) {
	if d != "" && !d.Valid() {
		f.Add(place, ErrDate, "%q is not a date of the form 2006-01-02", string(d))
	}
}

// Price reads a price such as "568.5 JPY". Without a currency it is in def, if def is not
// empty.
func (f *Faults) Price(place, text, def string) ledger.Money {
	amount, currency, _ := strings.Cut(text, " ")
	if currency == "" {
		currency = def
	}
	if !IsCurrency(currency) {
		f.Add(place, ErrCurrency, "price %q is not of the form \"568.5 JPY\"", Abbreviate(text))
		return ledger.Money{}
	}
	var r ratio.Ratio
	var err error
	if amount == "" {
		_, err = ratio.ParseNumber(amount)
	} else {
		r, err = ratio.Number(amount).Ratio()
	}
	f.Check(place, err)
	if err == nil && r.Sign() < 0 {
		f.Add(place, ErrRange, "price %s is negative", text)
	}
	return ledger.Money{Amount: r, Currency: currency}
}

// LotPrice splits a lot's price such as "568.5 JPY" into its number and its currency.
func (f *Faults) LotPrice(place string, price *ratio.Number, currency *string) {
	amount, code, ok := strings.Cut(string(*price), " ")
	if !ok {
		return
	}
	if *currency != "" && *currency != code {
		f.Add(Join(place, "currency"), ErrCurrency, "price %q and currency %q", Abbreviate(string(*price)), Abbreviate(*currency))
	}
	*price, *currency = ratio.Number(amount), code
}

// Rate reads the exchange rate of a pair such as "EUR/JPY".
func (f *Faults) Rate(place, pair string, n ratio.Number) ratio.Ratio {
	from, to, ok := strings.Cut(pair, "/")
	if !ok || !IsCurrency(from) || !IsCurrency(to) || from == to {
		f.Add(place, ErrCurrency, "%q is not a pair of currencies such as EUR/JPY", Abbreviate(pair))
	}
	r, err := ratio.ParseNumber(string(n))
	f.Check(place, err)
	if err == nil && r.Sign() <= 0 {
		f.Add(place, ErrRange, "rate %s of %s is not above 0", n, Abbreviate(pair))
	}
	return r
}

// Ambiguous reports a fraction that can be read in two ways: "1" is one per cent to
// some and all to others. It returns whether it is one.
func (f *Faults) Ambiguous(place, what, text string, r ratio.Ratio) bool {
	if r.IsZero() || strings.ContainsAny(text, "%/.") {
		return false
	}
	f.Add(place, ErrRange, "%s of %q can be %s%% or %s: write %q or %q", what, text, text, r.PercentString(), text+"%", r.PercentString())
	return true
}
