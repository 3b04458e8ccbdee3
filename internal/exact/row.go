package exact

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// RowFixed returns [Solver.Row] in decimals of the given places, each
// correctly rounded. It touches only what from holds, directly or not. The
// only error that the size of the numbers can cause is a [SizeError], where
// a value cannot be told from a tie and its fraction outgrows the limits.
func (s *Solver) RowFixed(ctx context.Context, from Owner, places int, mode Rounding) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: from, places: places, mode: mode})
}

// OutsideFixed returns what all outside owners and floats together own of
// every company, which is 1 if nothing went wrong: a test of the
// whole network in one solution.
func (s *Solver) OutsideFixed(ctx context.Context, places int) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: Owner{Node: -1}, every: true, places: places})
}

func (s *Solver) rowFixed(ctx context.Context, q *query) (*FixedLine, error) {
	if err := q.valid(); err != nil {
		return nil, err
	}
	if !q.every {
		if err := s.knownOwner(q.from); err != nil {
			return nil, err
		}
	}
	c, err := s.condensed(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.ringAt(q); err != nil {
		return nil, err
	}
	if q.from.Float && s.column(q.from.Node).bigLeak().Sign() == 0 {
		return newLine(q), nil
	}
	if q.places <= quickPlaces {
		l, err := s.rowQuick(ctx, c, q)
		if l != nil || err != nil {
			return l, err
		}
	}
	return s.rowSlow(ctx, c, q)
}

// ringAt returns the closed rings a row runs into: nobody outside holds a
// ring, so it is the one it starts in, and all if it starts everywhere.
func (c *condensation) ringAt(q *query) error {
	if q.every {
		return c.ringError(c.rings)
	}
	if p := c.part[q.from.Node]; p >= 0 && slices.Contains(c.rings, p) {
		return c.ringError([]int32{p})
	}
	return nil
}

// rowSlow works in integers of any length.
func (s *Solver) rowSlow(ctx context.Context, c *condensation, q *query) (*FixedLine, error) {
	r, err := s.reachRow(ctx, c, q)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	scale, f := newScaler(q), q.bits()
	vals, off, err := s.rowBig(ctx, c, r, q, f)
	if err != nil {
		return nil, err
	}
	l := newLine(q)
	unit := new(big.Int).Lsh(one, uint(f))
	nodes := slices.Clone(r.nodes)
	slices.Sort(nodes)
	for at, k := range nodes {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		v := vals[r.slot[k]]
		self := q.from == Owner{Node: k} && !q.every
		if self {
			if c.alone(k) {
				continue
			}
			if l.Diagonal = scale.round(v, off, f); l.Diagonal == nil {
				if l.Diagonal, err = s.settle(ctx, q, k, 2*f, false); err != nil {
					return nil, err
				}
			}
			v.Sub(v, unit)
		}
		z := scale.round(v, off, f)
		if z == nil {
			if z, err = s.settleRow(ctx, q, k, 2*f, self); err != nil {
				return nil, err
			}
		}
		l.Owners = append(l.Owners, Owner{Node: k})
		l.Big = append(l.Big, z)
	}
	l.pack()
	return l, nil
}

// settleRow is settle for rows of all outside owners too, whose exact value
// is 1 for lack of any other owner.
func (s *Solver) settleRow(ctx context.Context, q *query, k int32, f int, lessOne bool) (*big.Int, error) {
	if q.every {
		return newScaler(q).rat(ratOne), nil
	}
	return s.settle(ctx, q, k, f, lessOne)
}

// newLine returns an empty line whose diagonal is 1.
func newLine(q *query) *FixedLine {
	return &FixedLine{Places: q.places, Diagonal: newScaler(q).rat(ratOne), query: q}
}

// pack moves coefficients into machine integers if all fit.
func (l *FixedLine) pack() {
	l.Coef = make([]uint64, len(l.Big))
	for i, z := range l.Big {
		if !z.IsUint64() {
			l.Coef = nil
			return
		}
		l.Coef[i] = z.Uint64()
	}
	l.Big = nil
}

// alone reports whether company k is a part of its own.
func (c *condensation) alone(k int32) bool {
	p := c.part[k]
	return c.start[p+1]-c.start[p] == 1
}

// reachRow arranges what a row reaches.
func (s *Solver) reachRow(ctx context.Context, c *condensation, q *query) (*reach, error) {
	r := s.newReach()
	var err error
	if q.every {
		for _, k := range c.order {
			r.add(k)
		}
	} else {
		err = s.down(ctx, r, q.from, nil)
	}
	if err == nil {
		err = r.arrange(c)
	}
	if err != nil {
		s.scratch.Put(r)
		return nil, err
	}
	return r, nil
}

// quickPlaces is the most places that leave enough of quickBits for errors.
const quickPlaces = 18

// quick is the working memory of a quick row.
type quick struct {
	vals  []uint128
	live  []uint64 // by node, one bit each: has a value other than 0
	nodes []int32
	off   uint64
}

func (w *quick) has(i int32) bool { return w.live[i>>6]>>(i&63)&1 != 0 }

func (w *quick) mark(i int32) { w.live[i>>6] |= 1 << (i & 63) }

// rowQuick works in 128-bit integers with 100 binary places. It returns nil
// where these do not suffice: wide columns, values of 2^20 or more,
// coefficients beyond 64 bits.
func (s *Solver) rowQuick(ctx context.Context, c *condensation, q *query) (*FixedLine, error) {
	w, _ := s.quick.Get().(*quick)
	if w == nil {
		n := s.m.Nodes()
		w = &quick{vals: make([]uint128, n), live: make([]uint64, n/64+1)}
	}
	w.nodes, w.off = w.nodes[:0], 0
	defer s.quick.Put(w)
	all := !s.quickDown(w, q, len(w.vals)/32+256)
	if all {
		clear(w.live)
		w.nodes = w.nodes[:0]
	}
	ok, err := s.quickRun(ctx, c, w, q, all)
	var l *FixedLine
	if ok && err == nil {
		l, err = s.quickLine(ctx, c, w, q, all)
	}
	if all {
		clear(w.live)
	}
	for _, k := range w.nodes {
		w.live[k>>6] = 0
	}
	if !q.every {
		w.live[q.from.Node>>6] = 0
	}
	return l, err
}

// quickDown marks what from reaches and lists it, unless that is more than
// limit companies.
func (s *Solver) quickDown(w *quick, q *query, limit int) bool {
	if q.every {
		return false
	}
	visit := func(k int32) {
		if !w.has(k) {
			w.mark(k)
			w.nodes = append(w.nodes, k)
		}
	}
	if s.outside(q.from.Node) {
		s.issuers(q.from.Node, visit)
	} else {
		visit(q.from.Node)
	}
	for at := 0; at < len(w.nodes); at++ {
		if len(w.nodes) > limit {
			return false
		}
		s.issuers(w.nodes[at], visit)
	}
	return true
}

// quickRun fills in the values, holders first.
func (s *Solver) quickRun(ctx context.Context, c *condensation, w *quick, q *query, all bool) (bool, error) {
	order := c.order
	if !all {
		order = make([]int32, len(w.nodes))
		for i, k := range w.nodes {
			order[i] = c.pos[k]
		}
		slices.Sort(order)
		for i, p := range order {
			order[i] = c.order[p]
		}
	}
	if q.every {
		for i := range w.vals {
			if s.outside(int32(i)) {
				w.vals[i] = quickOne
				w.mark(int32(i))
			}
		}
	} else if s.outside(q.from.Node) {
		w.vals[q.from.Node] = quickOne
		w.mark(q.from.Node)
	}
	for at, work := 0, 0; at < len(order); {
		k := order[at]
		if work++; work > 1<<14 {
			work = 0
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
		if p := c.part[k]; c.start[p+1]-c.start[p] > 1 {
			members := c.members(p)
			if ok, err := s.quickPart(ctx, c, p, w, q); !ok || err != nil {
				return false, err
			}
			at += len(members)
			continue
		}
		at++
		sum, any, ok := s.quickSum(c, k, -1, w, q)
		if !ok {
			return false, nil
		}
		if !any {
			continue
		}
		v, ok := sum.quo(uint64(s.total(k)))
		if !ok {
			return false, nil
		}
		w.vals[k] = v
		w.mark(k)
		w.off++
	}
	return true, nil
}

// quickSum adds up what live holders outside part p hold of company k, and
// what the question starts with. any is false if there is nothing to add.
func (s *Solver) quickSum(c *condensation, k, p int32, w *quick, q *query) (sum uint192, any, ok bool) {
	col := s.column(k)
	if col.wide != nil {
		return sum, false, false
	}
	units := col.units
	for e, h := range col.rows {
		if w.live[h>>6]>>(h&63)&1 != 0 && (p < 0 || c.part[h] != p) {
			if u := units[e]; u > 0 {
				sum.addMul(w.vals[h], uint64(u))
				any = true
			}
		}
	}
	switch {
	case q.every || k == q.from.Node && q.from.Float:
		if leak := col.leak(); leak > 0 {
			sum.addMul(quickOne, uint64(leak))
			any = true
		}
	case k == q.from.Node:
		sum.addMul(quickOne, uint64(col.total))
		any = true
	}
	return sum, any, true
}

// quickPart fills in the values of a part of two companies or more.
func (s *Solver) quickPart(ctx context.Context, c *condensation, p int32, w *quick, q *query) (bool, error) {
	members := c.members(p)
	var store [smallPart]uint192
	sums := store[:0]
	touched := false
	for _, k := range members {
		sum, any, ok := s.quickSum(c, k, p, w, q)
		if !ok {
			return false, nil
		}
		sums = append(sums, sum)
		touched = touched || any
	}
	if !touched {
		return true, nil
	}
	part := s.part(c, p)
	if len(members) <= smallPart {
		tab, err := s.table(ctx, part)
		if err != nil {
			return false, err
		}
		if tab.ok {
			tab.times(s, members, sums, w)
			w.off += tab.off
			return true, nil
		}
	}
	rhs := make([]*big.Int, len(sums))
	for i, sum := range sums {
		rhs[i] = sum.big()
	}
	x, err := s.refine(ctx, part, rhs, quickBits, true)
	if err != nil {
		return false, err
	}
	for i, k := range members {
		v, ok := toUint128(x[i])
		if !ok {
			return false, nil
		}
		w.vals[k] = v
		w.mark(k)
	}
	w.off += refineError
	return true, nil
}

// quickLine rounds the values, by node.
func (s *Solver) quickLine(ctx context.Context, c *condensation, w *quick, q *query, all bool) (*FixedLine, error) {
	l := newLine(q)
	scale := newQuickScaler(q, w.off)
	count := len(w.nodes)
	if all {
		count = 0
		for _, b := range w.live {
			count += bits.OnesCount64(b)
		}
	}
	l.Owners = make([]Owner, 0, count)
	l.Coef = make([]uint64, 0, count)
	take := func(k int32) (bool, error) {
		v := w.vals[k]
		self := q.from == Owner{Node: k} && !q.every
		if self {
			if c.alone(k) {
				return true, nil
			}
			if z, ok := scale.round(v); ok {
				l.Diagonal.SetUint64(z)
			} else {
				z, err := s.settle(ctx, q, k, q.bits(), false)
				if err != nil {
					return false, err
				}
				l.Diagonal = z
			}
			var b uint64
			v.hi, b = bits.Sub64(v.hi, quickOne.hi, 0)
			if b != 0 {
				v = uint128{}
			}
		}
		z, ok := scale.round(v)
		if !ok {
			settled, err := s.settleRow(ctx, q, k, 256, self)
			if err != nil || !settled.IsUint64() {
				return false, err
			}
			z = settled.Uint64()
		}
		l.Owners = append(l.Owners, Owner{Node: k})
		l.Coef = append(l.Coef, z)
		return true, nil
	}
	if !all {
		nodes := slices.Clone(w.nodes)
		slices.Sort(nodes)
		for _, k := range nodes {
			if ok, err := take(k); !ok || err != nil {
				return nil, err
			}
		}
		return l, nil
	}
	for at, word := range w.live {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		for ; word != 0; word &= word - 1 {
			k := int32(at<<6 | bits.TrailingZeros64(word))
			if s.outside(k) {
				continue
			}
			if ok, err := take(k); !ok || err != nil {
				return nil, err
			}
		}
	}
	return l, nil
}

// table is V of a small part in units of 2^-quickBits, rounded down, by
// holders.
type table struct {
	v   []uint128
	off uint64
	ok  bool // the values fit
}

// table returns the part's table, made once.
func (s *Solver) table(ctx context.Context, q *part) (*table, error) {
	adj, det, err := s.adjugate(ctx, q)
	if err != nil {
		return nil, err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.table != nil {
		return q.table, nil
	}
	n := len(q.nodes)
	tab := &table{v: make([]uint128, n*n), ok: true}
	var z big.Int
	for i, k := range q.nodes {
		total := new(big.Int).Lsh(s.column(k).bigTotal(), quickBits)
		for j := range n {
			z.Quo(z.Mul(total, &adj[i*n+j]), det)
			v, ok := toUint128(&z)
			tab.v[i*n+j] = v
			tab.ok = tab.ok && ok
		}
	}
	// A right-hand side rounded down by one unit in each company makes for
	// the sum of a column; entries rounded down make for one unit in total
	// for each company, the final shift for another.
	for j := range n {
		var sum float64
		for i := range n {
			sum += math.Ldexp(float64(tab.v[i*n+j].hi)+1, 64-quickBits)
		}
		tab.off = max(tab.off, uint64(sum)+uint64(n)+2)
	}
	q.table = tab
	return tab, nil
}

// times sets the values of the part's members for the sums held outside.
func (t *table) times(s *Solver, members []int32, sums []uint192, w *quick) {
	n := len(members)
	var held [smallPart]uint128
	for i, sum := range sums {
		// What is held of one company weighs at most 1, its values as a
		// whole at most 1: this cannot overflow.
		held[i], _ = sum.quo(uint64(s.total(members[i])))
	}
	for j, k := range members {
		var sum [4]uint64
		for i := range n {
			mulAdd(&sum, held[i], t.v[i*n+j])
		}
		w.vals[k] = uint128{
			hi: sum[3]<<(128-quickBits) | sum[2]>>(quickBits-64),
			lo: sum[2]<<(128-quickBits) | sum[1]>>(quickBits-64),
		}
		w.mark(k)
	}
}
