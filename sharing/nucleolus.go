package sharing

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/ratio"
)

// MaxNucleolusMembers is the largest number of members for the nucleolus.
const MaxNucleolusMembers = 16

// Nucleolus returns the nucleolus: of the divisions that leave each member at least as well
// off as alone, the one whose largest excess is least, then whose next largest is least, and
// so on. There is exactly one, and it is in the core if the core is not empty.
//
// It fails with ErrNoImputation if no division leaves each member as well off as alone, with
// ErrTooLarge for more than MaxNucleolusMembers members, and with ErrMembers for the zero
// Game.
//
// Source: D. Schmeidler, The Nucleolus of a Characteristic Function Game, SIAM Journal on
// Applied Mathematics 17, 1969. The algorithm is the sequence of linear programs of A.
// Kopelowitz (1967) and of M. Maschler, B. Peleg and L.S. Shapley (1979), in exact numbers,
// with at most one program for each member (not verified in the articles).
func (g Game) Nucleolus(ctx context.Context) (Division, error) {
	return g.nucleolus(ctx, "nucleolus", true)
}

// Prenucleolus is Nucleolus of all divisions, also those that leave a member worse off than
// alone. It always exists. It is the nucleolus if it leaves each member as well off as alone.
// It fails with ErrTooLarge and ErrMembers as Nucleolus does.
func (g Game) Prenucleolus(ctx context.Context) (Division, error) {
	return g.nucleolus(ctx, "prenucleolus", false)
}

func (g Game) nucleolus(ctx context.Context, rule string, imputations bool) (Division, error) {
	if err := g.ready(ctx); err != nil {
		return Division{}, err
	}
	n := len(g.members)
	if n > MaxNucleolusMembers {
		return Division{}, failure(ErrTooLarge, "%d members, the nucleolus takes at most %d", n, MaxNucleolusMembers)
	}
	s := &search{n: n, scan: g.newScan(), active: make([]bool, 1<<n)}
	for c := Coalition(1); c < g.all(); c++ {
		s.active[c] = true
	}
	s.fix(g.all(), new(big.Rat).SetFrac(s.scan.value(g.all()), g.values.den))
	s.drop()
	if imputations {
		if err := g.imputations(s); err != nil {
			return Division{}, err
		}
	} else if err := s.limit(ctx); err != nil {
		return Division{}, err
	}
	x := []*big.Rat{s.fixed[0].amount} // of a single member
	for len(s.fixed) < n {
		var err error
		if x, err = s.stage(ctx); err != nil {
			return Division{}, err
		}
	}
	return g.divided(rule, func(i int) ratio.Ratio {
		if g.Kind() == KindCosts {
			return ratio.FromRat(x[i]).Neg()
		}
		return ratio.FromRat(x[i])
	}), nil
}

// imputations makes the values that the members have alone their lower limits.
func (g Game) imputations(s *search) error {
	sum := ratio.Ratio{}
	for i := range g.members {
		s.lower = append(s.lower, new(big.Rat).SetFrac(s.scan.value(alone(i)), g.values.den))
		sum = sum.Add(g.values.at(alone(i)))
	}
	better := sum.Less(g.total())
	if g.Kind() == KindSavings {
		better = g.total().Less(sum)
	}
	if better {
		return failure(ErrNoImputation, "alone the members have %s together, and the value of all is %s", brief(sum), brief(g.total()))
	}
	return nil
}

// search finds the nucleolus. It takes every game as one of savings.
type search struct {
	n      int
	scan   *scan
	lower  []*big.Rat // lower limit of each member
	fixed  []fixedSum // coalitions whose amount is settled, independent; the first is all
	span   span       // of the fixed coalitions
	active []bool     // coalitions outside the span
}

type fixedSum struct {
	coalition Coalition
	amount    *big.Rat
}

// fix settles the amount of a coalition outside the span of the fixed ones.
func (s *search) fix(c Coalition, amount *big.Rat) {
	if !s.span.add(c, s.n) {
		return
	}
	s.fixed = append(s.fixed, fixedSum{c, amount})
}

// drop makes the coalitions inside the span inactive: the fixed amounts settle theirs.
func (s *search) drop() {
	for k, on := range s.active {
		s.active[k] = on && !s.span.has(Coalition(k), s.n)
	}
}

// limit gives the members lower limits that the prenucleolus keeps. Its largest excess is at
// most that of the equal division, so no member has less than its value alone less this.
func (s *search) limit(ctx context.Context) error {
	equal := new(big.Rat).Quo(s.fixed[0].amount, new(big.Rat).SetInt64(int64(s.n)))
	amounts := make([]ratio.Ratio, s.n)
	for i := range amounts {
		amounts[i] = ratio.FromRat(equal)
		if s.scan.sign < 0 {
			amounts[i] = amounts[i].Neg()
		}
	}
	factor, x := s.scan.whole(amounts)
	if err := s.scan.fill(ctx, factor, x); err != nil {
		return err
	}
	worst := new(big.Rat)
	if s.n > 1 {
		unit := new(big.Int).Mul(factor, s.scan.table.den)
		worst.SetFrac(s.scan.excess(s.scan.largest(s.active)), unit)
	}
	for i := range s.n {
		low := new(big.Rat).SetFrac(s.scan.value(alone(i)), s.scan.table.den)
		s.lower = append(s.lower, low.Sub(low, worst))
	}
	return nil
}

// stage solves one linear program: it makes the largest excess of the active coalitions as
// small as the lower limits and the fixed amounts allow. Then it fixes the amounts of the
// coalitions whose excess is the same in all solutions, because their weight is above 0. At
// least one of them is outside the span of the fixed ones.
func (s *search) stage(ctx context.Context) ([]*big.Rat, error) {
	l := s.newLevel()
	for {
		x, bound := l.prices()
		c, entries, cost, err := l.violated(ctx, x, bound)
		if err != nil {
			return nil, err
		}
		if entries == nil {
			return l.settle(x), nil
		}
		if err := l.program.enter(c, entries, cost); err != nil {
			return nil, err
		}
	}
}

// level is the linear program of one stage. It has a row for each member and one for the
// weights of the excesses, which add up to 1. Its columns are
//
//	the active coalitions   (members, 1) with the value as the cost
//	the members             (member, 0) with the lower limit as the cost
//	the fixed coalitions    (members, 0) and its opposite with the amount as the cost
//
// The right side is 0 for each member and 1 for the weights. The prices are the amounts of
// the members and the largest excess.
type level struct {
	*search
	program *program
	unit    *big.Int  // all costs are whole numbers over this
	factor  *big.Int  // unit over the denominator of the values
	start   Coalition // the active coalition of the first basis
	pivot   int       // its first member, whose row has the opposite of all in the first basis
}

// newLevel starts with one active coalition, the opposite of all, and the members but the
// first of the coalition. Then the members outside the coalition have the weight 1.
func (s *search) newLevel() *level {
	l := &level{search: s, factor: big.NewInt(1)}
	l.unit = new(big.Int).Set(s.scan.table.den)
	include := func(r *big.Rat) {
		g := new(big.Int).GCD(nil, nil, l.unit, r.Denom())
		g.Quo(r.Denom(), g)
		l.unit.Mul(l.unit, g)
		l.factor.Mul(l.factor, g)
	}
	for i := range s.n {
		include(s.lower[i])
	}
	for _, f := range s.fixed {
		include(f.amount)
	}
	l.start = s.firstActive()
	l.pivot = l.start.first()
	columns := make([]column, s.n+1)
	costs, weights := make([]*big.Int, s.n+1), make([]*big.Int, s.n+1)
	for i := range s.n {
		columns[i], costs[i], weights[i] = column{atLeast, alone(i)}, l.whole(s.lower[i]), big.NewInt(1)
		if l.start.Has(i) {
			weights[i] = new(big.Int)
		}
	}
	all := s.fixed[0]
	columns[l.pivot], weights[l.pivot] = column{atMostFixed, all.coalition}, big.NewInt(1)
	costs[l.pivot] = new(big.Int).Neg(l.whole(all.amount))
	columns[s.n], costs[s.n], weights[s.n] = column{excessOf, l.start}, l.valueOf(l.start), big.NewInt(1)
	l.program = newProgram(columns, costs, weights)
	return l
}

// firstActive returns the first of the smallest active coalitions.
func (s *search) firstActive() Coalition {
	best := Coalition(0)
	for c, on := range s.active {
		if k := Coalition(c); on && (best == 0 || k.Len() < best.Len()) {
			best = k
		}
	}
	return best
}

// whole returns r times the unit.
func (l *level) whole(r *big.Rat) *big.Int {
	x := new(big.Int).Quo(l.unit, r.Denom())
	return x.Mul(x, r.Num())
}

// valueOf returns the value of a coalition times the unit.
func (l *level) valueOf(c Coalition) *big.Int {
	v := l.scan.value(c)
	return v.Mul(v, l.factor)
}

// entries returns a column in the coordinates of the first basis.
func (l *level) entries(c column) []int64 {
	member := func(i int) int64 {
		if !c.coalition.Has(i) {
			return 0
		}
		if c.kind == atMostFixed {
			return -1
		}
		return 1
	}
	out := make([]int64, l.n+1)
	if c.kind == excessOf {
		out[l.n] = 1
	}
	out[l.pivot] = out[l.n] - member(l.pivot)
	for i := range l.n {
		if i == l.pivot {
			continue
		}
		out[i] = member(i) + out[l.pivot]
		if l.start.Has(i) {
			out[i] -= out[l.n]
		}
	}
	return out
}

// prices returns the amounts of the members and the largest excess, times the unit and the
// determinant of the program.
func (l *level) prices() (x []*big.Int, bound *big.Int) {
	y := l.program.prices()
	x = make([]*big.Int, l.n)
	first := new(big.Int).Neg(y[l.pivot])
	bound = new(big.Int).Add(y[l.n], y[l.pivot])
	for i := range l.n {
		if i == l.pivot {
			continue
		}
		x[i] = y[i]
		first.Sub(first, y[i])
		if !l.start.Has(i) {
			bound.Add(bound, y[i])
		}
	}
	x[l.pivot] = first
	return x, bound
}

// violated returns the column that the amounts and the bound violate most, with its entries
// and cost. It returns no entries if there is none: then the amounts and the bound are a
// solution.
func (l *level) violated(ctx context.Context, x []*big.Int, bound *big.Int) (column, []int64, *big.Int, error) {
	var worst column
	var cost *big.Int
	most := new(big.Int)
	try := func(c column, by, price *big.Int) {
		if by.Cmp(most) > 0 {
			worst, cost, most = c, price, by
		}
	}
	det := l.program.det
	factor := new(big.Int).Mul(l.factor, det)
	if err := l.scan.fill(ctx, factor, x); err != nil {
		return worst, nil, nil, err
	}
	c := l.scan.largest(l.active)
	over := l.scan.excess(c)
	try(column{excessOf, c}, over.Sub(over, bound), l.valueOf(c))
	for i, low := range l.lower {
		price := l.whole(low)
		by := new(big.Int).Mul(price, det)
		try(column{atLeast, alone(i)}, by.Sub(by, x[i]), price)
	}
	for _, f := range l.fixed {
		price := l.whole(f.amount)
		by := new(big.Int).Mul(price, det)
		for k := f.coalition; k != 0; k = k.rest() {
			by.Sub(by, x[k.first()])
		}
		try(column{atLeastFixed, f.coalition}, by, price)
		try(column{atMostFixed, f.coalition}, new(big.Int).Neg(by), new(big.Int).Neg(price))
	}
	if cost == nil {
		return worst, nil, nil, nil
	}
	return worst, l.entries(worst), cost, nil
}

// settle fixes the amounts of the columns with a weight above 0. It returns the solution.
func (l *level) settle(x []*big.Int) []*big.Rat {
	unit := new(big.Int).Mul(l.unit, l.program.det)
	out := make([]*big.Rat, l.n)
	for i := range out {
		out[i] = new(big.Rat).SetFrac(x[i], unit)
	}
	for r, c := range l.program.columns {
		if l.program.weights[r].Sign() == 0 || c.kind == atMostFixed || c.kind == atLeastFixed {
			continue
		}
		sum := new(big.Rat)
		for k := c.coalition; k != 0; k = k.rest() {
			sum.Add(sum, out[k.first()])
		}
		l.fix(c.coalition, sum)
	}
	l.drop()
	return out
}
