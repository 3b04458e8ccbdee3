package exact

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// quickColumn is a column in 128-bit integers with 100 binary places. Nodes have slots in the
// order in which the search meets them. The members of a part have adjacent slots.
//
// Each value has an error bound of its own, as in [columnRun]: a holder gets a(i,k) times the
// value of k from each company k of another part. That has a(i,k) times the error of the value
// of k, and less than one unit from the division, which rounds down. In a part, [table.against]
// and spread bound what V makes of the errors of a right-hand side.
type quickColumn struct {
	parts []int32   // the parts of j and of the companies that hold it, then sorted
	nodes []int32   // by slot
	vals  []uint128 // by slot, the sum of what issuers passed to the node, then V(k,j)
	off   []float64 // the error bounds of vals, in units of 2^-quickBits
	order []uint64  // the nodes and slots, to be sorted
}

// outer is the stakes in the members of a part that its own members do not hold.
type outer struct {
	start []int32 // those in member k are start[k] to start[k+1]-1
	rows  []int32
	units []int64
	wide  bool // a column is wide, and nothing is listed
}

// column returns the outer stakes in member k, whose column is col.
func (o *outer) column(k int, col Column) Column {
	lo, hi := o.start[k], o.start[k+1]
	col.Rows, col.Units = o.rows[lo:hi], o.units[lo:hi]
	return col
}

// outer returns the outer stakes of a part. The first call lists them.
func (s *Solver) outer(q *part) *outer {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.outer != nil {
		return q.outer
	}
	o := &outer{start: make([]int32, 1, len(q.nodes)+1), wide: s.wide(q)}
	q.outer = o
	if o.wide {
		return o
	}
	for _, k := range q.nodes {
		col := s.Holders(k)
		for e, i := range col.Rows {
			if q.c.Part[i] != q.p && col.Units[e] > 0 {
				o.rows, o.units = append(o.rows, i), append(o.units, col.Units[e])
			}
		}
		o.start = append(o.start, int32(len(o.rows)))
	}
	return o
}

// columnQuick returns column j of the query. It returns nil if 100 binary places are not
// enough: for wide columns and for values of 2^20 or more.
func (s *Solver) columnQuick(ctx context.Context, q *query) (*FixedLine, error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	w, _ := s.columns.Get().(*quickColumn)
	if w == nil {
		w = new(quickColumn)
	}
	defer s.columns.Put(w)
	r := s.newReach()
	defer s.scratch.Put(r)
	if ok, err := s.columnUp(ctx, c, r, w, q.from.Node); !ok || err != nil {
		return nil, err
	}
	if err := r.closedRings(c); err != nil {
		return nil, err
	}
	n := len(w.nodes)
	w.vals, w.off = slices.Grow(w.vals[:0], n)[:n], slices.Grow(w.off[:0], n)[:n]
	clear(w.vals)
	clear(w.off)
	w.vals[r.slot[q.from.Node]] = quickOne
	slices.Sort(w.parts)
	stage := progress.Start(ctx, "owners", len(w.parts), reportEvery)
	for left, work := len(w.parts), 0; left > 0; left-- {
		stage.At(len(w.parts) - left)
		if work++; work&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		if ok, err := s.columnPart(ctx, c, r, w, q, w.parts[left-1]); !ok || err != nil {
			return nil, err
		}
	}
	stage.End()
	return s.columnLine(ctx, c, r, w, q)
}

// columnUp lists the parts of company j and of all that hold it, directly or through others,
// and gives slots to their members and to the outside owners. It returns false if a column is
// wide.
func (s *Solver) columnUp(ctx context.Context, c *Condensation, r *reach, w *quickColumn, j int32) (bool, error) {
	w.parts, w.nodes = w.parts[:0], w.nodes[:0]
	add := func(i int32) {
		if r.has(i) {
			return
		}
		p := c.Part[i]
		members := w.nodes
		if p < 0 {
			w.nodes = append(w.nodes, i)
		} else {
			w.parts = append(w.parts, p)
			w.nodes = append(w.nodes, c.Members(p)...)
		}
		for at := len(members); at < len(w.nodes); at++ {
			r.stamp[w.nodes[at]] = r.round
			r.slot[w.nodes[at]] = int32(at)
		}
	}
	add(j)
	for at, work := 0, 0; at < len(w.parts); at++ {
		ok := s.partColumns(c, w.parts[at], func(_ int32, col Column) bool {
			if col.Wide != nil {
				return false
			}
			work += len(col.Rows)
			for e, i := range col.Rows {
				if col.Units[e] > 0 {
					add(i)
				}
			}
			return true
		})
		if !ok {
			return false, nil
		}
		if work > 1<<16 {
			work = 0
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// partColumns calls yield with each member of a part and its column, in order, until yield
// returns false. Of a large part, the column lacks the stakes of other members. It returns
// false if yield did.
func (s *Solver) partColumns(c *Condensation, p int32, yield func(k int32, col Column) bool) bool {
	members := c.Members(p)
	if len(members) <= smallPart {
		for _, k := range members {
			if !yield(k, s.Holders(k)) {
				return false
			}
		}
		return true
	}
	o := s.outer(s.part(c, p))
	if o.wide {
		return false
	}
	for at, k := range members {
		if !yield(k, o.column(at, s.Holders(k))) {
			return false
		}
	}
	return true
}

// columnPart finishes the values of a part's members and passes them to holders outside the
// part. It returns false if a value does not fit.
func (s *Solver) columnPart(ctx context.Context, c *Condensation, r *reach, w *quickColumn, q *query, p int32) (bool, error) {
	members := c.Members(p)
	at := int(r.slot[members[0]])
	if n := len(members); n > 1 {
		if ok, err := s.columnSolve(ctx, q, s.part(c, p), w.vals[at:at+n], w.off[at:at+n]); !ok || err != nil {
			return false, err
		}
	}
	ok := s.partColumns(c, p, func(_ int32, col Column) bool {
		at++
		return w.push(c, r, col, p, at-1)
	})
	return ok, nil
}

// push passes the value of the company at slot at to its holders outside part p. It returns
// false if a value does not fit.
func (w *quickColumn) push(c *Condensation, r *reach, col Column, p int32, at int) bool {
	v, off := w.vals[at], w.off[at]
	if v.hi>>(120-64) != 0 {
		return false
	}
	for e, i := range col.Rows {
		if col.Units[e] == 0 || c.Part[i] == p {
			continue
		}
		to := r.slot[i]
		x := v.times(uint64(col.Units[e]), uint64(col.Total))
		var carry uint64
		sum := &w.vals[to]
		sum.lo, carry = bits.Add64(sum.lo, x.lo, 0)
		if sum.hi, carry = bits.Add64(sum.hi, x.hi, carry); carry != 0 {
			return false
		}
		w.off[to] += col.fraction(e)*off*upward + 1
	}
	return true
}

// times returns v times the fraction u/d, rounded down. u must not be above d.
func (v uint128) times(u, d uint64) uint128 {
	var product uint192
	product.addMul(v, u)
	x, _ := product.quo(d) // at most v
	return x
}

// columnSolve replaces a part's right-hand side and its error bounds by the solution and its
// bounds. It returns false if a value does not fit.
func (s *Solver) columnSolve(ctx context.Context, of *query, q *part, vals []uint128, off []float64) (bool, error) {
	if len(vals) <= smallPart {
		tab, err := s.table(ctx, q)
		if err != nil {
			return false, err
		}
		return tab.ok && tab.against(vals, off), nil
	}
	rhs := make([]*big.Int, len(vals))
	for i, v := range vals {
		if v != (uint128{}) {
			rhs[i] = v.big()
		}
	}
	enough := of.columnEnough()
	x, err := s.refine(ctx, q, rhs, quickBits, false, enough)
	if err != nil {
		return false, err
	}
	wider, err := s.spread(ctx, q, off)
	if err != nil {
		return false, err
	}
	for i := range vals {
		var ok bool
		if vals[i], ok = toUint128(x[i]); !ok || math.IsInf(wider[i], 1) {
			return false, nil
		}
		off[i] = wider[i] + enough + refineError
	}
	return true, nil
}

// against replaces a right-hand side vals with errors off by the table's V times vals.
//
// Proof of the bound: an entry of the table is V(i,k) - d with 0 <= d < u, where u is one unit.
// So V(i,k) h(k) differs from the product with vals[k] by at most V(i,k) off[k] + u vals[k].
// Both factors are rounded up here, by one unit and to a whole number. The final shift rounds
// down by less than one unit.
//
// Nothing overflows: the values are below 2^120 and the table too, so at most smallPart
// products add up to less than 2^244. The result is checked.
func (t *table) against(vals []uint128, off []float64) bool {
	n := len(vals)
	var x [smallPart]uint128
	var wider [smallPart]float64
	for _, v := range vals {
		if v.hi>>(120-64) != 0 {
			return false
		}
	}
	for i := range n {
		var sum [4]uint64
		wider[i] = 1
		for k, v := range vals {
			if v == (uint128{}) && off[k] == 0 {
				continue
			}
			mulAdd(&sum, t.v[i*n+k], v)
			wider[i] += t.v[i*n+k].above()*off[k]*upward + float64(v.whole())
		}
		if sum[3]>>(quickBits+120-192) != 0 {
			return false
		}
		x[i] = uint128{
			hi: sum[3]<<(128-quickBits) | sum[2]>>(quickBits-64),
			lo: sum[2]<<(128-quickBits) | sum[1]>>(quickBits-64),
		}
	}
	copy(vals, x[:n])
	copy(off, wider[:n])
	return true
}

// above returns a number above v and above every number that was rounded down to v.
func (v uint128) above() float64 {
	return math.Ldexp(float64(v.hi)*0x1p64+float64(v.lo)+1, -quickBits) * upward
}

// columnLine rounds the column. It returns nil if a coefficient does not fit or if too many
// values stay undecided.
func (s *Solver) columnLine(ctx context.Context, c *Condensation, r *reach, w *quickColumn, q *query) (*FixedLine, error) {
	w.order = slices.Grow(w.order[:0], len(w.nodes))
	for at, i := range w.nodes {
		w.order = append(w.order, uint64(i)<<32|uint64(at))
	}
	slices.Sort(w.order)
	l := newLine(q)
	l.owners, l.coef = make([]Owner, 0, 2*len(w.nodes)), make([]uint64, 0, 2*len(w.nodes))
	run := &columnRounding{s: s, q: q, scale: newQuickScaler(q, 0), l: l}
	stage := progress.Start(ctx, "rounding", len(w.order), reportEvery)
	for x, packed := range w.order {
		if x&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
			stage.At(x)
		}
		i, at := int32(packed>>32), int32(packed)
		v, off := w.vals[at], w.off[at]
		if i == q.from.Node {
			d, ok, err := run.round(ctx, q.diagonal(), Owner{Node: i}, v, off, false)
			if !ok || err != nil {
				return nil, err
			}
			l.Diagonal = Fixed{small: d}
			v = v.lessOne()
		}
		if i != q.from.Node || !c.alone(i) {
			if ok, err := run.put(ctx, Owner{Node: i}, v, off, i == q.from.Node); !ok || err != nil {
				return nil, err
			}
		}
		if !c.Company(i) {
			continue
		}
		col := s.Holders(i)
		if leak := col.leak(); leak > 0 {
			v = w.vals[at].times(uint64(leak), uint64(col.Total))
			if ok, err := run.put(ctx, Owner{i, true}, v, off+1, false); !ok || err != nil {
				return nil, err
			}
		}
	}
	stage.End()
	return l, nil
}

// columnRounding rounds the values of one column into a line.
type columnRounding struct {
	s     *Solver
	q     *query
	scale quickScaler
	l     *FixedLine
	open  int // how many values the digits did not decide
}

// put rounds a value and adds it to the line.
func (u *columnRounding) put(ctx context.Context, o Owner, v uint128, off float64, lessOne bool) (bool, error) {
	z, ok, err := u.round(ctx, u.q, o, v, off, lessOne)
	if !ok || err != nil {
		return false, err
	}
	u.l.owners = append(u.l.owners, o)
	u.l.coef = append(u.l.coef, z)
	return true, nil
}

// round rounds a value with an error of at most off. If its digits do not decide the result,
// it computes the value again with more digits. It returns false if the column must be
// computed with more digits.
func (u *columnRounding) round(ctx context.Context, q *query, o Owner, v uint128, off float64, lessOne bool) (uint64, bool, error) {
	if v.hi>>(120-64) != 0 {
		return 0, false, nil
	}
	if off *= upward; off < maxOff {
		u.scale.e1, u.scale.e0 = bits.Mul64(uint64(off)+1, u.scale.power)
		if z, ok := u.scale.round(v); ok {
			return z, true, nil
		}
	}
	if u.open++; u.open > manyOpen {
		return 0, false, nil
	}
	pair := *q
	pair.from = o
	z, err := u.s.settle(ctx, &pair, u.q.from.Node, 2*quickBits, lessOne)
	if err != nil {
		return 0, false, err
	}
	return z.Uint64(), z.IsUint64(), nil
}
