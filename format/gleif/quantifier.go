package gleif

import (
	"github.com/crossholding/crossholding"
	"github.com/crossholding/crossholding/format/internal/holdings"
	"github.com/crossholding/crossholding/ratio"
)

// size returns the size of the stake that a quantifier states. It returns false if it states
// none, and a fault if it is no figure within 0 and 100.
//
// Files have 1.00 of units PERCENTAGE where all of the shares are meant. A figure of more than 0
// and not more than 1 is the band from the figure as a percentage to the figure as a fraction.
func (in *reader) size(r *relation, q quantifier) (size holdings.Size, ok, fault bool) {
	if q == (quantifier{}) {
		return holdings.Size{}, false, false
	}
	if r.kind != direct || q.units != "PERCENTAGE" {
		in.report.Dropped.Add(in.line, "quantifier", "%s: %s %s has the figure %s %s of %s", r.child, r.kind, r.parent, q.amount, q.units, q.method)
		return holdings.Size{}, false, false
	}
	size, err := holdings.Decimal(in.word(q.amount))
	if err != nil {
		in.fault(crossholding.ErrRange, "%s: %s consolidates %q percent of it, which is no number from 0 to 100", r.child, r.parent, q.amount)
		return holdings.Size{}, false, true
	}
	percent := size.Lo.Mul(ratio.Int(100))
	if size.Lo.Sign() == 0 || ratio.Int(1).Less(percent) {
		return size, true, false
	}
	in.report.Guessed.Add(in.line, "ambiguous", "%s: %s consolidates %s percent of it, which may be the fraction %s: taken as a band from %s to %s",
		r.child, r.parent, q.amount, q.amount, size.Lo.PercentString(), percent.PercentString())
	band, err := holdings.Between(ratio.Interval{Lo: size.Lo, Hi: percent})
	return band, err == nil, false
}
