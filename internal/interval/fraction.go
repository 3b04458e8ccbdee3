package interval

import "github.com/crossholding/crossholding/ratio"

// Fraction returns the bounds of part/all over the set, where all is never negative. It
// returns 0 if all is 0 inside the set. An end that no point of the set reaches is open.
//
// It uses the method of Dinkelbach: x is the greatest fraction if the greatest value of
// part - x*all is 0. Each round finds a vertex whose fraction is greater than the last one's.
// There are finitely many vertices, so the rounds end.
func (set *FeasibleSet) Fraction(part, all Linear) ratio.Interval {
	inside := set.interiorPoint()
	whole := set.value(all, inside)
	if whole.Sign() <= 0 {
		return ratio.Interval{}
	}
	start := set.value(part, inside).Div(whole)
	var out ratio.Interval
	low, reached := set.greatestFraction(part.Negated(), all, start.Neg())
	out.Lo, out.LoOpen = low.Neg(), !reached
	high, reached := set.greatestFraction(part, all, start)
	out.Hi, out.HiOpen = high, !reached
	return out
}

// greatestFraction returns the least upper bound of part/all, which is at least x. It reports
// whether a point of the set reaches it.
func (set *FeasibleSet) greatestFraction(part, all Linear, x ratio.Ratio) (ratio.Ratio, bool) {
	for {
		point, reached := set.maximize(part.plus(all, x.Neg()))
		whole := set.value(all, point)
		if whole.IsZero() {
			return x, false // an end of the set at which there is nothing to be a part of
		}
		next := set.value(part, point).Div(whole)
		if !x.Less(next) {
			return x, reached
		}
		x = next
	}
}

// plus returns the function plus another one, multiplied by a factor.
func (f Linear) plus(g Linear, by ratio.Ratio) Linear {
	out := Linear{Constant: f.Constant.Add(g.Constant.Mul(by))}
	for i, r := range f.Stakes {
		out.Stakes = append(out.Stakes, r.Add(g.Stakes[i].Mul(by)))
	}
	for i, r := range f.Floats {
		out.Floats = append(out.Floats, r.Add(g.Floats[i].Mul(by)))
	}
	return out
}
