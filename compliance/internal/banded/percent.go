package banded

import (
	"github.com/crossholding/crossholding/ratio"
)

// Percent returns a figure of a completion as a percentage. A figure that only stays away from an
// open end of a band, or a sum of such figures, is "more than 25%" or "less than 75%".
func Percent(r ratio.Ratio) string { return percent(r, "more than ", "less than ") }

// percent returns a figure as a percentage, with a word for figures next to an open end.
func percent(r ratio.Ratio, above, below string) string {
	const places = 8 // of the fraction; a completion stays away from an end by less than close
	close := tiny.Mul(ratio.Int(1000))
	end, err := ratio.FromDecimal(r.Decimal(places))
	if off := r.Sub(end); err == nil && !off.IsZero() && off.Less(close) && off.Neg().Less(close) {
		if off.Sign() > 0 {
			return above + end.ShortPercent()
		}
		return below + end.ShortPercent()
	}
	return r.ShortPercent()
}
