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
	var exact, rest Ratio // rest is in units
	out, lost, order := make([]Ratio, len(parts)), make([]Ratio, len(parts)), make([]int, len(parts))
	for i, p := range parts {
		n := p.Div(unit)
		out[i], order[i] = n.Floor(), i
		lost[i] = n.Sub(out[i])
		exact, rest = exact.Add(n), rest.Sub(out[i])
	}
	rest = rest.Add(FromRat(exact.Round(0, HalfEven).Rat()))
	slices.SortStableFunc(order, func(i, j int) int { return lost[j].Cmp(lost[i]) })
	for _, i := range order {
		if rest.Sign() > 0 {
			out[i], rest = out[i].Add(Int(1)), rest.Sub(Int(1))
		}
		out[i] = out[i].Mul(unit)
	}
	return out, nil
}
