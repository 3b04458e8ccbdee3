package interval

import (
	"iter"
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// FeasibleSet is the set of all possible sizes of the stakes in one company. Make
// one with [NewFeasibleSet]; the zero value is a company without classes. It is
// immutable and safe for concurrent use. Callers must not write to Classes.
//
// A point of the set lists the shares of all stakes, the classes one after the
// other. Each stake s has Lo <= s <= Hi, with ends open or closed. The stakes of
// a class sum to at most its outstanding shares. The rest is the class's
// dispersed float.
type FeasibleSet struct {
	Company int32
	Classes []Class
	total   ratio.Ratio // sum of outstanding shares, weighted by dividend
	exact   bool        // every stake is known exactly
}

// Class is one class of a company's shares. It is plain data.
type Class struct {
	Outstanding ratio.Ratio // shares held by others than the company
	Dividend    ratio.Ratio // weight of a share when profits are divided
	Stakes      []Stake
}

// Stake is a stake between two numbers of shares. It is plain data.
type Stake struct {
	ID             int32 // number of the stake, for the caller
	Owner          int32 // who receives its dividends
	Lo, Hi         ratio.Ratio
	LoOpen, HiOpen bool
}

// IsExact reports whether the stake can be one number of shares only.
func (s *Stake) IsExact() bool { return s.Lo.Equal(s.Hi) }

// NewFeasibleSet returns the feasible set of company c with these classes, which
// it keeps and changes. It lowers each upper end to what the lower ends of the
// other stakes leave. Lower ends do not move, so one pass is enough. The lower
// ends of a class must sum to at most its outstanding shares. If they sum to
// exactly that, no lower end may be open.
func NewFeasibleSet(c int32, classes []Class) FeasibleSet {
	set := FeasibleSet{Company: c, Classes: classes, exact: true}
	for i := range classes {
		k := &classes[i]
		set.total = set.total.Add(k.Outstanding.Mul(k.Dividend))
		left, open := k.Outstanding, 0 // the shares above all lower ends, and the number of open lower ends
		for j := range k.Stakes {
			left = left.Sub(k.Stakes[j].Lo)
			if k.Stakes[j].LoOpen {
				open++
			}
		}
		for j := range k.Stakes {
			s := &k.Stakes[j]
			if s.IsExact() {
				continue
			}
			others := open
			if s.LoOpen {
				others--
			}
			if most := s.Lo.Add(left); most.Less(s.Hi) {
				s.Hi, s.HiOpen = most, others > 0
			} else if most.Equal(s.Hi) {
				s.HiOpen = s.HiOpen || others > 0
			}
			set.exact = set.exact && s.IsExact()
		}
	}
	return set
}

// IsExact reports whether every stake is known exactly.
func (set *FeasibleSet) IsExact() bool { return set.exact }

// size returns the number of stakes.
func (set *FeasibleSet) size() int {
	n := 0
	for i := range set.Classes {
		n += len(set.Classes[i].Stakes)
	}
	return n
}

// With returns the set with some stakes fixed at known numbers of shares, by ID.
func (set *FeasibleSet) With(fixed map[int32]ratio.Ratio) FeasibleSet {
	out := FeasibleSet{Company: set.Company, Classes: slices.Clone(set.Classes), total: set.total, exact: true}
	for i := range out.Classes {
		k := &out.Classes[i]
		k.Stakes = slices.Clone(k.Stakes)
		for j := range k.Stakes {
			s := &k.Stakes[j]
			if v, ok := fixed[s.ID]; ok {
				s.Lo, s.Hi, s.LoOpen, s.HiOpen = v, v, false, false
			}
			out.exact = out.exact && s.IsExact()
		}
	}
	return out
}

// value returns the value of f at a point.
func (set *FeasibleSet) value(f Linear, point []ratio.Ratio) ratio.Ratio {
	sum, n := f.Constant, 0
	for i := range set.Classes {
		k := &set.Classes[i]
		left := k.Outstanding
		for range k.Stakes {
			left = left.Sub(point[n])
			if !f.Stakes[n].IsZero() {
				sum = sum.Add(f.Stakes[n].Mul(point[n]))
			}
			n++
		}
		if !f.Floats[i].IsZero() {
			sum = sum.Add(f.Floats[i].Mul(left))
		}
	}
	return sum
}

// isOptimal reports whether f is greatest at the point, over the set's closure.
// It is if no share can move, within its class, to a stake or to the float where
// it is worth more.
func (set *FeasibleSet) isOptimal(f Linear, point []ratio.Ratio) bool {
	n := 0
	for i := range set.Classes {
		k := &set.Classes[i]
		left, most := k.Outstanding, f.Floats[i] // most: what one more share is worth at best
		for j := range k.Stakes {
			left = left.Sub(point[n+j])
			if point[n+j].Less(k.Stakes[j].Hi) && most.Less(f.Stakes[n+j]) {
				most = f.Stakes[n+j]
			}
		}
		if left.Sign() > 0 && f.Floats[i].Less(most) {
			return false
		}
		for j := range k.Stakes {
			if k.Stakes[j].Lo.Less(point[n+j]) && f.Stakes[n+j].Less(most) {
				return false
			}
		}
		n += len(k.Stakes)
	}
	return true
}

// maximize returns a point of the set's closure at which f is greatest. It
// reports whether a point of the set itself attains that value, and then returns
// such a point.
func (set *FeasibleSet) maximize(f Linear) (point []ratio.Ratio, attained bool) {
	return set.fill(f, true)
}

// vertex returns a vertex of the set's closure at which f is greatest. Its
// numbers are ends of stakes and the shares that other stakes leave.
func (set *FeasibleSet) vertex(f Linear) []ratio.Ratio {
	point, _ := set.fill(f, false)
	return point
}

// fill solves one knapsack for each class. If avoidOpen is set, it prefers points
// of the set to points of its closure.
func (set *FeasibleSet) fill(f Linear, avoidOpen bool) (point []ratio.Ratio, attained bool) {
	attained = true
	for i, n := 0, 0; i < len(set.Classes); i++ {
		k := &set.Classes[i]
		sack := knapsack{class: k, value: f.Stakes[n : n+len(k.Stakes)], floatValue: f.Floats[i]}
		sack.solve()
		if avoidOpen {
			attained = sack.avoidOpenEnds() && attained
		}
		point = append(point, sack.point...)
		n += len(k.Stakes)
	}
	return point, attained
}

// interiorPoint returns a point of the set, away from all open ends.
func (set *FeasibleSet) interiorPoint() []ratio.Ratio {
	var point []ratio.Ratio
	for i := range set.Classes {
		k := &set.Classes[i]
		left, span := k.Outstanding, ratio.Ratio{}
		for j := range k.Stakes {
			left, span = left.Sub(k.Stakes[j].Lo), span.Add(k.Stakes[j].Hi.Sub(k.Stakes[j].Lo))
		}
		part := ratio.Of(1, 2)
		switch {
		case left.IsZero():
			part = ratio.Ratio{}
		case left.Less(span):
			part = decimalBelow(part.Mul(left.Div(span)), nil)
		}
		for j := range k.Stakes {
			s := &k.Stakes[j]
			point = append(point, s.Lo.Add(s.Hi.Sub(s.Lo).Mul(part)))
		}
	}
	return point
}

// Witness returns a point of the set at which f is above 0, or at least 0 if
// orZero is set. It reports whether there is one.
//
// The best point may lie on an open end. The search then steps from it towards
// an interior point, by a part of the way that keeps at least half of the value.
func (set *FeasibleSet) Witness(f Linear, orZero bool) ([]ratio.Ratio, bool) {
	point, attained := set.maximize(f)
	top := set.value(f, point)
	switch {
	case top.Sign() < 0 || top.IsZero() && !(orZero && attained):
		return nil, false
	case attained:
		return point, true
	}
	in := set.interiorPoint()
	part := ratio.Int(1)
	if drop := top.Sub(set.value(f, in)); top.Less(drop.Mul(ratio.Int(2))) {
		part = decimalBelow(top.Div(drop.Mul(ratio.Int(2))), nil)
	}
	for j := range point {
		point[j] = point[j].Add(in[j].Sub(point[j]).Mul(part))
	}
	return point, true
}

// All returns the stakes in the order of points.
func (set *FeasibleSet) All() iter.Seq[*Stake] {
	return func(yield func(*Stake) bool) {
		for i := range set.Classes {
			for j := range set.Classes[i].Stakes {
				if !yield(&set.Classes[i].Stakes[j]) {
					return
				}
			}
		}
	}
}

// vertexByOrder returns the vertex at which stakes are raised to their upper
// ends in the given order, as far as the outstanding shares go. All other stakes
// are at their lower ends. The order lists the stakes of each class by position
// and pads each class with -1.
func (set *FeasibleSet) vertexByOrder(order []int) []ratio.Ratio {
	var point []ratio.Ratio
	for i := range set.Classes {
		k := &set.Classes[i]
		left, n := k.Outstanding, len(point)
		for j := range k.Stakes {
			point = append(point, k.Stakes[j].Lo)
			left = left.Sub(k.Stakes[j].Lo)
		}
		for _, j := range order[n : n+len(k.Stakes)] {
			if j < 0 {
				break
			}
			more := ratio.Min(k.Stakes[j].Hi.Sub(k.Stakes[j].Lo), left)
			point[n+j] = point[n+j].Add(more)
			left = left.Sub(more)
		}
	}
	return point
}
