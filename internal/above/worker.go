package above

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/exact"
)

// hit is an owner above the limit, or a company without an answer.
type hit struct {
	low, high uint64
	company   int32 // of the window
	owner     uint32
	none      bool
}

// worker finds the owners of the companies of its groups. It writes only what no other
// worker of the same window reads.
type worker struct {
	*run
	err    error
	hits   []hit
	buffer []entry // the rows of this window
	made   []int32 // their companies
	unused []unusedRow

	table   ownerTable
	holders []holder // scratch
	found   []entry  // scratch
	loop    loopRun
	work    int
}

// holder is the row of a company that has shares of another: between d and d+off of it.
type holder struct {
	row    []entry
	d, off uint64
}

// find finds the owners of the companies of the window that are given to a worker.
func (w *worker) find(ctx context.Context, me uint8) {
	w.hits, w.buffer, w.made, w.unused = w.hits[:0], w.buffer[:0], w.made[:0], w.unused[:0]
	c, at := w.c, w.window.at
	for p := w.window.part; w.err == nil && int(c.Start[p]) < w.window.end; p++ {
		from, to := int(c.Start[p]), int(c.Start[p+1])
		switch {
		case w.window.of[from-at] != me:
		case to == from+1:
			w.err = w.alone(ctx, from-at, c.Order[from])
		default:
			w.err = w.together(ctx, from-at, c.Order[from:to])
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

// own returns a row of this window.
func (w *worker) own(number int32) []entry {
	row := w.buffer[-1-number:]
	return row[:1+row[0].owner]
}

// done counts one use of a holder's row, which may not exist yet.
func (w *worker) done(x hold, row []entry) {
	if row == nil {
		atomic.AddInt32(&w.uses[x.node], -1)
		return
	}
	if atomic.AddUint32(&row[0].off, ^uint32(0)) == 0 && x.row > 0 {
		w.unused = append(w.unused, unusedRow{x.row, int32(len(row))})
	}
}

// held returns the fraction of a column that entry e has: at least d and less than d+off, or
// exactly d.
func (w *run) held(col exact.Column, e int) (d, off uint64) {
	if col.Wide != nil {
		return bigShare62(col.Wide.Units[e], col.Wide.Total)
	}
	return share62(uint64(col.Units[e]), uint64(col.Total))
}

// alone finds the owners of company i of the window, which is in no cycle.
func (w *worker) alone(ctx context.Context, i int, k int32) error {
	col := w.s.Holders(k)
	if err := w.breathe(ctx, 1+len(w.table.list)+len(col.Rows)); err != nil {
		return err
	}
	if w.window.plain[i] {
		w.direct(i, k, col)
		return nil
	}
	slack, closed := w.gather(i, k, col, -1)
	if closed {
		w.noAnswer(i, k)
		return nil
	}
	if slack > 0 && slack >= w.bar.from/4 {
		return w.again(ctx, i, k)
	}
	return w.conclude(ctx, i, k, bounds{list: w.table.list, units: w.table.units, slack: slack})
}

// direct finds the owners of a company of which outside owners hold everything.
func (w *worker) direct(i int, k int32, col exact.Column) {
	list, first := w.found[:0], len(w.hits)
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
			w.hit(owner, i, low, low+off)
		}
		if holds {
			list = append(list, entry{owner: owner, low: low, off: uint32(off)})
		}
	}
	w.sortHits(first)
	w.found = list
	w.store(k, list, 0)
}

// gather adds up the owners of company i of the window by its holders, but not those in the
// given part, or -1. It returns the slack of the result, see [entry], and whether a holder has
// no answer.
func (w *worker) gather(i int, k int32, col exact.Column, part int32) (slack uint64, closed bool) {
	w.table.clear()
	holds := w.window.holds[w.window.first[i]:w.window.first[i+1]]
	w.gatherOutside(k, col, holds)
	w.holders = w.holders[:0]
	longest := 0
	for _, x := range holds {
		row := w.holderRow(x)
		switch {
		case part >= 0 && w.c.Part[x.node] == part || !col.Held(int(x.entry)):
		case row[0].low == noAnswer:
			closed = true
		default:
			d, off := w.held(col, int(x.entry))
			if row[0].low > 0 {
				slack += mulUp62(d+off, row[0].low)
			}
			if w.holders = append(w.holders, holder{row[1:], d, off}); len(row) > len(w.holders[longest].row) {
				longest = len(w.holders) - 1
			}
		}
		w.done(x, row)
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
func (w *worker) gatherOutside(k int32, col exact.Column, holds []hold) {
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
func (w *worker) gatherWide(k int32, col exact.Column) {
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

// holderRow returns the row of a company, or nil if it does not exist yet.
func (w *worker) holderRow(x hold) []entry {
	if x.row != 0 {
		return w.rows.at(x.row)
	}
	if number := w.row[x.node]; number != 0 {
		return w.own(number)
	}
	return nil
}

// noAnswer says that a company has no answer, and so all that it holds.
func (w *worker) noAnswer(i int, k int32) {
	if w.uses[k] > 0 {
		w.begin(k)
		w.buffer[len(w.buffer)-1].low = noAnswer
	}
	w.hits = append(w.hits, hit{company: int32(i), none: true})
}

// hit notes an owner above the limit.
func (w *worker) hit(owner uint32, i int, low, high uint64) {
	w.hits = append(w.hits, hit{company: int32(i), owner: owner, low: low, high: high})
}

// sortHits sorts the hits of one company by owner. A float has a larger number than a node.
func (w *worker) sortHits(first int) {
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
func (w *worker) conclude(ctx context.Context, i int, k int32, b bounds) error {
	first := len(w.hits)
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
			w.hit(x.owner, i, x.low, high+b.slack)
		}
	}
	w.sortHits(first)
	w.store(k, b.list, b.slack)
	return nil
}

// begin makes the head of a row.
func (w *worker) begin(k int32) {
	w.row[k] = -1 - int32(len(w.buffer))
	w.buffer = append(w.buffer, entry{off: uint32(w.uses[k])})
	w.made = append(w.made, k)
}

// shortRow is the length of a row up to which small shares are kept too.
const shortRow = 32

// store keeps the row of a company that has stakes, but for small shares.
func (w *worker) store(k int32, list []entry, slack uint64) {
	if w.uses[k] == 0 {
		return
	}
	head := len(w.buffer)
	w.begin(k)
	missed := uint64(0)
	for i := range list {
		if x := &list[i]; len(list) <= shortRow || x.high() >= w.drop {
			w.buffer = append(w.buffer, *x)
		} else {
			missed = max(missed, x.high())
			w.lost.add(x.owner)
		}
	}
	w.buffer[head].low, w.buffer[head].owner = slack+missed, uint32(len(w.buffer)-head-1)
}
