package ratio

import (
	"fmt"
	"slices"
)

// LargestRemainder rounds parts to the given number of places so that they still add up: the
// results add up to the sum of parts, rounded half to even. It is for tables that must add up
// to 100.0%. Parts that are fractions of a whole have three places then.
//
// It rounds every part down and then adds one unit of the last place to those parts that lost
// most, one unit each, until the results add up (the method of the largest remainder, also
// called Hamilton's). Of two parts that lost the same, the earlier in the list comes first, so
// list owners by name. Each result is one of the two neighbours of its part, and a part that
// needs no rounding stays as it is. The result need not be the nearest neighbour.
//
// It fails with [ErrRange] if places is not 0..30.
func LargestRemainder(parts []Ratio, places int) ([]Ratio, error) {
	if places < 0 || places > maxDecimals {
		return nil, fmt.Errorf("ratio: %d places are not within 0 and %d: %w", places, maxDecimals, ErrRange)
	}
	unit := Int(1)
	for range places {
		unit = unit.Mul(Of(1, 10))
	}
	var sum Ratio
	for _, p := range parts {
		sum = sum.Add(p)
	}
	return roundTogether(FromRat(sum.Round(places, HalfEven).Rat()), parts, nil, unit), nil
}

// Apportion divides total in proportion to weights, in multiples of unit, by the method of the
// largest remainder. Each result is in the unit of total, for example votes or shares. A unit of 0
// divides exactly.
//
// It rounds every part down to a multiple of unit, and then gives a unit each to those parts that
// lost most, until the results add up to total. Of two parts that lost the same, the earlier in the
// list comes first. Where less than a unit is left, that goes to the part that is next.
//
// No result is above its entry in most, if most is not nil: a part for which a unit is too much gets
// what fits, and the rest goes on. An entry of most must be at least the exact part.
//
// Weights, total and unit are not below 0. If all weights are 0, so are the results.
func Apportion(total Ratio, weights, most []Ratio, unit Ratio) []Ratio {
	var sum Ratio
	for _, w := range weights {
		sum = sum.Add(w)
	}
	parts := make([]Ratio, len(weights))
	if sum.IsZero() {
		return parts
	}
	per := total.Div(sum)
	for i, w := range weights {
		parts[i] = w.Mul(per)
	}
	return roundTogether(total, parts, most, unit)
}

// roundTogether rounds parts to multiples of unit that add up to total, each at most its entry in
// most, as [Apportion] says. The total is not below the sum of the parts rounded down.
func roundTogether(total Ratio, parts, most []Ratio, unit Ratio) []Ratio {
	if unit.IsZero() {
		return parts
	}
	out, lost, order := make([]Ratio, len(parts)), make([]Ratio, len(parts)), make([]int, len(parts))
	rest := total
	for i, p := range parts {
		out[i], order[i] = p.Div(unit).Floor().Mul(unit), i
		lost[i], rest = p.Sub(out[i]), rest.Sub(out[i])
	}
	slices.SortStableFunc(order, func(i, j int) int { return lost[j].Cmp(lost[i]) })
	// One round is enough: each part can take what it lost.
	for _, i := range order {
		if rest.IsZero() {
			break
		}
		n := Min(unit, rest)
		if most != nil {
			n = Min(n, most[i].Sub(out[i]))
		}
		out[i], rest = out[i].Add(n), rest.Sub(n)
	}
	return out
}
