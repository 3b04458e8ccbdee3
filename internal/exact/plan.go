package exact

import (
	"context"

	"github.com/crossholding/crossholding/internal/progress"
)

// plan lists the holdings of companies in topological order, so that a row over a whole
// network reads memory in sequence. A holder is a position in this order. Outside owners
// are left out.
type plan struct {
	start   []int32
	rows    []int32
	units   []int64
	total   []int64  // 0 for a wide column
	outside []int64  // the units that outside owners and the float hold
	multi   []uint64 // one bit each: the company is in a part of two or more

	over map[int32]*planColumn // columns that replace those above, by position
}

type planColumn struct {
	rows           []int32
	units          []int64
	total, outside int64
}

// makePlan lists the matrix's columns by position.
func makePlan(ctx context.Context, s *Solver, c *Condensation) (*plan, error) {
	n := len(c.Order)
	p := &plan{
		start: make([]int32, 1, n+1), total: make([]int64, n), outside: make([]int64, n),
		multi: make([]uint64, n/64+1),
	}
	stage := progress.Start(ctx, "order", n, reportEvery)
	for at, k := range c.Order {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
			stage.At(at)
		}
		p.rows, p.units, p.total[at], p.outside[at] = s.planColumn(c, k, p.rows, p.units)
		p.start = append(p.start, int32(len(p.rows)))
	}
	for _, q := range c.big {
		for at := c.Start[q]; at < c.Start[q+1]; at++ {
			p.multi[at>>6] |= 1 << (at & 63)
		}
	}
	stage.End()
	return p, nil
}

// planColumn appends the stakes of companies in k. It also returns k's total and the units
// that outside owners and the float hold.
func (s *Solver) planColumn(c *Condensation, k int32, rows []int32, units []int64) ([]int32, []int64, int64, int64) {
	col := s.Holders(k)
	if col.Wide != nil {
		return rows, units, 0, 0
	}
	left := col.Total
	for e, h := range col.Rows {
		if u := col.Units[e]; u > 0 && c.Company(h) {
			left -= u
			rows = append(rows, c.Pos[h])
			units = append(units, u)
		}
	}
	return rows, units, col.Total, left
}

// column returns the column at a position.
func (p *plan) column(at int32) (rows []int32, units []int64, total, outside int64) {
	if p.over != nil {
		if x := p.over[at]; x != nil {
			return x.rows, x.units, x.total, x.outside
		}
	}
	lo, hi := p.start[at], p.start[at+1]
	return p.rows[lo:hi], p.units[lo:hi], p.total[at], p.outside[at]
}

func (p *plan) inPart(at int32) bool { return p.multi[at>>6]>>(at&63)&1 != 0 }

// planned returns the plan, which the first call makes.
func (s *Solver) planned(ctx context.Context, c *Condensation) (*plan, error) {
	if p := s.plan.Load(); p != nil {
		return p, nil
	}
	if err := s.planning.enter(ctx); err != nil {
		return nil, err
	}
	defer s.planning.leave()
	if p := s.plan.Load(); p != nil {
		return p, nil
	}
	var p *plan
	var err error
	if s.dirty != nil {
		p, err = s.inheritPlan(ctx, c)
	} else {
		p, err = makePlan(ctx, s, c)
	}
	if err != nil {
		return nil, err
	}
	s.plan.Store(p)
	return p, nil
}
