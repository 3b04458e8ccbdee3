package exact

import (
	"context"
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/fixed128"
	"github.com/crossholding/crossholding/internal/progress"
	"github.com/crossholding/crossholding/internal/rounding"
)

// maxOff is the largest error bound of a quick row after a part of several companies. Twice
// the bound fits in 64 bits, also with one unit for each other company and with the error of
// one more part.
const maxOff = 1 << 62

// quick is a row in 128-bit integers with 100 binary places. A company is given
// by its position in the topological order.
//
// The values are computed one company or part at a time, holders first. At each step off
// bounds the error of every value so far. Proof: let the holders' values have errors of at
// most off.
//
//   - A company that is a part of its own has the sum of its holders' values, each times the
//     holder's stake. The stakes add up to at most 1, so the error is at most off. The
//     division rounds down by less than one unit.
//   - A company j of a larger part has the sum of a(h,i) V(i,j) times the value of h, over
//     the holders h outside the part and the members i that they hold. The weights a(h,i)
//     V(i,j) add up to at most 1, although V(i,j) can be large: their sum is the probability
//     that a walk from j to holders leaves the part to such a holder. So the error is at most
//     off, plus the error of the solution of the part, which quickSolve bounds.
//
// Every value is below 2^120 units. Proof: the row of a company starts in that company's own
// part, where no holder outside the part is live. The part's values are checked. The units
// with which another row starts and the units of live holders add up to at most the total.
// So a value is at most the largest value above it, or 1, by the same weights. Values that
// could be rounded up are checked.
type quick struct {
	vals  []fixed128.Value // V(from, k)
	live  []uint64         // one bit each: the value is above 0
	seed  []int64          // units with which the row starts; all 0 between runs
	nodes []uint64         // live by node, for sorting; all 0 between runs
	list  []int32          // the positions that the row reaches, ascending; unused if all
	all   bool             // the row goes through all positions
	off   uint64           // an upper bound on the error of each value

	through wakeRow // the rest of the row, if it goes through a wake
}

func (w *quick) has(at int32) bool { return w.live[at>>6]>>(at&63)&1 != 0 }

func (w *quick) mark(at int32) { w.live[at>>6] |= 1 << (at & 63) }

func (w *quick) unmark(at int32) { w.live[at>>6] &^= 1 << (at & 63) }

// release clears w and returns its memory to the pool.
func (s *Solver) release(w *quick) {
	if w.all {
		clear(w.live)
	}
	for _, at := range w.list {
		w.live[at>>6] = 0
	}
	w.list, w.all, w.off, w.through.wake = w.list[:0], false, 0, nil
	s.quick.Put(w)
}

// rowQuick computes the values of a row. It returns nil if 100 binary places are not
// enough: for wide columns and for values of 2^20 or more.
func (s *Solver) rowQuick(ctx context.Context, c *Condensation, q *query) (*quick, error) {
	p, err := s.planned(ctx, c)
	if err != nil {
		return nil, err
	}
	w, _ := s.quick.Get().(*quick)
	if w == nil {
		n := len(c.Order)
		w = &quick{
			vals: make([]fixed128.Value, n), live: make([]uint64, n/64+1),
			seed: make([]int64, n), nodes: make([]uint64, s.m.Nodes()/64+1),
		}
	}
	limit := len(w.vals)/64 + 256
	k, err := s.throughWake(ctx, c, p, w, q, limit)
	if err != nil {
		s.release(w)
		return nil, err
	}
	listed := k != nil || len(w.list) > 0 && len(w.list) <= limit
	if !listed && !s.quickDown(c, w, q, limit) {
		for _, at := range w.list {
			w.live[at>>6] = 0
		}
		w.list, w.all = w.list[:0], true
	}
	slices.Sort(w.list)
	s.setSeed(c, w, q, 1)
	ok, err := s.quickRun(ctx, c, p, w, q)
	if ok && err == nil && k != nil {
		ok, err = w.through.run(ctx, s, c, k, w, q)
	}
	s.setSeed(c, w, q, 0)
	if !ok || err != nil {
		s.release(w)
		return nil, err
	}
	return w, nil
}

// value returns the value of the company at a position that the row reaches.
func (w *quick) value(at int32) fixed128.Value {
	if k := w.through.wake; k != nil && k.has(at) {
		return w.through.vals[k.slot(at)]
	}
	return w.vals[at]
}

// quickDown marks and lists the companies that from reaches, beside those listed. It returns false if they are
// more than limit.
func (s *Solver) quickDown(c *Condensation, w *quick, q *query, limit int) bool {
	if q.every {
		return false
	}
	visit := func(k int32) {
		if at := c.Pos[k]; !w.has(at) {
			w.mark(at)
			w.list = append(w.list, at)
		}
	}
	if s.outside(q.from.Node) {
		s.Issuers(q.from.Node, visit)
	} else {
		visit(q.from.Node)
	}
	for i := 0; i < len(w.list); i++ {
		if len(w.list) > limit {
			return false
		}
		s.Issuers(c.Order[w.list[i]], visit)
	}
	return true
}

// setSeed sets the units with which the row starts if times is 1. It clears them if times
// is 0.
func (s *Solver) setSeed(c *Condensation, w *quick, q *query, times int64) {
	switch {
	case q.every:
	case s.outside(q.from.Node):
		s.holdings(q.from.Node, func(k int32, u int64) {
			at := c.Pos[k]
			w.seed[at] = times * (w.seed[at] + u)
		})
	default:
		col := s.Holders(q.from.Node)
		u := col.Total
		if q.from.Float {
			u = col.Leak()
		}
		w.seed[c.Pos[q.from.Node]] = times * u
	}
}

// quickRun computes the values, holders before issuers. It returns false if 100 binary
// places are not enough.
func (s *Solver) quickRun(ctx context.Context, c *Condensation, p *plan, w *quick, q *query) (bool, error) {
	count := len(w.list)
	if w.all {
		count = len(c.Order)
	}
	stage := progress.Start(ctx, "holdings", count, reportEvery)
	for i, work := 0, 0; i < count; {
		at := int32(i)
		if !w.all {
			at = w.list[i]
		}
		if work++; work > 1<<12 {
			work = 0
			if err := canceled(ctx); err != nil {
				return false, err
			}
			stage.At(i)
		}
		if p.inPart(at) {
			part := c.Part[c.Order[at]]
			if ok, err := s.quickPart(ctx, c, p, part, w, q); !ok || err != nil {
				return false, err
			}
			i += len(c.Members(part))
			continue
		}
		i++
		sum, total, any := s.quickSum(c, p, at, at, at+1, w, q)
		if total == 0 && (any || !w.all || q.every || w.touches(s, c, q, c.Order[at])) {
			return false, nil
		}
		if !any {
			continue
		}
		v, ok := sum.Quo(uint64(total))
		if !ok {
			return false, nil
		}
		w.vals[at] = v
		w.mark(at)
		w.off++
	}
	stage.End()
	return true, nil
}

// touches reports whether the row reaches wide company k.
func (w *quick) touches(s *Solver, c *Condensation, q *query, k int32) bool {
	col := s.Holders(k)
	for e, h := range col.Rows {
		if col.Held(e) && (h == q.from.Node || !s.outside(h) && w.has(c.Pos[h])) {
			return true
		}
	}
	return k == q.from.Node
}

// quickSum returns the right-hand side of the company at position at: the value of each
// live holder times its units, plus the seed. It leaves out holders at positions lo to
// hi-1, which are in the same part. any is false if there is nothing to add.
func (s *Solver) quickSum(c *Condensation, p *plan, at, lo, hi int32, w *quick, q *query) (sum fixed128.Sum, total int64, any bool) {
	rows, units, total, outside := p.column(at)
	if s.fewHolders(c, w, at, lo, len(rows)) {
		any = s.quickPick(c, w, at, lo, &sum)
	} else {
		for e, h := range rows {
			if w.live[h>>6]>>(h&63)&1 != 0 && (h < lo || h >= hi) {
				sum.AddMul(w.vals[h], uint64(units[e]))
				any = true
			}
		}
	}
	u := w.seed[at]
	if q.every {
		u = outside
	}
	if u > 0 {
		sum.AddMul(fixed128.One, uint64(u))
		any = true
	}
	return sum, total, any
}

// seekCost is a cost ratio: finding one stake among its holder's stakes takes as long as
// reading seekCost stakes of a column.
const seekCost = 16

// fewHolders reports whether reading the stakes of the listed holders before lo is cheaper
// than reading the column of the company at position at. The company's part begins at lo.
func (s *Solver) fewHolders(c *Condensation, w *quick, at, lo int32, holders int) bool {
	few := holders / seekCost
	return few > 0 && !w.all && (len(w.list) <= few || w.list[few] >= lo)
}

// quickPick does the loop of quickSum over holders instead of over the column.
func (s *Solver) quickPick(c *Condensation, w *quick, at, lo int32, sum *fixed128.Sum) (any bool) {
	k := c.Order[at]
	for _, h := range w.list {
		if h >= lo {
			break
		}
		if !w.has(h) {
			continue
		}
		s.holding(c.Order[h], k, func(u int64) {
			sum.AddMul(w.vals[h], uint64(u))
			any = true
		})
	}
	return any
}

// quickPart computes the values of a part of two companies or more.
func (s *Solver) quickPart(ctx context.Context, c *Condensation, p *plan, number int32, w *quick, q *query) (bool, error) {
	lo, hi := c.Start[number], c.Start[number+1]
	var store [smallPart]fixed128.Sum
	sums := store[:0]
	touched, wide := false, false
	for at := lo; at < hi; at++ {
		sum, total, any := s.quickSum(c, p, at, lo, hi, w, q)
		sums = append(sums, sum)
		touched = touched || any
		wide = wide || total == 0
	}
	switch {
	case wide:
		return false, nil
	case !touched:
		for at := lo; at < hi; at++ {
			w.unmark(at)
		}
		return true, nil
	}
	part := s.part(c, number)
	ok, off, err := s.quickSolve(ctx, q, part, sums, w.vals[lo:hi])
	if !ok || err != nil {
		return false, err
	}
	for at := lo; at < hi; at++ {
		w.mark(at)
	}
	w.off += off
	return w.off <= maxOff, nil
}

// quickSolve solves a part for the right-hand side sums. It returns an upper bound on the
// error that this adds to each value, which is at most 2^41. It returns false if a value
// does not fit.
func (s *Solver) quickSolve(ctx context.Context, of *query, q *part, sums []fixed128.Sum, vals []fixed128.Value) (bool, uint64, error) {
	if len(sums) <= smallPart {
		tab, err := s.table(ctx, q)
		if err != nil {
			return false, 0, err
		}
		if tab.ok {
			off, ok := tab.times(s, q.nodes, sums, vals)
			return ok, off, nil
		}
	} else {
		ok, off, err := s.combine(ctx, of, q, sums, vals)
		if ok || err != nil {
			return ok, off, err
		}
	}
	rhs := make([]*big.Int, len(sums))
	for i, sum := range sums {
		rhs[i] = sum.Big()
	}
	ok, err := s.refineQuick(ctx, of, q, rhs, vals)
	return ok, of.rowError(), err
}

// refineQuick sets vals to the solution of a part for a right-hand side. It returns false if a
// value does not fit.
func (s *Solver) refineQuick(ctx context.Context, of *query, q *part, rhs []*big.Int, vals []fixed128.Value) (bool, error) {
	x, err := s.refine(ctx, q, rhs, fixed128.Bits, true, of.enough(fixed128.Bits))
	if err != nil {
		return false, err
	}
	for i := range vals {
		var ok bool
		if vals[i], ok = fixed128.ValueOf(x[i]); !ok {
			return false, nil
		}
	}
	return true, nil
}

// quickLine rounds the values, in the order of nodes. It returns nil if a coefficient does
// not fit or if too many values stay undecided.
func (s *Solver) quickLine(ctx context.Context, c *Condensation, w *quick, q *query) (*FixedLine, error) {
	l := newLine(q)
	scale := lineScaler{plain: q.shortRounder(w.off)}
	if q.looping(s, c) {
		over := rounding.NewQuotient(q.places, q.mode, w.off, w.value(c.Pos[q.from.Node]))
		scale.over = &over
	}
	if !w.all {
		nodes := make([]int32, len(w.list))
		for i, at := range w.list {
			nodes[i] = c.Order[at]
		}
		slices.Sort(nodes)
		if w.through.wake != nil {
			return s.wakeLine(ctx, c, w, q, l, &scale, nodes)
		}
		q.reserve(l, len(nodes))
		for _, k := range nodes {
			if ok, err := s.quickTake(ctx, c, w.vals[c.Pos[k]], q, l, &scale, k); !ok || err != nil {
				return nil, err
			}
		}
		return l, nil
	}
	count := 0
	for i, word := range w.live {
		count += bits.OnesCount64(word)
		for ; word != 0; word &= word - 1 {
			k := c.Order[i<<6|bits.TrailingZeros64(word)]
			w.nodes[k>>6] |= 1 << (k & 63)
		}
	}
	defer clear(w.nodes)
	q.reserve(l, count)
	stage := progress.Start(ctx, "rounding", count, reportEvery)
	for i, word := range w.nodes {
		if i&0xff == 0xff {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
			stage.At(len(l.coef))
		}
		for ; word != 0; word &= word - 1 {
			k := int32(i<<6 | bits.TrailingZeros64(word))
			if ok, err := s.quickTake(ctx, c, w.vals[c.Pos[k]], q, l, &scale, k); !ok || err != nil {
				return nil, err
			}
		}
	}
	stage.End()
	return l, nil
}

// quickTake rounds v, the value of company k, and adds it to the line.
func (s *Solver) quickTake(ctx context.Context, c *Condensation, v fixed128.Value, q *query, l *FixedLine, scale *lineScaler, k int32) (bool, error) {
	self := !q.every && q.from == Owner{Node: k}
	if self {
		if c.alone(k) {
			return true, nil
		}
		d, ok, err := s.quickRound(ctx, q.diagonal(), &lineScaler{plain: scale.plain}, k, v, false)
		if !ok || err != nil {
			return false, err
		}
		l.Diagonal = Fixed{small: d}
		v = v.LessOne()
	}
	z, ok, err := s.quickRound(ctx, q, scale, k, v, self)
	if !ok || err != nil {
		return false, err
	}
	l.owners = append(l.owners, Owner{Node: k})
	l.coef = append(l.coef, z)
	return true, nil
}

// shortRounder returns a rounder of values with an error of at most off.
func (q *query) shortRounder(off uint64) rounding.Short {
	return rounding.NewShort(q.places, q.mode, off)
}

// lineScaler rounds the values of one line.
type lineScaler struct {
	plain rounding.Short
	over  *rounding.Quotient // of first-passage ownership by a company in a cycle: by the diagonal
	open  int                // how many values the digits did not decide
}

func (l *lineScaler) round(v fixed128.Value) (uint64, bool) {
	if l.over == nil {
		return l.plain.Round(v)
	}
	return l.over.Round(v)
}

// quickRound rounds one value. If its digits do not decide the result, it computes the
// value again with more digits. It returns false if the row must be computed by rowSlow.
func (s *Solver) quickRound(ctx context.Context, q *query, scale *lineScaler, k int32, v fixed128.Value, lessOne bool) (uint64, bool, error) {
	if z, ok := scale.round(v); ok {
		return z, true, nil
	}
	if scale.open++; q.every || scale.open > manyOpen {
		return 0, false, nil
	}
	z, err := s.settle(ctx, q, k, 256, lessOne)
	if err != nil {
		return 0, false, err
	}
	return z.Uint64(), z.IsUint64(), nil
}
