package exact

import (
	"context"
	"math/big"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/rounding"
)

// worst returns the error of a value in units of 2^-f, divided by its bound.
func worst(so float64, v *big.Int, f int, want *big.Rat, off float64) float64 {
	x := new(big.Rat).SetInt(new(big.Int).Lsh(one, uint(f)))
	x.Mul(x, want)
	far, _ := x.Sub(x, new(big.Rat).SetInt(v)).Float64()
	return max(so, far/off, -far/off)
}

// RowErrors returns the largest error of a certified row's values as a fraction
// of the bound that the solver has for it: in 128 bits, -1 if they do not fit,
// and in integers of any length.
func (s *Solver) RowErrors(ctx context.Context, from Owner, places int) (quick, long float64, err error) {
	q := &query{from: from, places: places}
	c, err := s.startRow(ctx, q)
	if err != nil || q.empty(s) {
		return -1, 0, err
	}
	r, err := s.reachRow(ctx, c, q)
	if err != nil {
		return 0, 0, err
	}
	defer s.scratch.Put(r)
	want, err := s.rowValues(ctx, c, r, from, false)
	if err != nil {
		return 0, 0, err
	}
	vals, off, err := s.rowBig(ctx, c, r, q, q.bits())
	if err != nil {
		return 0, 0, err
	}
	bound, _ := off.Float64()
	for at, v := range vals {
		long = worst(long, v, q.bits(), want[at].Rat(), bound)
	}
	if places > rounding.ShortPlaces {
		return -1, long, nil
	}
	w, err := s.rowQuick(ctx, c, q)
	if err != nil || w == nil {
		return -1, long, err
	}
	defer s.release(w)
	for at, k := range r.nodes {
		if pos := c.Pos[k]; w.has(pos) || w.through.wake != nil && w.through.has(pos) {
			quick = worst(quick, w.value(pos).Big(), fixed128.Bits, want[at].Rat(), float64(w.off))
		}
	}
	return quick, long, nil
}

// FromWake returns how many of the companies that a row reaches have their values from a wake, and
// how many do not.
func (s *Solver) FromWake(ctx context.Context, from Owner) (in, out int, err error) {
	q := &query{from: from, places: 12}
	c, err := s.startRow(ctx, q)
	if err != nil || q.empty(s) {
		return 0, 0, err
	}
	w, err := s.rowQuick(ctx, c, q)
	if err != nil || w == nil {
		return 0, 0, err
	}
	defer s.release(w)
	if w.through.wake != nil {
		in = len(w.through.pos)
	}
	return in, len(w.list), nil
}

// ColumnErrors is RowErrors for the values of a column, and for the diagonals
// that first-passage ownership divides by.
func (s *Solver) ColumnErrors(ctx context.Context, j int32, places int) (values, diagonals float64, err error) {
	if s.outside(j) {
		return 0, 0, nil
	}
	q := &query{from: Owner{Node: j}, places: places}
	r, c, err := s.reachUp(ctx, j)
	if err != nil {
		return 0, 0, err
	}
	defer s.scratch.Put(r)
	w := &columnRun{s: s, c: c, r: r, j: j, f: q.bits(), enough: q.enough(q.bits())}
	if err := w.run(ctx); err != nil {
		return 0, 0, err
	}
	line, err := s.Column(ctx, j)
	if err != nil {
		return 0, 0, err
	}
	for at, i := range w.nodes {
		want := new(big.Rat).Set(line.Find(Owner{Node: i}))
		if i == j {
			want.Add(want, ratOne)
		}
		if at >= len(r.nodes) {
			values = worst(values, new(big.Int).Rsh(&w.sums[at], w.guard), w.f, want, w.off[at]+1)
			continue
		}
		values = worst(values, w.vals[at], w.f, want, w.offV[at])
		if c.alone(i) {
			continue
		}
		d, err := s.diagonal(ctx, c, i, w.f)
		if err != nil {
			return 0, 0, err
		}
		if want, err = s.Diagonal(ctx, i); err != nil {
			return 0, 0, err
		}
		diagonals = worst(diagonals, d, w.f, want, diagonalError)
	}
	return values, diagonals, nil
}

// QuickColumnErrors is RowErrors for the values of a column in 128 bits. It also reports how many
// nodes had their values from a cone. The error is -1 if the values do not fit.
func (s *Solver) QuickColumnErrors(ctx context.Context, j int32, places int) (largest float64, fromCone int, err error) {
	c, err := s.Condensed(ctx)
	if err != nil {
		return 0, 0, err
	}
	q := &query{from: Owner{Node: j}, places: places}
	w, r := new(quickColumn), s.newReach()
	defer s.scratch.Put(r)
	if ok, err := s.quickValues(ctx, c, r, w, q); !ok || err != nil {
		return -1, 0, err
	}
	line, err := s.Column(ctx, j)
	if err != nil {
		return 0, 0, err
	}
	compare := func(nodes []int32, vals []fixed128.Value, off []float64) {
		for at, i := range nodes {
			want := new(big.Rat).Set(line.Find(Owner{Node: i}))
			if i == j {
				want.Add(want, ratOne)
			}
			largest = worst(largest, vals[at].Big(), fixed128.Bits, want, max(off[at], 0x1p-20))
		}
	}
	compare(w.nodes, w.vals, w.off)
	if w.cone != nil {
		compare(w.cone.nodes, w.coneVals, w.coneOff)
		fromCone = len(w.cone.nodes)
	}
	return largest, fromCone, nil
}

// Errors is RowErrors for the values of an updated row that the updates
// computed. It is -1 if the row was computed from the start.
func (r *Retained) Errors(ctx context.Context) (float64, error) {
	row, err := r.s.Row(ctx, r.q.from)
	if err != nil || r.now == nil {
		return -1, err
	}
	largest := 0.0
	for k, x := range r.now {
		want := new(big.Rat).Set(row.Find(Owner{Node: k}))
		if r.q.from == (Owner{Node: k}) {
			want.Add(want, ratOne)
		}
		if x.live {
			largest = worst(largest, x.v.Big(), fixed128.Bits, want, float64(r.off))
		}
	}
	return largest, nil
}

// KeptRows returns how many rows of V of large parts the solver keeps.
func (s *Solver) KeptRows() (n int) {
	s.parts.Range(func(_, v any) bool {
		if list := v.(*part).rows.list.Load(); list != nil {
			for i := range *list {
				if (*list)[i].Load() != nil {
					n++
				}
			}
		}
		return true
	})
	return n
}
