package interval

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// Limits on the warm start. A step must gain more than the tolerance, so that
// rounding errors cannot exchange steps of equal value for ever.
const (
	maxPolicies = 100   // policies evaluated
	maxSweeps   = 1000  // over all states, for all policies together
	tolerance   = 1e-12 // differences up to this count as none
)

// warmStart returns the policy that seems best in floating point. Policy iteration
// is right from any start. A good start saves exact solutions.
//
// The warm start is policy iteration too. It approximates values by sweeps over
// the states. A sweep begins with the states found last, because these are
// nearer to the ends of walks.
func (p *process) warmStart(ctx context.Context, t target) [][]ratio.Ratio {
	steps := make([]floatSet, len(p.companies))
	for at, c := range p.companies {
		steps[at] = p.floatSet(c, t)
		steps[at].setTransitions()
	}
	v := make([]float64, len(p.companies))
	left := maxSweeps
	for range maxPolicies {
		for moved := true; moved && left > 0 && ctx.Err() == nil; left-- {
			moved = false
			for at := len(steps) - 1; at >= 0; at-- {
				value := steps[at].value(v)
				moved = moved || value > v[at]+tolerance
				v[at] = max(v[at], value)
			}
		}
		better := false
		for at := range steps {
			if s := &steps[at]; !s.isOptimal(v) {
				s.maximize(v)
				s.setTransitions()
				better = true
			}
		}
		if !better || left == 0 || ctx.Err() != nil {
			break
		}
	}
	policy := make([][]ratio.Ratio, len(p.companies))
	for at, c := range p.companies {
		policy[at] = p.model.Stakes(c).vertexByOrder(steps[at].chosen)
	}
	return policy
}

// floatSet is a feasible set in floating point, and a point of it.
type floatSet struct {
	classes []floatClass
	total   float64
	chosen  []int // the point, as an order for vertexByOrder

	end         float64      // probability that the step reaches the target
	transitions []transition // to states
}

// transition is the probability of a step to a state.
type transition struct {
	to          int
	probability float64
}

// floatClass is a [Class] in floating point.
type floatClass struct {
	outstanding, dividend float64
	float                 float64 // 1 if an end at the float is in the target
	stakes                []floatStake
	left                  float64 // shares of the float at the point
}

// floatStake is a [Stake] in floating point.
type floatStake struct {
	lo, hi, point float64
	to            int     // the holder's state, -1 for none
	payoff        float64 // without a state: 1 if an end at the holder is in the target
}

// floatSet returns company c's feasible set with all stakes at their lower ends.
func (p *process) floatSet(c int32, t target) floatSet {
	set := p.model.Stakes(c)
	s := floatSet{total: set.total.Float64()}
	for i := range set.Classes {
		k := &set.Classes[i]
		class := floatClass{outstanding: k.Outstanding.Float64(), dividend: k.Dividend.Float64(), stakes: make([]floatStake, 0, len(k.Stakes))}
		if t.float(c) {
			class.float = 1
		}
		class.left = class.outstanding
		for j := range k.Stakes {
			lo := k.Stakes[j].Lo.Float64()
			stake := floatStake{lo: lo, hi: k.Stakes[j].Hi.Float64(), point: lo, to: -1}
			class.left -= lo
			owner := k.Stakes[j].Owner
			if at, ok := p.state[owner]; ok {
				stake.to = at
			} else if t.holder(owner) {
				stake.payoff = 1
			}
			class.stakes = append(class.stakes, stake)
			s.chosen = append(s.chosen, -1)
		}
		s.classes = append(s.classes, class)
	}
	return s
}

// value returns the value of one share, with v the values of states.
func (s *floatStake) value(v []float64) float64 {
	if s.to >= 0 {
		return v[s.to]
	}
	return s.payoff
}

// setTransitions computes the probabilities of the point.
func (s *floatSet) setTransitions() {
	s.end, s.transitions = 0, s.transitions[:0]
	for i := range s.classes {
		k := &s.classes[i]
		times := k.dividend / s.total
		s.end += times * k.left * k.float
		for j := range k.stakes {
			x := &k.stakes[j]
			if x.to >= 0 {
				s.transitions = append(s.transitions, transition{x.to, times * x.point})
			} else {
				s.end += times * x.point * x.payoff
			}
		}
	}
}

// value returns the probability of reaching the target from the point, with v
// the values of states.
func (s *floatSet) value(v []float64) float64 {
	sum := s.end
	for _, x := range s.transitions {
		sum += x.probability * v[x.to]
	}
	return sum
}

// isOptimal is like [FeasibleSet.isOptimal], up to the tolerance.
func (s *floatSet) isOptimal(v []float64) bool {
	for i := range s.classes {
		k := &s.classes[i]
		most, dust := k.float, k.outstanding*tolerance
		for j := range k.stakes {
			if x := &k.stakes[j]; x.point < x.hi-dust {
				most = max(most, x.value(v))
			}
		}
		if k.left > dust && most > k.float+tolerance {
			return false
		}
		for j := range k.stakes {
			if x := &k.stakes[j]; x.lo < x.point-dust && most > x.value(v)+tolerance {
				return false
			}
		}
	}
	return true
}

// maximize moves to the best point, with v the values of states.
func (s *floatSet) maximize(v []float64) {
	n := 0
	for i := range s.classes {
		k := &s.classes[i]
		order := s.chosen[n : n : n+len(k.stakes)]
		k.left = k.outstanding
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
