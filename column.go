package crossholding

import (
	"slices"

	"github.com/crossholding/crossholding/ratio"
)

// column is what the stakes in one company can be: for each class the points s
// with lo <= s <= hi, ends open or closed, and a sum of at most what is
// outstanding; the rest is the class's float. What the stakes in one company
// are says nothing of those in another, so the completions of a book (the
// books without bands that it can stand for) are all combinations of points.
//
// A point lists the shares of the stakes in order, the classes one after the
// other.
type column struct {
	c       int32
	classes []classColumn
	total   ratio.Ratio // outstanding shares times dividends
	known   bool        // every stake is known exactly
}

type classColumn struct {
	room     ratio.Ratio // outstanding shares
	dividend ratio.Ratio // weight of a share when profits are divided
	stakes   []rangedStake
}

// rangedStake is a stake between two numbers of shares.
type rangedStake struct {
	e, owner       int32 // the stake and whose money it is
	lo, hi         ratio.Ratio
	loOpen, hiOpen bool
}

func (s *rangedStake) known() bool { return s.lo.Equal(s.hi) }

// newColumn takes over the classes and lowers the upper ends of stakes to what
// the least of the others leaves. One pass does it, for lower ends do not move.
func newColumn(c int32, classes []classColumn) column {
	col := column{c: c, classes: classes, known: true}
	for i := range classes {
		k := &classes[i]
		col.total = col.total.Add(k.room.Mul(k.dividend))
		left, open := k.room, 0 // what the least of all leaves, and how many are more than it
		for j := range k.stakes {
			left = left.Sub(k.stakes[j].lo)
			if k.stakes[j].loOpen {
				open++
			}
		}
		for j := range k.stakes {
			s := &k.stakes[j]
			if s.known() {
				continue
			}
			others := open
			if s.loOpen {
				others--
			}
			if most := s.lo.Add(left); most.Less(s.hi) {
				s.hi, s.hiOpen = most, others > 0
			} else if most.Equal(s.hi) {
				s.hiOpen = s.hiOpen || others > 0
			}
			col.known = col.known && s.known()
		}
	}
	return col
}

// isExact reports whether every stake is known exactly.
func (col *column) isExact() bool { return col.known }

// size is how many stakes the column has.
func (col *column) size() int {
	n := 0
	for i := range col.classes {
		n += len(col.classes[i].stakes)
	}
	return n
}

// fix returns the column with some stakes held at known numbers of shares.
func (col *column) fix(at map[int32]ratio.Ratio) column {
	out := column{c: col.c, classes: slices.Clone(col.classes), total: col.total, known: true}
	for i := range out.classes {
		k := &out.classes[i]
		k.stakes = slices.Clone(k.stakes)
		for j := range k.stakes {
			s := &k.stakes[j]
			if v, ok := at[s.e]; ok {
				s.lo, s.hi, s.loOpen, s.hiOpen = v, v, false, false
			}
			out.known = out.known && s.known()
		}
	}
	return out
}

// linear is a function of a column's points: a constant, so much for each
// share of each stake, in the order of points, and so much for each share of
// each class's float.
type linear struct {
	constant ratio.Ratio
	stake    []ratio.Ratio
	float    []ratio.Ratio // by class
}

func (f linear) negated() linear {
	out := linear{constant: f.constant.Neg()}
	for _, r := range f.stake {
		out.stake = append(out.stake, r.Neg())
	}
	for _, r := range f.float {
		out.float = append(out.float, r.Neg())
	}
	return out
}

// at returns the value of f at a point.
func (col *column) at(f linear, point []ratio.Ratio) ratio.Ratio {
	sum, n := f.constant, 0
	for i := range col.classes {
		k := &col.classes[i]
		left := k.room
		for range k.stakes {
			left = left.Sub(point[n])
			if !f.stake[n].IsZero() {
				sum = sum.Add(f.stake[n].Mul(point[n]))
			}
			n++
		}
		if !f.float[i].IsZero() {
			sum = sum.Add(f.float[i].Mul(left))
		}
	}
	return sum
}

// isBest reports whether no point of the column, its open ends taken with it,
// has more of f than this one: whether no share can go from one stake, or from
// the float, to another of its class where it is worth more.
func (col *column) isBest(f linear, point []ratio.Ratio) bool {
	n := 0
	for i := range col.classes {
		k := &col.classes[i]
		left, most := k.room, f.float[i] // the most that a share more is worth; the float takes any
		for j := range k.stakes {
			left = left.Sub(point[n+j])
			if point[n+j].Less(k.stakes[j].hi) && most.Less(f.stake[n+j]) {
				most = f.stake[n+j]
			}
		}
		if left.Sign() > 0 && f.float[i].Less(most) {
			return false
		}
		for j := range k.stakes {
			if k.stakes[j].lo.Less(point[n+j]) && f.stake[n+j].Less(most) {
				return false
			}
		}
		n += len(k.stakes)
	}
	return true
}

// best returns a point of the column, its open ends taken with it, at which f
// is greatest, and whether f reaches that value without them; the point is
// then one that does.
func (col *column) best(f linear) (point []ratio.Ratio, reached bool) {
	return col.choose(f, true)
}

// greedy is best for those who do not ask what is reached: its points have no
// other numbers than the ends of stakes and what they leave.
func (col *column) greedy(f linear) []ratio.Ratio {
	point, _ := col.choose(f, false)
	return point
}

func (col *column) choose(f linear, spread bool) (point []ratio.Ratio, reached bool) {
	reached = true
	for i, n := 0, 0; i < len(col.classes); i++ {
		k := &col.classes[i]
		filling := filling{k: k, worth: f.stake[n : n+len(k.stakes)], float: f.float[i]}
		filling.fill()
		if spread {
			reached = filling.spread() && reached
		}
		point = append(point, filling.point...)
		n += len(k.stakes)
	}
	return point, reached
}

// filling is a continuous knapsack: every stake of a class has its least, and
// what is left goes to the stakes in order of worth until the float is worth
// as much.
type filling struct {
	k      *classColumn
	worth  []ratio.Ratio // of each stake
	float  ratio.Ratio   // worth of the float
	point  []ratio.Ratio
	order  []int       // the stakes that are not known, the most worth first
	margin ratio.Ratio // the worth at which what is left runs out
	left   ratio.Ratio // what goes to the float
}

func (f *filling) fill() {
	f.point, f.left, f.margin = make([]ratio.Ratio, len(f.k.stakes)), f.k.room, f.float
	for j := range f.k.stakes {
		s := &f.k.stakes[j]
		f.point[j] = s.lo
		f.left = f.left.Sub(s.lo)
		if !s.known() {
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
		s := &f.k.stakes[j]
		more := s.hi.Sub(s.lo)
		if !more.Less(f.left) {
			more, f.margin = f.left, f.worth[j]
		}
		f.point[j] = s.lo.Add(more)
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
		s := &f.k.stakes[j]
		switch d := f.worth[j].Cmp(f.margin); {
		case d > 0:
			reached = reached && !s.hiOpen
		case d < 0:
			reached = reached && !s.loOpen
		default:
			level = append(level, j)
			rest, span = rest.Add(f.point[j].Sub(s.lo)), span.Add(s.hi.Sub(s.lo))
			openLo, openHi = openLo || s.loOpen, openHi || s.hiOpen
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
	first := &f.k.stakes[level[0]]
	room, over := first.hi.Sub(first.lo), ratio.Ratio{}
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
		s := &f.k.stakes[j]
		f.point[j] = s.lo.Add(s.hi.Sub(s.lo).Mul(part))
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
func (col *column) inside() []ratio.Ratio {
	var point []ratio.Ratio
	for i := range col.classes {
		k := &col.classes[i]
		left, span := k.room, ratio.Ratio{}
		for j := range k.stakes {
			left, span = left.Sub(k.stakes[j].lo), span.Add(k.stakes[j].hi.Sub(k.stakes[j].lo))
		}
		part := ratio.Of(1, 2)
		switch {
		case left.IsZero():
			part = ratio.Ratio{}
		case left.Less(span):
			part = decimalBelow(part.Mul(left.Div(span)), nil)
		}
		for j := range k.stakes {
			s := &k.stakes[j]
			point = append(point, s.lo.Add(s.hi.Sub(s.lo).Mul(part)))
		}
	}
	return point
}

// witness returns a point of the column without open ends at which f is above
// 0, or at least 0 if orZero, and whether there is one.
//
// From a best point on an open end it steps inside, along the line to an
// inner point, by so much that at least half of the value stays.
func (col *column) witness(f linear, orZero bool) ([]ratio.Ratio, bool) {
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
