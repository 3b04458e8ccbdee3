package exact

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/matrix"
	"github.com/crossholding/crossholding/internal/rounding"
)

// Retained is a row with the data to update it after a change. It holds 17 bytes for each
// company of the matrix. It is immutable and safe for concurrent use.
type Retained struct {
	s    *Solver
	q    query
	c    *Condensation
	w    *quick // nil if the row needs more than 100 binary places
	line *FixedLine

	now map[int32]current // values that replace those of w
	off uint64            // an upper bound on the error of each value
}

// current is a value that replaces a retained value.
type current struct {
	v    fixed128.Value
	live bool
}

// Line returns the row.
func (r *Retained) Line() *FixedLine { return r.line }

// Retain returns the row of [Solver.RowFixed], kept for [Retained.Update].
func (s *Solver) Retain(ctx context.Context, from Owner, places int, mode rounding.Mode) (*Retained, error) {
	r := &Retained{s: s, q: query{from: from, places: places, mode: mode}}
	c, err := s.startRow(ctx, &r.q)
	if err != nil {
		return nil, err
	}
	r.c = c
	if r.q.places <= rounding.ShortPlaces && !r.q.empty(s) {
		if r.w, err = s.rowQuick(ctx, c, &r.q); err != nil {
			return nil, err
		}
		if r.w != nil {
			r.off = r.w.off
			if r.line, err = s.quickLine(ctx, c, r.w, &r.q); r.line != nil || err != nil {
				r.w.spread()
				return r, err
			}
			s.release(r.w)
			r.w = nil
		}
	}
	r.line, err = s.rowFixed(ctx, &r.q)
	return r, err
}

// Update returns the row for s, a solver that [Solver.With] made from this row's solver,
// in one step or several. It computes only companies that the changes reach. If these are
// more than one in 32, or if the solvers are not related, it computes all. The figures are
// the same in both cases, because each is the rounded exact value.
func (r *Retained) Update(ctx context.Context, s *Solver) (*Retained, error) {
	changed := map[int32]bool{}
	t := s
	for ; t != nil && t != r.s; t = t.base {
		for _, k := range t.changed {
			changed[k] = true
		}
	}
	if t == nil || r.w == nil {
		return s.Retain(ctx, r.q.from, r.q.places, r.q.mode)
	}
	u := &update{r: r, s: s, q: r.q, local: map[int32]int32{}}
	ok, err := u.run(ctx, slices.Sorted(maps.Keys(changed)))
	if err != nil {
		return nil, err
	}
	if !ok {
		return s.Retain(ctx, r.q.from, r.q.places, r.q.mode)
	}
	return u.finish(ctx)
}

// update is the update of a row. The companies that the changes reach form a small matrix.
// Every strongly connected part with one of them lies completely in it.
//
// The proofs at [quick] hold here too: the holders of the small matrix's companies have
// retained values, with errors of at most the retained bound, or new values, with errors of
// at most the bound so far. Each update adds to the bound, so a row that was updated often
// is computed again from the start when the bound exceeds maxOff.
type update struct {
	r     *Retained
	s     *Solver
	q     query
	nodes []int32
	local map[int32]int32

	sub  *Solver
	c    *Condensation // of sub
	vals []fixed128.Value
	live []bool
	off  uint64
}

func (u *update) run(ctx context.Context, changed []int32) (bool, error) {
	if err := u.s.Index(ctx); err != nil {
		return false, err
	}
	limit := len(u.r.w.vals)/32 + 1024
	visit := func(k int32) {
		if _, ok := u.local[k]; !ok {
			u.local[k] = int32(len(u.nodes))
			u.nodes = append(u.nodes, k)
		}
	}
	for _, k := range changed {
		visit(k)
	}
	for at := 0; at < len(u.nodes); at++ {
		if len(u.nodes) > limit {
			return false, nil
		}
		u.s.Issuers(u.nodes[at], visit)
	}
	m := &matrix.Matrix{ColStart: make([]int32, 1, len(u.nodes)+1)}
	for _, k := range u.nodes {
		col := u.s.Holders(k)
		if col.Wide != nil {
			return false, nil
		}
		for e, h := range col.Rows {
			if i, ok := u.local[h]; ok && col.Units[e] > 0 {
				m.Row = append(m.Row, i)
				m.Units = append(m.Units, col.Units[e])
			}
		}
		m.ColStart = append(m.ColStart, int32(len(m.Row)))
		m.Total = append(m.Total, col.Total)
	}
	u.sub = NewSolver(m, u.s.limits)
	var err error
	if u.c, err = u.sub.Condensed(ctx); err != nil {
		return false, err
	}
	u.vals, u.live = make([]fixed128.Value, len(u.nodes)), make([]bool, len(u.nodes))
	u.off = u.r.off
	for p := range int32(len(u.c.Start) - 1) {
		if p&0x3ff == 0x3ff {
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
		if ok, err := u.part(ctx, p); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// part computes the values of one part of the small matrix.
func (u *update) part(ctx context.Context, p int32) (bool, error) {
	// The members are in the order of the whole matrix.
	members := slices.Clone(u.c.Members(p))
	slices.SortFunc(members, func(a, b int32) int { return cmp.Compare(u.nodes[a], u.nodes[b]) })
	sums := make([]fixed128.Sum, len(members))
	touched := false
	for i, x := range members {
		var any bool
		sums[i], any = u.sum(p, x)
		touched = touched || any
	}
	if !touched {
		return true, nil
	}
	if slices.Contains(u.c.rings, p) {
		ring := &RingError{Rings: [][]int32{nil}}
		for _, x := range members {
			ring.Rings[0] = append(ring.Rings[0], u.nodes[x])
		}
		slices.Sort(ring.Rings[0])
		return false, ring
	}
	for _, x := range members {
		u.live[x] = true
	}
	if len(members) == 1 {
		v, ok := sums[0].Quo(uint64(u.sub.total(members[0])))
		u.vals[members[0]] = v
		u.off++
		return ok && u.off <= maxOff, nil
	}
	vals := make([]fixed128.Value, len(members))
	solver, q, err := u.factored(ctx, members)
	if err != nil {
		return false, err
	}
	ok, off, err := solver.quickSolve(ctx, &u.q, q, sums, vals)
	for i, x := range members {
		u.vals[x] = vals[i]
	}
	u.off += off
	return ok && u.off <= maxOff, err
}

// factored returns the part of the whole matrix with exactly the given members, because it
// may have factors. If there is none, it returns the part of a new small matrix.
func (u *update) factored(ctx context.Context, members []int32) (*Solver, *part, error) {
	nodes := make([]int32, len(members))
	for i, x := range members {
		nodes[i] = u.nodes[x]
	}
	c, err := u.s.cheaply(ctx)
	if err != nil {
		return nil, nil, err
	}
	if c != nil {
		p := c.Part[nodes[0]]
		if slices.Equal(nodes, c.Members(p)) {
			return u.s, u.s.part(c, p), nil
		}
	}
	m := &matrix.Matrix{ColStart: make([]int32, 1, len(nodes)+1)}
	for _, k := range nodes {
		col := u.s.Holders(k)
		for e, h := range col.Rows {
			if i, ok := slices.BinarySearch(nodes, h); ok && col.Units[e] > 0 {
				m.Row = append(m.Row, int32(i))
				m.Units = append(m.Units, col.Units[e])
			}
		}
		m.ColStart = append(m.ColStart, int32(len(m.Row)))
		m.Total = append(m.Total, col.Total)
	}
	s := NewSolver(m, u.s.limits)
	if c, err = s.Condensed(ctx); err != nil {
		return nil, nil, err
	}
	return s, s.part(c, 0), nil
}

// sum returns the right-hand side of company x of the small matrix: the value of each
// holder outside its part times the holder's units, plus the units with which the row
// starts.
func (u *update) sum(p, x int32) (sum fixed128.Sum, any bool) {
	k := u.nodes[x]
	col := u.s.Holders(k)
	add := func(v fixed128.Value, units int64) {
		if units > 0 {
			sum.AddMul(v, uint64(units))
			any = true
		}
	}
	for e, h := range col.Rows {
		if u.s.outside(h) {
			if h == u.q.from.Node {
				add(fixed128.One, col.Units[e])
			}
			continue
		}
		if i, ok := u.local[h]; ok {
			if u.c.Part[i] != p && u.live[i] {
				add(u.vals[i], col.Units[e])
			}
		} else if v, ok := u.r.value(h); ok {
			add(v, col.Units[e])
		}
	}
	if k == u.q.from.Node {
		if u.q.from.Float {
			add(fixed128.One, col.Leak())
		} else {
			add(fixed128.One, col.Total)
		}
	}
	return sum, any
}

// value returns the retained value of company k.
func (r *Retained) value(k int32) (fixed128.Value, bool) {
	if x, ok := r.now[k]; ok {
		return x.v, x.live
	}
	at := r.c.Pos[k]
	return r.w.vals[at], r.w.has(at)
}

// finish rounds the new values and returns the old row with the new values as a patch.
func (u *update) finish(ctx context.Context) (*Retained, error) {
	r := &Retained{s: u.s, q: u.q, c: u.r.c, w: u.r.w, off: u.off, now: maps.Clone(u.r.now)}
	if r.now == nil {
		r.now = make(map[int32]current, len(u.nodes))
	}
	old := u.r.line
	l := &FixedLine{Places: old.Places, Diagonal: old.Diagonal, owners: old.owners, coef: old.coef, large: old.large}
	scale := lineScaler{plain: u.q.shortRounder(u.off)}
	for x, k := range u.nodes {
		v, live := u.vals[x], u.live[x]
		r.now[k] = current{v, live}
		next := patched{node: k, none: !live}
		self := u.q.from == Owner{Node: k}
		if self {
			d, ok, err := u.s.quickRound(ctx, &u.q, &scale, k, v, false)
			if err != nil {
				return nil, err
			}
			if !ok {
				return u.s.Retain(ctx, u.q.from, u.q.places, u.q.mode)
			}
			l.Diagonal = Fixed{small: d}
			v = v.LessOne()
			next.none = u.c.alone(int32(x))
		}
		if !next.none {
			z, ok, err := u.s.quickRound(ctx, &u.q, &scale, k, v, self)
			if err != nil {
				return nil, err
			}
			if !ok {
				return u.s.Retain(ctx, u.q.from, u.q.places, u.q.mode)
			}
			next.value = Fixed{small: z}
		}
		l.patch = append(l.patch, next)
	}
	for _, p := range old.patch {
		if _, ok := u.local[p.node]; !ok {
			l.patch = append(l.patch, p)
		}
	}
	slices.SortFunc(l.patch, func(a, b patched) int { return cmp.Compare(a.node, b.node) })
	for _, p := range l.patch {
		_, had := slices.BinarySearchFunc(l.owners, Owner{Node: p.node}, compareOwners)
		switch {
		case had && p.none:
			l.gone++
		case !had && !p.none:
			l.fresh++
		}
	}
	r.line = l
	return r, nil
}
