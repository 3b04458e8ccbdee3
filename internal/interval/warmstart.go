package interval

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Bounds on steering. A step is changed only for one that is clearly better, so
// that companies with equal values are not sent round in circles.
const (
	steerings = 100   // policies looked at
	sweeps    = 1000  // over the values of all of them
	clearly   = 1e-12 // the difference that counts
)

// steer returns the steps that seem best in floating point, as a start for
// policy iteration: any start is right, a good one saves exact solutions. It is
// policy iteration itself, with values worked out by sweeps from the companies
// met last, which are nearer to where walks end.
func (w *walk) steer(ctx context.Context, t goal) [][]ratio.Ratio {
	steps := make([]floatStep, len(w.nodes))
	for at, c := range w.nodes {
		steps[at] = w.floatStep(c, t)
		steps[at].weigh()
	}
	v := make([]float64, len(w.nodes))
	left := sweeps
	for range steerings {
		for moved := true; moved && left > 0 && ctx.Err() == nil; left-- {
			moved = false
			for at := len(steps) - 1; at >= 0; at-- {
				value := steps[at].value(v)
				moved = moved || value > v[at]+clearly
				v[at] = max(v[at], value)
			}
		}
		better := false
		for at := range steps {
			if s := &steps[at]; !s.isBest(v) {
				s.choose(v)
				s.weigh()
				better = true
			}
		}
		if !better || left == 0 || ctx.Err() != nil {
			break
		}
	}
	policy := make([][]ratio.Ratio, len(w.nodes))
	for at, c := range w.nodes {
		policy[at] = w.m.Stakes(c).ordered(steps[at].chosen)
	}
	return policy
}

// floatStep is a column in floating point, and a point of it.
type floatStep struct {
	classes []floatClass
	total   float64
	chosen  []int // stakes that are to have their most, in order, a class at a time; -1 ends it

	end   float64 // what the point is worth where it leads to no company
	edges []floatEdge
}

// floatEdge is the probability of a step to a company.
type floatEdge struct {
	to   int
	part float64
}

type floatClass struct {
	room, dividend, float float64
	stakes                []floatStake
	left                  float64 // the float of the point
}

type floatStake struct {
	lo, hi, point float64
	to            int     // the company it leads to, -1 for none
	worth         float64 // where it leads to none
}

func (w *walk) floatStep(c int32, t goal) floatStep {
	col := w.m.Stakes(c)
	s := floatStep{total: col.total.Float64()}
	for i := range col.Classes {
		k := &col.Classes[i]
		class := floatClass{room: k.Outstanding.Float64(), dividend: k.Dividend.Float64(), stakes: make([]floatStake, 0, len(k.Stakes))}
		if t.float(c) {
			class.float = 1
		}
		class.left = class.room
		for j := range k.Stakes {
			lo := k.Stakes[j].Lo.Float64()
			stake := floatStake{lo: lo, hi: k.Stakes[j].Hi.Float64(), point: lo, to: -1}
			class.left -= lo
			owner := k.Stakes[j].Owner
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
	return s
}

func (s *floatStake) value(v []float64) float64 {
	if s.to >= 0 {
		return v[s.to]
	}
	return s.worth
}

// weigh states the point as probabilities.
func (s *floatStep) weigh() {
	s.end, s.edges = 0, s.edges[:0]
	for i := range s.classes {
		k := &s.classes[i]
		times := k.dividend / s.total
		s.end += times * k.left * k.float
		for j := range k.stakes {
			x := &k.stakes[j]
			if x.to >= 0 {
				s.edges = append(s.edges, floatEdge{x.to, times * x.point})
			} else {
				s.end += times * x.point * x.worth
			}
		}
	}
}

// value returns what the point is worth on v.
func (s *floatStep) value(v []float64) float64 {
	sum := s.end
	for _, x := range s.edges {
		sum += x.part * v[x.to]
	}
	return sum
}

// isBest is [FeasibleSet.isBest] as far as floats can tell.
func (s *floatStep) isBest(v []float64) bool {
	for i := range s.classes {
		k := &s.classes[i]
		most, dust := k.float, k.room*clearly
		for j := range k.stakes {
			if x := &k.stakes[j]; x.point < x.hi-dust {
				most = max(most, x.value(v))
			}
		}
		if k.left > dust && most > k.float+clearly {
			return false
		}
		for j := range k.stakes {
			if x := &k.stakes[j]; x.lo < x.point-dust && most > x.value(v)+clearly {
				return false
			}
		}
	}
	return true
}

// choose moves to the best point on v.
func (s *floatStep) choose(v []float64) {
	n := 0
	for i := range s.classes {
		k := &s.classes[i]
		order := s.chosen[n : n : n+len(k.stakes)]
		k.left = k.room
		for j := range k.stakes {
			x := &k.stakes[j]
			x.point = x.lo
			k.left -= x.lo
			if x.value(v) > k.float {
				order = append(order, j)
			}
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(k.stakes[b].value(v), k.stakes[a].value(v)) })
		for _, j := range order {
			x := &k.stakes[j]
			more := max(0, min(k.left, x.hi-x.lo))
			x.point += more
			k.left -= more
		}
		for j := len(order); j < len(k.stakes); j++ {
			s.chosen[n+j] = -1
		}
		n += len(k.stakes)
	}
}

// ordered returns the point at which the stakes in order have their most, as
// far as there is room, and all others their least.
func (col *FeasibleSet) ordered(order []int) []ratio.Ratio {
	var point []ratio.Ratio
	for i := range col.Classes {
		k := &col.Classes[i]
		left, n := k.Outstanding, len(point)
		for j := range k.Stakes {
			point = append(point, k.Stakes[j].Lo)
			left = left.Sub(k.Stakes[j].Lo)
		}
		for _, j := range order[n : n+len(k.Stakes)] {
			if j < 0 {
				break
			}
			more := k.Stakes[j].Hi.Sub(k.Stakes[j].Lo)
			if left.Less(more) {
				more = left
			}
			point[n+j] = point[n+j].Add(more)
			left = left.Sub(more)
		}
	}
	return point
}
