package exact

import (
	"context"
	"math/big"
	"slices"
)

// RowFixed returns [Solver.Row] in decimals of the given places, each
// correctly rounded. It touches only what from holds, directly or not. The
// only error that the size of the numbers can cause is a [SizeError], where
// a fraction has to be worked out that outgrows the limits: of a value that
// cannot be told from a tie, or of a part of thousands of companies so nearly
// closed that floats do not converge.
func (s *Solver) RowFixed(ctx context.Context, from Owner, places int, mode Rounding) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: from, places: places, mode: mode})
}

// FirstRowFixed returns first-passage ownership, [Solver.RowFixed] divided by
// the diagonal, in decimals that are correctly rounded likewise.
func (s *Solver) FirstRowFixed(ctx context.Context, from Owner, places int, mode Rounding) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: from, places: places, mode: mode, first: true})
}

// OutsideFixed returns what all outside owners and floats together own of
// every company, which is 1 if nothing went wrong: a test of the
// whole network in one solution.
func (s *Solver) OutsideFixed(ctx context.Context, places int) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: Owner{Node: -1}, every: true, places: places})
}

func (s *Solver) rowFixed(ctx context.Context, q *query) (*FixedLine, error) {
	c, err := s.startRow(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.empty(s) {
		return newLine(q), nil
	}
	if q.places <= quickPlaces {
		w, err := s.rowQuick(ctx, c, q)
		if err != nil {
			return nil, err
		}
		if w != nil {
			defer s.release(w)
			l, err := s.quickLine(ctx, c, w, q)
			if l != nil || err != nil {
				return l, err
			}
		}
	}
	return s.rowSlow(ctx, c, q)
}

// startRow tests a question about a row.
func (s *Solver) startRow(ctx context.Context, q *query) (*condensation, error) {
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
	return c, c.ringAt(q)
}

// empty reports whether the row starts from a float that is empty.
func (q *query) empty(s *Solver) bool {
	return q.from.Float && s.column(q.from.Node).bigLeak().Sign() == 0
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
	var diagonal *big.Int
	if q.looping(s, c) {
		diagonal = new(big.Int).Set(vals[r.slot[q.from.Node]])
	}
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
			d := scale.round(v, off, f)
			if d == nil {
				if d, err = s.settle(ctx, q.diagonal(), k, 2*f, false); err != nil {
					return nil, err
				}
			}
			l.Diagonal = newFixed(d)
			v.Sub(v, unit)
		}
		far := off
		if diagonal != nil {
			far = over(v, diagonal, off, f)
		}
		z := scale.round(v, far, f)
		if z == nil {
			if z, err = s.settleRow(ctx, q, k, 2*f, self); err != nil {
				return nil, err
			}
		}
		l.put(Owner{Node: k}, z)
	}
	return l, nil
}

// diagonal returns the question for the diagonal alone.
func (q *query) diagonal() *query {
	d := *q
	d.first = false
	return &d
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
	return &FixedLine{Places: q.places, Diagonal: newFixed(newScaler(q).rat(ratOne))}
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
