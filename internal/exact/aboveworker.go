package exact

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"
)

// hit is an owner above the limit, or a company without an answer.
type hit struct {
	low, high uint64
	pos       int32 // of the company
	owner     uint32
	none      bool
}

// aboveWorker finds the owners of the companies of its groups. It writes only what no other
// worker of the same window reads.
type aboveWorker struct {
	*aboveRun
	err    error
	hits   []hit
	buffer []entry // the rows of this window
	made   []int32 // their companies
	unused []int32 // companies whose rows had their last use

	table   ownerTable
	holders []holder // of the company in hand, which are companies
	found   []entry  // scratch
	loop    loopRun
	work    int
}

// holder is a company that has shares of the company in hand.
type holder struct {
	node   int32
	d, off uint64 // its fraction is between d and d+off
}

// run finds the owners of the companies of a window that are given to a worker.
func (w *aboveWorker) run(ctx context.Context, at int, of []uint8, me uint8) error {
	for i := 0; i < len(of); i++ {
		if of[i] != me {
			continue
		}
		k := w.c.order[at+i]
		members := w.c.members(w.c.part[k])
		if len(members) == 1 {
			if err := w.alone(ctx, k); err != nil {
				return err
			}
			continue
		}
		if err := w.together(ctx, members); err != nil {
			return err
		}
		i += len(members) - 1
	}
	return nil
}

// breathe looks at ctx after enough work.
func (w *aboveWorker) breathe(ctx context.Context, work int) error {
	if w.work += work; w.work < 1<<14 {
		return nil
	}
	w.work = 0
	return canceled(ctx)
}

// own returns a row of this window.
func (w *aboveWorker) own(number int32) []entry {
	row := w.buffer[-1-number:]
	return row[:1+row[0].owner]
}

// row returns the row of a company that has not had its last use.
func (w *aboveWorker) row(h int32) []entry {
	if number := w.at[h].row; number > 0 {
		return w.rows.at(number)
	} else {
		return w.own(number)
	}
}

// done counts one use of a row.
func (w *aboveWorker) done(h int32) {
	if atomic.AddInt32(&w.at[h].uses, -1) == 0 {
		w.unused = append(w.unused, h)
	}
}

// held returns the fraction of a column that entry e has: at least d and less than d+off, or
// exactly d.
func (w *aboveRun) held(col column, e int) (d, off uint64) {
	if col.wide != nil {
		return bigShare62(col.wide.Units[e], col.wide.Total)
	}
	return share62(uint64(col.units[e]), uint64(col.total))
}

// alone finds the owners of a company that is in no cycle.
func (w *aboveWorker) alone(ctx context.Context, k int32) error {
	col := w.s.column(k)
	if err := w.breathe(ctx, 1+len(w.table.list)+len(col.rows)); err != nil {
		return err
	}
	if w.onlyOutside(col) {
		w.direct(k, col)
		return nil
	}
	slack, closed := w.gather(k, col, -1)
	if closed {
		w.noAnswer(k)
		return nil
	}
	if slack > 0 && slack >= w.bar.from/4 {
		return w.again(ctx, k)
	}
	return w.conclude(ctx, k, bounds{list: w.table.list, units: w.table.units, slack: slack})
}

// onlyOutside reports whether a column has only outside owners, each once, and no wide
// figures. So it is for most companies of a register.
func (w *aboveWorker) onlyOutside(col column) bool {
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
func (w *aboveWorker) direct(k int32, col column) {
	list, first := w.found[:0], len(w.hits)
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
		above := w.bar.direct(u, total)
		if !above && !holds {
			continue
		}
		low, off := share62(u, total)
		if above {
			w.hit(owner, k, low, low+off)
		}
		if holds {
			list = append(list, entry{owner: owner, low: low, off: uint32(off)})
		}
	}
	w.sortHits(first)
	w.found = list
	w.store(k, list, 0)
}

// gather adds up the owners of company k by its holders, but not those in the given part, or
// -1. It returns the slack of the result, see [entry], and whether a holder has no answer.
func (w *aboveWorker) gather(k int32, col column, part int32) (slack uint64, closed bool) {
	t := &w.table
	t.clear()
	w.holders = w.holders[:0]
	left := uint64(col.total)
	for e, h := range col.rows {
		if !col.held(e) {
			continue
		}
		if col.wide == nil {
			left -= uint64(col.units[e])
		}
		switch {
		case w.c.company(h) && w.c.part[h] == part:
			w.done(h) // the part is solved as one, without rows of its members
		case w.c.company(h):
			d, off := w.held(col, e)
			w.holders = append(w.holders, holder{h, d, off})
		case col.wide != nil:
			low, off := w.held(col, e)
			t.add(uint32(h), low, off)
		default:
			t.direct(uint32(h), uint64(col.units[e]))
		}
	}
	switch {
	case col.wide != nil:
		if leak := col.bigLeak(); leak.Sign() > 0 {
			low, off := bigShare62(leak, col.wide.Total)
			t.add(w.nodes+uint32(k), low, off)
		}
	case left > 0:
		t.direct(w.nodes+uint32(k), left)
	}
	for _, x := range w.holders {
		row := w.row(x.node)
		closed = closed || closedRow(row)
		t.addPart(row[1:], x.d, x.off)
		if row[0].low > 0 {
			slack += mulUp62(x.d+x.off, row[0].low)
		}
		w.done(x.node)
	}
	if col.wide == nil {
		t.settle(uint64(col.total))
	}
	return slack, closed
}

// noAnswer says that a company has no answer, and so all that it holds.
func (w *aboveWorker) noAnswer(k int32) {
	if w.at[k].uses > 0 {
		w.begin(k)
		w.buffer[len(w.buffer)-1].off = 1
	}
	w.hits = append(w.hits, hit{pos: w.c.pos[k], none: true})
}

// hit notes an owner above the limit.
func (w *aboveWorker) hit(owner uint32, k int32, low, high uint64) {
	w.hits = append(w.hits, hit{pos: w.c.pos[k], owner: owner, low: low, high: high})
}

// sortHits sorts the hits of one company by owner. A float has a larger number than a node.
func (w *aboveWorker) sortHits(first int) {
	if len(w.hits) > first+1 {
		slices.SortFunc(w.hits[first:], func(a, b hit) int { return cmp.Compare(a.owner, b.owner) })
	}
}

// bounds is what is known of the owners of a company.
type bounds struct {
	list  []entry
	units []uint64 // of the first entries: if not 0, all that the owner has, in the company's units
	slack uint64   // an owner of whom a share was dropped can have this much more
	last  bool     // there are no better bounds than these
}

// conclude compares the owners of a company with the limit, and keeps its row.
func (w *aboveWorker) conclude(ctx context.Context, k int32, b bounds) error {
	first := len(w.hits)
	for i := range b.list {
		x := &b.list[i]
		high := x.high()
		if high+b.slack < w.bar.from {
			continue
		}
		above, lost := x.low >= w.bar.from, b.slack > 0 && w.lost.has(x.owner)
		if !above && !lost && high < w.bar.from {
			continue
		}
		var err error
		switch {
		case above:
		case !lost && i < len(b.units) && b.units[i] != 0:
			above = w.bar.direct(b.units[i], uint64(w.s.column(k).total))
		case b.last:
			above, err = w.exceeds(ctx, w.owner(x.owner), k)
		default:
			above, err = w.decide(ctx, x.owner, k)
		}
		if err != nil {
			return err
		}
		if above {
			w.hit(x.owner, k, x.low, high+b.slack)
		}
	}
	w.sortHits(first)
	w.store(k, b.list, b.slack)
	return nil
}

// begin makes the head of a row.
func (w *aboveWorker) begin(k int32) {
	w.at[k].row = -1 - int32(len(w.buffer))
	w.buffer = append(w.buffer, entry{})
	w.made = append(w.made, k)
}

// store keeps the row of a company that has stakes, but for small shares.
func (w *aboveWorker) store(k int32, list []entry, slack uint64) {
	if w.at[k].uses == 0 {
		return
	}
	head := len(w.buffer)
	w.begin(k)
	missed := uint64(0)
	for i := range list {
		if x := &list[i]; x.high() >= w.drop {
			w.buffer = append(w.buffer, *x)
		} else {
			missed = max(missed, x.high())
			w.lost.add(x.owner)
		}
	}
	w.buffer[head].low, w.buffer[head].owner = slack+missed, uint32(len(w.buffer)-head-1)
}
