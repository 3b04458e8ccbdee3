package exact

import (
	"context"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/matrix"
)

// cone is a large part and all that holds it, directly or through others, as flat arrays. Every
// column that reaches the part reads all of the cone, so the cone is listed once.
//
// Nodes have slots: the members of the part, the members of each part above it, issuers before
// holders, and then the outside owners.
type cone struct {
	parts []int32         // the parts, in the order of their slots
	first []int32         // the members of parts[x] have the slots from first[x] to first[x+1]-1
	nodes []int32         // by slot
	order []int32         // the slots in the order of nodes
	slot  map[int32]int32 // of each node
	start []int32         // the entries of the company at slot at are start[at] to start[at+1]-1
	list  coneColumn      // of all companies
	scale []coneScale     // by slot of a company
}

// coneColumn is the stakes in a company that members of its own part do not hold.
type coneColumn struct {
	to    []int32  // the slots of the holders
	units []uint64 // the units that each holds, times 2^scale.shift
}

// coneScale is a company's total, and what nobody in its column holds, multiplied by a power of
// two that brings the total to 64 bits.
type coneScale struct {
	total, leak uint64
	shift       uint8
	inverse     float64 // 1/total
}

// scaleOf returns the scale of a column that is not wide.
func scaleOf(col matrix.Column) coneScale {
	shift := uint8(bits.LeadingZeros64(uint64(col.Total)))
	total := uint64(col.Total) << shift
	return coneScale{total: total, leak: uint64(col.Leak()) << shift, shift: shift, inverse: 1 / float64(total)}
}

// mostCones is the largest number of nodes and stakes in all cones of a matrix.
const mostCones = 1 << 21

// noCone is the cone of a part that has none.
var noCone = new(cone)

// coneView is a cone as a changed matrix has it.
type coneView struct {
	*cone
	over map[int32]changedCone // by slot
}

// changedCone replaces a company of a cone.
type changedCone struct {
	coneColumn
	coneScale
}

// root returns the solver whose matrix no change replaced a column of.
func (s *Solver) root() *Solver {
	for s.base != nil {
		s = s.base
	}
	return s
}

// cone returns the cone of part p, or nil if there is none: if its stakes are too many or too
// large, if it has a closed ring, or if a change gave a company of it other holders. c is the
// condensation of s.
func (s *Solver) cone(ctx context.Context, c *Condensation, p int32) (*coneView, error) {
	if len(c.Members(p)) <= smallPart {
		return nil, nil
	}
	root := s.root()
	old := root.cond.Load()
	if old == nil || &old.Part[0] != &c.Part[0] {
		return nil, nil
	}
	k, err := root.wholeCone(ctx, old, p)
	if err != nil || k == noCone {
		return nil, err
	}
	for _, ring := range c.rings {
		if _, ok := k.slot[c.Members(ring)[0]]; ok {
			return nil, nil
		}
	}
	view := &coneView{cone: k}
	for node, col := range s.over {
		at, ok := k.slot[node]
		if !ok {
			continue
		}
		if col.Wide != nil || !matrix.SameHolders(col, root.Holders(node)) {
			return nil, nil
		}
		x := changedCone{coneScale: scaleOf(col)}
		k.append(c, &x.coneColumn, col, c.Part[node], x.shift)
		if view.over == nil {
			view.over = map[int32]changedCone{}
		}
		view.over[at] = x
	}
	return view, nil
}

// wholeCone returns the cone of part p of a matrix without changes. The first call lists it.
func (s *Solver) wholeCone(ctx context.Context, c *Condensation, p int32) (*cone, error) {
	q := s.part(c, p)
	if k := q.cone.Load(); k != nil {
		return k, nil
	}
	if err := q.gate.enter(ctx); err != nil {
		return nil, err
	}
	defer q.gate.leave()
	if k := q.cone.Load(); k != nil {
		return k, nil
	}
	k, err := s.makeCone(ctx, c, p)
	if err != nil {
		return nil, err
	}
	q.cone.Store(k)
	return k, nil
}

// makeCone lists the cone of part p. It returns noCone if a column is wide or if there is no
// room for the cone.
func (s *Solver) makeCone(ctx context.Context, c *Condensation, p int32) (*cone, error) {
	k := &cone{parts: []int32{p}, slot: map[int32]int32{}}
	seen := map[int32]bool{p: true}
	var outside []int32
	size, room, checked := 0, mostCones-int(s.coned.Load()), 0
	for at := 0; at < len(k.parts); at++ {
		for _, j := range c.Members(k.parts[at]) {
			col := s.Holders(j)
			if size += 1 + len(col.Rows); size > room || col.Wide != nil {
				return noCone, nil
			}
			if size-checked > 1<<14 {
				checked = size
				if err := canceled(ctx); err != nil {
					return nil, err
				}
			}
			for e, h := range col.Rows {
				if col.Units[e] == 0 {
					continue
				}
				if up := c.Part[h]; up >= 0 {
					if !seen[up] {
						seen[up] = true
						k.parts = append(k.parts, up)
					}
				} else if _, ok := k.slot[h]; !ok {
					k.slot[h] = 0
					outside = append(outside, h)
				}
			}
		}
	}
	slices.Sort(k.parts)
	slices.Reverse(k.parts)
	for _, up := range k.parts {
		k.first = append(k.first, int32(len(k.nodes)))
		k.nodes = append(k.nodes, c.Members(up)...)
	}
	companies := len(k.nodes)
	k.first = append(k.first, int32(companies))
	k.nodes = append(k.nodes, outside...)
	if size += len(outside); s.coned.Add(int64(size)) > mostCones {
		s.coned.Add(int64(-size))
		return noCone, nil
	}
	for at, i := range k.nodes {
		k.slot[i] = int32(at)
	}
	k.start, k.scale = make([]int32, 1, companies+1), make([]coneScale, companies)
	for at, j := range k.nodes[:companies] {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				s.coned.Add(int64(-size))
				return nil, err
			}
		}
		col := s.Holders(j)
		k.scale[at] = scaleOf(col)
		k.append(c, &k.list, col, c.Part[j], k.scale[at].shift)
		k.start = append(k.start, int32(len(k.list.to)))
	}
	k.order = byNode(k.nodes)
	return k, nil
}

// append adds the entries of a column to a list, but for those of holders in part p.
func (k *cone) append(c *Condensation, list *coneColumn, col matrix.Column, p int32, shift uint8) {
	for e, h := range col.Rows {
		if col.Units[e] > 0 && c.Part[h] != p {
			list.to = append(list.to, k.slot[h])
			list.units = append(list.units, uint64(col.Units[e])<<shift)
		}
	}
}

// byNode returns the positions of nodes in the order of nodes.
func byNode(nodes []int32) []int32 {
	packed := make([]uint64, len(nodes))
	for at, i := range nodes {
		packed[at] = uint64(i)<<32 | uint64(at)
	}
	slices.Sort(packed)
	order := make([]int32, len(nodes))
	for x, z := range packed {
		order[x] = int32(uint32(z))
	}
	return order
}

// has reports whether node i is in the cone. A nil view has no nodes.
func (k *coneView) has(i int32) bool {
	if k == nil {
		return false
	}
	_, ok := k.slot[i]
	return ok
}

// column returns the stakes in the company at a slot, and its scale.
func (k *coneView) column(at int32) (coneColumn, *coneScale) {
	if k.over != nil {
		if x, ok := k.over[at]; ok {
			return x.coneColumn, &x.coneScale
		}
	}
	lo, hi := k.start[at], k.start[at+1]
	return coneColumn{k.list.to[lo:hi], k.list.units[lo:hi]}, &k.scale[at]
}

// finish finishes the values of a cone, given what companies that are not in it pass to each slot.
// It returns false if a value does not fit.
func (k *coneView) finish(ctx context.Context, s *Solver, c *Condensation, q *query, vals []fixed128.Value, off []float64) (bool, error) {
	for x, p := range k.parts {
		if x&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return false, err
			}
		}
		lo, hi := k.first[x], k.first[x+1]
		if hi-lo > 1 {
			if ok, err := s.columnSolve(ctx, q, s.part(c, p), vals[lo:hi], off[lo:hi]); !ok || err != nil {
				return false, err
			}
		}
		for at := lo; at < hi; at++ {
			col, scale := k.column(at)
			if !col.push(scale, vals, off, at) {
				return false, nil
			}
		}
	}
	return true, nil
}

// push passes the value of the company at a slot to its holders. It returns false if a value
// does not fit.
//
// Proof of the bound: fine is below 2^64/total times the value, by less than 1. The units are
// at most the total, so the product with them, divided by 2^64, falls short by less than 1 for
// this and by less than 1 for its own rounding.
func (l coneColumn) push(scale *coneScale, vals []fixed128.Value, off []float64, at int32) bool {
	v, far := vals[at], off[at]*scale.inverse*upward
	if !v.Fits() {
		return false
	}
	fine := scale.fine(v)
	for e, to := range l.to {
		var x fixed128.Sum
		x.AddMul(fine, l.units[e])
		if !vals[to].Add(fixed128.Value{Hi: x.W2, Lo: x.W1}) {
			return false
		}
		off[to] += float64(l.units[e])*far + 2
	}
	return true
}

// fine returns 2^64/total times v, rounded down. It is below 2^122 for v below 2^120.
func (s *coneScale) fine(v fixed128.Value) fixed128.Value {
	x, _ := fixed128.Sum{W2: v.Hi, W1: v.Lo}.Quo(s.total)
	return x
}
