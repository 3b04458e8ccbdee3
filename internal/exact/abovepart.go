package exact

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
)

// loopRun is the owners of the companies of one part, which hold one another.
//
// Let W(j,k) be the fraction of member k that member j has, b(k) what an owner has of member
// k but through members, and out(k) what all outside the part have of it. The owner's shares
// are y = N·b with N = (I-W')^-1, which has no negative entries. N·out = 1, because all
// owners together own everything. So y(k) <= max b/out for every member: an owner with a
// small b everywhere can be dropped. The same holds for what is left when a solution stops:
// if b - (I-W')·p = r, then y - p = N·r <= max r/out.
type loopRun struct {
	out   []uint64 // of each member, rounded down
	leave []uint64 // of each member: a rest up to this can stay
	slack uint64
	drops uint64
	start []int32 // stake e of member j in another one is start[j] <= e < start[j+1]
	to    []int32
	part  []uint64 // the fraction, rounded down
	off   []uint64 // 1 if it is rounded
	given []entry  // by owner: its b of member at
	found []entry  // by member: its share

	p, r, e []uint64 // of one owner: the solution, the rest, and its error
	waiting []bool
	queue   []int32
	touched []int32
}

// together finds the owners of the companies of a part.
func (w *aboveRun) together(ctx context.Context, members []int32) error {
	l := &w.loop
	closed, wide, err := w.readPart(ctx, members)
	if err != nil {
		return err
	}
	if closed {
		for _, k := range members {
			if err := w.noAnswer(k); err != nil {
				return err
			}
		}
		return nil
	}
	missed, solved := uint64(0), !wide
	if solved {
		if missed, solved, err = w.solvePart(ctx, len(members)); err != nil {
			return err
		}
	}
	if !solved || l.slack+missed > 0 && l.slack+missed >= w.from/4 {
		for _, k := range members {
			if err := w.again(ctx, k); err != nil {
				return err
			}
		}
		return nil
	}
	slices.SortFunc(l.found, func(a, b entry) int { return cmp.Compare(a.at, b.at) })
	rest := l.found
	for i, k := range members {
		n := 0
		for n < len(rest) && rest[n].at == uint32(i) {
			n++
		}
		if err := w.breathe(ctx, n+1); err != nil {
			return err
		}
		if err := w.conclude(ctx, k, bounds{list: rest[:n], slack: l.slack, drops: l.drops, missed: missed}); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// readPart reads the stakes among the members and what owners have of them otherwise. A part
// is closed if nobody outside holds its members, or if a holder has no answer.
func (w *aboveRun) readPart(ctx context.Context, members []int32) (closed, wide bool, err error) {
	l := &w.loop
	p := w.c.part[members[0]]
	first := w.c.start[p]
	in := func(h int32) bool { return w.c.part[h] == p }
	l.out, l.given, l.slack, l.drops = l.out[:0], l.given[:0], 0, 0
	l.readStakes(w, members, first, in)
	outsider, above := false, false
	for i, k := range members {
		slack, drops, bad := w.gather(k, in)
		above = above || bad
		col := w.s.column(k)
		wide = wide || col.wide != nil
		if err := w.breathe(ctx, len(col.rows)+len(w.table.list)); err != nil {
			return false, false, err
		}
		outside := l.outside(w, col, in)
		if col.wide == nil {
			w.table.settle(uint64(col.total))
		}
		l.out = append(l.out, outside)
		outsider = outsider || len(w.table.list) > 0 || slack > 0
		if slack > 0 {
			l.slack = max(l.slack, divUp62(slack, outside))
			l.drops = max(l.drops, scaled(drops, outside))
		}
		for _, x := range w.table.list {
			x.at = uint32(i)
			l.given = append(l.given, x)
		}
	}
	return above || !outsider, wide, nil
}

// scaled returns drops/outside, or the largest number if it does not fit.
func scaled(drops, outside uint64) uint64 {
	if hi, lo := drops>>2, drops<<62; hi < outside {
		q, _ := bits.Div64(hi, lo, outside)
		return q + 1
	}
	return math.MaxUint64 / 2
}

// outside returns the fraction of a column that members do not have, rounded down.
func (l *loopRun) outside(w *aboveRun, col column, in func(int32) bool) uint64 {
	if col.wide != nil {
		return 0
	}
	units := uint64(col.total)
	for e, h := range col.rows {
		if w.c.company(h) && in(h) {
			units -= uint64(col.units[e])
		}
	}
	low, _ := share62(units, uint64(col.total))
	return low
}

// readStakes lists the stakes among the members by holder, and counts them as used.
func (l *loopRun) readStakes(w *aboveRun, members []int32, first int32, in func(int32) bool) {
	n := len(members)
	l.start = append(l.start[:0], make([]int32, n+2)...)
	each := func(do func(j, k int32, d, off uint64)) {
		for i, k := range members {
			col := w.s.column(k)
			if col.wide != nil {
				continue // such a part is not solved here
			}
			for e, h := range col.rows {
				if w.c.company(h) && in(h) && col.held(e) {
					d, off := w.held(col, e)
					do(w.c.pos[h]-first, int32(i), d, off)
				}
			}
		}
	}
	each(func(j, _ int32, _, _ uint64) { l.start[j+2]++ })
	for j := range n {
		l.start[j+2] += l.start[j+1]
	}
	total := int(l.start[n+1])
	l.to = slices.Grow(l.to[:0], total)[:total]
	l.part = slices.Grow(l.part[:0], total)[:total]
	l.off = slices.Grow(l.off[:0], total)[:total]
	each(func(j, k int32, d, off uint64) {
		at := l.start[j+1]
		l.start[j+1]++
		l.to[at], l.part[at], l.off[at] = k, d, off
	})
}

// solvePart finds the shares of each owner in turn. It returns the most that an owner without
// an entry can have but for l.slack. It returns false if that takes too many steps, which is
// so if almost nothing of some members is held outside.
func (w *aboveRun) solvePart(ctx context.Context, n int) (missed uint64, solved bool, err error) {
	l := &w.loop
	l.found = l.found[:0]
	tolerance := w.drop
	if n <= smallPart {
		tolerance = min(tolerance, fineTolerance)
	}
	l.prepare(n, tolerance)
	slices.SortFunc(l.given, func(a, b entry) int { return cmp.Compare(a.owner, b.owner) })
	for from, to := 0, 0; from < len(l.given); from = to {
		most := uint64(0)
		for to = from; to < len(l.given) && l.given[to].owner == l.given[from].owner; to++ {
			x := &l.given[to]
			most = max(most, divUp62(x.low+x.off, l.out[x.at]))
		}
		if most < w.drop {
			missed = max(missed, most)
			w.dropped(l.given[from].owner, most)
			continue
		}
		steps := l.push(l.given[from:to], 1000+40*n)
		if steps < 0 {
			return 0, false, nil
		}
		if err := w.breathe(ctx, steps); err != nil {
			return 0, false, err
		}
		if off := l.collect(l.given[from].owner); off > 0 {
			missed = max(missed, off)
			w.dropped(l.given[from].owner, off)
		}
	}
	return missed, true, nil
}

// prepare makes the vectors of n members, and says how small a rest can stay.
func (l *loopRun) prepare(n int, tolerance uint64) {
	for _, list := range []*[]uint64{&l.p, &l.r, &l.e} {
		*list = slices.Grow((*list)[:0], n)[:n]
		clear(*list)
	}
	l.waiting = slices.Grow(l.waiting[:0], n)[:n]
	clear(l.waiting)
	l.leave = l.leave[:0]
	for _, out := range l.out {
		l.leave = append(l.leave, mulUp62(out, tolerance))
	}
}

// push solves for one owner until the rest is small in each member. It moves the rest of a member to its share, and the part
// that it has of others to theirs. It returns the number of stakes read, or -1 if there are
// more than most steps.
func (l *loopRun) push(given []entry, most int) int {
	for _, x := range given {
		l.receive(int32(x.at), x.low, x.off)
	}
	work := 0
	for at := 0; at < len(l.queue); at++ {
		if at > most {
			l.reset()
			return -1
		}
		j := l.queue[at]
		l.waiting[j] = false
		r := l.r[j]
		l.p[j] += r
		l.r[j] = 0
		for e := l.start[j]; e < l.start[j+1]; e++ {
			low, off := mul62(l.part[e], r)
			l.receive(l.to[e], low, off+l.off[e])
		}
		work += 1 + int(l.start[j+1]-l.start[j])
	}
	l.queue = l.queue[:0]
	return work
}

// receive adds to the rest of a member, and queues it if the rest is large.
func (l *loopRun) receive(k int32, low, off uint64) {
	if low == 0 && off == 0 {
		return
	}
	if l.p[k] == 0 && l.r[k] == 0 && l.e[k] == 0 {
		l.touched = append(l.touched, k)
	}
	l.r[k] += low
	l.e[k] += off
	if !l.waiting[k] && l.r[k] > l.leave[k] {
		l.waiting[k] = true
		l.queue = append(l.queue, k)
	}
}

// collect takes the solution of one owner, and returns how much it can have of members in
// which it has no entry.
func (l *loopRun) collect(owner uint32) uint64 {
	off := uint64(0)
	for _, k := range l.touched {
		if rest := l.r[k] + l.e[k]; rest > 0 {
			off = max(off, divUp62(rest, l.out[k]))
		}
	}
	for _, k := range l.touched {
		if l.p[k] > 0 {
			l.found = append(l.found, entry{low: l.p[k], off: off, owner: owner, at: uint32(k)})
		}
	}
	l.reset()
	return off
}

// reset forgets the owner.
func (l *loopRun) reset() {
	for _, k := range l.touched {
		l.p[k], l.r[k], l.e[k], l.waiting[k] = 0, 0, 0, false
	}
	l.touched, l.queue = l.touched[:0], l.queue[:0]
}
