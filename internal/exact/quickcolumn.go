package exact

import (
	"context"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/rounding"
)

// quickColumn is a column in 128-bit integers with 100 binary places. Nodes have slots in the
// order in which the search meets them. The members of a part have adjacent slots. Where the
// search meets a large part with a [cone], it goes no further, and the nodes of the cone have
// the slots of the cone.
//
// Each value has an error bound of its own, as in [columnRun]: a holder gets a(i,k) times the
// value of k from each company k of another part. That has a(i,k) times the error of the value
// of k, and less than one unit from the division, which rounds down. In a part, [table.against]
// and spread bound what V makes of the errors of a right-hand side.
type quickColumn struct {
	parts []int32          // the parts of j and of the companies that hold it, then sorted
	large []int32          // the large parts among them
	nodes []int32          // by slot
	vals  []fixed128.Value // by slot, the sum of what issuers passed to the node, then V(k,j)
	off   []float64        // the error bounds of vals, in units of 2^-fixed128.Bits

	cone     *coneView        // or nil; its nodes have the slots ^0, ^1 and so on in reach
	coneVals []fixed128.Value // as vals, by slot of the cone
	coneOff  []float64
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
	if ok, err := s.quickValues(ctx, c, r, w, q); !ok || err != nil {
		return nil, err
	}
	return s.columnLine(ctx, c, w, q)
}

// pairQuick returns the figure of one pair from the quick values of the whole column, which take less
// time than long figures between the two. It returns nil if these do not tell it.
func (s *Solver) pairQuick(ctx context.Context, q *query, to int32) (*big.Int, error) {
	if q.places > rounding.ShortPlaces || q.from.Node == to || s.known(to) != nil || s.knownOwner(q.from) != nil || s.outside(to) {
		return nil, nil
	}
	column := *q
	column.from = Owner{Node: to}
	line, err := s.columnQuick(ctx, &column)
	if line == nil || err != nil {
		return nil, err
	}
	z, _ := line.Find(q.from)
	return z.Big(), nil
}

// quickValues computes the values of a column. It returns false if a value does not fit.
func (s *Solver) quickValues(ctx context.Context, c *Condensation, r *reach, w *quickColumn, q *query) (bool, error) {
	if ok, err := s.columnUp(ctx, c, r, w, q.from.Node); !ok || err != nil {
		return ok, err
	}
	if err := r.closedRings(c); err != nil {
		return false, err
	}
	w.vals, w.off = cleared(w.vals, len(w.nodes)), cleared(w.off, len(w.nodes))
	if w.cone != nil {
		n := len(w.cone.nodes)
		w.coneVals, w.coneOff = cleared(w.coneVals, n), cleared(w.coneOff, n)
	}
	sum, _ := w.value(r, q.from.Node)
	*sum = fixed128.One
	slices.Sort(w.parts)
	stage := progress.Start(ctx, "owners", len(w.parts), reportEvery)
	for left, work := len(w.parts), 0; left > 0; left-- {
		stage.At(len(w.parts) - left)
		if work++; work&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
		if ok, err := s.columnPart(ctx, c, r, w, q, w.parts[left-1]); !ok || err != nil {
			return false, err
		}
	}
	if w.cone != nil {
		if ok, err := w.cone.finish(ctx, s, c, q, w.coneVals, w.coneOff); !ok || err != nil {
			return false, err
		}
	}
	stage.End()
	return true, nil
}

// cleared returns n zeros in the memory of list, if it is enough.
func cleared[T any](list []T, n int) []T {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// value returns where the value of node i and its error bound are.
func (w *quickColumn) value(r *reach, i int32) (*fixed128.Value, *float64) {
	if !r.has(i) { // a node of the cone that the search did not meet
		r.stamp[i] = r.round
		r.slot[i] = ^w.cone.slot[i]
	}
	at := r.slot[i]
	if at < 0 {
		return &w.coneVals[^at], &w.coneOff[^at]
	}
	return &w.vals[at], &w.off[at]
}

// columnUp lists the parts of company j and of all that hold it, directly or through others,
// and gives slots to their members and to the outside owners. It leaves out what is in a cone.
// It returns false if a column is wide.
func (s *Solver) columnUp(ctx context.Context, c *Condensation, r *reach, w *quickColumn, j int32) (bool, error) {
	w.parts, w.large, w.nodes, w.cone = w.parts[:0], w.large[:0], w.nodes[:0], nil
	w.add(c, r, j)
	ok, err := s.columnSearch(ctx, c, r, w, 0)
	if !ok || err != nil {
		return ok, err
	}
	for _, p := range w.large {
		view, err := s.cone(ctx, c, p)
		if err != nil {
			return false, err
		}
		if view != nil && (w.cone == nil || len(view.nodes) > len(w.cone.nodes)) {
			w.cone = view
		}
	}
	for x := 0; x < len(w.large); x++ {
		members := c.Members(w.large[x])
		if w.cone.has(members[0]) {
			continue
		}
		from := len(w.parts)
		w.enter(r, w.large[x], members)
		if ok, err := s.columnSearch(ctx, c, r, w, from); !ok || err != nil {
			return ok, err
		}
	}
	if w.cone != nil {
		w.leaveToCone(c, r)
	}
	return true, nil
}

// columnSearch adds the holders of the members of the parts from position at on. It returns
// false if a column is wide.
func (s *Solver) columnSearch(ctx context.Context, c *Condensation, r *reach, w *quickColumn, at int) (bool, error) {
	for work := 0; at < len(w.parts); at++ {
		for _, k := range c.Members(w.parts[at]) {
			col := s.Holders(k)
			if col.Wide != nil {
				return false, nil
			}
			work += len(col.Rows)
			for e, i := range col.Rows {
				if col.Units[e] > 0 && !r.has(i) {
					w.add(c, r, i)
				}
			}
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

// add adds node i, with its part if it is a company. A large part is only noted, and its first
// member stands for it.
func (w *quickColumn) add(c *Condensation, r *reach, i int32) {
	p := c.Part[i]
	if p < 0 {
		r.stamp[i], r.slot[i] = r.round, int32(len(w.nodes))
		w.nodes = append(w.nodes, i)
		return
	}
	members := c.Members(p)
	if len(members) <= smallPart {
		w.enter(r, p, members)
	} else if !r.has(members[0]) {
		r.stamp[members[0]] = r.round
		w.large = append(w.large, p)
	}
}

// enter adds a part and its members.
func (w *quickColumn) enter(r *reach, p int32, members []int32) {
	w.parts = append(w.parts, p)
	for _, k := range members {
		r.stamp[k], r.slot[k] = r.round, int32(len(w.nodes))
		w.nodes = append(w.nodes, k)
	}
}

// leaveToCone gives the slots of the cone to its nodes that the search met, and drops them.
func (w *quickColumn) leaveToCone(c *Condensation, r *reach) {
	w.parts = slices.DeleteFunc(w.parts, func(p int32) bool { return w.cone.has(c.Members(p)[0]) })
	kept := w.nodes[:0]
	for _, i := range w.nodes {
		if at, ok := w.cone.slot[i]; ok {
			r.slot[i] = ^at
			continue
		}
		r.slot[i] = int32(len(kept))
		kept = append(kept, i)
	}
	w.nodes = kept
	for _, p := range w.large {
		if first := c.Members(p)[0]; w.cone.has(first) {
			r.slot[first] = ^w.cone.slot[first]
		}
	}
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
	for x, k := range members {
		if !w.push(c, r, s.Holders(k), p, at+x) {
			return false, nil
		}
	}
	return true, nil
}

// push passes the value of the company at slot at to its holders outside part p. It returns
// false if a value does not fit.
func (w *quickColumn) push(c *Condensation, r *reach, col matrix.Column, p int32, at int) bool {
	v, off := w.vals[at], w.off[at]
	if !v.Fits() {
		return false
	}
	for e, i := range col.Rows {
		if col.Units[e] == 0 || c.Part[i] == p {
			continue
		}
		x := v.Times(uint64(col.Units[e]), uint64(col.Total))
		sum, far := w.value(r, i)
		if !sum.Add(x) {
			return false
		}
		*far += col.Fraction(e)*off*upward + 1
	}
	return true
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
func (t *table) against(vals []fixed128.Value, off []float64) bool {
	n := len(vals)
	var x [smallPart]fixed128.Value
	var wider [smallPart]float64
	for _, v := range vals {
		if !v.Fits() {
			return false
		}
	}
	for i := range n {
		var sum [4]uint64
		wider[i] = 1
		for k, v := range vals {
			if v == (fixed128.Value{}) && off[k] == 0 {
				continue
			}
			fixed128.MulAdd(&sum, t.v[i*n+k], v)
			wider[i] += t.v[i*n+k].Above()*off[k]*upward + float64(v.Whole())
		}
		if sum[3]>>(fixed128.Bits+120-192) != 0 {
			return false
		}
		x[i] = fixed128.Value{
			Hi: sum[3]<<(128-fixed128.Bits) | sum[2]>>(fixed128.Bits-64),
			Lo: sum[2]<<(128-fixed128.Bits) | sum[1]>>(fixed128.Bits-64),
		}
	}
	copy(vals, x[:n])
	copy(off, wider[:n])
	return true
}

// columnLine rounds the column. It returns nil if a coefficient does not fit or if too many
// values stay undecided.
func (s *Solver) columnLine(ctx context.Context, c *Condensation, w *quickColumn, q *query) (*FixedLine, error) {
	order, nodes := byNode(w.nodes), w.nodes
	var above, aboveNodes []int32
	if w.cone != nil {
		above, aboveNodes = w.cone.order, w.cone.nodes
	}
	count := len(order) + len(above)
	l := newLine(q)
	l.owners, l.coef = make([]Owner, 0, 2*count), make([]uint64, 0, 2*count)
	run := &columnRounding{s: s, c: c, q: q, scale: q.shortRounder(0), l: l}
	stage := progress.Start(ctx, "rounding", count, reportEvery)
	for x := range count {
		if x&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
			stage.At(x)
		}
		var ok bool
		var err error
		if len(above) == 0 || len(order) > 0 && nodes[order[0]] < aboveNodes[above[0]] {
			at := order[0]
			order = order[1:]
			ok, err = run.node(ctx, nodes[at], w.vals[at], w.off[at])
		} else {
			at := above[0]
			above = above[1:]
			ok, err = run.above(ctx, w.cone, at, w.coneVals[at], w.coneOff[at])
		}
		if !ok || err != nil {
			return nil, err
		}
	}
	stage.End()
	return l, nil
}

// node rounds the value of a node and of its float.
func (u *columnRounding) node(ctx context.Context, i int32, v fixed128.Value, off float64) (bool, error) {
	if ok, err := u.self(ctx, i, v, off); !ok || err != nil || !u.c.Company(i) {
		return ok, err
	}
	col := u.s.Holders(i)
	leak := col.Leak()
	if leak == 0 {
		return true, nil
	}
	return u.put(ctx, Owner{i, true}, v.Times(uint64(leak), uint64(col.Total)), off+1, false)
}

// above is node for a node of a cone.
func (u *columnRounding) above(ctx context.Context, k *coneView, at int32, v fixed128.Value, off float64) (bool, error) {
	i := k.nodes[at]
	if ok, err := u.self(ctx, i, v, off); !ok || err != nil || int(at) >= len(k.scale) {
		return ok, err
	}
	_, scale := k.column(at)
	if scale.leak == 0 {
		return true, nil
	}
	var x fixed128.Sum
	x.AddMul(scale.fine(v), scale.leak)
	return u.put(ctx, Owner{i, true}, fixed128.Value{Hi: x.W2, Lo: x.W1}, off+2, false)
}

// self rounds the value of a node.
func (u *columnRounding) self(ctx context.Context, i int32, v fixed128.Value, off float64) (bool, error) {
	if i != u.q.from.Node {
		return u.put(ctx, Owner{Node: i}, v, off, false)
	}
	d, ok, err := u.round(ctx, u.q.diagonal(), Owner{Node: i}, v, off, false)
	if !ok || err != nil {
		return ok, err
	}
	u.l.Diagonal = Fixed{small: d}
	if u.c.alone(i) {
		return true, nil
	}
	return u.put(ctx, Owner{Node: i}, v.LessOne(), off, true)
}

// columnRounding rounds the values of one column into a line.
type columnRounding struct {
	s     *Solver
	c     *Condensation
	q     *query
	scale rounding.Short
	l     *FixedLine
	open  int // how many values the digits did not decide
}

// put rounds a value and adds it to the line.
func (u *columnRounding) put(ctx context.Context, o Owner, v fixed128.Value, off float64, lessOne bool) (bool, error) {
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
func (u *columnRounding) round(ctx context.Context, q *query, o Owner, v fixed128.Value, off float64, lessOne bool) (uint64, bool, error) {
	if !v.Fits() {
		return 0, false, nil
	}
	if off *= upward; off < maxOff {
		u.scale.Allow(uint64(off) + 1)
		if z, ok := u.scale.Round(v); ok {
			return z, true, nil
		}
	}
	if u.open++; u.open > manyOpen {
		return 0, false, nil
	}
	pair := *q
	pair.from = o
	z, err := u.s.settle(ctx, &pair, u.q.from.Node, 2*fixed128.Bits, lessOne)
	if err != nil {
		return 0, false, err
	}
	return z.Uint64(), z.IsUint64(), nil
}
