package exact

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/matrix"
)

// wake is a large part and all companies that it owns, directly or through others, as flat arrays.
// Every row that reaches the part goes through all of the wake, so the wake is listed once.
//
// Companies have slots, which are in the order of their positions.
type wake struct {
	pos   []int32  // by slot
	in    []uint64 // one bit for each position: the company is in the wake
	below []int32  // of each word of in: the slots before it
	total []int64  // by slot
	multi []wakePart

	nodes []int32 // ascending
	order []int32 // the slots of nodes

	// The holders of the company at slot at, but for those in its own part and those outside the
	// wake, are from[start[at]] to from[start[at+1]-1].
	start []int32
	from  []int32
	units []int64
}

// wakePart is a part of two companies or more, and the slot of its first member.
type wakePart struct{ slot, number int32 }

// A wake is a list of at least one in leastWake companies: a search finds fewer as fast. mostWakes
// is the largest number of companies, stakes and words in all wakes of a matrix.
const (
	leastWake = 512
	mostWakes = 1 << 22
)

// noWake is the wake of a part that has none.
var noWake = new(wake)

func (k *wake) has(at int32) bool { return k.in[at>>6]>>(at&63)&1 != 0 }

// slot returns the slot of a position in the wake.
func (k *wake) slot(at int32) int32 {
	return k.below[at>>6] + int32(bits.OnesCount64(k.in[at>>6]&(1<<(at&63)-1)))
}

// wake returns the wake of part p, or nil if it has none: if the part is small or owns little, if a
// column is wide, or if there is no room. The first call lists it.
func (s *Solver) wake(ctx context.Context, c *Condensation, p int32) (*wake, error) {
	if len(c.Members(p)) <= smallPart {
		return nil, nil
	}
	q := s.part(c, p)
	k := q.wake.Load()
	if k == nil {
		if err := q.gate.enter(ctx); err != nil {
			return nil, err
		}
		defer q.gate.leave()
		if k = q.wake.Load(); k == nil {
			var err error
			if k, err = s.makeWake(ctx, c, p); err != nil {
				return nil, err
			}
			q.wake.Store(k)
		}
	}
	if k == noWake {
		return nil, nil
	}
	return k, nil
}

func (s *Solver) makeWake(ctx context.Context, c *Condensation, p int32) (*wake, error) {
	r := s.newReach()
	defer s.scratch.Put(r)
	for _, k := range c.Members(p) {
		r.add(k)
	}
	words := len(c.Order)/64 + 1
	size, room := words, mostWakes-int(s.waked.Load())
	for at := 0; at < len(r.nodes); at++ {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		col := s.Holders(r.nodes[at])
		if size += 1 + len(col.Rows); col.Wide != nil || size > room {
			return noWake, nil
		}
		s.Issuers(r.nodes[at], func(k int32) { r.add(k) })
	}
	n := len(r.nodes)
	if n < len(c.Order)/leastWake {
		return noWake, nil
	}
	if s.waked.Add(int64(size)) > mostWakes {
		s.waked.Add(int64(-size))
		return noWake, nil
	}
	k := &wake{
		pos: make([]int32, n), in: make([]uint64, words), below: make([]int32, words),
		total: make([]int64, n), start: make([]int32, 1, n+1),
	}
	for i, node := range r.nodes {
		k.pos[i] = c.Pos[node]
	}
	slices.Sort(k.pos)
	for at, pos := range k.pos {
		r.slot[c.Order[pos]] = int32(at)
		k.in[pos>>6] |= 1 << (pos & 63)
	}
	count := 0
	for i, word := range k.in {
		k.below[i] = int32(count)
		count += bits.OnesCount64(word)
	}
	k.nodes = make([]int32, n)
	for at, pos := range k.pos {
		node := c.Order[pos]
		k.nodes[at] = node
		k.column(c, r, s.Holders(node), c.Part[node])
		k.total[at] = s.total(node)
		if part := c.Part[node]; !c.alone(node) && c.Start[part] == pos {
			k.multi = append(k.multi, wakePart{int32(at), part})
		}
	}
	k.order = byNode(k.nodes)
	slices.Sort(k.nodes)
	return k, nil
}

// column adds the stakes in a company of part p.
func (k *wake) column(c *Condensation, r *reach, col matrix.Column, p int32) {
	for e, h := range col.Rows {
		if col.Units[e] > 0 && r.has(h) && c.Part[h] != p {
			k.from = append(k.from, r.slot[h])
			k.units = append(k.units, col.Units[e])
		}
	}
	k.start = append(k.start, int32(len(k.from)))
}

// inflow is what a company outside the wake, or the start of the row, passes to a slot.
type inflow struct {
	slot  int32
	units int64
	value fixed128.Value
}

// wakeRow is a row that goes through a wake. The values of the other companies are in the quick
// row.
type wakeRow struct {
	*wake
	vals   []fixed128.Value // by slot
	inflow []inflow         // by slot
}

// throughWake lists the companies that a row reaches outside the largest wake that it meets. It
// returns nil if it meets none, and then lists all companies that the row reaches, or if it lists
// more than limit. It neither searches nor lists for a row that starts everywhere, and after changes.
func (s *Solver) throughWake(ctx context.Context, c *Condensation, p *plan, w *quick, q *query, limit int) (*wake, error) {
	if q.every || s.base != nil {
		return nil, nil
	}
	var k, larger *wake
	var err error
	visit := func(node int32) {
		at := c.Pos[node]
		if w.has(at) || k != nil && k.has(at) {
			return
		}
		w.mark(at)
		w.list = append(w.list, at)
		if p.inPart(at) && err == nil {
			var other *wake
			if other, err = s.wake(ctx, c, c.Part[node]); other != nil && (k == nil || len(other.pos) > len(k.pos)) {
				larger = other
			}
		}
	}
	list := func() {
		if s.outside(q.from.Node) {
			s.Issuers(q.from.Node, visit)
		} else {
			visit(q.from.Node)
		}
		for i := 0; i < len(w.list) && len(w.list) <= limit && err == nil && larger == nil; i++ {
			s.Issuers(c.Order[w.list[i]], visit)
		}
	}
	// The search leaves out what is in the wake, so it begins anew with a larger one, which need
	// not have all of it.
	for list(); larger != nil && err == nil; list() {
		k, larger = larger, nil
		for _, at := range w.list {
			w.unmark(at)
		}
		w.list = w.list[:0]
	}
	if k == nil || len(w.list) > limit || err != nil {
		return nil, err
	}
	return k, nil
}

// wakeLine rounds the values of a row that goes through a wake, and those of nodes, which are outside
// the wake.
func (s *Solver) wakeLine(ctx context.Context, c *Condensation, w *quick, q *query, l *FixedLine, scale *lineScaler, nodes []int32) (*FixedLine, error) {
	x := &w.through
	q.reserve(l, len(nodes)+len(x.nodes))
	others := func(before int32) (bool, error) {
		for len(nodes) > 0 && nodes[0] < before {
			if ok, err := s.quickTake(ctx, c, w.vals[c.Pos[nodes[0]]], q, l, scale, nodes[0]); !ok || err != nil {
				return false, err
			}
			nodes = nodes[1:]
		}
		return true, nil
	}
	for i, k := range x.nodes {
		if i&0xfff == 0 {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		if len(nodes) > 0 && nodes[0] < k {
			if ok, err := others(k); !ok || err != nil {
				return nil, err
			}
		}
		v := x.vals[x.order[i]]
		if k != q.from.Node {
			if z, ok := scale.round(v); ok {
				l.owners, l.coef = append(l.owners, Owner{Node: k}), append(l.coef, z)
				continue
			}
		}
		if ok, err := s.quickTake(ctx, c, v, q, l, scale, k); !ok || err != nil {
			return nil, err
		}
	}
	if ok, err := others(math.MaxInt32); !ok || err != nil {
		return nil, err
	}
	return l, nil
}

// spread puts the values of the wake among the others.
func (w *quick) spread() {
	if w.through.wake == nil {
		return
	}
	for i, at := range w.through.pos {
		w.vals[at] = w.through.vals[i]
		w.mark(at)
	}
	w.through = wakeRow{}
}

// collect lists what the start of the row and the companies outside the wake pass to it.
func (x *wakeRow) collect(s *Solver, c *Condensation, w *quick, q *query) {
	x.inflow = x.inflow[:0]
	add := func(node int32, units int64, v fixed128.Value) {
		if at := c.Pos[node]; units > 0 && x.has(at) {
			x.inflow = append(x.inflow, inflow{x.slot(at), units, v})
		}
	}
	if s.outside(q.from.Node) {
		s.holdings(q.from.Node, func(k int32, u int64) { add(k, u, fixed128.One) })
	} else {
		add(q.from.Node, w.seed[c.Pos[q.from.Node]], fixed128.One)
	}
	for _, at := range w.list {
		s.holdings(c.Order[at], func(k int32, u int64) { add(k, u, w.vals[at]) })
	}
	slices.SortFunc(x.inflow, func(a, b inflow) int { return int(a.slot) - int(b.slot) })
}

// run computes the values of the wake, holders before issuers, as [Solver.quickRun] does: the
// proof at [quick] holds. It returns false if 100 binary places are not enough.
func (x *wakeRow) run(ctx context.Context, s *Solver, c *Condensation, k *wake, w *quick, q *query) (bool, error) {
	x.wake, x.vals = k, slices.Grow(x.vals[:0], len(k.pos))[:len(k.pos)]
	x.collect(s, c, w, q)
	in, multi := x.inflow, x.multi
	sum := func(at int) (sum fixed128.Sum) {
		lo, hi := x.start[at], x.start[at+1]
		units := x.units[lo:hi]
		for e, h := range x.from[lo:hi] {
			sum.AddMul(x.vals[h], uint64(units[e]))
		}
		for len(in) > 0 && int(in[0].slot) == at {
			sum.AddMul(in[0].value, uint64(in[0].units))
			in = in[1:]
		}
		return sum
	}
	var sums []fixed128.Sum
	for at := 0; at < len(x.pos); {
		if len(multi) > 0 && int(multi[0].slot) == at {
			part := s.part(c, multi[0].number)
			multi, sums = multi[1:], sums[:0]
			for i := range part.nodes {
				sums = append(sums, sum(at+i))
			}
			ok, off, err := s.quickSolve(ctx, q, part, sums, x.vals[at:at+len(sums)])
			if w.off += off; !ok || err != nil || w.off > maxOff {
				return false, err
			}
			at += len(sums)
			continue
		}
		if at&0xfff == 0 {
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
		var ok bool
		if x.vals[at], ok = sum(at).Quo(uint64(x.total[at])); !ok {
			return false, nil
		}
		w.off++
		at++
	}
	return true, nil
}
