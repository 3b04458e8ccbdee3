package clearing

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/crossholding/crossholding/internal/exact"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
	"github.com/crossholding/crossholding/ratio"
)

// column says which fractions of a firm's marginal money go to which firms: units over total.
type column struct {
	parts
	total *big.Int
	units []*big.Int
	small []int64 // the units, unless large
	large bool    // total is above matrix.MaxTotal
}

// settle fills what follows from total and units.
func (c *column) settle() {
	c.small = make([]int64, len(c.units))
	if c.large = !c.total.IsInt64() || c.total.Int64() > matrix.MaxTotal; c.large {
		return // the solver ignores the small units
	}
	for e, u := range c.units {
		c.small[e] = u.Int64()
	}
}

var bigOne = big.NewInt(1)

// newColumn writes parts of a size as whole numbers over one total.
func newColumn(size ratio.Ratio, p parts) column {
	c := column{parts: p, total: new(big.Int).Set(bigOne), units: make([]*big.Int, len(p.rows))}
	common := new(big.Int).Set(size.Denom())
	for _, r := range p.parts {
		lcm(common, r.Denom())
	}
	c.total = times(size, common)
	divisor := new(big.Int).Set(c.total)
	for e, r := range p.parts {
		c.units[e] = times(r, common)
		divisor.GCD(nil, nil, divisor, c.units[e])
	}
	if divisor.Cmp(bigOne) > 0 {
		c.total.Quo(c.total, divisor)
		for _, u := range c.units {
			u.Quo(u, divisor)
		}
	}
	c.settle()
	return c
}

// times returns r times a multiple of its denominator.
func times(r ratio.Ratio, common *big.Int) *big.Int {
	z := new(big.Int).Quo(common, r.Denom())
	return z.Mul(z, r.Num())
}

// scaled returns the column with the part of each row i times times(i)/unit.
func (c *column) scaled(unit *big.Int, times func(i int32) *big.Int) *column {
	out := &column{parts: c.parts, total: new(big.Int).Mul(c.total, unit), units: make([]*big.Int, len(c.units))}
	room := make([]big.Int, len(c.units))
	for e, i := range c.rows {
		out.units[e] = room[e].Mul(c.units[e], times(i))
	}
	out.settle()
	return out
}

// fraction returns the part of entry e as a fraction of the whole.
func (c *column) fraction(e int) ratio.Ratio {
	return ratio.FromRat(new(big.Rat).SetFrac(c.units[e], c.total))
}

// matrixOf arranges columns for the solver, with the constants as further columns. A nil
// column goes to nobody in the system.
func matrixOf(cols []*column, constants []*column) *matrix.Matrix {
	m := &matrix.Matrix{ColStart: make([]int32, 1, len(cols)+len(constants)+1)}
	put := func(c *column) {
		total := int64(1)
		if c != nil {
			if total = matrix.MaxTotal; !c.large {
				total = c.total.Int64()
			} else {
				if m.Wide == nil {
					m.Wide = map[int32]*matrix.WideColumn{}
				}
				m.Wide[int32(len(m.Total))] = &matrix.WideColumn{Total: c.total, Units: c.units}
			}
			m.Row = append(m.Row, c.rows...)
			m.Units = append(m.Units, c.small...)
		}
		m.Total = append(m.Total, total)
		m.ColStart = append(m.ColStart, int32(len(m.Row)))
	}
	size := 0
	for _, c := range append(cols[:len(cols):len(cols)], constants...) {
		if c != nil {
			size += len(c.rows)
		}
	}
	m.Row, m.Units = make([]int32, 0, size), make([]int64, 0, size)
	for _, c := range cols {
		put(c)
	}
	for _, c := range constants {
		put(c)
	}
	return m
}

// span holds a value between two fractions. In an exact calculation they are equal.
type span struct{ lo, hi ratio.Ratio }

func exactly(r ratio.Ratio) span { return span{r, r} }

func (v span) add(w span) span         { return span{v.lo.Add(w.lo), v.hi.Add(w.hi)} }
func (v span) plus(r ratio.Ratio) span { return span{v.lo.Add(r), v.hi.Add(r)} }

// times multiplies by a fraction of 0 or more.
func (v span) times(r ratio.Ratio) span { return span{v.lo.Mul(r), v.hi.Mul(r)} }

// within clips the value to 0 and limit.
func (v span) within(limit ratio.Ratio) span {
	clip := func(r ratio.Ratio) ratio.Ratio {
		switch {
		case r.Sign() < 0:
			return ratio.Ratio{}
		case limit.Less(r):
			return limit
		}
		return r
	}
	return span{clip(v.lo), clip(v.hi)}
}

// aboveZero returns the value, and 0 if it is below 0.
func (v span) aboveZero() span {
	if v.lo.Sign() < 0 {
		v.lo = ratio.Ratio{}
	}
	if v.hi.Sign() < 0 {
		v.hi = ratio.Ratio{}
	}
	return v
}

// errUndecided says that decimals do not suffice to compare two values. The caller tries
// again with more digits.
var errUndecided = errors.New("clearing: undecided")

// cmp compares the value with a fraction.
func (v span) cmp(r ratio.Ratio) (int, error) {
	lo, hi := v.lo.Cmp(r), v.hi.Cmp(r)
	switch {
	case lo > 0:
		return 1, nil
	case hi < 0:
		return -1, nil
	case lo == 0 && hi == 0:
		return 0, nil
	}
	return 0, errUndecided
}

// compare compares two values.
func (v span) compare(w span) (int, error) {
	return span{v.lo.Sub(w.hi), v.hi.Sub(w.lo)}.cmp(ratio.Ratio{})
}

// solveLinear returns the x of x = b + Σ_j cols[j] x[j]. With digits = 0 it is exact. If not,
// each value lies in a span of a few 10^-digits. The columns must have no closed ring.
//
// The solver knows only what firms own of one another. So what firms have of their own becomes
// two further columns, one for each sign, and x is what the firms own of them.
func solveLinear(ctx context.Context, cols []*column, b []ratio.Ratio, digits int) ([]span, error) {
	up, upTotal := constant(b, 1)
	down, downTotal := constant(b, -1)
	solver := exact.NewSolver(matrixOf(cols, []*column{up, down}), exact.Limits{})
	x := newSums(digits, len(b))
	for at, total := range []ratio.Ratio{upTotal, downTotal} {
		if total.IsZero() {
			continue
		}
		if err := addColumn(ctx, solver, x, len(b), int32(at), total); err != nil {
			return nil, linearError(err)
		}
	}
	out := make([]span, len(b))
	var simple []bool
	if digits > 0 {
		simple = solveSimple(cols, b, out)
	}
	for i := range out {
		if simple == nil || !simple[i] {
			out[i] = x.of(int32(i))
		}
	}
	return out, nil
}

// maxSimple is the largest size in bits of the fractions of solveSimple.
const maxSimple = 512

// solveSimple puts the exact x into out for those that depend on no loop, and says which. So
// most ties are decided without fractions of everything, such as a firm that passes on what it
// gets.
func solveSimple(cols []*column, b []ratio.Ratio, out []span) []bool {
	simple := make([]bool, len(b))
	waits := make([]int32, len(b)) // number of payers that are not known yet
	for _, c := range cols {
		if c != nil {
			for _, to := range c.rows {
				waits[to]++
			}
		}
	}
	var ready []int32
	for i := range b {
		out[i] = exactly(b[i])
		if waits[i] == 0 {
			ready = append(ready, int32(i))
		}
	}
	for len(ready) > 0 {
		i := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		x := out[i].lo
		if _, _, small := x.Small(); !small && x.Denom().BitLen() > maxSimple {
			continue // and whoever it pays stays unknown
		}
		simple[i] = true
		c := cols[i]
		if c == nil {
			continue
		}
		for e, to := range c.rows {
			out[to] = out[to].plus(c.fraction(e).Mul(x))
			if waits[to]--; waits[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
	return simple
}

// constant returns the part of b with one sign as a column of which each firm holds its
// figure, and its total.
func constant(b []ratio.Ratio, sign int) (*column, ratio.Ratio) {
	var p parts
	var total ratio.Ratio
	for i, r := range b {
		if r.Sign() != sign {
			continue
		}
		if sign < 0 {
			r = r.Neg()
		}
		p.rows = append(p.rows, int32(i))
		p.parts = append(p.parts, r)
		total = total.Add(r)
	}
	if total.IsZero() {
		return nil, total
	}
	c := newColumn(total, p)
	return &c, total
}

// addColumn adds total times the ownership of the n firms in a further column to x. For the
// second further column it takes that away.
func addColumn(ctx context.Context, solver *exact.Solver, x *sums, n int, column int32, total ratio.Ratio) error {
	node := int32(n) + column
	if column == 1 {
		total = total.Neg()
	}
	if x.scale == nil {
		line, err := solver.Column(ctx, node)
		if err != nil {
			return err
		}
		for _, share := range line.Shares {
			if int(share.Node) < n && !share.Float {
				x.exact[share.Node] = x.exact[share.Node].Add(ratio.FromRat(share.Value).Mul(total))
			}
		}
		return nil
	}
	places := min(x.digits+len(total.Num().String()), exact.MaxPlaces)
	line, err := solver.ColumnFixed(ctx, node, places, rounding.HalfEven)
	if err != nil {
		return err
	}
	// A coefficient z stands for a value from (2z-1)/half to (2z+1)/half.
	half := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	half.Lsh(half, 1)
	num := new(big.Int).Mul(total.Num(), x.scale)
	den := half.Mul(half, total.Denom())
	for o, coefficient := range line.All() {
		if int(o.Node) >= n || o.Float {
			continue
		}
		z := coefficient.Big()
		z.Lsh(z, 1)
		lo, hi := new(big.Int).Sub(z, bigOne), z.Add(z, bigOne)
		if lo.Sign() < 0 {
			lo.SetInt64(0)
		}
		if column == 1 {
			lo, hi = hi, lo
		}
		x.add(o.Node, lo.Mul(lo, num), hi.Mul(hi, num), den)
	}
	return nil
}

// linearError gives an error of the solver the kind of this package.
func linearError(err error) error {
	if errors.Is(err, exact.ErrSize) {
		return fmt.Errorf("%w: %w", ErrTooHard, err)
	}
	return err
}

// stationary returns how money circulates in a closed ring: how much of it passes each member
// when 1 passes the first.
func stationary(ctx context.Context, cols []*column, ring []int32) ([]ratio.Ratio, error) {
	rest := make([]*column, len(cols))
	for _, i := range ring[1:] {
		rest[i] = cols[i]
	}
	b := make([]ratio.Ratio, len(cols))
	first := cols[ring[0]]
	for e, i := range first.rows {
		b[i] = first.fraction(e)
	}
	x, err := solveLinear(ctx, rest, b, 0)
	if err != nil {
		return nil, err
	}
	out := make([]ratio.Ratio, len(ring))
	for at, i := range ring {
		out[at] = x[i].lo
	}
	return out, nil
}

// outside returns the fraction of a column that no firm of the system gets.
func (c *column) outside() ratio.Ratio {
	rest := new(big.Int).Set(c.total)
	for _, u := range c.units {
		rest.Sub(rest, u)
	}
	return ratio.FromRat(new(big.Rat).SetFrac(rest, c.total))
}
