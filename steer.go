package crossholding

import (
	"cmp"
	"slices"
)

// steer returns the steps that seem best in floating point, as a start for
// policy iteration: any start is right, a good one saves exact solutions. A
// step is changed only for one that is clearly better, so that companies with
// equal values are not sent round in circles.
func (w *walk) steer(t goal) [][]Ratio {
	const (
		sweeps  = 1000
		clearly = 1e-12
	)
	steps := make([]floatStep, len(w.nodes))
	for at, c := range w.nodes {
		steps[at] = w.floatStep(c, t)
	}
	v := make([]float64, len(w.nodes))
	for range sweeps {
		moved := false
		for at := range steps {
			s := &steps[at]
			best := s.best(v)
			if best > s.value(v, s.chosen)+clearly {
				copy(s.chosen, s.trial)
			}
			moved = moved || best > v[at]+clearly
			v[at] = max(v[at], best)
		}
		if !moved || w.b.opt.Context.Err() != nil {
			break
		}
	}
	policy := make([][]Ratio, len(w.nodes))
	for at, c := range w.nodes {
		policy[at] = w.b.column(c).ordered(steps[at].chosen)
	}
	return policy
}

// floatStep is a column in floating point.
type floatStep struct {
	classes []floatClass
	total   float64
	trial   []int // stakes that are to have their most, in order, a class at a time; -1 ends it
	chosen  []int
}

type floatClass struct {
	room, dividend, float float64
	stakes                []floatStake
}

type floatStake struct {
	lo, hi float64
	to     int     // the company it leads to, -1 for none
	worth  float64 // where it leads to none
}

func (w *walk) floatStep(c int32, t goal) floatStep {
	col := w.b.column(c)
	total, _ := w.b.a.graph.dividends.outstanding(c).rat().Float64()
	s := floatStep{total: total}
	for i := range col.classes {
		k := &col.classes[i]
		room, _ := k.room.rat().Float64()
		dividend, _ := k.rec.dividend.rat().Float64()
		class := floatClass{room: room, dividend: dividend}
		if t.float(c) {
			class.float = 1
		}
		for j := range k.stakes {
			lo, _ := k.stakes[j].lo.rat().Float64()
			hi, _ := k.stakes[j].hi.rat().Float64()
			stake := floatStake{lo: lo, hi: hi, to: -1}
			owner := w.b.a.graph.owner[k.stakes[j].e]
			if at, ok := w.slot[owner]; ok {
				stake.to = at
			} else if t.holder(owner) {
				stake.worth = 1
			}
			class.stakes = append(class.stakes, stake)
			s.chosen = append(s.chosen, -1)
		}
		s.classes = append(s.classes, class)
	}
	s.trial = slices.Clone(s.chosen)
	return s
}

func (s *floatStake) value(v []float64) float64 {
	if s.to >= 0 {
		return v[s.to]
	}
	return s.worth
}

// best fills trial with the best order on v and returns its value.
func (s *floatStep) best(v []float64) float64 {
	n := 0
	for i := range s.classes {
		k := &s.classes[i]
		order := s.trial[n : n : n+len(k.stakes)]
		for j := range k.stakes {
			if k.stakes[j].value(v) > k.float {
				order = append(order, j)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(k.stakes[b].value(v), k.stakes[a].value(v)) })
		for j := len(order); j < len(k.stakes); j++ {
			s.trial[n+j] = -1
		}
		n += len(k.stakes)
	}
	return s.value(v, s.trial)
}

// value returns what a step is worth on v.
func (s *floatStep) value(v []float64, order []int) float64 {
	sum, n := 0.0, 0
	for i := range s.classes {
		k := &s.classes[i]
		left, part := k.room, 0.0
		for j := range k.stakes {
			left -= k.stakes[j].lo
			part += k.stakes[j].lo * k.stakes[j].value(v)
		}
		for _, j := range order[n : n+len(k.stakes)] {
			if j < 0 {
				break
			}
			more := max(0, min(left, k.stakes[j].hi-k.stakes[j].lo))
			left -= more
			part += more * k.stakes[j].value(v)
		}
		sum += k.dividend * (part + left*k.float)
		n += len(k.stakes)
	}
	return sum / s.total
}

// ordered returns the point at which the stakes in order have their most, as
// far as there is room, and all others their least.
func (col *column) ordered(order []int) []Ratio {
	var point []Ratio
	for i := range col.classes {
		k := &col.classes[i]
		left, n := k.room, len(point)
		for j := range k.stakes {
			point = append(point, k.stakes[j].lo)
			left = left.Sub(k.stakes[j].lo)
		}
		for _, j := range order[n : n+len(k.stakes)] {
			if j < 0 {
				break
			}
			more := k.stakes[j].hi.Sub(k.stakes[j].lo)
			if left.Less(more) {
				more = left
			}
			point[n+j] = point[n+j].Add(more)
			left = left.Sub(more)
		}
	}
	return point
}
