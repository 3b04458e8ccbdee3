package exact

import (
	"cmp"
	"context"
	"errors"
	"math/big"
	"math/bits"
	"slices"

	"github.com/crossholding/crossholding/internal/progress"
)

// Above is an outside owner or a float above a limit, or a company without an answer.
type Above struct {
	Owner     Owner
	Company   int32
	Low, High uint64 // the share lies between these, in units of 2^-62
	None      bool   // Company or a company above it is in a closed ring; there is no owner
}

// Above calls yield with each outside owner and each float that has more than limit of a
// company, directly and through others, or with atLeast that much. The companies come in
// topological order, and the owners of one by number, floats last. It ends when yield
// returns false.
//
// It computes one row of owners for each company from the rows of its holders. Shares are
// lower bounds in units of 2^-62, and each has a bound on its error. Shares below a small
// one are dropped; each row has a bound on what any owner without an entry can have. If the
// limit lies within the bounds of a share, the share is computed by itself and compared
// exactly. A row is kept until the last company that needs it.
func (s *Solver) Above(ctx context.Context, limit *big.Rat, atLeast bool, yield func(Above) bool) error {
	c, err := s.condensed(ctx)
	if err != nil {
		return err
	}
	w, err := newAboveRun(ctx, s, c, limit, atLeast)
	if err != nil {
		return err
	}
	w.yield = yield
	stage := progress.Start(ctx, "ultimate owners", len(c.order), reportEvery)
	next := 0
	for at, p := 0, int32(0); at < len(c.order); p++ {
		stage.At(at)
		if at >= next {
			next = w.touch(at)
		}
		members := c.members(p)
		if len(members) == 1 {
			err = w.alone(ctx, members[0])
		} else {
			err = w.together(ctx, members)
		}
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil {
			return err
		}
		at += len(members)
	}
	stage.End()
	return nil
}

// touch reads the first figures of the next companies, and returns where these end. In this
// order the figures of each company are somewhere else in memory. Reading one kind of figure
// for many companies lets the processor fetch them side by side.
func (w *aboveRun) touch(at int) int {
	m := w.s.m
	end := min(at+64, len(w.c.order))
	var first [64]int32
	sum := int64(0)
	for i, k := range w.c.order[at:end] {
		first[i] = m.ColStart[k]
		sum += m.Total[k]
	}
	for i, k := range w.c.order[at:end] {
		sum += int64(w.at[k].uses)
		if e := first[i]; int(e) < len(m.Row) {
			sum += int64(m.Row[e]) + m.Units[e]
		}
	}
	w.sum = sum
	return end
}

// errEnough says that the caller wants no more.
var errEnough = errors.New("exact: no more is wanted")

// ownerRow is the owners of a company.
type ownerRow struct {
	entries []entry
	slack   uint64 // no owner has more than this besides its entry
	drops   uint64 // and no more than drops/dropUnit times the largest share of it that was dropped
	uses    int32  // stakes of the company that are still to be read
	closed  bool   // there is no answer
}

// place says where a company's row is.
type place struct {
	uses int32 // the company's stakes in companies
	row  int32 // 1 + the index of its row, or 0
}

// dropUnit is one drop in [ownerRow]. A share that is dropped reaches companies further down
// at most once for each part of it: drops is 1 where shares were dropped, and more by the
// fractions of those held.
const dropUnit = 1 << 40

// aboveRun is one run of [Solver.Above].
type aboveRun struct {
	s       *Solver
	c       *condensation
	limit   *big.Rat
	num     uint64 // limit = num/den, or den is 0
	den     uint64
	from    uint64 // a share of at least this is above the limit, and one below it is not
	atLeast bool
	drop    uint64 // shares below this are dropped
	nodes   uint32
	yield   func(Above) bool

	// lost has, for each owner, the bits of the largest share that was dropped: it is below
	// 2^lost. The shares of an owner with 0 have no error but that of rounding.
	lost []uint8

	at      []place // of each node
	sum     int64   // what touch has read, so that it is read at all
	rows    []ownerRow
	free    []int32
	table   ownerTable
	list    []entry // scratch of direct
	hits    []Above
	work    int
	loop    loopRun
	fineRun fineRun
}

// newAboveRun counts the uses of each row.
func newAboveRun(ctx context.Context, s *Solver, c *condensation, limit *big.Rat, atLeast bool) (*aboveRun, error) {
	n := s.m.Nodes()
	w := &aboveRun{s: s, c: c, limit: limit, atLeast: atLeast, nodes: uint32(n), lost: make([]uint8, 2*n), at: make([]place, n)}
	w.setLimit()
	for at, k := range c.order {
		if at&0xffff == 0 {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		col := s.column(k)
		for e, h := range col.rows {
			if c.company(h) && col.held(e) {
				w.at[h].uses++
			}
		}
	}
	return w, nil
}

// setLimit prepares the comparison with the limit, and chooses how small a share is dropped.
func (w *aboveRun) setLimit() {
	z := new(big.Int).Lsh(w.limit.Num(), 62)
	z, rest := z.QuoRem(z, w.limit.Denom(), new(big.Int))
	switch {
	case w.limit.Sign() < 0:
		w.from = 0
	case !z.IsUint64() || z.Uint64() > unit62:
		w.from = unit62 + 1
	case w.atLeast && rest.Sign() == 0:
		w.from = z.Uint64()
	default:
		w.from = z.Uint64() + 1
	}
	if w.limit.Sign() >= 0 && w.limit.Num().IsInt64() && w.limit.Denom().IsInt64() {
		w.num, w.den = w.limit.Num().Uint64(), w.limit.Denom().Uint64()
	}
	w.drop = min(w.from, unit62) >> 8
}

// breathe looks at ctx after enough work.
func (w *aboveRun) breathe(ctx context.Context, work int) error {
	if w.work += work; w.work < 1<<14 {
		return nil
	}
	w.work = 0
	return canceled(ctx)
}

// held returns the fraction of a column that entry e has: at least d and less than d+off, or
// exactly d.
func (w *aboveRun) held(col column, e int) (d, off uint64) {
	if col.wide != nil {
		return bigShare62(col.wide.Units[e], col.wide.Total)
	}
	return share62(uint64(col.units[e]), uint64(col.total))
}

// pass returns the row of a company that is held. The caller calls [aboveRun.done] after.
func (w *aboveRun) pass(h int32) *ownerRow { return &w.rows[w.at[h].row-1] }

// done counts one use of a row, and frees it after the last.
func (w *aboveRun) done(h int32) {
	r := w.pass(h)
	if r.uses--; r.uses == 0 {
		w.free = append(w.free, w.at[h].row-1)
		w.at[h].row = 0
	}
}

// keep makes the row of a company, for those that it holds.
func (w *aboveRun) keep(k int32) *ownerRow {
	if len(w.free) == 0 {
		w.rows = append(w.rows, ownerRow{})
		w.free = append(w.free, int32(len(w.rows)-1))
	}
	at := w.free[len(w.free)-1]
	w.free = w.free[:len(w.free)-1]
	r := &w.rows[at]
	*r = ownerRow{entries: r.entries[:0], uses: w.at[k].uses}
	w.at[k].row = at + 1
	return r
}

// alone finds the owners of a company that is in no cycle.
func (w *aboveRun) alone(ctx context.Context, k int32) error {
	col := w.s.column(k)
	if err := w.breathe(ctx, 1+len(w.table.list)+len(col.rows)); err != nil {
		return err
	}
	if w.onlyOutside(col) {
		return w.direct(k, col)
	}
	slack, drops, closed := w.gather(k, nil)
	if closed {
		return w.noAnswer(k)
	}
	if col.wide == nil {
		w.table.settle(uint64(col.total))
	}
	if slack > 0 && slack >= w.from/4 {
		return w.again(ctx, k)
	}
	return w.conclude(ctx, k, bounds{list: w.table.list, units: w.table.units, slack: slack, drops: drops})
}

// onlyOutside reports whether a column has only outside owners, each once, and no wide
// figures. So it is for most companies of a register.
func (w *aboveRun) onlyOutside(col column) bool {
	last := int32(-1)
	for _, h := range col.rows {
		if h <= last || w.c.company(h) {
			return false
		}
		last = h
	}
	return col.wide == nil
}

// direct finds the owners of a company of which outside owners hold everything.
func (w *aboveRun) direct(k int32, col column) error {
	w.hits = w.hits[:0]
	list := w.list[:0]
	total := uint64(col.total)
	left, holds := total, w.at[k].uses > 0
	for e := range len(col.rows) + 1 {
		owner, u := w.nodes+uint32(k), left
		if e < len(col.rows) {
			owner, u = uint32(col.rows[e]), uint64(col.units[e])
			left -= u
		}
		if u == 0 {
			continue
		}
		above := w.compareUnits(u, total)
		if !above && !holds {
			continue
		}
		low, off := share62(u, total)
		if above {
			w.hits = append(w.hits, w.hit(owner, k, low, low+off))
		}
		list = append(list, entry{owner: owner, low: low, off: off})
	}
	if err := w.report(); err != nil {
		return err
	}
	w.list = list
	w.store(k, bounds{list: list})
	return nil
}

// gather adds up the owners of company k by its holders, but not those in the given part. It
// returns the slack and the drops of the result, see [ownerRow], and whether a holder has no
// answer.
func (w *aboveRun) gather(k int32, in func(int32) bool) (slack, drops uint64, closed bool) {
	t := &w.table
	t.clear()
	col := w.s.column(k)
	left := uint64(col.total)
	for e, h := range col.rows {
		if !col.held(e) {
			continue
		}
		if col.wide == nil {
			left -= uint64(col.units[e])
		}
		switch company := w.c.company(h); {
		case company && in != nil && in(h):
			w.at[h].uses-- // the part is solved as one, without rows of its members
		case company:
			r := w.pass(h)
			closed = closed || r.closed
			d, off := w.held(col, e)
			t.addPart(r.entries, d, off)
			if r.slack > 0 {
				slack += mulUp62(d+off, r.slack)
				drops += mulUp62(d+off, r.drops)
			}
			w.done(h)
		case col.wide != nil:
			low, off := w.held(col, e)
			t.add(uint32(h), low, off)
		default:
			t.units[t.of(uint32(h))] += uint64(col.units[e])
		}
	}
	switch {
	case col.wide != nil:
		if leak := col.bigLeak(); leak.Sign() > 0 {
			low, off := bigShare62(leak, col.wide.Total)
			t.add(w.nodes+uint32(k), low, off)
		}
	case left > 0:
		t.units[t.of(w.nodes+uint32(k))] += left
	}
	return slack, drops, closed
}

// noAnswer says that a company has no answer, and so all that it holds.
func (w *aboveRun) noAnswer(k int32) error {
	if w.at[k].uses > 0 {
		w.keep(k).closed = true
	}
	if !w.yield(Above{Company: k, None: true}) {
		return errEnough
	}
	return nil
}

// hit returns an owner as the caller gets it.
func (w *aboveRun) hit(owner uint32, k int32, low, high uint64) Above {
	a := Above{Company: k, Low: low, High: min(high, unit62)}
	if a.Owner.Float = owner >= w.nodes; a.Owner.Float {
		owner -= w.nodes
	}
	a.Owner.Node = int32(owner)
	return a
}

// report yields the owners of one company in order.
func (w *aboveRun) report() error {
	if len(w.hits) > 1 {
		slices.SortFunc(w.hits, func(a, b Above) int {
			if a.Owner.Float != b.Owner.Float {
				if b.Owner.Float {
					return -1
				}
				return 1
			}
			return cmp.Compare(a.Owner.Node, b.Owner.Node)
		})
	}
	for _, a := range w.hits {
		if !w.yield(a) {
			return errEnough
		}
	}
	return nil
}

// bounds is what is known of the owners of a company.
type bounds struct {
	list   []entry
	units  []uint64 // if not nil, and not 0, all that the owner of an entry has, in the company's units
	slack  uint64   // an owner of whom a share was dropped can have this much more,
	drops  uint64   // but no more than by this, see [ownerRow]
	missed uint64   // and this much in place of an entry
	last   bool     // there are no better bounds than these
}

// conclude compares the owners of a company with the limit, and keeps its row.
func (w *aboveRun) conclude(ctx context.Context, k int32, b bounds) error {
	w.hits = w.hits[:0]
	for i := range b.list {
		x := &b.list[i]
		high := x.low + x.off
		if high+b.slack < w.from {
			continue
		}
		if high += w.extra(x.owner, b.slack, b.drops); high < w.from {
			continue
		}
		a := w.hit(x.owner, k, x.low, high)
		above := x.low >= w.from
		var err error
		switch {
		case above:
		case b.units != nil && b.units[i] != 0 && high == x.low+x.off:
			above = w.compareUnits(b.units[i], uint64(w.s.column(k).total))
		case b.last:
			above, err = w.exceeds(ctx, a.Owner, k)
		default:
			above, err = w.decide(ctx, x.owner, k)
		}
		if err != nil {
			return err
		}
		if above {
			w.hits = append(w.hits, a)
		}
	}
	if err := w.report(); err != nil {
		return err
	}
	w.store(k, b)
	return nil
}

// decide reports whether an owner is above the limit, where the bounds of its entry are too
// wide to tell.
func (w *aboveRun) decide(ctx context.Context, owner uint32, k int32) (bool, error) {
	if err := w.s.indexed(ctx); err != nil {
		return false, err
	}
	if owner < w.nodes {
		if y, ok := w.simple(int32(owner), k); ok {
			c := y.Cmp(w.limit)
			return c > 0 || c == 0 && w.atLeast, nil
		}
	}
	x, ok, err := w.fine(ctx, owner, k)
	if err != nil {
		return false, err
	}
	if ok && x.low >= w.from {
		return true, nil
	}
	if ok && x.low+x.off < w.from {
		return false, nil
	}
	return w.exceeds(ctx, w.hit(owner, k, 0, 0).Owner, k)
}

// compareUnits reports whether a direct stake is above the limit.
func (w *aboveRun) compareUnits(u, total uint64) bool {
	var c int
	if w.den != 0 {
		h1, l1 := bits.Mul64(u, w.den)
		h2, l2 := bits.Mul64(total, w.num)
		c = cmp.Or(cmp.Compare(h1, h2), cmp.Compare(l1, l2))
	} else {
		c = big.NewRat(int64(u), int64(total)).Cmp(w.limit)
	}
	return c > 0 || c == 0 && w.atLeast
}

// store keeps the row of a company that has stakes, but for small shares.
func (w *aboveRun) store(k int32, b bounds) {
	if w.at[k].uses == 0 {
		return
	}
	r := w.keep(k)
	missed := b.missed
	for i := range b.list {
		if x := &b.list[i]; x.low+x.off >= w.drop {
			r.entries = append(r.entries, *x)
		} else {
			missed = max(missed, x.low+x.off)
			w.dropped(x.owner, x.low+x.off)
		}
	}
	r.slack, r.drops = b.slack+missed, b.drops
	if missed > 0 {
		r.drops += dropUnit
	}
}

// dropped notes that a share of an owner was dropped.
func (w *aboveRun) dropped(owner uint32, share uint64) {
	w.lost[owner] = max(w.lost[owner], uint8(bits.Len64(share)))
}

// extra returns how much more an owner can have than its entry says.
func (w *aboveRun) extra(owner uint32, slack, drops uint64) uint64 {
	n := w.lost[owner]
	if n == 0 || slack == 0 {
		return 0
	}
	hi, lo := bits.Mul64(drops, 1<<n)
	if hi >= dropUnit {
		return slack
	}
	return min(slack, (hi<<24|lo>>40)+1)
}

// again computes the owners of a company by themselves, where the bounds are too wide, and
// concludes.
func (w *aboveRun) again(ctx context.Context, k int32) error {
	const places, most = 18, 1_000_000_000_000_000_000
	line, err := w.s.ColumnFixed(ctx, k, places, Down)
	if err != nil {
		return err
	}
	w.table.clear()
	for o, z := range line.All() {
		u, ok := z.Uint64()
		if !ok || !o.Float && w.c.company(o.Node) {
			continue
		}
		owner := uint32(o.Node)
		if o.Float {
			owner += w.nodes
		}
		low, _ := share62(u, most)
		w.table.add(owner, low, unit62/most+2)
	}
	return w.conclude(ctx, k, bounds{list: w.table.list, last: true})
}

// exceeds reports whether a share is above the limit, exactly.
func (w *aboveRun) exceeds(ctx context.Context, o Owner, k int32) (bool, error) {
	c, known := 0, false
	for places := 18; !known && places <= MaxPlaces; places *= 3 {
		one := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
		bound, rest := new(big.Int).QuoRem(one.Mul(one, w.limit.Num()), w.limit.Denom(), new(big.Int))
		down, err := w.s.PairFixed(ctx, o, k, places, Down)
		if err != nil {
			return false, err
		}
		if c = down.Cmp(bound); c != 0 {
			known = true
		} else if rest.Sign() == 0 {
			up, err := w.s.PairFixed(ctx, o, k, places, Up)
			if err != nil {
				return false, err
			}
			c, known = up.Cmp(bound), true
		}
	}
	if !known {
		y, err := w.s.Pair(ctx, o, k)
		if err != nil {
			return false, err
		}
		c = y.Cmp(w.limit)
	}
	return c > 0 || c == 0 && w.atLeast, nil
}

// simple returns what an owner has of company k, if it has shares of few companies, directly
// and through others, and none of them is in a cycle. The matrix must be [Solver.indexed].
func (w *aboveRun) simple(owner, k int32) (*big.Rat, bool) {
	const most = 64
	reached := []int32{owner}
	for at := 0; at < len(reached) && len(reached) <= most; at++ {
		w.s.issuers(reached[at], func(j int32) {
			if len(reached) <= most && !slices.Contains(reached, j) {
				reached = append(reached, j)
			}
		})
	}
	if len(reached) > most || slices.ContainsFunc(reached[1:], func(j int32) bool { return len(w.c.members(w.c.part[j])) > 1 }) {
		return nil, false
	}
	slices.SortFunc(reached[1:], func(a, b int32) int { return cmp.Compare(w.c.pos[a], w.c.pos[b]) })
	shares := map[int32]*big.Rat{owner: big.NewRat(1, 1)}
	for _, j := range reached {
		y := shares[j]
		w.s.stakes(j, func(issuer int32, units *big.Int) {
			if units.Sign() > 0 {
				x := new(big.Rat).SetFrac(units, w.s.column(issuer).bigTotal())
				if x.Mul(x, y); shares[issuer] != nil {
					x.Add(x, shares[issuer])
				}
				shares[issuer] = x
			}
		})
	}
	if shares[k] == nil {
		return new(big.Rat), true
	}
	return shares[k], true
}
