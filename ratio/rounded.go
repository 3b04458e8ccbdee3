package ratio

import "strings"

// RoundedPercent returns the fractions that a rounded percentage stands for: those at most
// half a unit of its last digit away, cut at 0% and 100%. Both ends belong to them, because
// the percentage does not say how a half was rounded. So "33.3" is [33.25%,33.35%], "33.30" is
// [33.295%,33.305%], and "100" is [99.5%,100%].
//
// It fails with [ErrNumber] if n is not a number, is empty or has an exponent, which hides
// the last digit. It fails with [ErrRange] if n is not within 0 and 100.
func (n Number) RoundedPercent() (Interval, error) {
	text := string(n)
	if strings.ContainsAny(text, "eE") {
		return Interval{}, badNumber(text, "has an exponent, so its last digit is not known")
	}
	r, err := ParseNumber(text)
	if err != nil {
		return Interval{}, err
	}
	if r.Sign() < 0 || Int(100).Less(r) {
		return Interval{}, &ParseError{clip(text), "is not within 0 and 100", ErrRange}
	}
	half := Of(1, 2)
	_, decimals, _ := strings.Cut(text, ".")
	if len(decimals) >= maxDecimals {
		return Interval{}, badNumber(text, "has too many decimals for a rounded percentage")
	}
	for range decimals {
		half = half.Mul(Of(1, 10))
	}
	v := Interval{Lo: r.Sub(half), Hi: r.Add(half)}
	if v.Lo.Sign() < 0 {
		v.Lo = Ratio{}
	}
	v.Hi = Min(v.Hi, Int(100))
	v.Lo, v.Hi = v.Lo.Mul(Of(1, 100)), v.Hi.Mul(Of(1, 100))
	return v, nil
}

const (
	// A binary floating-point number of 64 bits has 15 significant digits for certain, and is
	// written with at most 17.
	minNoisy, maxNoisy = 15, 17
	shortDigits        = 10
)

// noise is the largest difference that [Number.Denoised] removes, as a part of the number.
var noise = Of(1, 1e13)

// Denoised returns the number that n was before binary floating-point arithmetic added noise
// to it, and whether there was noise: "30.000000000000004" becomes "30", and
// "14.299999999999999" becomes "14.3". A number has noise if it has 15 to 17 significant
// digits, and if it differs from a number with at most 10 significant digits by less than one
// part in 10^13. A number that ends in a zero after the point has none, see [Number.IsNoisy].
// Other numbers and texts that are no number are returned as they are.
func (n Number) Denoised() (Number, bool) {
	if !n.IsNoisy() {
		return n, false
	}
	r, err := ParseNumber(string(n))
	if err != nil {
		return n, false
	}
	size := r
	if r.Sign() < 0 {
		size = r.Neg()
	}
	places := shortDigits
	for x := size; !x.Less(Int(1)); x = x.Mul(Of(1, 10)) {
		places--
	}
	for x := size; x.Less(Of(1, 10)); x = x.Mul(Int(10)) {
		places++
	}
	if places < 0 {
		return n, false
	}
	short := FromRat(r.Round(places, HalfEven).Rat())
	away := short.Sub(r)
	if away.Sign() < 0 {
		away = away.Neg()
	}
	if away.IsZero() || !away.Less(size.Mul(noise)) {
		return n, false
	}
	return short.Number(), true
}

// IsNoisy reports whether n is written with a point and 15 to 17 significant digits, as programs
// write the results of floating-point arithmetic in the 64 bits of IEEE 754. A number with more
// digits was written by arithmetic that is more exact. So was one that ends in a zero after the
// point: "30.0000000000000040" is meant as it stands.
func (n Number) IsNoisy() bool {
	mantissa, _, _ := strings.Cut(strings.ToLower(string(n)), "e")
	whole, decimals, dotted := strings.Cut(strings.TrimPrefix(mantissa, "-"), ".")
	digits := strings.TrimLeft(whole+decimals, "0")
	return dotted && !strings.HasSuffix(decimals, "0") && minNoisy <= len(digits) && len(digits) <= maxNoisy
}
