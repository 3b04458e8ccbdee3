package interval

import (
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// FeasibleSet is what the stakes in one company can be: for each class the points s
// with lo <= s <= hi, ends open or closed, and a sum of at most what is
// outstanding; the rest is the class's float. What the stakes in one company
// are says nothing of those in another, so the completions of a book (the
// books without bands that it can stand for) are all combinations of points.
//
// A point lists the shares of the stakes in order, the classes one after the
// other.
type FeasibleSet struct {
	Company int32
	Classes []Class
	total   ratio.Ratio // outstanding shares times dividends
	exact   bool        // every stake is known exactly
}

type Class struct {
	Outstanding ratio.Ratio // outstanding shares
	Dividend    ratio.Ratio // weight of a share when profits are divided
	Stakes      []Stake
}

// Stake is a stake between two numbers of shares.
type Stake struct {
	ID, Owner      int32 // the stake and whose money it is
	Lo, Hi         ratio.Ratio
	LoOpen, HiOpen bool
}

func (s *Stake) IsExact() bool { return s.Lo.Equal(s.Hi) }

// NewFeasibleSet takes over the classes and lowers the upper ends of stakes to what
// the least of the others leaves. One pass does it, for lower ends do not move.
func NewFeasibleSet(c int32, classes []Class) FeasibleSet {
	col := FeasibleSet{Company: c, Classes: classes, exact: true}
	for i := range classes {
		k := &classes[i]
		col.total = col.total.Add(k.Outstanding.Mul(k.Dividend))
		left, open := k.Outstanding, 0 // what the least of all leaves, and how many are more than it
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
			col.exact = col.exact && s.IsExact()
		}
	}
	return col
}

// IsExact reports whether every stake is known exactly.
func (col *FeasibleSet) IsExact() bool { return col.exact }

// size is how many stakes the column has.
func (col *FeasibleSet) size() int {
	n := 0
	for i := range col.Classes {
		n += len(col.Classes[i].Stakes)
	}
	return n
}

// With returns the column with some stakes held at known numbers of shares.
func (col *FeasibleSet) With(at map[int32]ratio.Ratio) FeasibleSet {
	out := FeasibleSet{Company: col.Company, Classes: slices.Clone(col.Classes), total: col.total, exact: true}
	for i := range out.Classes {
		k := &out.Classes[i]
		k.Stakes = slices.Clone(k.Stakes)
		for j := range k.Stakes {
			s := &k.Stakes[j]
			if v, ok := at[s.ID]; ok {
				s.Lo, s.Hi, s.LoOpen, s.HiOpen = v, v, false, false
			}
			out.exact = out.exact && s.IsExact()
		}
	}
	return out
}

// Linear is a function of a column's points: a constant, so much for each
// share of each stake, in the order of points, and so much for each share of
// each class's float.
type Linear struct {
	Constant ratio.Ratio
	Stakes   []ratio.Ratio
	Floats   []ratio.Ratio // by class
}

func (f Linear) Negated() Linear {
	out := Linear{Constant: f.Constant.Neg()}
	for _, r := range f.Stakes {
		out.Stakes = append(out.Stakes, r.Neg())
	}
	for _, r := range f.Floats {
		out.Floats = append(out.Floats, r.Neg())
	}
	return out
}

// at returns the value of f at a point.
func (col *FeasibleSet) at(f Linear, point []ratio.Ratio) ratio.Ratio {
	sum, n := f.Constant, 0
	for i := range col.Classes {
		k := &col.Classes[i]
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

// isBest reports whether no point of the column, its open ends taken with it,
// has more of f than this one: whether no share can go from one stake, or from
// the float, to another of its class where it is worth more.
func (col *FeasibleSet) isBest(f Linear, point []ratio.Ratio) bool {
	n := 0
	for i := range col.Classes {
		k := &col.Classes[i]
		left, most := k.Outstanding, f.Floats[i] // the most that a share more is worth; the float takes any
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

// best returns a point of the column, its open ends taken with it, at which f
// is greatest, and whether f reaches that value without them; the point is
// then one that does.
func (col *FeasibleSet) best(f Linear) (point []ratio.Ratio, reached bool) {
	return col.choose(f, true)
}

// greedy is best for those who do not ask what is reached: its points have no
// other numbers than the ends of stakes and what they leave.
func (col *FeasibleSet) greedy(f Linear) []ratio.Ratio {
	point, _ := col.choose(f, false)
	return point
}

func (col *FeasibleSet) choose(f Linear, spread bool) (point []ratio.Ratio, reached bool) {
	reached = true
	for i, n := 0, 0; i < len(col.Classes); i++ {
		k := &col.Classes[i]
		filling := filling{k: k, worth: f.Stakes[n : n+len(k.Stakes)], float: f.Floats[i]}
		filling.fill()
		if spread {
			reached = filling.spread() && reached
		}
		point = append(point, filling.point...)
		n += len(k.Stakes)
	}
	return point, reached
}

// filling is a continuous knapsack: every stake of a class has its least, and
// what is left goes to the stakes in order of worth until the float is worth
// as much.
type filling struct {
	k      *Class
	worth  []ratio.Ratio // of each stake
	float  ratio.Ratio   // worth of the float
	point  []ratio.Ratio
	order  []int       // the stakes that are not known, the most worth first
	margin ratio.Ratio // the worth at which what is left runs out
	left   ratio.Ratio // what goes to the float
}

func (f *filling) fill() {
	f.point, f.left, f.margin = make([]ratio.Ratio, len(f.k.Stakes)), f.k.Outstanding, f.float
	for j := range f.k.Stakes {
		s := &f.k.Stakes[j]
		f.point[j] = s.Lo
		f.left = f.left.Sub(s.Lo)
		if !s.IsExact() {
			f.order = append(f.order, j)
		}
	}
	if f.left.IsZero() {
		f.order = nil // each has its least and no more
		return
	}
	slices.SortStableFunc(f.order, func(a, b int) int { return f.worth[b].Cmp(f.worth[a]) })
	for _, j := range f.order {
		if f.left.IsZero() || f.worth[j].Cmp(f.float) <= 0 {
			return
		}
		s := &f.k.Stakes[j]
		more := s.Hi.Sub(s.Lo)
		if !more.Less(f.left) {
			more, f.margin = f.left, f.worth[j]
		}
		f.point[j] = s.Lo.Add(more)
		f.left = f.left.Sub(more)
	}
}

// spread looks for an equally good point that touches no open end and reports
// whether there is one. The best points are those with the stakes worth more
// than the margin at their upper ends, those worth less at their lower ones,
// and any division of the rest among those worth just the margin, the float
// perhaps among them.
func (f *filling) spread() (reached bool) {
	reached = true
	var level []int
	var rest, span ratio.Ratio // of the level's: what is divided, and what could be
	openLo, openHi := false, false
	for _, j := range f.order {
		s := &f.k.Stakes[j]
		switch d := f.worth[j].Cmp(f.margin); {
		case d > 0:
			reached = reached && !s.HiOpen
		case d < 0:
			reached = reached && !s.LoOpen
		default:
			level = append(level, j)
			rest, span = rest.Add(f.point[j].Sub(s.Lo)), span.Add(s.Hi.Sub(s.Lo))
			openLo, openHi = openLo || s.LoOpen, openHi || s.HiOpen
		}
	}
	if !openLo && !openHi {
		return reached
	}
	if f.left.Sign() > 0 { // the float is one of the level and takes what is over
		f.divide(level, decimalBelow(f.left.Div(span.Add(f.left)), nil))
		return reached
	}
	switch {
	case rest.IsZero():
		return reached && !openLo
	case rest.Equal(span):
		return reached && !openHi
	}
	first := &f.k.Stakes[level[0]]
	room, over := first.Hi.Sub(first.Lo), ratio.Ratio{}
	part := decimalBelow(rest.Div(span), func(p ratio.Ratio) bool {
		over = rest.Sub(span.Mul(p))
		return over.Less(room.Mul(ratio.Int(1).Sub(p)))
	})
	f.divide(level, part)
	f.point[level[0]] = f.point[level[0]].Add(over)
	return reached
}

// divide puts the stakes at the same part of the way between their ends.
func (f *filling) divide(level []int, part ratio.Ratio) {
	for _, j := range level {
		s := &f.k.Stakes[j]
		f.point[j] = s.Lo.Add(s.Hi.Sub(s.Lo).Mul(part))
	}
}

// decimalBelow returns a number above 0 and at most r with few decimals that
// will do, so that figures are such as a book can hold. All numbers just below
// an r that has no end must do, or r itself; r is above 0 and at most 1.
func decimalBelow(r ratio.Ratio, do func(ratio.Ratio) bool) ratio.Ratio {
	for places := 1; ; places++ {
		d := ratio.FromRat(r.Round(places, ratio.Floor).Rat())
		if d.Sign() > 0 && (do == nil || do(d)) {
			return d
		}
	}
}

// inside returns a point of the column that touches no open end.
func (col *FeasibleSet) inside() []ratio.Ratio {
	var point []ratio.Ratio
	for i := range col.Classes {
		k := &col.Classes[i]
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

// Witness returns a point of the column without open ends at which f is above
// 0, or at least 0 if orZero, and whether there is one.
//
// From a best point on an open end it steps inside, along the line to an
// inner point, by so much that at least half of the value stays.
func (col *FeasibleSet) Witness(f Linear, orZero bool) ([]ratio.Ratio, bool) {
	point, reached := col.best(f)
	top := col.at(f, point)
	switch {
	case top.Sign() < 0 || top.IsZero() && !(orZero && reached):
		return nil, false
	case reached:
		return point, true
	}
	in := col.inside()
	part := ratio.Int(1)
	if drop := top.Sub(col.at(f, in)); top.Less(drop.Mul(ratio.Int(2))) {
		part = decimalBelow(top.Div(drop.Mul(ratio.Int(2))), nil)
	}
	for j := range point {
		point[j] = point[j].Add(in[j].Sub(point[j]).Mul(part))
	}
	return point, true
}
