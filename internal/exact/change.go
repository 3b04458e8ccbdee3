package exact

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/approx"
	"github.com/crossholding/crossholding/internal/matrix"
)

// Change gives a company a new column: its holders and its total. The caller must not
// change it after it passed it to [Solver.With].
type Change struct {
	Node  int32
	Rows  []int32
	Units []int64
	Total int64
	Wide  *matrix.WideColumn // as in matrix.Matrix.Wide: instead of Units and Total
}

// With returns a solver for the matrix with some columns replaced. It shares all other
// data with s, so s stays in memory. The nodes must be companies before and after the
// change. The error joins an [ErrMatrix] for every change that breaks the rules of
// [matrix.Matrix.Validate].
func (s *Solver) With(changes ...Change) (*Solver, error) {
	t := &Solver{
		m: s.m, limits: s.limits, idx: s.idx, scratch: s.scratch, quick: s.quick, columns: s.columns,
		condensing: newGate(), planning: newGate(),
		base: s, over: maps.Clone(s.over), changed: make([]int32, 0, len(changes)),
	}
	if t.over == nil {
		t.over = map[int32]matrix.Column{}
	}
	var faults []error
	for _, x := range changes {
		if err := s.known(x.Node); err != nil {
			faults = append(faults, err)
			continue
		}
		if s.outside(x.Node) || x.Total <= 0 && x.Wide == nil {
			faults = append(faults, fmt.Errorf("%w: node %d has a total of %d before and %d after the change, both must be above 0", matrix.ErrMalformed, x.Node, s.m.Total[x.Node], x.Total))
			continue
		}
		col := matrix.Column{Rows: x.Rows, Units: x.Units, Total: x.Total, Wide: x.Wide}
		if x.Wide != nil {
			col.Total = 1
		}
		if x.Wide == nil && len(x.Rows) != len(x.Units) {
			faults = append(faults, fmt.Errorf("%w: column %d has %d holders and %d counts", matrix.ErrMalformed, x.Node, len(x.Rows), len(x.Units)))
			continue
		}
		if err := col.Validate(x.Node, s.m.Nodes()); err != nil {
			faults = append(faults, err)
			continue
		}
		t.over[x.Node] = col
		t.changed = append(t.changed, x.Node)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	t.added = map[int32][]addedStake{}
	for _, k := range slices.Sorted(maps.Keys(t.over)) {
		col := t.over[k]
		for e, h := range col.Rows {
			if col.Held(e) {
				t.added[h] = append(t.added[h], addedStake{k, int32(e)})
			}
		}
	}
	return t, nil
}

// addedStake is an entry of a replaced column.
type addedStake struct{ node, at int32 }

// inherit returns the condensation of the solver from which this one was made, with its
// closed rings updated. It returns nil if the changes move a company to another part or
// put a holder after its issuer.
func (s *Solver) inherit(ctx context.Context) (*Condensation, error) {
	c, err := s.base.Condensed(ctx)
	if err != nil {
		return nil, err
	}
	dirty := map[int32]bool{}
	for _, k := range s.changed {
		p := c.Part[k]
		col := s.Holders(k)
		for e, h := range col.Rows {
			if col.Held(e) && c.Part[h] > p {
				return nil, nil
			}
		}
		dirty[p] = true
	}
	d := *c
	d.Level = nil
	d.rings = slices.DeleteFunc(slices.Clone(c.rings), func(p int32) bool { return dirty[p] })
	for p := range dirty {
		if d.Start[p+1]-d.Start[p] == 1 {
			continue
		}
		if !s.connected(c, p) {
			return nil, nil
		}
		if d.closed(s, p) {
			d.rings = append(d.rings, p)
		}
	}
	slices.Sort(d.rings)
	s.dirty = dirty
	return &d, nil
}

// connected reports whether part p is still strongly connected. It is if each holder that the
// changes took a stake in a member from still reaches that member, directly or through other
// members: a path through the old stake can then take that way.
func (s *Solver) connected(c *Condensation, p int32) bool {
	for _, k := range s.changed {
		if c.Part[k] != p {
			continue
		}
		col := s.Holders(k)
		holds := make(map[int32]bool, len(col.Rows))
		for e, h := range col.Rows {
			if col.Held(e) {
				holds[h] = true
			}
		}
		var lost []int32
		old := s.base.Holders(k)
		for e, h := range old.Rows {
			if c.Part[h] == p && old.Held(e) && !holds[h] {
				lost = append(lost, h)
			}
		}
		if len(lost) > 0 && !s.reached(c, p, k, lost) {
			return false
		}
	}
	return true
}

// reached reports whether all the given members of part p reach member k within the part.
func (s *Solver) reached(c *Condensation, p, k int32, all []int32) bool {
	seen := make([]bool, len(c.Members(p)))
	seen[c.Pos[k]-c.Start[p]] = true
	for list := []int32{k}; len(list) > 0; list = list[1:] {
		col := s.Holders(list[0])
		for e, h := range col.Rows {
			if c.Part[h] != p || !col.Held(e) {
				continue
			}
			if at := c.Pos[h] - c.Start[p]; !seen[at] {
				seen[at] = true
				list = append(list, h)
			}
		}
	}
	return !slices.ContainsFunc(all, func(h int32) bool { return !seen[c.Pos[h]-c.Start[p]] })
}

// inheritPlan returns the plan of the solver from which this one was made, with the
// changed columns replaced.
func (s *Solver) inheritPlan(ctx context.Context, c *Condensation) (*plan, error) {
	old, err := s.base.planned(ctx, c)
	if err != nil {
		return nil, err
	}
	p := *old
	p.over = maps.Clone(old.over)
	if p.over == nil {
		p.over = map[int32]*planColumn{}
	}
	for _, k := range s.changed {
		x := &planColumn{}
		x.rows, x.units, x.total, x.outside = s.planColumn(c, k, nil, nil)
		p.over[c.Pos[k]] = x
	}
	return &p, nil
}

// inheritSide sets d to the side of part q before the changes, with the changed columns replaced
// and without a proof. It returns false if that is not at hand, or if it lacks the place for a
// stake.
func (s *Solver) inheritSide(q *part, d *side, byRow bool) bool {
	if s.dirty == nil || !s.dirty[q.p] {
		return false
	}
	old := s.base.part(q.c, q.p)
	if !old.gate.try() {
		return false
	}
	from := old.sides[sideOf(byRow)]
	old.gate.leave()
	if from.sys == nil {
		return false
	}
	y := *from.sys
	y.diag, y.shift, y.coef = slices.Clone(y.diag), slices.Clone(y.shift), slices.Clone(y.coef)
	coef := slices.Clone(from.coef)
	for _, k := range s.changed {
		if at := q.local(k); at >= 0 && !y.replace(q, at, byRow, s.base.Holders(k), s.Holders(k), coef) {
			return false
		}
	}
	d.sys, d.coef = &y, coef
	d.flat = &approx.System{Start: y.start, Index: y.index, Coef: coef}
	return true
}

// replace replaces the column of member at, also in the same coefficients as floats. It returns
// false if the new total has too many bits, or if a holder had no stake before.
func (y *system) replace(q *part, at int, byRow bool, old, col matrix.Column, coef []float64) bool {
	if col.Wide != nil || bits.Len64(uint64(col.Total)) > int(y.top) {
		return false
	}
	if !byRow {
		y.shift[at] = uint8(int(y.top) - bits.Len64(uint64(col.Total)))
	}
	y.diag[at] = col.Total << y.shift[at]
	set := func(h int32, add int64) bool { // sets the entry to 0 if there is nothing to add
		i := q.local(h)
		if i < 0 {
			return true
		}
		k, index := i, int32(at)
		if byRow {
			k, index = at, int32(i)
		}
		e, ok := y.entry(k, index)
		for x := e; add == 0 && ok && x < y.start[k+1] && y.index[x] == index; x++ {
			y.coef[x], coef[x] = 0, 0
		}
		if add > 0 && ok {
			y.coef[e] += add << y.shift[at]
			coef[e] = float64(y.coef[e]) / float64(y.diag[at])
			y.sum = max(y.sum, y.sumOf(k))
		}
		return ok
	}
	for _, h := range old.Rows {
		set(h, 0)
	}
	for e, h := range col.Rows {
		if col.Units[e] > 0 && !set(h, col.Units[e]) {
			return false
		}
	}
	y.sum = max(y.sum, y.sumOf(at)) // its diagonal changed
	return true
}

// cheaply returns the condensation if it is known or follows from that of the solver from
// which this one was made. It returns nil if a search is necessary.
func (s *Solver) cheaply(ctx context.Context) (*Condensation, error) {
	if c := s.cond.Load(); c != nil || s.base == nil {
		return c, nil
	}
	if c, err := s.base.cheaply(ctx); c == nil || err != nil {
		return nil, err
	}
	if err := s.condensing.enter(ctx); err != nil {
		return nil, err
	}
	defer s.condensing.leave()
	if c := s.cond.Load(); c != nil || s.apart {
		return c, nil
	}
	c, err := s.inherit(ctx)
	if c != nil {
		s.cond.Store(c)
	}
	s.apart = c == nil && err == nil
	return c, err
}
