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
func (in *reader) size(f *fields, r *relation, q quantifier) (size holdings.Size, ok, fault bool) {
	if len(q.amount)+len(q.units)+len(q.method) == 0 {
		return holdings.Size{}, false, false
	}
	if r.kind != direct || string(q.units) != "PERCENTAGE" {
		in.report.Dropped.Add(in.line, "quantifier", "%s: %s %s has the figure %s %s of %s", string(f.child), r.kind.String(), string(f.parent), string(q.amount), string(q.units), string(q.method))
		return holdings.Size{}, false, false
	}
	size, err := holdings.Decimal(string(q.amount))
	if err != nil {
		in.fault(crossholding.ErrRange, "%s: %s consolidates %q percent of it, which is no number from 0 to 100", string(f.child), string(f.parent), string(q.amount))
		return holdings.Size{}, false, true
	}
	percent := size.Lo.Mul(ratio.Int(100))
	if size.Lo.Sign() == 0 || ratio.Int(1).Less(percent) {
		return size, true, false
	}
	in.report.Guessed.Add(in.line, "ambiguous", "%s: %s consolidates %s percent of it, which may be the fraction %s: taken as a band from %s to %s",
		string(f.child), string(f.parent), string(q.amount), string(q.amount), size.Lo.PercentString(), percent.PercentString())
	band, err := holdings.Between(ratio.Interval{Lo: size.Lo, Hi: percent})
	return band, err == nil, false
}
