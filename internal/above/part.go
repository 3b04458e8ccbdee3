package above

import (
	"cmp"
	"context"
	"slices"

	"github.com/crossholding/crossholding/internal/exact"
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
	start []int32 // stake e of member j in another one is start[j] <= e < start[j+1]
	to    []int32
	part  []uint64      // the fraction, rounded down
	given []memberShare // by owner: its b of member at
	found []memberShare // the shares of the owners who were solved for

	first  []int32 // the shares of member i are sorted[first[i]:first[i+1]]
	sorted []entry

	p, r    []uint64 // of one owner: the solution and the rest
	e       uint64   // the error of any rest
	queue   []int32
	touched []int32
}

// memberShare is what an owner has of a member of a part: between low and low+off.
type memberShare struct {
	low, off uint64
	owner    uint32
	at       uint32 // the member
}

// together finds the owners of the companies of a part, of which the first is company at of
// the window.
func (w *worker) together(ctx context.Context, at int, members []int32) error {
	l := &w.loop
	closed, wide, err := w.readPart(ctx, at, members)
	if err != nil {
		return err
	}
	if closed {
		for i, k := range members {
			w.noAnswer(at+i, k)
		}
		return nil
	}
	solved := !wide
	if solved {
		if solved, err = w.solvePart(ctx, len(members)); err != nil {
			return err
		}
	}
	if !solved || l.slack > 0 && l.slack >= w.bar.from/4 {
		for i, k := range members {
			if err := w.again(ctx, at+i, k); err != nil {
				return err
			}
		}
		return nil
	}
	l.byMember(len(members))
	for i, k := range members {
		list := l.sorted[l.first[i]:l.first[i+1]]
		if err := w.breathe(ctx, len(list)+1); err != nil {
			return err
		}
		if err := w.conclude(ctx, at+i, k, bounds{list: list, slack: l.slack}); err != nil {
			return err
		}
	}
	return nil
}

// byMember lists the shares that were found by member.
func (l *loopRun) byMember(n int) {
	l.first = append(l.first[:0], make([]int32, n+2)...)
	for i := range l.found {
		l.first[l.found[i].at+2]++
	}
	for i := range n {
		l.first[i+2] += l.first[i+1]
	}
	l.sorted = slices.Grow(l.sorted[:0], len(l.found))[:len(l.found)]
	for i := range l.found {
		x := &l.found[i]
		y := entry{owner: x.owner, low: x.low}
		if x.off < anyOff { // a larger one is in the slack
			y.off = uint32(x.off)
		}
		l.sorted[l.first[x.at+1]] = y
		l.first[x.at+1]++
	}
}

// readPart reads the stakes among the members and what owners have of them otherwise. A part
// is closed if nobody outside holds its members, or if a holder has no answer.
func (w *worker) readPart(ctx context.Context, at int, members []int32) (closed, wide bool, err error) {
	l := &w.loop
	p := w.c.Part[members[0]]
	l.out, l.given, l.slack = l.out[:0], l.given[:0], 0
	l.readStakes(w.run, members)
	outsider, above := false, false
	for i, k := range members {
		col := w.s.Holders(k)
		slack, bad := w.gather(at+i, k, col, p)
		above = above || bad
		wide = wide || col.Wide != nil
		if err := w.breathe(ctx, len(col.Rows)+len(w.table.list)); err != nil {
			return false, false, err
		}
		outside := l.outside(w.run, col, p)
		l.out = append(l.out, outside)
		outsider = outsider || len(w.table.list) > 0 || slack > 0
		if slack > 0 {
			l.slack = max(l.slack, divUp62(slack, outside))
		}
		for _, x := range w.table.list {
			l.given = append(l.given, memberShare{low: x.low, off: x.high() - x.low, owner: x.owner, at: uint32(i)})
		}
	}
	return above || !outsider, wide, nil
}

// outside returns the fraction of a column that members do not have, rounded down.
func (l *loopRun) outside(w *run, col exact.Column, part int32) uint64 {
	if col.Wide != nil {
		return 0
	}
	units := uint64(col.Total)
	for e, h := range col.Rows {
		if w.c.Part[h] == part {
			units -= uint64(col.Units[e])
		}
	}
	low, _ := share62(units, uint64(col.Total))
	return low
}

// readStakes lists the stakes among the members by holder.
func (l *loopRun) readStakes(w *run, members []int32) {
	n, p, first := len(members), w.c.Part[members[0]], w.c.Pos[members[0]]
	l.start = append(l.start[:0], make([]int32, n+2)...)
	each := func(do func(j, k int32, d uint64)) {
		for i, k := range members {
			col := w.s.Holders(k)
			if col.Wide != nil {
				continue // such a part is not solved here
			}
			for e, h := range col.Rows {
				if w.c.Part[h] == p && col.Held(e) {
					d, _ := w.held(col, e)
					do(w.c.Pos[h]-first, int32(i), d)
				}
			}
		}
	}
	each(func(j, _ int32, _ uint64) { l.start[j+2]++ })
	for j := range n {
		l.start[j+2] += l.start[j+1]
	}
	total := int(l.start[n+1])
	l.to = slices.Grow(l.to[:0], total)[:total]
	l.part = slices.Grow(l.part[:0], total)[:total]
	each(func(j, k int32, d uint64) {
		at := l.start[j+1]
		l.start[j+1]++
		l.to[at], l.part[at] = k, d
	})
}

// solvePart finds the shares of each owner in turn. It adds to the slack the most that an
// owner has besides its entry. It returns false if that takes too many steps, which is so if
// almost nothing of some members is held outside.
func (w *worker) solvePart(ctx context.Context, n int) (solved bool, err error) {
	l := &w.loop
	l.found = l.found[:0]
	missed := w.leaveSmall()
	tolerance := w.drop
	if n <= smallPart {
		tolerance = min(tolerance, fineTolerance)
	}
	l.prepare(n, tolerance)
	slices.SortFunc(l.given, func(a, b memberShare) int { return cmp.Compare(a.owner, b.owner) })
	for from, to := 0, 0; from < len(l.given); from = to {
		owner := l.given[from].owner
		for to = from; to < len(l.given) && l.given[to].owner == owner; {
			to++
		}
		steps := l.push(l.given[from:to], 1000+40*n)
		if steps < 0 {
			return false, nil
		}
		if err := w.breathe(ctx, steps); err != nil {
			return false, err
		}
		if off := l.collect(owner); off > 0 {
			missed = max(missed, off)
			w.lost.add(owner)
		}
	}
	l.slack += missed
	return true, nil
}

// leaveSmall drops the owners who have little of all members, and returns the most that such
// an owner has of a member.
func (w *worker) leaveSmall() (missed uint64) {
	l := &w.loop
	w.table.clear()
	for i := range l.given {
		if x := &l.given[i]; x.low+x.off >= mulUp62(l.out[x.at], w.drop) {
			w.table.of(x.owner)
		}
	}
	rest := l.given[:0]
	for _, x := range l.given {
		if w.table.has(x.owner) {
			rest = append(rest, x)
			continue
		}
		missed = w.drop
		w.lost.add(x.owner)
	}
	l.given = rest
	return missed
}

// prepare makes the vectors of n members, and says how small a rest can stay.
func (l *loopRun) prepare(n int, tolerance uint64) {
	for _, list := range []*[]uint64{&l.p, &l.r} {
		*list = slices.Grow((*list)[:0], n)[:n]
		clear(*list)
	}
	l.leave = l.leave[:0]
	for _, out := range l.out {
		l.leave = append(l.leave, mulUp62(out, tolerance))
	}
}

// push solves for one owner until the rest is small in each member. It moves the rest of a
// member to its share, and the part that it has of others to theirs. Each time, less than two
// units are lost by rounding, of the fraction and of the product. It returns the number of
// stakes read, or -1 if there are more than most steps.
func (l *loopRun) push(given []memberShare, most int) int {
	for _, x := range given {
		l.receive(int32(x.at), x.low)
		l.e = max(l.e, x.off)
	}
	work := 0
	for at := 0; at < len(l.queue); at++ {
		if at > most {
			l.reset()
			return -1
		}
		j := l.queue[at]
		r := l.r[j]
		l.p[j] += r
		l.r[j] = 0
		from, to := l.start[j], l.start[j+1]
		part := l.part[from:to]
		for e, k := range l.to[from:to] {
			low, _ := mul62(part[e], r)
			l.receive(k, low)
		}
		work += 1 + int(to-from)
	}
	l.e += 2 * uint64(work)
	l.queue = l.queue[:0]
	return work
}

// receive adds to the rest of a member, and queues it if the rest becomes large.
func (l *loopRun) receive(k int32, low uint64) {
	before := l.r[k]
	after := before + low
	l.r[k] = after
	if before == 0 && l.p[k] == 0 {
		l.touched = append(l.touched, k)
	}
	if before <= l.leave[k] && after > l.leave[k] {
		l.queue = append(l.queue, k)
	}
}

// collect takes the solution of one owner, and returns how much it can have of members in
// which it has no entry.
func (l *loopRun) collect(owner uint32) uint64 {
	off := uint64(0)
	for _, k := range l.touched {
		off = max(off, divUp62(l.r[k]+l.e, l.out[k]))
	}
	for _, k := range l.touched {
		if l.p[k] > 0 {
			l.found = append(l.found, memberShare{low: l.p[k], off: off, owner: owner, at: uint32(k)})
			l.p[k] = 0
		}
	}
	l.reset()
	return off
}

// reset forgets the owner.
func (l *loopRun) reset() {
	for _, k := range l.touched {
		l.p[k], l.r[k] = 0, 0
	}
	l.touched, l.queue, l.e = l.touched[:0], l.queue[:0], 0
}
