package above

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/crossholding/crossholding/internal/matrix"
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
	least uint64   // the least of out
	leave []uint64 // of each member: a rest up to this can stay
	small uint64   // leave as a fraction of out
	slack uint64
	start []int32 // stake e of member j in another one is start[j] <= e < start[j+1]
	to    []int32
	part  []uint64      // the fraction, rounded down
	given []memberShare // by owner: its b of member at

	pushers []*pusher
	blocks  []ownerBlock
	next    atomic.Int32 // the first block that nobody has taken

	first  []int32 // the shares of member i are sorted[first[i]:first[i+1]]
	sorted []entry
}

// memberShare is what an owner has of a member of a part: between low and low+off.
type memberShare struct {
	low, off uint64
	owner    uint32
	at       uint32 // the member
}

// together finds the owners of the companies of a part, which are the batch.
func (w *worker) together(ctx context.Context, members []int32) error {
	l := &w.loop
	closed, wide, err := w.readPart(ctx, members)
	if err != nil {
		return err
	}
	if closed {
		for _, k := range members {
			w.noAnswer(k)
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
		for _, k := range members {
			if err := w.again(ctx, k); err != nil {
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
		if err := w.conclude(ctx, k, bounds{list: list, slack: l.slack}); err != nil {
			return err
		}
	}
	return nil
}

// each calls do with the shares that were found, by owner.
func (l *loopRun) each(do func(x *memberShare)) {
	for _, b := range l.blocks {
		for i := range b.by.found[b.first:b.last] {
			do(&b.by.found[b.first+i])
		}
	}
}

// byMember lists the shares that were found by member.
func (l *loopRun) byMember(n int) {
	l.first = append(l.first[:0], make([]int32, n+2)...)
	l.each(func(x *memberShare) { l.first[x.at+2]++ })
	for i := range n {
		l.first[i+2] += l.first[i+1]
	}
	total := int(l.first[n+1])
	l.sorted = slices.Grow(l.sorted[:0], total)[:total]
	l.each(func(x *memberShare) {
		y := entry{owner: x.owner, low: x.low}
		if x.off < anyOff { // a larger one is in the slack
			y.off = uint32(x.off)
		}
		l.sorted[l.first[x.at+1]] = y
		l.first[x.at+1]++
	})
}

// readPart reads the stakes among the members and what owners have of them otherwise. A part
// is closed if nobody outside holds its members, or if a holder has no answer.
func (w *worker) readPart(ctx context.Context, members []int32) (closed, wide bool, err error) {
	l := &w.loop
	p := w.c.Part[members[0]]
	l.out, l.given, l.slack = l.out[:0], l.given[:0], 0
	l.readStakes(w.run, members)
	outsider, above := false, false
	for i, k := range members {
		col := w.cols[i]
		slack, bad := w.gather(i, k, col)
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
func (l *loopRun) outside(w *run, col matrix.Column, part int32) uint64 {
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
	missed := w.leaveSmall()
	tolerance, pushers := w.drop, 1
	if n <= smallPart {
		tolerance = min(tolerance, fineTolerance)
	} else {
		pushers = min(len(w.workers), 1+len(l.given)/ownersOfBlock)
	}
	l.prepare(tolerance, pushers)
	slices.SortFunc(l.given, func(a, b memberShare) int { return cmp.Compare(a.owner, b.owner) })
	l.divide()
	var others sync.WaitGroup
	for _, x := range l.pushers[1:pushers] {
		others.Go(func() { x.work(ctx, w.run) })
	}
	l.pushers[0].work(ctx, w.run)
	others.Wait()
	var all []error
	solved = true
	for _, x := range l.pushers[:pushers] {
		all = append(all, x.err)
		solved = solved && !x.many
		missed = max(missed, x.missed)
	}
	l.slack += missed
	return solved, errors.Join(all...)
}

// divide divides the owners into blocks.
func (l *loopRun) divide() {
	l.next.Store(0)
	l.blocks = l.blocks[:0]
	for from := 0; from < len(l.given); {
		to := min(from+ownersOfBlock, len(l.given))
		for to < len(l.given) && l.given[to].owner == l.given[to-1].owner {
			to++
		}
		l.blocks = append(l.blocks, ownerBlock{from: from, to: to})
		from = to
	}
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
		if w.table.index(x.owner, len(w.table.list)) >= 0 {
			rest = append(rest, x)
			continue
		}
		missed = w.drop
		w.lost.add(x.owner)
	}
	l.given = rest
	return missed
}

// prepare says how small a rest can stay, and makes some pushers.
func (l *loopRun) prepare(tolerance uint64, pushers int) {
	l.leave, l.small, l.least = l.leave[:0], tolerance, unit62
	for _, out := range l.out {
		l.leave = append(l.leave, mulUp62(out, tolerance))
		l.least = min(l.least, out)
	}
	for len(l.pushers) < pushers {
		l.pushers = append(l.pushers, &pusher{l: l})
	}
	for _, x := range l.pushers[:pushers] {
		x.prepare(len(l.out))
	}
}
