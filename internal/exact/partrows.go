package exact

import (
	"context"
	"math"
	"math/big"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/fixed128"
)

// partRows keeps rows of V of a large part. Whatever enters the part at some members is a
// combination of their rows, and nearly all questions about the holders of a register enter it at
// few.
type partRows struct {
	list   atomic.Pointer[[]atomic.Pointer[partRow]] // by member
	credit atomic.Int64                              // solutions that rows would have saved
}

// partRow is a row of V in units of 2^-fixed128.Bits.
type partRow struct {
	vals []fixed128.Value
	off  uint64 // an upper bound on the error of each value
}

// mostRows is the largest number of values in all rows that a solver keeps, 64 MB.
const mostRows = 1 << 22

// fewEntries is a part of the members. What enters at no more than that is combined in a fraction
// of the time of a solution.
const fewEntries = 8

// entry is what enters a part at one member, as a fraction of it.
type entry struct {
	at   int
	held fixed128.Value
}

// entries returns what enters a part, or false if that is at too many members or does not fit.
func (s *Solver) entries(q *part, sums []fixed128.Sum) ([]entry, bool) {
	var out []entry
	for i, sum := range sums {
		if sum == (fixed128.Sum{}) {
			continue
		}
		held, ok := sum.Quo(uint64(s.total(q.nodes[i])))
		if !ok || !held.Fits() || len(out) > len(sums)/fewEntries {
			return nil, false
		}
		out = append(out, entry{i, held})
	}
	return out, true
}

// combine solves a large part for the right-hand side sums from rows of V. It returns an upper
// bound on the error of each value, which is at most 2^41. ok is false if the part has to be
// solved.
//
// Proof of the bound: let h(i) be sum i divided by the total of member i. The exact value of
// member j is the sum of h(i) V(i,j). Write u for one unit. Then held[i] = h(i) - g with 0 <= g <
// u, and the kept row has V(i,j) + d with |d| <= off. So the sum of the products is wrong by at
// most off times the sum of held, plus the sum of u V(i,j) over i. By the proof of type side, the
// column j of V adds up to at most aboveMax/theta. The final shift rounds down by less than one
// unit.
//
// Nothing overflows: held and the rows are below 2^120 units, and there are fewer than 2^12
// products. The results are checked.
func (s *Solver) combine(ctx context.Context, of *query, q *part, sums []fixed128.Sum, vals []fixed128.Value) (ok bool, off uint64, err error) {
	if s.wide(q) {
		return false, 0, nil
	}
	in, ok := s.entries(q, sums)
	if !ok {
		return false, 0, nil
	}
	d, err := s.side(ctx, q, true)
	if err != nil || d.hard {
		return false, 0, err
	}
	rows, err := s.rowsFor(ctx, of, q, in)
	if rows == nil || err != nil {
		return false, 0, err
	}
	var held fixed128.Value
	for x, e := range in {
		off = max(off, rows[x].off)
		if !held.Add(e.held) {
			return false, 0, nil
		}
	}
	column := math.Ceil(d.aboveMax / d.theta * (1 + 0x1p-40))
	if !held.Fits() || column > 0x1p40 {
		return false, 0, nil
	}
	if off = off*held.Whole() + uint64(column) + 1; off > 1<<41 {
		return false, 0, nil
	}
	return combineRows(in, rows, vals), off, nil
}

// combineRows sets vals to the sum of rows, each times what enters there. It returns false if a
// value does not fit.
func combineRows(in []entry, rows []*partRow, vals []fixed128.Value) bool {
	const block = 64 // the sums stay in the nearest cache
	for from := 0; from < len(vals); from += block {
		var sums [block][4]uint64
		to := vals[from:min(from+block, len(vals))]
		for x, e := range in {
			for j, v := range rows[x].vals[from : from+len(to)] {
				fixed128.MulAdd(&sums[j], e.held, v)
			}
		}
		for j := range to {
			if sums[j][3]>>(fixed128.Bits+120-192) != 0 {
				return false
			}
			to[j] = fixed128.Product(&sums[j])
		}
	}
	return true
}

// rowsFor returns the row of V of each member at which something enters. It returns nil if there
// is no room for rows, or if several are missing and too few questions needed such rows so far:
// one solution is as long as one row.
func (s *Solver) rowsFor(ctx context.Context, of *query, q *part, in []entry) ([]*partRow, error) {
	list := q.rows.list.Load()
	if list == nil {
		made := make([]atomic.Pointer[partRow], len(q.nodes))
		q.rows.list.CompareAndSwap(nil, &made)
		list = q.rows.list.Load()
	}
	finest := of.rowError()
	out, missing := make([]*partRow, len(in)), int64(0)
	for x, e := range in {
		if r := (*list)[e.at].Load(); r != nil && r.off <= finest {
			out[x] = r
			continue
		}
		missing++
	}
	if missing > 1 {
		if q.rows.credit.Add(1) < missing {
			return nil, nil
		}
		q.rows.credit.Add(-missing)
	}
	for x, e := range in {
		if out[x] != nil {
			continue
		}
		r, err := s.keepRow(ctx, of, q, &(*list)[e.at], e.at)
		if r == nil || err != nil {
			return nil, err
		}
		out[x] = r
	}
	return out, nil
}

// rowError returns an upper bound on the error of a solution of a part for a quick row.
func (q *query) rowError() uint64 { return uint64(math.Ceil(q.enough(fixed128.Bits))) + refineError }

// keepRow computes the row of V of the member at a position and puts it where it is kept. It
// returns nil if a value does not fit or if there is no room.
func (s *Solver) keepRow(ctx context.Context, of *query, q *part, place *atomic.Pointer[partRow], at int) (*partRow, error) {
	old, n := place.Load(), len(q.nodes)
	if old == nil {
		if q.rowed.Add(int64(n)) > mostRows {
			q.rowed.Add(int64(-n))
			return nil, nil
		}
		defer func() {
			if place.Load() == nil {
				q.rowed.Add(int64(-n))
			}
		}()
	}
	rhs := make([]*big.Int, n)
	rhs[at] = new(big.Int).Lsh(big.NewInt(s.total(q.nodes[at])), fixed128.Bits)
	r := &partRow{vals: make([]fixed128.Value, n), off: of.rowError()}
	if ok, err := s.refineQuick(ctx, of, q, rhs, r.vals); !ok || err != nil {
		return nil, err
	}
	place.CompareAndSwap(old, r)
	return r, nil
}
