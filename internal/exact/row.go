package exact

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/crossholding/crossholding/internal/rounding"
)

// RowFixed returns [Solver.Row] in decimals of the given places, correctly rounded. It
// reads only companies that from holds, directly or through others. It fails with a
// [SizeError] if it needs a fraction that exceeds the limits: for a value that cannot be
// told from a tie, or for a part of thousands of companies that is so nearly closed that
// floating point does not converge.
func (s *Solver) RowFixed(ctx context.Context, from Owner, places int, mode rounding.Mode) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: from, places: places, mode: mode})
}

// FirstRowFixed returns first-passage ownership: [Solver.RowFixed] divided by the
// diagonal, in decimals that are correctly rounded too.
func (s *Solver) FirstRowFixed(ctx context.Context, from Owner, places int, mode rounding.Mode) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: from, places: places, mode: mode, first: true})
}

// OutsideFixed returns the fraction of every company that all outside owners and floats own
// together. The correct result is 1 for each company, so one solution tests the whole
// network.
func (s *Solver) OutsideFixed(ctx context.Context, places int) (*FixedLine, error) {
	return s.rowFixed(ctx, &query{from: Owner{Node: -1}, every: true, places: places})
}

// RowsFixed returns [Solver.RowFixed] and [Solver.FirstRowFixed] of one owner from one solution.
// The two are the same line if from is in no cycle, and list the same companies otherwise.
//
// The lines use the memory of space, and are valid until its next use. A nil space is an empty one.
func (s *Solver) RowsFixed(ctx context.Context, from Owner, places int, mode rounding.Mode, space *RowSpace) (line, first *FixedLine, err error) {
	q := query{from: from, places: places, mode: mode, space: space}
	once := q
	once.first = true
	lines, err := s.rowLines(ctx, &q, &once)
	if err != nil {
		return nil, nil, err
	}
	return lines[0], lines[1], nil
}

// RowSpace is memory for the lines of [Solver.RowsFixed]. The zero value is empty. It is for one
// goroutine at a time.
type RowSpace struct {
	line, first listed
}

// listed is the memory of one line.
type listed struct {
	owners []Owner
	coef   []uint64
}

// reserve makes room in a line for n figures.
func (q *query) reserve(l *FixedLine, n int) {
	if q.space == nil {
		l.owners, l.coef = make([]Owner, 0, n), make([]uint64, 0, n)
		return
	}
	room := &q.space.line
	if q.first {
		room = &q.space.first
	}
	room.owners, room.coef = slices.Grow(room.owners[:0], n), slices.Grow(room.coef[:0], n)
	l.owners, l.coef = room.owners, room.coef
}

func (s *Solver) rowFixed(ctx context.Context, q *query) (*FixedLine, error) {
	lines, err := s.rowLines(ctx, q)
	if err != nil {
		return nil, err
	}
	return lines[0], nil
}

// rowLines answers questions about one row that differ at most in first.
func (s *Solver) rowLines(ctx context.Context, questions ...*query) ([]*FixedLine, error) {
	q := questions[0]
	c, err := s.startRow(ctx, q)
	if err != nil {
		return nil, err
	}
	lines := make([]*FixedLine, len(questions))
	if q.empty(s) {
		for i, q := range questions {
			lines[i] = newLine(q)
		}
		return lines, nil
	}
	var w *quick
	if q.places <= rounding.ShortPlaces {
		if w, err = s.rowQuick(ctx, c, q); err != nil {
			return nil, err
		}
	}
	if w != nil {
		defer s.release(w)
	}
	for i, q := range questions {
		if i > 0 && !q.looping(s, c) {
			lines[i] = lines[0]
			continue
		}
		if w != nil {
			lines[i], err = s.quickLine(ctx, c, w, q)
		}
		if lines[i] == nil && err == nil {
			lines[i], err = s.rowSlow(ctx, c, q)
		}
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// startRow checks a question about a row.
func (s *Solver) startRow(ctx context.Context, q *query) (*Condensation, error) {
	if err := q.valid(); err != nil {
		return nil, err
	}
	if !q.every {
		if err := s.knownOwner(q.from); err != nil {
			return nil, err
		}
	}
	c, err := s.Condensed(ctx)
	if err == nil {
		err = s.Index(ctx)
	}
	if err != nil {
		return nil, err
	}
	return c, c.ringAt(q)
}

// empty reports whether the row starts from an empty float, or from a node without stakes, as most
// companies of a register are.
func (q *query) empty(s *Solver) bool {
	switch {
	case q.every:
		return false
	case q.from.Float:
		return s.Holders(q.from.Node).BigLeak().Sign() == 0
	}
	x := s.idx.at.Load()
	return x.RowStart[q.from.Node] == x.RowStart[q.from.Node+1] && len(s.added[q.from.Node]) == 0
}

// ringAt returns the error for the closed rings that a row reaches. Nobody outside holds a
// closed ring, so this is the ring in which the row starts, or all if it starts
// everywhere.
func (c *Condensation) ringAt(q *query) error {
	if q.every {
		return c.ringError(c.rings)
	}
	if p := c.Part[q.from.Node]; p >= 0 && slices.Contains(c.rings, p) {
		return c.ringError([]int32{p})
	}
	return nil
}

// manyOpen is the largest number of values of a row that are decided one by one. If more
// are undecided, the row is computed again with more digits.
const manyOpen = 200

// rowSlow computes a row in integers of any length.
func (s *Solver) rowSlow(ctx context.Context, c *Condensation, q *query) (*FixedLine, error) {
	r, err := s.reachRow(ctx, c, q)
	if err != nil {
		return nil, err
	}
	defer s.scratch.Put(r)
	f := q.bits()
	for range attempts - 1 {
		l, err := s.rowAt(ctx, c, r, q, f, manyOpen)
		if l != nil || err != nil {
			return l, err
		}
		f *= 2
	}
	return s.rowAt(ctx, c, r, q, f, len(r.nodes))
}

// rowAt is rowSlow with f binary places. It returns nil if more than limit values stay
// undecided.
func (s *Solver) rowAt(ctx context.Context, c *Condensation, r *reach, q *query, f, limit int) (*FixedLine, error) {
	scale := q.rounder()
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
	var open []int // places in the line
	for at, k := range slices.Sorted(slices.Values(r.nodes)) {
		if at&0xfff == 0xfff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		v := vals[r.slot[k]]
		if !q.every && q.from == (Owner{Node: k}) {
			if c.alone(k) {
				continue
			}
			d := scale.Round(v, off, f)
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
		z := scale.Round(v, far, f)
		if z == nil {
			if open = append(open, l.Len()); len(open) > limit {
				return nil, nil
			}
			z = new(big.Int)
		}
		l.put(Owner{Node: k}, z)
	}
	for _, at := range open {
		o := l.owners[at]
		if q.every {
			return nil, fmt.Errorf("%w: the digits do not prove that all outside owners together own 1 of node %d", ErrSize, o.Node)
		}
		z, err := s.settle(ctx, q, o.Node, 2*f, o == q.from)
		if err != nil {
			return nil, err
		}
		l.set(at, z)
	}
	return l, nil
}

// diagonal returns the question about the diagonal alone.
func (q *query) diagonal() *query {
	d := *q
	d.first = false
	return &d
}

// newLine returns an empty line whose diagonal is 1.
func newLine(q *query) *FixedLine {
	if q.places <= rounding.ShortPlaces {
		return &FixedLine{Places: q.places, Diagonal: Fixed{small: q.shortRounder(0).One()}}
	}
	return &FixedLine{Places: q.places, Diagonal: newFixed(q.rounder().Rat(ratOne))}
}

// alone reports whether company k is a part of its own.
func (c *Condensation) alone(k int32) bool {
	p := c.Part[k]
	return c.Start[p+1]-c.Start[p] == 1
}

// reachRow arranges the companies that a row reaches.
func (s *Solver) reachRow(ctx context.Context, c *Condensation, q *query) (*reach, error) {
	r := s.newReach()
	var err error
	if q.every {
		for _, k := range c.Order {
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
