package interval

import (
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// knapsack is the continuous knapsack problem of one class: divide the
// outstanding shares among the stakes and the float so that their value is
// greatest.
type knapsack struct {
	class      *Class
	value      []ratio.Ratio // of one share of each stake
	floatValue ratio.Ratio   // of one share of the float

	// The solution.
	point    []ratio.Ratio
	order    []int       // the stakes that are not exact, in descending order of value
	marginal ratio.Ratio // the value of the last share that was given away
	slack    ratio.Ratio // what the stakes leave to the float
}

// solve gives every stake its lower end. It then raises the stakes to their upper
// ends in descending order of value, while they are worth more than the float.
func (k *knapsack) solve() {
	k.point, k.slack, k.marginal = make([]ratio.Ratio, len(k.class.Stakes)), k.class.Outstanding, k.floatValue
	for j := range k.class.Stakes {
		s := &k.class.Stakes[j]
		k.point[j] = s.Lo
		k.slack = k.slack.Sub(s.Lo)
		if !s.IsExact() {
			k.order = append(k.order, j)
		}
	}
	if k.slack.IsZero() {
		k.order = nil // every stake is at its lower end
		return
	}
	slices.SortStableFunc(k.order, func(a, b int) int { return k.value[b].Cmp(k.value[a]) })
	for _, j := range k.order {
		if k.slack.IsZero() || k.value[j].Cmp(k.floatValue) <= 0 {
			return
		}
		s := &k.class.Stakes[j]
		more := s.Hi.Sub(s.Lo)
		if !more.Less(k.slack) {
			more, k.marginal = k.slack, k.value[j]
		}
		k.point[j] = s.Lo.Add(more)
		k.slack = k.slack.Sub(more)
	}
}

// avoidOpenEnds replaces the solution by an equally good point that touches no
// open end. It reports whether there is one.
//
// At every best point, stakes worth more than the marginal value are at their
// upper ends and stakes worth less are at their lower ends. The rest may be
// divided in any way among the stakes worth exactly the marginal value, and the
// float if it is worth as much.
func (k *knapsack) avoidOpenEnds() (attained bool) {
	attained = true
	var level []int
	var rest, span ratio.Ratio // of the level: what is divided among it, and what it could take
	openLo, openHi := false, false
	for _, j := range k.order {
		s := &k.class.Stakes[j]
		switch d := k.value[j].Cmp(k.marginal); {
		case d > 0:
			attained = attained && !s.HiOpen
		case d < 0:
			attained = attained && !s.LoOpen
		default:
			level = append(level, j)
			rest, span = rest.Add(k.point[j].Sub(s.Lo)), span.Add(s.Hi.Sub(s.Lo))
			openLo, openHi = openLo || s.LoOpen, openHi || s.HiOpen
		}
	}
	if !openLo && !openHi {
		return attained
	}
	if k.slack.Sign() > 0 { // the float is worth as much and takes the remainder
		k.divide(level, decimalBelow(k.slack.Div(span.Add(k.slack)), nil))
		return attained
	}
	switch {
	case rest.IsZero():
		return attained && !openLo
	case rest.Equal(span):
		return attained && !openHi
	}
	first := &k.class.Stakes[level[0]]
	room, over := first.Hi.Sub(first.Lo), ratio.Ratio{}
	part := decimalBelow(rest.Div(span), func(p ratio.Ratio) bool {
		over = rest.Sub(span.Mul(p))
		return over.Less(room.Mul(ratio.Int(1).Sub(p)))
	})
	k.divide(level, part)
	k.point[level[0]] = k.point[level[0]].Add(over)
	return attained
}

// divide puts the stakes at the same fraction of the way between their ends.
func (k *knapsack) divide(level []int, part ratio.Ratio) {
	for _, j := range level {
		s := &k.class.Stakes[j]
		k.point[j] = s.Lo.Add(s.Hi.Sub(s.Lo).Mul(part))
	}
}

// support returns which stakes hold shares at some best point, and whether the
// float does. It considers the points that touch no open end and give barred
// stakes nothing. The value ok is false if there is no such point. See
// avoidOpenEnds for the set of best points.
func (k *knapsack) support(barred []bool) (used []bool, float, ok bool) {
	k.solve()
	used = make([]bool, len(k.class.Stakes))
	for j := range k.class.Stakes {
		if s := &k.class.Stakes[j]; s.IsExact() {
			used[j] = s.Lo.Sign() > 0
			if used[j] && barred[j] {
				return nil, false, false
			}
		}
	}
	float = k.slack.Sign() > 0
	rest, span, openHi := k.slack, ratio.Ratio{}, false
	level := false
	for _, j := range k.order {
		s := &k.class.Stakes[j]
		used[j] = true
		fails := false
		switch d := k.value[j].Cmp(k.marginal); {
		case d > 0:
			fails = s.HiOpen || barred[j]
		case d < 0:
			used[j] = s.Lo.Sign() > 0
			fails = s.LoOpen || used[j] && barred[j]
		default:
			level = true
			rest = rest.Add(k.point[j].Sub(s.Lo))
			if used[j] = !barred[j]; barred[j] {
				fails = s.LoOpen || s.Lo.Sign() > 0
				break
			}
			span, openHi = span.Add(s.Hi.Sub(s.Lo)), openHi || s.HiOpen
		}
		if fails {
			return nil, false, false
		}
	}
	if level && !float {
		if d := rest.Cmp(span); d > 0 || d == 0 && openHi {
			return nil, false, false
		}
	}
	return used, float, true
}

// decimalBelow returns a decimal number above 0 and at most r, with the fewest
// places at which do accepts it. A nil do accepts all. The points that use it can
// then be written as decimals. The caller must pass an r above 0 and at most 1.
// If r is a decimal, do must accept r or numbers just below it. Otherwise do must
// accept all numbers just below r.
func decimalBelow(r ratio.Ratio, do func(ratio.Ratio) bool) ratio.Ratio {
	for places := 1; ; places++ {
		d := ratio.FromRat(r.Round(places, ratio.Floor).Rat())
		if d.Sign() > 0 && (do == nil || do(d)) {
			return d
		}
	}
}
