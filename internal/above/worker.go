package above

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/matrix"
)

// hit is an owner above the limit, or with noAnswer as low a company without an answer.
type hit struct {
	low, high uint64
	company   int32
	owner     uint32
}

// worker finds the owners of the companies of its chunks. It writes only what no other
// worker of the same window reads.
type worker struct {
	*run
	err   error
	hits  [2][]hit // by turn
	now   []hit    // those of the window that is being done
	place rowPlace

	first []int32 // the companies that hold company i of a batch are holds[first[i]:first[i+1]]
	holds []hold
	cols  []matrix.Column // of each company of a batch
	plain []bool          // of each company of a batch: outside owners have all of it, each once
	sum   uint64          // what was read ahead, so that it is read at all

	table   ownerTable
	holders []holder // scratch
	found   []entry  // scratch
	loop    loopRun

	work int
}

// hold is a stake of a company in a company of a batch.
type hold struct {
	node  int32
	entry int32 // of the column
	row   int32 // the holder's row, or 0 if it is in the same part
}

// holder is the row of a company that has shares of another: between d and d+off of it.
type holder struct {
	row    []entry
	d, off uint64
}

// find finds the owners of some companies of a window.
func (w *worker) find(ctx context.Context, x *window, from, to int) error {
	for at := from; at < to; {
		size := min(batchSize, to-at)
		if !x.alone {
			size = x.size(at)
		}
		batch := w.order[at : at+size]
		w.read(batch)
		at += size
		if !x.alone {
			if err := w.together(ctx, batch); err != nil {
				return err
			}
			continue
		}
		for i, k := range batch {
			if err := w.alone(ctx, i, k); err != nil {
				return err
			}
		}
	}
	return nil
}

// read lists the companies that hold those of a batch. Their rows are anywhere in memory. Reading
// the heads of many, one after the other, lets the processor fetch them side by side.
func (w *worker) read(batch []int32) {
	w.cols, w.plain, w.first, w.holds = w.cols[:0], w.plain[:0], w.first[:0], w.holds[:0]
	for _, k := range batch {
		first, last, plain := int32(len(w.holds)), int32(-1), true
		col := w.s.Holders(k)
		for e, h := range col.Rows {
			plain = plain && h > last
			last = h
			if w.c.Company(h) && col.Held(e) {
				w.holds = append(w.holds, hold{node: h, entry: int32(e)})
			}
		}
		w.cols, w.first = append(w.cols, col), append(w.first, first)
		w.plain = append(w.plain, plain && len(w.holds) == int(first) && col.Wide == nil)
	}
	w.first = append(w.first, int32(len(w.holds)))
	for i := range w.holds {
		w.holds[i].row = w.row[w.holds[i].node]
	}
	for i := range w.holds {
		if row := w.holds[i].row; row != 0 {
			w.sum += w.rows.head(row).low
		}
	}
}

// breathe looks at ctx after enough work.
func (w *worker) breathe(ctx context.Context, work int) error {
	if w.work += work; w.work < 1<<14 {
		return nil
	}
	w.work = 0
	return stopped(ctx)
}

// held returns the fraction of a column that entry e has: at least d and less than d+off, or
// exactly d.
func (w *run) held(col matrix.Column, e int) (d, off uint64) {
	if col.Wide != nil {
		return bigShare62(col.Wide.Units[e], col.Wide.Total)
	}
	return share62(uint64(col.Units[e]), uint64(col.Total))
}

// alone finds the owners of company i of the batch, which is in no cycle.
func (w *worker) alone(ctx context.Context, i int, k int32) error {
	col := w.cols[i]
	if err := w.breathe(ctx, 1+len(w.table.list)+len(col.Rows)); err != nil {
		return err
	}
	if w.plain[i] {
		w.direct(k, col)
		return nil
	}
	slack, closed := w.gather(i, k, col)
	if closed {
		w.noAnswer(k)
		return nil
	}
	if slack > 0 && slack >= w.bar.from/4 {
		return w.again(ctx, k)
	}
	return w.conclude(ctx, k, bounds{list: w.table.list, units: w.table.units, slack: slack})
}

// direct finds the owners of a company of which outside owners hold everything.
func (w *worker) direct(k int32, col matrix.Column) {
	list, first := w.found[:0], len(w.now)
	total := uint64(col.Total)
	left, holds := total, w.uses[k] > 0
	for e := range len(col.Rows) + 1 {
		owner, u := w.nodes+uint32(k), left
		if e < len(col.Rows) {
			owner, u = uint32(col.Rows[e]), uint64(col.Units[e])
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

// gather adds up the owners of company i of the batch by its holders, but not those in the same
// part. It returns the slack of the result, see [entry], and whether a holder has no answer.
func (w *worker) gather(i int, k int32, col matrix.Column) (slack uint64, closed bool) {
	w.table.clear()
	holds := w.holds[w.first[i]:w.first[i+1]]
	w.gatherOutside(k, col, holds)
	w.holders = w.holders[:0]
	longest := 0
	for _, x := range holds {
		if x.row == 0 {
			w.uses[x.node]-- // no other worker reads those of this part
			continue
		}
		row := w.rows.at(x.row)
		if row[0].low == noAnswer {
			closed = true
		} else {
			d, off := w.held(col, int(x.entry))
			if row[0].low > 0 {
				slack += mulUp62(d+off, row[0].low)
			}
			if w.holders = append(w.holders, holder{row[1:], d, off}); len(row) > 1+len(w.holders[longest].row) {
				longest = len(w.holders) - 1
			}
		}
		w.place.used(x.row, row)
	}
	for j, x := range w.holders {
		if j != longest {
			w.table.addPart(x.row, x.d, x.off)
		}
	}
	if len(w.holders) > 0 {
		x := w.holders[longest]
		w.table.addLast(x.row, x.d, x.off)
	}
	if col.Wide == nil {
		w.table.settle(uint64(col.Total))
	}
	return slack, closed
}

// gatherOutside adds up the direct stakes of outside owners in company k, and its float.
func (w *worker) gatherOutside(k int32, col matrix.Column, holds []hold) {
	if col.Wide != nil {
		w.gatherWide(k, col)
		return
	}
	left := uint64(col.Total)
	for e, h := range col.Rows {
		u := uint64(col.Units[e])
		left -= u
		if len(holds) > 0 && int(holds[0].entry) == e {
			holds = holds[1:]
		} else if u > 0 {
			w.table.direct(uint32(h), u)
		}
	}
	if left > 0 {
		w.table.direct(w.nodes+uint32(k), left)
	}
}

// gatherWide does so with wide figures.
func (w *worker) gatherWide(k int32, col matrix.Column) {
	for e, h := range col.Rows {
		if !w.c.Company(h) && col.Held(e) {
			low, off := w.held(col, e)
			w.table.add(uint32(h), low, off)
		}
	}
	if leak := col.BigLeak(); leak.Sign() > 0 {
		low, off := bigShare62(leak, col.Wide.Total)
		w.table.add(w.nodes+uint32(k), low, off)
	}
}

// noAnswer says that a company has no answer, and so all that it holds.
func (w *worker) noAnswer(k int32) {
	if w.uses[k] > 0 {
		row, number := w.rows.place(&w.place, 1)
		row[0] = entry{low: noAnswer, off: uint32(w.uses[k])}
		w.row[k] = number
	}
	w.now = append(w.now, hit{company: k, low: noAnswer})
}

// hit notes an owner above the limit.
func (w *worker) hit(owner uint32, k int32, low, high uint64) {
	w.now = append(w.now, hit{company: k, owner: owner, low: low, high: high})
}

// sortHits sorts the hits of one company by owner. A float has a larger number than a node.
func (w *worker) sortHits(first int) {
	if len(w.now) > first+1 {
		slices.SortFunc(w.now[first:], func(a, b hit) int { return cmp.Compare(a.owner, b.owner) })
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
func (w *worker) conclude(ctx context.Context, k int32, b bounds) error {
	first := len(w.now)
	for j := range b.list {
		x := &b.list[j]
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
		case !lost && j < len(b.units) && b.units[j] != 0:
			above = w.bar.direct(b.units[j], uint64(w.s.Holders(k).Total))
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

// shortRow is the length of a row up to which small shares are kept too.
const shortRow = 32

// store keeps the row of a company that has stakes, but for small shares.
func (w *worker) store(k int32, list []entry, slack uint64) {
	if w.uses[k] == 0 {
		return
	}
	size, missed := len(list), uint64(0)
	if size > shortRow {
		size = 0
		for i := range list {
			if high := list[i].high(); high >= w.drop {
				list[size] = list[i]
				size++
			} else {
				missed = max(missed, high)
				w.lost.add(list[i].owner)
			}
		}
	}
	row, number := w.rows.place(&w.place, 1+size)
	row[0] = entry{low: slack + missed, owner: uint32(size), off: uint32(w.uses[k])}
	copy(row[1:], list[:size])
	w.row[k] = number
}
